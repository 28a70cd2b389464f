//! The control routes about collections and tasks, and how much is asked of Transfer.

use http::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{invalid, read};
use crate::exchange::Reply;
use crate::server::Shared;
use crate::services::transfer::collections;
use crate::services::transfer::tasks::mishap::Mishap;
use crate::trouble::Change;

/// The routes of this file.
pub(super) const ROUTES: [&str; 4] = ["collections", "limits", "mishaps", "tasks"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Connect {
    id: String,
    connected: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tasks {
    #[serde(default)]
    hold: Option<bool>,
    #[serde(default)]
    id: Option<String>,
    #[serde(default)]
    status: Option<String>,
    #[serde(default)]
    code: Option<String>,
    #[serde(default)]
    details: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Limits {
    transfer: Option<u32>,
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
            let wanted: Tasks = read(body)?;
            if let Some(hold) = wanted.hold {
                shared.world().transfer.engine.hold(hold);
            }
            if wanted.hold.is_none() || wanted.id.is_some() {
                change(shared, &wanted)?;
            }
            body.clone()
        }
        ("GET", "mishaps") => mishaps(shared),
        ("POST", "mishaps") => {
            let mishap: Mishap = read(body)?;
            shared.world().transfer.engine.board().mishaps.push(mishap);
            mishaps(shared)
        }
        ("DELETE", "mishaps") => {
            shared.world().transfer.engine.board().mishaps.clear();
            mishaps(shared)
        }
        ("POST", "limits") => {
            let Limits { transfer } = read(body)?;
            shared.world().transfer.limit.set(transfer);
            json!({ "transfer": transfer })
        }
        _ => return Ok(None),
    };
    Ok(Some(Reply::ok(&document)))
}

/// Changes a task.
fn change(shared: &Shared, wanted: &Tasks) -> Result<(), Reply> {
    let text = |text: &Option<String>, other: &str| text.clone().unwrap_or_else(|| other.to_owned());
    let change = match wanted.status.as_deref() {
        Some("ACTIVE") => Change::Activate,
        Some("INACTIVE") => Change::Deactivate {
            code: text(&wanted.code, "AUTH"),
            details: text(&wanted.details, "the credentials of the owner ran out"),
        },
        Some("FAILED") => Change::Fail {
            code: text(&wanted.code, "UNKNOWN"),
            details: text(&wanted.details, "unknown"),
        },
        _ => {
            return Err(invalid(
                "\"status\" is ACTIVE, INACTIVE or FAILED, unless \"hold\" is given",
            ));
        }
    };
    let id = wanted.id.as_deref().unwrap_or_default();
    if shared.change_task(id, change) {
        Ok(())
    } else {
        Err(invalid("\"id\" is that of a task that has not ended"))
    }
}

fn mishaps(shared: &Shared) -> Value {
    let world = shared.world();
    let board = world.transfer.engine.board();
    json!({"mishaps": *board.mishaps})
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
