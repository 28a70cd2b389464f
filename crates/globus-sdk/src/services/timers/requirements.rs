//! What a timer that rests demands of its person.

use super::{Timer, TimerInactiveCause};
use crate::gare::{GlobusAuthRequirementsError, to_gare};

impl Timer {
    /// What the person's login has to fulfil before the timer can run again; `None` if it does not rest for that.
    /// [`UserApp::meet_requirements`](crate::app::UserApp::meet_requirements) meets it;
    /// [`resume_job`](super::TimersClient::resume_job) has the timer run again.
    pub fn auth_requirements(&self) -> Option<GlobusAuthRequirementsError> {
        let reason = self.inactive_reason.as_ref()?;
        if reason.cause != Some(TimerInactiveCause::GlobusAuthRequirements) {
            return None;
        }
        to_gare(reason.detail.as_ref()?)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_a_timer_that_lacks_something_demands_it() {
        let detail = json!({"code": "ConsentRequired", "authorization_parameters": {"required_scopes": ["a[b]"]}});
        for (cause, demands) in [("globus_auth_requirements", true), ("user", false)] {
            let timer = json!({"job_id": "j", "inactive_reason": {"cause": cause, "detail": detail}});
            let timer: Timer = serde_json::from_value(timer).unwrap();
            assert_eq!(timer.auth_requirements().is_some(), demands, "{cause}");
        }
    }
}
