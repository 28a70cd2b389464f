//! Operations of [`GroupsManager`]: the batch action with one membership.

use globus_sdk_macros::service;

use crate::models::{GroupId, IdentityId};
use crate::scopes::GroupsScopes;
use crate::services::groups::{
    BatchMembershipResult, Group, GroupMemberVisibility, GroupPolicies, GroupRequiredSignupFields, GroupRole,
    GroupVisibility, GroupsManager, errors,
};

#[service(reference = "https://groups.api.globus.org/redoc", scope = GroupsScopes::ALL,
    errors = [NOT_FOUND, UNPROCESSABLE])]
impl GroupsManager {
    /// Creates a group, of which the caller becomes administrator.
    #[post("/v2/groups", errors = [BAD_REQUEST, NOT_FOUND, UNPROCESSABLE],
        reference = "#operation/create_group_v2_groups_post")]
    fn create_group(
        /// Name that people see.
        name: String,
        /// What the group is for.
        description: String,
        /// The group above it, for a subgroup.
        #[nullable]
        #[default(null)]
        parent_id: Option<GroupId>,
    ) -> Group;

    /// Replaces all policies of a group.
    #[put(
        "/v2/groups/{group_id}/policies",
        reference = "#operation/update_policies_v2_groups__group_id__policies_put"
    )]
    fn set_group_policies(
        /// The group whose policies change.
        group_id: GroupId,
        /// Whether members must have authenticated recently to use what the group gives access to.
        is_high_assurance: bool,
        /// Who can find the group: its members (`private`), or whoever is logged in (`authenticated`).
        group_visibility: GroupVisibility,
        /// Who can see its members: all of them (`members`), or managers and administrators (`managers`).
        group_members_visibility: GroupMemberVisibility,
        /// Whether anybody may ask to join.
        join_requests: bool,
        /// What one must tell about oneself to join.
        #[list]
        signup_fields: Vec<GroupRequiredSignupFields>,
        /// How old an authentication may be, in seconds, when the group is of high assurance; null for 28800, which is 8 hours.
        #[nullable]
        #[default(null)]
        authentication_assurance_timeout: Option<u64>,
    ) -> GroupPolicies;

    /// Accepts an invitation as one of the caller's identities.
    #[post("/v2/groups/{group_id}", errors = [BAD_REQUEST, CONFLICT],
        reference = "#operation/group_membership_post_actions_v2_groups__group_id__post")]
    fn accept_invite(
        /// The group in which to act.
        group_id: GroupId,
        /// The invited identity that accepts.
        #[at("/accept/0/identity_id")]
        identity_id: IdentityId,
    ) -> BatchMembershipResult;

    /// Adds an identity to a group without asking it.
    #[post("/v2/groups/{group_id}", errors = [BAD_REQUEST, CONFLICT],
        reference = "#operation/group_membership_post_actions_v2_groups__group_id__post")]
    fn add_member(
        /// The group in which to act.
        group_id: GroupId,
        /// The identity to add.
        #[at("/add/0/identity_id")]
        identity_id: IdentityId,
        /// Role to give; a plain member when absent.
        #[at("/add/0/role")]
        #[default("member")]
        role: Option<GroupRole>,
    ) -> BatchMembershipResult;

    /// Approves an identity's request to join.
    #[post("/v2/groups/{group_id}", errors = [BAD_REQUEST, CONFLICT],
        reference = "#operation/group_membership_post_actions_v2_groups__group_id__post")]
    fn approve_pending(
        /// The group in which to act.
        group_id: GroupId,
        /// The identity that asked to join.
        #[at("/approve/0/identity_id")]
        identity_id: IdentityId,
    ) -> BatchMembershipResult;

    /// Gives a member another role.
    #[post("/v2/groups/{group_id}", errors = [BAD_REQUEST, CONFLICT],
        reference = "#operation/group_membership_post_actions_v2_groups__group_id__post")]
    fn change_role(
        /// The group in which to act.
        group_id: GroupId,
        /// The member whose role changes.
        #[at("/change_role/0/identity_id")]
        identity_id: IdentityId,
        /// The new role: `member`, `manager` or `admin`.
        #[at("/change_role/0/role")]
        role: GroupRole,
    ) -> BatchMembershipResult;

    /// Declines an invitation as one of the caller's identities.
    #[post("/v2/groups/{group_id}", errors = [BAD_REQUEST, CONFLICT],
        reference = "#operation/group_membership_post_actions_v2_groups__group_id__post")]
    fn decline_invite(
        /// The group in which to act.
        group_id: GroupId,
        /// The invited identity that declines.
        #[at("/decline/0/identity_id")]
        identity_id: IdentityId,
    ) -> BatchMembershipResult;

    /// Invites an identity to a group.
    #[post("/v2/groups/{group_id}", errors = [BAD_REQUEST, CONFLICT],
        reference = "#operation/group_membership_post_actions_v2_groups__group_id__post")]
    fn invite_member(
        /// The group in which to act.
        group_id: GroupId,
        /// The identity to invite.
        #[at("/invite/0/identity_id")]
        identity_id: IdentityId,
        /// Role to give; a plain member when absent.
        #[at("/invite/0/role")]
        #[default("member")]
        role: Option<GroupRole>,
    ) -> BatchMembershipResult;

    /// Joins a group that is open to everybody.
    #[post("/v2/groups/{group_id}", errors = [BAD_REQUEST, CONFLICT],
        reference = "#operation/group_membership_post_actions_v2_groups__group_id__post")]
    fn join(
        /// The group in which to act.
        group_id: GroupId,
        /// The caller's identity that joins.
        #[at("/join/0/identity_id")]
        identity_id: IdentityId,
    ) -> BatchMembershipResult;

    /// Leaves a group.
    #[post("/v2/groups/{group_id}", errors = [BAD_REQUEST, CONFLICT],
        reference = "#operation/group_membership_post_actions_v2_groups__group_id__post")]
    fn leave(
        /// The group in which to act.
        group_id: GroupId,
        /// The caller's identity that leaves.
        #[at("/leave/0/identity_id")]
        identity_id: IdentityId,
    ) -> BatchMembershipResult;

    /// Rejects an identity's request to join.
    #[post("/v2/groups/{group_id}", errors = [BAD_REQUEST, CONFLICT],
        reference = "#operation/group_membership_post_actions_v2_groups__group_id__post")]
    fn reject_join_request(
        /// The group in which to act.
        group_id: GroupId,
        /// The identity that asked to join.
        #[at("/reject/0/identity_id")]
        identity_id: IdentityId,
    ) -> BatchMembershipResult;

    /// Removes an identity from a group.
    #[post("/v2/groups/{group_id}", errors = [BAD_REQUEST, CONFLICT],
        reference = "#operation/group_membership_post_actions_v2_groups__group_id__post")]
    fn remove_member(
        /// The group in which to act.
        group_id: GroupId,
        /// The member to remove.
        #[at("/remove/0/identity_id")]
        identity_id: IdentityId,
    ) -> BatchMembershipResult;

    /// Asks to join a group as one of the caller's identities.
    #[post("/v2/groups/{group_id}", errors = [BAD_REQUEST, CONFLICT],
        reference = "#operation/group_membership_post_actions_v2_groups__group_id__post")]
    fn request_join(
        /// The group in which to act.
        group_id: GroupId,
        /// The caller's identity that asks.
        #[at("/request_join/0/identity_id")]
        identity_id: IdentityId,
    ) -> BatchMembershipResult;
}
