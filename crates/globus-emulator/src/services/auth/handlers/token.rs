//! `POST /v2/oauth2/token`. <https://docs.globus.org/api/auth/reference/#client_credentials_grant>

use http::StatusCode;
use http::header::{CACHE_CONTROL, HeaderValue};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::exchange::{Fields, Incoming, Outcome, Reply};
use crate::services::auth::scope_request::ScopeRequest;
use crate::services::auth::state::{TOKEN_LIFE, Token};
use crate::services::auth::{access, documents, errors};
use crate::world::World;

/// Gives tokens for a grant.
pub(crate) fn issue(world: &mut World, request: &Incoming) -> Outcome {
    let form = request.form();
    match form.get("grant_type") {
        Some("client_credentials") => client_credentials(world, request, &form),
        Some(grant @ ("authorization_code" | "refresh_token" | "urn:globus:auth:grant_type:dependent_token")) => {
            Err(errors::oauth(
                StatusCode::NOT_IMPLEMENTED,
                "not_implemented",
                &format!("The emulator does not do the {grant} grant yet."),
            ))
        }
        Some(_) => Err(errors::oauth(
            StatusCode::BAD_REQUEST,
            "unsupported_grant_type",
            "There is no such grant type.",
        )),
        None => Err(errors::invalid_request("The form has no grant_type.")),
    }
}

fn client_credentials(world: &mut World, request: &Incoming, form: &Fields) -> Outcome {
    let client = access::confidential(world, request, form)?.id;
    let Some(text) = form.get("scope") else {
        return Err(errors::invalid_request("The form has no scope."));
    };
    let scopes = ScopeRequest::parse(text).map_err(|what| invalid_scope(&what))?;
    check_known(world, &scopes)?;
    let now = world.time.now();
    world.auth.consent(client, client, &scopes, now);
    Ok(secret(&tokens(world, client, client, &scopes)))
}

/// Refuses a request that names a scope, wherever in it, that does not exist.
fn check_known(world: &World, scopes: &ScopeRequest) -> Result<(), Reply> {
    if scopes.top.is_empty() {
        return Err(errors::invalid_request("The form has no scope."));
    }
    let unknown: Vec<&str> = scopes
        .nodes
        .iter()
        .map(|node| node.name.as_str())
        .filter(|name| !world.auth.scopes.contains_key(*name))
        .collect();
    if unknown.is_empty() {
        Ok(())
    } else {
        Err(invalid_scope(&format!("unknown scope: {}", unknown.join(", "))))
    }
}

fn invalid_scope(what: &str) -> Reply {
    errors::oauth(StatusCode::BAD_REQUEST, "invalid_scope", what)
}

/// One token for each resource server; that of Auth, or else the first, stands at the top.
fn tokens(world: &mut World, client: Uuid, identity: Uuid, scopes: &ScopeRequest) -> Value {
    let mut servers: Vec<(String, Vec<String>)> = Vec::new();
    for name in scopes.top_names() {
        let Some(row) = world.auth.scopes.get(name) else {
            continue;
        };
        match servers.iter_mut().find(|(server, _)| *server == row.resource_server) {
            Some((_, names)) => names.push(name.to_owned()),
            None => servers.push((row.resource_server.clone(), vec![name.to_owned()])),
        }
    }
    servers.sort_by_key(|(server, _)| server != access::RESOURCE_SERVER);
    let issued = world.time.now();
    let expires = issued.saturating_add(TOKEN_LIFE).unwrap_or(issued);
    let mut documents: Vec<Value> = Vec::with_capacity(servers.len());
    for (resource_server, scopes) in servers {
        let token = Token {
            client,
            identity,
            resource_server,
            scopes,
            issued,
            expires,
        };
        let text = world.auth.mint(&mut world.ids, token.clone());
        documents.push(documents::token(&text, &token));
    }
    let others = documents.split_off(1.min(documents.len()));
    let mut first = documents.pop().unwrap_or_else(|| json!({}));
    first["other_tokens"] = Value::Array(others);
    first
}

/// An answer that no cache may keep (RFC 6749, section 5.1).
fn secret(document: &Value) -> Reply {
    Reply::ok(document).with(CACHE_CONTROL, HeaderValue::from_static("no-store"))
}
