//! The paging styles as one pure function: page received -> next call.

use serde_json::value::RawValue;

use super::Page;
use crate::error::{DecodeError, Error, Result};
use crate::operation::{Arg, Call, Paging, Place, pairs_of};

/// What follows a page.
#[derive(Debug)]
pub(crate) enum Next {
    /// That was the last one.
    End,
    /// The service gives no row behind this many.
    Truncated(u32),
    /// Send this.
    Call(Box<Call>),
}

/// Prepares the first call: the page size of offset styles is sent even when the caller names none, and what leads
/// from page to page must not be overridden on each of them.
pub(crate) fn first(mut call: Call) -> Result<Next> {
    for name in ["limit", "offset", "marker", "last_key", "next_token"] {
        call.settle(name);
    }
    match call.operation.paging {
        Some(Paging::HasNextPage { page_size, cap, .. } | Paging::Total { page_size, cap }) => {
            let offset = number(&call, "offset")?.unwrap_or(0);
            window(call, offset, page_size, cap)
        }
        _ => Ok(Next::Call(Box::new(call))),
    }
}

/// The call with the caller's page size from its own `offset` on. Nothing behind the cap is asked for: the last page
/// before it is the shorter for that.
fn window(mut call: Call, offset: u64, page_size: u32, cap: u32) -> Result<Next> {
    let left = u64::from(cap).saturating_sub(offset);
    if left == 0 {
        return Ok(Next::Truncated(cap));
    }
    let limit = number(&call, "limit")?.unwrap_or(page_size.into());
    call.set_by_name("limit", Arg::json(&limit.min(left)));
    Ok(Next::Call(Box::new(call)))
}

/// Decides what follows `page`, which answered `call`.
pub(crate) fn next<T>(call: &Call, page: &Page<T>) -> Result<Next> {
    let Some(paging) = call.operation.paging else {
        return Ok(Next::End);
    };
    match paging {
        Paging::Marker if page.has_next_page == Some(true) => token(call, page, "marker", "marker"),
        Paging::LastKey if page.has_next_page == Some(true) => token(call, page, "last_key", "last_key"),
        Paging::NullableMarker(field) if leads_on(page, field) => token(call, page, field, "marker"),
        Paging::NextToken if leads_on(page, "next_token") => token(call, page, "next_token", "next_token"),
        Paging::Marker | Paging::LastKey | Paging::NullableMarker(_) | Paging::NextToken => Ok(Next::End),
        Paging::HasNextPage { page_size, cap, count } => {
            if page.has_next_page == Some(true) {
                let rows = count.and_then(|field| page.get(field)).unwrap_or(page.len());
                offset(call, rows, page_size, cap)
            } else {
                Ok(Next::End)
            }
        }
        Paging::Total { page_size, cap } => {
            let done = number(call, "offset")?.unwrap_or(0).saturating_add(page.len() as u64);
            match page.get::<u64>("total") {
                Some(total) if done < total => offset(call, page.len(), page_size, cap),
                _ => Ok(Next::End),
            }
        }
        Paging::JsonApi => link(call, page),
    }
}

/// Markers are opaque: text mostly, but a number is passed on too. Null and nothing at all lead nowhere.
fn leads_on<T>(page: &Page<T>, field: &str) -> bool {
    page.field(field)
        .is_some_and(|raw| !matches!(raw.get(), "null" | "\"\""))
}

/// Where a page is, for listings that go from one to the next without counting.
pub(crate) fn place(call: &Call) -> Option<String> {
    let param = match call.operation.paging? {
        Paging::Marker | Paging::NullableMarker(_) => "marker",
        Paging::LastKey => "last_key",
        Paging::NextToken => "next_token",
        Paging::JsonApi => return pairs_of(&call.query).ok(),
        Paging::HasNextPage { .. } | Paging::Total { .. } => return None,
    };
    call.arg(param).map(text)
}

/// A listing that comes back to where it was.
pub(crate) fn circle(call: &Call) -> Error {
    broken(call, "leads back to an earlier one; going on would never end")
}

fn token<T>(call: &Call, page: &Page<T>, field: &str, param: &str) -> Result<Next> {
    let missing = || broken(call, &format!("says that more follows but has no `{field}`"));
    let value = page
        .field(field)
        .filter(|_| leads_on(page, field))
        .ok_or_else(missing)?;
    let given = call.arg(param).map(text);
    if given.as_deref() == Some(plain(value).as_str()) {
        return Err(broken(
            call,
            &format!("repeats the `{field}` it was asked with; going on would never end"),
        ));
    }
    let mut next = call.clone();
    next.set_by_name(param, Arg::Json(value.to_owned()));
    Ok(Next::Call(Box::new(next)))
}

fn offset(call: &Call, rows: usize, page_size: u32, cap: u32) -> Result<Next> {
    if rows == 0 {
        return Err(broken(
            call,
            "is empty and says that more follows; going on would never end",
        ));
    }
    let offset = number(call, "offset")?.unwrap_or(0).saturating_add(rows as u64);
    let mut next = call.clone();
    next.set_by_name("offset", Arg::json(&offset));
    window(next, offset, page_size, cap)
}

/// JSON:API: the query of `links.next`; host and path stay the client's own.
fn link<T>(call: &Call, page: &Page<T>) -> Result<Next> {
    #[derive(serde::Deserialize)]
    struct Links {
        next: Option<String>,
    }
    let Some(link) = page.get::<Links>("links").and_then(|links| links.next) else {
        return Ok(Next::End);
    };
    let mut next = call.clone();
    for (index, param) in call.operation.params.iter().enumerate() {
        if param.place == Place::Query {
            next.args[index] = None;
        }
    }
    let query = link.split_once('?').map_or("", |(_, query)| query);
    next.query.clear();
    for (key, value) in url::form_urlencoded::parse(query.as_bytes()) {
        match next.query.iter_mut().find(|(known, _)| *known == key) {
            Some((_, Arg::List(values))) => values.push(value.into_owned()),
            _ => next.query.push((key.into_owned(), Arg::List(vec![value.into_owned()]))),
        }
    }
    next.link = Some(link);
    if pairs_of(&next.query)? == pairs_of(&call.query)? {
        return Err(broken(
            call,
            "links to itself as the next page; going on would never end",
        ));
    }
    Ok(Next::Call(Box::new(next)))
}

/// A number that the caller gave: as an argument, or in the document.
fn number(call: &Call, name: &str) -> Result<Option<u64>> {
    let given = match call.arg(name) {
        Some(arg) => Some(arg.clone()),
        None => call.top_level(name),
    };
    let text = match given {
        None | Some(Arg::Null) => return Ok(None),
        Some(arg) => text(&arg),
    };
    text.parse().map(Some).map_err(|_| {
        Error::validation(
            format!("`{name}` of `{}`", call.operation),
            format!("is {text:?}; paging needs a whole number"),
        )
    })
}

fn text(arg: &Arg) -> String {
    match arg {
        Arg::Text(text) => text.clone(),
        Arg::Json(raw) => plain(raw),
        _ => String::new(),
    }
}

fn plain(raw: &RawValue) -> String {
    serde_json::from_str::<String>(raw.get()).unwrap_or_else(|_| raw.get().to_owned())
}

fn broken(call: &Call, what: &str) -> Error {
    Error::from(DecodeError::new(
        format!("a page of `{}`", call.operation),
        format!("the page {what}"),
    ))
}
