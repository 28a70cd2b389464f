//! [`RawRequest`]: a request to a path that no operation declares.

use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};
use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::{Async, Blocking, Core, Mode, Streamed};
use crate::error::{Error, Result};
use crate::operation::{Arg, CallOptions, Idempotency, escape_path, pairs_of};
use crate::response::{Raw, Response};
use crate::transport::{Answered, Plan, RetryConfig};

/// How the data of a [`RawRequest`] is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Encoding {
    /// JSON.
    #[default]
    Json,
    /// `application/x-www-form-urlencoded`, from an object.
    Form,
    /// As it is, from a text.
    Text,
}

/// A request to a path below a client's base URL, or to an absolute URL of the same service.
#[derive(Clone)]
#[must_use = "a request does nothing until it is awaited or sent"]
pub struct RawRequest<M: Mode = Async> {
    core: Arc<Core>,
    method: http::Method,
    path: String,
    query: Vec<(String, Arg)>,
    body: Option<Body>,
    pub(super) options: CallOptions,
    error: Option<Error>,
    mode: PhantomData<M>,
}

#[derive(Clone)]
enum Body {
    Data(Encoding, Arg),
    Bytes(Bytes),
}

impl std::fmt::Debug for Body {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Data(encoding, arg) => write!(f, "{encoding:?} {arg:?}"),
            Self::Bytes(bytes) => write!(f, "{} bytes", bytes.len()),
        }
    }
}

/// Without the query, which may hold a secret.
impl<M: Mode> std::fmt::Debug for RawRequest<M> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let path = self.path.split('?').next().unwrap_or_default();
        f.debug_struct("RawRequest")
            .field("method", &self.method)
            .field("path", &path)
            .field("body", &self.body)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

impl<M: Mode> RawRequest<M> {
    pub(crate) fn new(core: Arc<Core>, method: http::Method, path: String) -> Self {
        let options = CallOptions::default();
        Self {
            core,
            method,
            path,
            query: Vec::new(),
            body: None,
            options,
            error: None,
            mode: PhantomData,
        }
    }

    /// Sends `data` as JSON.
    pub fn with_json(self, data: &(impl Serialize + ?Sized)) -> Self {
        self.with_arg(Arg::json(data), Encoding::Json)
    }

    /// Sends the entries of `data`, an object, as a form.
    pub fn with_form(self, data: &(impl Serialize + ?Sized)) -> Self {
        self.with_arg(Arg::json(data), Encoding::Form)
    }

    /// Sends bytes as they are, without a content type of their own.
    pub fn with_body(mut self, bytes: impl Into<Bytes>) -> Self {
        self.body = Some(Body::Bytes(bytes.into()));
        self
    }

    /// Sends `data` in a given encoding; data that does not fit it is refused when the request is sent.
    pub fn with_data(self, data: impl Serialize, encoding: Encoding) -> Self {
        self.with_arg(Arg::json(&data), encoding)
    }

    pub(super) fn with_arg(mut self, data: Arg, encoding: Encoding) -> Self {
        self.body = Some(Body::Data(encoding, data));
        self
    }

    /// Adds a query parameter; a list repeats its key, a null is left out.
    pub fn with_query_param(mut self, name: impl Into<String>, value: impl Serialize) -> Self {
        self.query.push((name.into(), Arg::json(&value)));
        self
    }

    /// Adds a header; a name or value that no header may have is reported when the request is sent.
    pub fn with_header(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        if let Err(error) = self.options.header(name.as_ref(), value.as_ref()) {
            self.error.get_or_insert(error);
        }
        self
    }

