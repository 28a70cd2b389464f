//! [`Response`]: a decoded answer together with what came over the wire.

use std::fmt;
use std::ops::Deref;
use std::time::SystemTime;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;

use crate::error::{DecodeError, Error, RequestSummary, Result};

/// The answer of an operation.
///
/// It dereferences to the decoded model `T`; the bytes that came are kept for [`json`](Self::json),
/// [`text`](Self::text) and [`bytes`](Self::bytes).
pub struct Response<T> {
    value: T,
    raw: Raw,
}

/// An answer before it is decoded.
#[derive(Clone)]
pub struct Raw {
    /// Name of the model that the operation answers; `None` for undeclared requests.
    pub(crate) model: Option<&'static str>,
    pub(crate) request: RequestSummary,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// The body as it came, where `body` is a document out of it.
    pub(crate) envelope: Option<Bytes>,
    /// When it had come, on the client's clock.
    pub(crate) received: Option<SystemTime>,
    /// What a call by name answers instead of the body.
    pub(crate) by_name: Option<Bytes>,
}

impl<T> Response<T> {
    pub(crate) const fn new(value: T, raw: Raw) -> Self {
        Self { value, raw }
    }

    /// The decoded answer, by value.
    pub fn into_inner(self) -> T {
        self.value
    }

    /// The status of the answer.
    pub const fn status(&self) -> StatusCode {
        self.raw.status
    }

    /// The headers of the answer.
    pub const fn headers(&self) -> &HeaderMap {
        &self.raw.headers
    }

    /// The body as it came; of an answer in an envelope, the document that was taken out of it.
    pub const fn bytes(&self) -> &Bytes {
        &self.raw.body
    }

    /// The body as text; bytes that are not UTF-8 are replaced.
    pub fn text(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(&self.raw.body)
    }

    /// The body decoded as another type, from the kept bytes.
    ///
    /// # Errors
    /// [`Error::Decode`] naming the field that does not fit.
    pub fn json<U: DeserializeOwned>(&self) -> Result<U> {
        self.raw.decode()
    }

    /// The whole answer decoded as another type: of an answer in an envelope that with all its documents, of any other
    /// the same as [`json`](Self::json).
    ///
    /// # Errors
    /// [`Error::Decode`] naming the field that does not fit.
    pub fn full_data<U: DeserializeOwned>(&self) -> Result<U> {
        let mut whole = self.raw.clone();
        whole.body = whole.envelope.take().unwrap_or(whole.body);
        whole.decode()
    }
}

impl<T> Deref for Response<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

/// Answers may hold tokens: only their size is shown. What was decoded can be printed by itself.
impl<T> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.raw.status)
            .field("body_bytes", &self.raw.body.len())
            .finish_non_exhaustive()
    }
}

impl<T: IntoIterator> IntoIterator for Response<T> {
    type Item = T::Item;
    type IntoIter = T::IntoIter;
    fn into_iter(self) -> T::IntoIter {
        self.value.into_iter()
    }
}

/// Bodies may hold tokens: only their size is shown.
impl fmt::Debug for Raw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Raw")
            .field("status", &self.status)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

impl Raw {
    /// Decodes the body: plainly first, and only after a failure again to find the field at fault, since keeping
    /// track of the path makes decoding twice as slow.
    pub(crate) fn decode<U: DeserializeOwned>(&self) -> Result<U> {
        serde_json::from_slice(&self.body).map_err(|error| {
            let deserializer = &mut serde_json::Deserializer::from_slice(&self.body);
            let (path, error) = match serde_path_to_error::deserialize::<_, U>(deserializer) {
                Err(located) => (located.path().to_string(), located.into_inner()),
                Ok(_) => (String::new(), error),
            };
            self.decode_error(&path, &error.to_string())
        })
    }

    pub(crate) fn decode_error(&self, path: &str, message: &str) -> Error {
        self.decode_error_of(self.model.unwrap_or("JSON"), path, message)
    }

    /// The same where something else than the answer's type was expected.
    pub(crate) fn decode_error_of(&self, what: &str, path: &str, message: &str) -> Error {
        let message = if self.body.is_empty() {
            "the answer has no body"
        } else {
            message
        };
        let error = DecodeError::new(what, message).at_path(path);
        Error::from(error.from_answer(self.request.clone(), self.status, &self.body))
    }

    /// Puts another document in the place of the body.
    pub(crate) fn set_document(&mut self, document: &(impl serde::Serialize + ?Sized)) -> Result<()> {
        let body = serde_json::to_vec(document).map_err(|error| self.decode_error("", &error.to_string()))?;
        self.body = Bytes::from(body);
        Ok(())
    }

    /// Gives calls by name another answer than the body.
    pub(crate) fn set_by_name(&mut self, document: &(impl serde::Serialize + ?Sized)) -> Result<()> {
        let document = serde_json::to_vec(document).map_err(|error| self.decode_error("", &error.to_string()))?;
        self.by_name = Some(Bytes::from(document));
        Ok(())
    }

    /// Takes the document of a type out of a GCS envelope; an envelope without one stays as it is.
    pub(crate) fn unpack(mut self, data_type: &str) -> Self {
        #[derive(serde::Deserialize)]
        struct Envelope<'a> {
            #[serde(borrow, default)]
            data: Vec<&'a serde_json::value::RawValue>,
        }
        #[derive(serde::Deserialize)]
        struct Typed {
            #[serde(rename = "DATA_TYPE")]
            data_type: Option<String>,
        }
        let found = serde_json::from_slice::<Envelope<'_>>(&self.body)
            .ok()
            .and_then(|envelope| {
                envelope.data.into_iter().find(|document| {
                    let typed = serde_json::from_str::<Typed>(document.get())
                        .ok()
                        .and_then(|typed| typed.data_type);
                    typed.is_some_and(|name| name.split_once('#').is_some_and(|(name, _)| name == data_type))
                })
            });
        if let Some(document) = found {
            let document = self.body.slice_ref(document.get().as_bytes());
            self.envelope = Some(std::mem::replace(&mut self.body, document));
        }
        self
    }
}
