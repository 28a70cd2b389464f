//! What a token's session says of how its person logged in.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::error::{Error, Result};
use crate::services::auth::{Authentication, TokenIntrospection};

/// One authentication of the session, with the identity's user name where it is known.
pub(super) struct Proof<'a> {
    identity: &'a str,
    username: Option<&'a str>,
    authentication: &'a Authentication,
}

/// The authentications of a session that are not older than `max_age`.
pub(super) fn proofs(token: &TokenIntrospection, max_age: Option<Duration>, now: SystemTime) -> Vec<Proof<'_>> {
    let all = token
        .session_info
        .as_ref()
        .and_then(|info| info.authentications.as_ref());
    let fresh = |proof: &Proof<'_>| max_age.is_none_or(|age| proof.is_younger(age, now));
    all.into_iter()
        .flatten()
        .map(|(identity, authentication)| Proof {
            username: username(token, identity),
            identity,
            authentication,
        })
        .filter(fresh)
        .collect()
}

/// Whether the session meets all of the policies, as Auth says. A policy of which it says nothing is one that it does not
/// know, or that the service may not use: no login would help.
pub(super) fn evaluated(token: &TokenIntrospection, policies: &[String]) -> Result<bool> {
    let known = token.policy_evaluations.as_ref();
    let mut all = true;
    for id in policies {
        let found = known.and_then(|known| known.get(id)?.evaluation);
        all &= found.ok_or_else(|| Error::usage(format!("auth did not evaluate the policy {id}; does it exist?")))?;
    }
    Ok(all)
}

fn username<'a>(token: &'a TokenIntrospection, identity: &str) -> Option<&'a str> {
    let rows = token.identity_set_detail.iter().flatten();
    let linked = rows
        .filter(|row| row.sub.as_ref().is_some_and(|sub| sub.as_str() == identity))
        .find_map(|row| row.username.as_deref());
    let own = token.sub.as_ref().is_some_and(|sub| sub.as_str() == identity);
    linked.or_else(|| token.username.as_deref().filter(|_| own))
}

impl Proof<'_> {
    /// Whether it is of the identity of that id or user name.
    pub(super) fn is_of(&self, identity: &str) -> bool {
        let named = |name: &str| name.eq_ignore_ascii_case(identity);
        named(self.identity) || self.username.is_some_and(named)
    }

    pub(super) fn is_of_domain(&self, domain: &str) -> bool {
        let own = self.username.and_then(|name| name.rsplit_once('@'));
        own.is_some_and(|(_, own)| own.eq_ignore_ascii_case(domain))
    }

    /// With a second factor (RFC 8176: `mfa`).
    pub(super) fn has_mfa(&self) -> bool {
        self.authentication.amr.iter().flatten().any(|means| means == "mfa")
    }

    /// One without a time counts as old.
    fn is_younger(&self, age: Duration, now: SystemTime) -> bool {
        let seconds = self.authentication.auth_time.and_then(|time| u64::try_from(time).ok());
        let end = seconds.and_then(|seconds| UNIX_EPOCH.checked_add(Duration::from_secs(seconds).checked_add(age)?));
        end.is_some_and(|end| now < end)
    }
}
