//! The list of the tasks of all users on collections whose activity the caller sees.
//! <https://docs.globus.org/api/transfer/advanced_collection_management/#get_tasks>

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::managed_tasks::ends;
use super::manager::monitored;
use crate::exchange::{Fields, Incoming, Outcome, Reply, truth};
use crate::services::transfer::access::Power;
use crate::services::transfer::query::{self, Page};
use crate::services::transfer::tasks::{Ends, Place, Task, documents};
use crate::services::transfer::{access, errors};
use crate::world::World;

/// Rows of a page, unless another number is asked for, and the most.
const PAGE: usize = 100;
const LARGEST_PAGE: usize = 1_000;
/// How many tasks can be asked for by id.
const MOST_IDS: usize = 50;
const STATUSES: [&str; 4] = ["ACTIVE", "INACTIVE", "SUCCEEDED", "FAILED"];

/// What a list of tasks leaves out.
struct Query {
    statuses: Vec<String>,
    ids: Vec<Uuid>,
    owner: Option<Uuid>,
    endpoint: Option<Uuid>,
    as_source: Option<bool>,
    paused: Option<bool>,
    completed: Option<(Option<Timestamp>, Option<Timestamp>)>,
    faults: usize,
    local_user: Option<String>,
    after: Option<Uuid>,
    page: Page,
}

impl Query {
    fn read(fields: &Fields) -> Result<Self, String> {
        let id = |name: &str| {
            let text = fields.get(name);
            let id = text.map(|text| Uuid::parse_str(text).map_err(|_| format!("Invalid {name} '{text}': not an id")));
            id.transpose()
        };
        let statuses: Vec<String> = fields.list("filter_status").into_iter().map(str::to_owned).collect();
        if let Some(unknown) = statuses.iter().find(|status| !STATUSES.contains(&status.as_str())) {
            return Err(format!("Invalid filter_status '{}'", unknown.escape_debug()));
        }
        let ids = fields.list("filter_task_id").into_iter().map(Uuid::parse_str);
        let as_source = match fields.get("filter_endpoint_use") {
            None => None,
            Some("source") => Some(true),
            Some("destination") => Some(false),
            Some(_) => return Err("Invalid filter_endpoint_use: it is source or destination".to_owned()),
        };
        let paused = fields.get("filter_is_paused");
        let paused = paused.map(|text| truth(text).ok_or_else(|| format!("Invalid filter_is_paused '{text}'")));
        let after = fields
            .get("last_key")
            .map(|key| Uuid::parse_str(key.rsplit(',').next().unwrap_or_default()));
        let read = Self {
            ids: ids
                .collect::<Result<_, _>>()
                .map_err(|_| "Invalid filter_task_id: it is ids".to_owned())?,
            owner: id("filter_owner_id")?,
            endpoint: id("filter_endpoint")?,
            as_source,
            paused: paused.transpose()?,
            completed: fields.get("filter_completion_time").map(between).transpose()?,
            faults: query::number(fields, "filter_min_faults", 0)?,
            local_user: fields.get("filter_local_user").map(str::to_owned),
            after: after
                .transpose()
                .map_err(|_| "Invalid last_key: it is that of the page before".to_owned())?,
            page: Page::read(fields, PAGE, LARGEST_PAGE)?,
            statuses,
        };
        read.check(fields)?;
        Ok(read)
    }

    /// What goes together.
    fn check(&self, fields: &Fields) -> Result<(), String> {
        let running = !self.statuses.is_empty()
            && self
                .statuses
                .iter()
                .all(|status| STATUSES[..2].contains(&status.as_str()));
        let filters = fields
            .iter()
            .filter(|(name, text)| name.starts_with("filter_") && !text.is_empty());
        let wrong = if !self.ids.is_empty() {
            match self.ids.len() {
                _ if filters.count() > 1 => "filter_task_id goes with no other filter",
                0..=MOST_IDS => return Ok(()),
                _ => "filter_task_id has at most 50 ids",
            }
        } else if self.endpoint.is_none() && !running {
            "filter_endpoint or filter_task_id is needed unless filter_status is ACTIVE or INACTIVE"
        } else if self.endpoint.is_none() && self.as_source.is_some() {
            "filter_endpoint_use goes with filter_endpoint"
        } else if self.endpoint.is_none() && self.local_user.is_some() {
            "filter_local_user goes with filter_endpoint"
        } else if self.paused.is_some() && !running {
            "filter_is_paused goes with a filter_status of ACTIVE or INACTIVE"
        } else {
            return Ok(());
        };
        Err(wrong.to_owned())
    }

