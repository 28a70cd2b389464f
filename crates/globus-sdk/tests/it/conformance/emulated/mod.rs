//! Every operation by its name, once, against a server that answers.

mod arguments;
mod made;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use globus_emulator::{Clock, Emulator, seed};
use globus_sdk::AnyClient;
use globus_sdk::authorizers::{AccessTokenAuthorizer, BasicAuthorizer};
use globus_sdk::config::Config;
use globus_sdk::error::Error;
use globus_sdk::operation::{ClientSpec, Operation};
use globus_sdk::services::{CLIENTS, operation, operations};
use serde_json::{Value, json};

use self::arguments::{ARGUMENTS, REFUSED};
use self::made::arguments;
use super::models::{Calls, answers, composed_of, fixtures};
use crate::http_server::{Asked, HttpServer};

/// How long an answer may take. None waits for anything; a machine that is busy may.
const PATIENCE: Duration = Duration::from_secs(60);
/// The emulator's status for what it does not serve.
const NOT_SERVED: u16 = 501;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_operation_is_called_by_name_once() {
    // Time stands still unless it is moved: a run that has begun has not ended yet.
    let emulator = Emulator::builder().clock(Clock::logical()).start().await;
    let (emulator, calls) = (emulator.expect("an emulator"), Calls::load());
    let canned = Canned::start();
    let (mut failures, mut served, mut refused, mut from_collection) = (Vec::new(), 0, 0, 0);
    for row in operations() {
        emulator.reset();
        let params = arguments(&emulator, row, &calls).await;
        let expected = REFUSED.iter().find(|(key, ..)| *key == row.key());
        let outcome = match called(&client(&emulator, row.client, None), row, &params).await {
            Ok((status, body)) => {
                served += 1;
                // What the emulator answers is written without our types: it must fit them.
                match calls.of(row).filter(|_| composed_of(row).is_none()) {
                    _ if expected.is_some() => Err("succeeds: take it out of REFUSED".to_owned()),
                    Some(prepared) => prepared.answered(status, body).await,
                    None => Ok(()),
                }
            }
            Err(error) => match (
                error.api().map(|api| (api.http_status().as_u16(), api.code())),
                expected,
            ) {
                (Some((NOT_SERVED, _)), Some(_)) => Err("is not served: take it out of REFUSED".to_owned()),
                (Some((NOT_SERVED, _)), None) if ARGUMENTS.iter().any(|(key, _)| *key == row.key()) => {
                    Err("is not served: take it out of ARGUMENTS".to_owned())
                }
                (Some((NOT_SERVED, _)), None) => {
                    from_collection += 1;
                    canned
                        .called(&client(&emulator, row.client, Some(&canned)), row, &params)
                        .await
                }
                (Some(answer), Some((_, status, code, _))) if answer == (*status, Some(*code)) => {
                    refused += 1;
                    Ok(())
                }
                (Some(_), Some((_, status, code, _))) => {
                    Err(format!("{error}: expected is {status} {code}, as REFUSED says"))
                }
                _ => Err(format!(
                    "{error}: it is served; write arguments into ARGUMENTS with which it succeeds, or its error into REFUSED"
                )),
            },
        };
        failures.extend(outcome.err().map(|error| format!("{row} {params}: {error}")));
    }
    println!("{served} operations answered 2xx, {refused} as REFUSED says, {from_collection} from the collection");
    let keys = ARGUMENTS
        .iter()
        .map(|(key, _)| *key)
        .chain(REFUSED.iter().map(|(key, ..)| *key));
    failures.extend(
        keys.filter(|key| operation(key).is_none())
            .map(|key| format!("{key}: is no operation")),
    );
    assert!(
        failures.is_empty(),
        "{} operations\n{}",
        failures.len(),
        failures.join("\n")
    );
    let all = served + refused + from_collection;
    assert_eq!(all, operations().count(), "every operation has one outcome");
}

/// Calls an operation once; its status and document.
async fn called(client: &AnyClient, row: &Operation, params: &str) -> Result<(u16, Value), Error> {
    let call = client.call(row.name, params).without_retries();
    let answer = tokio::time::timeout(PATIENCE, call).await.expect("an answer in time")?;
    Ok((answer.status().as_u16(), answer.into_inner()))
}

/// A server that has the answers of the collection, for what the emulator does not serve: each at the method and the path of
/// its operation.
struct Canned {
    server: HttpServer,
    row: Arc<Mutex<Option<&'static Operation>>>,
}

