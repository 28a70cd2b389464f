//! Scopes of clients. <https://docs.globus.org/api/auth/reference/#scopes>

use http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use super::clients;
use crate::exchange::{Given, Incoming, Outcome, Reply};
use crate::services::auth::access::{self, Developer, MANAGE, VIEW_SCOPES};
use crate::services::auth::catalog::{self, DependentScope, ScopeRow};
use crate::services::auth::documents::developers as documents;
use crate::services::auth::errors;
use crate::services::auth::fields::{Document, uuid};
use crate::world::World;

/// Whether somebody may look up a scope.
fn sees(world: &World, developer: &Developer, row: &ScopeRow) -> bool {
    let client = world.auth.clients.get(&row.client);
    row.advertised || client.is_some_and(|client| client.is_visible || developer.manages(world, client))
}

fn manages(world: &World, developer: &Developer, row: &ScopeRow) -> bool {
    let client = world.auth.clients.get(&row.client);
    client.is_some_and(|client| developer.manages(world, client))
}

/// The scopes of the caller's clients; or those of some names or ids that the caller may see.
pub(crate) fn list(world: &mut World, request: &Incoming) -> Outcome {
    let developer = access::developer(world, request, VIEW_SCOPES)?;
    let query = request.query();
    let (names, ids) = (query.list("scope_strings"), query.list("ids"));
    if !names.is_empty() && !ids.is_empty() {
        return Err(errors::bad_request(
            request,
            "At most one of scope_strings and ids may be given",
        ));
    }
    if let Some(id) = ids.iter().find(|id| Uuid::parse_str(id).is_err()) {
        return Err(errors::bad_request(request, &format!("'{id}' is not a UUID")));
    }
    let ids: Vec<Uuid> = ids.into_iter().filter_map(|id| Uuid::parse_str(id).ok()).collect();
    let all = names.is_empty() && ids.is_empty();
    let mut rows: Vec<(&String, &ScopeRow)> = world
        .auth
        .scopes
        .iter()
        .filter(|(name, row)| {
            if all {
                manages(world, &developer, row)
            } else {
                (names.contains(&name.as_str()) || ids.contains(&row.id)) && sees(world, &developer, row)
            }
        })
        .collect();
    rows.sort_by_key(|(name, _)| *name);
    let rows: Vec<Value> = rows.iter().map(|(name, row)| documents::scope(name, row)).collect();
    Ok(Reply::ok(&json!({"scopes": rows})))
}

/// The scope of the path, with its name.
fn of_path(world: &World, request: &Incoming) -> Result<(String, ScopeRow), Reply> {
    let found = request.param_uuid("scope_id").and_then(|id| world.auth.scope_by_id(id));
    let (name, row) = found.ok_or_else(|| errors::not_found(request, "There is no such scope"))?;
    Ok((name.to_owned(), row.clone()))
}

fn managed(world: &World, request: &Incoming) -> Result<(String, ScopeRow), Reply> {
    let developer = access::developer(world, request, &[MANAGE])?;
    let (name, row) = of_path(world, request)?;
    if manages(world, &developer, &row) {
        Ok((name, row))
    } else {
        let what = "Only an administrator of the project of the scope's client may do this";
        Err(errors::forbidden(request, what))
    }
}

pub(crate) fn get(world: &mut World, request: &Incoming) -> Outcome {
    let developer = access::developer(world, request, VIEW_SCOPES)?;
    let (name, row) = of_path(world, request)?;
    if !sees(world, &developer, &row) {
        return Err(errors::forbidden(request, "The scope is private"));
    }
    Ok(Reply::ok(&json!({"scope": documents::scope(&name, &row)})))
}

/// Makes a scope, which logins may ask for from now on.
pub(crate) fn create(world: &mut World, request: &Incoming) -> Outcome {
    let client = clients::managed(world, request, &[MANAGE])?;
    let document = Document::read(request, "scope")?;
    let suffix = suffix(&document)?.ok_or_else(|| document.wrong("scope_suffix", "is required"))?;
    let name = catalog::url_scope(client.id, &suffix);
    if world.auth.scopes.contains_key(&name) {
        return Err(errors::conflict(request, &format!("There is a scope {name} already")));
    }
    let mut row = ScopeRow {
        title: document.required_text("name")?,
        description: document.required_text("description")?,
        advertised: false,
        ..ScopeRow::new(&name, &client.id.to_string(), client.id)
    };
    apply(world, &document, &mut row)?;
    row.id = world.ids.uuid();
    let answer = json!({"scope": documents::scope(&name, &row)});
    world.auth.scopes.insert(name, row);
    Ok(Reply::json(StatusCode::CREATED, &answer))
}

/// Changes what the document names. A scope with another suffix has another name, also in what was granted before.
pub(crate) fn update(world: &mut World, request: &Incoming) -> Outcome {
    let (old, mut row) = managed(world, request)?;
    let document = Document::read(request, "scope")?;
    document.text("name")?.replace(&mut row.title);
    document.text("description")?.replace(&mut row.description);
    apply(world, &document, &mut row)?;
    let name = suffix(&document)?.map_or_else(|| old.clone(), |suffix| catalog::url_scope(row.client, &suffix));
    if name != old {
        if world.auth.scopes.contains_key(&name) {
            return Err(errors::conflict(request, &format!("There is a scope {name} already")));
        }
        world.auth.rename_scope(&old, &name);
    }
    let answer = json!({"scope": documents::scope(&name, &row)});
    world.auth.scopes.insert(name, row);
    Ok(Reply::ok(&answer))
}

fn suffix(document: &Document<'_>) -> Result<Option<String>, Reply> {
    match document.text("scope_suffix")? {
        Given::Absent | Given::Null => Ok(None),
        Given::Value(text) => {
            let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
            if text.bytes().all(fits) {
                Ok(Some(text))
            } else {
                let what = "must consist of lower case letters, digits and underscores";
                Err(document.wrong("scope_suffix", what))
            }
        }
    }
}

fn apply(world: &World, document: &Document<'_>, row: &mut ScopeRow) -> Result<(), Reply> {
    document.flag("advertised")?.replace(&mut row.advertised);
    let refresh = document.flag("allows_refresh_token")?;
    refresh.replace(&mut row.allows_refresh_token);
    document.texts("required_domains")?.replace(&mut row.required_domains);
    let what = "must be a list of objects with scope, optional and requires_refresh_token";
    let dependent = document.list("dependent_scopes", what, |value| {
        Some(DependentScope {
            scope: uuid(value.get("scope")?)?,
            optional: value.get("optional")?.as_bool()?,
            requires_refresh_token: value.get("requires_refresh_token")?.as_bool()?,
        })
    })?;
    if let Given::Value(rows) = dependent {
        if let Some(unknown) = rows.iter().find(|need| world.auth.scope_by_id(need.scope).is_none()) {
            return Err(document.wrong("dependent_scopes", &format!("names no scope: {}", unknown.scope)));
        }
        row.dependent_scopes = rows;
    }
    Ok(())
}

/// Deletes a scope, and answers what it was. Tokens and consents for it end.
pub(crate) fn delete(world: &mut World, request: &Incoming) -> Outcome {
    let (name, row) = managed(world, request)?;
    world.auth.remove_scope(&name);
    Ok(Reply::ok(&json!({"scope": documents::scope(&name, &row)})))
}
