//! What developers own: projects, and the policies that projects set for logins.
//! <https://docs.globus.org/api/auth/developer-guide/#managing_projects>

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::sessions::Session;
use super::state::{AuthState, Identity};

/// A project, which its administrators manage.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Project {
    pub(crate) id: Uuid,
    pub(crate) display_name: String,
    pub(crate) contact_email: String,
    #[serde(default)]
    pub(crate) admin_ids: Vec<Uuid>,
    /// Groups whose active members are administrators.
    #[serde(default)]
    pub(crate) admin_group_ids: Vec<Uuid>,
}

/// What a policy requires of a login.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Policy {
    pub(crate) id: Uuid,
    pub(crate) project_id: Uuid,
    pub(crate) display_name: String,
    pub(crate) description: String,
    /// Whether the session counts, and not only who somebody is.
    #[serde(default)]
    pub(crate) high_assurance: bool,
    #[serde(default)]
    pub(crate) required_mfa: bool,
    /// Seconds within which somebody must have signed in.
    #[serde(default)]
    pub(crate) authentication_assurance_timeout: Option<u64>,
    /// Domains of which an identity must be; `None` admits all.
    #[serde(default)]
    pub(crate) domain_constraints_include: Option<Vec<String>>,
    #[serde(default)]
    pub(crate) domain_constraints_exclude: Option<Vec<String>>,
}

impl Policy {
    /// Whether signing in with an identity can satisfy the policy. Where the session does not count, those linked to it do.
    pub(crate) fn admits(&self, auth: &AuthState, identity: Uuid) -> bool {
        let admitted = |id: &Uuid| auth.identities.get(id).is_some_and(|row| self.has_domain(row));
        if self.high_assurance {
            admitted(&identity)
        } else {
            auth.linked(identity).iter().any(admitted)
        }
    }

    pub(crate) fn is_met(&self, auth: &AuthState, session: &Session, now: Timestamp) -> bool {
        let timeout = self.authentication_assurance_timeout.filter(|_| self.high_assurance);
        let oldest = timeout.and_then(|seconds| {
            let age = SignedDuration::from_secs(i64::try_from(seconds).ok()?);
            now.checked_sub(age).ok()
        });
        session.authentications.iter().any(|(identity, row)| {
            self.admits(auth, *identity)
                && oldest.is_none_or(|oldest| row.time >= oldest)
                && (row.mfa || !self.required_mfa)
        })
    }

    fn has_domain(&self, identity: &Identity) -> bool {
        let domain = identity.domain();
        let among = |list: &Vec<String>| list.iter().any(|pattern| fits(pattern, domain));
        self.domain_constraints_include.as_ref().is_none_or(among)
            && !self.domain_constraints_exclude.as_ref().is_some_and(among)
    }
}

/// Whether a domain is the one of a constraint; `*.example.org` means all below `example.org`.
fn fits(pattern: &str, domain: &str) -> bool {
    match pattern.strip_prefix('*') {
        Some(end) => domain.len() > end.len() && domain.to_ascii_lowercase().ends_with(&end.to_ascii_lowercase()),
        None => pattern.eq_ignore_ascii_case(domain),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constraints_are_domains_or_all_below_one() {
        for (pattern, domain, wanted) in [
            ("example.org", "example.org", true),
            ("example.org", "EXAMPLE.org", true),
            ("example.org", "a.example.org", false),
            ("*.example.org", "a.example.org", true),
            ("*.example.org", "example.org", false),
            ("*.example.org", "evilexample.org", false),
        ] {
            assert_eq!(fits(pattern, domain), wanted, "{pattern} {domain}");
        }
    }
}
