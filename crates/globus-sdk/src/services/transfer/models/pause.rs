//! Rules by which the manager of a collection pauses tasks.

use globus_sdk_macros::model;

use crate::models::{EndpointId, Field, IdentityId, PauseRuleId};

/// A rule that pauses tasks. Source: <https://docs.globus.org/api/transfer/advanced_collection_management/#pause_rule>.
///
/// Who does not manage the collection gets it without who made and changed it.
#[model]
pub struct PauseRule {
    /// `pause_rule`, or `pause_rule_limited` for those who do not manage the collection.
    #[wire("DATA_TYPE")]
    pub data_type: Option<String>,
    /// Id of the rule.
    pub id: Option<PauseRuleId>,
    /// What people are told.
    pub message: Option<String>,
    /// Since when it holds, as ISO 8601 text; null for since it was made.
    pub start_time: Field<String>,
    /// The collection it is about.
    pub endpoint_id: Option<EndpointId>,
    /// Name of that collection.
    pub endpoint_display_name: Option<String>,
    /// The identity for which it holds; null for everybody.
    pub identity_id: Field<IdentityId>,
    /// Who changed it last.
    pub modified_by_id: Option<IdentityId>,
    /// That identity's user name.
    pub modified_by: Option<String>,
    /// When it was changed last, as ISO 8601 text.
    pub modified_time: Option<String>,
    /// Whether it was made by the manager of the host endpoint.
    pub created_by_host_manager: Option<bool>,
    /// Whether the caller may change it.
    pub editable: Option<bool>,
    /// Whether listing folders is paused.
    pub pause_ls: Option<bool>,
    /// Whether making folders is paused.
    pub pause_mkdir: Option<bool>,
    /// Whether making symbolic links is paused.
    pub pause_symlink: Option<bool>,
    /// Whether renaming is paused.
    pub pause_rename: Option<bool>,
    /// Whether tasks that delete are paused.
    pub pause_task_delete: Option<bool>,
    /// Whether transfers to the collection are paused.
    pub pause_task_transfer_write: Option<bool>,
    /// Whether transfers from the collection are paused.
    pub pause_task_transfer_read: Option<bool>,
}

impl PauseRule {
    /// A rule that pauses everything that anybody does on a collection, from now on. Set the fields of what shall go on
    /// to false.
    pub fn new(endpoint_id: impl Into<EndpointId>, message: impl Into<String>) -> Self {
        Self {
            data_type: Some("pause_rule".to_owned()),
            endpoint_id: Some(endpoint_id.into()),
            message: Some(message.into()),
            identity_id: Field::Null,
            start_time: Field::Null,
            ..Self::default()
        }
    }
}
