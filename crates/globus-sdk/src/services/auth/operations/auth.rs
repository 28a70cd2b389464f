//! Operations of [`AuthClient`].

use globus_sdk_macros::service;

use crate::models::{ClientId, IdentityId, IdentityProviderId};
use crate::scopes::AuthScopes;
use crate::services::auth::{AuthClient, ClientEnvelope, ClientVisibility, Identity, checks, errors};

#[service(reference = "https://docs.globus.org/api/auth/reference/")]
impl AuthClient {
    /// Looks up identities by user name or by id. Unknown ones are left out of the answer.
    #[get("/v2/api/identities", scope = AuthScopes::VIEW_IDENTITIES, list = "identities", errors = [FORBIDDEN],
        reference = "#v2_api_identities_resources")]
    fn get_identities(
        /// User names, at most 100; not together with `ids`.
        #[csv]
        usernames: Option<Vec<String>>,
        /// Identity ids, at most 100; not together with `usernames`.
        #[csv]
        ids: Option<Vec<IdentityId>>,
        /// Whether to create identities for unknown user names; sent only with `usernames`.
        #[lower]
        #[default(false)]
        #[with(usernames)]
        provision: Option<bool>,
    ) -> Identity;

    /// Changes fields of a registered client; those that are not given stay.
    #[put("/v2/api/clients/{client_id}", scope = AuthScopes::MANAGE_PROJECTS, wrap = "/client",
        check = checks::links_together, errors = [FORBIDDEN, NOT_FOUND], reference = "#update_client")]
    fn update_client(
        /// The client to change.
        client_id: ClientId,
        /// New name that people see when they log in or consent.
        name: Option<String>,
        /// Who can see it: everybody (`public`), or those who administer its project (`private`).
        visibility: Option<ClientVisibility>,
        /// URLs to which people may be sent back after a login.
        #[list]
        redirect_uris: Option<Vec<String>>,
        /// URL of its terms; goes together with `privacy_policy`.
        #[at("/client/links/terms_and_conditions")]
        #[nullable]
        terms_and_conditions: Option<String>,
        /// URL of its privacy policy; goes together with `terms_and_conditions`.
        #[at("/client/links/privacy_policy")]
        #[nullable]
        privacy_policy: Option<String>,
        /// The only identity provider with which one can log in to it.
        #[nullable]
        required_idp: Option<IdentityProviderId>,
        /// The identity provider that the login page offers first.
        #[nullable]
        preselect_idp: Option<IdentityProviderId>,
    ) -> ClientEnvelope;
}
