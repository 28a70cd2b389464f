//! Services that flows may call.

use globus_sdk_macros::model;
use serde_json::Value;

use crate::models::{RegisteredApiId, SubscriptionId};

/// A service that flows may call. Lists have its id, texts and times only.
///
/// Source: <https://flows.globus.org/redoc>.
#[model]
pub struct RegisteredApi {
    /// Id of the registered API.
    pub id: Option<RegisteredApiId>,
    /// Name that people see.
    pub name: Option<String>,
    /// What it does.
    pub description: Option<String>,
    /// Who may see and change it.
    pub roles: Option<RegisteredApiRoles>,
    /// Where it is and how it is called, as a part of an `OpenAPI` document.
    pub target: Option<Value>,
    /// How input becomes a request, and an answer becomes output.
    pub data_templates: Option<Value>,
    /// JSON Schema of the input of a state that calls it.
    pub state_input_schema: Option<Value>,
    /// Whether it can be called, for example `ACTIVE`.
    pub status: Option<String>,
    /// Subscription it belongs to.
    pub subscription_id: Option<SubscriptionId>,
    /// When it was made, as ISO 8601 text.
    pub created_timestamp: Option<String>,
    /// When people last changed it, as ISO 8601 text.
    pub edited_timestamp: Option<String>,
    /// When it last changed for any reason, as ISO 8601 text.
    pub updated_timestamp: Option<String>,
    /// When it will be deleted, as ISO 8601 text.
    pub scheduled_deletion_timestamp: Option<String>,
}

/// Who may see and change a registered API.
#[model]
pub struct RegisteredApiRoles {
    /// Principals that own it.
    pub owners: Option<Vec<String>>,
    /// Principals that may change it.
    pub administrators: Option<Vec<String>>,
    /// Principals that may see it.
    pub viewers: Option<Vec<String>>,
}

/// What a principal may do with a registered API.
#[model]
pub enum RegisteredApiRole {
    /// May see it.
    Viewer,
    /// May change it.
    Administrator,
    /// Owns it.
    Owner,
}
