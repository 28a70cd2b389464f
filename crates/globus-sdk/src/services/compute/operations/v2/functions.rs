//! Operations of [`ComputeClientV2`] on functions.

use globus_sdk_macros::service;

use crate::models::FunctionId;
use crate::scopes::ComputeScopes;
use crate::services::compute::{
    ComputeClientV2, Function, FunctionRegistration, RegisteredFunction, ResultCode, errors,
};

#[service(reference = "https://compute.api.globus.org/redoc", scope = ComputeScopes::ALL,
    errors = [FORBIDDEN, NOT_FOUND])]
impl ComputeClientV2 {
    /// Registers a function, which the caller and those it is shared with may then run.
    #[post("/v2/functions", errors = [FORBIDDEN, TOO_LARGE],
        reference = "#tag/Functions/operation/register_function_v2_functions_post")]
    fn register_function(
        /// The function: its name and its serialized code, with `metadata`.
        #[document]
        data: Json<FunctionRegistration>,
    ) -> RegisteredFunction;

    /// Reads one function with its code.
    #[get(
        "/v2/functions/{function_id}",
        reference = "#tag/Functions/operation/get_function_v2_functions__function_uuid__get"
    )]
    fn get_function(
        /// The function to read.
        function_id: FunctionId,
    ) -> Function;

    /// Deletes a function from the service.
    #[delete(
        "/v2/functions/{function_id}",
        reference = "#tag/Functions/operation/delete_function_v2_functions__function_uuid__delete"
    )]
    fn delete_function(
        /// The function to delete.
        function_id: FunctionId,
    ) -> ResultCode;
}
