//! What is stored of a token.

use std::collections::BTreeMap;
use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use secrecy::{ExposeSecret, SecretString};
use serde::ser::SerializeStruct;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::{Map, Value};

use crate::error::{Error, Result, StorageError, StorageProblem, quoted};

/// Stored tokens by the resource server under which they are looked up.
pub type TokenDataByResourceServer = BTreeMap<String, TokenStorageData>;

/// A token as it is stored.
///
/// Serialized it is what the Python SDK writes, *with the tokens*; members that are `None` are left out. Its `Debug`
/// shows no token.
#[derive(Clone)]
#[non_exhaustive]
pub struct TokenStorageData {
    /// Where the token is good, for example `transfer.api.globus.org`.
    pub resource_server: String,
    /// Id of the identity whose token it is, if the grant told it.
    pub identity_id: Option<String>,
    /// What the token allows: scope names, separated by spaces.
    pub scope: String,
    /// The token itself.
    pub access_token: SecretString,
    /// What renews it, where refresh tokens were asked for.
    pub refresh_token: Option<SecretString>,
    /// When the token ends, in seconds since 1970.
    pub expires_at_seconds: i64,
    /// `Bearer`, if the grant told it.
    pub token_type: Option<String>,
    /// What was stored with the token and this version does not know. It is not stored again.
    pub extra: Map<String, Value>,
}

const FIELDS: [&str; 7] = [
    "resource_server",
    "identity_id",
    "scope",
    "access_token",
    "refresh_token",
    "expires_at_seconds",
    "token_type",
];

impl TokenStorageData {
    /// A token without identity and refresh token, of type `Bearer`.
    pub fn new(
        resource_server: impl Into<String>,
        scope: impl Into<String>,
        access_token: impl Into<SecretString>,
        expires_at_seconds: i64,
    ) -> Self {
        Self {
            resource_server: resource_server.into(),
            identity_id: None,
            scope: scope.into(),
            access_token: access_token.into(),
            refresh_token: None,
            expires_at_seconds,
            token_type: Some("Bearer".to_owned()),
            extra: Map::new(),
        }
    }

    /// Sets whose token it is.
    #[must_use]
    pub fn with_identity_id(mut self, identity_id: impl Into<Option<String>>) -> Self {
        self.identity_id = identity_id.into();
        self
    }

    /// Sets what renews the token.
    #[must_use]
    pub fn with_refresh_token(mut self, refresh_token: impl Into<Option<SecretString>>) -> Self {
        self.refresh_token = refresh_token.into();
        self
    }

    /// Sets the kind of token.
    #[must_use]
    pub fn with_token_type(mut self, token_type: impl Into<Option<String>>) -> Self {
        self.token_type = token_type.into();
        self
    }

    /// When the token ends.
    pub fn expires_at(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(self.expires_at_seconds.try_into().unwrap_or(0))
    }

    /// Whether the token allows the scope of that name.
    pub fn has_scope(&self, name: &str) -> bool {
        self.scope.split_whitespace().any(|scope| scope == name)
    }

    /// Reads what a storage holds. The error names what is wrong and never a value: it might be a token.
    fn from_json(value: &Value) -> Result<Self, String> {
        let members = value.as_object().ok_or("it is not a JSON object")?;
        Ok(Self {
            resource_server: text(members, "resource_server")?,
            identity_id: optional(members, "identity_id")?,
            scope: text(members, "scope")?,
            access_token: text(members, "access_token")?.into(),
            refresh_token: optional(members, "refresh_token")?.map(Into::into),
            expires_at_seconds: members
                .get("expires_at_seconds")
                .and_then(Value::as_i64)
                .ok_or("`expires_at_seconds` is not an integer")?,
            token_type: optional(members, "token_type")?,
            extra: members
                .iter()
                .filter(|(name, _)| !FIELDS.contains(&name.as_str()))
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect(),
        })
    }

    /// Reads what is stored under `key`.
    pub(super) fn stored_under(key: &str, value: &Value) -> Result<Self> {
        Self::from_json(value).map_err(|problem| not_in_order(key, &problem))
    }

    /// Reads the text that is stored under `key`.
    #[cfg_attr(
        not(any(feature = "sqlite", feature = "keyring", feature = "postgres")),
        expect(dead_code)
    )]
    pub(super) fn parse(key: &str, text: &[u8]) -> Result<Self> {
        let value = serde_json::from_slice(text).map_err(|_| not_in_order(key, "it is not JSON"))?;
        Self::stored_under(key, &value)
    }

    /// The text to store: JSON, with the tokens.
    #[cfg_attr(
        not(any(feature = "sqlite", feature = "keyring", feature = "postgres")),
        expect(dead_code)
    )]
    pub(super) fn to_text(&self) -> Result<String> {
        let failed = |error: serde_json::Error| StorageError::new(StorageProblem::Failed, "write", error.to_string());
        Ok(serde_json::to_string(self).map_err(failed)?)
    }
}

fn not_in_order(key: &str, problem: &str) -> Error {
    let message = format!("the token for {} is not in order: {problem}", quoted(key));
    StorageError::new(StorageProblem::Format, "read", message).into()
}

fn optional(members: &Map<String, Value>, name: &str) -> Result<Option<String>, String> {
    match members.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(format!("`{name}` is not a text")),
    }
}

fn text(members: &Map<String, Value>, name: &str) -> Result<String, String> {
    optional(members, name)?.ok_or_else(|| format!("`{name}` is missing"))
}

impl fmt::Debug for TokenStorageData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("TokenStorageData");
        shown
            .field("resource_server", &self.resource_server)
            .field("identity_id", &self.identity_id)
            .field("scope", &self.scope)
            .field("access_token", &"***")
            .field("refresh_token", &self.refresh_token.as_ref().map(|_| "***"))
            .field("expires_at_seconds", &self.expires_at_seconds)
            .field("token_type", &self.token_type);
        if !self.extra.is_empty() {
            shown.field("extra", &format_args!(".."));
        }
        shown.finish()
    }
}

impl PartialEq for TokenStorageData {
    fn eq(&self, other: &Self) -> bool {
        let refresh_token = |data: &Self| {
            data.refresh_token
                .as_ref()
                .map(|token| token.expose_secret().to_owned())
        };
        self.resource_server == other.resource_server
            && self.identity_id == other.identity_id
            && self.scope == other.scope
            && self.access_token.expose_secret() == other.access_token.expose_secret()
            && refresh_token(self) == refresh_token(other)
            && self.expires_at_seconds == other.expires_at_seconds
            && self.token_type == other.token_type
            && self.extra == other.extra
    }
}

impl Eq for TokenStorageData {}

impl Serialize for TokenStorageData {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("TokenStorageData", FIELDS.len())?;
        fields.serialize_field("resource_server", &self.resource_server)?;
        if let Some(identity_id) = &self.identity_id {
            fields.serialize_field("identity_id", identity_id)?;
        }
        fields.serialize_field("scope", &self.scope)?;
        fields.serialize_field("access_token", self.access_token.expose_secret())?;
        if let Some(refresh_token) = &self.refresh_token {
            fields.serialize_field("refresh_token", refresh_token.expose_secret())?;
        }
        fields.serialize_field("expires_at_seconds", &self.expires_at_seconds)?;
        if let Some(token_type) = &self.token_type {
            fields.serialize_field("token_type", token_type)?;
        }
        fields.end()
    }
}

impl<'de> Deserialize<'de> for TokenStorageData {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_json(&Value::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}
