//! Operations of [`ComputeClientV2`] on functions.

use globus_sdk_macros::service;

use crate::models::FunctionId;
use crate::scopes::ComputeScopes;
use crate::services::compute::{ComputeClientV2, Function, FunctionRegistration, RegisteredFunction, ResultCode};

#[service(reference = "https://compute.api.globus.org/redoc#tag/Functions")]
impl ComputeClientV2 {
    /// Registers a function, which the caller and those it is shared with may then run.
    #[post("/v2/functions", scope = ComputeScopes::ALL)]
    fn register_function(
        /// The function: its name and its serialized code, with `metadata`.
        #[document]
        data: Json<FunctionRegistration>,
    ) -> RegisteredFunction;

    /// Reads one function with its code.
    #[get("/v2/functions/{function_id}", scope = ComputeScopes::ALL)]
    fn get_function(
        /// The function to read.
        function_id: FunctionId,
    ) -> Function;

    /// Removes a function from the service.
    #[delete("/v2/functions/{function_id}", scope = ComputeScopes::ALL)]
    fn delete_function(
        /// The function to remove.
        function_id: FunctionId,
    ) -> ResultCode;
}
