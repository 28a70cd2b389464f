//! Documents of the Groups API.

use std::collections::BTreeMap;

use globus_sdk_macros::model;
use serde_json::Value;

use crate::models::{Field, GroupId, IdentityId, SubscriptionId};

/// A group. Source: <https://groups.api.globus.org/redoc>.
#[model]
pub struct Group {
    /// Id of the group.
    pub id: Option<GroupId>,
    /// Name of the group.
    pub name: Option<String>,
    /// What the group is for.
    pub description: Option<String>,
    /// What one agrees to by joining.
    pub terms_and_conditions: Option<String>,
    /// The group above it.
    pub parent_id: Option<GroupId>,
    /// `regular`, or `plus` for a group with a subscription.
    pub group_type: Option<GroupType>,
    /// Whether members must have a recent session.
    pub enforce_session: Option<bool>,
    /// How long a session lasts, in seconds.
    pub session_limit: Option<u64>,
    /// When the sessions of the caller's identities end, by identity id.
    pub session_timeouts: Option<BTreeMap<String, SessionTimeout>>,
    /// The caller's own memberships.
    pub my_memberships: Option<Vec<Membership>>,
    /// All memberships; only with `include=memberships`.
    pub memberships: Option<Vec<Membership>>,
    /// Policies; only with `include=policies`, or the part that everybody may see.
    pub policies: Option<GroupPolicies>,
    /// Subgroups; only with `include=child_ids`.
    pub child_ids: Option<Vec<GroupId>>,
    /// Which of the caller's identities may do what; only with `include=allowed_actions`.
    pub allowed_actions: Option<AllowedActions>,
    /// The subscription the group belongs to.
    pub subscription_id: Option<SubscriptionId>,
    /// What that subscription offers.
    pub subscription_info: Option<SubscriptionInfo>,
    /// The subscription its administrators are verified for.
    pub subscription_admin_verified_id: Option<SubscriptionId>,
}

/// Identities of the caller by what they may do with a group. Source: <https://groups.api.globus.org/redoc>.
#[model]
pub struct AllowedActions {
    /// Those that may add members.
    pub add: Option<Vec<IdentityId>>,
    /// Those that may invite people.
    pub invite: Option<Vec<IdentityId>>,
    /// Those that may accept an invitation.
    pub accept: Option<Vec<IdentityId>>,
    /// Those that may decline one.
    pub decline: Option<Vec<IdentityId>>,
    /// Those that may join without being asked.
    pub join: Option<Vec<IdentityId>>,
    /// Those that may ask to join.
    pub request_join: Option<Vec<IdentityId>>,
    /// Those that may let in who asked.
    pub approve: Option<Vec<IdentityId>>,
    /// Those that may turn down who asked.
    pub reject: Option<Vec<IdentityId>>,
    /// Those that may change roles.
    pub change_role: Option<Vec<IdentityId>>,
    /// Those that may remove members.
    pub remove: Option<Vec<IdentityId>>,
    /// Those that may leave.
    pub leave: Option<Vec<IdentityId>>,
}

/// Kinds of groups.
#[model]
pub enum GroupType {
    /// An ordinary group.
    Regular,
    /// A group with a subscription.
    Plus,
}

/// When the session of one identity in a group ends.
#[model]
pub struct SessionTimeout {
    /// The moment, as ISO 8601 text.
    pub expire_time: Option<String>,
    /// Seconds from now.
    pub expires_in: Option<f64>,
}

/// One identity's place in a group.
#[model]
pub struct Membership {
    /// The group.
    pub group_id: Option<GroupId>,
    /// The identity.
    pub identity_id: Option<IdentityId>,
    /// The identity's name.
    pub username: Option<String>,
    /// What the identity may do.
    pub role: Option<GroupRole>,
    /// How far the membership has come.
    pub status: Option<MembershipStatus>,
    /// Why it has this status.
    pub status_reason: Option<String>,
    /// Address to which an invitation was sent.
    pub invite_email_address: Option<String>,
    /// When it was invited, as ISO 8601 text.
    pub invite_time: Option<String>,
    /// When it last changed, as ISO 8601 text.
    pub updated: Option<String>,
    /// What the identity tells the group about itself.
    pub membership_fields: Option<BTreeMap<String, Value>>,
    /// The group from which the membership comes, when it is inherited.
    pub source_group_id: Option<GroupId>,
}

