//! Indices, and the roles and tasks on them.

use globus_sdk_macros::model;
use serde_json::Value;

use crate::models::{GroupId, IdentityId, IndexId, SearchRoleId, SearchTaskId, SubscriptionId};

/// An index. Source: <https://docs.globus.org/api/search/reference/index_show/>.
#[model]
pub struct Index {
    /// Id of the index.
    pub id: Option<IndexId>,
    /// Name that people see.
    pub display_name: Option<String>,
    /// What the index holds.
    pub description: Option<String>,
    /// Whether it is open or about to be deleted.
    pub status: Option<IndexStatus>,
    /// Whether it can be queried and changed at the moment.
    pub available: Option<bool>,
    /// Whether it is for trying things out.
    pub is_trial: Option<bool>,
    /// The subscription it belongs to; none for a trial index.
    pub subscription_id: Option<SubscriptionId>,
    /// How large it may become, in megabytes.
    pub max_size_in_mb: Option<u64>,
    /// How large it is, in megabytes.
    pub size_in_mb: Option<u64>,
    /// How many subjects it holds.
    pub num_subjects: Option<u64>,
    /// How many entries it holds.
    pub num_entries: Option<u64>,
    /// When it was made, as `YYYY-MM-DD hh:mm:ss` in UTC.
    pub creation_date: Option<String>,
    /// When its content last changed, written like `creation_date`.
    pub content_last_modified_date: Option<String>,
    /// The JSON schema that its owner demands of entries.
    pub entry_schema: Option<Value>,
    /// The caller's roles; only in `index_list` and `get_index`.
    pub permissions: Option<Vec<IndexRole>>,
}

/// States of an index.
#[model]
pub enum IndexStatus {
    /// In use.
    Open,
    /// Marked for deletion.
    DeletePending,
}

/// What somebody may do with an index.
#[model]
pub enum IndexRole {
    /// Everything, also delete it and make owners.
    Owner,
    /// Give roles, and all that writers may do.
    Admin,
    /// Change what it holds.
    Writer,
}

/// The answer to a change of an index's state.
#[model]
pub struct IndexAcknowledgement {
    /// The index.
    pub index_id: Option<IndexId>,
    /// True.
    pub acknowledged: Option<bool>,
}

/// A role on an index. Source: <https://docs.globus.org/api/search/reference/role_create/>.
#[model]
pub struct Role {
    /// Id of the role; the service chooses it.
    pub id: Option<SearchRoleId>,
    /// What it allows.
    pub role_name: Option<IndexRole>,
    /// Who has it, as URN: `urn:globus:auth:identity:<id>` or `urn:globus:groups:id:<id>`.
    pub principal: Option<String>,
    /// Whether that is an identity or a group; the service says so.
    pub principal_type: Option<PrincipalType>,
    /// The index on which it counts.
    pub index_id: Option<IndexId>,
    /// When it was given, as `YYYY-MM-DD hh:mm:ss` in UTC.
    pub creation_date: Option<String>,
}

impl Role {
    /// A new role for an identity.
    pub fn for_identity(role_name: IndexRole, identity: impl Into<IdentityId>) -> Self {
        Self::new(role_name, format!("urn:globus:auth:identity:{}", identity.into()))
    }

    /// A new role for all members of a group.
    pub fn for_group(role_name: IndexRole, group: impl Into<GroupId>) -> Self {
        Self::new(role_name, format!("urn:globus:groups:id:{}", group.into()))
    }

    fn new(role_name: IndexRole, principal: String) -> Self {
        Self {
            role_name: Some(role_name),
            principal: Some(principal),
            ..Self::default()
        }
    }
}

/// Who can have a role.
#[model]
pub enum PrincipalType {
    /// One identity.
    Identity,
    /// The members of a group.
    Group,
}

/// A role that was taken away.
#[model]
pub struct DeletedRole {
    /// The role as it was.
    pub deleted: Option<Role>,
    /// True.
    pub success: Option<bool>,
}

/// The answer to the submission of a task.
#[model]
pub struct TaskSubmitResponse {
    /// The task, to be asked for with `get_task`.
    pub task_id: Option<SearchTaskId>,
    /// True where the service says so.
    pub acknowledged: Option<bool>,
}

/// A change of an index. Source: <https://docs.globus.org/api/search/reference/get_task/>.
#[model]
pub struct Task {
    /// Id of the task.
    pub task_id: Option<SearchTaskId>,
    /// The index it changes.
    pub index_id: Option<IndexId>,
    /// What it does.
    pub task_type: Option<String>,
    /// How far it has come.
    pub state: Option<TaskState>,
    /// The same in words.
    pub state_description: Option<String>,
    /// What went wrong, where something did.
    pub message: Option<String>,
    /// More about that, in a form that depends on the failure.
    pub additional_details: Option<Value>,
    /// When it was submitted, as `YYYY-MM-DDThh:mm:ss` in UTC.
    pub creation_date: Option<String>,
    /// When it ended, written like `creation_date`; none before.
    pub completion_date: Option<String>,
}

/// States of a task.
#[model(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TaskState {
    /// Is being submitted.
    Creating,
    /// Waits for its turn.
    Pending,
    /// Runs; queries may find part of what it writes.
    Progress,
    /// Ended well.
    Success,
    /// Ended badly; part of it may have taken effect.
    Failed,
}

impl TaskState {
    /// Whether the task has ended.
    pub const fn is_final(&self) -> bool {
        matches!(self, Self::Success | Self::Failed)
    }
}
