//! Globus Auth: logins, tokens, sessions, consents, identities. <https://docs.globus.org/api/auth/reference/>

pub(crate) mod access;
pub(crate) mod authorize;
pub(crate) mod catalog;
pub(crate) mod client;
pub(crate) mod consents;
pub(crate) mod demands;
pub(crate) mod dependencies;
pub(crate) mod dependent;
pub(crate) mod documents;
pub(crate) mod eligibility;
pub(crate) mod errors;
pub(crate) mod fields;
pub(crate) mod handlers;
pub(crate) mod id_token;
pub(crate) mod keys;
pub(crate) mod pages;
pub(crate) mod player;
pub(crate) mod project;
pub(crate) mod scope_request;
pub(crate) mod sessions;
pub(crate) mod state;
pub(crate) mod tokens;

use handlers::{
    authorize as login, clients, credentials, identities, oidc, policies, projects, scopes, token, token_state, web,
};

use super::Extra;
use crate::exchange::Handler;

/// Handlers by operation. Operations that share a method and a path share a handler, so one key is enough.
pub(crate) const HANDLERS: &[(&str, Handler)] = &[
    ("confidential_app_auth.oauth2_client_credentials_tokens", token::issue),
    ("confidential_app_auth.oauth2_token_introspect", token_state::introspect),
    ("confidential_app_auth.oauth2_revoke_token", token_state::revoke),
    ("native_app_auth.create_native_app_instance", clients::create),
    ("auth.get_openid_configuration", oidc::configuration),
    ("auth.get_jwk", oidc::keys),
    ("auth.userinfo", oidc::userinfo),
    ("auth.get_identities", identities::list),
    ("auth.get_identity_providers", identities::providers),
    ("auth.get_consents", identities::consents),
    ("auth.get_projects", projects::list),
    ("auth.create_project", projects::create),
    ("auth.get_project", projects::get),
    ("auth.update_project", projects::update),
    ("auth.delete_project", projects::delete),
    ("auth.get_policies", policies::list),
    ("auth.create_policy", policies::create),
    ("auth.get_policy", policies::get),
    ("auth.update_policy", policies::update),
    ("auth.delete_policy", policies::delete),
    ("auth.get_clients", clients::list),
    ("auth.get_client", clients::get),
    ("auth.update_client", clients::update),
    ("auth.delete_client", clients::delete),
    ("auth.get_client_credentials", credentials::list),
    ("auth.create_client_credential", credentials::create),
    ("auth.delete_client_credential", credentials::delete),
    ("auth.get_scopes", scopes::list),
    ("auth.create_scope", scopes::create),
    ("auth.get_scope", scopes::get),
    ("auth.update_scope", scopes::update),
    ("auth.delete_scope", scopes::delete),
];

/// Paths that are no operation of the SDK.
pub(crate) const EXTRAS: &[Extra] = &[
    ("POST", "/v2/oauth2/token/validate", Some(token_state::validate)),
    ("POST", "/v2/oauth2/userinfo", Some(oidc::userinfo)),
    ("GET", "/v2/api/identities/{identity_id}", Some(identities::get)),
    ("GET", "/v2/oauth2/authorize", Some(login::show)),
    ("POST", "/v2/oauth2/authorize", Some(login::answer)),
    ("GET", "/v2/web/auth-code", Some(web::auth_code)),
    ("GET", "/v2/web/logout", Some(web::logout)),
    ("GET", "/v2/web/identities", Some(web::identities)),
    ("GET", "/v2/web/consents", Some(web::consents)),
    ("POST", "/v2/web/consents", Some(web::withdraw)),
];
