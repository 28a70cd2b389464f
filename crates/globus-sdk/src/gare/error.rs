//! The requirements error itself.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::{Map, Value, json};

use super::GlobusAuthorizationParameters;
use super::read::{Fault, Members, Read};
use crate::error::{Error, Result};

/// A service wants more of the login before it lets a call through.
///
/// Serialized it is the document that services send, unknown members included.
#[derive(Clone, PartialEq)]
#[doc(alias = "GARE")]
#[non_exhaustive]
pub struct GlobusAuthRequirementsError {
    /// The service's code, for example `ConsentRequired`.
    pub code: String,
    /// What the login has to fulfil.
    pub authorization_parameters: GlobusAuthorizationParameters,
    /// Members that are not part of a requirements error.
    pub extra: Map<String, Value>,
}

impl GlobusAuthRequirementsError {
    /// A requirements error of this side.
    pub fn new(code: impl Into<String>, authorization_parameters: GlobusAuthorizationParameters) -> Self {
        Self {
            code: code.into(),
            authorization_parameters,
            extra: Map::new(),
        }
    }

    /// Reads a document in the form of today; [`to_gare`](super::to_gare) knows the older forms too.
    ///
    /// # Errors
    /// [`Error::Validation`](crate::error::Error::Validation) naming the member that is missing or of another type.
    pub fn from_json(document: &Value) -> Result<Self> {
        let members = document
            .as_object()
            .ok_or_else(|| Error::validation("document", "it must be a JSON object"))?;
        Ok(Self::from_members(members)?)
    }

    /// The document; `include_extra` adds what is not part of a requirements error.
    pub fn to_json(&self, include_extra: bool) -> Value {
        let mut document = Map::new();
        document.insert("code".to_owned(), json!(self.code));
        let parameters = self.authorization_parameters.to_json(include_extra);
        document.insert("authorization_parameters".to_owned(), parameters);
        if include_extra {
            document.extend(self.extra.clone());
        }
        document.into()
    }

    pub(super) fn from_members(document: &Map<String, Value>) -> Read<Self> {
        let mut members = Members::new(document);
        let code = members.text("code")?.ok_or(Fault::new("code", "a text"))?;
        let parameters = members.get("authorization_parameters").and_then(Value::as_object);
        let parameters = parameters.ok_or(Fault::new("authorization_parameters", "a JSON object"))?;
        Ok(Self {
            code,
            authorization_parameters: GlobusAuthorizationParameters::from_members(parameters)?,
            extra: members.others(),
        })
    }
}

impl Serialize for GlobusAuthRequirementsError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json(true).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for GlobusAuthRequirementsError {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_json(&Value::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

/// Of unknown members, which may hold anything, only that there are some.
impl fmt::Debug for GlobusAuthRequirementsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("GlobusAuthRequirementsError");
        shown
            .field("code", &self.code)
            .field("authorization_parameters", &self.authorization_parameters);
        if !self.extra.is_empty() {
            shown.field("extra", &format_args!(".."));
        }
        shown.finish()
    }
}
