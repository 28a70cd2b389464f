//! Logins take turns, and whoever waited for one takes part in how it went.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use tokio::sync::{MutexGuard, OwnedMutexGuard};

use super::core::locked;
use crate::error::{Error, Result};
use crate::gare::GlobusAuthorizationParameters;

/// How many logins are remembered; a request that was on its way during more of them asks once more.
const REMEMBERED: usize = 16;

/// The logins of an app.
#[derive(Debug, Default)]
pub(super) struct Turns {
    gate: tokio::sync::Mutex<()>,
    /// Held while a login is finished, also one whose caller went away.
    finishing: Arc<tokio::sync::Mutex<()>>,
    ended: Mutex<Ended>,
}

#[derive(Debug, Default)]
struct Ended {
    count: u64,
    last: VecDeque<Login>,
}

/// A login that has come to its end.
#[derive(Debug)]
struct Login {
    number: u64,
    demands: Option<GlobusAuthorizationParameters>,
    failure: Option<Error>,
}

/// How many logins there had been when somebody came to need one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ticket(pub(super) u64);

impl Turns {
    /// To be taken before anything is waited for.
    pub(super) fn ticket(&self) -> Ticket {
        Ticket(locked(&self.ended).count)
    }

    /// Waits for one's turn; also answers whether others had theirs since `ticket`, or have had to be waited for.
    pub(super) async fn enter(&self, ticket: Ticket) -> (MutexGuard<'_, ()>, bool) {
        let (gate, waited) = match self.gate.try_lock() {
            Ok(gate) => (gate, false),
            Err(_) => (self.gate.lock().await, true),
        };
        let finished = self.finishing.try_lock().is_err();
        drop(self.finishing.lock().await);
        (gate, waited || finished || self.ticket() != ticket)
    }

    /// To be held while a login is finished.
    pub(super) async fn finishing(&self) -> OwnedMutexGuard<()> {
        self.finishing.clone().lock_owned().await
    }

    /// The failure of a login for the same that ended since `ticket`: nobody is asked again at once.
    pub(super) fn failure(&self, ticket: Ticket, demands: Option<&GlobusAuthorizationParameters>) -> Option<Error> {
        let ended = locked(&self.ended);
        let last = ended.last.iter().rev().find(|login| login.covers(demands))?;
        last.failure.clone().filter(|_| last.number >= ticket.0)
    }

    /// Whether a login has met the demands since `ticket`.
    pub(super) fn is_met(&self, ticket: Ticket, demands: &GlobusAuthorizationParameters) -> bool {
        let ended = locked(&self.ended);
        let mut since = ended.last.iter().filter(|login| login.number >= ticket.0);
        since.any(|login| login.failure.is_none() && login.covers(Some(demands)))
    }

    /// Notes the end of a login.
    pub(super) fn end(&self, demands: Option<&GlobusAuthorizationParameters>, outcome: &Result<()>) {
        let mut ended = locked(&self.ended);
        let login = Login {
            number: ended.count,
            demands: demands.cloned(),
            failure: outcome.as_ref().err().cloned(),
        };
        ended.count += 1;
        if ended.last.len() == REMEMBERED {
            ended.last.pop_front();
        }
        ended.last.push_back(login);
    }
}

impl Login {
    /// Whether this login was for all that is demanded. A message demands nothing.
    fn covers(&self, demands: Option<&GlobusAuthorizationParameters>) -> bool {
        let nothing = GlobusAuthorizationParameters::default();
        let (ours, demands) = (self.demands.as_ref().unwrap_or(&nothing), demands.unwrap_or(&nothing));
        let has = |ours: &Option<Vec<String>>, wanted: &Option<Vec<String>>| {
            let mut wanted = wanted.iter().flatten();
            wanted.all(|one| ours.iter().flatten().any(|known| known == one))
        };
        let domains = &demands.session_required_single_domain;
        has(&ours.session_required_identities, &demands.session_required_identities)
            && has(&ours.session_required_policies, &demands.session_required_policies)
            && has(&ours.required_scopes, &demands.required_scopes)
            // Of several domains one is enough, so that more of them demand less.
            && (domains.is_none() || *domains == ours.session_required_single_domain)
            && (demands.session_required_mfa != Some(true) || ours.session_required_mfa == Some(true))
            && (demands.prompt.is_none() || demands.prompt == ours.prompt)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mfa() -> GlobusAuthorizationParameters {
        GlobusAuthorizationParameters::new().with_session_required_mfa(true)
    }

    fn consent(scopes: &[&str]) -> GlobusAuthorizationParameters {
        GlobusAuthorizationParameters::new().with_required_scopes(scopes.iter().copied())
    }

    #[test]
    fn a_login_serves_those_who_need_no_more_than_it_had() {
        let turns = Turns::default();
        let before = turns.ticket();
        turns.end(Some(&consent(&["a", "b"])), &Ok(()));
        assert!(turns.is_met(before, &consent(&["b"]).with_session_message("hello")));
        assert!(!turns.is_met(before, &consent(&["b", "c"])));
        assert!(!turns.is_met(before, &mfa()));
        assert!(!turns.is_met(turns.ticket(), &consent(&["b"])), "refused after it");
        turns.end(Some(&mfa()), &Ok(()));
        assert!(turns.is_met(before, &mfa()) && turns.is_met(before, &consent(&["a"])));
        let domains =
            |of: &[&str]| GlobusAuthorizationParameters::new().with_session_required_single_domain(of.to_vec());
        turns.end(Some(&domains(&["a", "b"])), &Ok(()));
        assert!(turns.is_met(before, &domains(&["a", "b"])) && !turns.is_met(before, &domains(&["a"])));
    }

    #[test]
    fn a_failure_is_that_of_all_who_waited() {
        let turns = Turns::default();
        let before = turns.ticket();
        turns.end(Some(&mfa()), &Err(Error::usage("no")));
        assert!(turns.failure(before, Some(&mfa())).is_some() && turns.failure(before, None).is_some());
        assert!(
            turns.failure(before, Some(&consent(&["a"]))).is_none(),
            "that is another question"
        );
        assert!(
            turns.failure(turns.ticket(), Some(&mfa())).is_none(),
            "whoever comes later is asked"
        );
        assert!(!turns.is_met(before, &mfa()));
        turns.end(Some(&mfa()), &Ok(()));
        assert!(turns.failure(before, Some(&mfa())).is_none(), "it went well since");
    }
}
