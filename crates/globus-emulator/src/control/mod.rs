//! The control routes below `/_emulator/`: for the tests and the people that run an emulator, never for its clients.
//!
//! They take no token and suffer no faults. They answer only to requests that name a loopback host, so that a page in a
//! browser cannot reach them under a name of its own.

pub(crate) mod faults;
pub(crate) mod mint;
pub(crate) mod requests;
pub(crate) mod state;

use std::sync::Arc;
use std::time::Duration;

use axum::body::to_bytes;
use axum::extract::{Extension, Request};
use axum::response::Response;
use http::header::{HOST, ORIGIN};
use http::{HeaderMap, Method, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::clock::micros;
use crate::exchange::Reply;
use crate::routes::CONTROL_PREFIX;
use crate::server::{self, Shared};
use crate::services::auth::documents;
use faults::Fault;
use mint::Mint;

/// The largest document that the control routes read.
const LARGEST_BODY: usize = 1024 * 1024;

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
    server::finish(answer(&shared, &parts.method, path, &body).unwrap_or_else(|reply| reply))
}

fn answer(shared: &Shared, method: &Method, path: &str, body: &Value) -> Result<Reply, Reply> {
    match (method.as_str(), path) {
        ("GET", "" | "health") => Ok(Reply::ok(&json!({
            "name": "globus-emulator",
            "version": env!("CARGO_PKG_VERSION"),
            "url": shared.origin,
            "time": micros(shared.world().time.now()),
        }))),
        ("GET", "clock") => Ok(time(shared)),
        ("POST", "clock") => {
            let by = body
                .get("advance")
                .and_then(Value::as_f64)
                .and_then(|by| Duration::try_from_secs_f64(by).ok());
            let by = by.ok_or_else(|| invalid("\"advance\" is a number of seconds, not negative"))?;
            shared.world().time.advance(by);
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
        ("POST", "tokens") => {
            let wanted: Mint = read(body)?;
            let issued = mint::tokens(&mut shared.world(), &wanted);
            let issued = issued.map_err(|error| invalid(&error.to_string()))?;
            Ok(Reply::ok(&documents::tokens(&issued)))
        }
        ("POST", "tokens/expire") => expire(shared, body),
        ("POST", "sign-in") => {
            let SignIn { url, identity } = read(body)?;
            let there = shared.sign_in(&url, &identity);
            let there = there.map_err(|error| invalid(&error.to_string()))?;
            Ok(Reply::ok(&json!({"redirect": there.redirect(), "code": there.code()})))
        }
        ("POST", "reset") => {
            shared.reset();
            Ok(Reply::ok(&json!({"reset": true})))
        }
        (_, "" | "health" | "clock" | "requests" | "faults" | "tokens" | "tokens/expire" | "sign-in" | "reset") => Err(
            problem(StatusCode::METHOD_NOT_ALLOWED, "This control route has no such method"),
        ),
        _ => Err(problem(StatusCode::NOT_FOUND, "There is no such control route")),
    }
}

/// A login to go through.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignIn {
    url: String,
    identity: String,
}

/// Reads the document of a request.
fn read<T: DeserializeOwned>(body: &Value) -> Result<T, Reply> {
    serde_json::from_value(body.clone()).map_err(|error| invalid(&error.to_string()))
}

/// Ends one token, the tokens of an identity or client, or all.
fn expire(shared: &Shared, body: &Value) -> Result<Reply, Reply> {
    let field = |name: &str| match body.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.as_str())),
        Some(_) => Err(invalid(&format!("\"{name}\" is a text"))),
    };
    let (token, identity, client) = (field("token")?, field("identity")?, field("client")?);
    let mut world = shared.world();
    let now = world.time.now();
    let mut expired = 0_u64;
    for (text, row) in &mut world.auth.tokens {
        let wanted = token.is_none_or(|wanted| wanted == text)
            && identity.is_none_or(|wanted| wanted == row.identity.to_string())
            && client.is_none_or(|wanted| wanted == row.client.to_string());
        if wanted && row.expires > now {
            row.expires = now;
            expired += 1;
        }
    }
    Ok(Reply::ok(&json!({"expired": expired})))
}

fn time(shared: &Shared) -> Reply {
    Reply::ok(&json!({"time": micros(shared.world().time.now())}))
}

fn faults(shared: &Shared) -> Reply {
    Reply::ok(&json!({"faults": shared.control().faults()}))
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
