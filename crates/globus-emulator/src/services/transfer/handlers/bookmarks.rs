//! Bookmarks: places on collections that somebody saved. <https://docs.globus.org/api/transfer/collection_bookmarks/>

use http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::exchange::{Incoming, Outcome, Reply};
use crate::services::auth::state::Caller;
use crate::services::transfer::path::FilePath;
use crate::services::transfer::state::Bookmark;
use crate::services::transfer::validation::Document;
use crate::services::transfer::{access, collections, documents, errors};
use crate::world::World;

/// The longest name.
const LONGEST: usize = 128;

/// The caller's bookmarks, by name.
pub(super) fn own<'a>(world: &'a World, caller: &Caller) -> Vec<&'a Bookmark> {
    let mut rows: Vec<&Bookmark> = world
        .transfer
        .bookmarks
        .values()
        .filter(|row| caller.is(row.owner))
        .collect();
    rows.sort_by(|one, other| one.name.cmp(&other.name));
    rows
}

/// All of the caller's bookmarks.
pub(crate) fn list(world: &mut World, request: &Incoming) -> Outcome {
    let caller = access::caller(world, request)?;
    let rows: Vec<Value> = own(world, &caller).into_iter().map(documents::bookmark).collect();
    Ok(Reply::ok(&json!({"DATA_TYPE": "bookmark_list", "DATA": rows})))
}

/// The caller's bookmark that a request names.
fn named(world: &mut World, request: &Incoming) -> Result<(Caller, Bookmark), Reply> {
    let caller = access::caller(world, request)?;
    if let Some(row) = find(world, request, &caller) {
        return Ok((caller, row));
    }
    let id = request.param("bookmark_id").escape_debug();
    let message = format!("Bookmark ID '{id}' not found");
    Err(errors::not_found(world, request, "BookmarkNotFound", &message))
}

/// The bookmark of an id, if it is the caller's.
pub(super) fn find(world: &World, request: &Incoming, caller: &Caller) -> Option<Bookmark> {
    let id = request.param_uuid("bookmark_id")?;
    let row = world.transfer.bookmarks.get(&id).filter(|row| caller.is(row.owner));
    row.cloned()
}

/// One bookmark.
pub(crate) fn get(world: &mut World, request: &Incoming) -> Outcome {
    let (_, row) = named(world, request)?;
    Ok(Reply::ok(&documents::bookmark(&row)))
}

/// A name as bookmarks have it.
pub(super) fn name(text: &str) -> Result<String, String> {
    if text.is_empty() || text.trim() != text || text.chars().count() > LONGEST {
        return Err(format!(
            "A bookmark's name has 1 to {LONGEST} characters, no space first or last"
        ));
    }
    Ok(text.to_owned())
}

/// A path as bookmarks have it.
pub(super) fn path(text: &str) -> Result<String, String> {
    FilePath::parse(text)?;
    if text.ends_with('/') {
        Ok(text.to_owned())
    } else {
        Err(format!(
            "The path of a bookmark is that of a folder, and ends with '/': '{}'",
            text.escape_debug()
        ))
    }
}

/// Whether the caller has another bookmark of that name.
pub(super) fn is_taken(world: &World, caller: &Caller, row: &Bookmark) -> bool {
    let mut rows = world.transfer.bookmarks.values();
    rows.any(|known| caller.is(known.owner) && known.name == row.name && known.id != row.id)
}

fn keep(world: &mut World, request: &Incoming, caller: &Caller, row: Bookmark, status: StatusCode) -> Outcome {
    if is_taken(world, caller, &row) {
        let message = format!("You have a bookmark '{}' already", row.name);
        return Err(errors::conflict(world, request, &message));
    }
    let document = documents::bookmark(&row);
    world.transfer.bookmarks.insert(row.id, row);
    Ok(Reply::json(status, &document))
}

/// Saves a place.
pub(crate) fn create(world: &mut World, request: &Incoming) -> Outcome {
    let caller = access::caller(world, request)?;
    let value = request.json().unwrap_or(Value::Null);
    let (id, owner) = (world.ids.uuid(), caller.identity);
    let row = read(&value, id, owner).map_err(|message| errors::bad_request(world, request, &message).inferred())?;
    collections::existing(world, request, &row.endpoint_id.to_string())?;
    keep(world, request, &caller, row, StatusCode::CREATED)
}

fn read(value: &Value, id: Uuid, owner: Uuid) -> Result<Bookmark, String> {
    let document = Document::untyped(value, "bookmark")?;
    document.only(&["name", "endpoint_id", "path", "pinned"])?;
    Ok(Bookmark {
        id,
        owner,
        name: name(document.text("name")?)?,
        endpoint_id: document.id("endpoint_id")?,
        path: path(document.text("path")?)?,
        pinned: document.flag("pinned")?,
    })
}

/// Renames or pins a bookmark.
pub(crate) fn update(world: &mut World, request: &Incoming) -> Outcome {
    let (caller, mut row) = named(world, request)?;
    let value = request.json().unwrap_or(Value::Null);
    let mut change = || {
        let document = Document::untyped(&value, "bookmark")?;
        document.only(&["id", "name", "endpoint_id", "path", "pinned"])?;
        for (field, known) in [("endpoint_id", row.endpoint_id.to_string()), ("path", row.path.clone())] {
            if document.optional_text(field)?.is_some_and(|text| text != known) {
                return Err(format!("The {field} of a bookmark cannot be changed"));
            }
        }
        if document.has("name") {
            row.name = name(document.text("name")?)?;
        }
        row.pinned = document.optional_flag("pinned")?.unwrap_or(row.pinned);
        Ok(())
    };
    change().map_err(|message: String| errors::bad_request(world, request, &message).inferred())?;
    keep(world, request, &caller, row, StatusCode::OK)
}

/// Forgets a bookmark.
pub(crate) fn delete(world: &mut World, request: &Incoming) -> Outcome {
    let (_, row) = named(world, request)?;
    world.transfer.bookmarks.remove(&row.id);
    let message = format!("Bookmark '{}' deleted successfully", row.id);
    Ok(errors::result(world, request, "Deleted", &message))
}
