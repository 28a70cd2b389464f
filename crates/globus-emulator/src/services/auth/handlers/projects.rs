//! Projects. <https://docs.globus.org/api/auth/reference/#projects_api>

use http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::exchange::{Given, Incoming, Outcome, Reply};
use crate::services::auth::access::{self, Developer, MANAGE};
use crate::services::auth::documents::developers as documents;
use crate::services::auth::errors;
use crate::services::auth::fields::Document;
use crate::services::auth::project::Project;
use crate::world::World;

fn answer(world: &World, row: &Project) -> Value {
    json!({"project": documents::project(world, row)})
}

/// The project of the path, for one of its administrators.
fn administered(world: &World, request: &Incoming) -> Result<Project, Reply> {
    let developer = access::developer(world, request, &[MANAGE])?;
    let found = request
        .param_uuid("project_id")
        .and_then(|id| world.auth.projects.get(&id));
    let found = found.ok_or_else(|| errors::not_found(request, "There is no such project"))?;
    developer.require(world, request, found.id)?;
    Ok(found.clone())
}

/// The projects that the caller administers.
pub(crate) fn list(world: &mut World, request: &Incoming) -> Outcome {
    let developer = access::developer(world, request, &[MANAGE])?;
    let rows = world.auth.projects.values();
    let rows = rows.filter(|row| developer.administers(world, row.id));
    let rows: Vec<Value> = rows.map(|row| documents::project(world, row)).collect();
    Ok(Reply::ok(&json!({"projects": rows})))
}

pub(crate) fn get(world: &mut World, request: &Incoming) -> Outcome {
    let row = administered(world, request)?;
    Ok(Reply::ok(&answer(world, &row)))
}

/// Makes a project. The caller is an administrator only if they say so.
pub(crate) fn create(world: &mut World, request: &Incoming) -> Outcome {
    let developer = access::developer(world, request, &[MANAGE])?;
    let document = Document::read(request, "project")?;
    let mut row = Project {
        id: Uuid::nil(),
        display_name: document.required_text("display_name")?,
        contact_email: document.required_text("contact_email")?,
        admin_ids: Vec::new(),
        admin_group_ids: Vec::new(),
    };
    apply(world, &developer, &document, &mut row)?;
    row.id = world.ids.uuid();
    world.auth.projects.insert(row.id, row.clone());
    Ok(Reply::json(StatusCode::CREATED, &answer(world, &row)))
}

/// Changes what the document names.
pub(crate) fn update(world: &mut World, request: &Incoming) -> Outcome {
    let mut row = administered(world, request)?;
    let developer = access::developer(world, request, &[MANAGE])?;
    apply(world, &developer, &Document::read(request, "project")?, &mut row)?;
    world.auth.projects.insert(row.id, row.clone());
    Ok(Reply::ok(&answer(world, &row)))
}

fn apply(world: &World, developer: &Developer, document: &Document<'_>, row: &mut Project) -> Result<(), Reply> {
    document.text("display_name")?.replace(&mut row.display_name);
    document.text("contact_email")?.replace(&mut row.contact_email);
    if !row.contact_email.contains('@') {
        return Err(document.wrong("contact_email", "must be an email address"));
    }
    list_of(document.ids("admin_ids")?, &mut row.admin_ids);
    list_of(document.ids("admin_group_ids")?, &mut row.admin_group_ids);
    if let Some(id) = row.admin_ids.iter().find(|id| !world.auth.identities.contains_key(id)) {
        return Err(document.wrong("admin_ids", &format!("names no identity: {id}")));
    }
    let is_there = |id: &Uuid| {
        let group = world.groups.groups.get(id);
        group.is_some_and(|group| group.is_visible_to(&developer.identities))
    };
    if let Some(id) = row.admin_group_ids.iter().find(|id| !is_there(id)) {
        return Err(document.wrong("admin_group_ids", &format!("names no group that you see: {id}")));
    }
    if row.admin_ids.is_empty() && row.admin_group_ids.is_empty() {
        return Err(document.wrong("admin_ids", "or admin_group_ids must name an administrator"));
    }
    Ok(())
}

/// Null empties a list of administrators; repeats are left out.
fn list_of(given: Given<Vec<Uuid>>, slot: &mut Vec<Uuid>) {
    match given {
        Given::Absent => {}
        Given::Null => slot.clear(),
        Given::Value(list) => {
            slot.clear();
            for id in list {
                if !slot.contains(&id) {
                    slot.push(id);
                }
            }
        }
    }
}

/// Deletes a project to which nothing belongs any more, and answers what it was.
pub(crate) fn delete(world: &mut World, request: &Incoming) -> Outcome {
    let row = administered(world, request)?;
    if world.auth.clients.values().any(|client| client.project == Some(row.id)) {
        return Err(errors::conflict(request, "The project has clients"));
    }
    if world.auth.policies.values().any(|policy| policy.project_id == row.id) {
        return Err(errors::conflict(request, "The project has policies"));
    }
    let document = answer(world, &row);
    world.auth.projects.remove(&row.id);
    Ok(Reply::ok(&document))
}
