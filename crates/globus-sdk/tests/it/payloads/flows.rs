//! Documents of Flows.

use globus_sdk::services::flows::{RunActivityNotificationPolicy, RunStatus};
use serde_json::Value;

use super::notation::Payload;
use super::{Entry, Refused, document};

pub(super) const ENTRIES: &[Entry] = &[("RunActivityNotificationPolicy", policy)];

fn policy(payload: &Payload) -> Result<Value, Refused> {
    let status: Option<Vec<RunStatus>> = payload.made_with(&["status"]).take("status")?;
    document(&status.map_or_else(
        RunActivityNotificationPolicy::default,
        RunActivityNotificationPolicy::new,
    ))
}
