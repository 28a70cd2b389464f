//! Globus Auth: logins, tokens, sessions, consents, identities. <https://docs.globus.org/api/auth/reference/>

pub(crate) mod access;
pub(crate) mod authorize;
pub(crate) mod catalog;
pub(crate) mod consents;
pub(crate) mod demands;
pub(crate) mod dependent;
pub(crate) mod documents;
pub(crate) mod errors;
pub(crate) mod handlers;
pub(crate) mod id_token;
pub(crate) mod keys;
pub(crate) mod pages;
pub(crate) mod player;
pub(crate) mod scope_request;
pub(crate) mod sessions;
pub(crate) mod state;
pub(crate) mod tokens;

use handlers::{authorize as login, clients, identities, oidc, token, token_state, web};

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
];

/// Paths that are no operation of the SDK.
pub(crate) const EXTRAS: &[Extra] = &[
    ("POST", "/v2/oauth2/token/validate", Some(token_state::validate)),
    ("GET", "/v2/api/identities/{identity_id}", Some(identities::get)),
    ("GET", "/v2/oauth2/authorize", Some(login::show)),
    ("POST", "/v2/oauth2/authorize", Some(login::answer)),
    ("GET", "/v2/web/auth-code", Some(web::auth_code)),
    ("GET", "/v2/web/logout", Some(web::logout)),
    ("GET", "/v2/web/identities", None),
    ("GET", "/v2/web/consents", None),
];
