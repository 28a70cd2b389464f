//! [`Refusal`]: the answer to a request that may not go on.

use std::fmt;
use std::fmt::Write as _;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};
use serde_json::{Value, json};

use crate::error::Error;
use crate::gare::{GlobusAuthRequirementsError, GlobusAuthorizationParameters};

const CONSENT_REQUIRED: &str = "ConsentRequired";

/// Why a request may not go on, as the answer that says so.
///
/// The body is a JSON document with `code` and `message` and, where another login would help, `authorization_parameters`:
/// the SDKs read it, log in with these, and send the request once more. `WWW-Authenticate` says the same in the words of
/// RFC 6750 and RFC 9470.
#[derive(Debug, Clone)]
pub struct Refusal {
    status: StatusCode,
    message: String,
    code: String,
    gare: Option<Box<GlobusAuthRequirementsError>>,
    challenge: Option<String>,
}

impl Refusal {
    /// The request brought no token, or something else instead.
    pub(super) fn unauthenticated(message: &str) -> Self {
        Self {
            status: StatusCode::UNAUTHORIZED,
            code: "AuthenticationRequired".to_owned(),
            message: message.to_owned(),
            gare: None,
            challenge: Some("Bearer".to_owned()),
        }
    }

    /// The token is no good here.
    pub(super) fn invalid_token(message: &str) -> Self {
        Self {
            status: StatusCode::UNAUTHORIZED,
            code: "AuthenticationFailed".to_owned(),
            message: message.to_owned(),
            gare: None,
            challenge: Some(challenge("invalid_token", message, &[])),
        }
    }

    /// The token, or the consent behind it, allows too little.
    pub(super) fn scopes(message: &str, parameters: GlobusAuthorizationParameters) -> Self {
        let names = parameters.required_scopes.iter().flatten();
        let names = names.filter_map(|text| Some(crate::scopes::Scope::parse(text).ok()?.name().to_owned()));
        let names: Vec<String> = names.collect();
        let challenge = challenge("insufficient_scope", message, &[("scope", names.join(" "))]);
        Self::demanding(CONSENT_REQUIRED, message, parameters, challenge)
    }

    /// The person has to log in in another way.
    pub(super) fn session(message: &str, parameters: GlobusAuthorizationParameters, max_age: Option<Duration>) -> Self {
        let age = max_age.map(|age| ("max_age", age.as_secs().to_string()));
        let challenge = challenge("insufficient_user_authentication", message, age.as_slice());
        Self::demanding("AuthorizationRequired", message, parameters, challenge)
    }

    /// A demand for a login.
    pub(super) fn demanding(
        code: &str,
        message: &str,
        parameters: GlobusAuthorizationParameters,
        challenge: String,
    ) -> Self {
        Self {
            status: StatusCode::FORBIDDEN,
            code: code.to_owned(),
            message: message.to_owned(),
            gare: Some(Box::new(GlobusAuthRequirementsError::new(code, parameters))),
            challenge: Some(challenge),
        }
    }

    /// Tokens cannot be checked: because Auth does not answer for now, or because of how the service is set up.
    pub(super) fn unchecked(error: &Error) -> Self {
        tracing::error!(%error, "a token could not be checked");
        let passes = error.api().is_none_or(|api| {
            let status = api.http_status();
            status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS
        });
        if passes {
            Self::unable(StatusCode::SERVICE_UNAVAILABLE, "ServiceUnavailable")
        } else {
            Self::unable(StatusCode::INTERNAL_SERVER_ERROR, "InternalError")
        }
    }

    /// Auth said nothing of a policy.
    pub(super) fn unevaluated(error: &Error) -> Self {
        tracing::error!(%error, "a policy could not be checked");
        Self::unable(StatusCode::INTERNAL_SERVER_ERROR, "InternalError")
    }

    fn unable(status: StatusCode, code: &str) -> Self {
        Self {
            status,
            code: code.to_owned(),
            message: "the service cannot check tokens".to_owned(),
            gare: None,
            challenge: None,
        }
    }

    /// The status of the answer: 401, 403 or, where tokens cannot be checked, 503 or 500.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The code of its document, for example `ConsentRequired`.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// What a login would have to fulfil, if one would help.
    pub fn gare(&self) -> Option<&GlobusAuthRequirementsError> {
        self.gare.as_deref()
    }

    /// The value of `WWW-Authenticate`.
    pub fn www_authenticate(&self) -> Option<&str> {
        self.challenge.as_deref()
    }

    /// The body of the answer.
    pub fn document(&self) -> Value {
        let mut document = match &self.gare {
            Some(gare) => gare.to_json(true),
            None => json!({"code": self.code}),
        };
        document["message"] = self.message.as_str().into();
        let gare = self.gare.as_ref().filter(|gare| gare.code == CONSENT_REQUIRED);
        if let Some(scopes) = gare.and_then(|gare| gare.authorization_parameters.required_scopes.as_ref()) {
            // Beside the parameters too, where older clients look for it.
            document["required_scopes"] = json!(scopes);
        }
        document
    }

    /// The whole answer; `B` is the server's type of bodies, such as `axum::body::Body`.
    pub fn into_response<B: From<Bytes>>(self) -> http::Response<B> {
        let mut response = http::Response::new(B::from(Bytes::from(self.document().to_string())));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Some(challenge) = self
            .challenge
            .and_then(|challenge| HeaderValue::try_from(challenge).ok())
        {
            headers.insert(WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

/// A challenge (RFC 6750, section 3). Within quotes stands what RFC 6750 allows there.
pub(super) fn challenge(error: &str, description: &str, others: &[(&str, String)]) -> String {
    let quotable = |text: &str| -> String {
        let allowed = |character: char| matches!(character, ' '..='~') && !matches!(character, '"' | '\\');
        text.chars().filter(|character| allowed(*character)).collect()
    };
    let mut text = format!(
        "Bearer error=\"{error}\", error_description=\"{}\"",
        quotable(description)
    );
    for (name, value) in others {
        // Writing to a String does not fail.
        let _ = write!(text, ", {name}=\"{}\"", quotable(value));
    }
    text
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Refusal {}
