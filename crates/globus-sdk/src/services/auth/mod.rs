//! Auth: tokens, identities, and what a developer registers.
//!
//! API: <https://docs.globus.org/api/auth/>. Resource server `auth.globus.org`.
//!
//! Two kinds of clients live here. *Login clients* ([`ConfidentialAppAuthClient`], [`NativeAppAuthClient`]) get tokens
//! with their own credentials; [`AuthClient`] calls the Auth API with a token, and has none of the OAuth2 methods.

pub(crate) mod checks;
mod client_credentials;
pub(crate) mod composites;
pub(crate) mod errors;
mod flow;
mod id_token;
mod identity_map;
mod login;
mod login_client;
mod models;
pub mod operations;
mod refresh_token;
mod tokens;

pub use client_credentials::{ClientCredentialsAuthorizer, ClientCredentialsSource};
pub use flow::{AuthorizationFlow, AuthorizeUrl, StartFlow};
pub use id_token::{Audience, DecodeIdToken, IdTokenClaims, IdTokenDecoder};
pub use identity_map::{IdentityCache, IdentityMap};
pub use login::RequestedScopes;
pub use login_client::{FlowClient, LoginClient};
pub use models::*;
pub use refresh_token::{RefreshTokenAuthorizer, RefreshTokenSource};
pub use tokens::{ByScopes, OAuthDependentTokenResponse, OAuthTokenData, OAuthTokenResponse};

use crate::client::client;
use crate::operation::ResourceServer;
use crate::scopes::AuthScopes;

client! {
    /// Reads identities and manages projects, clients, policies and scopes, with a token.
    ///
    /// It has no OAuth2 methods:
    ///
    /// ```compile_fail
    /// fn login(client: globus_sdk::AuthClient) {
    ///     client.oauth2_client_credentials_tokens("openid");
    /// }
    /// ```
    pub struct AuthClient {
        id: "auth",
        service: Some("auth"),
        resource_server: ResourceServer::Static(AuthScopes::RESOURCE_SERVER),
        default_scopes: &[AuthScopes::OPENID, AuthScopes::PROFILE, AuthScopes::EMAIL],
        errors: &errors::SHAPE,
        error_text: errors::error_text,
        operations: [
            operations::auth::AUTH_CLIENT_OPERATIONS,
            operations::identities::AUTH_CLIENT_OPERATIONS,
            operations::login::AUTH_CLIENT_OPERATIONS,
            operations::projects::AUTH_CLIENT_OPERATIONS,
            operations::policies::AUTH_CLIENT_OPERATIONS,
            operations::clients::AUTH_CLIENT_OPERATIONS,
            operations::scopes::AUTH_CLIENT_OPERATIONS,
        ],
    }
}

client! {
    /// What all login clients can do; most programs use one of the two below.
    pub struct AuthLoginClient {
        id: "auth_login",
        service: Some("auth"),
        resource_server: ResourceServer::Static(AuthScopes::RESOURCE_SERVER),
        default_scopes: &[],
        errors: &errors::SHAPE,
        error_text: errors::error_text,
        vars: [client_id],
        new: custom,
        operations: [operations::login::AUTH_LOGIN_CLIENT_OPERATIONS],
    }
}

client! {
    /// A program that keeps a secret: a service, a portal's back end, a job.
    ///
    /// It gets tokens as itself ([client credentials](Self::oauth2_client_credentials_tokens)), for people who log in,
    /// and for services downstream.
    pub struct ConfidentialAppAuthClient {
        id: "confidential_app_auth",
        service: Some("auth"),
        resource_server: ResourceServer::Static(AuthScopes::RESOURCE_SERVER),
        default_scopes: &[],
        errors: &errors::SHAPE,
        error_text: errors::error_text,
        vars: [client_id],
        new: custom,
        operations: [
            operations::login::CONFIDENTIAL_APP_AUTH_CLIENT_OPERATIONS,
            operations::confidential::CONFIDENTIAL_APP_AUTH_CLIENT_OPERATIONS,
        ],
    }
}

client! {
    /// A program that cannot keep a secret: a script, a command-line tool, a desktop program.
    pub struct NativeAppAuthClient {
        id: "native_app_auth",
        service: Some("auth"),
        resource_server: ResourceServer::Static(AuthScopes::RESOURCE_SERVER),
        default_scopes: &[],
        errors: &errors::SHAPE,
        error_text: errors::error_text,
        vars: [client_id],
        new: custom,
        operations: [
            operations::login::NATIVE_APP_AUTH_CLIENT_OPERATIONS,
            operations::native::NATIVE_APP_AUTH_CLIENT_OPERATIONS,
        ],
    }
}
