//! What a run that stands still demands of its person.

use super::Run;
use crate::gare::{GlobusAuthRequirementsError, to_gare};

impl Run {
    /// What the person's login has to fulfil before the run can go on; `None` if that is not what it waits for.
    /// [`UserApp::resume_run`](crate::app::UserApp::resume_run) meets it.
    ///
    /// It stands in the run's details, or in what one of its actions says.
    pub fn auth_requirements(&self) -> Option<GlobusAuthRequirementsError> {
        let details = self.details.as_ref()?;
        let of_run = serde_json::to_value(details).ok().and_then(|details| to_gare(&details));
        of_run.or_else(|| {
            let mut actions = details.action_statuses.iter().flatten();
            actions.find_map(|action| action.details.as_ref().and_then(to_gare))
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn demanded(details: &Value) -> Option<GlobusAuthRequirementsError> {
        let run: Run = serde_json::from_value(json!({"status": "INACTIVE", "details": details})).unwrap();
        run.auth_requirements()
    }

    #[test]
    fn demands_are_found_wherever_they_stand() {
        let consent = json!({"code": "ConsentRequired", "description": "d", "required_scope": "s[t]"});
        let session =
            json!({"code": "AuthorizationParameters", "authorization_parameters": {"session_required_mfa": true}});
        let nested = json!({"code": "Other", "action_statuses": [{"details": {}}, {"details": consent}]});
        for details in [&consent, &nested] {
            let found = demanded(details).unwrap().authorization_parameters;
            assert_eq!(
                found.required_scopes.as_deref(),
                Some(&["s[t]".to_owned()][..]),
                "{details}"
            );
        }
        let found = demanded(&session).unwrap().authorization_parameters;
        assert_eq!(found.session_required_mfa, Some(true));
        assert!(demanded(&json!({"code": "FlowFailed", "description": "d"})).is_none());
        assert!(Run::default().auth_requirements().is_none());
    }
}
