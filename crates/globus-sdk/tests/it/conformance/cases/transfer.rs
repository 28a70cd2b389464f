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
        submit_delete(data: DeleteData)[];
        update_endpoint(endpoint_id: EndpointId, data: EndpointUpdate)[];
        delete_endpoint(endpoint_id: EndpointId)[];
        operation_stat(endpoint_id: EndpointId)[path: String, local_user: String];
        operation_mkdir(endpoint_id: EndpointId, path: String)[local_user: String];
        operation_rename(endpoint_id: EndpointId, oldpath: String, newpath: String)[local_user: String];
        get_task(task_id: TaskId)[];
        task_list()[limit: u32, offset: u32, orderby: Vec<String>, filter: Raw] pages;
        update_task(task_id: TaskId, data: TaskUpdate)[];
        cancel_task(task_id: TaskId)[];
        task_event_list(task_id: TaskId)[limit: u32, offset: u32] pages;
        task_successful_transfers(task_id: TaskId)[marker: String] pages;
        task_skipped_errors(task_id: TaskId)[marker: String] pages;
        task_pause_info(task_id: TaskId)[];
        task_wait(task_id: TaskId)[timeout: u64, polling_interval: u64] => TaskOutcome::is_over;
    }
};

pub(super) const FURTHER: &[Further] = &[];
