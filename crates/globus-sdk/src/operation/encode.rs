//! From a [`Call`] and its row to an HTTP request: one function, not generic, for every operation.

use std::borrow::Cow;

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::value::RawValue;
use url::Url;

use super::body::{Node, with_fields};
use super::values::{entry_texts, param_texts};
use super::{Arg, Body, Call, ClientIdField, Method, Operation, Param, Place, Style, ValueKind};
use crate::error::{Error, Result};

/// Keys and values in wire order.
type Pairs<'a> = Vec<(Cow<'a, str>, String)>;

/// RFC 3986's unreserved characters stay, everything else is escaped.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What a call needs to know of its client.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Binding<'a> {
    pub(crate) base_url: &'a Url,
    pub(crate) vars: &'a [(&'static str, String)],
    pub(crate) authenticated: bool,
}

/// Escapes text for a path segment or a query.
pub(crate) fn escape(text: &str) -> String {
    utf8_percent_encode(text, ESCAPED).to_string()
}

/// Escapes a path that a caller wrote, and leaves its slashes.
pub(crate) fn escape_path(path: &str) -> String {
    path.split('/').map(escape).collect::<Vec<_>>().join("/")
}

/// Writes entries as a query or a form; lists repeat their key, nulls are left out.
pub(crate) fn pairs_of(entries: &[(String, Arg)]) -> Result<String> {
    let mut pairs: Pairs<'_> = Vec::new();
    for (key, arg) in entries {
        let texts =
            super::values::texts_of(arg, Style::Repeat).map_err(|why| Error::validation(format!("`{key}`"), why))?;
        replace(&mut pairs, key, texts);
    }
    Ok(encode_pairs(&pairs))
}

/// The JSON text of a string.
pub(crate) fn json_text(text: &str) -> Box<RawValue> {
    serde_json::value::to_raw_value(text).unwrap_or_else(|_| RawValue::NULL.to_owned())
}

