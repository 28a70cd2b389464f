//! Errors of a login: the way back from the login page, and the proof of who logged in.

use std::fmt;

use super::redact;

/// A login came to an end without tokens, or its proof of identity does not hold.
#[derive(Debug, Clone)]
pub struct LoginError {
    kind: LoginErrorKind,
    code: Option<String>,
    message: String,
}

/// What went wrong with a login.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LoginErrorKind {
    /// What came back belongs to another login, or was forged: its `state` is not the one that was sent.
    StateMismatch,
    /// The authorization server refused, for example because the person did not consent.
    Refused,
    /// What came back has no authorization code.
    NoCode,
    /// No server could be started on this machine to wait for what comes back.
    LocalServer,
    /// The tokens came without an ID token.
    IdTokenMissing,
    /// The ID token is not a signed JWT with the claims it must have.
    IdTokenMalformed,
    /// The ID token is signed in a way that is not allowed.
    IdTokenAlgorithm,
    /// No key of the issuer made the signature of the ID token.
    IdTokenSignature,
    /// The ID token is meant for another client.
    IdTokenAudience,
    /// The ID token is of another issuer.
    IdTokenIssuer,
    /// The ID token has expired.
    IdTokenExpired,
    /// The ID token is not valid yet.
    IdTokenNotYetValid,
    /// The ID token belongs to another login: its `nonce` is not the one that was sent.
    IdTokenNonce,
}

impl LoginErrorKind {
    /// The name in serialized errors, for example `state_mismatch`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::StateMismatch => "state_mismatch",
            Self::Refused => "refused",
            Self::NoCode => "no_code",
            Self::LocalServer => "local_server",
            Self::IdTokenMissing => "id_token_missing",
            Self::IdTokenMalformed => "id_token_malformed",
            Self::IdTokenAlgorithm => "id_token_algorithm",
            Self::IdTokenSignature => "id_token_signature",
            Self::IdTokenAudience => "id_token_audience",
            Self::IdTokenIssuer => "id_token_issuer",
            Self::IdTokenExpired => "id_token_expired",
            Self::IdTokenNotYetValid => "id_token_not_yet_valid",
            Self::IdTokenNonce => "id_token_nonce",
        }
    }
}

impl LoginError {
    /// `message` says what is wrong, without any code or token.
    pub fn new(kind: LoginErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            code: None,
            message: message.into(),
        }
    }

    /// The refusal of an authorization server (RFC 6749, section 4.1.2.1).
    pub fn refused(code: &str, description: Option<&str>) -> Self {
        let code = redact::line(code);
        let message = description.map_or_else(
            || format!("the login was refused: {code}"),
            |text| format!("the login was refused: {code}: {}", redact::line(text)),
        );
        Self {
            kind: LoginErrorKind::Refused,
            code: Some(code),
            message,
        }
    }

    /// What went wrong.
    pub const fn kind(&self) -> LoginErrorKind {
        self.kind
    }

    /// The authorization server's own code, for example `access_denied`.
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// What is wrong.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<&str> {
        Some(match self.kind {
            LoginErrorKind::StateMismatch => "start the login again, and finish it in the same browser",
            LoginErrorKind::Refused if self.code() == Some("access_denied") => {
                "start the login again and allow the access on the consent page"
            }
            LoginErrorKind::Refused => "start the login again; if it lasts, check the scopes and the client",
            LoginErrorKind::NoCode => "pass the whole address to which the login page led",
            LoginErrorKind::LocalServer => "choose another port, or none to take one that is free",
            LoginErrorKind::IdTokenMissing => "ask for the scope `openid` when the login starts",
            LoginErrorKind::IdTokenExpired | LoginErrorKind::IdTokenNotYetValid => {
                "check the clock of this machine, or log in again"
            }
            LoginErrorKind::IdTokenAudience => "verify the token with the client that asked for it",
            LoginErrorKind::IdTokenIssuer => "check that both are of the same Globus environment",
            _ => "do not trust this token; log in again",
        })
    }
}

impl fmt::Display for LoginError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for LoginError {}
