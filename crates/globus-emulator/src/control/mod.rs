//! The control routes below `/_emulator/`: for the tests and the people that run an emulator, never for its clients.
//!
//! They take no token and suffer no faults. They answer only to requests that name a loopback host, so that a page in a
//! browser cannot reach them under a name of its own.

pub(crate) mod faults;
pub(crate) mod mint;
pub(crate) mod people;
pub(crate) mod requests;
pub(crate) mod requirements;
pub(crate) mod state;
mod transfer;

use std::sync::Arc;
use std::time::Duration;

use axum::body::to_bytes;
use axum::extract::{Extension, Request};
use axum::response::Response;
use http::header::{HOST, ORIGIN};
use http::{HeaderMap, Method, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::clock::micros;
use crate::exchange::Reply;
use crate::routes::CONTROL_PREFIX;
use crate::server::{self, Shared};
use faults::Fault;

/// The largest document that the control routes read.
const LARGEST_BODY: usize = 64 * 1024 * 1024;

/// Serves a control route.
pub(crate) async fn serve(Extension(shared): Extension<Arc<Shared>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    if !is_local(&parts.headers) {
        return server::finish(problem(
            StatusCode::FORBIDDEN,
            "The control routes are for this machine only",
        ));
    }
    let Ok(body) = to_bytes(body, LARGEST_BODY).await else {
        return server::finish(problem(StatusCode::PAYLOAD_TOO_LARGE, "The document is too large"));
    };
    let body = match serde_json::from_slice(&body) {
        Ok(body) => body,
        Err(_) if body.is_empty() => Value::Null,
        Err(error) => return server::finish(problem(StatusCode::BAD_REQUEST, &format!("Not JSON: {error}"))),
    };
    if !(body.is_object() || body.is_null()) {
        return server::finish(invalid("The document is a JSON object"));
    }
    let path = parts
        .uri
        .path()
        .strip_prefix(CONTROL_PREFIX)
        .unwrap_or_default()
        .trim_matches('/');
    let reply = answer(&shared, &parts.method, path, &body).unwrap_or_else(|reply| reply);
    if parts.method != Method::GET
        && let Err(what) = shared.save_all().await
    {
        return server::finish(problem(StatusCode::INTERNAL_SERVER_ERROR, &what));
    }
    server::finish(reply)
}

fn answer(shared: &Shared, method: &Method, path: &str, body: &Value) -> Result<Reply, Reply> {
    match (method.as_str(), path) {
        ("GET", "" | "health") => Ok(Reply::ok(&json!({
            "name": "globus-emulator",
            "version": env!("CARGO_PKG_VERSION"),
            "url": shared.setting.origin,
            "time": micros(shared.world().time.now()),
        }))),
        ("GET", "clock") => Ok(time(shared)),
        ("POST", "clock") => {
            let by = body
                .get("advance")
                .and_then(Value::as_f64)
                .and_then(|by| Duration::try_from_secs_f64(by).ok());
            let by = by.ok_or_else(|| invalid("\"advance\" is a number of seconds, not negative"))?;
            shared.world().advance(by);
            Ok(time(shared))
        }
        ("GET", "requests") => Ok(Reply::ok(&json!({"requests": shared.control().requests()}))),
        ("DELETE", "requests") => {
            shared.control().clear_requests();
            Ok(Reply::ok(&json!({"requests": []})))
        }
        ("GET", "faults") => Ok(faults(shared)),
        ("POST", "faults") => {
            let fault: Fault = read(body)?;
            fault.check().map_err(invalid)?;
            shared.control().add_fault(fault);
            Ok(faults(shared))
        }
        ("DELETE", "faults") => {
            shared.control().clear_faults();
            Ok(faults(shared))
        }
        ("POST", "reset") => {
            shared.reset();
            Ok(Reply::ok(&json!({"reset": true})))
        }
        ("GET", "snapshot") => {
            let text = shared.snapshot().map_err(|what| invalid(&what))?;
            Ok(Reply {
                body: text.into(),
                ..Reply::ok(&Value::Null)
            })
        }
        ("POST", "restore") => {
            shared.restore(&body.to_string()).map_err(|what| invalid(&what))?;
            Ok(Reply::ok(&json!({"restored": true})))
        }
        (_, "" | "health" | "clock" | "requests" | "faults" | "reset" | "snapshot" | "restore") => Err(no_method()),
        (_, path) if people::ROUTES.contains(&path) => {
            people::answer(shared, method, path, body)?.ok_or_else(no_method)
        }
        (_, path) if transfer::ROUTES.contains(&path) => {
            transfer::answer(shared, method, path, body)?.ok_or_else(no_method)
        }
        _ => Err(problem(StatusCode::NOT_FOUND, "There is no such control route")),
    }
}

/// Reads the document of a request.
fn read<T: DeserializeOwned>(body: &Value) -> Result<T, Reply> {
    serde_json::from_value(body.clone()).map_err(|error| invalid(&error.to_string()))
}

fn time(shared: &Shared) -> Reply {
    Reply::ok(&json!({"time": micros(shared.world().time.now())}))
}

fn faults(shared: &Shared) -> Reply {
    Reply::ok(&json!({"faults": shared.control().faults()}))
}

fn no_method() -> Reply {
    problem(StatusCode::METHOD_NOT_ALLOWED, "This control route has no such method")
}

fn invalid(what: &str) -> Reply {
    problem(StatusCode::BAD_REQUEST, what)
}

fn problem(status: StatusCode, what: &str) -> Reply {
    Reply::json(status, &json!({"error": what}))
}

/// Whether a request names a loopback host, and comes from no page or from one of a loopback host.
fn is_local(headers: &HeaderMap) -> bool {
    let host = headers.get(HOST).and_then(|value| value.to_str().ok());
    let page = headers
        .get(ORIGIN)
        .map(|value| value.to_str().ok().and_then(|text| text.split_once("://")));
    host.is_none_or(is_loopback) && page.is_none_or(|page| page.is_some_and(|(_, host)| is_loopback(host)))
}

fn is_loopback(authority: &str) -> bool {
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    };
    matches!(host, "localhost" | "127.0.0.1" | "[::1]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_names_count() {
        for good in ["localhost", "localhost:9700", "127.0.0.1:1", "[::1]:80", "[::1]"] {
            assert!(is_loopback(good), "{good}");
        }
        for bad in [
            "",
            "example.org",
            "localhost.example.org",
            "127.0.0.1.example.org:80",
            "[::2]",
            "evil:127.0.0.1",
        ] {
            assert!(!is_loopback(bad), "{bad}");
        }
    }
}
