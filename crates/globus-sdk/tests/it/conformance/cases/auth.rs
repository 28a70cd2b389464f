//! Cases of the clients of `services::auth`.

use globus_sdk::services::auth::*;

use super::*;

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
        get_consents(identity_id: IdentityId)[all: bool] only_read;
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
        oauth2_token(form_data: Raw)[] only_read;
        oauth2_exchange_code_for_tokens(flow: AuthorizationFlow, auth_code: String)[] only_read;
        oauth2_refresh_token(refresh_token: String)[] only_read;
        oauth2_revoke_token(token: String)[];
    }
    NativeAppAuthClient {
        get_openid_configuration()[];
        get_jwk()[openid_configuration: Raw, as_pem: bool];
        oauth2_token(form_data: Raw)[] only_read;
        oauth2_exchange_code_for_tokens(flow: AuthorizationFlow, auth_code: String)[] only_read;
        oauth2_refresh_token(refresh_token: String)[] only_read;
        oauth2_revoke_token(token: String)[];
        create_native_app_instance(template_id: ClientId, name: String)[];
    }
    ConfidentialAppAuthClient {
        get_openid_configuration()[];
        get_jwk()[openid_configuration: Raw, as_pem: bool];
        oauth2_token(form_data: Raw)[] only_read;
        oauth2_exchange_code_for_tokens(flow: AuthorizationFlow, auth_code: String)[] only_read;
        oauth2_refresh_token(refresh_token: String)[] only_read;
        oauth2_revoke_token(token: String)[];
        oauth2_client_credentials_tokens(requested_scopes: Scopes)[] only_read;
        oauth2_get_dependent_tokens(token: String)[refresh_tokens: bool, scope: Scopes] only_read;
        oauth2_token_introspect(token: String)[include: String];
        create_child_client(name: String)[
            public_client: bool, client_type: RegisteredClientType, visibility: ClientVisibility,
            redirect_uris: Vec<String>, terms_and_conditions: String, privacy_policy: String,
            required_idp: IdentityProviderId, preselect_idp: IdentityProviderId];
    }
};

pub(super) const FURTHER: &[Further] = &[
    (
        "AuthClient",
        "create_client",
        r#"{"name": "n", "project": "p", "public_client": true, "required_idp": "i"}"#,
    ),
    (
        "AuthLoginClient",
        "oauth2_exchange_code_for_tokens",
        r#"{"auth_code": "c"}"#,
    ),
];
