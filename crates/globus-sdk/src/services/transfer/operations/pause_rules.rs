//! Operations of [`TransferClient`] on the rules by which managers pause tasks.

use globus_sdk_macros::service;

use crate::models::{EndpointId, PauseRuleId};
use crate::scopes::TransferScopes;
use crate::services::transfer::{OperationResult, PauseRule, TransferClient, errors};

#[service(reference = "https://docs.globus.org/api/transfer/advanced_collection_management/",
    scope = TransferScopes::ALL, errors = [PERMISSION_DENIED, NOT_FOUND])]
impl TransferClient {
    /// Lists the pause rules of the collections whose activity the caller may see.
    #[get("/v0.10/endpoint_manager/pause_rule_list", list = "DATA", errors = [PERMISSION_DENIED],
        reference = "#get_pause_rules")]
    fn endpoint_manager_pause_rule_list(
        /// Keep rules about this endpoint or collection, or guest collections on it.
        filter_endpoint: Option<EndpointId>,
    ) -> PauseRule;

    /// Pauses what one user, or all, do on a collection. Needs the role of an activity manager.
    #[post("/v0.10/endpoint_manager/pause_rule", errors = [BAD_REQUEST, PERMISSION_DENIED, ENDPOINT_NOT_FOUND],
        reference = "#create_pause_rule")]
    fn endpoint_manager_create_pause_rule(
        /// What is paused, for whom, and what they are told.
        #[document]
        #[nullable]
        data: Json<PauseRule>,
    ) -> PauseRule;

    /// Reads a pause rule as managers see it.
    #[get("/v0.10/endpoint_manager/pause_rule/{pause_rule_id}", reference = "#get_pause_rule")]
    fn endpoint_manager_get_pause_rule(
        /// The rule to read.
        pause_rule_id: PauseRuleId,
    ) -> PauseRule;

    /// Changes what a rule pauses, or what people are told.
    #[put("/v0.10/endpoint_manager/pause_rule/{pause_rule_id}", errors = [BAD_REQUEST],
        reference = "#update_pause_rule")]
    fn endpoint_manager_update_pause_rule(
        /// The rule to change.
        pause_rule_id: PauseRuleId,
        /// The fields that change: `message` and what is paused. Others are ignored.
        #[document]
        #[nullable]
        data: Json<PauseRule>,
    ) -> PauseRule;

    /// Deletes a pause rule that is `editable`. What it held goes on.
    #[delete(
        "/v0.10/endpoint_manager/pause_rule/{pause_rule_id}",
        reference = "#delete_pause_rule"
    )]
    fn endpoint_manager_delete_pause_rule(
        /// The rule to delete.
        pause_rule_id: PauseRuleId,
    ) -> OperationResult;
}
