//! The control routes about collections and tasks.

use http::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{invalid, read};
use crate::exchange::Reply;
use crate::server::Shared;
use crate::services::transfer::collections;

/// The routes of this file.
pub(super) const ROUTES: [&str; 2] = ["collections", "tasks"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Connect {
    id: String,
    connected: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tasks {
    hold: bool,
}

/// Answers a request to one of the routes; `None` if it has no such method.
pub(super) fn answer(shared: &Shared, method: &Method, path: &str, body: &Value) -> Result<Option<Reply>, Reply> {
    let document = match (method.as_str(), path) {
        ("GET", "collections") => all(shared),
        ("POST", "collections") => {
            let Connect { id, connected } = read(body)?;
            if !collections::connect(&mut shared.world(), &id, connected) {
                return Err(invalid("\"id\" is that of a Globus Connect Personal collection"));
            }
            all(shared)
        }
        ("POST", "tasks") => {
            let Tasks { hold } = read(body)?;
            shared.world().transfer.engine.hold(hold);
            json!({"hold": hold})
        }
        _ => return Ok(None),
    };
    Ok(Some(Reply::ok(&document)))
}

/// All collections, with the folders that they are.
fn all(shared: &Shared) -> Value {
    let world = shared.world();
    let files = world.transfer.engine.files();
    let rows = world.transfer.endpoints.values().filter(|row| !row.deleted);
    let rows = rows.map(|row| (row.clone(), collections::root_of(&world, &row.id.to_string())));
    let rows: Vec<_> = rows.filter_map(|(row, root)| Some((row, root?))).collect();
    drop(world);
    let one = |(row, root): &(crate::services::transfer::state::Endpoint, _)| {
        json!({
            "id": row.id,
            "display_name": row.display_name,
            "entity_type": row.entity_type.as_str(),
            "connected": row.connected,
            "folder": files.storage.path(root).ok(),
        })
    };
    json!({"collections": rows.iter().map(one).collect::<Vec<_>>()})
}
