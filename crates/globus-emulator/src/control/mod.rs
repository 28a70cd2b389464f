//! The control routes below `/_emulator/`: for the tests and the people that run an emulator, never for its clients.
//!
//! They take no token and suffer no faults. They answer only to requests that name a loopback host, so that a page in a
//! browser cannot reach them under a name of its own.

pub(crate) mod faults;
pub(crate) mod mint;
pub(crate) mod people;
pub(crate) mod requests;
pub(crate) mod requirements;
mod spoil;
pub(crate) mod state;
pub(crate) mod times;
mod transfer;

use std::sync::Arc;
use std::time::Duration;

use axum::body::to_bytes;
use axum::extract::{Extension, Request};
use axum::response::Response;
use http::{Method, StatusCode};
use jiff::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::clock::micros;
use crate::exchange::{Fields, Reply};
use crate::hosts::is_local;
use crate::routes::CONTROL_PREFIX;
use crate::seed::Seed;
use crate::server::{self, Shared};
use crate::services::flows::engine::disturbance::ActionFault;
use faults::Fault;
use requests::Wanted;

/// The largest document that the control routes read.
const LARGEST_BODY: usize = 64 * 1024 * 1024;

/// Serves a control route.
pub(crate) async fn serve(Extension(shared): Extension<Arc<Shared>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    if !is_local(&parts.uri, &parts.headers) {
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
    let query = Fields::parse(parts.uri.query().unwrap_or_default().as_bytes());
    let path = path.to_owned();
    let (method, control) = (parts.method.clone(), Arc::clone(&shared));
    // Who moves the clock waits for tasks, and nobody is to wait for that.
    let answered = tokio::task::spawn_blocking(move || answer(&control, &method, &path, &query, &body));
    let reply = match answered.await {
        Ok(answer) => answer.unwrap_or_else(|reply| reply),
        Err(_) => problem(
            StatusCode::INTERNAL_SERVER_ERROR,
            "The emulator failed; please report how",
        ),
    };
    if parts.method != Method::GET
        && let Err(what) = shared.save_all().await
    {
        return server::finish(problem(StatusCode::INTERNAL_SERVER_ERROR, &what));
    }
    server::finish(reply)
}

fn answer(shared: &Shared, method: &Method, path: &str, query: &Fields, body: &Value) -> Result<Reply, Reply> {
    match (method.as_str(), path) {
        ("GET", "" | "health") => Ok(Reply::ok(&json!({
            "name": "globus-emulator",
            "version": env!("CARGO_PKG_VERSION"),
            "url": shared.setting.origin,
            "time": micros(shared.world().time.now()),
        }))),
        ("GET", "clock") => Ok(time(shared)),
        ("POST", "clock") => {
            let by = match read(body)? {
                Move {
                    advance: Some(by),
                    at: None,
                } => Duration::try_from_secs_f64(by).ok(),
                Move {
                    advance: None,
                    at: Some(at),
                } => Duration::try_from(at.duration_since(shared.world().time.now())).ok(),
                _ => None,
            };
            let by = by.ok_or_else(|| {
                invalid("\"advance\" is a number of seconds, not negative, or \"at\" is a time that is not past")
            })?;
            shared.advance(by);
            Ok(time(shared))
        }
        ("GET", "requests") => {
            let wanted = Wanted::read(&shared.world(), query).map_err(|what| invalid(&what))?;
            let requests = shared.control().requests();
            Ok(Reply::ok(&json!({"requests": wanted.of(requests)})))
        }
        ("DELETE", "requests") => {
            shared.control().clear_requests();
            Ok(Reply::ok(&json!({"requests": []})))
        }
        ("GET", "faults") => Ok(faults(shared)),
        ("POST", "faults") => {
            let fault: Fault = read(&named(shared, body)?)?;
            fault.check().map_err(invalid)?;
            shared.control().add_fault(fault);
            Ok(faults(shared))
        }
        ("DELETE", "faults") => {
            shared.control().clear_faults();
            Ok(faults(shared))
        }
        ("POST", "reset") => {
            let to = if body.is_null() {
                None
            } else {
                read::<Reset>(body)?.seed
            };
            match to {
                None => shared.reset(),
                Some(seed) => shared
                    .reset_to(seed_of(&seed)?)
                    .map_err(|error| invalid(&error.to_string()))?,
            }
            Ok(Reply::ok(&json!({"reset": true})))
        }
        ("POST", "seed") => {
            shared
                .add(seed_of(body)?)
                .map_err(|error| invalid(&error.to_string()))?;
            Ok(Reply::ok(&json!({"added": true})))
        }
        ("GET", "actions") => Ok(actions(shared)),
        ("POST", "actions") => {
            let fault: ActionFault = read(body)?;
            fault.check().map_err(invalid)?;
            shared.world().flows.faults.push(fault);
            Ok(actions(shared))
        }
        ("DELETE", "actions") => {
            shared.world().flows.faults.clear();
            Ok(actions(shared))
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
        (
            _,
            "" | "health" | "clock" | "requests" | "faults" | "actions" | "reset" | "seed" | "snapshot" | "restore",
        ) => Err(no_method()),
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

/// Where to move the clock.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Move {
    /// Seconds.
    advance: Option<f64>,
    at: Option<Timestamp>,
}

/// What to go back to.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reset {
    /// Another world than that of the last seed.
    seed: Option<Value>,
}

fn seed_of(document: &Value) -> Result<Seed, Reply> {
    Seed::from_json(&document.to_string()).map_err(|error| invalid(&error.to_string()))
}

/// The document of a fault, in which a user may be named as people are everywhere else.
fn named(shared: &Shared, body: &Value) -> Result<Value, Reply> {
    let mut body = body.clone();
    if let Some(identity) = body.get_mut("identity")
        && let Some(name) = identity.as_str()
    {
        let found = shared.world().auth.person(name).map(|row| row.id);
        let unknown = Uuid::parse_str(name).ok();
        *identity = found
            .or(unknown)
            .ok_or_else(|| invalid(&format!("there is no identity {name}")))?
            .to_string()
            .into();
    }
    Ok(body)
}

fn actions(shared: &Shared) -> Reply {
    Reply::ok(&json!({"actions": *shared.world().flows.faults}))
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
