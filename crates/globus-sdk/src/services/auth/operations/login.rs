//! Operations that all login clients share.

use globus_sdk_macros::service;

use crate::services::auth::{
    AuthClient, AuthLoginClient, AuthorizationFlow, ConfidentialAppAuthClient, JsonWebKeySet, NativeAppAuthClient,
    OAuthTokenResponse, OpenIdConfiguration, RevokedToken, composites, errors,
};

#[service(reference = "https://docs.globus.org/api/auth/reference/", scope_source = Credentials)]
impl AuthLoginClient {
    /// Reads where Auth's endpoints and keys are (OpenID Connect Discovery 1.0, section 4).
    #[get("/.well-known/openid-configuration", also = [AuthClient, ConfidentialAppAuthClient, NativeAppAuthClient],
        scope_source = NotNeeded,
        reference = "https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig")]
    fn get_openid_configuration() -> OpenIdConfiguration;

    /// Reads the keys that sign ID tokens (RFC 7517). The discovery document is read first unless it is given.
    #[get("/jwk.json", composite = composites::get_jwk,
        also = [AuthClient, ConfidentialAppAuthClient, NativeAppAuthClient], scope_source = NotNeeded,
        reference = "https://www.rfc-editor.org/rfc/rfc7517#section-5")]
    fn get_jwk(
        /// The discovery document, when it is at hand.
        #[local]
        openid_configuration: Option<Value>,
        /// Not used: keys always come as a key set, which JWT libraries read directly.
        #[local]
        as_pem: Option<bool>,
    ) -> JsonWebKeySet;

    /// Posts any grant to the token endpoint (RFC 6749, section 3.2).
    #[post("/v2/oauth2/token", form, also = [ConfidentialAppAuthClient, NativeAppAuthClient],
        errors = [INVALID_CLIENT, INVALID_REQUEST, INVALID_GRANT, INVALID_SCOPE],
        reference = "https://www.rfc-editor.org/rfc/rfc6749#section-3.2")]
    fn oauth2_token(
        /// The form, for example `{"grant_type": "..."}`.
        #[document]
        form_data: Value,
    ) -> OAuthTokenResponse;

    /// Trades the code that a login page gave for tokens (RFC 6749, section 4.1.3).
    #[post("/v2/oauth2/token", form, composite = composites::exchange_code,
        also = [ConfidentialAppAuthClient, NativeAppAuthClient],
        errors = [INVALID_CLIENT, INVALID_REQUEST, INVALID_GRANT], reference = "#authorization_code_grant_preferred")]
    fn oauth2_exchange_code_for_tokens(
        /// The login that was started; the client itself remembers none.
        #[local]
        flow: Json<AuthorizationFlow>,
        /// The code, which is good once and for a short time.
        #[local]
        auth_code: String,
    ) -> OAuthTokenResponse;

    /// Trades a refresh token for a new access token (RFC 6749, section 6).
    #[post("/v2/oauth2/token", form, fixed("grant_type" = "refresh_token"), idempotency = Repeatable,
        also = [ConfidentialAppAuthClient, NativeAppAuthClient(client_id = Always)],
        errors = [INVALID_CLIENT, INVALID_REQUEST, INVALID_GRANT],
        reference = "https://www.rfc-editor.org/rfc/rfc6749#section-6")]
    fn oauth2_refresh_token(
        /// A refresh token of this client.
        refresh_token: String,
    ) -> OAuthTokenResponse;

    /// Revokes an access or refresh token (RFC 7009). Unknown tokens are fine.
    #[post("/v2/oauth2/token/revoke", form, client_id = Unauthenticated, idempotency = Repeatable,
        also = [ConfidentialAppAuthClient, NativeAppAuthClient], errors = [INVALID_CLIENT],
        reference = "#token_revocation_post_v2oauth2tokenrevoke")]
    fn oauth2_revoke_token(
        /// The token to revoke.
        token: String,
    ) -> RevokedToken;
}
