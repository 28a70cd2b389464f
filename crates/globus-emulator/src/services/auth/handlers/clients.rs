//! Clients: those of projects, and those that programs make for themselves.
//! <https://docs.globus.org/api/auth/reference/#clients_and_scopes_api>

use http::StatusCode;
use serde_json::{Value, json};
use url::Url;

use super::credentials;
use crate::exchange::{Credentials, Fields, Given, Incoming, Outcome, Reply};
use crate::services::auth::access::{self, MANAGE, VIEW_CLIENTS};
use crate::services::auth::client::{Client, TYPES};
use crate::services::auth::documents::developers as documents;
use crate::services::auth::errors;
use crate::services::auth::fields::Document;
use crate::world::World;

/// The client of the path, for those who may change it.
pub(super) fn managed(world: &World, request: &Incoming, scopes: &[&str]) -> Result<Client, Reply> {
    let developer = access::developer(world, request, scopes)?;
    let found = of_path(world, request)?;
    if developer.manages(world, found) {
        Ok(found.clone())
    } else {
        Err(errors::forbidden(
            request,
            "Only an administrator of the client's project may do this",
        ))
    }
}

fn of_path<'a>(world: &'a World, request: &Incoming) -> Result<&'a Client, Reply> {
    let found = request
        .param_uuid("client_id")
        .and_then(|id| world.auth.clients.get(&id));
    found.ok_or_else(|| errors::not_found(request, "There is no such client"))
}

/// The clients that the caller manages, or the one of a domain name.
pub(crate) fn list(world: &mut World, request: &Incoming) -> Outcome {
    let developer = access::developer(world, request, VIEW_CLIENTS)?;
    let mut rows = world.auth.clients.values();
    if let Some(fqdn) = request.query().get("fqdn") {
        let found = rows.find(|row| row.fqdns.iter().any(|known| known.eq_ignore_ascii_case(fqdn)));
        let found = found.filter(|row| row.is_visible || developer.manages(world, row));
        let found = found.ok_or_else(|| errors::not_found(request, "There is no such client"))?;
        return Ok(Reply::ok(&json!({"client": documents::client(&world.auth, found)})));
    }
    let rows = rows.filter(|row| developer.manages(world, row));
    let rows: Vec<Value> = rows.map(|row| documents::client(&world.auth, row)).collect();
    Ok(Reply::ok(&json!({"clients": rows})))
}

/// One client: one that everybody may see, or one of the caller's.
pub(crate) fn get(world: &mut World, request: &Incoming) -> Outcome {
    let developer = access::developer(world, request, VIEW_CLIENTS)?;
    let found = of_path(world, request)?;
    if !found.is_visible && !developer.manages(world, found) {
        return Err(errors::forbidden(request, "The client is private"));
    }
    Ok(Reply::ok(&json!({"client": documents::client(&world.auth, found)})))
}

/// Makes an instance of a template, which takes no authentication; the child of a client; or the client of a project.
pub(crate) fn create(world: &mut World, request: &Incoming) -> Outcome {
    let document = Document::read(request, "client")?;
    if document.has("template_id") {
        return instance(world, request, &document);
    }
    let mut row = Client {
        prompt_for_named_grant: true,
        ..Client::default()
    };
    match request.credentials() {
        Credentials::Basic { .. } => {
            let parent = access::confidential(world, request, &Fields::default())?;
            (row.parent, row.project) = (Some(parent.id), parent.project);
        }
        Credentials::Bearer(_) => {
            let developer = access::developer(world, request, &[MANAGE])?;
            let Given::Value(project) = document.id("project")? else {
                return Err(document.wrong("project", "is required"));
            };
            if !world.auth.projects.contains_key(&project) {
                return Err(document.wrong("project", "names no project"));
            }
            developer.require(world, request, project)?;
            row.project = Some(project);
        }
        Credentials::Missing | Credentials::Malformed => return Err(errors::unauthorized(request)),
    }
    row.name = document.required_text("name")?;
    row.client_type = match (document.flag("public_client")?, document.choice("client_type", &TYPES)?) {
        (Given::Value(true), Given::Absent | Given::Null) => "public_installed_client".to_owned(),
        (Given::Value(false), Given::Absent | Given::Null) => "hybrid_confidential_client_resource_server".to_owned(),
        (Given::Absent | Given::Null, Given::Value(kind)) => kind,
        _ => {
            let what = "Exactly one of public_client and client_type is required";
            return Err(errors::bad_request(request, what));
        }
    };
    apply(world, &document, &mut row)?;
    Ok(add(world, row))
}

