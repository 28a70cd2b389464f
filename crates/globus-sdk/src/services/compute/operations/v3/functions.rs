//! Operations of [`ComputeClientV3`] on functions.

use globus_sdk_macros::service;

use crate::scopes::ComputeScopes;
use crate::services::compute::{ComputeClientV3, FunctionRegistration, RegisteredFunction, errors};

#[service(reference = "https://compute.api.globus.org/redoc", scope = ComputeScopes::ALL)]
impl ComputeClientV3 {
    /// Registers a function, which the caller and those it is shared with may then run.
    #[post("/v3/functions", errors = [FORBIDDEN, TOO_LARGE],
        reference = "#tag/Functions/operation/register_function_v3_functions_post")]
    fn register_function(
        /// The function: its name and its serialized code, with `meta`.
        #[document]
        data: Json<FunctionRegistration>,
    ) -> RegisteredFunction;
}
