//! The life of a membership: which action leads from which status to which, and who may take it.
//! <https://groups.api.globus.org/redoc#operation/group_membership_post_actions_v2_groups__group_id__post>

use jiff::Timestamp;
use uuid::Uuid;

use super::state::{Group, Membership, Role, Status};

/// An action of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verb {
    Accept,
    Add,
    Approve,
    ChangeRole,
    Decline,
    Invite,
    Join,
    Leave,
    Reject,
    Remove,
    RequestJoin,
}

impl Verb {
    pub(crate) const ALL: [Self; 11] = [
        Self::Accept,
        Self::Add,
        Self::Approve,
        Self::ChangeRole,
        Self::Decline,
        Self::Invite,
        Self::Join,
        Self::Leave,
        Self::Reject,
        Self::Remove,
        Self::RequestJoin,
    ];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Add => "add",
            Self::Approve => "approve",
            Self::ChangeRole => "change_role",
            Self::Decline => "decline",
            Self::Invite => "invite",
            Self::Join => "join",
            Self::Leave => "leave",
            Self::Reject => "reject",
            Self::Remove => "remove",
            Self::RequestJoin => "request_join",
        }
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verb| verb.as_str() == text)
    }

    /// An action that identities take for themselves, and for nobody else.
    pub(crate) fn is_own(self) -> bool {
        matches!(
            self,
            Self::Accept | Self::Decline | Self::Join | Self::Leave | Self::RequestJoin
        )
    }

    pub(crate) fn takes_role(self) -> bool {
        matches!(self, Self::Add | Self::ChangeRole | Self::Invite)
    }
}

/// One action on one identity.
#[derive(Debug, Clone)]
pub(crate) struct Action {
    pub(crate) verb: Verb,
    pub(crate) identity: Uuid,
    pub(crate) role: Role,
    pub(crate) status_reason: Option<String>,
    pub(crate) invite_email_address: Option<String>,
}

/// Why an action failed, as the answer tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) code: &'static str,
    pub(crate) detail: &'static str,
}

const fn refusal(code: &'static str, detail: &'static str) -> Refusal {
    Refusal { code, detail }
}

const ALREADY_ACTIVE: Refusal = refusal(
    "ALREADY_ACTIVE",
    "The identity already is an active member of the group",
);
const NO_MEMBERSHIP: Refusal = refusal("NO_MEMBERSHIP", "The identity has no membership in the group");
const WRONG_STATUS: Refusal = refusal(
    "INVALID_STATUS",
    "The membership is not in a status that allows this action",
);
const NOT_YOURS: Refusal = refusal("FORBIDDEN", "The identity is not one of the caller's");
const NOT_SELF: Refusal = refusal(
    "FORBIDDEN",
    "Nobody removes a membership of their own; leave the group instead",
);
const ROLE_TOO_LOW: Refusal = refusal("FORBIDDEN", "The role of the caller does not reach for this action");
const LAST_ADMIN: Refusal = refusal("LAST_ADMIN", "A group keeps at least one administrator");
const HAS_LEFT: Refusal = refusal("PREVIOUSLY_LEFT", "The identity has left the group; invite it instead");
const NO_ADD: Refusal = refusal("ADD_NOT_ALLOWED", "The identity does not let others add it to groups");
const FIELDS: Refusal = refusal(
    "MISSING_MEMBERSHIP_FIELDS",
    "The group asks for membership fields that are not filled in",
);

/// Codes that the service is known to use; others are this emulator's guess.
pub(crate) fn is_known(code: &str) -> bool {
    matches!(code, "ALREADY_ACTIVE" | "NO_MEMBERSHIP")
}

/// Whether an identity could take an action in principle, on somebody.
pub(crate) fn could(group: &Group, verb: Verb, identity: Uuid) -> bool {
    let status = group.memberships.get(&identity).map(|row| row.status);
    match verb {
        Verb::Accept | Verb::Decline => status == Some(Status::Invited),
        Verb::Leave => {
            status == Some(Status::Active) && !(group.role(identity) == Some(Role::Admin) && group.active_admins() == 1)
        }
        Verb::Join => is_permitted(group, verb, &[identity]) && status != Some(Status::Active),
        Verb::RequestJoin => {
            is_permitted(group, verb, &[identity])
                && !matches!(status, Some(Status::Active | Status::Pending | Status::Invited))
        }
        _ => is_permitted(group, verb, &[identity]),
    }
}

/// Whether roles and policies allow an action to any of these identities; where not, the whole request fails.
pub(crate) fn is_permitted(group: &Group, verb: Verb, identities: &[Uuid]) -> bool {
    let role = group.best_role(identities);
    match verb {
        Verb::Accept | Verb::Decline | Verb::Leave => true,
        Verb::Join => group.policies.is_open() && !group.policies.is_high_assurance,
        Verb::RequestJoin => group.policies.join_requests,
        Verb::Add | Verb::Approve | Verb::Invite | Verb::Reject | Verb::Remove => role >= Some(Role::Manager),
        Verb::ChangeRole => role == Some(Role::Admin),
    }
}

