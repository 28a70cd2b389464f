//! Operations of [`ConfidentialAppAuthClient`].

use globus_sdk_macros::service;

use crate::models::IdentityProviderId;
use crate::services::auth::{
    ClientEnvelope, ClientVisibility, ConfidentialAppAuthClient, OAuthDependentTokenResponse, OAuthTokenResponse,
    RegisteredClientType, RequestedScopes, TokenIntrospection, checks, errors,
};

#[service(reference = "https://docs.globus.org/api/auth/reference/", scope_source = Credentials)]
impl ConfidentialAppAuthClient {
    /// Gets tokens for the client itself (RFC 6749, section 4.4): one for each resource server of the scopes.
    #[post("/v2/oauth2/token", form, fixed("grant_type" = "client_credentials"), check = checks::scopes_given,
        idempotency = Repeatable, errors = [INVALID_CLIENT, INVALID_REQUEST, INVALID_SCOPE],
        reference = "#client_credentials_grant")]
    fn oauth2_client_credentials_tokens(
        /// Scopes to ask for, with their dependencies.
        #[wire("scope")]
        #[spaces]
        requested_scopes: RequestedScopes,
    ) -> OAuthTokenResponse;

    /// Trades a token that this service received for tokens to services downstream.
    #[post("/v2/oauth2/token", form, fixed("grant_type" = "urn:globus:auth:grant_type:dependent_token"),
        errors = [INVALID_CLIENT, INVALID_REQUEST, INVALID_GRANT, DEPENDENT_CONSENT_REQUIRED],
        reference = "#dependent_token_grant_post_v2oauth2token")]
    fn oauth2_get_dependent_tokens(
        /// The access token that this service received from a caller.
        token: String,
        /// Whether to get refresh tokens too.
        #[wire("access_type")]
        #[offline]
        refresh_tokens: Option<bool>,
        /// Scopes to get tokens for; all that were consented when absent.
        #[spaces]
        scope: Option<RequestedScopes>,
    ) -> OAuthDependentTokenResponse;

    /// Asks whether a token is good, whose it is and what it allows (RFC 7662).
    ///
    /// With one more field, `with_field("authentication_policies", "ID,ID")`, the answer says as `policy_evaluations` which
    /// of these policies the token's session meets. The reference does not name it; services that are in use send it.
    #[post("/v2/oauth2/token/introspect", form, idempotency = Repeatable, errors = [INVALID_CLIENT],
        reference = "#token_introspection_post_v2_oauth2_token_introspect")]
    fn oauth2_token_introspect(
        /// The access or refresh token to ask about.
        token: String,
        /// Parts to add, joined by commas: `session_info`, `identity_set`, `identity_set_detail`.
        include: Option<String>,
    ) -> TokenIntrospection;

    /// Registers a client that belongs to this one.
    #[post("/v2/api/clients", wrap = "/client", check = checks::new_client, errors = [FORBIDDEN],
        reference = "#create_client")]
    fn create_child_client(
        /// Name that people see when they log in or consent.
        name: String,
        /// Whether the client can keep no secret; instead of `client_type`.
        public_client: Option<bool>,
        /// What kind of client it is; instead of `public_client`.
        client_type: Option<RegisteredClientType>,
        /// Who can see it: everybody (`public`), or those who administer its project (`private`).
        visibility: Option<ClientVisibility>,
        /// URLs to which people may be sent back after a login.
        #[list]
        redirect_uris: Option<Vec<String>>,
        /// URL of its terms; goes together with `privacy_policy`.
        #[at("/client/links/terms_and_conditions")]
        terms_and_conditions: Option<String>,
        /// URL of its privacy policy; goes together with `terms_and_conditions`.
        #[at("/client/links/privacy_policy")]
        privacy_policy: Option<String>,
        /// The only identity provider with which one can log in to it.
        required_idp: Option<IdentityProviderId>,
        /// The identity provider that the login page offers first.
        preselect_idp: Option<IdentityProviderId>,
    ) -> ClientEnvelope;
}
