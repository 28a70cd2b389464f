//! Arguments that do not go together.

use serde_json::value::RawValue;

use crate::error::{Error, Result};
use crate::operation::{Arg, Call};

/// What holds for the filters of a manager's list of tasks.
pub(crate) fn managed_tasks(call: &Call) -> Result<()> {
    if given(call, "filter_endpoint_use") && !given(call, "filter_endpoint") {
        return Err(Error::usage(
            "`filter_endpoint_use` says how `filter_endpoint` is used: give that too",
        ));
    }
    let times = match call.arg("filter_completion_time") {
        Some(Arg::List(times)) => times.join(","),
        Some(Arg::Text(text)) => text.clone(),
        Some(Arg::Json(raw)) => texts(raw).join(","),
        _ => return Ok(()),
    };
    match times.split_once(',') {
        Some((start, end)) if !end.contains(',') && (!start.trim().is_empty() || !end.trim().is_empty()) => Ok(()),
        _ => Err(Error::usage(
            "`filter_completion_time` needs a start and an end, of which one may be empty",
        )),
    }
}

/// A new tunnel is a JSON:API document.
pub(crate) fn tunnel(call: &Call) -> Result<()> {
    let data = call.top_level("data");
    if matches!(&data, Some(Arg::Json(raw)) if raw.get().starts_with('{')) {
        return Ok(());
    }
    Err(Error::usage(
        "the document of a tunnel has its fields in an object `data`; `CreateTunnelData` writes it",
    ))
}

/// A list of texts, or one text.
fn texts(raw: &RawValue) -> Vec<String> {
    serde_json::from_str(raw.get())
        .or_else(|_| serde_json::from_str(raw.get()).map(|text| vec![text]))
        .unwrap_or_default()
}

/// Whether a query has the filter: as an argument, or from an open map.
fn given(call: &Call, name: &str) -> bool {
    call.arg(name).is_some_and(|arg| !matches!(arg, Arg::Null)) || call.query.iter().any(|(key, _)| key == name)
}
