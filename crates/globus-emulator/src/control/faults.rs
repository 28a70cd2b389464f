//! Failing on demand.

use std::collections::BTreeMap;
use std::io;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::response::Response;
use bytes::Bytes;
use futures_util::stream;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderName, HeaderValue, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::watch;
use uuid::Uuid;

use super::spoil;
use super::times::Times;
use crate::exchange::{Incoming, Reply};
use crate::services::Service;
use crate::services::auth::id_token::Flaw;

/// What becomes of a request that meets a fault.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Effect {
    /// The given status, headers and body.
    #[default]
    Answer,
    /// The connection ends without an answer.
    Reset,
    /// The connection ends in the middle of the body.
    Truncate,
    /// The answer comes late.
    Slow,
    /// The answer says that its body is half as long as it is.
    Cut,
    /// The answer is the service's own, but for what `set`, `remove` and `content_type` make of it.
    Edit,
    /// An identity token in the answer is signed with another key than it says.
    WrongKey,
    /// An identity token in the answer is for another client.
    WrongAudience,
    /// The key set has another key, and identity tokens are signed with that.
    RotatedKeys,
}

/// Whether the request takes effect before it fails.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Moment {
    /// The service does not see the request.
    #[default]
    Before,
    /// The service has done what was asked, and the answer is lost.
    After,
}

/// A fault: which requests meet it, how many, and what becomes of them.
///
/// It meets the next request unless told otherwise: any method, any path, any identity, once.
///
/// ```
/// use globus_emulator::Fault;
///
/// let outage = Fault::status(503).method("GET").path("/v2/groups/*").header("retry-after", "1").times(2);
/// # let _ = outage;
/// ```
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(
    clippy::unsafe_derive_deserialize,
    reason = "what clippy takes for unsafe code is in the macro of a dependency"
)]
#[must_use]
pub struct Fault {
    #[serde(default)]
    method: Option<String>,
    /// Pattern of the path; `*` stands for any characters.
    #[serde(default)]
    path: Option<String>,
    #[serde(default)]
    identity: Option<Uuid>,
    /// The application that asks, told by its token or its credentials.
    #[serde(default)]
    client: Option<Uuid>,
    /// Which part of the requests it meets, from 0 to 1; drawn from `seed`, so that it is the same in every run.
    #[serde(default)]
    probability: Option<f64>,
    #[serde(default)]
    seed: u64,
    /// How many requests could have met it.
    #[serde(skip)]
    asked: u64,
    /// How many requests it meets; null: all until it is cleared.
    #[serde(default)]
    pub(crate) times: Times,
    /// How many requests pass before it begins.
    #[serde(default)]
    pub(crate) skip: u32,
    #[serde(default)]
    pub(crate) effect: Effect,
    #[serde(default)]
    pub(crate) moment: Moment,
    #[serde(default = "unavailable")]
    status: u16,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    /// JSON, or a text that goes out as it is; by default an error document of the service.
    #[serde(default)]
    body: Option<Value>,
    /// The code and the message of that error document.
    #[serde(default)]
    code: Option<String>,
    #[serde(default)]
    message: Option<String>,
    /// Members of the answer that are given another value, by JSON pointer (RFC 6901).
    #[serde(default)]
    set: BTreeMap<String, Value>,
    /// Members of the answer that are left out, by JSON pointer.
    #[serde(default)]
    remove: Vec<String>,
    #[serde(default)]
    content_type: Option<String>,
    /// Milliseconds of real time, whatever the clock.
    #[serde(default)]
    delay_ms: u64,
}

fn unavailable() -> u16 {
    503
}

impl Fault {
    fn new(effect: Effect) -> Self {
        Self {
            method: None,
            path: None,
            identity: None,
            client: None,
            probability: None,
            seed: 0,
            asked: 0,
            times: Times::default(),
            skip: 0,
            effect,
            moment: Moment::Before,
            status: unavailable(),
            headers: BTreeMap::new(),
            body: None,
            code: None,
            message: None,
            set: BTreeMap::new(),
            remove: Vec::new(),
            content_type: None,
            delay_ms: 0,
        }
    }

    /// Answers with a status, 200 to 599, and an error document of the service.
    pub fn status(status: u16) -> Self {
        Self {
            status,
            ..Self::new(Effect::Answer)
        }
    }

    /// Ends the connection without an answer.
    pub fn reset() -> Self {
        Self::new(Effect::Reset)
    }

