//! Operations of [`TransferClient`] on the subscription of a collection.

use globus_sdk_macros::service;

use crate::models::{EndpointId, SubscriptionId};
use crate::scopes::TransferScopes;
use crate::services::transfer::{OperationResult, TransferClient, errors};

#[service(reference = "https://docs.globus.org/api/transfer/gcp_management/", scope = TransferScopes::ALL,
    errors = [BAD_REQUEST, PERMISSION_DENIED, ENDPOINT_NOT_FOUND])]
impl TransferClient {
    /// Puts the mapped collection of a Globus Connect Personal under a subscription, or takes it from there.
    #[put(
        "/v0.10/endpoint/{collection_id}/subscription",
        reference = "#associate_collection_subscription"
    )]
    fn set_subscription_id(
        /// The mapped collection, whose administrator the caller is.
        collection_id: EndpointId,
        /// The subscription; `DEFAULT` is the caller's only one, null none at all.
        #[nullable]
        subscription_id: SubscriptionId,
    ) -> OperationResult;

    /// Says whether an administrator of its subscription vouches for a collection.
    #[put(
        "/v0.10/endpoint/{collection_id}/subscription_admin_verified",
        reference = "#set_subscription_admin_verified"
    )]
    fn set_subscription_admin_verified(
        /// A collection that has a subscription, of which the caller is an administrator.
        collection_id: EndpointId,
        /// Whether it counts as verified.
        subscription_admin_verified: bool,
    ) -> OperationResult;
}
