//! What Groups knows: groups with their memberships, and what identities allow.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::seed::Seed;
use crate::state::{Kept, Table, Visit};

/// What a member may do; a greater role may do all that a lesser one may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Role {
    Member,
    Manager,
    Admin,
}

impl Role {
    pub(crate) const NAMES: &'static [&'static str] = &["member", "manager", "admin"];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Manager => "manager",
            Self::Admin => "admin",
        }
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        [Self::Member, Self::Manager, Self::Admin]
            .into_iter()
            .find(|role| role.as_str() == text)
    }
}

/// Where a membership stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Status {
    Active,
    Invited,
    Pending,
    Rejected,
    Removed,
    Left,
    Declined,
}

impl Status {
    pub(crate) const ALL: [Self; 7] = [
        Self::Active,
        Self::Invited,
        Self::Pending,
        Self::Rejected,
        Self::Removed,
        Self::Left,
        Self::Declined,
    ];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Invited => "invited",
            Self::Pending => "pending",
            Self::Rejected => "rejected",
            Self::Removed => "removed",
            Self::Left => "left",
            Self::Declined => "declined",
        }
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == text)
    }
}

/// One identity's relation to a group.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Membership {
    pub(crate) role: Role,
    pub(crate) status: Status,
    #[serde(default)]
    pub(crate) status_reason: Option<String>,
    #[serde(default)]
    pub(crate) invite_email_address: Option<String>,
    #[serde(default)]
    pub(crate) updated: Option<Timestamp>,
    #[serde(default)]
    pub(crate) invite_time: Option<Timestamp>,
}

/// Rules of a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Policies {
    pub(crate) is_high_assurance: bool,
    /// Seconds.
    pub(crate) authentication_assurance_timeout: u64,
    pub(crate) group_visibility: String,
    pub(crate) group_members_visibility: String,
    pub(crate) join_requests: bool,
    pub(crate) signup_fields: Vec<String>,
}

impl Default for Policies {
    fn default() -> Self {
        Self {
            is_high_assurance: false,
            authentication_assurance_timeout: 28_800,
            group_visibility: "private".to_owned(),
            group_members_visibility: "managers".to_owned(),
            join_requests: false,
            signup_fields: Vec::new(),
        }
    }
}

impl Policies {
    /// Whether every user may see the group.
    pub(crate) fn is_open(&self) -> bool {
        self.group_visibility == "authenticated"
    }
}

/// A group.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Group {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) description: Option<String>,
    #[serde(default)]
    pub(crate) terms_and_conditions: Option<String>,
    #[serde(default)]
    pub(crate) parent_id: Option<Uuid>,
    #[serde(default)]
    pub(crate) policies: Policies,
    #[serde(default)]
    pub(crate) subscription_id: Option<Uuid>,
    /// The whole subscription document; makes the group one of type `plus`.
    #[serde(default)]
    pub(crate) subscription_info: Option<Value>,
    #[serde(default)]
    pub(crate) subscription_admin_verified_id: Option<Uuid>,
    /// What identities filled in, which they may do before they become members.
    #[serde(default)]
    pub(crate) fields: BTreeMap<Uuid, Map<String, Value>>,
    /// Memberships by identity.
    #[serde(default)]
    pub(crate) memberships: BTreeMap<Uuid, Membership>,
}

impl Group {
    /// The role of an active member.
    pub(crate) fn role(&self, identity: Uuid) -> Option<Role> {
        self.memberships
            .get(&identity)
            .filter(|row| row.status == Status::Active)
            .map(|row| row.role)
    }

    /// The greatest role among identities.
    pub(crate) fn best_role(&self, identities: &[Uuid]) -> Option<Role> {
        identities.iter().filter_map(|&id| self.role(id)).max()
    }

    /// Whether an identity has filled in what the group asks of those who join.
    pub(crate) fn has_signup_fields(&self, identity: Uuid) -> bool {
        let given = self.fields.get(&identity);
        let filled = |name: &String| {
            given
                .and_then(|fields| fields.get(name)?.as_str())
                .is_some_and(|text| !text.is_empty())
        };
        self.policies.signup_fields.iter().all(filled)
    }

    pub(crate) fn active_admins(&self) -> usize {
        self.memberships
            .values()
            .filter(|row| row.status == Status::Active && row.role == Role::Admin)
            .count()
    }

    /// Whether any of these identities may know of the group.
    pub(crate) fn is_visible_to(&self, identities: &[Uuid]) -> bool {
        self.policies.is_open()
            || identities.iter().any(|id| {
                self.memberships
                    .get(id)
                    .is_some_and(|row| matches!(row.status, Status::Active | Status::Invited | Status::Pending))
            })
    }
}

/// The state of Groups.
#[derive(Debug)]
pub(crate) struct GroupsState {
    pub(crate) groups: Table<Uuid, Group>,
    /// Identities that do not let others add them to groups.
    pub(crate) no_add: Kept<BTreeSet<Uuid>>,
}

impl GroupsState {
    pub(crate) fn new(seed: &Seed, now: Timestamp) -> Self {
        let mut state = Self {
            groups: Table::default(),
            no_add: Kept::default(),
        };
        for group in &seed.groups {
            state.add(group.clone(), now);
        }
        state
    }

    /// Adds a group of a seed.
    pub(crate) fn add(&mut self, mut group: Group, now: Timestamp) {
        for row in group.memberships.values_mut() {
            row.updated.get_or_insert(now);
        }
        self.groups.insert(group.id, group);
    }

    /// Names all that is kept.
    pub(crate) fn visit(&mut self, see: Visit<'_>) {
        let Self { groups, no_add } = self;
        see("groups/groups", groups);
        see("groups/no_add", no_add);
    }

    pub(crate) fn children(&self, parent: Uuid) -> impl Iterator<Item = &Group> {
        self.groups
            .values()
            .filter(move |group| group.parent_id == Some(parent))
    }

    /// The group to which a subscription belongs.
    pub(crate) fn of_subscription(&self, subscription: Uuid) -> Option<&Group> {
        self.groups
            .values()
            .find(|group| group.subscription_id == Some(subscription))
    }
}