impl Canned {
    fn start() -> Self {
        let row: Arc<Mutex<Option<&'static Operation>>> = Arc::default();
        let (asked_for, fixtures) = (row.clone(), fixtures().collect::<Vec<_>>());
        let server = HttpServer::start(move |request| {
            let row = asked_for
                .lock()
                .expect("no panic while it was held")
                .expect("an operation");
            match answers(&fixtures, row, None).first() {
                Some(fixture) if is_at(row, request) => (fixture.status, fixture.body.clone()),
                Some(_) => (404, json!({ "code": "NotFound", "message": "another method or path" })),
                None => (
                    404,
                    json!({ "code": "NotFound", "message": "no answer in the collection" }),
                ),
            }
        });
        Self { server, row }
    }

    /// Calls an operation, which must ask once and succeed.
    async fn called(&self, client: &AnyClient, row: &'static Operation, params: &str) -> Result<(), String> {
        let asked_for = composed_of(row).and_then(operation).unwrap_or(row);
        *self.row.lock().expect("no panic while it was held") = Some(asked_for);
        let before = self.server.asked().len();
        let (status, _) = called(client, row, params).await.map_err(|error| error.to_string())?;
        match (status, self.server.asked().len() - before) {
            (200..300, 1) => Ok(()),
            (status, requests) => Err(format!("{status} after {requests} requests")),
        }
    }
}

/// Whether a request has the method and the path of an operation; a parameter stands for any one segment.
fn is_at(row: &Operation, request: &Asked) -> bool {
    let path = request.target.split('?').next().unwrap_or_default();
    let (mut here, mut there) = (
        path.trim_start_matches('/').split('/'),
        row.path.trim_start_matches('/').split('/'),
    );
    let fits = |here: &str, there: &str| {
        if there.starts_with('{') {
            !here.is_empty()
        } else {
            here == there
        }
    };
    let segments = there
        .by_ref()
        .all(|there| here.next().is_some_and(|here| fits(here, there)));
    request.method == row.method.as_str() && segments && here.next().is_none()
}

fn spec(id: &str) -> &'static ClientSpec {
    CLIENTS.iter().find(|spec| spec.id == id).expect("a client")
}

/// A client of the emulator, or of the collection, as Alice, as an administrator where endpoints are managed, or as the
/// seeded program where a client has credentials of its own.
fn client(emulator: &Emulator, spec: &'static ClientSpec, canned: Option<&Canned>) -> AnyClient {
    let env = emulator.env();
    let lookup = move |name: &str| env.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    let builder = AnyClient::builder(spec.id).expect("a client");
    let mut builder = builder.config(Config::from_lookup(lookup).expect("its addresses"));
    match canned {
        Some(canned) => builder = builder.base_url(canned.server.url()),
        None if spec.id == "gcs" => {
            builder = builder.base_url(format!("{}{}/api/", emulator.url(), seed::EXAMPLE_ENDPOINT));
        }
        None => {}
    }
    if spec.is_login_client() {
        let native = spec.id == "native_app_auth";
        let id = if native {
            seed::NATIVE_CLIENT_ID
        } else {
            seed::CLIENT_ID
        };
        builder = builder.argument("client_id", id).expect("it takes a client id");
        if !native {
            builder = builder.authorizer(BasicAuthorizer::new(seed::CLIENT_ID, seed::CLIENT_SECRET));
        }
        return builder.build().expect("a client");
    }
    builder = builder
        .argument("flow_id", seed::FLOW_HELLO)
        .expect("a client may take a flow");
    let scopes = scopes(spec);
    let names: Vec<&str> = scopes.iter().map(String::as_str).collect();
    // What the emulator has no scopes for it does not serve either.
    let who = if spec.id == "gcs" { "admin" } else { "alice" };
    let token = emulator.mint_token(who, &names);
    builder
        .authorizer(AccessTokenAuthorizer::new(token.unwrap_or_else(|_| "none".to_owned())))
        .build()
        .expect("a client")
}

/// All scopes that the operations of a client name, or that of the flow.
fn scopes(spec: &'static ClientSpec) -> Vec<String> {
    if let Some(of) = spec.scopes_of {
        let id = if spec.id == "gcs" {
            seed::EXAMPLE_ENDPOINT
        } else {
            seed::FLOW_HELLO
        };
        return vec![of(id).expect("a scope").to_string()];
    }
    let named = spec.operations().flat_map(|row| row.scopes).chain(spec.default_scopes);
    let mut scopes: Vec<String> = named.map(|scope| (*scope).to_owned()).collect();
    scopes.sort();
    scopes.dedup();
    scopes
}