    /// How long to wait until the answer begins, and then between two parts of it; `None` waits without end. What the
    /// whole call may take is [`RetryConfig::deadline`](crate::transport::RetryConfig::deadline).
    pub fn with_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.options.timeout = Some(timeout.into());
        self
    }

    /// How this request is retried, instead of the client's setting.
    pub fn with_retry(mut self, retry: RetryConfig) -> Self {
        self.options.retry = Some(retry);
        self
    }

    /// Whether the client's credentials are sent (they are, unless told otherwise).
    pub fn with_authorization(mut self, authorization: bool) -> Self {
        self.options.authorization = authorization;
        self
    }

    /// Whether redirects are followed (they are, unless told otherwise).
    pub fn with_redirects(mut self, redirects: bool) -> Self {
        self.options.redirects = redirects;
        self
    }

    /// The HTTP request that would be sent, without credentials. Nothing is sent.
    ///
    /// # Errors
    /// Data that does not fit its encoding, or a path that makes no URL.
    pub fn into_request(self) -> Result<http::Request<Bytes>> {
        self.request()
    }

    fn request(&self) -> Result<http::Request<Bytes>> {
        if let Some(error) = &self.error {
            return Err(error.clone());
        }
        let (body, content_type) = match &self.body {
            None => (Bytes::new(), None),
            Some(Body::Bytes(bytes)) => (bytes.clone(), None),
            Some(Body::Data(encoding, data)) => encode(*encoding, data)?,
        };
        let uri = self.url()?;
        let mut request = http::Request::builder().method(self.method.clone()).uri(&uri);
        if let Some(headers) = request.headers_mut() {
            headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
            if let Some(content_type) = content_type {
                headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
            }
            if body.is_empty() && self.method != http::Method::GET && self.method != http::Method::HEAD {
                headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
            }
            headers.extend(self.options.headers.clone());
            self.core.add_headers(headers);
        }
        request
            .body(body)
            .map_err(|error| Error::validation("the path", format!("{:?} makes no URL: {error}", self.path)))
    }

    fn url(&self) -> Result<String> {
        let query = pairs_of(&self.query)?;
        let mark = if query.is_empty() { "" } else { "?" };
        if self.path.starts_with("http://") || self.path.starts_with("https://") {
            let mark = if self.path.contains('?') && !query.is_empty() {
                "&"
            } else {
                mark
            };
            return Ok(format!("{}{mark}{query}", self.path));
        }
        if self.path.split('/').any(|segment| matches!(segment, "." | "..")) {
            return Err(Error::validation(
                "the path",
                format!("{:?} has a segment that leads elsewhere", self.path),
            ));
        }
        let base = self.core.base_url().as_str().trim_end_matches('/');
        let path = escape_path(&self.path);
        // Nothing at all is the base URL itself.
        let separator = if path.is_empty() || path.starts_with('/') {
            ""
        } else {
            "/"
        };
        Ok(format!("{base}{separator}{path}{mark}{query}"))
    }

    fn plan(&self) -> Plan {
        let idempotency = match self.method {
            http::Method::POST | http::Method::PATCH => Idempotency::Once,
            _ => Idempotency::Repeatable,
        };
        Plan {
            idempotency,
            authorization: self.options.authorization,
            redirects: self.options.redirects,
            timeout: self.options.timeout.unwrap_or(self.core.timeout),
            retry: self.options.retry.clone(),
            resend: self.options.resend,
        }
    }

    async fn open(&self) -> Result<Answered> {
        let request = self.request()?;
        self.core.exchange.run(request, &self.plan()).await
    }

    pub(crate) async fn raw(self) -> Result<Raw> {
        let answered = self.core.exchange.fetch(self.request()?, &self.plan()).await?;
        answered.collect(None).await
    }

    async fn fetch(self) -> Result<Response<Value>> {
        let raw = self.raw().await?;
        Ok(Response::new(raw.document()?, raw))
    }
}

fn encode(encoding: Encoding, data: &Arg) -> Result<(Bytes, Option<&'static str>)> {
    let refuse = |why: &str| Err(Error::validation("the data of the request", why.to_owned()));
    match (encoding, data) {
        (_, Arg::Invalid(why)) => refuse(&format!("cannot be sent: {why}")),
        (Encoding::Json, Arg::Json(raw)) => Ok((Bytes::from(raw.get().to_owned()), Some("application/json"))),
        (Encoding::Form, Arg::Json(raw)) if raw.get().starts_with('{') => {
            let entries = crate::operation::object_entries(raw.get())
                .map_err(|error| Error::validation("the data of the request", error.to_string()))?;
            let entries: Vec<(String, Arg)> = entries
                .into_iter()
                .map(|(key, value)| (key.into_owned(), Arg::from_raw(value)))
                .collect();
            let form = pairs_of(&entries)?;
            let content_type = (!form.is_empty()).then_some("application/x-www-form-urlencoded");
            Ok((Bytes::from(form), content_type))
        }
        (Encoding::Form, _) => refuse("must be an object to be sent as a form"),
        (Encoding::Text, Arg::Json(raw)) => match serde_json::from_str::<String>(raw.get()) {
            Ok(text) => Ok((Bytes::from(text), None)),
            Err(_) => refuse("must be a text to be sent as text"),
        },
        (Encoding::Text, Arg::Text(text)) => Ok((Bytes::from(text.clone()), None)),
        (Encoding::Json, arg) => {
            let raw: Box<RawValue> = arg.clone().into_raw();
            Ok((Bytes::from(raw.get().to_owned()), Some("application/json")))
        }
        (Encoding::Text, _) => refuse("must be a text to be sent as text"),
    }
}

impl IntoFuture for RawRequest<Async> {
    type Output = Result<Response<Value>>;
    type IntoFuture = BoxFuture<'static, Self::Output>;
    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.fetch())
    }
}

impl RawRequest<Async> {
    /// Sends the request and leaves the body on the wire.
    ///
    /// # Errors
    /// See [`Error`](crate::Error).
    pub async fn stream(self) -> Result<Streamed<Async>> {
        let answer = self.open().await?;
        Ok(Streamed::new(self.core, answer))
    }
}

impl RawRequest<Blocking> {
    /// Sends the request and waits for its answer.
    ///
    /// # Errors
    /// See [`Error`](crate::Error).
    pub fn send(self) -> Result<Response<Value>> {
        self.core.clone().block_on(self.fetch())
    }

    /// Sends the request and leaves the body on the wire.
    ///
    /// # Errors
    /// See [`Error`](crate::Error).
    pub fn stream(self) -> Result<Streamed<Blocking>> {
        let answer = self.core.block_on(self.open())?;
        Ok(Streamed::new(self.core.clone(), answer))
    }
}
