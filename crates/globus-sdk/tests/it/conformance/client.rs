//! Clients from the notation of the vectors, and the network that they see.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use globus_sdk::AnyClient;
use globus_sdk::authorizers::{AccessTokenAuthorizer, Authorizer, BasicAuthorizer, NullAuthorizer};
use globus_sdk::client::ClientBuilder;
use globus_sdk::config::Config;
use globus_sdk::error::{Error, Result};
use globus_sdk::services::CLIENTS;
use globus_sdk::transport::{
    Ambient, AnswerBody, FixedRandom, ManualClock, Transport, TransportError, TransportErrorKind,
};
use http::{HeaderMap, Request, Response};
use serde_json::Value;

use super::json::{Entries, Json};
use super::vector::{Arguments, Vector};

/// Answers what a vector recorded, request by request, and remembers what was asked.
#[derive(Debug, Default)]
pub(super) struct Script {
    answers: Vec<Value>,
    seen: Mutex<Vec<Seen>>,
}

/// A request that came.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) method: String,
    pub(super) url: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Script {
    pub(super) fn new(answers: &[Value]) -> Arc<Self> {
        Arc::new(Self {
            answers: answers.to_vec(),
            seen: Mutex::default(),
        })
    }

    pub(super) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().expect("no panic while it was held").clone()
    }
}

impl Transport for Script {
    fn send(
        &self,
        request: Request<Bytes>,
        _: Option<Duration>,
    ) -> BoxFuture<'_, Result<Response<AnswerBody>, TransportError>> {
        let (parts, body) = request.into_parts();
        let mut seen = self.seen.lock().expect("no panic while it was held");
        let answer = self.answers.get(seen.len()).map(answer);
        seen.push(Seen {
            method: parts.method.to_string(),
            url: parts.uri.to_string(),
            headers: parts.headers,
            body,
        });
        let none = || TransportError::new(TransportErrorKind::Invalid, "one request more than was recorded");
        Box::pin(async move { answer.ok_or_else(none) })
    }
}

fn answer(recorded: &Value) -> Response<AnswerBody> {
    let status = recorded["status"]
        .as_u64()
        .and_then(|status| u16::try_from(status).ok());
    let mut response = Response::builder().status(status.expect("a status"));
    let headers = recorded["headers"].as_object().expect("headers");
    for (name, value) in headers {
        response = response.header(name, value.as_str().expect("a text"));
    }
    let body = match (recorded.get("body_text"), recorded.get("body")) {
        (Some(text), _) => text.as_str().expect("a text").to_owned(),
        (None, Some(body)) => {
            if !headers.keys().any(|name| name.eq_ignore_ascii_case("content-type")) {
                response = response.header("content-type", "application/json");
            }
            body.to_string()
        }
        (None, None) => String::new(),
    };
    response.body(Bytes::from(body).into()).expect("a response")
}

/// Builds the client of a vector.
pub(super) fn build(vector: &Vector, script: Arc<Script>) -> Result<AnyClient> {
    let spec = CLIENTS.iter().find(|spec| spec.name == vector.client);
    let builder = AnyClient::builder(spec.expect("the client is declared").id)?
        .config(Config::default())
        .transport(script)
        .ambient(Ambient::new(ManualClock::at_unix(1_700_000_000), FixedRandom::new(0.0)));
    let Arguments { args, kwargs } = &vector.construct;
    configure(builder, &vector.client, args, kwargs)?.build()
}

type Builder = ClientBuilder<AnyClient>;

fn configure(mut builder: Builder, client: &str, args: &[Json], kwargs: &Entries) -> Result<Builder> {
    let names: &[&str] = match client {
        "AuthLoginClient" | "NativeAppAuthClient" => &["client_id"],
        "ConfidentialAppAuthClient" => &["client_id", "client_secret"],
        "SpecificFlowClient" => &["flow_id"],
        "GCSClient" => &["gcs_address"],
        "GCSCollectionClient" => &["collection_id", "collection_address"],
        "GroupsManager" => &["client"],
        _ => &[],
    };
    let positional = names.iter().map(|name| (*name).to_owned()).zip(args.iter().cloned());
    let arguments: Entries = positional.chain(kwargs.iter().cloned()).collect();
    let text = |name: &str| {
        arguments
            .iter()
            .find(|(key, _)| key == name)
            .and_then(|(_, value)| value.text())
    };
    for (name, value) in &arguments {
        builder = match (name.as_str(), value.marked()) {
            (_, Some(("__client__", _))) => {
                let inner = value.get("kwargs").and_then(Json::entries).expect("keyword arguments");
                configure(builder, "", &[], inner)?
            }
            (_, Some(("__authorizer__", class))) => {
                let args: Vec<&str> = value
                    .get("args")
                    .map_or(&[][..], Json::list)
                    .iter()
                    .filter_map(Json::text)
                    .collect();
                builder.authorizer(authorizer(class.text().expect("a class"), &args))
            }
            ("client_secret", _) => {
                let id = text("client_id").expect("a client id");
                builder.authorizer(BasicAuthorizer::new(id, value.text().expect("a secret")))
            }
            (name, _) => builder.argument(name, value.text().expect("a text"))?,
        };
    }
    Ok(builder)
}

fn authorizer(class: &str, args: &[&str]) -> Arc<dyn Authorizer> {
    match (class, args) {
        ("AccessTokenAuthorizer", [token]) => Arc::new(AccessTokenAuthorizer::new(*token)),
        ("BasicAuthorizer", [name, password]) => Arc::new(BasicAuthorizer::new(*name, *password)),
        ("NullAuthorizer", []) => Arc::new(NullAuthorizer),
        other => panic!("unknown authorizer {other:?}"),
    }
}

/// Whether nothing was sent because this library refused to.
pub(super) fn is_refusal(error: &Error) -> bool {
    use globus_sdk::error::ErrorKind::{LoginRequired, Scope, Usage, Validation};
    matches!(error.kind(), Usage | Validation | LoginRequired | Scope)
}
