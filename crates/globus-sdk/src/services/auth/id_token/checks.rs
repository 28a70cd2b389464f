//! What is checked of an ID token.

use std::time::Duration;

/// Clocks differ: 5 minutes is what Kerberos allows too.
const LEEWAY: Duration = Duration::from_secs(300);

/// What is checked, besides the signature.
#[derive(Debug, Clone)]
pub(super) struct Checks {
    pub(super) leeway: Duration,
    pub(super) audience: Expected,
    pub(super) issuer: Expected,
    pub(super) nonce: Option<String>,
    pub(super) expiry: bool,
}

/// What a claim has to be.
#[derive(Debug, Clone)]
pub(super) enum Expected {
    /// What the client or the discovery document says.
    Known,
    /// This.
    Only(String),
    /// Anything, or nothing.
    Anything,
}

impl Expected {
    /// The value to compare with; `None` when there is nothing to compare.
    pub(super) fn or<'a>(&'a self, known: &'a str) -> Option<&'a str> {
        match self {
            Self::Known => Some(known),
            Self::Only(value) => Some(value),
            Self::Anything => None,
        }
    }
}

impl Default for Checks {
    fn default() -> Self {
        Self {
            leeway: LEEWAY,
            audience: Expected::Known,
            issuer: Expected::Known,
            nonce: None,
            expiry: true,
        }
    }
}

/// The setters that a decoder and a single decoding share.
macro_rules! setters {
    () => {
        /// How far clocks may differ, for expiry and beginning; 5 minutes unless told otherwise.
        pub const fn leeway(mut self, leeway: std::time::Duration) -> Self {
            self.checks.leeway = leeway;
            self
        }

        /// Whom the token must be meant for, in place of the client's own id.
        pub fn audience(mut self, audience: impl Into<String>) -> Self {
            self.checks.audience = crate::services::auth::id_token::checks::Expected::Only(audience.into());
            self
        }

        /// Accepts tokens that are meant for anybody: whoever gets hold of one of another program can then log in here.
        pub fn any_audience(mut self) -> Self {
            self.checks.audience = crate::services::auth::id_token::checks::Expected::Anything;
            self
        }

        /// Who must have issued the token, in place of the issuer that the discovery document names.
        pub fn issuer(mut self, issuer: impl Into<String>) -> Self {
            self.checks.issuer = crate::services::auth::id_token::checks::Expected::Only(issuer.into());
            self
        }

        /// Does not look at the issuer. The signature is still that of the keys in use.
        pub fn any_issuer(mut self) -> Self {
            self.checks.issuer = crate::services::auth::id_token::checks::Expected::Anything;
            self
        }

        /// Accepts tokens that have expired or have no expiry.
        pub const fn allow_expired(mut self) -> Self {
            self.checks.expiry = false;
            self
        }
    };
}

pub(super) use setters;