    /// Ends the connection in the middle of the answer's body.
    pub fn truncate() -> Self {
        Self::new(Effect::Truncate)
    }

    /// Answers late, by a time of the real clock.
    pub fn slow(delay: Duration) -> Self {
        Self {
            delay_ms: u64::try_from(delay.as_millis()).unwrap_or(u64::MAX),
            ..Self::new(Effect::Slow)
        }
    }

    /// Says that the body is half as long as it is, so that what a client reads ends too early.
    pub fn cut() -> Self {
        Self::new(Effect::Cut)
    }

    /// Lets the service answer, and changes the answer: see [`set`](Self::set), [`remove`](Self::remove) and
    /// [`content_type`](Self::content_type).
    pub fn edit() -> Self {
        Self::new(Effect::Edit)
    }

    /// Signs identity tokens with another key than they say.
    pub fn wrong_key() -> Self {
        Self::new(Effect::WrongKey)
    }

    /// Makes identity tokens for another client.
    pub fn wrong_audience() -> Self {
        Self::new(Effect::WrongAudience)
    }

    /// Answers with another key set, and signs identity tokens with its key: what a client has kept of the keys is out of
    /// date. It is for `/jwk.json` and `/v2/oauth2/token`, or for one of them.
    pub fn rotated_keys() -> Self {
        Self::new(Effect::RotatedKeys)
    }

    /// Meets requests of one application only: those with one of its tokens, its secret or its id in the form.
    pub fn client(mut self, client: Uuid) -> Self {
        self.client = Some(client);
        self
    }

    /// Meets a part of the requests, from 0 to 1. Which, depends on nothing but the seed.
    pub fn probability(mut self, probability: f64, seed: u64) -> Self {
        self.probability = Some(probability);
        self.seed = seed;
        self
    }

    /// Sets the code of the error document that goes with a status.
    pub fn code(mut self, code: &str) -> Self {
        self.code = Some(code.to_owned());
        self
    }

    /// Sets the message of the error document that goes with a status.
    pub fn message(mut self, message: &str) -> Self {
        self.message = Some(message.to_owned());
        self
    }

    /// Gives a member of the answer, named by JSON pointer (`/has_next_page`), another value.
    pub fn set(mut self, pointer: &str, value: impl Into<Value>) -> Self {
        self.set.insert(pointer.to_owned(), value.into());
        self
    }

    /// Leaves a member of the answer out, named by JSON pointer (`/error/detail`).
    pub fn remove(mut self, pointer: &str) -> Self {
        self.remove.push(pointer.to_owned());
        self
    }

    /// Sends the answer as something else, such as `text/html`.
    pub fn content_type(mut self, content_type: &str) -> Self {
        self.content_type = Some(content_type.to_owned());
        self
    }

    /// Meets requests of one method only.
    pub fn method(mut self, method: &str) -> Self {
        self.method = Some(method.to_ascii_uppercase());
        self
    }

    /// Meets requests whose path fits a pattern, in which `*` stands for any characters.
    pub fn path(mut self, pattern: &str) -> Self {
        self.path = Some(pattern.to_owned());
        self
    }

    /// Meets requests with a token of one identity only.
    pub fn identity(mut self, identity: Uuid) -> Self {
        self.identity = Some(identity);
        self
    }

    /// Meets that many requests.
    pub fn times(mut self, times: u32) -> Self {
        self.times = Times(Some(times));
        self
    }

    /// Meets requests until the faults are cleared.
    pub fn always(mut self) -> Self {
        self.times = Times(None);
        self
    }

    /// Lets that many requests pass first.
    pub fn skip(mut self, skip: u32) -> Self {
        self.skip = skip;
        self
    }

    /// Strikes after the service has done what was asked.
    pub fn after(mut self) -> Self {
        self.moment = Moment::After;
        self
    }

