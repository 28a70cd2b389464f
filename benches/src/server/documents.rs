//! The answers, as the services write them.

use std::fmt::Write as _;

/// Flows on a page.
const PAGE: usize = 100;

/// Pages of flows.
const PAGES: usize = 100;

const ID: &str = "6c54cade-bde5-45c1-bdea-f4bd71dba2cc";

/// A list of groups, about 800 bytes each.
pub(super) fn groups(count: usize) -> String {
    let group = |row: usize| {
        format!(
            "{{\"id\":\"{}\",\"name\":\"Group number {row}\",\"description\":\"People who work with the data of \
             instrument {row} and its calibration\",\"parent_id\":null,\"group_type\":\"regular\",\
             \"enforce_session\":false,\"session_limit\":28800,\"session_timeouts\":{{}},\"my_memberships\":[{{\
             \"group_id\":\"{}\",\"identity_id\":\"{ID}\",\"username\":\"alice@example.org\",\"role\":\"member\",\
             \"status\":\"active\",\"status_reason\":null,\"invite_email_address\":null,\"invite_time\":null,\
             \"updated\":\"2026-01-01T00:00:00.000000+00:00\",\"membership_fields\":{{}}}}],\"subscription_id\":null,\
             \"subscription_info\":null,\"terms_and_conditions\":null}}",
            id(row),
            id(row)
        )
    };
    list((0..count).map(group))
}

/// A page of flows, about 1.5 kB each.
pub(super) fn flows(page: usize) -> String {
    let flow = |row: usize| {
        format!(
            "{{\"id\":\"{}\",\"title\":\"Flow number {row}\",\"subtitle\":\"\",\"description\":\"Copies what the \
             instrument wrote and tells people about it\",\"keywords\":[\"copy\",\"instrument\"],\"definition\":{{\
             \"StartAt\":\"Copy\",\"States\":{{\"Copy\":{{\"Type\":\"Action\",\"ActionUrl\":\
             \"https://transfer.actions.globus.org/transfer\",\"Parameters\":{{\"source.$\":\"$.source\"}},\
             \"ResultPath\":\"$.Copied\",\"End\":true}}}}}},\"input_schema\":{{\"type\":\"object\",\"required\":\
             [\"source\"],\"properties\":{{\"source\":{{\"type\":\"string\"}}}}}},\"globus_auth_scope\":\
             \"https://auth.globus.org/scopes/{ID}/flow_user\",\"globus_auth_username\":\
             \"{ID}@clients.auth.globus.org\",\"principal_urn\":\"urn:globus:auth:identity:{ID}\",\"flow_owner\":\
             \"urn:globus:auth:identity:{ID}\",\"flow_viewers\":[\"public\"],\"flow_starters\":\
             [\"all_authenticated_users\"],\"flow_administrators\":[],\"run_managers\":[],\"run_monitors\":[],\
             \"user_role\":\"flow_viewer\",\"created_at\":\"2026-01-01T00:00:00.000000+00:00\",\"updated_at\":\
             \"2026-01-01T00:00:00.000000+00:00\",\"created_by\":\"urn:globus:auth:identity:{ID}\",\"synchronous\":\
             false,\"types\":[\"Action\"],\"log_supported\":true,\"api_version\":\"1.0\",\"action_url\":\
             \"https://flows.globus.org/flows/{ID}\",\"subscription_id\":null,\"authentication_policy_id\":null}}",
            id(row)
        )
    };
    let rows = list((page * PAGE..(page + 1) * PAGE).map(flow));
    let marker = if page + 1 < PAGES {
        format!("\"{}\"", page + 1)
    } else {
        "null".to_owned()
    };
    let more = page + 1 < PAGES;
    format!("{{\"flows\":{rows},\"limit\":{PAGE},\"has_next_page\":{more},\"marker\":{marker}}}")
}

/// A folder, about 280 bytes for each entry.
pub(super) fn listing(count: usize) -> String {
    let entry = |row: usize| {
        format!(
            "{{\"DATA_TYPE\":\"file\",\"group\":\"users\",\"last_modified\":\"2026-01-01 00:00:00+00:00\",\
             \"link_group\":null,\"link_last_modified\":null,\"link_size\":null,\"link_target\":null,\
             \"link_user\":null,\"name\":\"run-{row:07}-calibrated.dat\",\"permissions\":\"0644\",\"size\":{},\
             \"type\":\"file\",\"user\":\"alice\"}}",
            row * 1024
        )
    };
    let rows = list((0..count).map(entry));
    format!(
        "{{\"DATA_TYPE\":\"file_list\",\"absolute_path\":\"/home/alice/\",\"endpoint\":\"{ID}\",\"length\":{count},\
         \"path\":\"/~/\",\"rename_supported\":true,\"symlink_supported\":true,\"total\":{count},\"DATA\":{rows}}}"
    )
}

/// The answer of a token request.
pub(super) fn token(access_token: &str, refresh_token: Option<&str>) -> String {
    let refresh_token = refresh_token.map_or_else(String::new, |token| format!("\"refresh_token\":\"{token}\","));
    format!(
        "{{\"access_token\":\"{access_token}\",{refresh_token}\"scope\":\
         \"urn:globus:auth:scope:groups.api.globus.org:view_my_groups_and_memberships\",\"expires_in\":172800,\
         \"token_type\":\"Bearer\",\"resource_server\":\"groups.api.globus.org\",\"state\":null,\"other_tokens\":[]}}"
    )
}

fn id(row: usize) -> String {
    format!("00000000-0000-4000-8000-{row:012}")
}

fn list(rows: impl Iterator<Item = String>) -> String {
    let mut out = String::from("[");
    for (row, text) in rows.enumerate() {
        let comma = if row == 0 { "" } else { "," };
        let _ = write!(out, "{comma}{text}");
    }
    out.push(']');
    out
}
