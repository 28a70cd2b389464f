//! What a login has to fulfil.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::{Map, Value};

use super::read::{Members, Read};
use crate::error::AuthorizationParameters;
use crate::error::{Error, Result};

/// What a login has to fulfil, or how it is to be shown.
///
/// Serialized it is the document that services send, unknown members included.
///
/// Source: <https://docs.globus.org/api/auth/sessions/>.
#[derive(Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct GlobusAuthorizationParameters {
    /// Message for the person who logs in.
    pub session_message: Option<String>,
    /// Identities (ids or usernames) that have to be in the session.
    pub session_required_identities: Option<Vec<String>>,
    /// Ids of the authentication policies to meet.
    pub session_required_policies: Option<Vec<String>>,
    /// Domains, of which one identity of the session has to be.
    pub session_required_single_domain: Option<Vec<String>>,
    /// Whether a second factor is needed.
    pub session_required_mfa: Option<bool>,
    /// Scopes to log in with, as texts.
    pub required_scopes: Option<Vec<String>>,
    /// Value of `prompt` for the login page: `login` asks for credentials in any case.
    pub prompt: Option<String>,
    /// Members that this version does not know.
    pub extra: Map<String, Value>,
}

macro_rules! setters {
    ($($(#[$doc:meta])* $setter:ident: $field:ident ($value:ident: $type:ty) = $made:expr;)*) => {$(
        $(#[$doc])*
        #[must_use]
        pub fn $setter(mut self, $value: $type) -> Self {
            self.$field = Some($made);
            self
        }
    )*};
}

impl GlobusAuthorizationParameters {
    /// Nothing is required.
    pub fn new() -> Self {
        Self::default()
    }

    setters! {
        /// Sets the message for the person who logs in.
        with_session_message: session_message (message: impl Into<String>) = message.into();
        /// Sets the identities that have to be in the session.
        with_session_required_identities: session_required_identities (ids: impl IntoIterator<Item: Into<String>>)
            = ids.into_iter().map(Into::into).collect();
        /// Sets the authentication policies to meet.
        with_session_required_policies: session_required_policies (ids: impl IntoIterator<Item: Into<String>>)
            = ids.into_iter().map(Into::into).collect();
        /// Sets the domains, of which one identity of the session has to be.
        with_session_required_single_domain: session_required_single_domain
            (domains: impl IntoIterator<Item: Into<String>>) = domains.into_iter().map(Into::into).collect();
        /// Sets whether a second factor is needed.
        with_session_required_mfa: session_required_mfa (required: bool) = required;
        /// Sets the scopes to log in with.
        with_required_scopes: required_scopes (scopes: impl IntoIterator<Item: Into<String>>)
            = scopes.into_iter().map(Into::into).collect();
        /// Sets the value of `prompt` for the login page.
        with_prompt: prompt (prompt: impl Into<String>) = prompt.into();
    }

    /// Reads the document of a service.
    ///
    /// # Errors
    /// [`Error::Validation`](crate::error::Error::Validation) naming the member that is of another type.
    pub fn from_json(document: &Value) -> Result<Self> {
        let members = document
            .as_object()
            .ok_or_else(|| Error::validation("authorization_parameters", "they must be a JSON object"))?;
        Ok(Self::from_members(members)?)
    }

    /// The document; `include_extra` adds what this version does not know.
    pub fn to_json(&self, include_extra: bool) -> Value {
        let mut document = Map::new();
        let mut put = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                document.insert(name.to_owned(), value);
            }
        };
        put("session_message", self.session_message.clone().map(Value::from));
        put(
            "session_required_identities",
            self.session_required_identities.clone().map(Value::from),
        );
        put(
            "session_required_policies",
            self.session_required_policies.clone().map(Value::from),
        );
        put(
            "session_required_single_domain",
            self.session_required_single_domain.clone().map(Value::from),
        );
        put("session_required_mfa", self.session_required_mfa.map(Value::from));
        put("required_scopes", self.required_scopes.clone().map(Value::from));
        put("prompt", self.prompt.clone().map(Value::from));
        if include_extra {
            document.extend(self.extra.clone());
        }
        document.into()
    }

    pub(super) fn from_members(document: &Map<String, Value>) -> Read<Self> {
        let mut members = Members::new(document);
        Ok(Self {
            session_message: members.text("session_message")?,
            session_required_identities: members.texts("session_required_identities")?,
            session_required_policies: members.texts("session_required_policies")?,
            session_required_single_domain: members.texts("session_required_single_domain")?,
            session_required_mfa: members.flag("session_required_mfa")?,
            required_scopes: members.texts("required_scopes")?,
            prompt: members.text("prompt")?,
            extra: members.others(),
        })
    }
}

impl Serialize for GlobusAuthorizationParameters {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json(true).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for GlobusAuthorizationParameters {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_json(&Value::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

/// Of unknown members, which may hold anything, only that there are some.
impl fmt::Debug for GlobusAuthorizationParameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("GlobusAuthorizationParameters");
        shown
            .field("session_message", &self.session_message)
            .field("session_required_identities", &self.session_required_identities)
            .field("session_required_policies", &self.session_required_policies)
            .field("session_required_single_domain", &self.session_required_single_domain)
            .field("session_required_mfa", &self.session_required_mfa)
            .field("required_scopes", &self.required_scopes)
            .field("prompt", &self.prompt);
        if !self.extra.is_empty() {
            shown.field("extra", &format_args!(".."));
        }
        shown.finish()
    }
}

/// For the address of a login page.
impl From<&GlobusAuthorizationParameters> for AuthorizationParameters {
    fn from(parameters: &GlobusAuthorizationParameters) -> Self {
        Self {
            session_message: parameters.session_message.clone(),
            session_required_identities: parameters.session_required_identities.clone(),
            session_required_single_domain: parameters.session_required_single_domain.clone(),
            session_required_policies: parameters.session_required_policies.clone(),
            session_required_mfa: parameters.session_required_mfa,
            prompt: parameters.prompt.clone(),
            required_scopes: parameters.required_scopes.clone(),
        }
    }
}