/// Roles in a group.
#[model]
pub enum GroupRole {
    /// Belongs to the group.
    Member,
    /// Also invites, approves and removes members.
    Manager,
    /// Also changes the group and its roles.
    Admin,
}

/// How far a membership has come.
#[model]
pub enum MembershipStatus {
    /// A member.
    Active,
    /// Was invited and has not answered.
    Invited,
    /// Asked to join and waits for an answer.
    Pending,
    /// Asked to join and was turned down.
    Rejected,
    /// Was removed.
    Removed,
    /// Left.
    Left,
    /// Turned an invitation down.
    Declined,
}

/// Parts of a group's document that are left out unless asked for.
#[model]
pub enum GroupInclude {
    /// All memberships.
    Memberships,
    /// The caller's own memberships.
    MyMemberships,
    /// The policies.
    Policies,
    /// What the caller may do.
    AllowedActions,
    /// The subgroups.
    ChildIds,
}

/// Who may see a group, its members, and how one joins.
#[model]
pub struct GroupPolicies {
    /// Whether members must have authenticated recently.
    pub is_high_assurance: Option<bool>,
    /// How old an authentication may be, in seconds; null is the service's default.
    pub authentication_assurance_timeout: Field<u64>,
    /// Who can find the group.
    pub group_visibility: Option<GroupVisibility>,
    /// Who can see its members.
    pub group_members_visibility: Option<GroupMemberVisibility>,
    /// Whether anybody may ask to join.
    pub join_requests: Option<bool>,
    /// What one must tell about oneself to join.
    pub signup_fields: Option<Vec<GroupRequiredSignupFields>>,
}

/// Who can find a group.
#[model]
pub enum GroupVisibility {
    /// Everybody who is logged in.
    Authenticated,
    /// Its members.
    Private,
}

/// Who can see the members of a group.
#[model]
pub enum GroupMemberVisibility {
    /// All members.
    Members,
    /// Managers and administrators.
    Managers,
}

/// What one can be asked to tell about oneself to join.
#[model]
pub enum GroupRequiredSignupFields {
    /// Institution.
    Institution,
    /// Current project.
    CurrentProjectName,
    /// Street and number.
    Address,
    /// City.
    City,
    /// State or province.
    State,
    /// Country.
    Country,
    /// Second line of the address.
    Address1,
    /// Third line of the address.
    Address2,
    /// Postal code.
    Zip,
    /// Telephone number.
    Phone,
    /// Department.
    Department,
    /// Field of science.
    FieldOfScience,
}

/// What a subscription offers.
#[model]
pub struct SubscriptionInfo {
    /// Name of the subscription.
    pub name: Option<String>,
    /// Who subscribed.
    pub subscriber_name: Option<String>,
    /// Whether it covers high-assurance data.
    pub is_high_assurance: Option<bool>,
    /// Whether it covers data under a business associate agreement.
    pub is_baa: Option<bool>,
    /// Its storage connectors, by connector id.
    pub connectors: Option<BTreeMap<String, Option<ConnectorInfo>>>,
}

/// What a subscription offers for one storage connector.
#[model]
pub struct ConnectorInfo {
    /// Whether it covers high-assurance data.
    pub is_ha: Option<bool>,
    /// Whether it covers data under a business associate agreement.
    pub is_baa: Option<bool>,
}

/// The group that belongs to a subscription.
#[model]
pub struct SubscriptionGroup {
    /// The group.
    pub group_id: Option<GroupId>,
    /// The subscription.
    pub subscription_id: Option<SubscriptionId>,
    /// What it offers.
    pub subscription_info: Option<SubscriptionInfo>,
}

/// Which subscription a group's administrators are verified for.
#[model]
pub struct SubscriptionAdminVerified {
    /// The group.
    pub group_id: Option<GroupId>,
    /// The subscription.
    pub subscription_admin_verified_id: Option<SubscriptionId>,
}