/// Builds the request of a call. A document in it is moved, not copied.
///
/// # Errors
/// [`Error::Validation`] for a missing or unusable argument; nothing has been sent then.
pub(crate) fn encode(mut call: Call, binding: &Binding<'_>) -> Result<http::Request<Bytes>> {
    let operation = call.operation;
    check_arguments(&call)?;
    let url = join(binding.base_url, &path(&call, binding)?, &query(&call)?);
    let (body, content_type) = body(&mut call, binding)?;
    let mut request = http::Request::builder()
        .method(http::Method::from(operation.method))
        .uri(url.as_str());
    if let Some(headers) = request.headers_mut() {
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        if let Some(content_type) = content_type {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        }
        if body.is_empty() && !matches!(operation.method, Method::Get | Method::Head) {
            headers.insert(http::header::CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        for (name, value) in &call.options.headers {
            headers.insert(name, value.clone());
        }
    }
    for (index, param) in params(operation, Place::Header) {
        if let (Some(arg), Some(headers)) = (&call.args[index], request.headers_mut())
            && let Some(text) = single_text(param, arg, operation)?
        {
            let value = HeaderValue::try_from(text)
                .map_err(|_| invalid(operation, param.name, "has characters that no header may have"))?;
            let name = http::HeaderName::try_from(param.wire)
                .map_err(|_| invalid(operation, param.name, "is declared with an invalid header name"))?;
            headers.insert(name, value);
        }
    }
    request
        .body(body)
        .map_err(|error| Error::validation(operation.to_string(), format!("makes no valid request: {error}")))
}

pub(super) fn invalid(operation: &Operation, name: &str, message: impl std::fmt::Display) -> Error {
    Error::validation(format!("`{name}` of `{operation}`"), message.to_string())
}

/// Refuses what cannot be sent: settings that were not taken, arguments that lack or do not go together.
pub(crate) fn check_arguments(call: &Call) -> Result<()> {
    if let Some(error) = &call.error {
        return Err(error.clone());
    }
    for (param, arg) in call.operation.params.iter().zip(&call.args) {
        match arg {
            Some(Arg::Invalid(why)) => {
                return Err(invalid(call.operation, param.name, format!("cannot be sent: {why}")));
            }
            Some(Arg::Json(raw)) if param.place == Place::Document => {
                if let Some(why) = super::values::misfit(param, raw) {
                    return Err(invalid(call.operation, param.name, why));
                }
            }
            arg if param.required && lacks(param, arg.as_ref()) => {
                return Err(Error::usage(format!(
                    "`{}` needs the parameter `{}`: {}",
                    call.operation, param.name, param.doc
                )));
            }
            _ => {}
        }
    }
    call.operation.check.map_or(Ok(()), |check| check(call))
}

/// Whether nothing is given. Null is no document and no list.
fn lacks(param: &Param, arg: Option<&Arg>) -> bool {
    let content = param.place == Place::Document
        || param.value == ValueKind::List
        || param.value == ValueKind::Json && !param.ty.ends_with("Value");
    match arg {
        None => true,
        Some(Arg::Null) => content && !param.nullable,
        Some(Arg::Json(raw)) => content && !param.nullable && raw.get() == "null",
        Some(_) => false,
    }
}

fn params(operation: &'static Operation, place: Place) -> impl Iterator<Item = (usize, &'static Param)> {
    operation
        .params
        .iter()
        .enumerate()
        .filter(move |(_, param)| param.place == place)
}

/// Joins below the base URL's path; the query replaces nothing since base URLs have none.
fn join(base: &Url, path: &str, query: &str) -> String {
    let base = base.as_str().trim_end_matches('/');
    let separator = if path.starts_with('/') { "" } else { "/" };
    let mark = if query.is_empty() { "" } else { "?" };
    format!("{base}{separator}{path}{mark}{query}")
}

fn path(call: &Call, binding: &Binding<'_>) -> Result<String> {
    let operation = call.operation;
    let mut path = String::with_capacity(operation.path.len() + 40);
    let mut rest = operation.path;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        path.push_str(before);
        path.push_str(&escape(&segment(call, binding, name)?));
        rest = after;
    }
    path.push_str(rest);
    Ok(path)
}

/// The text of a parameter of which only one goes where it goes.
fn single_text(param: &Param, arg: &Arg, operation: &Operation) -> Result<Option<String>> {
    let mut texts = param_texts(param, arg, operation)?;
    if texts.len() > 1 {
        return Err(invalid(operation, param.name, "holds a list where one text belongs"));
    }
    Ok(texts.pop())
}

/// The value of a path segment. `.` and `..` would name another resource, and so would nothing at all.
fn segment(call: &Call, binding: &Binding<'_>, name: &str) -> Result<String> {
    let operation = call.operation;
    let value = match operation.param(name) {
        Some((index, param)) => match &call.args[index] {
            Some(arg) => single_text(param, arg, operation)?,
            None => None,
        },
        None => binding
            .vars
            .iter()
            .find(|(var, _)| *var == name)
            .map(|(_, value)| value.clone()),
    };
    let Some(value) = value else {
        return Err(Error::usage(format!(
            "`{operation}` needs `{name}` for its path `{}`",
            operation.path
        )));
    };
    match value.as_str() {
        "" => Err(invalid(
            operation,
            name,
            "is empty; the path would name another resource",
        )),
        "." | ".." => Err(invalid(
            operation,
            name,
            format!("is `{value}`; the path would name another resource"),
        )),
        _ => Ok(value),
    }
}

fn query(call: &Call) -> Result<String> {
    let operation = call.operation;
    let mut pairs: Pairs<'_> = Vec::new();
    for (index, param) in params(operation, Place::Query) {
        // An override stands where the declared parameter would, given or not.
        if call.query.iter().any(|(key, _)| key == param.wire) {
            pairs.push((param.wire.into(), String::new()));
        } else if let Some(arg) = given_or_default(call, index, param) {
            let texts = param_texts(param, &arg, operation)?;
            pairs.extend(texts.into_iter().map(|text| (param.wire.into(), text)));
        }
    }
    for (key, arg) in &call.query {
        let texts = entry_texts(key, arg, operation)?;
        replace(&mut pairs, key, texts);
    }
    Ok(encode_pairs(&pairs))
}

/// Open maps override declared values and keep their position.
fn replace<'a>(pairs: &mut Pairs<'a>, key: &'a str, texts: Vec<String>) {
    let position = pairs.iter().position(|(name, _)| *name == key).unwrap_or(pairs.len());
    pairs.retain(|(name, _)| *name != key);
    let position = position.min(pairs.len());
    pairs.splice(position..position, texts.into_iter().map(|text| (key.into(), text)));
}

