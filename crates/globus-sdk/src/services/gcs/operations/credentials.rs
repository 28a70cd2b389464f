//! Operations of [`GCSClient`] on user credentials: accounts on storage gateways.

use globus_sdk_macros::service;

use crate::models::{StorageGatewayId, UserCredentialId};
use crate::services::gcs::{GCSClient, GCSResult, UserCredential, UserCredentialDocument, errors};

#[service(reference = "https://docs.globus.org/globus-connect-server/v5/api/openapi_User_Credentials/",
    scope_source = Documented, errors = [PERMISSION_DENIED, NOT_FOUND])]
impl GCSClient {
    /// Lists the caller's credentials on the endpoint.
    #[get("/user_credentials", page = Marker("data"), reference = "#getUserCredentials")]
    fn get_user_credential_list(
        /// Keep credentials on this storage gateway.
        storage_gateway: Option<StorageGatewayId>,
        /// Rows on a page, at most; the server documents no limit, and chooses the number when absent.
        page_size: Option<u32>,
        marker: Option<String>,
    ) -> UserCredential;

    /// Registers an account of the caller's on a storage gateway.
    #[post("/user_credentials", unpack = "user_credential",
        errors = [BAD_REQUEST, UNSUPPORTED_MEDIA_TYPE, UNPROCESSABLE], reference = "#postUserCredential")]
    fn create_user_credential(
        /// The account, with what its connector needs to know.
        #[document]
        data: Json<UserCredentialDocument>,
    ) -> UserCredential;

    /// Reads one credential of the caller's.
    #[get(
        "/user_credentials/{user_credential_id}",
        unpack = "user_credential",
        reference = "#getUserCredential"
    )]
    fn get_user_credential(
        /// The credential to read.
        user_credential_id: UserCredentialId,
    ) -> UserCredential;

    /// Changes the fields of a credential that the document has.
    #[patch("/user_credentials/{user_credential_id}", idempotency = Repeatable, unpack = "user_credential",
        errors = [BAD_REQUEST, UNSUPPORTED_MEDIA_TYPE, UNPROCESSABLE], reference = "#patchUserCredential")]
    fn update_user_credential(
        /// The credential to change.
        user_credential_id: UserCredentialId,
        /// The fields to change, with their new values; the others stay.
        #[document]
        data: Json<UserCredentialDocument>,
    ) -> UserCredential;

    /// Deletes a credential; guest collections that use it stop working.
    #[delete("/user_credentials/{user_credential_id}", reference = "#deleteUserCredential")]
    fn delete_user_credential(
        /// The credential to delete.
        user_credential_id: UserCredentialId,
    ) -> GCSResult;
}
