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
        userinfo()[];
        get_openid_configuration()[];
        get_jwk()[openid_configuration: Raw, as_pem: bool];
        get_identity_providers()[domains: Vec<String>, ids: Vec<IdentityProviderId>];
        get_consents(identity_id: IdentityId)[all: bool];
        get_project(project_id: ProjectId)[];
        get_projects()[];
        create_project(display_name: String, contact_email: String)[
            admin_ids: Vec<IdentityId>, admin_group_ids: Vec<GroupId>];
        update_project(project_id: ProjectId)[
            display_name: String, contact_email: String, admin_ids: Vec<IdentityId>, admin_group_ids: Vec<GroupId>];
        delete_project(project_id: ProjectId)[];
        get_policy(policy_id: PolicyId)[];
        get_policies()[];
        create_policy(project_id: ProjectId, display_name: String, description: String)[
            high_assurance: bool, authentication_assurance_timeout: u64, required_mfa: bool,
            domain_constraints_include: Vec<String> | domain_constraints_include_null,
            domain_constraints_exclude: Vec<String> | domain_constraints_exclude_null];
        update_policy(policy_id: PolicyId)[
            project_id: ProjectId, authentication_assurance_timeout: u64, required_mfa: bool, display_name: String,
            description: String, domain_constraints_include: Vec<String> | domain_constraints_include_null,
            domain_constraints_exclude: Vec<String> | domain_constraints_exclude_null];
        delete_policy(policy_id: PolicyId)[];
        get_client()[client_id: ClientId, fqdn: String];
        get_clients()[];
        create_client(name: String, project: ProjectId)[
            public_client: bool, client_type: RegisteredClientType, visibility: ClientVisibility,
            redirect_uris: Vec<String>, terms_and_conditions: String, privacy_policy: String,
            required_idp: IdentityProviderId, preselect_idp: IdentityProviderId];
        delete_client(client_id: ClientId)[];
        get_client_credentials(client_id: ClientId)[];
        create_client_credential(client_id: ClientId, name: String)[];
        delete_client_credential(client_id: ClientId, credential_id: CredentialId)[];
        get_scope(scope_id: ScopeId)[];
        get_scopes()[scope_strings: Vec<String>, ids: Vec<ScopeId>];
        create_scope(client_id: ClientId, name: String, description: String, scope_suffix: String)[
            required_domains: Vec<String>, dependent_scopes: Vec<DependentScopeSpec>, advertised: bool,
            allows_refresh_token: bool];
        update_scope(scope_id: ScopeId)[
            name: String, description: String, scope_suffix: String, required_domains: Vec<String>,
            dependent_scopes: Vec<DependentScopeSpec>, advertised: bool, allows_refresh_token: bool];
        delete_scope(scope_id: ScopeId)[];
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
