//! What lists of flows and of runs have in common: their order and their pages.

use std::cmp::Ordering;

use serde_json::{Value, json};

use crate::exchange::{Fields, Incoming, Reply};
use crate::services::flows::errors;

/// Rows of a page of flows or runs unless told otherwise, and at most.
pub(crate) const PAGE: (usize, usize) = (20, 100);

/// A page: how many rows, from which on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Window {
    size: usize,
    from: usize,
}

impl Window {
    /// The page that a query asks for; `name` is the parameter that says how long it is.
    pub(crate) fn read(request: &Incoming, name: &str, (default, most): (usize, usize)) -> Result<Self, Reply> {
        let query = request.query();
        let size = match query.get(name) {
            None => default,
            Some(text) => text
                .parse()
                .ok()
                .filter(|size| (1..=most).contains(size))
                .ok_or_else(|| errors::unprocessable(request, &format!("{name} is a number from 1 to {most}")))?,
        };
        let from = match query.get("marker") {
            None => 0,
            Some(text) => text
                .strip_prefix("from-")
                .and_then(|text| text.parse().ok())
                .ok_or_else(|| errors::unprocessable(request, "marker is one from the page before"))?,
        };
        Ok(Self { size, from })
    }

    /// The page of some rows, under a key.
    pub(crate) fn page<T>(self, key: &str, rows: &[T], document: impl Fn(&T) -> Value) -> Value {
        let shown: Vec<Value> = rows.iter().skip(self.from).take(self.size).map(document).collect();
        let end = self.from.saturating_add(self.size);
        let more = end < rows.len();
        let mut page = json!({
            "limit": self.size,
            "has_next_page": more,
            "marker": more.then(|| format!("from-{end}")),
        });
        page[key] = Value::Array(shown);
        page
    }
}

/// A field by which to sort, and whether the highest comes first.
pub(crate) type Order = (&'static str, bool);

/// The orders that a query asks for, by some of these fields.
pub(crate) fn orders(request: &Incoming, fields: &[&'static str]) -> Result<Vec<Order>, Reply> {
    let query: Fields = request.query();
    let given = query
        .iter()
        .filter(|(name, value)| *name == "orderby" && !value.is_empty());
    let orders = given.map(|(_, value)| order(value, fields)).collect::<Option<Vec<_>>>();
    orders.ok_or_else(|| {
        let fields = fields.join(", ");
        errors::unprocessable(request, &format!("orderby is one of {fields}, then ASC or DESC"))
    })
}

fn order(text: &str, fields: &[&'static str]) -> Option<Order> {
    let mut parts = text.split_whitespace();
    let wanted = parts.next()?;
    let field = fields.iter().find(|field| **field == wanted)?;
    let down = match parts.next().map(str::to_ascii_uppercase).as_deref() {
        None | Some("ASC") => false,
        Some("DESC") => true,
        Some(_) => return None,
    };
    parts.next().is_none().then_some((field, down))
}

/// Which of two rows comes first, by what `key` gives for a field.
pub(crate) fn compare<T>(one: &T, other: &T, orders: &[Order], key: impl Fn(&T, &str) -> String) -> Ordering {
    orders
        .iter()
        .map(|&(field, down)| {
            let order = key(one, field).cmp(&key(other, field));
            if down { order.reverse() } else { order }
        })
        .find(|order| order.is_ne())
        .unwrap_or(Ordering::Equal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_a_field_and_a_direction() {
        let fields = ["title", "updated_at"];
        assert_eq!(order("updated_at DESC", &fields), Some(("updated_at", true)));
        assert_eq!(order("title", &fields), Some(("title", false)));
        for bad in ["", "DESC", "title UP", "title ASC x", "secret ASC"] {
            assert_eq!(order(bad, &fields), None, "{bad}");
        }
    }
}
