//! The action providers of Transfer. Each asks the emulator's own Transfer, as the real ones ask the real one: with a token
//! that the flow has from the person for whom it acts.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::actions::{Action, Progress};
use crate::exchange::{Incoming, Job, Outcome, Reply};
use crate::services::auth::tokens::{Token, after};
use crate::services::flows::runs::Run;
use crate::services::transfer::access::ALL;
use crate::services::transfer::handlers::{files, submit, tasks};
use crate::world::World;

/// How long a step that is late waits for a task.
const MOMENT: Duration = Duration::from_secs(1);

/// What an action does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Operation {
    Transfer,
    Delete,
    Ls,
    Mkdir,
}

impl Operation {
    pub(super) const ALL: [Self; 4] = [Self::Transfer, Self::Delete, Self::Ls, Self::Mkdir];

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Transfer => "transfer",
            Self::Delete => "delete",
            Self::Ls => "ls",
            Self::Mkdir => "mkdir",
        }
    }
}

/// What Transfer answered: a document, or an error.
type Answer = Result<Value, (StatusCode, Value)>;

pub(super) fn drive(
    operation: Operation,
    action: &mut Action,
    world: &mut World,
    run: &Run,
    at: Timestamp,
) -> Result<(), String> {
    if action.task.is_some() {
        look(action, world, run, at);
        return Ok(());
    }
    let input = action.input.as_object().ok_or("The input is no object")?.clone();
    let answer = match operation {
        Operation::Transfer => {
            let body = transfer(world, input)?;
            call(
                world,
                run,
                action,
                at,
                Method::POST,
                "transfer",
                "",
                &body,
                submit::transfer,
            )
        }
        Operation::Delete => {
            let body = delete(world, input)?;
            call(
                world,
                run,
                action,
                at,
                Method::POST,
                "delete",
                "",
                &body,
                submit::delete,
            )
        }
        Operation::Ls => ls(world, run, action, at, input)?,
        Operation::Mkdir => mkdir(world, run, action, at, input)?,
    };
    let submits = matches!(operation, Operation::Transfer | Operation::Delete);
    match answer {
        Ok(document) if submits => {
            let id = document["task_id"].as_str().and_then(|id| Uuid::parse_str(id).ok());
            action.task = Some(id.ok_or("Transfer gave no task")?);
            action.progress = Progress::Active(None);
            look(action, world, run, at);
        }
        Ok(document) => {
            action.progress = Progress::Succeeded;
            action.details = document;
        }
        Err((_, document)) if document["code"] == "ConsentRequired" => {
            let scopes = document["required_scopes"].as_array().into_iter().flatten();
            let scopes: Vec<&str> = scopes.filter_map(Value::as_str).collect();
            action.wants_consent(run, &scopes);
        }
        Err((_, document)) if submits => {
            return Err(format!(
                "Transfer refused: {}: {}",
                document["code"].as_str().unwrap_or_default(),
                document["message"].as_str().unwrap_or_default(),
            ));
        }
        Err((status, document)) => {
            action.progress = Progress::Failed;
            action.details = document;
            action.details["http_status"] = status.as_u16().into();
        }
    }
    Ok(())
}

/// Looks how far the task of an action is.
fn look(action: &mut Action, world: &mut World, run: &Run, at: Timestamp) {
    let Some(id) = action.task else { return };
    // All wait meanwhile: what takes longer is looked at again.
    if world.flows.late && !world.transfer.engine.work().rest_for(id, MOMENT) {
        world.flows.late = false;
    }
    let path = format!("task/{id}");
    let answer = call(world, run, action, at, Method::GET, &path, "", &Value::Null, tasks::get);
    let document = answer.unwrap_or_else(|(_, document)| document);
    action.progress = match document["status"].as_str() {
        Some("SUCCEEDED") => Progress::Succeeded,
        Some("ACTIVE" | "INACTIVE") => Progress::Active(None),
        _ => Progress::Failed,
    };
    action.details = document;
}

/// Ends the task of an action.
pub(super) fn cancel(action: &Action, world: &World) {
    if let Some(id) = action.task {
        world.transfer.engine.cancel(id, None);
    }
}

/// Takes a field out of an input, under either of its names.
fn take(input: &mut Map<String, Value>, names: [&str; 2]) -> Result<Value, String> {
    let found = names.iter().find_map(|name| input.remove(*name));
    found.ok_or_else(|| format!("$.{}: field required", names[0]))
}

fn submission(world: &mut World, mut input: Map<String, Value>, kind: &str) -> Map<String, Value> {
    input.insert("DATA_TYPE".to_owned(), kind.into());
    input.insert("submission_id".to_owned(), world.ids.uuid().to_string().into());
    input
}

