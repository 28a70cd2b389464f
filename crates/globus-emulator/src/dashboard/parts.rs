//! The tables of the page.

use serde_json::Value;
use uuid::Uuid;

use crate::control::requests::RecordedRequest;
use crate::html::{Html, html};
use crate::services::transfer::tasks::documents;
use crate::world::World;

/// The most rows of a table.
const MOST: usize = 50;
/// How many letters of a token are shown.
const SHOWN: usize = 6;

/// Rows under their heads, of which there may be more than are shown.
pub(super) struct Table {
    heads: &'static [&'static str],
    rows: Vec<Vec<Html>>,
    total: usize,
}

impl Table {
    fn new<T>(
        heads: &'static [&'static str],
        rows: impl ExactSizeIterator<Item = T>,
        row: impl Fn(T) -> Vec<Html>,
    ) -> Self {
        Self {
            heads,
            total: rows.len(),
            rows: rows.take(MOST).map(row).collect(),
        }
    }
}

/// A table under its title.
pub(super) fn section(id: &'static str, title: &'static str, table: &Table) -> Html {
    let mut all = html("<section id=\"") + html(id) + html("\">\n<h2>") + html(title) + html(" <span>");
    all += Html::text(&table.total.to_string()) + html("</span></h2>\n");
    if table.rows.is_empty() {
        return all + html("<p class=\"empty\">None.</p>\n</section>\n");
    }
    all += html("<div class=\"wide\" tabindex=\"0\"><table>\n<thead><tr>");
    for head in table.heads {
        all += html("<th scope=\"col\">") + html(head) + html("</th>");
    }
    all += html("</tr></thead>\n<tbody>\n");
    for row in &table.rows {
        all += html("<tr>");
        for cell in row {
            all += html("<td>") + cell.clone() + html("</td>");
        }
        all += html("</tr>\n");
    }
    all += html("</tbody>\n</table></div>\n");
    if table.total > table.rows.len() {
        let more = format!("{} more are not shown.", table.total - table.rows.len());
        all += html("<p class=\"empty\">") + Html::text(&more) + html("</p>\n");
    }
    all + html("</section>\n")
}

fn text(text: &str) -> Html {
    Html::text(text)
}

fn code(text: impl ToString) -> Html {
    html("<code>") + Html::text(&text.to_string()) + html("</code>")
}

/// A word that stands for how something is, coloured by that.
fn mark(word: &str) -> Html {
    let class = match word {
        "SUCCEEDED" | "valid" => "good",
        "FAILED" | "INACTIVE" | "expired" => "bad",
        _ => "busy",
    };
    html("<span class=\"mark ") + html(class) + html("\">") + Html::text(word) + html("</span>")
}

/// What somebody is called.
fn name(world: &World, identity: Uuid) -> Html {
    match world.auth.identities.get(&identity) {
        Some(row) => text(row.name.as_deref().unwrap_or(&row.username)),
        None => code(identity),
    }
}

/// `14:03:07` of a time in ISO 8601.
fn clock(time: &str) -> Html {
    let short = time.split_once('T').map_or(time, |(_, rest)| rest);
    text(short.get(..8).unwrap_or(short))
}

pub(super) fn requests(world: &World, requests: &[RecordedRequest]) -> Table {
    let heads = &["Time", "Request", "By", "Answer"];
    Table::new(heads, requests.iter().rev(), |row| {
        let class = match row.status {
            200..=399 => "good",
            400..=499 => "busy",
            _ => "bad",
        };
        let answer = html("<span class=\"mark ") + html(class) + html("\">") + text(&row.status.to_string());
        vec![
            clock(&row.time),
            html("<code><b>") + text(&row.method) + html("</b> ") + text(&row.path) + html("</code>"),
            row.identity.map(|id| name(world, id)).unwrap_or_default(),
            answer + html("</span>"),
        ]
    })
}

