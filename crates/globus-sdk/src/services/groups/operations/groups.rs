//! Operations of [`GroupsClient`].

use globus_sdk_macros::service;

use crate::models::{GroupId, SubscriptionId};
use crate::scopes::GroupsScopes;
use crate::services::groups::{
    BatchMembershipActions, BatchMembershipResult, Group, GroupInclude, GroupPolicies, GroupsClient, MembershipFields,
    MembershipStatus, Preferences, SubscriptionAdminVerified, SubscriptionGroup, errors,
};

#[service(reference = "https://groups.api.globus.org/redoc", scope = GroupsScopes::ALL,
    errors = [NOT_FOUND, UNPROCESSABLE])]
impl GroupsClient {
    /// Lists the groups in which the caller has a membership.
    #[get("/v2/groups/my_groups", scopes = [GroupsScopes::VIEW_MY_GROUPS_AND_MEMBERSHIPS, GroupsScopes::ALL], list = "",
        errors = [NOT_FOUND, UNPROCESSABLE],
        reference = "#operation/get_my_groups_and_memberships_v2_groups_my_groups_get")]
    fn get_my_groups(
        /// Membership statuses to include; only active memberships when absent.
        #[csv]
        statuses: Option<Vec<MembershipStatus>>,
    ) -> Group;

    /// Reads one group that the caller may see.
    #[get("/v2/groups/{group_id}", reference = "#operation/get_group_v2_groups__group_id__get")]
    fn get_group(
        /// The group to read.
        group_id: GroupId,
        /// Parts of the document that are left out unless asked for.
        #[csv]
        include: Option<Vec<GroupInclude>>,
    ) -> Group;

    /// Finds the group that belongs to a subscription.
    #[get(
        "/v2/subscription_info/{subscription_id}",
        reference = "#operation/get_group_by_subscription_id_v2_subscription_info__subscription_id__get"
    )]
    fn get_group_by_subscription_id(
        /// The subscription whose group is wanted.
        subscription_id: SubscriptionId,
    ) -> SubscriptionGroup;

    /// Creates a group, or a subgroup when the document names a `parent_id`. The caller becomes its administrator.
    #[post("/v2/groups", errors = [BAD_REQUEST, NOT_FOUND, UNPROCESSABLE],
        reference = "#operation/create_group_v2_groups_post")]
    fn create_group(
        /// The new group: `name`, and optionally `description`, `parent_id`, `terms_and_conditions`, `policies`.
        #[document]
        data: Json<Group>,
    ) -> Group;

    /// Replaces name, description and the other editable fields of a group.
    #[put(
        "/v2/groups/{group_id}",
        reference = "#operation/update_group_v2_groups__group_id__put"
    )]
    fn update_group(
        /// The group to change.
        group_id: GroupId,
        /// The editable fields with their new values: `name`, `description`, `terms_and_conditions`.
        #[document]
        data: Json<Group>,
    ) -> Group;

    /// Deletes a group; the answer is the group as it was.
    #[delete("/v2/groups/{group_id}", errors = [BAD_REQUEST],
        reference = "#operation/delete_group_v2_groups__group_id__delete")]
    fn delete_group(
        /// The group to delete.
        group_id: GroupId,
    ) -> Group;

    /// Reads who may see a group, its members, and how one joins.
    #[get(
        "/v2/groups/{group_id}/policies",
        reference = "#operation/get_policies_v2_groups__group_id__policies_get"
    )]
    fn get_group_policies(
        /// The group whose policies are wanted.
        group_id: GroupId,
    ) -> GroupPolicies;

    /// Replaces all policies of a group.
    #[put(
        "/v2/groups/{group_id}/policies",
        reference = "#operation/update_policies_v2_groups__group_id__policies_put"
    )]
    fn set_group_policies(
        /// The group whose policies change.
        group_id: GroupId,
        /// The complete new policies, also those that stay.
        #[document]
        data: Json<GroupPolicies>,
    ) -> GroupPolicies;

    /// Reads, for each of the caller's identities, whether others may add it to groups.
    #[get("/v2/preferences", errors = [NOT_FOUND],
        reference = "#operation/get_identity_set_preferences_v2_preferences_get")]
    fn get_identity_preferences() -> Preferences;

    /// Changes, for the caller's identities, whether others may add them to groups.
    #[put("/v2/preferences", errors = [NOT_FOUND, UNPROCESSABLE],
        reference = "#operation/put_identity_set_preferences_v2_preferences_put")]
    fn set_identity_preferences(
        /// Preferences by identity id, for example `{"<id>": {"allow_add": false}}`.
        #[document]
        data: Json<Preferences>,
    ) -> Preferences;

    /// Reads what the caller's identities told a group about themselves.
    #[get(
        "/v2/groups/{group_id}/membership_fields",
        reference = "#operation/get_membership_fields_v2_groups__group_id__membership_fields_get"
    )]
    fn get_membership_fields(
        /// The group that holds the fields.
        group_id: GroupId,
    ) -> MembershipFields;

    /// Changes what the caller's identities tell a group about themselves.
    #[put(
        "/v2/groups/{group_id}/membership_fields",
        reference = "#operation/put_membership_fields_v2_groups__group_id__membership_fields_put"
    )]
    fn set_membership_fields(
        /// The group that is told.
        group_id: GroupId,
        /// Fields by identity id, for example `{"<id>": {"institution": "..."}}`.
        #[document]
        data: Json<MembershipFields>,
    ) -> MembershipFields;

    /// Says which subscription a group's administrators are verified for.
    #[put(
        "/v2/groups/{group_id}/subscription_admin_verified",
        reference = "#operation/update_subscription_admin_verified_id_v2_groups__group_id__subscription_admin_verified_put"
    )]
    fn set_subscription_admin_verified(
        /// The group to mark.
        group_id: GroupId,
        /// The subscription; null takes the mark away.
        #[at("/subscription_admin_verified_id")]
        #[nullable]
        subscription_id: SubscriptionId,
    ) -> SubscriptionAdminVerified;

    /// Performs several membership actions at once. The answer lists those that failed; the others took effect.
    #[post("/v2/groups/{group_id}", errors = [BAD_REQUEST, CONFLICT],
        reference = "#operation/group_membership_post_actions_v2_groups__group_id__post")]
    fn batch_membership_action(
        /// The group in which to act.
        group_id: GroupId,
        /// Actions by verb, for example `{"invite": [{"identity_id": "..."}]}`.
        #[document]
        actions: Json<BatchMembershipActions>,
    ) -> BatchMembershipResult;
}
