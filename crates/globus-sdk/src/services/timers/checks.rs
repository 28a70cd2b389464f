//! Documents of one kind of timer do not go where the other kind is made.

use serde_json::value::RawValue;

use crate::error::{Error, Result};
use crate::operation::{Arg, Call, object_entries};

/// A transfer or a flow, not a call of an action provider.
pub(crate) fn a_timer(call: &Call) -> Result<()> {
    match document(call, "timer") {
        Some(timer) if has(timer, "callback_url") && !has(timer, "timer_type") => Err(Error::usage(
            "`timer` is a TimerJob, which `create_job` takes; give a TransferTimer or a FlowTimer",
        )),
        _ => Ok(()),
    }
}

/// A call of an action provider, neither a transfer nor a flow.
pub(crate) fn a_job(call: &Call) -> Result<()> {
    match document(call, "data") {
        Some(data) if has(data, "timer_type") => Err(Error::usage(
            "`data` is a TransferTimer or a FlowTimer, which `create_timer` takes; give a TimerJob",
        )),
        _ => Ok(()),
    }
}

fn document<'a>(call: &'a Call, name: &str) -> Option<&'a RawValue> {
    match call.arg(name) {
        Some(Arg::Json(document)) => Some(document),
        _ => None,
    }
}

fn has(document: &RawValue, name: &str) -> bool {
    object_entries(document.get()).is_ok_and(|entries| entries.iter().any(|(key, _)| key == name))
}
