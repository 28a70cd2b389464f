//! Plain requests by name: what every client has besides its declared operations.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::{Core, Encoding, Mode, RawRequest};
use crate::error::{Error, Result};
use crate::operation::Arg;

/// Names of the plain requests.
pub(super) const VERBS: &[&str] = &["get", "post", "put", "patch", "delete", "request"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Params {
    path: String,
    #[serde(default)]
    method: Option<String>,
    #[serde(default)]
    query_params: Option<Map<String, Value>>,
    #[serde(default)]
    headers: Option<Map<String, Value>>,
    #[serde(default)]
    data: Option<Box<RawValue>>,
    #[serde(default)]
    encoding: Option<String>,
    #[serde(default)]
    allow_redirects: Option<bool>,
    #[serde(default, rename = "stream")]
    _stream: Option<bool>,
    #[serde(default)]
    automatic_authorization: Option<bool>,
}

/// The request of a verb with a JSON object of parameters.
pub(super) fn request<M: Mode>(core: Arc<Core>, verb: &str, params: &str) -> Result<RawRequest<M>> {
    let named = format!("{}.{verb}", core.spec().id);
    let params: Params =
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
    for (name, value) in params.query_params.into_iter().flatten() {
        request = request.with_query_param(name, value);
    }
    for (name, value) in params.headers.into_iter().flatten() {
        let value = value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
        request = request.with_header(name, value);
    }
    if let Some(data) = params.data.filter(|data| data.get() != "null") {
        let encoding = encoding(params.encoding.as_deref(), data.get(), &named)?;
        request = request.with_arg(Arg::Json(data), encoding);
    }
    request = request.with_redirects(params.allow_redirects.unwrap_or(true));
    Ok(request.with_authorization(params.automatic_authorization.unwrap_or(true)))
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