    fn admits(&self, task: &Task, ends: Ends) -> bool {
        let is_wanted = |place: &Place| {
            self.endpoint.is_none_or(|id| place.within.contains(&id))
                && self.local_user.as_ref().is_none_or(|user| place.user == *user)
        };
        let source = self.as_source != Some(false) && is_wanted(&task.source);
        let destination = self.as_source != Some(true) && task.destination.as_deref().is_some_and(is_wanted);
        let status = documents::status(task);
        let completed = task.completed.filter(|_| !task.is_active());
        let in_time = self.completed.is_none_or(|(from, to)| match completed {
            Some(time) => from.is_none_or(|from| time >= from) && to.is_none_or(|to| time < to),
            // It ends some time in the future.
            None => to.is_none(),
        });
        (ends.any() || !self.ids.is_empty())
            && (source || destination)
            && (self.ids.is_empty() || self.ids.contains(&task.id))
            && (self.statuses.is_empty() || self.statuses.iter().any(|wanted| wanted == status))
            && self.owner.is_none_or(|owner| task.identities.contains(&owner))
            && self.paused.is_none_or(|paused| task.is_paused() == paused)
            && task.counts.faults >= self.faults as u64
            && in_time
    }
}

/// Two times with a comma between, of which one may be left out.
fn between(text: &str) -> Result<(Option<Timestamp>, Option<Timestamp>), String> {
    let invalid = || {
        format!(
            "Invalid filter_completion_time '{}': it is a start and an end",
            text.escape_debug()
        )
    };
    let one = |text: &str| match text.trim() {
        "" => Some(None),
        text => query::time(text).map(Some),
    };
    let (from, to) = text.split_once(',').ok_or_else(invalid)?;
    match (one(from), one(to)) {
        (Some(None), Some(None)) | (None, _) | (_, None) => Err(invalid()),
        (Some(from), Some(to)) => Ok((from, to)),
    }
}

/// Tasks, those that go on first, latest first.
pub(crate) fn list(world: &mut World, request: &Incoming) -> Outcome {
    let caller = access::caller(world, request)?;
    let query = Query::read(&request.query()).map_err(|message| errors::plain_bad_request(world, request, &message))?;
    if let Some(id) = query.endpoint.filter(|id| !world.transfer.endpoints.contains_key(id)) {
        return Err(errors::endpoint_not_found(world, request, &id.to_string()));
    }
    let seen = monitored(world, &caller);
    let by_id = query
        .ids
        .iter()
        .map(|id| ends(world, &caller, *id, Power::MonitorActivity));
    let hidden = by_id.flatten().any(|ends| !ends.any());
    if seen.is_empty() || hidden || query.endpoint.is_some_and(|id| !seen.contains(&id)) {
        let message = "You do not have the activity_monitor role for these tasks";
        return Err(errors::permission_denied(world, request, message));
    }
    if let Some(owner) = query.owner.filter(|owner| !world.auth.identities.contains_key(owner)) {
        let message = format!("No such user '{owner}'");
        return Err(errors::not_found(world, request, "UserNotFound", &message));
    }
    let mut board = world.transfer.engine.board();
    let tasks = board.all().map(|task| (task, ends_of(task, &seen)));
    let mut rows: Vec<(&Task, Ends)> = tasks.filter(|(task, ends)| query.admits(task, *ends)).collect();
    rows.reverse();
    rows.sort_by_key(|(task, _)| {
        let ended = task.completed.filter(|_| !task.is_active());
        (ended.is_some(), std::cmp::Reverse(ended.unwrap_or(task.requested)))
    });
    let from = query
        .after
        .and_then(|after| rows.iter().position(|(task, _)| task.id == after));
    let rest = &rows[from.map_or(0, |from| from + 1)..];
    let shown = query.page.of(rest);
    let documents: Vec<Value> = shown
        .iter()
        .map(|(task, ends)| documents::managed(world, task, *ends))
        .collect();
    let last = documents.last().map(|row| {
        let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
        format!("{},{}", text("key"), text("task_id"))
    });
    let document = json!({
        "DATA_TYPE": "task_list",
        "last_key": last,
        "has_next_page": shown.len() < rest.len(),
        "DATA": documents,
    });
    let ids: Vec<Uuid> = shown.iter().map(|(task, _)| task.id).collect();
    for id in ids {
        board.saw(id);
    }
    Ok(Reply::ok(&document))
}

fn ends_of(task: &Task, seen: &BTreeSet<Uuid>) -> Ends {
    Ends {
        source: seen.contains(&task.source.id),
        destination: task.destination.as_ref().is_some_and(|place| seen.contains(&place.id)),
    }
}
