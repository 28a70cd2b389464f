//! Cases of the clients of `services::gcs`.

use globus_sdk::services::gcs::*;

use super::*;

#[rustfmt::skip]
pub(super) static CASES: &[Case] = cases! {
    GCSClient {
        get_gcs_info()[];
        endpoint_client_id()[];
        get_collection_list()[
            include: Vec<String>, page_size: u32, marker: String, mapped_collection_id: EndpointId,
            filter: Vec<String>] pages;
    }
};

pub(super) const FURTHER: &[Further] = &[];
