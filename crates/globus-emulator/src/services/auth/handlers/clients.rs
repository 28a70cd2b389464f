//! Clients that programs make for themselves. <https://docs.globus.org/api/auth/reference/#create_client>

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::StatusCode;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::clock::micros;
use crate::exchange::{Credentials, Fields, Incoming, Outcome, Reply};
use crate::services::auth::state::Client;
use crate::services::auth::{access, documents, errors};
use crate::world::World;

/// The kinds of clients, and whether they have secrets.
const TYPES: [(&str, bool); 7] = [
    ("confidential_client", true),
    ("public_installed_client", false),
    ("public_webapp_client", false),
    ("client_identity", true),
    ("resource_server", true),
    ("globus_connect_server", true),
    ("hybrid_confidential_client_resource_server", true),
];

/// Makes an instance of a template, which takes no authentication, or the child of a client.
pub(crate) fn create(world: &mut World, request: &Incoming) -> Outcome {
    let body = request.json().unwrap_or_default();
    let wanted = body.get("client").filter(|client| client.is_object());
    let wanted = wanted.ok_or_else(|| errors::bad_request(request, "The document has no \"client\""))?;
    let name = text(wanted, "name").ok_or_else(|| errors::bad_request(request, "The client has no name"))?;
    if let Some(template) = wanted.get("template_id") {
        let id = template.as_str().and_then(|text| Uuid::parse_str(text).ok());
        let template = id.and_then(|id| world.auth.clients.get(&id));
        let template = template.filter(|client| client.secret.is_none() && client.is_installed());
        let template = template.ok_or_else(|| errors::not_found(request, "There is no such template"))?;
        let instance = Client {
            id: Uuid::nil(),
            name: name.to_owned(),
            secret: Some(String::new()),
            client_type: "confidential_client".to_owned(),
            redirect_uris: template.redirect_uris.clone(),
            scope_suffixes: Vec::new(),
            template: Some(template.id),
        };
        let parent = template.id;
        return Ok(add(world, instance, parent));
    }
    match request.credentials() {
        Credentials::Basic { .. } => child(world, request, wanted, name),
        Credentials::Bearer(_) => {
            access::bearer(world, request)?;
            let what = "The emulator does not do clients of projects yet";
            Err(errors::not_emulated(request, what))
        }
        Credentials::Missing | Credentials::Malformed => Err(errors::unauthorized(request)),
    }
}

/// A client whose parent is the calling client.
fn child(world: &mut World, request: &Incoming, wanted: &Value, name: &str) -> Outcome {
    let parent = access::confidential(world, request, &Fields::default())?.id;
    let client_type = match (wanted.get("public_client"), wanted.get("client_type")) {
        (Some(Value::Bool(true)), None) => "public_installed_client",
        (Some(Value::Bool(false)), None) => "confidential_client",
        (None, Some(Value::String(kind))) => kind.as_str(),
        _ => {
            let what = "Exactly one of public_client and client_type is required";
            return Err(errors::bad_request(request, what));
        }
    };
    let Some((client_type, has_secret)) = TYPES.iter().find(|(known, _)| *known == client_type) else {
        return Err(errors::bad_request(request, "There is no such client_type"));
    };
    let uris = wanted.get("redirect_uris").and_then(Value::as_array);
    let uris = uris.into_iter().flatten().filter_map(Value::as_str);
    let client = Client {
        id: Uuid::nil(),
        name: name.to_owned(),
        secret: has_secret.then(String::new),
        client_type: (*client_type).to_owned(),
        redirect_uris: uris.map(str::to_owned).collect(),
        scope_suffixes: Vec::new(),
        template: None,
    };
    Ok(add(world, client, parent))
}

/// Keeps a client under a new id and, if it is to have one, with a new secret, which the answer tells this once.
fn add(world: &mut World, mut client: Client, parent: Uuid) -> Reply {
    client.id = world.ids.uuid();
    let mut included = json!({});
    if client.secret.is_some() {
        let secret = STANDARD.encode(Sha256::digest(world.ids.token()));
        included = json!({"client_credential": {
            "id": world.ids.uuid(),
            "name": "Made with the client",
            "client": client.id,
            "created": micros(world.time.now()),
            "secret": secret,
        }});
        client.secret = Some(secret);
    }
    let document = json!({"client": documents::client(&client, Some(parent)), "included": included});
    world.auth.add_client(client);
    Reply::json(StatusCode::CREATED, &document)
}

fn text<'a>(document: &'a Value, name: &str) -> Option<&'a str> {
    document
        .get(name)
        .and_then(Value::as_str)
        .map(str::trim)
        .filter(|text| !text.is_empty())
}
