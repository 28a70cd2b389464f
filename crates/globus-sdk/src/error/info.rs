//! What an error document asks the caller's login for.

use serde::Serialize;
use serde_json::Value;

use super::shape::{JsonObject, texts};

/// What the service wants before it lets the call through.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ErrorInfo {
    /// The call needs consents that have not been given.
    pub consent_required: Option<ConsentRequired>,
    /// The login session does not meet the service's conditions.
    pub authorization_parameters: Option<AuthorizationParameters>,
}

/// Consents that a call needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ConsentRequired {
    /// Scope strings to log in with, never empty.
    pub required_scopes: Vec<String>,
}

/// Conditions of a login session. A member that is absent or of the wrong type is `None`.
///
/// Source: <https://docs.globus.org/api/transfer/overview/>, <https://flows.globus.org/redoc>.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct AuthorizationParameters {
    /// Message of the service for the person who logs in.
    pub session_message: Option<String>,
    /// Identities (ids or usernames) that have to be in the session.
    pub session_required_identities: Option<Vec<String>>,
    /// Domains, of which one identity of the session has to be.
    pub session_required_single_domain: Option<Vec<String>>,
    /// Ids of the authentication policies to meet.
    pub session_required_policies: Option<Vec<String>>,
    /// Whether a second factor is needed.
    pub session_required_mfa: Option<bool>,
    /// Value of `prompt` for the login page.
    pub prompt: Option<String>,
    /// Scope strings to log in with.
    pub required_scopes: Option<Vec<String>>,
}

impl ErrorInfo {
    /// Reads an error document.
    pub(super) fn read(document: &JsonObject) -> Self {
        Self {
            consent_required: ConsentRequired::read(document),
            authorization_parameters: document
                .get("authorization_parameters")
                .and_then(Value::as_object)
                .map(AuthorizationParameters::read),
        }
    }

    /// Whether the document asks for nothing.
    pub fn is_empty(&self) -> bool {
        self.consent_required.is_none() && self.authorization_parameters.is_none()
    }
}

impl ConsentRequired {
    fn read(document: &JsonObject) -> Option<Self> {
        if document.get("code").and_then(Value::as_str) != Some("ConsentRequired") {
            return None;
        }
        let required_scopes = texts(document.get("required_scopes")).or_else(|| {
            document
                .get("required_scope")?
                .as_str()
                .map(|scope| vec![scope.to_owned()])
        })?;
        (!required_scopes.is_empty()).then_some(Self { required_scopes })
    }
}

impl AuthorizationParameters {
    fn read(document: &JsonObject) -> Self {
        let text = |key: &str| document.get(key).and_then(Value::as_str).map(str::to_owned);
        let list = |key: &str| texts(document.get(key));
        Self {
            session_message: text("session_message"),
            session_required_identities: list("session_required_identities"),
            session_required_single_domain: list("session_required_single_domain"),
            // Transfer and older Auth answers write the policies as one comma-separated text.
            session_required_policies: text("session_required_policies")
                .map(|ids| ids.split(',').map(str::to_owned).collect())
                .or_else(|| list("session_required_policies")),
            session_required_mfa: document.get("session_required_mfa").and_then(Value::as_bool),
            prompt: text("prompt"),
            required_scopes: list("required_scopes"),
        }
    }
}