/// The document of a transfer.
fn transfer(world: &mut World, mut input: Map<String, Value>) -> Result<Value, String> {
    let source = take(&mut input, ["source_endpoint_id", "source_endpoint"])?;
    let destination = take(&mut input, ["destination_endpoint_id", "destination_endpoint"])?;
    let items = take(&mut input, ["transfer_items", "DATA"])?;
    let mut document = submission(world, input, "transfer");
    document.insert("source_endpoint".to_owned(), source);
    document.insert("destination_endpoint".to_owned(), destination);
    document.insert("DATA".to_owned(), items_of(items, "transfer_item"));
    Ok(Value::Object(document))
}

/// The document of a deletion.
fn delete(world: &mut World, mut input: Map<String, Value>) -> Result<Value, String> {
    let endpoint = take(&mut input, ["endpoint_id", "endpoint"])?;
    let items = take(&mut input, ["items", "DATA"])?;
    let mut document = submission(world, input, "delete");
    document.insert("endpoint".to_owned(), endpoint);
    document.insert("DATA".to_owned(), items_of(items, "delete_item"));
    Ok(Value::Object(document))
}

/// Items with their type; a mere text is the path of one.
fn items_of(items: Value, kind: &str) -> Value {
    let Value::Array(items) = items else { return items };
    let typed = items.into_iter().map(|item| match item {
        Value::String(path) => json!({"DATA_TYPE": kind, "path": path}),
        Value::Object(mut map) => {
            map.entry("DATA_TYPE").or_insert_with(|| kind.into());
            Value::Object(map)
        }
        other => other,
    });
    typed.collect()
}

fn endpoint(input: &mut Map<String, Value>) -> Result<String, String> {
    let id = take(input, ["endpoint_id", "endpoint"])?;
    id.as_str()
        .map(str::to_owned)
        .ok_or_else(|| "$.endpoint_id: str type expected".to_owned())
}

fn ls(
    world: &mut World,
    run: &Run,
    action: &Action,
    at: Timestamp,
    mut input: Map<String, Value>,
) -> Result<Answer, String> {
    let id = endpoint(&mut input)?;
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in &input {
        match value {
            Value::String(text) => query.append_pair(name, text),
            other => query.append_pair(name, &other.to_string()),
        };
    }
    let (path, query) = (format!("operation/endpoint/{id}/ls"), query.finish());
    Ok(call(
        world,
        run,
        action,
        at,
        Method::GET,
        &path,
        &query,
        &Value::Null,
        |world, request| files::ls(world, request).map(done),
    ))
}

fn mkdir(
    world: &mut World,
    run: &Run,
    action: &Action,
    at: Timestamp,
    mut input: Map<String, Value>,
) -> Result<Answer, String> {
    let id = endpoint(&mut input)?;
    input.insert("DATA_TYPE".to_owned(), "mkdir".into());
    let (path, body) = (format!("operation/endpoint/{id}/mkdir"), Value::Object(input));
    Ok(call(
        world,
        run,
        action,
        at,
        Method::POST,
        &path,
        "",
        &body,
        |world, request| files::mkdir(world, request).map(done),
    ))
}

/// Does what is left of a request for files: a glance at a folder, for which the world can wait.
fn done(job: Job) -> Reply {
    job()
}

/// Asks Transfer, with a token for this one request.
#[allow(clippy::too_many_arguments, reason = "a request has so many parts")]
fn call(
    world: &mut World,
    run: &Run,
    action: &Action,
    at: Timestamp,
    method: Method,
    path: &str,
    query: &str,
    body: &Value,
    handler: impl FnOnce(&mut World, &Incoming) -> Outcome,
) -> Answer {
    let consents = world.auth.consents.rows();
    let allowed = consents.filter(|row| row.scope_name == ALL && run.consents.contains(&row.root()));
    let token = Token {
        client: run.flow_id,
        identity: action.creator,
        resource_server: "transfer.api.globus.org".to_owned(),
        scopes: vec![ALL.to_owned()],
        issued: at,
        expires: after(world.time.now(), SignedDuration::from_hours(1)),
        session: None,
        consents: allowed.map(|row| row.id).collect(),
    };
    let World { auth, ids, .. } = world;
    let token = auth.mint(ids, token);
    let mut headers = HeaderMap::new();
    if let Ok(value) = HeaderValue::from_str(&format!("Bearer {token}")) {
        headers.insert(header::AUTHORIZATION, value);
    }
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let segments: Vec<&str> = path.split('/').collect();
    let params = match segments.as_slice() {
        ["task", id] => vec![("task_id".to_owned(), (*id).to_owned())],
        ["operation", "endpoint", id, _] => vec![("endpoint_id".to_owned(), (*id).to_owned())],
        _ => Vec::new(),
    };
    let request = Incoming {
        method,
        path: format!("/v0.10/{path}"),
        query: query.to_owned(),
        headers,
        body: Bytes::from(body.to_string()),
        params,
    };
    let reply = handler(world, &request).unwrap_or_else(|reply| reply);
    world.auth.tokens.remove(&token);
    let document = serde_json::from_slice(&reply.body).unwrap_or(Value::Null);
    if reply.status.is_success() {
        Ok(document)
    } else {
        Err((reply.status, document))
    }
}
