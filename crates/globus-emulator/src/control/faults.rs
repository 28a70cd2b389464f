//! Failing on demand.

use std::collections::BTreeMap;
use std::io;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::response::Response;
use bytes::Bytes;
use futures_util::stream;
use http::header::CONTENT_LENGTH;
use http::{HeaderName, HeaderValue, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::watch;
use uuid::Uuid;

use crate::exchange::{Incoming, Reply};
use crate::services::Service;

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
    /// How many requests it meets; null: all until it is cleared.
    #[serde(default = "once")]
    pub(crate) times: Option<u32>,
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
    /// Milliseconds of real time, whatever the clock.
    #[serde(default)]
    delay_ms: u64,
}

#[allow(clippy::unnecessary_wraps, reason = "the type of the field")]
fn once() -> Option<u32> {
    Some(1)
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
            times: once(),
            skip: 0,
            effect,
            moment: Moment::Before,
            status: unavailable(),
            headers: BTreeMap::new(),
            body: None,
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
        self.times = Some(times);
        self
    }

    /// Meets requests until the faults are cleared.
    pub fn always(mut self) -> Self {
        self.times = None;
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
        let good = |(name, value): (&String, &String)| {
            name.parse::<HeaderName>().is_ok() && value.parse::<HeaderValue>().is_ok()
        };
        if self.headers.iter().all(good) {
            Ok(())
        } else {
            Err("\"headers\" has what is no header")
        }
    }

    pub(crate) fn meets(&self, request: &Incoming, identity: Option<Uuid>) -> bool {
        self.times != Some(0)
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

    /// Whether the service gets to see the request.
    pub(crate) fn lets_through(&self) -> bool {
        self.moment == Moment::After || matches!(self.effect, Effect::Slow | Effect::Truncate)
    }

    /// The answer of the fault itself.
    pub(crate) fn reply(&self, request: &Incoming) -> Reply {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
        let service = Service::of_path(&request.path).unwrap_or(Service::Auth);
        let mut reply = match &self.body {
            None => service.error(status, code(status), "A fault was asked for", &request.path),
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

    /// Does to an answer what the fault does.
    pub(crate) async fn apply(&self, response: Response, stop: &watch::Sender<bool>) -> Response {
        match self.effect {
            Effect::Answer => response,
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
fn code(status: StatusCode) -> &'static str {
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
