//! Who calls: what the environment says.

use secrecy::SecretString;

/// Credentials of the environment.
#[derive(Debug, Default)]
pub(crate) struct Credentials {
    /// `GLOBUS_ACCESS_TOKEN`: a token for one service.
    pub(crate) token: Option<SecretString>,
    /// `GLOBUS_CLIENT_ID`.
    pub(crate) client_id: Option<String>,
    /// `GLOBUS_CLIENT_SECRET`.
    pub(crate) client_secret: Option<SecretString>,
}

impl Credentials {
    pub(crate) fn from_env() -> Self {
        Self::from_lookup(|name| std::env::var(name).ok())
    }

    /// Empty variables count as not set, and white space around values (of a file's last line) is no part of them.
    fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Self {
        let value = |name| {
            lookup(name)
                .map(|value| value.trim().to_owned())
                .filter(|value| !value.is_empty())
        };
        Self {
            token: value("GLOBUS_ACCESS_TOKEN").map(SecretString::from),
            client_id: value("GLOBUS_CLIENT_ID"),
            client_secret: value("GLOBUS_CLIENT_SECRET").map(SecretString::from),
        }
    }

    /// Id and secret of the program, if both are there.
    pub(crate) fn program(&self) -> Option<(&str, &SecretString)> {
        Some((self.client_id.as_deref()?, self.client_secret.as_ref()?))
    }

    /// What to do when a service wants credentials and none were sent.
    pub(crate) fn advice(&self) -> &'static str {
        match (&self.client_id, &self.client_secret) {
            (Some(_), None) => "GLOBUS_CLIENT_ID is set, and GLOBUS_CLIENT_SECRET is missing",
            (None, Some(_)) => "GLOBUS_CLIENT_SECRET is set, and GLOBUS_CLIENT_ID is missing",
            _ => {
                "the request carried no credentials: set GLOBUS_ACCESS_TOKEN, or GLOBUS_CLIENT_ID and \
                 GLOBUS_CLIENT_SECRET"
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_is_not_set() {
        let found = Credentials::from_lookup(|name| match name {
            "GLOBUS_CLIENT_ID" => Some(" id\n".to_owned()),
            "GLOBUS_CLIENT_SECRET" => Some(String::new()),
            _ => None,
        });
        assert_eq!(found.client_id.as_deref(), Some("id"));
        assert!(found.program().is_none() && found.token.is_none());
        assert!(found.advice().contains("GLOBUS_CLIENT_SECRET is missing"));
    }
}
