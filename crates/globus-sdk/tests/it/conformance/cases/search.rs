//! Cases of the clients of `services::search`.

use globus_sdk::services::search::*;

use super::*;

#[rustfmt::skip]
pub(super) static CASES: &[Case] = cases! {
    SearchClient {
        scroll(index_id: IndexId, data: Raw)[marker: String] pages;
    }
};

pub(super) const FURTHER: &[Further] = &[];
