//! [`NamedCall`]: an operation called by its name.

use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Async, Blocking, Core, Mode, RawRequest, plain};
use crate::error::{Error, Result};
use crate::operation::Call;
use crate::paging::Pages;
use crate::response::{Raw, Response};

/// A call of an operation by its name. The answer is plain JSON.
#[derive(Debug, Clone)]
#[must_use = "a call does nothing until it is awaited or sent"]
pub struct NamedCall<M: Mode = Async> {
    core: Arc<Core>,
    call: Result<Kind<M>>,
    truncation_allowed: bool,
}

#[derive(Debug, Clone)]
enum Kind<M: Mode> {
    Declared(Box<Call>),
    Plain(Box<RawRequest<M>>),
}

impl<M: Mode> NamedCall<M> {
    pub(crate) fn new(core: Arc<Core>, name: &str, params: &str) -> Self {
        let short = core.short_name(name);
        let call = match core.operation(short) {
            Ok(operation) => Call::from_json(operation, params).map(|call| Kind::Declared(Box::new(call))),
            Err(_) if plain::VERBS.contains(&short) => {
                plain::request(core.clone(), short, params).map(|request| Kind::Plain(Box::new(request)))
            }
            Err(error) => Err(error),
        };
        Self {
            core,
            call,
            truncation_allowed: false,
        }
    }

    /// Sends each request once, whatever happens.
    pub fn without_retries(mut self) -> Self {
        match &mut self.call {
            Ok(Kind::Declared(call)) => call.options.resend = false,
            Ok(Kind::Plain(request)) => request.options.resend = false,
            Err(_) => {}
        }
        self
    }

    /// Has [`paginated`](NamedCall::paginated) end without an error where the service gives no more rows though it may have
    /// some.
    pub const fn with_truncation(mut self) -> Self {
        self.truncation_allowed = true;
        self
    }

    /// The HTTP request this call would send, without credentials. Nothing is sent.
    ///
    /// # Errors
    /// Unknown names, and usage and validation errors of the parameters.
    pub fn into_request(self) -> Result<http::Request<bytes::Bytes>> {
        match self.call? {
            Kind::Declared(call) => self.core.export(*call),
            Kind::Plain(request) => request.into_request(),
        }
    }

    async fn fetch(self) -> Result<Response<Value>> {
        let mut raw = match self.call? {
            Kind::Declared(call) => self.core.send(*call).await?,
            Kind::Plain(request) => request.raw().await?,
        };
        if let Some(document) = raw.by_name.take() {
            raw.body = document;
        }
        Ok(Response::new(raw.document()?, raw))
    }

    /// Reads every page; the documents of all of them.
    async fn fetch_pages<T: DeserializeOwned>(self) -> Result<Vec<T>> {
        let call = match self.call? {
            Kind::Declared(call) if call.operation.paging.is_some() => *call,
            Kind::Declared(call) => {
                return Err(Error::usage(format!("`{}` does not answer in pages", call.operation)));
            }
            Kind::Plain(_) => return Err(Error::usage("a plain request does not answer in pages")),
        };
        let mut pages = Pages::<serde::de::IgnoredAny, Async>::new(self.core, call);
        if self.truncation_allowed {
            pages = pages.with_truncation();
        }
        let mut documents = Vec::new();
        while let Some(page) = pages.next().await {
            documents.push(page?.json()?);
        }
        Ok(documents)
    }
}

impl IntoFuture for NamedCall<Async> {
    type Output = Result<Response<Value>>;
    type IntoFuture = futures_util::future::BoxFuture<'static, Self::Output>;
    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.fetch())
    }
}

impl NamedCall<Async> {
    /// Reads every page and answers the list of their documents.
    ///
    /// # Errors
    /// See [`Error`](crate::Error); a usage error when the operation has no pages, and
    /// [`Error::Truncated`](crate::Error::Truncated) where the service stops giving rows.
    pub async fn paginated(self) -> Result<Vec<Value>> {
        self.fetch_pages().await
    }

    /// Reads every page and answers the list of their documents as another type, for example
    /// [`RawValue`](serde_json::value::RawValue) to keep them as they came.
    ///
    /// # Errors
    /// See [`Error`](crate::Error); a usage error when the operation has no pages, and
    /// [`Error::Truncated`](crate::Error::Truncated) where the service stops giving rows.
    pub async fn paginated_as<T: DeserializeOwned>(self) -> Result<Vec<T>> {
        self.fetch_pages().await
    }
}

impl NamedCall<Blocking> {
    /// Sends the call and waits for its answer.
    ///
    /// # Errors
    /// See [`Error`](crate::Error).
    pub fn send(self) -> Result<Response<Value>> {
        self.core.clone().block_on(self.fetch())
    }

    /// Reads every page and answers the list of their documents.
    ///
    /// # Errors
    /// See [`Error`](crate::Error); a usage error when the operation has no pages, and
    /// [`Error::Truncated`](crate::Error::Truncated) where the service stops giving rows.
    pub fn paginated(self) -> Result<Vec<Value>> {
        self.core.clone().block_on(self.fetch_pages())
    }
}

impl Raw {
    /// The body as plain JSON; null where an answer rightly has none.
    pub(crate) fn document(&self) -> Result<Value> {
        let may_be_empty = self.model.is_none() || self.status.as_u16() != 200;
        if self.body.is_empty() && may_be_empty {
            return Ok(Value::Null);
        }
        match self.decode() {
            // Undeclared paths may answer anything: `text()` and `bytes()` have it.
            Err(_) if self.model.is_none() => Ok(Value::Null),
            decoded => decoded,
        }
    }
}
