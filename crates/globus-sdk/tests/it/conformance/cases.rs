//! How each operation is called with types: required arguments in parentheses, setters in brackets.

use globus_sdk::client::ClientType as _;
use globus_sdk::models::*;
use globus_sdk::scopes::{IntoScopes, ScopeList};
use globus_sdk::services::auth::*;
use globus_sdk::services::flows::*;
use globus_sdk::services::gcs::*;
use globus_sdk::services::groups::*;
use globus_sdk::services::search::*;
use globus_sdk::services::transfer::*;
use serde_json::Value;
use serde_json::value::RawValue;

use super::typed::{Case, document};

/// A document as its JSON text.
type Raw = Box<RawValue>;

/// Scopes to ask for; typed calls do not ask for none.
#[derive(serde::Deserialize)]
#[serde(try_from = "Vec<String>")]
struct Scopes(Vec<String>);

impl TryFrom<Vec<String>> for Scopes {
    type Error = &'static str;
    fn try_from(scopes: Vec<String>) -> Result<Self, Self::Error> {
        if scopes.is_empty() {
            return Err("no scopes");
        }
        Ok(Self(scopes))
    }
}

impl IntoScopes for Scopes {
    fn into_scopes(self) -> ScopeList {
        self.0.into_scopes()
    }
}

macro_rules! cases {
    ($($client:ident {
        $($operation:ident($($needed:ident: $needed_type:ty),*)
            [$($optional:ident: $optional_type:ty $(| $null:ident)?),*] $($pages:ident)?;)*
    })*) => {
        &[$($(Case {
            client: stringify!($client),
            operation: stringify!($operation),
            params: &[$(stringify!($needed),)* $(stringify!($optional)),*],
            run: |client, given| {
                let client: $client = $client::from_core(client.core().clone());
                let call = client.$operation($(given.need::<$needed_type>(stringify!($needed))?),*);
                $(let call = cases!(@set call given $optional $optional_type $(| $null)?);)*
                let query = given.map(&["query_params"]).into_iter();
                let call = query.fold(call, |call, (name, value)| call.with_query_param(name, value));
                let fields = given.map(&["additional_fields", "body_params", "additional_params"]).into_iter();
                let call = fields.fold(call, |call, (name, value)| call.with_field(name, value));
                cases!(@send call given $($pages)?)
            },
        },)*)*]
    };
    (@set $call:ident $given:ident $name:ident $type:ty) => {
        match $given.take::<$type>(stringify!($name))? {
            None => $call,
            Some(value) => $call.$name(value),
        }
    };
    (@set $call:ident $given:ident $name:ident $type:ty | $null:ident) => {
        match $given.take::<Option<$type>>(stringify!($name))? {
            None => $call,
            Some(None) => $call.$null(),
            Some(Some(value)) => $call.$name(value),
        }
    };
    (@send $call:ident $given:ident) => {
        Ok(Box::pin(async move { document(&$call.await?) }))
    };
    (@send $call:ident $given:ident pages) => {
        if $given.paginated {
            Ok(Box::pin(async move {
                let pages = $call.pages().try_collect().await?;
                pages.iter().map(document).collect::<Result<_, _>>().map(Value::Array)
            }))
        } else {
            cases!(@send $call $given)
        }
    };
}

#[rustfmt::skip]
pub(super) static CASES: &[Case] = cases! {
    AuthClient {
        get_identities()[usernames: Vec<String>, ids: Vec<IdentityId>, provision: bool];
        update_client(client_id: ClientId)[
            name: String, visibility: ClientVisibility, redirect_uris: Vec<String>,
            terms_and_conditions: String | terms_and_conditions_null, privacy_policy: String | privacy_policy_null,
            required_idp: IdentityProviderId | required_idp_null,
            preselect_idp: IdentityProviderId | preselect_idp_null];
    }
    AuthLoginClient {
        get_openid_configuration()[];
        get_jwk()[openid_configuration: Raw, as_pem: bool];
        oauth2_token(form_data: Raw)[];
        oauth2_exchange_code_for_tokens(flow: AuthorizationFlow, auth_code: String)[];
        oauth2_refresh_token(refresh_token: String)[];
        oauth2_revoke_token(token: String)[];
    }
    NativeAppAuthClient {
        get_openid_configuration()[];
        get_jwk()[openid_configuration: Raw, as_pem: bool];
        oauth2_token(form_data: Raw)[];
        oauth2_exchange_code_for_tokens(flow: AuthorizationFlow, auth_code: String)[];
        oauth2_refresh_token(refresh_token: String)[];
        oauth2_revoke_token(token: String)[];
        create_native_app_instance(template_id: ClientId, name: String)[];
    }
    ConfidentialAppAuthClient {
        get_openid_configuration()[];
        get_jwk()[openid_configuration: Raw, as_pem: bool];
        oauth2_token(form_data: Raw)[];
        oauth2_exchange_code_for_tokens(flow: AuthorizationFlow, auth_code: String)[];
        oauth2_refresh_token(refresh_token: String)[];
        oauth2_revoke_token(token: String)[];
        oauth2_client_credentials_tokens(requested_scopes: Scopes)[];
        oauth2_get_dependent_tokens(token: String)[refresh_tokens: bool, scope: Scopes];
        oauth2_token_introspect(token: String)[include: String];
        create_child_client(name: String)[
            public_client: bool, client_type: RegisteredClientType, visibility: ClientVisibility,
            redirect_uris: Vec<String>, terms_and_conditions: String, privacy_policy: String,
            required_idp: IdentityProviderId, preselect_idp: IdentityProviderId];
    }
    TransferClient {
        endpoint_search()[
            filter_scope: String, filter_fulltext: String, filter_owner_id: String, filter_host_endpoint: EndpointId,
            filter_non_functional: bool, filter_entity_type: EntityType, limit: u32, offset: u32] pages;
        get_endpoint(endpoint_id: EndpointId)[];
        operation_ls(endpoint_id: EndpointId)[
            path: String, show_hidden: bool, orderby: Vec<String>, limit: u32, offset: u32, filter: Raw,
            local_user: String];
        get_submission_id()[];
        submit_transfer(data: TransferData)[];
    }
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
    FlowsClient {
        list_flows()[
            filter_roles: Vec<FlowRole>, filter_fulltext: String, orderby: Vec<String>, marker: String] pages;
        create_flow(title: String, definition: Raw, input_schema: Raw)[
            subtitle: String, description: String, flow_viewers: Vec<String>, flow_starters: Vec<String>,
            flow_administrators: Vec<String>, run_managers: Vec<String>, run_monitors: Vec<String>,
            keywords: Vec<String>, subscription_id: SubscriptionId | subscription_id_null,
            authentication_policy_id: PolicyId | authentication_policy_id_null];
    }
    SpecificFlowClient {
        run_flow(body: Raw)[
            label: String, tags: Vec<String>, activity_notification_policy: Raw, run_monitors: Vec<String>,
            run_managers: Vec<String>];
    }
    SearchClient {
        scroll(index_id: IndexId, data: Raw)[marker: String] pages;
    }
    GCSClient {
        get_gcs_info()[];
        endpoint_client_id()[];
        get_collection_list()[
            include: Vec<String>, page_size: u32, marker: String, mapped_collection_id: EndpointId,
            filter: Vec<String>] pages;
    }
};
