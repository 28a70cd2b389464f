//! Documents as plain structs that hold what the documents hold.
#![expect(clippy::struct_field_names, reason = "the services name them")]

use std::io;

use serde::{Deserialize, Serialize};

use super::bare::{self, FlowsPage};
use super::{COLLECTION, paths};
use crate::error::Result;

pub(super) struct Documents;

#[derive(Deserialize)]
#[expect(dead_code, reason = "what is decoded counts, whether it is used or not")]
struct Group {
    id: String,
    name: String,
    description: Option<String>,
    parent_id: Option<String>,
    group_type: Option<String>,
    enforce_session: Option<bool>,
    session_limit: Option<u64>,
    my_memberships: Option<Vec<Membership>>,
    subscription_id: Option<String>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "what is decoded counts, whether it is used or not")]
struct Membership {
    group_id: Option<String>,
    identity_id: Option<String>,
    username: Option<String>,
    role: Option<String>,
    status: Option<String>,
}

#[derive(Deserialize)]
struct Page {
    flows: Vec<Flow>,
    marker: Option<String>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "what is decoded counts, whether it is used or not")]
struct Flow {
    id: String,
    title: String,
    subtitle: Option<String>,
    description: Option<String>,
    keywords: Option<Vec<String>>,
    definition: Option<serde_json::Value>,
    input_schema: Option<serde_json::Value>,
    globus_auth_scope: Option<String>,
    globus_auth_username: Option<String>,
    principal_urn: Option<String>,
    flow_owner: Option<String>,
    flow_viewers: Option<Vec<String>>,
    flow_starters: Option<Vec<String>>,
    flow_administrators: Option<Vec<String>>,
    run_managers: Option<Vec<String>>,
    run_monitors: Option<Vec<String>>,
    user_role: Option<String>,
    created_at: Option<String>,
    updated_at: Option<String>,
    created_by: Option<String>,
    synchronous: Option<bool>,
    types: Option<Vec<String>>,
    log_supported: Option<bool>,
    api_version: Option<String>,
    action_url: Option<String>,
    subscription_id: Option<String>,
    authentication_policy_id: Option<String>,
}

#[derive(Deserialize)]
struct Listing {
    #[serde(rename = "DATA")]
    data: Vec<Entry>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "what is decoded counts, whether it is used or not")]
struct Entry {
    name: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    size: Option<u64>,
    last_modified: Option<String>,
    permissions: Option<String>,
    user: Option<String>,
    group: Option<String>,
    link_target: Option<String>,
}

#[derive(Serialize)]
struct Transfer {
    #[serde(rename = "DATA_TYPE")]
    data_type: &'static str,
    source_endpoint: &'static str,
    destination_endpoint: &'static str,
    submission_id: &'static str,
    #[serde(rename = "DATA")]
    data: Vec<Item>,
}

#[derive(Serialize)]
struct Item {
    #[serde(rename = "DATA_TYPE")]
    data_type: &'static str,
    source_path: String,
    destination_path: String,
    recursive: bool,
}

#[derive(Deserialize)]
struct Token {
    access_token: String,
}

impl bare::Documents for Documents {
    fn groups(body: &[u8], out: &mut dyn io::Write) -> Result<usize> {
        let groups: Vec<Group> = serde_json::from_slice(body)?;
        for group in &groups {
            writeln!(out, "{} {}", group.id, group.name)?;
        }
        Ok(groups.len())
    }

    fn flows(body: &[u8]) -> Result<FlowsPage> {
        let page: Page = serde_json::from_slice(body)?;
        Ok(FlowsPage {
            flows: page.flows.len(),
            titles: page.flows.iter().map(|flow| flow.title.len()).sum(),
            marker: page.marker,
        })
    }

    fn listing(body: &[u8]) -> Result<usize> {
        let listing: Listing = serde_json::from_slice(body)?;
        Ok(listing.data.iter().filter(|entry| entry.name.is_some()).count())
    }

    fn document(count: usize) -> Result<Vec<u8>> {
        let item = |item| {
            let (source_path, destination_path) = paths(item);
            Item {
                data_type: "transfer_item",
                source_path,
                destination_path,
                recursive: false,
            }
        };
        Ok(serde_json::to_vec(&Transfer {
            data_type: "transfer",
            source_endpoint: COLLECTION,
            destination_endpoint: COLLECTION,
            submission_id: COLLECTION,
            data: (0..count).map(item).collect(),
        })?)
    }

    fn token(body: &[u8]) -> Result<String> {
        Ok(serde_json::from_slice::<Token>(body)?.access_token)
    }
}
