//! Documents as `serde_json::Value`.

use std::io;

use serde_json::{Value, json};

use super::bare::{self, FlowsPage};
use super::{COLLECTION, paths};
use crate::error::Result;

pub(super) struct Documents;

impl bare::Documents for Documents {
    fn groups(body: &[u8], out: &mut dyn io::Write) -> Result<usize> {
        let groups: Value = serde_json::from_slice(body)?;
        let groups = groups.as_array().ok_or("no list of groups")?;
        for group in groups {
            writeln!(out, "{} {}", text(&group["id"]), text(&group["name"]))?;
        }
        Ok(groups.len())
    }

    fn flows(body: &[u8]) -> Result<FlowsPage> {
        let page: Value = serde_json::from_slice(body)?;
        let flows = page["flows"].as_array().ok_or("no list of flows")?;
        Ok(FlowsPage {
            flows: flows.len(),
            titles: flows.iter().map(|flow| text(&flow["title"]).len()).sum(),
            marker: page["marker"].as_str().map(ToOwned::to_owned),
        })
    }

    fn listing(body: &[u8]) -> Result<usize> {
        let listing: Value = serde_json::from_slice(body)?;
        let entries = listing["DATA"].as_array().ok_or("no list of entries")?;
        Ok(entries.iter().filter(|entry| entry["name"].is_string()).count())
    }

    fn document(count: usize) -> Result<Vec<u8>> {
        let item = |item| {
            let (source, destination) = paths(item);
            json!({
                "DATA_TYPE": "transfer_item",
                "source_path": source,
                "destination_path": destination,
                "recursive": false,
            })
        };
        let document = json!({
            "DATA_TYPE": "transfer",
            "source_endpoint": COLLECTION,
            "destination_endpoint": COLLECTION,
            "submission_id": COLLECTION,
            "DATA": (0..count).map(item).collect::<Vec<_>>(),
        });
        Ok(serde_json::to_vec(&document)?)
    }

    fn token(body: &[u8]) -> Result<String> {
        let answer: Value = serde_json::from_slice(body)?;
        Ok(text(&answer["access_token"]).to_owned())
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
