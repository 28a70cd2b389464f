//! Membership actions, gathered one after the other.

use crate::models::IdentityId;
use crate::services::groups::{BatchMembershipActions, GroupRole, MembershipAction};

/// Each method adds to what was gathered before.
impl BatchMembershipActions {
    /// No action yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Accepts invitations for identities of the caller.
    #[must_use]
    pub fn accept_invites(mut self, identity_ids: impl IntoIterator<Item = impl Into<IdentityId>>) -> Self {
        gather(&mut self.accept, identity_ids, None);
        self
    }

    /// Adds identities without asking them.
    #[must_use]
    pub fn add_members(
        mut self,
        identity_ids: impl IntoIterator<Item = impl Into<IdentityId>>,
        role: GroupRole,
    ) -> Self {
        gather(&mut self.add, identity_ids, Some(&role));
        self
    }

    /// Approves requests to join.
    #[must_use]
    pub fn approve_pending(mut self, identity_ids: impl IntoIterator<Item = impl Into<IdentityId>>) -> Self {
        gather(&mut self.approve, identity_ids, None);
        self
    }

    /// Gives members another role.
    #[must_use]
    pub fn change_roles(
        mut self,
        role: GroupRole,
        identity_ids: impl IntoIterator<Item = impl Into<IdentityId>>,
    ) -> Self {
        gather(&mut self.change_role, identity_ids, Some(&role));
        self
    }

    /// Declines invitations for identities of the caller.
    #[must_use]
    pub fn decline_invites(mut self, identity_ids: impl IntoIterator<Item = impl Into<IdentityId>>) -> Self {
        gather(&mut self.decline, identity_ids, None);
        self
    }

    /// Invites identities.
    #[must_use]
    pub fn invite_members(
        mut self,
        identity_ids: impl IntoIterator<Item = impl Into<IdentityId>>,
        role: GroupRole,
    ) -> Self {
        gather(&mut self.invite, identity_ids, Some(&role));
        self
    }

    /// Joins with identities of the caller, where the group lets everybody in.
    #[must_use]
    pub fn join(mut self, identity_ids: impl IntoIterator<Item = impl Into<IdentityId>>) -> Self {
        gather(&mut self.join, identity_ids, None);
        self
    }

    /// Leaves with identities of the caller.
    #[must_use]
    pub fn leave(mut self, identity_ids: impl IntoIterator<Item = impl Into<IdentityId>>) -> Self {
        gather(&mut self.leave, identity_ids, None);
        self
    }

    /// Turns requests to join down.
    #[must_use]
    pub fn reject_join_requests(mut self, identity_ids: impl IntoIterator<Item = impl Into<IdentityId>>) -> Self {
        gather(&mut self.reject, identity_ids, None);
        self
    }

    /// Removes members.
    #[must_use]
    pub fn remove_members(mut self, identity_ids: impl IntoIterator<Item = impl Into<IdentityId>>) -> Self {
        gather(&mut self.remove, identity_ids, None);
        self
    }

    /// Asks to join with identities of the caller.
    #[must_use]
    pub fn request_join(mut self, identity_ids: impl IntoIterator<Item = impl Into<IdentityId>>) -> Self {
        gather(&mut self.request_join, identity_ids, None);
        self
    }
}

fn gather(
    actions: &mut Option<Vec<MembershipAction>>,
    identity_ids: impl IntoIterator<Item = impl Into<IdentityId>>,
    role: Option<&GroupRole>,
) {
    let new = identity_ids.into_iter().map(|identity| MembershipAction {
        identity_id: Some(identity.into()),
        role: role.cloned(),
        ..MembershipAction::default()
    });
    actions.get_or_insert_default().extend(new);
}
