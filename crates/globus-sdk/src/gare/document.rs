//! Where requirements errors are looked for.

use serde_json::{Map, Value};

use crate::error::{ApiError, Error, SubError};

/// Something in which a requirements error may be: made `From` references to JSON, an [`ApiError`], one of the errors
/// it lists, or any [`Error`].
#[derive(Debug, Clone, Copy)]
pub struct ErrorDocument<'a>(Kind<'a>);

#[derive(Debug, Clone, Copy)]
enum Kind<'a> {
    Object(&'a Map<String, Value>),
    Api(&'a ApiError),
    /// JSON that is no object, an error that came from no service.
    Nothing,
}

impl<'a> ErrorDocument<'a> {
    /// The document itself.
    pub(super) fn root(&self) -> Option<&'a Map<String, Value>> {
        match self.0 {
            Kind::Object(document) => Some(document),
            Kind::Api(error) => error.raw_json()?.as_object(),
            Kind::Nothing => None,
        }
    }

    /// The documents of the errors that a service's error lists.
    pub(super) fn listed(&self) -> impl Iterator<Item = &'a Map<String, Value>> + use<'a> {
        let errors = match self.0 {
            Kind::Api(error) => error.errors(),
            _ => &[],
        };
        errors.iter().map(SubError::raw)
    }

    /// Whether what is listed is the document itself, because it lists nothing.
    pub(super) fn is_its_own_list(&self) -> bool {
        matches!(self.0, Kind::Api(_)) && !self.root().is_some_and(|document| document.contains_key("errors"))
    }
}

impl<'a> From<&'a Value> for ErrorDocument<'a> {
    fn from(value: &'a Value) -> Self {
        Self(value.as_object().map_or(Kind::Nothing, Kind::Object))
    }
}

impl<'a> From<&'a Map<String, Value>> for ErrorDocument<'a> {
    fn from(document: &'a Map<String, Value>) -> Self {
        Self(Kind::Object(document))
    }
}

impl<'a> From<&'a SubError> for ErrorDocument<'a> {
    fn from(error: &'a SubError) -> Self {
        Self(Kind::Object(error.raw()))
    }
}

impl<'a> From<&'a ApiError> for ErrorDocument<'a> {
    fn from(error: &'a ApiError) -> Self {
        Self(Kind::Api(error))
    }
}

impl<'a> From<&'a Error> for ErrorDocument<'a> {
    fn from(error: &'a Error) -> Self {
        Self(error.api().map_or(Kind::Nothing, Kind::Api))
    }
}
