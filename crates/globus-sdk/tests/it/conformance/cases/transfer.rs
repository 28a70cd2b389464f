//! Cases of the clients of `services::transfer`.

use globus_sdk::services::transfer::*;

use super::*;

#[rustfmt::skip]
pub(super) static CASES: &[Case] = cases! {
    TransferClient {
        endpoint_search()[
            filter_scope: String, filter_fulltext: String, filter_owner_id: String, filter_host_endpoint: EndpointId,
            filter_non_functional: bool, filter_entity_type: EntityType, limit: u32, offset: u32] pages;
        get_endpoint(endpoint_id: EndpointId)[];
        operation_ls(endpoint_id: EndpointId)[
            path: String, show_hidden: bool, orderby: Vec<String>, limit: u32, offset: u32, filter: Raw,
            local_user: String];
        get_submission_id()[];
        submit_transfer(data: TransferData)[];
    }
};

pub(super) const FURTHER: &[Further] = &[];
