//! Operations of [`TransferClient`] on access rules.

use globus_sdk_macros::service;

use crate::models::{AccessRuleId, EndpointId};
use crate::scopes::TransferScopes;
use crate::services::transfer::{AccessCreateResult, AccessRule, OperationResult, TransferClient, errors};

#[service(reference = "https://docs.globus.org/api/transfer/acl/", scope = TransferScopes::ALL,
    errors = [ENDPOINT_NOT_FOUND, ENDPOINT_DELETED, PERMISSION_DENIED])]
impl TransferClient {
    /// Lists who may read and write which folders of a guest collection. Needs the role of an access manager.
    #[get(
        "/v0.10/endpoint/{endpoint_id}/access_list",
        list = "DATA",
        reference = "#rest_access_get_list"
    )]
    fn endpoint_acl_list(
        /// The guest collection whose rules are wanted.
        endpoint_id: EndpointId,
    ) -> AccessRule;

    /// Reads one access rule.
    #[get("/v0.10/endpoint/{endpoint_id}/access/{rule_id}", errors = [RULE_NOT_FOUND],
        reference = "#get_access_rule_by_id")]
    fn get_endpoint_acl_rule(
        /// The guest collection that the rule is about.
        endpoint_id: EndpointId,
        /// The rule to read.
        rule_id: AccessRuleId,
    ) -> AccessRule;

    /// Lets somebody read or write a folder of a guest collection with all that is below.
    #[post("/v0.10/endpoint/{endpoint_id}/access", errors = [BAD_REQUEST], reference = "#rest_access_create")]
    fn add_endpoint_acl_rule(
        /// The guest collection to open.
        endpoint_id: EndpointId,
        /// The rule: `principal_type` and `principal`, `path` (which ends in `/`), `permissions` (`r` or `rw`).
        #[document]
        rule_data: Json<AccessRule>,
    ) -> AccessCreateResult;

    /// Changes what an access rule allows, or when it ends.
    #[put("/v0.10/endpoint/{endpoint_id}/access/{rule_id}", errors = [BAD_REQUEST, RULE_NOT_FOUND],
        reference = "#update_access_rule")]
    fn update_endpoint_acl_rule(
        /// The guest collection that the rule is about.
        endpoint_id: EndpointId,
        /// The rule to change.
        rule_id: AccessRuleId,
        /// The fields that change: `permissions`, `expiration_date`.
        #[document]
        rule_data: Json<AccessRule>,
    ) -> OperationResult;

    /// Deletes an access rule. What it let somebody do ends at once.
    #[delete("/v0.10/endpoint/{endpoint_id}/access/{rule_id}", errors = [RULE_NOT_FOUND],
        reference = "#delete_access_rule")]
    fn delete_endpoint_acl_rule(
        /// The guest collection that the rule is about.
        endpoint_id: EndpointId,
        /// The rule to delete.
        rule_id: AccessRuleId,
    ) -> OperationResult;
}
