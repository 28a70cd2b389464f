//! [`Core`]: everything of a client but its type.

use std::pin::pin;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::HeaderMap;
use serde_json::value::RawValue;
use tracing::Instrument as _;
use url::Url;

use super::{Bond, Runtime};
use crate::error::{DecodeError, Error, Result};
use crate::operation::{
    Arg, Before, Binding, Call, ClientSpec, Kind, Operation, ResourceServer, check_arguments, encode,
};
use crate::response::Raw;
use crate::scopes::ScopeList;
use crate::transport::{Ambient, Answered, Exchange, Plan};

/// What tells one client from another; the rest is of no use to anybody who reads it.
impl std::fmt::Debug for Core {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct(self.spec.name)
            .field("base_url", &self.base_url.as_str())
            .field("arguments", &self.vars)
            .field("authenticated", &self.exchange.authenticates())
            .finish_non_exhaustive()
    }
}

/// Composites are several requests, or a decision between them.
fn single_request(operation: &Operation) -> Result<()> {
    match operation.kind {
        Kind::Request => Ok(()),
        Kind::Composite(_) => Err(Error::usage(format!(
            "`{operation}` is not one request; it can be called, but neither streamed nor taken as a request"
        ))),
    }
}

/// The answer of `get_submission_id`.
#[derive(serde::Deserialize)]
struct SubmissionId {
    value: Box<RawValue>,
}

/// What a client of any type consists of.
#[derive(Clone)]
pub struct Core {
    pub(crate) spec: &'static ClientSpec,
    pub(crate) base_url: Url,
    pub(crate) vars: Vec<(&'static str, String)>,
    pub(crate) headers: HeaderMap,
    pub(crate) timeout: Option<Duration>,
    pub(crate) exchange: Exchange,
    pub(crate) runtime: Option<Arc<Runtime>>,
    pub(crate) fetched: OnceLock<String>,
    pub(crate) bond: Option<Bond>,
}

impl Core {
    /// The same settings and connections for a client of another type.
    pub(crate) fn rebind(&self, spec: &'static ClientSpec) -> Arc<Self> {
        Arc::new(Self { spec, ..self.clone() })
    }

    /// The facts of the client's type.
    pub const fn spec(&self) -> &'static ClientSpec {
        self.spec
    }

    /// The URL below which the client's paths are.
    pub const fn base_url(&self) -> &Url {
        &self.base_url
    }

    /// Where the client's time and randomness come from.
    pub(crate) fn ambient(&self) -> &Ambient {
        self.exchange.ambient()
    }

    /// A constructor argument, for example `flow_id`.
    pub fn var(&self, name: &str) -> Option<&str> {
        self.vars
            .iter()
            .find(|(var, _)| *var == name)
            .map(|(_, value)| value.as_str())
    }

