//! What operations are called with, and what the emulator rightly refuses.

/// Arguments with which an operation that the emulator serves succeeds for Alice, or answers as [`REFUSED`] says. `$task`,
/// `$transfer`, `$run`, `$ended`, `$token` and `$login` stand for something that is made first; the names of [`NAMES`] for
/// what is seeded. Without an entry an operation is called with the arguments of its first recorded call.
pub(super) const ARGUMENTS: &[(&str, &str)] = &[
    ("auth.get_identities", r#"{"usernames": "researcher@example.org"}"#),
    ("auth.userinfo", "{}"),
    ("auth.get_identity_providers", r#"{"domains": "example.org"}"#),
    ("auth.get_consents", r#"{"identity_id": "$alice"}"#),
    ("auth.get_projects", "{}"),
    ("auth.get_project", r#"{"project_id": "$project"}"#),
    (
        "auth.create_project",
        r#"{"display_name": "P", "contact_email": "researcher@example.org", "admin_ids": "$alice"}"#,
    ),
    (
        "auth.update_project",
        r#"{"project_id": "$project", "display_name": "Renamed"}"#,
    ),
    ("auth.delete_project", r#"{"project_id": "$empty"}"#),
    ("auth.get_policies", "{}"),
    ("auth.get_policy", r#"{"policy_id": "$policy"}"#),
    (
        "auth.create_policy",
        r#"{"project_id": "$project", "display_name": "P", "description": "Who may", "high_assurance": true,
        "authentication_assurance_timeout": 60, "required_mfa": true, "domain_constraints_include": ["example.org"]}"#,
    ),
    (
        "auth.update_policy",
        r#"{"policy_id": "$policy", "display_name": "Renamed", "domain_constraints_include": null}"#,
    ),
    ("auth.delete_policy", r#"{"policy_id": "$policy"}"#),
    ("auth.get_clients", "{}"),
    ("auth.get_client", r#"{"client_id": "$server"}"#),
    (
        "auth.create_client",
        r#"{"name": "C", "project": "$project", "client_type": "confidential_client"}"#,
    ),
    ("auth.update_client", r#"{"client_id": "$server", "name": "Renamed"}"#),
    ("auth.delete_client", r#"{"client_id": "$server"}"#),
    ("auth.get_client_credentials", r#"{"client_id": "$server"}"#),
    (
        "auth.create_client_credential",
        r#"{"client_id": "$server", "name": "another"}"#,
    ),
    (
        "auth.delete_client_credential",
        r#"{"client_id": "$server", "credential_id": "$credential"}"#,
    ),
    ("auth.get_scopes", "{}"),
    ("auth.get_scope", r#"{"scope_id": "$scope"}"#),
    (
        "auth.create_scope",
        r#"{"client_id": "$server", "name": "S", "description": "Do it", "scope_suffix": "do_it"}"#,
    ),
    ("auth.update_scope", r#"{"scope_id": "$scope", "name": "Renamed"}"#),
    ("auth.delete_scope", r#"{"scope_id": "$scope"}"#),
    (
        "confidential_app_auth.create_child_client",
        r#"{"name": "Child", "client_type": "client_identity"}"#,
    ),
    ("auth.get_openid_configuration", "{}"),
    ("auth.get_jwk", "{}"),
    ("auth_login.get_openid_configuration", "{}"),
    ("auth_login.get_jwk", "{}"),
    ("native_app_auth.get_openid_configuration", "{}"),
    ("native_app_auth.get_jwk", "{}"),
    ("native_app_auth.oauth2_revoke_token", r#"{"token": "$token"}"#),
    ("confidential_app_auth.get_openid_configuration", "{}"),
    ("confidential_app_auth.get_jwk", "{}"),
    ("confidential_app_auth.oauth2_revoke_token", r#"{"token": "$token"}"#),
    (
        "confidential_app_auth.oauth2_token_introspect",
        r#"{"token": "$token"}"#,
    ),
    (
        "confidential_app_auth.oauth2_client_credentials_tokens",
        r#"{"requested_scopes": ["openid", "email"]}"#,
    ),
    (
        "native_app_auth.create_native_app_instance",
        r#"{"template_id": "95fdeba8-fac2-42bd-a357-e068d82ff78e", "name": "CLI"}"#,
    ),
    ("groups.get_my_groups", "{}"),
    (
        "groups.get_group",
        r#"{"group_id": "$group", "include": "memberships,my_memberships,policies,allowed_actions,child_ids"}"#,
    ),
    (
        "groups.get_group_by_subscription_id",
        r#"{"subscription_id": "$subscription"}"#,
    ),
    (
        "groups.create_group",
        r#"{"data": {"name": "New", "description": "A new group", "parent_id": null}}"#,
    ),
    (
        "groups.update_group",
        r#"{"group_id": "$group", "data": {"name": "Renamed"}}"#,
    ),
    ("groups.delete_group", r#"{"group_id": "$subgroup"}"#),
    ("groups.get_group_policies", r#"{"group_id": "$group"}"#),
    (
        "groups.set_group_policies",
        r#"{"group_id": "$group", "data": {"is_high_assurance": false, "group_visibility": "private",
        "group_members_visibility": "managers", "join_requests": true, "signup_fields": []}}"#,
    ),
    ("groups.get_identity_preferences", "{}"),
    (
        "groups.set_identity_preferences",
        r#"{"data": {"$alice": {"allow_add": false}}}"#,
    ),
    ("groups.get_membership_fields", r#"{"group_id": "$group"}"#),
    (
        "groups.set_membership_fields",
        r#"{"group_id": "$group", "data": {"$alice": {"institution": "Example"}}}"#,
    ),
    (
        "groups.batch_membership_action",
        r#"{"group_id": "$group", "actions": {"remove": [{"identity_id": "$bob"}]}}"#,
    ),
    (
        "groups_manager.create_group",
        r#"{"name": "New", "description": "A new group"}"#,
    ),
    (
        "groups_manager.approve_pending",
        r#"{"group_id": "$group", "identity_id": "$linked"}"#,
    ),
    (
        "groups_manager.change_role",
        r#"{"group_id": "$group", "identity_id": "$bob", "role": "admin"}"#,
    ),
    (
        "groups_manager.remove_member",
        r#"{"group_id": "$group", "identity_id": "$bob"}"#,
    ),
    (
        "groups_manager.set_group_policies",
        r#"{"group_id": "$group", "is_high_assurance": false, "group_visibility": "private",
        "group_members_visibility": "managers", "join_requests": true, "signup_fields": []}"#,
    ),
    (
        "groups_manager.accept_invite",
        r#"{"group_id": "$group", "identity_id": "$alice"}"#,
    ),
    (
        "groups_manager.add_member",
        r#"{"group_id": "$group", "identity_id": "$bob"}"#,
    ),
    (
        "groups_manager.decline_invite",
        r#"{"group_id": "$group", "identity_id": "$alice"}"#,
    ),
    (
        "groups_manager.invite_member",
        r#"{"group_id": "$group", "identity_id": "$bob"}"#,
    ),
    (
        "groups_manager.leave",
        r#"{"group_id": "$group", "identity_id": "$alice"}"#,
    ),
    (
        "groups_manager.reject_join_request",
        r#"{"group_id": "$group", "identity_id": "$linked"}"#,
    ),
    ("transfer.endpoint_search", r#"{"filter_scope": "my-endpoints"}"#),
    ("transfer.get_endpoint", r#"{"endpoint_id": "$collection"}"#),
    (
        "transfer.update_endpoint",
        r#"{"endpoint_id": "$collection", "data": {"description": "Laptop"}}"#,
    ),
    ("transfer.delete_endpoint", r#"{"endpoint_id": "$collection"}"#),
    (
        "transfer.operation_ls",
        r#"{"endpoint_id": "$collection", "path": "/"}"#,
    ),
    (
        "transfer.operation_stat",
        r#"{"endpoint_id": "$collection", "path": "/"}"#,
    ),
    (
        "transfer.operation_mkdir",
        r#"{"endpoint_id": "$collection", "path": "/new/"}"#,
    ),
    (
        "transfer.operation_rename",
        r#"{"endpoint_id": "$collection", "oldpath": "/file.txt", "newpath": "/renamed"}"#,
    ),
    ("transfer.get_submission_id", "{}"),
    (
        "transfer.submit_transfer",
        r#"{"data": {"DATA_TYPE": "transfer", "source_endpoint": "$collection", "destination_endpoint":
        "$collection", "DATA": [{"DATA_TYPE": "transfer_item", "source_path": "/file.txt", "destination_path": "/copy"}]}}"#,
    ),
    (
        "transfer.submit_delete",
        r#"{"data": {"DATA_TYPE": "delete", "endpoint": "$collection", "ignore_missing": true,
        "DATA": [{"DATA_TYPE": "delete_item", "path": "/a"}]}}"#,
    ),
    ("transfer.get_task", r#"{"task_id": "$transfer"}"#),
    ("transfer.task_list", r#"{"limit": 10}"#),
    (
        "transfer.update_task",
        r#"{"task_id": "$task", "data": {"DATA_TYPE": "task", "label": "Renamed"}}"#,
    ),
    ("transfer.cancel_task", r#"{"task_id": "$task"}"#),
    ("transfer.task_event_list", r#"{"task_id": "$transfer"}"#),
    ("transfer.task_successful_transfers", r#"{"task_id": "$transfer"}"#),
    ("transfer.task_skipped_errors", r#"{"task_id": "$task"}"#),
    ("transfer.task_pause_info", r#"{"task_id": "$task"}"#),
    (
        "transfer.task_wait",
        r#"{"task_id": "$task", "timeout": 1, "polling_interval": 1}"#,
    ),
    ("transfer.my_shared_endpoint_list", r#"{"endpoint_id": "$collection"}"#),
    ("transfer.get_shared_endpoint_list", r#"{"endpoint_id": "$collection"}"#),
    (
        "transfer.create_shared_endpoint",
        r#"{"data": {"DATA_TYPE": "shared_endpoint", "host_endpoint": "$collection", "host_path": "/",
        "display_name": "Shared"}}"#,
    ),
    ("transfer.endpoint_server_list", r#"{"endpoint_id": "$collection"}"#),
    (
        "transfer.get_endpoint_server",
        r#"{"endpoint_id": "$collection", "server_id": $host}"#,
    ),
    (
        "transfer.set_subscription_id",
        r#"{"collection_id": "$collection", "subscription_id": "$subscription"}"#,
    ),
    (
        "transfer.set_subscription_admin_verified",
        r#"{"collection_id": "$collection", "subscription_admin_verified": false}"#,
    ),
    ("transfer.endpoint_role_list", r#"{"endpoint_id": "$collection"}"#),
    (
        "transfer.add_endpoint_role",
        r#"{"endpoint_id": "$collection", "role_data": {"principal_type": "identity", "principal": "$bob",
        "role": "access_manager"}}"#,
    ),
    (
        "transfer.get_endpoint_role",
        r#"{"endpoint_id": "$collection", "role_id": "$role"}"#,
    ),
    (
        "transfer.delete_endpoint_role",
        r#"{"endpoint_id": "$collection", "role_id": "$role"}"#,
    ),
    ("transfer.endpoint_acl_list", r#"{"endpoint_id": "$guest"}"#),
    (
        "transfer.add_endpoint_acl_rule",
        r#"{"endpoint_id": "$guest", "rule_data": {"DATA_TYPE": "access", "principal_type": "identity",
        "principal": "$bob", "path": "/", "permissions": "rw"}}"#,
    ),
    (
        "transfer.get_endpoint_acl_rule",
        r#"{"endpoint_id": "$guest", "rule_id": "$rule"}"#,
    ),
    (
        "transfer.update_endpoint_acl_rule",
        r#"{"endpoint_id": "$guest", "rule_id": "$rule", "rule_data": {"permissions": "rw"}}"#,
    ),
    (
        "transfer.delete_endpoint_acl_rule",
        r#"{"endpoint_id": "$guest", "rule_id": "$rule"}"#,
    ),
    ("transfer.bookmark_list", "{}"),
    (
        "transfer.create_bookmark",
        r#"{"bookmark_data": {"name": "data", "endpoint_id": "$collection", "path": "/"}}"#,
    ),
    ("transfer.get_bookmark", r#"{"bookmark_id": "$bookmark"}"#),
    (
        "transfer.update_bookmark",
        r#"{"bookmark_id": "$bookmark", "bookmark_data": {"name": "renamed"}}"#,
    ),
    ("transfer.delete_bookmark", r#"{"bookmark_id": "$bookmark"}"#),
    (
        "transfer.my_effective_pause_rule_list",
        r#"{"endpoint_id": "$collection"}"#,
    ),
    ("transfer.endpoint_manager_monitored_endpoints", "{}"),
    (
        "transfer.endpoint_manager_get_endpoint",
        r#"{"endpoint_id": "$collection"}"#,
    ),
    (
        "transfer.endpoint_manager_hosted_endpoint_list",
        r#"{"endpoint_id": "$collection"}"#,
    ),
    ("transfer.endpoint_manager_acl_list", r#"{"endpoint_id": "$guest"}"#),
    (
        "transfer.endpoint_manager_task_list",
        r#"{"filter_status": ["ACTIVE"]}"#,
    ),
    ("transfer.endpoint_manager_get_task", r#"{"task_id": "$transfer"}"#),
    (
        "transfer.endpoint_manager_task_event_list",
        r#"{"task_id": "$transfer"}"#,
    ),
    (
        "transfer.endpoint_manager_task_pause_info",
        r#"{"task_id": "$transfer"}"#,
    ),
    (
        "transfer.endpoint_manager_task_successful_transfers",
        r#"{"task_id": "$transfer"}"#,
    ),
    (
        "transfer.endpoint_manager_task_skipped_errors",
        r#"{"task_id": "$transfer"}"#,
    ),
    (
        "transfer.endpoint_manager_cancel_tasks",
        r#"{"task_ids": ["$task"], "message": "Enough"}"#,
    ),
    (
        "transfer.endpoint_manager_cancel_status",
        r#"{"admin_cancel_id": "$cancellation"}"#,
    ),
    (
        "transfer.endpoint_manager_pause_tasks",
        r#"{"task_ids": ["$task"], "message": "Later"}"#,
    ),
    ("transfer.endpoint_manager_resume_tasks", r#"{"task_ids": ["$task"]}"#),
    ("transfer.endpoint_manager_pause_rule_list", "{}"),
    (
        "transfer.endpoint_manager_create_pause_rule",
        r#"{"data": {"DATA_TYPE": "pause_rule", "message": "Later", "endpoint_id": "$collection"}}"#,
    ),
    (
        "transfer.endpoint_manager_get_pause_rule",
        r#"{"pause_rule_id": "$pause_rule"}"#,
    ),
    (
        "transfer.endpoint_manager_update_pause_rule",
        r#"{"pause_rule_id": "$pause_rule", "data": {"message": "Now"}}"#,
    ),
    (
        "transfer.endpoint_manager_delete_pause_rule",
        r#"{"pause_rule_id": "$pause_rule"}"#,
    ),
    (
        "transfer.create_tunnel",
        r#"{"data": {"data": {"type": "Tunnel", "attributes": {}, "relationships": {
        "initiator": {"data": {"type": "StreamAccessPoint", "id": "$point"}},
        "listener": {"data": {"type": "StreamAccessPoint", "id": "$point"}}}}}}"#,
    ),
    ("transfer.list_tunnels", "{}"),
    ("transfer.get_tunnel", r#"{"tunnel_id": "$tunnel"}"#),
    ("transfer.get_tunnel_events", r#"{"tunnel_id": "$tunnel"}"#),
    (
        "transfer.update_tunnel",
        r#"{"tunnel_id": "$tunnel", "update_doc": {"data": {"type": "Tunnel", "attributes": {"label": "x"}}}}"#,
    ),
    ("transfer.delete_tunnel", r#"{"tunnel_id": "$closed"}"#),
    ("transfer.get_stream_access_point", r#"{"stream_ap_id": "$point"}"#),
    ("transfer_v2.list_tunnels", "{}"),
    ("transfer_v2.get_tunnel", r#"{"tunnel_id": "$tunnel"}"#),
    ("transfer_v2.get_tunnel_events", r#"{"tunnel_id": "$tunnel"}"#),
    (
        "transfer_v2.update_tunnel",
        r#"{"tunnel_id": "$tunnel", "update_doc": {"data": {"type": "Tunnel", "attributes": {"label": "x"}}}}"#,
    ),
    ("transfer_v2.delete_tunnel", r#"{"tunnel_id": "$closed"}"#),
    ("transfer_v2.list_stream_access_points", "{}"),
    ("transfer_v2.get_stream_access_point", r#"{"stream_ap_id": "$point"}"#),
    (
        "transfer_v2.create_tunnel",
        r#"{"data": {"data": {"type": "Tunnel", "attributes": {"submission_id": "$alice"}, "relationships": {
        "initiator": {"data": {"type": "StreamAccessPoint", "id": "$point"}},
        "listener": {"data": {"type": "StreamAccessPoint", "id": "$point"}}}}}}"#,
    ),
    ("transfer_v2.list_bookmarks", "{}"),
    (
        "transfer_v2.create_bookmark",
        r#"{"data": {"data": {"type": "Bookmark", "attributes": {"name": "data", "path": "/"},
        "relationships": {"collection": {"data": {"type": "Collection", "id": "$collection"}}}}}}"#,
    ),
    ("transfer_v2.get_bookmark", r#"{"bookmark_id": "$bookmark"}"#),
    (
        "transfer_v2.update_bookmark",
        r#"{"bookmark_id": "$bookmark", "update_document": {"data": {"type": "Bookmark",
        "attributes": {"name": "renamed", "path": "/"}}}}"#,
    ),
    ("transfer_v2.delete_bookmark", r#"{"bookmark_id": "$bookmark"}"#),
    ("flows.list_flows", "{}"),
    (
        "flows.create_flow",
        r#"{"title": "One step", "definition": {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}},
        "input_schema": {"type": "object"}}"#,
    ),
    ("flows.get_flow", r#"{"flow_id": "$flow"}"#),
    ("flows.update_flow", r#"{"flow_id": "$flow", "subtitle": "New"}"#),
    ("flows.delete_flow", r#"{"flow_id": "$flow"}"#),
    (
        "flows.validate_flow",
        r#"{"definition": {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}}"#,
    ),
    ("flows.list_runs", "{}"),
    ("flows.get_run", r#"{"run_id": "$run"}"#),
    ("flows.get_run_definition", r#"{"run_id": "$run"}"#),
    ("flows.get_run_logs", r#"{"run_id": "$run"}"#),
    ("flows.update_run", r#"{"run_id": "$run", "label": "Renamed"}"#),
    ("flows.cancel_run", r#"{"run_id": "$run"}"#),
    ("flows.delete_run", r#"{"run_id": "$ended"}"#),
    ("specific_flow.resume_run", r#"{"run_id": "$run"}"#),
    (
        "specific_flow.run_flow",
        r#"{"body": {"greeting": "hello"}, "label": "A run"}"#,
    ),
    (
        "groups_manager.join",
        r#"{"group_id": "$group", "identity_id": "$alice"}"#,
    ),
    ("gcs.get_gcs_info", "{}"),
    ("gcs.endpoint_client_id", "{}"),
    ("gcs.get_endpoint", "{}"),
    (
        "gcs.update_endpoint",
        r#"{"endpoint_data": {"DATA_TYPE": "endpoint#1.0.0", "description": "Disks"}, "include": "endpoint"}"#,
    ),
    ("gcs.get_collection_list", r#"{"filter": "mapped_collections"}"#),
    ("gcs.get_collection", r#"{"collection_id": "$mapped"}"#),
    (
        "gcs.create_collection",
        r#"{"collection_data": {"DATA_TYPE": "collection#1.0.0", "collection_type": "mapped", "display_name": "New",
        "storage_gateway_id": "$gateway", "collection_base_path": "/"}}"#,
    ),
    (
        "gcs.update_collection",
        r#"{"collection_id": "$mapped", "collection_data": {"DATA_TYPE": "collection#1.0.0", "description": "Old"}}"#,
    ),
    ("gcs.delete_collection", r#"{"collection_id": "$guest"}"#),
    ("gcs.get_storage_gateway_list", r#"{"include": "private_policies"}"#),
    (
        "gcs.create_storage_gateway",
        r#"{"data": {"DATA_TYPE": "storage_gateway#1.0.0", "display_name": "New",
        "connector_id": "145812c8-decc-41f1-83cf-bb2a85a2a70b"}}"#,
    ),
    ("gcs.get_storage_gateway", r#"{"storage_gateway_id": "$gateway"}"#),
    (
        "gcs.update_storage_gateway",
        r#"{"storage_gateway_id": "$gateway", "data": {"DATA_TYPE": "storage_gateway#1.0.0", "display_name": "Old"}}"#,
    ),
    ("gcs.delete_storage_gateway", r#"{"storage_gateway_id": "$store"}"#),
    ("gcs.get_role_list", r#"{"include": "all_roles"}"#),
    (
        "gcs.create_role",
        r#"{"data": {"DATA_TYPE": "role#1.0.0", "role": "activity_monitor",
        "principal": "urn:globus:auth:identity:b0b00000-5eed-4000-8000-000000000001"}}"#,
    ),
    ("gcs.get_role", r#"{"role_id": "$gcs_role"}"#),
    ("gcs.delete_role", r#"{"role_id": "$gcs_role"}"#),
    ("gcs.get_user_credential_list", "{}"),
    (
        "gcs.create_user_credential",
        r#"{"data": {"DATA_TYPE": "user_credential#1.0.0", "storage_gateway_id": "$gateway"}}"#,
    ),
    ("gcs.get_user_credential", r#"{"user_credential_id": "$keys"}"#),
    (
        "gcs.update_user_credential",
        r#"{"user_credential_id": "$keys", "data": {"DATA_TYPE": "user_credential#1.0.0", "display_name": "Mine"}}"#,
    ),
    ("gcs.delete_user_credential", r#"{"user_credential_id": "$keys"}"#),
    (
        "groups_manager.request_join",
        r#"{"group_id": "$group", "identity_id": "$alice"}"#,
    ),
    (
        "auth_login.oauth2_exchange_code_for_tokens",
        r#"{"auth_code": "not a code", "flow": $login}"#,
    ),
    (
        "groups.set_subscription_admin_verified",
        r#"{"group_id": "$group", "subscription_id": "$subscription"}"#,
    ),
    ("specific_flow.validate_run", r#"{"body": {"greeting": "hello"}}"#),
];

/// What the emulator rightly refuses: the status and the code, and why nothing better can be asked. Whatever else is refused
/// fails, and so does an entry that is not true any more.
pub(super) const REFUSED: &[(&str, u16, &str, &str)] = &[
    ("auth_login.oauth2_token", 401, "invalid_grant", NO_LOGIN),
    (
        "auth_login.oauth2_exchange_code_for_tokens",
        401,
        "invalid_grant",
        NO_LOGIN,
    ),
    ("auth_login.oauth2_refresh_token", 401, "invalid_grant", NO_LOGIN),
    (
        "native_app_auth.oauth2_token",
        400,
        "invalid_request",
        "the recorded form names no client",
    ),
    (
        "native_app_auth.oauth2_exchange_code_for_tokens",
        401,
        "invalid_client",
        NO_LOGIN,
    ),
    ("native_app_auth.oauth2_refresh_token", 401, "invalid_grant", NO_LOGIN),
    ("confidential_app_auth.oauth2_token", 401, "invalid_grant", NO_LOGIN),
    (
        "confidential_app_auth.oauth2_exchange_code_for_tokens",
        401,
        "invalid_grant",
        NO_LOGIN,
    ),
    (
        "confidential_app_auth.oauth2_refresh_token",
        401,
        "invalid_grant",
        NO_LOGIN,
    ),
    (
        "confidential_app_auth.oauth2_get_dependent_tokens",
        401,
        "invalid_grant",
        NO_LOGIN,
    ),
    (
        "groups.set_subscription_admin_verified",
        403,
        "FORBIDDEN",
        "only the subscription's administrators may, and Alice is none",
    ),
    (
        "groups_manager.join",
        403,
        "FORBIDDEN",
        "Alice is a member of each group that she may see",
    ),
    (
        "groups_manager.request_join",
        403,
        "FORBIDDEN",
        "Alice is a member of each group that she may see",
    ),
    (
        "specific_flow.resume_run",
        409,
        "STATE_CONFLICT",
        "the run waits for nothing",
    ),
];

/// Codes and tokens come out of logins, which are tested in `login.rs`.
const NO_LOGIN: &str = "the code or the token is none that the emulator gave";
