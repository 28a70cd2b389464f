//! Cases of the clients of `services::groups`.

use globus_sdk::services::groups::*;

use super::*;

#[rustfmt::skip]
pub(super) static CASES: &[Case] = cases! {
    GroupsClient {
        get_my_groups()[statuses: Vec<MembershipStatus>];
        get_group(group_id: GroupId)[include: Vec<GroupInclude>];
        get_group_by_subscription_id(subscription_id: SubscriptionId)[];
        create_group(data: Group)[];
        update_group(group_id: GroupId, data: Group)[];
        delete_group(group_id: GroupId)[];
        get_group_policies(group_id: GroupId)[];
        set_group_policies(group_id: GroupId, data: GroupPolicies)[];
        get_identity_preferences()[];
        set_identity_preferences(data: Preferences)[];
        get_membership_fields(group_id: GroupId)[];
        set_membership_fields(group_id: GroupId, data: MembershipFields)[];
        set_subscription_admin_verified(group_id: GroupId, subscription_id: Option<SubscriptionId>)[];
        batch_membership_action(group_id: GroupId, actions: BatchMembershipActions)[];
    }
    GroupsManager {
        create_group(name: String, description: String)[parent_id: GroupId | parent_id_null];
        set_group_policies(
            group_id: GroupId, is_high_assurance: bool, group_visibility: GroupVisibility,
            group_members_visibility: GroupMemberVisibility, join_requests: bool,
            signup_fields: Vec<GroupRequiredSignupFields>
        )[authentication_assurance_timeout: u64 | authentication_assurance_timeout_null];
        accept_invite(group_id: GroupId, identity_id: IdentityId)[];
        add_member(group_id: GroupId, identity_id: IdentityId)[role: GroupRole];
        approve_pending(group_id: GroupId, identity_id: IdentityId)[];
        change_role(group_id: GroupId, identity_id: IdentityId, role: GroupRole)[];
        decline_invite(group_id: GroupId, identity_id: IdentityId)[];
        invite_member(group_id: GroupId, identity_id: IdentityId)[role: GroupRole];
        join(group_id: GroupId, identity_id: IdentityId)[];
        leave(group_id: GroupId, identity_id: IdentityId)[];
        reject_join_request(group_id: GroupId, identity_id: IdentityId)[];
        remove_member(group_id: GroupId, identity_id: IdentityId)[];
        request_join(group_id: GroupId, identity_id: IdentityId)[];
    }
};

pub(super) const FURTHER: &[Further] = &[
    (
        "GroupsClient",
        "set_identity_preferences",
        r#"{"data": {"i": {"allow_add": false, "later": [1]}}}"#,
    ),
    (
        "GroupsClient",
        "set_membership_fields",
        r#"{"group_id": "g", "data": {"i": {"institution": "x", "later": null}}}"#,
    ),
    (
        "GroupsManager",
        "create_group",
        r#"{"name": "n", "description": "d", "parent_id": "p"}"#,
    ),
];