    /// Adds a header to the answer.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.insert(name.to_ascii_lowercase(), value.to_owned());
        self
    }

    /// Sets the body of the answer: a JSON document, or a text that goes out as it is.
    pub fn body(mut self, body: impl Into<Value>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// Says what about a fault cannot work.
    pub(crate) fn check(&self) -> Result<(), &'static str> {
        if !(200..=599).contains(&self.status) {
            return Err("\"status\" is a number from 200 to 599");
        }
        if self.times.are_over() {
            return Err("\"times\" is a number from 1, or null for as often as it can");
        }
        if self.effect == Effect::Slow && self.delay_ms == 0 {
            return Err("a slow answer needs \"delay_ms\", a number of milliseconds from 1");
        }
        if self.probability.is_some_and(|part| !(0.0..=1.0).contains(&part)) {
            return Err("\"probability\" is a number from 0 to 1");
        }
        let mut pointers = self.set.keys().chain(&self.remove);
        if pointers.any(|pointer| !pointer.starts_with('/')) {
            return Err("\"set\" and \"remove\" name members by JSON pointer, such as \"/total\"");
        }
        let changes = self.content_type.is_some() || !(self.set.is_empty() && self.remove.is_empty());
        if self.effect == Effect::Edit && !changes {
            return Err("an edit needs \"set\", \"remove\" or \"content_type\"");
        }
        let content_type = self.content_type.as_ref().map(|text| text.parse::<HeaderValue>());
        if content_type.is_some_and(|parsed| parsed.is_err()) {
            return Err("\"content_type\" is no value of a header");
        }
        let good = |(name, value): (&String, &String)| {
            name.parse::<HeaderName>().is_ok() && value.parse::<HeaderValue>().is_ok()
        };
        if self.headers.iter().all(good) {
            Ok(())
        } else {
            Err("\"headers\" has what is no header")
        }
    }

    pub(crate) fn meets(&self, request: &Incoming, identity: Option<Uuid>, client: Option<Uuid>) -> bool {
        !self.times.are_over()
            && (self.client.is_none() || self.client == client)
            && self
                .method
                .as_deref()
                .is_none_or(|method| method.eq_ignore_ascii_case(request.method.as_str()))
            && self
                .path
                .as_deref()
                .is_none_or(|pattern| fits(pattern.as_bytes(), request.path.as_bytes()))
            && (self.identity.is_none() || self.identity == identity)
    }

    /// Whether it strikes a request that could meet it.
    pub(crate) fn draws(&mut self) -> bool {
        let Some(part) = self.probability else { return true };
        self.asked += 1;
        spoil::part_of_one(self.seed, self.asked) < part
    }

    /// Whether the service gets to see the request.
    pub(crate) fn lets_through(&self) -> bool {
        self.moment == Moment::After || !matches!(self.effect, Effect::Answer | Effect::Reset)
    }

    /// The answer of the fault itself.
    pub(crate) fn reply(&self, request: &Incoming) -> Reply {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
        let service = Service::of_path(&request.path).unwrap_or(Service::Auth);
        let mut reply = match &self.body {
            None => self.error(service, status, request),
            Some(Value::String(text)) => Reply {
                content_type: "text/html",
                body: Bytes::from(text.clone()),
                ..Reply::json(status, &Value::Null)
            },
            Some(document) => Reply::json(status, document),
        };
        for (name, value) in &self.headers {
            if let (Ok(name), Ok(value)) = (name.parse(), value.parse()) {
                reply = reply.with(name, value);
            }
        }
        reply
    }

    /// The error document of a service for a status.
    fn error(&self, service: Service, status: StatusCode, request: &Incoming) -> Reply {
        let message = self.message.as_deref().unwrap_or("A fault was asked for");
        let given = self.code.as_deref();
        // The token endpoint has a form of its own (RFC 6749, section 5.2).
        if request.path == "/v2/oauth2/token" && status.is_client_error() && status != StatusCode::TOO_MANY_REQUESTS {
            let document = serde_json::json!({"error": given.unwrap_or("invalid_grant"), "error_description": message});
            return Reply::json(status, &document);
        }
        service.error(
            status,
            given.unwrap_or_else(|| code(service, status)),
            message,
            &request.path,
        )
    }

    /// Makes of an answer what the fault makes of it, as far as that is about what it says.
    pub(crate) fn change(&self, reply: Reply) -> Reply {
        let reply = spoil::edit(reply, &self.set, &self.remove);
        match self.effect {
            Effect::WrongKey => spoil::identity(reply, Flaw::Key),
            Effect::WrongAudience => spoil::identity(reply, Flaw::Audience),
            Effect::RotatedKeys => spoil::identity(reply, Flaw::NewKey),
            _ => reply,
        }
    }

    /// Does to an answer what the fault does.
    pub(crate) async fn apply(&self, mut response: Response, stop: &watch::Sender<bool>) -> Response {
        if let Some(Ok(kind)) = self.content_type.as_ref().map(|text| text.parse()) {
            response.headers_mut().insert(CONTENT_TYPE, kind);
        }
        match self.effect {
            Effect::Answer | Effect::Edit | Effect::WrongKey | Effect::WrongAudience | Effect::RotatedKeys => response,
            Effect::Cut => {
                let (parts, body) = response.into_parts();
                let whole = to_bytes(body, usize::MAX).await.unwrap_or_default();
                let half = whole.len() / 2;
                let mut response = Response::from_parts(parts, Body::from(whole.slice(..half)));
                response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(half));
                response
            }
            Effect::Slow => {
                let mut stop = stop.subscribe();
                tokio::select! {
                    () = tokio::time::sleep(Duration::from_millis(self.delay_ms)) => {}
                    // Whether it stopped or nobody is left to stop it: the wait is over.
                    _ = stop.wait_for(|stopped| *stopped) => {}
                }
                response
            }
            // The server gives up a connection whose body fails, before or after the first part of it.
            Effect::Reset => broken(response, None),
            Effect::Truncate => {
                let (parts, body) = response.into_parts();
                let whole = to_bytes(body, usize::MAX).await.unwrap_or_default();
                let mut response = Response::from_parts(parts, Body::empty());
                response
                    .headers_mut()
                    .insert(CONTENT_LENGTH, HeaderValue::from(whole.len()));
                broken(response, Some(whole.slice(..whole.len() / 2)))
            }
        }
    }
}

