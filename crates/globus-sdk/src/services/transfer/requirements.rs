//! What a task that stands still demands of its person.

use super::{Task, TaskStatus};
use crate::gare::{GlobusAuthRequirementsError, GlobusAuthorizationParameters, to_gare};

impl Task {
    /// What the person's login has to fulfil before the task can go on; `None` for a task that does not stand still, or
    /// that somebody paused. [`UserApp::meet_requirements`](crate::app::UserApp::meet_requirements) meets it, and the
    /// service then goes on by itself.
    ///
    /// Where the task does not say what it lacks, it is a fresh login: credentials have ended.
    pub fn auth_requirements(&self) -> Option<GlobusAuthRequirementsError> {
        if self.status != Some(TaskStatus::Inactive) || self.is_paused == Some(true) {
            return None;
        }
        let said = serde_json::to_value(self).ok().and_then(|task| to_gare(&task));
        Some(said.unwrap_or_else(|| {
            let parameters = GlobusAuthorizationParameters::new().with_prompt("login");
            let message = self.nice_status_details.clone();
            let message = message.or_else(|| self.nice_status_short_description.clone());
            let code = self.nice_status.clone();
            GlobusAuthRequirementsError::new(
                code.unwrap_or_else(|| "AuthorizationRequired".to_owned()),
                match message {
                    Some(message) => parameters.with_session_message(message),
                    None => parameters,
                },
            )
        }))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn demanded(task: Value) -> Option<GlobusAuthorizationParameters> {
        let task: Task = serde_json::from_value(task).unwrap();
        task.auth_requirements().map(|found| found.authorization_parameters)
    }

    #[test]
    fn what_a_task_says_counts_and_otherwise_a_fresh_login() {
        let said = demanded(json!({"status": "INACTIVE", "authorization_parameters": {"session_required_mfa": true}}));
        assert_eq!(said.unwrap().session_required_mfa, Some(true));
        let silent =
            demanded(json!({"status": "INACTIVE", "nice_status": "X", "nice_status_details": "ended"})).unwrap();
        assert_eq!(
            (silent.prompt.as_deref(), silent.session_message.as_deref()),
            (Some("login"), Some("ended"))
        );
        for other in [
            json!({"status": "ACTIVE", "authorization_parameters": {"session_required_mfa": true}}),
            json!({"status": "INACTIVE", "is_paused": true}),
        ] {
            assert!(demanded(other).is_none());
        }
    }
}
