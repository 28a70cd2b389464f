//! Bookmarks as resources of the JSON:API part. <https://docs.globus.org/api/transfer/collection_bookmarks/>

use http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use super::bookmarks::{find, is_taken, name, own, path};
use crate::exchange::{Incoming, Outcome, Reply};
use crate::services::auth::state::Caller;
use crate::services::transfer::jsonapi::{self, Page, Resource, pointer};
use crate::services::transfer::state::Bookmark;
use crate::services::transfer::{access, collections, errors};
use crate::world::World;

fn resource(row: &Bookmark) -> Value {
    json!({
        "type": "Bookmark",
        "id": row.id,
        "attributes": {"name": row.name, "path": row.path},
        "relationships": {"collection": pointer("Collection", row.endpoint_id)},
    })
}

/// The collections of bookmarks, each once.
fn included<'a>(world: &World, rows: impl Iterator<Item = &'a Bookmark>) -> Vec<Value> {
    let mut ids: Vec<Uuid> = rows.map(|row| row.endpoint_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let found = ids.iter().filter_map(|id| world.transfer.endpoints.get(id));
    let document = |endpoint: &crate::services::transfer::state::Endpoint| {
        json!({
            "type": "Collection",
            "id": endpoint.id,
            "attributes": {"display_name": endpoint.display_name, "high_assurance": endpoint.high_assurance},
        })
    };
    found.map(document).collect()
}

fn bad(world: &mut World, request: &Incoming, message: &str) -> Reply {
    errors::plain_bad_request(world, request, message).inferred()
}

/// A page of the caller's bookmarks, with their collections.
pub(crate) fn list(world: &mut World, request: &Incoming) -> Outcome {
    let caller = access::caller(world, request)?;
    let rows = own(world, &caller);
    let documents: Vec<Value> = rows.iter().map(|row| resource(row)).collect();
    let page = Page::read(&request.query()).and_then(|page| page.of(world, request, &documents));
    let included = included(world, rows.into_iter());
    let (data, links) = page.map_err(|message| bad(world, request, &message))?;
    let members = json!({"data": data, "included": included, "links": links});
    Ok(jsonapi::reply(world, StatusCode::OK, members))
}

/// The caller's bookmark that a request names.
fn named(world: &mut World, request: &Incoming) -> Result<(Caller, Bookmark), Reply> {
    let caller = access::caller(world, request)?;
    if let Some(row) = find(world, request, &caller) {
        return Ok((caller, row));
    }
    let id = request.param("bookmark_id").escape_debug();
    let message = format!("Bookmark ID '{id}' not found");
    Err(errors::not_found(world, request, "BookmarkNotFound", &message).inferred())
}

/// One bookmark, with its collection.
pub(crate) fn get(world: &mut World, request: &Incoming) -> Outcome {
    let (_, row) = named(world, request)?;
    let members = json!({"data": resource(&row), "included": included(world, std::iter::once(&row))});
    Ok(jsonapi::reply(world, StatusCode::OK, members))
}

fn keep(world: &mut World, request: &Incoming, caller: &Caller, row: Bookmark, status: StatusCode) -> Outcome {
    if is_taken(world, caller, &row) {
        let message = format!("You have a bookmark '{}' already", row.name);
        return Err(errors::conflict(world, request, &message).inferred());
    }
    let members = json!({"data": resource(&row)});
    world.transfer.bookmarks.insert(row.id, row);
    Ok(jsonapi::reply(world, status, members))
}

/// The name and the path that a document brings: both.
fn attributes(document: &Resource<'_>) -> Result<(String, String), String> {
    let attributes = document.attributes(&["name", "path"])?;
    let named = attributes.text("name")?.ok_or("Missing attribute 'name'")?;
    let at = attributes.text("path")?.ok_or("Missing attribute 'path'")?;
    Ok((name(named)?, path(at)?))
}

/// Saves a place.
pub(crate) fn create(world: &mut World, request: &Incoming) -> Outcome {
    let caller = access::caller(world, request)?;
    let value = request.json().unwrap_or(Value::Null);
    let id = world.ids.uuid();
    let read = || {
        let document = Resource::of(&value, "Bookmark")?;
        let (name, path) = attributes(&document)?;
        Ok(Bookmark {
            id,
            owner: caller.identity,
            name,
            endpoint_id: document.relationship("collection", "Collection")?,
            path,
            pinned: false,
        })
    };
    let row = read().map_err(|message: String| bad(world, request, &message))?;
    collections::existing(world, request, &row.endpoint_id.to_string())?;
    keep(world, request, &caller, row, StatusCode::CREATED)
}

/// Changes the name and the path of a bookmark.
pub(crate) fn update(world: &mut World, request: &Incoming) -> Outcome {
    let (caller, mut row) = named(world, request)?;
    let value = request.json().unwrap_or(Value::Null);
    let changed = Resource::of(&value, "Bookmark").and_then(|document| attributes(&document));
    (row.name, row.path) = changed.map_err(|message| bad(world, request, &message))?;
    keep(world, request, &caller, row, StatusCode::OK)
}

/// Forgets a bookmark.
pub(crate) fn delete(world: &mut World, request: &Incoming) -> Outcome {
    let (_, row) = named(world, request)?;
    world.transfer.bookmarks.remove(&row.id);
    Ok(jsonapi::reply(world, StatusCode::OK, json!({})))
}