pub(super) fn tasks(world: &World) -> Table {
    let heads = &["Status", "Progress", "Task", "From", "To", "Owner"];
    let board = world.transfer.engine.board();
    let mut rows: Vec<(Uuid, Value)> = board.all().map(|task| (task.owner, documents::task(task))).collect();
    drop(board);
    rows.reverse();
    Table::new(heads, rows.iter(), |(owner, task)| {
        let member = |name: &str| text(task[name].as_str().unwrap_or_default());
        let number = |name: &str| task[name].as_u64().unwrap_or(0);
        let (total, left) = (number("subtasks_total").max(1), number("subtasks_pending"));
        let left = left + number("subtasks_retrying");
        let (total, done) = (total.to_string(), total.saturating_sub(left).to_string());
        let mut progress = html("<progress aria-label=\"done\" max=\"") + text(&total) + html("\" value=\"");
        progress += text(&done) + html("\"></progress> ") + text(&format!("{done}/{total}"));
        let bytes = number("bytes_transferred");
        if bytes > 0 {
            progress += text(&format!(", {bytes} bytes"));
        }
        let mut status = mark(task["status"].as_str().unwrap_or_default());
        let why = task["nice_status"].as_str().or(task["fatal_error"]["code"].as_str());
        if let Some(why) = why {
            status += html(" ") + text(why);
        }
        let label = task["label"].as_str().or(task["task_id"].as_str()).unwrap_or_default();
        vec![
            status,
            progress,
            text(&format!("{} ", task["type"].as_str().unwrap_or_default())) + text(label),
            member("source_endpoint_display_name"),
            member("destination_endpoint_display_name"),
            name(world, *owner),
        ]
    })
}

pub(super) fn runs(world: &World) -> Table {
    let heads = &["Status", "Run", "Flow", "Started", "Last entry", "Owner"];
    let mut rows: Vec<_> = world.flows.runs().collect();
    rows.sort_by_key(|run| std::cmp::Reverse(run.start_time));
    Table::new(heads, rows.into_iter(), |run| {
        vec![
            mark(run.status.as_str()),
            run.notes.label.as_deref().map_or_else(|| code(run.id), text),
            text(&run.flow_title),
            clock(&crate::clock::seconds(run.start_time)),
            run.log.last().map(|entry| text(&entry.description)).unwrap_or_default(),
            name(world, run.owner),
        ]
    })
}

pub(super) fn people(world: &World) -> Table {
    let heads = &["Name", "Username", "Organization", "Person", "Id"];
    let rows: Vec<_> = world.auth.people().collect();
    Table::new(heads, rows.into_iter(), |row| {
        let linked = if row.person == row.id {
            Html::default()
        } else {
            html("linked to ") + name(world, row.person)
        };
        vec![
            text(row.name.as_deref().unwrap_or_default()),
            text(&row.username),
            text(row.organization.as_deref().unwrap_or_default()),
            linked,
            code(row.id),
        ]
    })
}

pub(super) fn tokens(world: &World) -> Table {
    let heads = &["Token", "Of", "Client", "For", "Scopes", "State"];
    let now = world.time.now();
    let mut rows: Vec<_> = world
        .auth
        .tokens
        .iter()
        .map(|(key, row)| (key, row, "access"))
        .collect();
    let refresh = world.auth.refresh_tokens.iter();
    rows.extend(refresh.map(|(key, row)| (key, &row.token, "refresh")));
    rows.sort_by_key(|(_, row, _)| std::cmp::Reverse(row.issued));
    Table::new(heads, rows.into_iter(), |(key, row, kind)| {
        let first: String = key.chars().take(SHOWN).collect();
        let client = world.auth.clients.get(&row.client).map(|client| client.name.as_str());
        let state = if kind == "refresh" || row.expires > now {
            mark("valid")
        } else {
            mark("expired")
        };
        vec![
            code(format!("{first}…")) + html(" ") + text(kind),
            name(world, row.identity),
            client.map_or_else(|| code(row.client), text),
            text(&row.resource_server),
            code(row.scopes.join(" ")),
            state,
        ]
    })
}

pub(super) fn groups(world: &World) -> Table {
    let heads = &["Name", "Members", "Visibility", "Id"];
    Table::new(heads, world.groups.groups.values(), |row| {
        vec![
            text(&row.name),
            text(&row.memberships.len().to_string()),
            text(&row.policies.group_visibility),
            code(row.id),
        ]
    })
}

pub(super) fn flows(world: &World) -> Table {
    let heads = &["Title", "Owner", "Runs", "Id"];
    Table::new(heads, world.flows.flows.values(), |row| {
        let runs = world.flows.runs().filter(|run| run.flow_id == row.id).count();
        vec![
            text(&row.title),
            name(world, row.flow_owner),
            text(&runs.to_string()),
            code(row.id),
        ]
    })
}
