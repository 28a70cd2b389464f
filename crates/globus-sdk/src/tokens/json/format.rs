//! What stands in the file. No I/O here.
//!
//! ```text
//! {"format_version": "2.0", "globus-sdk.version": "..", "data": {NAMESPACE: {RESOURCE SERVER: {..token..}}}}
//! {"format_version": "1.0", "by_rs": {RESOURCE SERVER: {..token..}}}
//! ```
//!
//! Whatever is not asked for is written back as it was read, even tokens that this version could not use.

use serde_json::{Map, Value, json};

use crate::error::{Error, StorageError, StorageProblem};
use crate::tokens::files::OURS;
use crate::tokens::{DEFAULT_NAMESPACE, TokenDataByResourceServer, TokenStorageData};

const FORMAT: &str = "format_version";
const WRITER: &str = "globus-sdk.version";

/// The content of a file, in the form of version 2.0.
#[derive(Clone)]
pub(super) struct Document {
    data: Map<String, Value>,
    others: Map<String, Value>,
}

/// Why a text is not the content of a file of tokens.
#[derive(Debug)]
pub(super) enum Fault {
    /// It is not JSON: cut off, empty, overwritten.
    NotJson(serde_json::Error),
    /// It is JSON of another kind.
    Format(String),
}

impl Document {
    pub(super) fn new() -> Self {
        let mut others = Map::new();
        others.insert(FORMAT.to_owned(), json!("2.0"));
        others.insert(WRITER.to_owned(), json!(OURS));
        Self {
            data: Map::new(),
            others,
        }
    }

    pub(super) fn parse(text: &[u8]) -> Result<Self, Fault> {
        let wrong = |what: &str| Err(Fault::Format(what.to_owned()));
        let root: Value = serde_json::from_slice(text).map_err(Fault::NotJson)?;
        let Value::Object(mut root) = root else {
            return wrong("it is no JSON object");
        };
        match root.get(FORMAT) {
            Some(Value::String(version)) if version == "2.0" => {
                let Some(Value::Object(data)) = root.remove("data") else {
                    return wrong("`data` is no JSON object");
                };
                if !root.get(WRITER).is_some_and(Value::is_string) {
                    return wrong("`globus-sdk.version` is no text");
                }
                Ok(Self { data, others: root })
            }
            Some(Value::String(version)) if version == "1.0" => {
                let Some(Value::Object(tokens)) = root.remove("by_rs") else {
                    return wrong("`by_rs` is no JSON object");
                };
                let mut document = Self::new();
                document.data.insert(DEFAULT_NAMESPACE.to_owned(), tokens.into());
                Ok(document)
            }
            Some(Value::String(version)) => Err(Fault::Format(format!(
                "its format is {}, and this version knows 1.0 and 2.0",
                crate::error::quoted(version)
            ))),
            _ => wrong("`format_version` is no text, so it holds no tokens"),
        }
    }

    pub(super) fn to_text(&self) -> String {
        let mut root = self.others.clone();
        root.insert("data".to_owned(), self.data.clone().into());
        Value::Object(root).to_string()
    }

    pub(super) fn namespaces(&self) -> Vec<String> {
        let holds_tokens = |value: &Value| value.as_object().is_some_and(|tokens| !tokens.is_empty());
        let used = self.data.iter().filter(|(_, value)| holds_tokens(value));
        used.map(|(namespace, _)| namespace.clone()).collect()
    }

    pub(super) fn all(&self, namespace: &str) -> Result<TokenDataByResourceServer, Error> {
        let Some(tokens) = self.tokens(namespace)? else {
            return Ok(TokenDataByResourceServer::new());
        };
        tokens
            .iter()
            .map(|(key, value)| Ok((key.clone(), TokenStorageData::stored_under(key, value)?)))
            .collect()
    }

    /// Only this token has to be in order.
    pub(super) fn one(&self, namespace: &str, resource_server: &str) -> Result<Option<TokenStorageData>, Error> {
        let found = self.tokens(namespace)?.and_then(|tokens| tokens.get(resource_server));
        found
            .map(|value| TokenStorageData::stored_under(resource_server, value))
            .transpose()
    }

    pub(super) fn store(&mut self, namespace: &str, data: &TokenDataByResourceServer) -> Result<(), Error> {
        self.tokens(namespace)?;
        let tokens = self.data.entry(namespace).or_insert_with(|| json!({}));
        for (key, token) in data {
            let token = serde_json::to_value(token)
                .map_err(|error| StorageError::new(StorageProblem::Failed, "write", error.to_string()))?;
            if let Value::Object(tokens) = &mut *tokens {
                tokens.insert(key.clone(), token);
            }
        }
        self.others.insert(WRITER.to_owned(), json!(OURS));
        Ok(())
    }

    pub(super) fn remove(&mut self, namespace: &str, resource_server: &str) -> Result<bool, Error> {
        self.tokens(namespace)?;
        let tokens = self.data.get_mut(namespace).and_then(Value::as_object_mut);
        Ok(tokens.is_some_and(|tokens| tokens.remove(resource_server).is_some()))
    }

    fn tokens(&self, namespace: &str) -> Result<Option<&Map<String, Value>>, Error> {
        match self.data.get(namespace) {
            None => Ok(None),
            Some(Value::Object(tokens)) => Ok(Some(tokens)),
            Some(_) => Err(wrong(format!(
                "its namespace {} is no JSON object",
                crate::error::quoted(namespace)
            ))),
        }
    }
}

fn wrong(message: String) -> Error {
    StorageError::new(StorageProblem::Format, "read", message).into()
}