fn encode_pairs(pairs: &[(Cow<'_, str>, String)]) -> String {
    let mut out = String::new();
    for (key, value) in pairs {
        if !out.is_empty() {
            out.push('&');
        }
        out.push_str(&escape(key).replace("%20", "+"));
        out.push('=');
        out.push_str(&escape(value).replace("%20", "+"));
    }
    out
}

fn given_or_default(call: &Call, index: usize, param: &Param) -> Option<Arg> {
    if param.with.is_some_and(|other| call.arg(other).is_none()) {
        return None;
    }
    match (&call.args[index], param.default) {
        (Some(Arg::Null), _) if param.style == Style::NotNull => None,
        (Some(arg), _) => Some(arg.clone()),
        (None, Some(default)) => RawValue::from_string(default.to_owned()).ok().map(Arg::Json),
        (None, None) => None,
    }
}

fn body(call: &mut Call, binding: &Binding<'_>) -> Result<(Bytes, Option<&'static str>)> {
    match call.operation.body {
        Body::None => Ok((Bytes::new(), None)),
        Body::Form => {
            let form = form(call, binding)?;
            let content_type = (!form.is_empty()).then_some("application/x-www-form-urlencoded");
            Ok((Bytes::from(form), content_type))
        }
        Body::Json => match json(call)? {
            Some(json) => Ok((Bytes::from(json), Some("application/json"))),
            None => Ok((Bytes::new(), None)),
        },
    }
}

fn form(call: &Call, binding: &Binding<'_>) -> Result<String> {
    let operation = call.operation;
    let mut pairs: Pairs<'_> = Vec::new();
    for (pointer, value) in operation.fixed {
        let text = serde_json::from_str::<String>(value).unwrap_or_else(|_| (*value).to_owned());
        pairs.push((pointer.trim_start_matches('/').into(), text));
    }
    for (index, param) in params(operation, Place::Form) {
        if let Some(arg) = given_or_default(call, index, param) {
            let texts = param_texts(param, &arg, operation)?;
            pairs.extend(texts.into_iter().map(|text| (param.wire.into(), text)));
        }
    }
    // A whole form given as one document: its entries come first.
    for (index, _) in params(operation, Place::Document) {
        if let Some(Arg::Json(raw)) = &call.args[index] {
            let entries = super::call::object_entries(raw.get())
                .map_err(|error| invalid(operation, operation.params[index].name, error))?;
            for (key, value) in entries {
                let arg = if value.get() == "null" {
                    Arg::Null
                } else {
                    Arg::Json(value.to_owned())
                };
                let texts = entry_texts(&key, &arg, operation)?;
                pairs.extend(texts.into_iter().map(|text| (key.clone(), text)));
            }
        }
    }
    if let Some((_, client_id)) = binding.vars.iter().find(|(name, _)| *name == "client_id") {
        let wanted = match operation.client_id {
            ClientIdField::Always => true,
            ClientIdField::Unauthenticated => !(binding.authenticated && operation.authorization),
            ClientIdField::Never => false,
        };
        if wanted {
            pairs.push(("client_id".into(), client_id.clone()));
        }
    }
    for (key, arg) in &call.fields {
        let texts = entry_texts(key, arg, operation)?;
        replace(&mut pairs, key, texts);
    }
    Ok(encode_pairs(&pairs))
}

/// The JSON body; none where the operation takes a document and the call has nothing to say.
fn json(call: &mut Call) -> Result<Option<Vec<u8>>> {
    let operation = call.operation;
    let Some((index, param)) = params(operation, Place::Document).next() else {
        return Ok(Some(fields_alone(call)));
    };
    match call.args[index].take() {
        None | Some(Arg::Null) => {
            let silent = operation.fixed.is_empty() && fields_beside(call).is_empty();
            Ok((!silent).then(|| fields_alone(call)))
        }
        Some(document) => {
            let fields = fields_beside(call);
            wrapped(operation, document.into_raw(), &fields)
                .map(Some)
                .map_err(|error| invalid(operation, param.name, error))
        }
    }
}

/// A body made of fields.
fn fields_alone(call: &Call) -> Vec<u8> {
    let operation = call.operation;
    let mut node = Node::object();
    node.touch(operation.wrap);
    for (pointer, value) in operation.fixed {
        node.put(pointer, raw(value));
    }
    for (index, param) in params(operation, Place::Body) {
        if let Some(arg) = given_or_default(call, index, param) {
            node.put(param.wire, super::values::json_value(param, arg));
        }
    }
    for (key, arg) in &call.fields {
        let pointer = format!("{}/{}", operation.wrap, key.replace('~', "~0").replace('/', "~1"));
        node.put(&pointer, arg.clone().into_raw());
    }
    node.into_bytes()
}

/// The fields that replace top-level keys of a document.
fn fields_beside(call: &Call) -> Vec<(String, Box<RawValue>)> {
    let operation = call.operation;
    let mut fields = Vec::new();
    for (index, param) in params(operation, Place::Body) {
        if let Some(arg) = given_or_default(call, index, param) {
            let name = param
                .wire
                .strip_prefix(operation.wrap)
                .unwrap_or(param.wire)
                .trim_start_matches('/');
            fields.push((name.to_owned(), super::values::json_value(param, arg)));
        }
    }
    fields.extend(
        call.fields
            .iter()
            .map(|(key, arg)| (key.clone(), arg.clone().into_raw())),
    );
    fields
}

/// A document with its fields replaced, below the operation's `wrap`.
fn wrapped(
    operation: &Operation,
    document: Box<RawValue>,
    fields: &[(String, Box<RawValue>)],
) -> Result<Vec<u8>, serde_json::Error> {
    let text = if fields.is_empty() {
        Box::<str>::from(document).into()
    } else {
        with_fields(document, fields)?
    };
    if operation.wrap.is_empty() {
        return Ok(text.into_bytes());
    }
    let mut node = Node::object();
    node.put(operation.wrap, RawValue::from_string(text)?);
    Ok(node.into_bytes())
}

fn raw(json: &str) -> Box<RawValue> {
    RawValue::from_string(json.to_owned()).unwrap_or_else(|_| json_text(json))
}