    /// `flows.list_flows` and `list_flows` are the same for a flows client.
    pub(crate) fn short_name<'a>(&self, name: &'a str) -> &'a str {
        name.strip_prefix(self.spec.id)
            .and_then(|rest| rest.strip_prefix('.'))
            .unwrap_or(name)
    }

    /// The operation of this client with that name or key.
    ///
    /// # Errors
    /// [`Error::Usage`] naming the operations that sound alike.
    pub fn operation(&self, name: &str) -> Result<&'static Operation> {
        let short = self.short_name(name);
        self.spec.operation(short).ok_or_else(|| {
            let near = crate::operation::nearest(short, self.spec.operations().map(|operation| operation.name));
            let near = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
            Error::usage(format!("`{}` has no operation `{short}`{near}", self.spec.name))
        })
    }

    /// Where the client's tokens come from, as far as it is known without asking.
    pub fn known_resource_server(&self) -> Option<&str> {
        match self.spec.resource_server {
            // A service of one's own has one if its client was told.
            ResourceServer::None => self.var("resource_server"),
            ResourceServer::Static(name) => Some(name),
            ResourceServer::FromVariable(var) => self.var(var),
            ResourceServer::Fetched(_) => self.fetched.get().map(String::as_str),
        }
    }

    pub(crate) fn add_app_scope(&self, scopes: ScopeList) -> Result<()> {
        let Some(bond) = &self.bond else {
            return Err(Error::usage(format!(
                "`{}` is bound to no app that could be told its scopes",
                self.spec.name
            )));
        };
        bond.register(self.known_resource_server(), scopes)
    }

    /// Where the client's tokens come from; a client whose server tells asks it once.
    ///
    /// # Errors
    /// Those of the operation that asks.
    pub async fn resource_server(self: &Arc<Self>) -> Result<Option<String>> {
        if let (None, ResourceServer::Fetched(name)) = (self.known_resource_server(), self.spec.resource_server) {
            let answer = self.clone().send(Call::new(self.operation(name)?)).await?;
            let fetched: String = answer.decode()?;
            let _ = self.fetched.set(fetched);
        }
        Ok(self.known_resource_server().map(ToOwned::to_owned))
    }

    /// Drives a future of a blocking client on the caller's thread.
    pub(crate) fn block_on<T: Send>(&self, future: impl Future<Output = T> + Send) -> T {
        self.runtime().block_on(future)
    }

    /// What drives the calls of a blocking client.
    pub(super) fn runtime(&self) -> &Arc<Runtime> {
        match &self.runtime {
            Some(runtime) => runtime,
            None => unreachable!("blocking clients are built with a runtime"),
        }
    }

    /// The request of a call for somebody else to send. What would have to be asked for first must be given.
    pub(crate) fn export(&self, mut call: Call) -> Result<http::Request<Bytes>> {
        single_request(call.operation)?;
        match call.operation.before {
            Some(Before::SubmissionId) if !call.has_field("submission_id") => Err(Error::usage(format!(
                "the request of `{}` needs a `submission_id` in its document: by itself it has nothing to draw one from",
                call.operation
            ))),
            Some(Before::FreshUuid(pointer)) => {
                self.draw(&mut call, pointer)?;
                self.encode(call)
            }
            _ => self.encode(call),
        }
    }

    /// The request of a call, with the client's own headers and without credentials.
    fn encode(&self, call: Call) -> Result<http::Request<Bytes>> {
        if let Some(link) = &call.link {
            self.own_origin(link).map_err(|why| {
                let page = format!("a page of `{}`", call.operation);
                Error::from(DecodeError::new(page, format!("its `links.next` {why}")))
            })?;
        }
        let binding = Binding {
            base_url: &self.base_url,
            vars: &self.vars,
            authenticated: self.exchange.authenticates(),
        };
        let operation = call.operation;
        let mut request = encode(call, &binding)?;
        self.add_headers(request.headers_mut());
        // For transports that want to know what they carry.
        request.extensions_mut().insert(operation);
        Ok(request)
    }

    /// The client's own headers, where the call does not bring its own.
    pub(crate) fn add_headers(&self, headers: &mut HeaderMap) {
        for (name, value) in &self.headers {
            headers.entry(name).or_insert_with(|| value.clone());
        }
    }

    /// What is wrong with a link that leads away from the client's service.
    pub(crate) fn own_origin(&self, link: &str) -> Result<(), String> {
        let url = self
            .base_url
            .join(link)
            .map_err(|error| format!("is no link: {error}"))?;
        if url.origin() == self.base_url.origin() {
            return Ok(());
        }
        Err(format!(
            "leads to {}, away from {}; it is not followed",
            url.origin().ascii_serialization(),
            self.base_url.origin().ascii_serialization()
        ))
    }

    /// Sends a call and reads its answer.
    pub(crate) fn send(self: Arc<Self>, call: Call) -> BoxFuture<'static, Result<Raw>> {
        match call.operation.kind {
            Kind::Composite(run) => run(Arc::new(self), call),
            Kind::Request => Box::pin(async move { self.request(call).await }),
        }
    }

    /// Sends the one request of a row and reads its answer.
    pub(crate) async fn request(&self, mut call: Call) -> Result<Raw> {
        self.prepare(&mut call).await?;
        let operation = call.operation;
        let mut raw = self.fetch(call).await?;
        raw.received = Some(self.ambient().clock.now());
        match operation.answer.unpack {
            Some(data_type) => Ok(raw.unpack(data_type)),
            None => Ok(raw),
        }
    }

    /// Sends the request of a call, and what comes before it; the body of the answer is still to be read.
    pub(crate) async fn open(&self, mut call: Call) -> Result<Answered> {
        let operation = call.operation;
        single_request(operation)?;
        self.prepare(&mut call).await?;
        let plan = self.plan(&call);
        let request = self.encode(call)?;
        // Pinned, so that it is not copied into the span's wrapper: it is large.
        pin!(self.exchange.run(request, &plan))
            .instrument(span(operation))
            .await
    }

    /// Sends the request of a call and reads its answer whole.
    async fn fetch(&self, call: Call) -> Result<Raw> {
        let operation = call.operation;
        let plan = self.plan(&call);
        let request = self.encode(call)?;
        let fetched = pin!(self.exchange.fetch(request, &plan));
        let fetched = fetched.instrument(span(operation)).await?;
        fetched.collect(Some(operation.answer.model)).await
    }

    fn plan(&self, call: &Call) -> Plan {
        let options = &call.options;
        Plan {
            idempotency: call.idempotency(),
            authorization: options.authorization && call.operation.authorization,
            redirects: options.redirects,
            timeout: options.timeout.unwrap_or(self.timeout),
            retry: options.retry.clone(),
            resend: options.resend,
        }
    }

    /// Draws a UUID for a field of the body, unless it is given.
    fn draw(&self, call: &mut Call, pointer: &str) -> Result<()> {
        check_arguments(call)?;
        call.draw(pointer, || self.ambient().uuid_v1().to_string())
    }

    /// The step before the request. What it draws stays with the call, so that a repetition carries the same.
    async fn prepare(&self, call: &mut Call) -> Result<()> {
        match call.operation.before {
            None => Ok(()),
            Some(Before::FreshUuid(pointer)) => self.draw(call, pointer),
            Some(Before::SubmissionId) => {
                if call.has_field("submission_id") {
                    return Ok(());
                }
                // Nothing is drawn for what would be refused afterwards.
                check_arguments(call)?;
                let mut draw = Call::new(self.operation("get_submission_id")?);
                draw.options = call.options.clone();
                let answer = self.fetch(draw).await?;
                let id: SubmissionId = answer.decode()?;
                call.fields.push(("submission_id".to_owned(), Arg::Json(id.value)));
                Ok(())
            }
        }
    }
}

/// What the log says around the requests of a call.
fn span(operation: &Operation) -> tracing::Span {
    tracing::debug_span!(target: "globus_sdk::client", "call", %operation)
}
