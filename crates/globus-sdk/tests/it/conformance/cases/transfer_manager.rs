//! Cases of `TransferClient` on roles, rules, bookmarks, guest collections, tunnels, and for managers.

use globus_sdk::services::transfer::*;

use super::*;

#[rustfmt::skip]
pub(super) static CASES: &[Case] = cases! {
    TransferClient {
        endpoint_role_list(endpoint_id: EndpointId)[];
        add_endpoint_role(endpoint_id: EndpointId, role_data: EndpointRole)[];
        get_endpoint_role(endpoint_id: EndpointId, role_id: EndpointRoleId)[];
        delete_endpoint_role(endpoint_id: EndpointId, role_id: EndpointRoleId)[];
        endpoint_acl_list(endpoint_id: EndpointId)[];
        get_endpoint_acl_rule(endpoint_id: EndpointId, rule_id: AccessRuleId)[];
        add_endpoint_acl_rule(endpoint_id: EndpointId, rule_data: AccessRule)[];
        update_endpoint_acl_rule(endpoint_id: EndpointId, rule_id: AccessRuleId, rule_data: AccessRule)[];
        delete_endpoint_acl_rule(endpoint_id: EndpointId, rule_id: AccessRuleId)[];
        bookmark_list()[];
        create_bookmark(bookmark_data: Bookmark)[];
        get_bookmark(bookmark_id: BookmarkId)[];
        update_bookmark(bookmark_id: BookmarkId, bookmark_data: Bookmark)[];
        delete_bookmark(bookmark_id: BookmarkId)[];
        my_shared_endpoint_list(endpoint_id: EndpointId)[];
        get_shared_endpoint_list(endpoint_id: EndpointId)[max_results: u32, next_token: String] pages;
        create_shared_endpoint(data: SharedEndpointData)[];
        endpoint_server_list(endpoint_id: EndpointId)[];
        get_endpoint_server(endpoint_id: EndpointId, server_id: u64)[];
        my_effective_pause_rule_list(endpoint_id: EndpointId)[];
        set_subscription_id(collection_id: EndpointId, subscription_id: Option<SubscriptionId>)[];
        set_subscription_admin_verified(collection_id: EndpointId, subscription_admin_verified: bool)[];
        endpoint_manager_monitored_endpoints()[];
        endpoint_manager_hosted_endpoint_list(endpoint_id: EndpointId)[];
        endpoint_manager_get_endpoint(endpoint_id: EndpointId)[];
        endpoint_manager_acl_list(endpoint_id: EndpointId)[];
        endpoint_manager_task_list()[
            filter_status: Vec<TaskStatus>, filter_task_id: Vec<TaskId>, filter_owner_id: IdentityId,
            filter_endpoint: EndpointId, filter_endpoint_use: EndpointUse, filter_is_paused: bool,
            filter_completion_time: Vec<String>, filter_min_faults: u32, filter_local_user: String,
            last_key: String] pages;
        endpoint_manager_get_task(task_id: TaskId)[];
        endpoint_manager_task_event_list(task_id: TaskId)[limit: u32, offset: u32, filter_is_error: bool] pages;
        endpoint_manager_task_pause_info(task_id: TaskId)[];
        endpoint_manager_task_successful_transfers(task_id: TaskId)[marker: String] pages;
        endpoint_manager_task_skipped_errors(task_id: TaskId)[marker: String] pages;
        endpoint_manager_cancel_tasks(task_ids: Vec<TaskId>, message: String)[];
        endpoint_manager_cancel_status(admin_cancel_id: AdminCancelId)[];
        endpoint_manager_pause_tasks(task_ids: Vec<TaskId>, message: String)[];
        endpoint_manager_resume_tasks(task_ids: Vec<TaskId>)[];
        endpoint_manager_pause_rule_list()[filter_endpoint: EndpointId];
        endpoint_manager_create_pause_rule(data: PauseRule)[];
        endpoint_manager_get_pause_rule(pause_rule_id: PauseRuleId)[];
        endpoint_manager_update_pause_rule(pause_rule_id: PauseRuleId, data: PauseRule)[];
        endpoint_manager_delete_pause_rule(pause_rule_id: PauseRuleId)[];
        list_tunnels()[];
        create_tunnel(data: CreateTunnelData)[];
        get_tunnel(tunnel_id: TunnelId)[];
        update_tunnel(tunnel_id: TunnelId, update_doc: TunnelUpdateDocument)[];
        delete_tunnel(tunnel_id: TunnelId)[];
        get_tunnel_events(tunnel_id: TunnelId)[];
        get_stream_access_point(stream_ap_id: StreamAccessPointId)[];
    }
};
