//! Operations of [`NativeAppAuthClient`].

use globus_sdk_macros::service;

use crate::models::ClientId;
use crate::services::auth::{ClientEnvelope, NativeAppAuthClient, errors};

#[service(reference = "https://docs.globus.org/api/auth/reference/")]
impl NativeAppAuthClient {
    /// Registers an instance of a template, which has a secret of its own.
    #[post("/v2/api/clients", wrap = "/client", authorization = false, errors = [NOT_FOUND],
        reference = "#create_client")]
    fn create_native_app_instance(
        /// The template of which an instance is made.
        template_id: ClientId,
        /// Name that people see, of the instance.
        name: String,
    ) -> ClientEnvelope;
}
