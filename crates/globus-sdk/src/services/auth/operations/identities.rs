//! Operations on people: who they are, who vouches for them, what they consented to.

use globus_sdk_macros::service;

use crate::models::{IdentityId, IdentityProviderId};
use crate::scopes::{AuthScopes, Consent};
use crate::services::auth::{AuthClient, IdentityProvider, UserInfo, checks, errors};

#[service(reference = "https://docs.globus.org/api/auth/reference/", errors = [FORBIDDEN, NOT_FOUND])]
impl AuthClient {
    /// Tells whose token it is (OpenID Connect Core 1.0, section 5.3).
    #[get("/v2/oauth2/userinfo", scope = AuthScopes::OPENID, errors = [FORBIDDEN],
        reference = "#get_or_post_v2_oauth2_userinfo_resource")]
    fn userinfo() -> UserInfo;

    /// Looks up identity providers by domain or by id.
    #[get("/v2/api/identity_providers", list = "identity_providers", check = checks::identity_providers,
        errors = [FORBIDDEN], reference = "#get_identity_providers")]
    fn get_identity_providers(
        /// Domains of user names; not together with `ids`.
        #[csv]
        domains: Option<Vec<String>>,
        /// Ids of providers; not together with `domains`.
        #[csv]
        ids: Option<Vec<IdentityProviderId>>,
    ) -> IdentityProvider;

    /// Lists what an identity consented to: for this program, or for all with the scope `view_consents`.
    #[get("/v2/api/identities/{identity_id}/consents", scopes = [AuthScopes::VIEW_CONSENTS, AuthScopes::OPENID],
        list = "consents")]
    fn get_consents(
        /// The identity whose consents are wanted.
        identity_id: IdentityId,
        /// Whether to list those for other programs too.
        #[default(false)]
        all: Option<bool>,
    ) -> Consent;
}