/// Preferences by identity id.
pub type Preferences = BTreeMap<String, IdentityPreferences>;

/// Whether others may add an identity to groups.
#[model]
pub struct IdentityPreferences {
    /// Whether others may add it without asking.
    pub allow_add: Option<bool>,
}

/// What identities tell a group about themselves: fields by identity id.
pub type MembershipFields = BTreeMap<String, BTreeMap<String, Value>>;

/// Membership actions by verb, to be performed together.
#[model]
pub struct BatchMembershipActions {
    /// Invitations to accept.
    pub accept: Option<Vec<MembershipAction>>,
    /// Identities to add without asking them.
    pub add: Option<Vec<MembershipAction>>,
    /// Requests to join to approve.
    pub approve: Option<Vec<MembershipAction>>,
    /// Members whose role changes.
    pub change_role: Option<Vec<MembershipAction>>,
    /// Invitations to decline.
    pub decline: Option<Vec<MembershipAction>>,
    /// Identities to invite.
    pub invite: Option<Vec<MembershipAction>>,
    /// Identities that join.
    pub join: Option<Vec<MembershipAction>>,
    /// Identities that leave.
    pub leave: Option<Vec<MembershipAction>>,
    /// Requests to join to reject.
    pub reject: Option<Vec<MembershipAction>>,
    /// Members to remove.
    pub remove: Option<Vec<MembershipAction>>,
    /// Identities that ask to join.
    pub request_join: Option<Vec<MembershipAction>>,
}

/// One action on one membership.
#[model]
pub struct MembershipAction {
    /// The identity concerned.
    pub identity_id: Option<IdentityId>,
    /// The role it gets.
    pub role: Option<GroupRole>,
}

/// What became of a batch of membership actions: the memberships by verb, and the actions that failed.
#[model]
pub struct BatchMembershipResult {
    /// Accepted invitations.
    pub accept: Option<Vec<Membership>>,
    /// Added members.
    pub add: Option<Vec<Membership>>,
    /// Approved members.
    pub approve: Option<Vec<Membership>>,
    /// Members whose role changed.
    pub change_role: Option<Vec<Membership>>,
    /// Declined invitations.
    pub decline: Option<Vec<Membership>>,
    /// New invitations.
    pub invite: Option<Vec<Membership>>,
    /// Identities that joined.
    pub join: Option<Vec<Membership>>,
    /// Identities that left.
    pub leave: Option<Vec<Membership>>,
    /// Rejected requests.
    pub reject: Option<Vec<Membership>>,
    /// Removed members.
    pub remove: Option<Vec<Membership>>,
    /// New requests to join.
    pub request_join: Option<Vec<Membership>>,
    /// The actions that failed, by verb.
    pub errors: Option<MembershipErrors>,
}

/// The membership actions that failed, by verb. Source: <https://groups.api.globus.org/redoc>.
#[model]
pub struct MembershipErrors {
    /// Invitations that were not accepted.
    pub accept: Option<Vec<MembershipError>>,
    /// Members that were not added.
    pub add: Option<Vec<MembershipError>>,
    /// Members that were not approved.
    pub approve: Option<Vec<MembershipError>>,
    /// Members whose role did not change.
    pub change_role: Option<Vec<MembershipError>>,
    /// Invitations that were not declined.
    pub decline: Option<Vec<MembershipError>>,
    /// Invitations that were not made.
    pub invite: Option<Vec<MembershipError>>,
    /// Identities that did not join.
    pub join: Option<Vec<MembershipError>>,
    /// Identities that did not leave.
    pub leave: Option<Vec<MembershipError>>,
    /// Requests that were not rejected.
    pub reject: Option<Vec<MembershipError>>,
    /// Members that were not removed.
    pub remove: Option<Vec<MembershipError>>,
    /// Requests to join that were not made.
    pub request_join: Option<Vec<MembershipError>>,
}

/// Why one membership action failed.
#[model]
pub struct MembershipError {
    /// The identity concerned.
    pub identity_id: Option<IdentityId>,
    /// Code of the error, for example `ALREADY_ACTIVE`.
    pub code: Option<String>,
    /// What went wrong.
    pub detail: Option<String>,
}
