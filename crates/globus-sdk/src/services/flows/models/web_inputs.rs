//! Questions that runs ask people.

use globus_sdk_macros::model;
use serde_json::Value;

use crate::models::{FlowId, RunId, WebInputId};

/// A web input in a list. Source: <https://flows.globus.org/redoc>.
#[model]
pub struct WebInputSummary {
    /// Id of the web input.
    pub id: Option<WebInputId>,
    /// Whether it can still be answered.
    pub status: Option<WebInputStatus>,
    /// The caller's roles.
    pub user_roles: Option<Vec<WebInputRole>>,
    /// What kind of answer it wants, for example `selection`.
    pub input_type: Option<String>,
    /// The question.
    pub title: Option<String>,
    /// The flow whose run asks.
    pub flow: Option<WebInputFlow>,
    /// The run that asks.
    pub run: Option<WebInputRun>,
    /// When it was made, as ISO 8601 text.
    pub created_timestamp: Option<String>,
    /// When it last changed, as ISO 8601 text.
    pub edited_timestamp: Option<String>,
    /// When it was answered, as ISO 8601 text.
    pub closed_timestamp: Option<String>,
}

/// A web input: the question, and what may be answered.
#[model]
pub struct WebInput {
    /// Id of the web input.
    pub id: Option<WebInputId>,
    /// Whether it can still be answered.
    pub status: Option<WebInputStatus>,
    /// The caller's roles.
    pub user_roles: Option<Vec<WebInputRole>>,
    /// What kind of answer it wants, for example `selection`.
    pub input_type: Option<String>,
    /// JSON Schema of the answer.
    pub input_schema: Option<Value>,
    /// The question, and what one should know to answer it.
    pub context: Option<WebInputContext>,
    /// The answers of which a selection takes one.
    pub options: Option<Vec<WebInputOption>>,
    /// Who may see and answer it.
    pub roles: Option<WebInputRoles>,
    /// Principal that made it.
    pub creator_urn: Option<String>,
    /// The flow whose run asks.
    pub flow: Option<WebInputFlow>,
    /// The run that asks.
    pub run: Option<WebInputRun>,
    /// When it was made, as ISO 8601 text.
    pub created_timestamp: Option<String>,
    /// When it last changed, as ISO 8601 text.
    pub edited_timestamp: Option<String>,
    /// When it was answered, as ISO 8601 text.
    pub closed_timestamp: Option<String>,
}

/// Whether a web input can still be answered.
#[model]
pub enum WebInputStatus {
    /// It waits for an answer.
    Open,
    /// It has been answered.
    Closed,
}

/// What a principal may do with a web input.
#[model]
pub enum WebInputRole {
    /// May see it.
    Viewer,
    /// May answer it.
    Respondent,
}

/// What people are shown with a web input.
#[model]
pub struct WebInputContext {
    /// The question.
    pub title: Option<String>,
    /// `text` or `table`.
    pub presentation_style: Option<String>,
    /// The explanation, as a text.
    pub text: Option<String>,
    /// The explanation, as the rows of a table.
    pub rows: Option<Vec<WebInputRow>>,
}

/// A row of a web input's table.
#[model]
pub struct WebInputRow {
    /// What the row is about.
    pub field: Option<String>,
    /// What is to be known about it.
    pub value: Option<Value>,
}

/// One of the answers of which a selection takes one.
#[model]
pub struct WebInputOption {
    /// The value to respond with.
    pub option_id: Option<String>,
    /// What people choose by.
    pub label: Option<String>,
    /// What choosing it means.
    pub description: Option<String>,
}

/// Who may see and answer a web input.
#[model]
pub struct WebInputRoles {
    /// Principals that may see it.
    pub viewer_urns: Option<Vec<String>>,
    /// Principals that may answer it.
    pub respondent_urns: Option<Vec<String>>,
}

/// The flow of a web input.
#[model]
pub struct WebInputFlow {
    /// Id of the flow.
    pub id: Option<FlowId>,
    /// Title of the flow.
    pub title: Option<String>,
}

/// The run of a web input.
#[model]
pub struct WebInputRun {
    /// Id of the run.
    pub id: Option<RunId>,
    /// Label of the run.
    pub label: Option<String>,
}

/// What became of an answer.
#[model]
pub struct WebInputReceipt {
    /// `ok`.
    pub status: Option<String>,
}
