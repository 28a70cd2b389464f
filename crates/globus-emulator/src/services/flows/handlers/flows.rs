//! Listing flows. <https://globusonline.github.io/globus-flows/#tag/Flows/paths/~1flows/get>

use std::cmp::Ordering;

use serde_json::{Value, json};

use crate::exchange::{Incoming, Outcome, Reply};
use crate::services::flows::state::Flow;
use crate::services::flows::{access, documents, errors};
use crate::world::World;

/// Rows of a page, unless told otherwise, and at most.
const PAGE: usize = 100;

/// The flows that the caller may see, page by page.
pub(crate) fn list(world: &mut World, request: &Incoming) -> Outcome {
    let caller = access::viewer(world, request)?;
    let query = request.query();
    let wanted: Vec<&str> = query
        .list("filter_roles")
        .into_iter()
        .chain(query.list("filter_role"))
        .collect();
    let words: Vec<String> = query
        .get("filter_fulltext")
        .map(str::to_lowercase)
        .iter()
        .flat_map(|text| text.split_whitespace())
        .map(str::to_owned)
        .collect();
    let keys = query
        .iter()
        .filter(|(name, value)| *name == "orderby" && !value.is_empty())
        .map(|(_, value)| order(value))
        .collect::<Option<Vec<_>>>()
        .ok_or_else(|| errors::unprocessable(request, "orderby is a field, then ASC or DESC"))?;
    let size = match query.get("per_page") {
        None => PAGE,
        Some(text) => text
            .parse()
            .ok()
            .filter(|size| (1..=PAGE).contains(size))
            .ok_or_else(|| errors::unprocessable(request, "per_page is a number from 1 to 100"))?,
    };
    let from: usize = match query.get("marker") {
        None => 0,
        Some(text) => text
            .strip_prefix("from-")
            .and_then(|text| text.parse().ok())
            .ok_or_else(|| errors::unprocessable(request, "marker is one from the page before"))?,
    };
    let mut rows: Vec<(&Flow, Vec<&str>)> = world
        .flows
        .flows
        .values()
        .map(|flow| (flow, access::roles(world, &caller, flow)))
        .filter(|(_, roles)| !roles.is_empty())
        .filter(|(_, roles)| wanted.is_empty() || roles.iter().any(|role| wanted.contains(role)))
        .filter(|(flow, _)| mentions(flow, &words))
        .collect();
    rows.sort_by(|(one, _), (other, _)| compare(one, other, &keys));
    let total = rows.len();
    let page = rows.iter().skip(from).take(size);
    let flows: Vec<Value> = page
        .map(|(flow, roles)| documents::flow(&world.origin, flow, roles))
        .collect();
    let end = from.saturating_add(size);
    let more = end < total;
    Ok(Reply::ok(&json!({
        "flows": flows,
        "limit": size,
        "has_next_page": more,
        "marker": more.then(|| format!("from-{end}")),
    })))
}

fn mentions(flow: &Flow, words: &[String]) -> bool {
    let texts = [&flow.title, &flow.subtitle, &flow.description]
        .into_iter()
        .chain(&flow.keywords);
    let text = texts.map(|text| text.to_lowercase()).collect::<Vec<_>>().join(" ");
    words.iter().all(|word| text.contains(word.as_str()))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Id,
    Title,
    Created,
    Updated,
}

/// A sort key: the field, and whether the highest comes first.
fn order(text: &str) -> Option<(Field, bool)> {
    let mut parts = text.split_whitespace();
    let field = match parts.next()? {
        "id" => Field::Id,
        "title" => Field::Title,
        "created_at" => Field::Created,
        "updated_at" => Field::Updated,
        _ => return None,
    };
    let down = match parts.next().map(str::to_ascii_uppercase).as_deref() {
        None | Some("ASC") => false,
        Some("DESC") => true,
        Some(_) => return None,
    };
    parts.next().is_none().then_some((field, down))
}

fn compare(one: &Flow, other: &Flow, keys: &[(Field, bool)]) -> Ordering {
    let by = |field: Field| match field {
        Field::Id => one.id.cmp(&other.id),
        Field::Title => one.title.cmp(&other.title),
        Field::Created => one.created_at.cmp(&other.created_at),
        Field::Updated => one.updated_at.cmp(&other.updated_at),
    };
    keys.iter()
        .map(|&(field, down)| if down { by(field).reverse() } else { by(field) })
        .find(|order| order.is_ne())
        .unwrap_or_else(|| one.id.cmp(&other.id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sort_keys_are_a_field_and_a_direction() {
        assert_eq!(order("updated_at DESC"), Some((Field::Updated, true)));
        assert_eq!(order("title"), Some((Field::Title, false)));
        for bad in ["", "DESC", "title UP", "title ASC x", "secret ASC"] {
            assert_eq!(order(bad), None, "{bad}");
        }
    }
}
