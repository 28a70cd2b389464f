//! The paging styles as one pure function: page received -> next call.

use serde::de::DeserializeOwned;
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
        Paging::Marker if more(call, page)? => token(call, page, "marker", "marker"),
        Paging::LastKey if more(call, page)? => token(call, page, "last_key", "last_key"),
        Paging::NullableMarker(field) if leads_on(page, field) => token(call, page, field, "marker"),
        Paging::NextToken if leads_on(page, "next_token") => token(call, page, "next_token", "next_token"),
        Paging::Marker | Paging::LastKey | Paging::NullableMarker(_) | Paging::NextToken => Ok(Next::End),
        Paging::HasNextPage { page_size, cap, count } => {
            if more(call, page)? {
                let counted = match count {
                    Some(field) => read(call, page, field, "a whole number")?,
                    None => None,
                };
                let rows = counted.unwrap_or(page.len());
                offset(call, rows, page_size, cap)
            } else {
                Ok(Next::End)
            }
        }
        Paging::Total { page_size, cap } => {
            let done = number(call, "offset")?.unwrap_or(0).saturating_add(page.len() as u64);
            match read::<_, u64>(call, page, "total", "a whole number")? {
                Some(total) if done < total => offset(call, page.len(), page_size, cap),
                _ => Ok(Next::End),
            }
        }
        Paging::JsonApi => link(call, page),
    }
}

/// Whether the page says that more follows.
fn more<T>(call: &Call, page: &Page<T>) -> Result<bool> {
    let said = page.flag("has_next_page");
    said.map(Option::unwrap_or_default)
        .map_err(|()| unreadable(call, "has_next_page", "true or false"))
}

/// What stands beside the rows; `None` when it is absent or null. What cannot be read does not end a listing.
fn read<T, U: DeserializeOwned>(call: &Call, page: &Page<T>, field: &str, wanted: &str) -> Result<Option<U>> {
    let raw = page.field(field).map_or("null", RawValue::get);
    serde_json::from_str(raw).map_err(|_| unreadable(call, field, wanted))
}

fn unreadable(call: &Call, field: &str, wanted: &str) -> Error {
    broken(
        call,
        &format!("has a `{field}` that is not {wanted}; whether more follows is not known"),
    )
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
    // Text or a number.
    if value.get().starts_with(['{', '[', 't', 'f']) {
        return Err(unreadable(call, field, "a text"));
    }
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
    #[serde(untagged)]
    enum Link {
        Text(String),
        Object { href: String },
    }
    #[derive(serde::Deserialize)]
    struct Links {
        next: Option<Box<RawValue>>,
    }
    let links: Option<Links> = read(call, page, "links", "an object")?;
    let Some(next) = links.and_then(|links| links.next) else {
        return Ok(Next::End);
    };
    let link = match serde_json::from_str(next.get()) {
        Ok(None) => return Ok(Next::End),
        Ok(Some(Link::Text(link) | Link::Object { href: link })) => link,
        Err(_) => return Err(unreadable(call, "links.next", "a link")),
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