/// Takes an action and gives the membership it leads to.
///
/// `mine` are the caller's identities, `may_be_added` what the target says about being added. The caller has passed
/// [`is_permitted`].
pub(crate) fn act(
    group: &mut Group,
    action: &Action,
    mine: &[Uuid],
    may_be_added: bool,
    now: Timestamp,
) -> Result<Membership, Refusal> {
    let verb = action.verb;
    if verb.is_own() && !mine.contains(&action.identity) {
        return Err(NOT_YOURS);
    }
    let before = group.memberships.get(&action.identity);
    let status = before.map(|row| row.status);
    let role = before.map_or(Role::Member, |row| row.role);
    let my_role = group.best_role(mine);
    let next = match verb {
        Verb::Accept | Verb::Decline | Verb::Approve | Verb::Reject => {
            let from = if matches!(verb, Verb::Accept | Verb::Decline) {
                Status::Invited
            } else {
                Status::Pending
            };
            require(status, &[from])?;
            if verb == Verb::Accept && !group.has_signup_fields(action.identity) {
                return Err(FIELDS);
            }
            match verb {
                Verb::Accept | Verb::Approve => (role, Status::Active),
                Verb::Decline => (role, Status::Declined),
                _ => (role, Status::Rejected),
            }
        }
        Verb::Add => {
            not_active(status)?;
            grant(my_role, action.role)?;
            if status == Some(Status::Left) {
                return Err(HAS_LEFT);
            }
            if !may_be_added {
                return Err(NO_ADD);
            }
            (action.role, Status::Active)
        }
        Verb::Invite => {
            not_active(status)?;
            grant(my_role, action.role)?;
            (action.role, Status::Invited)
        }
        Verb::Join => {
            not_active(status)?;
            if !group.has_signup_fields(action.identity) {
                return Err(FIELDS);
            }
            // Who joins after an invitation gets the role that was offered.
            (
                if status == Some(Status::Invited) {
                    role
                } else {
                    Role::Member
                },
                Status::Active,
            )
        }
        Verb::RequestJoin => {
            not_active(status)?;
            if matches!(status, Some(Status::Pending | Status::Invited)) {
                return Err(WRONG_STATUS);
            }
            if !group.has_signup_fields(action.identity) {
                return Err(FIELDS);
            }
            (Role::Member, Status::Pending)
        }
        Verb::Leave => {
            require(status, &[Status::Active])?;
            keep_an_admin(group, role)?;
            (role, Status::Left)
        }
        Verb::Remove => {
            if mine.contains(&action.identity) {
                return Err(NOT_SELF);
            }
            require(status, &[Status::Active, Status::Invited])?;
            if my_role < Some(role) {
                return Err(ROLE_TOO_LOW);
            }
            (role, Status::Removed)
        }
        Verb::ChangeRole => {
            require(status, &[Status::Active])?;
            if action.role != Role::Admin {
                keep_an_admin(group, role)?;
            }
            (action.role, Status::Active)
        }
    };
    Ok(store(group, action, next, now))
}

fn store(group: &mut Group, action: &Action, (role, status): (Role, Status), now: Timestamp) -> Membership {
    let row = group.memberships.entry(action.identity).or_insert_with(|| Membership {
        role,
        status,
        status_reason: None,
        invite_email_address: None,
        updated: None,
        invite_time: None,
    });
    row.role = role;
    row.status = status;
    row.updated = Some(now);
    row.status_reason.clone_from(&action.status_reason);
    if action.verb == Verb::Invite {
        row.invite_time = Some(now);
        row.invite_email_address.clone_from(&action.invite_email_address);
    }
    row.clone()
}

fn require(status: Option<Status>, wanted: &[Status]) -> Result<(), Refusal> {
    match status {
        None => Err(NO_MEMBERSHIP),
        Some(status) if wanted.contains(&status) => Ok(()),
        Some(Status::Active) if !wanted.contains(&Status::Active) => Err(ALREADY_ACTIVE),
        Some(_) => Err(WRONG_STATUS),
    }
}

fn not_active(status: Option<Status>) -> Result<(), Refusal> {
    if status == Some(Status::Active) {
        Err(ALREADY_ACTIVE)
    } else {
        Ok(())
    }
}

/// Managers give no role above a member's.
fn grant(mine: Option<Role>, wanted: Role) -> Result<(), Refusal> {
    if wanted > Role::Member && mine != Some(Role::Admin) {
        Err(ROLE_TOO_LOW)
    } else {
        Ok(())
    }
}

fn keep_an_admin(group: &Group, role: Role) -> Result<(), Refusal> {
    if role == Role::Admin && group.active_admins() == 1 {
        Err(LAST_ADMIN)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