fn broken(mut response: Response, first: Option<Bytes>) -> Response {
    let end = io::Error::new(io::ErrorKind::ConnectionReset, "a fault was asked for");
    let parts = first.map(Ok).into_iter().chain([Err(end)]);
    *response.body_mut() = Body::from_stream(stream::iter(parts));
    response
}

/// `ServiceUnavailable` and the like: what a service would call it.
fn code(service: Service, status: StatusCode) -> &'static str {
    match (service, status.as_u16()) {
        (Service::Transfer, 401) => return "ClientError.AuthenticationFailed",
        (Service::Groups, 401) => return "INVALID_TOKEN",
        (Service::Flows, 401) => return "AUTHENTICATION_ERROR",
        (Service::Auth, 401) => return "UNAUTHORIZED",
        (Service::Auth | Service::Flows | Service::Groups, 403) => return "FORBIDDEN",
        _ => {}
    }
    match status.as_u16() {
        400 => "BadRequest",
        401 => "AuthenticationFailed",
        403 => "PermissionDenied",
        404 => "NotFound",
        409 => "Conflict",
        429 => "TooManyRequests",
        500 => "InternalError",
        502 => "EndpointError",
        503 => "ServiceUnavailable",
        504 => "GatewayTimeout",
        _ => "Fault",
    }
}

/// Matches a pattern with `*` in time linear in both, but for what one star has to try again.
pub(crate) fn fits(pattern: &[u8], text: &[u8]) -> bool {
    let (mut at, mut read) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while read < text.len() {
        if pattern.get(at) == Some(&b'*') {
            star = Some((at, read));
            at += 1;
        } else if pattern.get(at) == Some(&text[read]) {
            at += 1;
            read += 1;
        } else if let Some((back, from)) = star {
            star = Some((back, from + 1));
            at = back + 1;
            read = from + 1;
        } else {
            return false;
        }
    }
    pattern[at..].iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_fit_paths() {
        for (pattern, text, wanted) in [
            ("*", "", true),
            ("*", "/a/b", true),
            ("/a/*", "/a/b/c", true),
            ("/a/*/c", "/a/b/c", true),
            ("/a/*/c", "/a/b/d", false),
            ("/a", "/a/b", false),
            ("*b", "/a/b", true),
            ("", "", true),
            ("", "/", false),
            ("/a*a*a*b", &format!("/{}", "a".repeat(2_000)), false),
        ] {
            assert_eq!(fits(pattern.as_bytes(), text.as_bytes()), wanted, "{pattern} {text}");
        }
    }

    #[test]
    fn a_fault_that_cannot_work_is_refused() {
        assert!(Fault::status(503).check().is_ok());
        assert!(Fault::status(99).check().is_err());
        assert!(Fault::status(200).header("a b", "c").check().is_err());
        assert!(serde_json::from_str::<Fault>(r#"{"effect": "explode"}"#).is_err());
        assert!(serde_json::from_str::<Fault>(r#"{"paht": "/x"}"#).is_err());
    }
}
