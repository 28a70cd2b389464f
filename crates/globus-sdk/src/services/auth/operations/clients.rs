//! Operations on registered clients and their secrets.

use globus_sdk_macros::service;

use crate::models::{ClientId, CredentialId, IdentityProviderId, ProjectId};
use crate::scopes::AuthScopes;
use crate::services::auth::{
    AuthClient, ClientCredential, ClientEnvelope, ClientVisibility, CredentialEnvelope, RegisteredClient,
    RegisteredClientType, checks, composites, errors,
};

#[service(reference = "https://docs.globus.org/api/auth/reference/", scope = AuthScopes::MANAGE_PROJECTS,
    errors = [FORBIDDEN, NOT_FOUND])]
impl AuthClient {
    /// Reads a registered client by its id or by a host name it stands for.
    #[get("/v2/api/clients/{client_id}", composite = composites::get_client, reference = "#get_clients")]
    fn get_client(
        /// The client to read; not together with `fqdn`.
        client_id: Option<ClientId>,
        /// A host name that the client stands for, fully qualified; not together with `client_id`.
        fqdn: Option<String>,
    ) -> ClientEnvelope;

    /// Lists the clients of the caller's projects.
    #[get("/v2/api/clients", list = "clients", errors = [FORBIDDEN], reference = "#get_clients")]
    fn get_clients() -> RegisteredClient;

    /// Registers a client.
    #[post("/v2/api/clients", wrap = "/client", check = checks::new_client, errors = [FORBIDDEN],
        reference = "#create_client")]
    fn create_client(
        /// Name that people see when they log in or consent.
        name: String,
        /// The project that the client shall belong to.
        project: ProjectId,
        /// Whether the client can keep no secret; instead of `client_type`.
        public_client: Option<bool>,
        /// What kind of client it is; instead of `public_client`.
        client_type: Option<RegisteredClientType>,
        /// Who can see it: everybody (`public`), or those who administer its project (`private`).
        visibility: Option<ClientVisibility>,
        /// URLs to which people may be sent back after a login.
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

    /// Deletes a registered client.
    #[delete("/v2/api/clients/{client_id}", reference = "#delete_client")]
    fn delete_client(
        /// The client to delete.
        client_id: ClientId,
    ) -> ClientEnvelope;

    /// Lists the secrets of a client; their values are shown only when they are made.
    #[get(
        "/v2/api/clients/{client_id}/credentials",
        list = "credentials",
        reference = "#get_client_credentials"
    )]
    fn get_client_credentials(
        /// The client whose secrets are wanted.
        client_id: ClientId,
    ) -> ClientCredential;

    /// Creates another secret for a client. Keep the answer's value: it is not shown again.
    #[post(
        "/v2/api/clients/{client_id}/credentials",
        wrap = "/credential",
        reference = "#create_client_credential"
    )]
    fn create_client_credential(
        /// The client that gets the secret.
        client_id: ClientId,
        /// Name by which developers tell it from others.
        name: String,
    ) -> CredentialEnvelope;

    /// Deletes a secret of a client, which can be used no more.
    #[delete(
        "/v2/api/clients/{client_id}/credentials/{credential_id}",
        reference = "#delete_client_credentials"
    )]
    fn delete_client_credential(
        /// The client that has the secret.
        client_id: ClientId,
        /// The secret to delete.
        credential_id: CredentialId,
    ) -> CredentialEnvelope;
}