/// A client of one installation of a program, made from the public client of that program.
fn instance(world: &mut World, request: &Incoming, document: &Document<'_>) -> Outcome {
    let name = document.required_text("name")?;
    let template = document.id("template_id")?.value();
    let template = template.and_then(|id| world.auth.clients.get(&id));
    let template = template.filter(|client| client.is_public() && client.is_installed());
    let template = template.ok_or_else(|| errors::not_found(request, "There is no such template"))?;
    let row = Client {
        name,
        client_type: "confidential_client".to_owned(),
        redirect_uris: template.redirect_uris.clone(),
        template: Some(template.id),
        ..Client::default()
    };
    Ok(add(world, row))
}

/// Keeps a client under a new id and, if it is to have one, with a secret, which the answer tells this once.
fn add(world: &mut World, mut row: Client) -> Reply {
    row.id = world.ids.uuid();
    let mut included = json!({});
    if !row.is_public() {
        let credential = credentials::draw(world, "Made with the client");
        included =
            json!({"client_credential": documents::credential(&row, &credential, Some(credential.secret.as_str()))});
        row.credentials.push(credential);
    }
    let document = json!({"client": documents::client(&world.auth, &row), "included": included});
    world.auth.add_client(row);
    Reply::json(StatusCode::CREATED, &document)
}

/// Changes what the document names; what kind of client it is stays.
pub(crate) fn update(world: &mut World, request: &Incoming) -> Outcome {
    let mut row = managed(world, request, &[MANAGE])?;
    let document = Document::read(request, "client")?;
    let kind = document.choice("client_type", &TYPES)?;
    if document
        .flag("public_client")?
        .value()
        .is_some_and(|public| public != row.is_public())
        || kind.value().is_some_and(|kind| kind != row.client_type)
    {
        return Err(document.wrong("client_type", "cannot be changed"));
    }
    document.text("name")?.replace(&mut row.name);
    apply(world, &document, &mut row)?;
    let document = json!({"client": documents::client(&world.auth, &row)});
    if let Some(identity) = world.auth.identities.get_mut(&row.id) {
        identity.name = Some(row.name.clone());
    }
    world.auth.clients.insert(row.id, row);
    Ok(Reply::ok(&document))
}

fn apply(world: &World, document: &Document<'_>, row: &mut Client) -> Result<(), Reply> {
    if let Given::Value(visibility) = document.choice("visibility", &["public", "private"])? {
        row.is_visible = visibility == "public";
    }
    let uris = document.list(
        "redirect_uris",
        "must be a list of addresses without fragments",
        |value| {
            let url = Url::parse(value.as_str()?).ok()?;
            url.fragment().is_none().then(|| value.as_str().map(str::to_owned))?
        },
    )?;
    uris.replace(&mut row.redirect_uris);
    document.id("required_idp")?.store(&mut row.required_idp);
    document.id("preselect_idp")?.store(&mut row.preselect_idp);
    for (name, provider) in [("required_idp", row.required_idp), ("preselect_idp", row.preselect_idp)] {
        if provider.is_some_and(|id| !world.auth.providers.contains_key(&id)) {
            return Err(document.wrong(name, "names no identity provider"));
        }
    }
    let prompt = document.flag("prompt_for_named_grant")?;
    prompt.replace(&mut row.prompt_for_named_grant);
    if let Given::Value(links) = document.object("links")? {
        let page = |name: &str| match links.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => address(value)
                .map(Some)
                .ok_or_else(|| document.wrong("links", "must be addresses of pages")),
        };
        row.links.privacy_policy = page("privacy_policy")?;
        row.links.terms_and_conditions = page("terms_and_conditions")?;
        if row.links.privacy_policy.is_some() != row.links.terms_and_conditions.is_some() {
            return Err(document.wrong("links", "must have both pages or none"));
        }
    }
    Ok(())
}

/// An address that a browser may be sent to.
fn address(value: &Value) -> Option<String> {
    let text = value.as_str()?;
    let url = Url::parse(text).ok()?;
    matches!(url.scheme(), "http" | "https").then(|| text.to_owned())
}

/// Deletes a client with its scopes, and answers what it was. Tokens for it and of it end.
pub(crate) fn delete(world: &mut World, request: &Incoming) -> Outcome {
    let row = managed(world, request, &[MANAGE])?;
    if world.auth.clients.values().any(|client| client.parent == Some(row.id)) {
        return Err(errors::conflict(request, "The client has made other clients"));
    }
    let document = json!({"client": documents::client(&world.auth, &row)});
    world.auth.remove_client(row.id);
    Ok(Reply::ok(&document))
}
