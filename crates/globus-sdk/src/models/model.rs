//! [`Model`]: what an operation can answer.

use std::collections::BTreeMap;
use std::time::SystemTime;

use serde::de::DeserializeOwned;

/// A document that an operation can answer.
pub trait Model: DeserializeOwned {
    /// Told when the answer had come, for documents that count time from that moment.
    #[doc(hidden)]
    fn received(&mut self, at: SystemTime) {
        let _ = at;
    }
}

impl Model for serde_json::Value {}
impl Model for String {}
impl Model for bool {}
impl<T: DeserializeOwned> Model for Vec<T> {}
impl<T: DeserializeOwned> Model for BTreeMap<String, T> {}
