//! What became of a timer's runs.

use globus_sdk_macros::model;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

/// What became of the latest runs of a timer. A new flow timer has a plain list, any other a page.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum TimerResults {
    /// A page of them.
    Page(TimerResultsPage),
    /// All of them.
    List(Vec<TimerResult>),
}

impl TimerResults {
    /// The results, whatever their form.
    pub fn data(&self) -> &[TimerResult] {
        match self {
            Self::Page(page) => page.data.as_deref().unwrap_or_default(),
            Self::List(results) => results,
        }
    }
}

impl<'de> Deserialize<'de> for TimerResults {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let read = if raw.get().starts_with('[') {
            serde_json::from_str(raw.get()).map(Self::List)
        } else {
            serde_json::from_str(raw.get()).map(Self::Page)
        };
        read.map_err(D::Error::custom)
    }
}

/// A page of results.
#[model]
pub struct TimerResultsPage {
    /// Its results.
    pub data: Option<Vec<TimerResult>>,
    /// Where the next page begins.
    pub page_next: Option<String>,
}

/// What became of one run.
#[model]
pub struct TimerResult {
    /// When it ran, as ISO 8601 text.
    pub ran_at: Option<String>,
    /// How it ended.
    pub run_status: Option<String>,
    /// HTTP status of the call.
    pub status: Option<u16>,
    /// What was answered: the status of the action, in its provider's form.
    pub data: Option<Value>,
    /// What went wrong, in the form of the service that refused.
    pub errors: Option<Value>,
    /// When the call began, as ISO 8601 text.
    pub start_timestamp: Option<String>,
    /// When it was over, as ISO 8601 text.
    pub end_timestamp: Option<String>,
    /// Id of the task or run that was started.
    pub resource_id: Option<String>,
    /// HTTP status with which it was started.
    pub http_status_submission: Option<u16>,
    /// HTTP status with which it was last asked how far it is.
    pub http_status_polled: Option<u16>,
    /// When it was last asked how far it is, as ISO 8601 text.
    pub last_check_timestamp: Option<String>,
    /// When it will be asked next, as ISO 8601 text.
    pub next_check_timestamp: Option<String>,
}
