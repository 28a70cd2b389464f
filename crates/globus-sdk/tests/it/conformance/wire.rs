//! Compares what was sent and answered with what was recorded.

use globus_sdk::error::{Error, ErrorKind};
use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::client::{Seen, is_refusal};
use super::vector::{FRESH, Vector};

/// What is expected of a call: as recorded, or as a rule says.
#[derive(Debug, Clone)]
pub(super) struct Expected {
    pub(super) requests: Vec<Value>,
    pub(super) outcome: Outcome,
}

#[derive(Debug, Clone)]
pub(super) enum Outcome {
    /// A document; of a paginated call the list of pages.
    Data(Value),
    /// A service's error: the recorded result.
    Api(Value),
    /// Refused before anything was sent.
    Refused,
    /// An error of this kind.
    Error(ErrorKind),
}

impl Expected {
    pub(super) fn recorded(vector: &Vector) -> Self {
        let result = &vector.result;
        let outcome = if result["ok"] == true {
            Outcome::Data(result.get("value").unwrap_or(&result["data"]).clone())
        } else if result.get("http_status").is_some() {
            Outcome::Api(result.clone())
        } else {
            Outcome::Refused
        };
        Self {
            requests: vector.requests.clone(),
            outcome,
        }
    }

    /// The first difference.
    pub(super) fn check(&self, seen: &[Seen], answer: &Result<Value, Error>) -> Result<(), String> {
        for (recorded, seen) in self.requests.iter().zip(seen) {
            request(recorded, seen)?;
        }
        same("number of requests", &self.requests.len(), &seen.len())
            .map_err(|difference| format!("{difference}; answer {answer:?}"))?;
        match (&self.outcome, answer) {
            (Outcome::Data(data), Ok(answer)) => same("data", data, answer),
            (Outcome::Api(recorded), Err(Error::Api(error))) => {
                let ours = serde_json::json!({
                    "http_status": error.http_status().as_u16(),
                    "code": error.code(),
                    "message": error.message(),
                    "messages": error.messages(),
                    "request_id": error.request_id(),
                });
                let mut fields = ours.as_object().into_iter().flatten();
                fields.try_for_each(|(name, value)| same(name, &recorded[name], value))
            }
            (Outcome::Refused, Err(error)) if is_refusal(error) => Ok(()),
            (Outcome::Error(kind), Err(error)) => same("kind of error", kind, &error.kind()),
            (expected, answer) => Err(format!("expected {expected:?}, got {answer:?}")),
        }
    }
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, recorded: &T, ours: &T) -> Result<(), String> {
    if recorded == ours {
        return Ok(());
    }
    Err(format!("{what}: recorded {recorded:?}, ours {ours:?}"))
}

/// Headers that belong to the network or to the SDK itself.
const OWN: [&str; 3] = ["user-agent", "x-globus-client-info", "content-length"];

pub(super) fn request(recorded: &Value, seen: &Seen) -> Result<(), String> {
    same(
        "method",
        &recorded["method"].as_str().unwrap_or_default(),
        &seen.method.as_str(),
    )?;
    let raw = recorded["raw_url"].as_str().unwrap_or_default();
    same("address and path", &address(raw), &address(&seen.url))?;
    let query = serde_json::to_value(pairs(seen.url.split_once('?').map_or("", |(_, query)| query)));
    same("query", &recorded["query"], &query.unwrap_or_default())?;
    headers(recorded, seen)?;
    body(&recorded["body"], &seen.body)
}

/// Scheme and host, and the segments of the path, unescaped.
fn address(url: &str) -> (String, Vec<String>) {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    let (scheme, rest) = url.split_once("://").unwrap_or_default();
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let decode = |segment: &str| percent_decode_str(segment).decode_utf8_lossy().into_owned();
    (format!("{scheme}://{host}"), path.split('/').map(decode).collect())
}

/// The pairs of a query or a form, in order.
pub(super) fn pairs(text: &str) -> Vec<(String, String)> {
    url::form_urlencoded::parse(text.as_bytes()).into_owned().collect()
}

fn headers(recorded: &Value, seen: &Seen) -> Result<(), String> {
    let ours = |name: &str| {
        seen.headers
            .get(name)
            .map(|value| String::from_utf8_lossy(value.as_bytes()))
    };
    let theirs = recorded["headers"].as_object().expect("headers");
    for (name, value) in theirs.iter().filter(|(name, _)| !OWN.contains(&name.as_str())) {
        same(name, &value.as_str(), &ours(name).as_deref())?;
    }
    for name in seen.headers.keys().filter(|name| !OWN.contains(&name.as_str())) {
        same(name.as_str(), &theirs.contains_key(name.as_str()), &true)?;
    }
    // The program's name follows that of the SDK.
    let program = |agent: &str| agent.split_once('/').map(|(_, program)| program.to_owned());
    if let Some(agent) = theirs.get("user-agent").and_then(Value::as_str) {
        let ours = ours("user-agent").unwrap_or_default();
        same("program in the user agent", &program(agent), &program(&ours))?;
        same("client info", &true, &seen.headers.contains_key("x-globus-client-info"))?;
        if seen.body.is_empty() {
            let recorded = theirs.get("content-length").and_then(Value::as_str);
            let length = seen.headers.get("content-length").and_then(|value| value.to_str().ok());
            same("content-length", &recorded, &length)?;
        }
    }
    Ok(())
}

/// Writes the recorded stand-in over the UUIDs that were drawn.
pub(crate) fn forget_drawn(recorded: &Value, ours: &mut Value) {
    match (recorded, ours) {
        (Value::Object(recorded), Value::Object(ours)) => {
            for (name, value) in ours {
                forget_drawn(recorded.get(name).unwrap_or(&Value::Null), value);
            }
        }
        (Value::String(recorded), Value::String(ours)) if recorded == FRESH && uuid::Uuid::parse_str(ours).is_ok() => {
            FRESH.clone_into(ours);
        }
        _ => {}
    }
}

fn body(recorded: &Value, ours: &[u8]) -> Result<(), String> {
    let text = String::from_utf8_lossy(ours);
    if recorded.is_null() {
        return same("body", &"", &text.as_ref());
    }
    if let Some(json) = recorded.get("json") {
        let mut ours: Value = serde_json::from_str(&text).map_err(|error| format!("body: {error}: {text}"))?;
        forget_drawn(json, &mut ours);
        return same("JSON body", json, &ours);
    }
    if let Some(form) = recorded.get("form") {
        let mut theirs: Vec<(String, String)> = serde_json::from_value(form.clone()).expect("pairs");
        let mut ours = pairs(&text);
        theirs.sort();
        ours.sort();
        return same("form", &theirs, &ours);
    }
    // A caller's own content type: recorded as text, and JSON all the same.
    let theirs = recorded["text"].as_str().unwrap_or_default();
    let json = |text: &str| serde_json::from_str::<Value>(text).ok();
    match (json(theirs), json(&text)) {
        (Some(theirs), Some(ours)) => same("body", &theirs, &ours),
        _ => same("body", &theirs, &text.as_ref()),
    }
}
