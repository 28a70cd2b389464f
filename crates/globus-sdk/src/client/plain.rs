//! Plain requests by name: what every client has besides its declared operations.

use std::borrow::Cow;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Core, Encoding, Mode, RawRequest};
use crate::error::{Error, Result};
use crate::operation::{Arg, object_entries};

/// Names of the plain requests.
pub(super) const VERBS: &[&str] = &["get", "post", "put", "patch", "delete", "request"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlainCall {
    path: String,
    #[serde(default)]
    method: Option<String>,
    #[serde(default)]
    query_params: Option<Box<RawValue>>,
    #[serde(default)]
    headers: Option<Box<RawValue>>,
    #[serde(default)]
    data: Option<Box<RawValue>>,
    #[serde(default)]
    encoding: Option<String>,
    #[serde(default)]
    allow_redirects: Option<bool>,
    /// Accepted; a call by name reads its whole answer.
    #[serde(default, rename = "stream")]
    _read_whole: Option<bool>,
    #[serde(default)]
    automatic_authorization: Option<bool>,
}

/// The request of a verb with a JSON object of parameters.
pub(super) fn request<M: Mode>(core: Arc<Core>, verb: &str, params: &str) -> Result<RawRequest<M>> {
    let named = format!("{}.{verb}", core.spec().id);
    let params: PlainCall =
        serde_json::from_str(params).map_err(|error| Error::usage(format!("the parameters of `{named}`: {error}")))?;
    let method = match (verb, params.method.as_deref()) {
        ("request", Some(method)) => method,
        ("request", None) => return Err(Error::usage(format!("`{named}` needs the parameter `method`"))),
        (_, Some(_)) => return Err(Error::usage(format!("`{named}` has no parameter `method`"))),
        (verb, None) => verb,
    };
    let method = http::Method::from_bytes(method.to_ascii_uppercase().as_bytes()).map_err(|_| {
        Error::validation(
            format!("`method` of `{named}`"),
            format!("{method:?} is no HTTP method"),
        )
    })?;
    let mut request = RawRequest::new(core, method, params.path);
    for (name, value) in entries(params.query_params.as_deref(), "query_params", &named)? {
        request = request.with_query_param(name, value.to_owned());
    }
    for (name, value) in entries(params.headers.as_deref(), "headers", &named)? {
        let text = serde_json::from_str::<String>(value.get());
        request = request.with_header(name, text.as_deref().unwrap_or(value.get()));
    }
    if let Some(data) = params.data.filter(|data| data.get() != "null") {
        let encoding = encoding(params.encoding.as_deref(), data.get(), &named)?;
        request = request.with_arg(Arg::Json(data), encoding);
    }
    request = request.with_redirects(params.allow_redirects.unwrap_or(true));
    Ok(request.with_authorization(params.automatic_authorization.unwrap_or(true)))
}

/// The entries of an open map in the order in which they were given.
fn entries<'a>(map: Option<&'a RawValue>, name: &str, named: &str) -> Result<Vec<(Cow<'a, str>, &'a RawValue)>> {
    let Some(map) = map.filter(|map| map.get() != "null") else {
        return Ok(Vec::new());
    };
    object_entries(map.get())
        .map_err(|error| Error::usage(format!("`{name}` of `{named}` must be a JSON object: {error}")))
}

/// Text is sent as it is and everything else as JSON, unless told otherwise.
fn encoding(name: Option<&str>, data: &str, named: &str) -> Result<Encoding> {
    match name {
        None if data.starts_with('"') => Ok(Encoding::Text),
        None | Some("json") => Ok(Encoding::Json),
        Some("form") => Ok(Encoding::Form),
        Some("text") => Ok(Encoding::Text),
        Some(other) => Err(Error::validation(
            format!("`encoding` of `{named}`"),
            format!("{other:?} is not json, form or text"),
        )),
    }
}
