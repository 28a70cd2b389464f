//! Secrets of clients. <https://docs.globus.org/api/auth/reference/#client_credentials>

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::StatusCode;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::clients;
use crate::exchange::{Incoming, Outcome, Reply};
use crate::services::auth::access::MANAGE;
use crate::services::auth::client::Credential;
use crate::services::auth::documents::developers as documents;
use crate::services::auth::errors;
use crate::services::auth::fields::Document;
use crate::world::World;

/// A new secret.
pub(super) fn draw(world: &mut World, name: &str) -> Credential {
    Credential {
        id: world.ids.uuid(),
        name: name.to_owned(),
        created: world.time.now(),
        secret: STANDARD.encode(Sha256::digest(world.ids.token())),
    }
}

/// The credentials of a client, without the secrets.
pub(crate) fn list(world: &mut World, request: &Incoming) -> Outcome {
    let client = clients::managed(world, request, &[MANAGE])?;
    let rows = client.credentials.iter();
    let rows: Vec<Value> = rows.map(|row| documents::credential(&client, row, None)).collect();
    Ok(Reply::ok(&json!({"credentials": rows})))
}

/// Makes another secret; this answer alone tells it.
pub(crate) fn create(world: &mut World, request: &Incoming) -> Outcome {
    let client = clients::managed(world, request, &[MANAGE])?;
    let name = Document::read(request, "credential")?.required_text("name")?;
    if client.is_public() {
        return Err(errors::bad_request(request, "A public client has no secrets"));
    }
    let row = draw(world, &name);
    let document = documents::credential(&client, &row, Some(&row.secret));
    if let Some(client) = world.auth.clients.get_mut(&client.id) {
        client.credentials.push(row);
    }
    Ok(Reply::json(StatusCode::CREATED, &json!({"credential": document})))
}

/// Ends a secret.
pub(crate) fn delete(world: &mut World, request: &Incoming) -> Outcome {
    let client = clients::managed(world, request, &[MANAGE])?;
    let id = request.param_uuid("credential_id");
    let row = client.credentials.iter().find(|row| Some(row.id) == id);
    let row = row.ok_or_else(|| errors::not_found(request, "There is no such credential"))?;
    if let Some(client) = world.auth.clients.get_mut(&client.id) {
        client.credentials.retain(|kept| kept.id != row.id);
    }
    Ok(Reply::ok(
        &json!({"credential": documents::credential(&client, row, None)}),
    ))
}
