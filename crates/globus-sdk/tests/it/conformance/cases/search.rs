//! Cases of the clients of `services::search`.

use globus_sdk::services::search::*;

use super::*;

#[rustfmt::skip]
pub(super) static CASES: &[Case] = cases! {
    SearchClient {
        create_index(display_name: String, description: String)[];
        update_index(index_id: IndexId)[display_name: String, description: String];
        delete_index(index_id: IndexId)[];
        reopen_index(index_id: IndexId)[];
        get_index(index_id: IndexId)[];
        index_list()[filter_roles: Vec<IndexRole>];
        search(index_id: IndexId, q: String)[offset: u32, limit: u32, advanced: bool] pages;
        post_search(index_id: IndexId, data: SearchQueryV1)[offset: u32, limit: u32] pages;
        scroll(index_id: IndexId, data: SearchScrollQuery)[marker: String] pages;
        ingest(index_id: IndexId, data: GIngest)[];
        delete_by_query(index_id: IndexId, data: DeleteByQueryV1)[];
        batch_delete_by_subject(index_id: IndexId, subjects: Vec<String>)[];
        get_subject(index_id: IndexId, subject: String)[];
        delete_subject(index_id: IndexId, subject: String)[];
        get_entry(index_id: IndexId, subject: String)[entry_id: String];
        delete_entry(index_id: IndexId, subject: String)[entry_id: String];
        get_task(task_id: SearchTaskId)[];
        get_task_list(index_id: IndexId)[];
        create_role(index_id: IndexId, data: Role)[];
        get_role_list(index_id: IndexId)[];
        delete_role(index_id: IndexId, role_id: SearchRoleId)[];
    }
};

pub(super) const FURTHER: &[Further] = &[];
