//! What the SDK does without any request.

use std::fmt::Write as _;

use globus_sdk::scopes::{self, Scope};
use globus_sdk::tokens::TokenStorageData;
use globus_sdk::{JsonTokenStorage, TokenStorage as _};

use super::ScopeShape;
use super::sdk::check;
use crate::error::Result;
use crate::measure::{Measured, Meter};

/// Stores one of eight tokens in a file and reads it back.
pub(super) async fn store_json(count: usize) -> Result<Measured> {
    let folder = tempfile::tempdir()?;
    let storage = JsonTokenStorage::new(folder.path().join("tokens.json"))?;
    let meter = Meter::start();
    for turn in 0..count {
        let server = format!("server-{}.example.org", turn % 8);
        let token = TokenStorageData::new(&server, "openid", format!("token-{turn}"), 2_000_000_000);
        storage
            .store_token_data_by_resource_server([(server.clone(), token)].into())
            .await?;
        let found = storage.get_token_data(&server).await?;
        check(usize::from(found.is_some()), 1)?;
    }
    Ok(meter.stop(count))
}

/// Reads scopes and writes them again.
pub(super) fn scopes(shape: ScopeShape, count: usize) -> Result<Measured> {
    let text = text(shape, count)?;
    let meter = Meter::start();
    let tree = scopes::parse(&text)?;
    let written = scopes::serialize(&tree)?;
    let nodes = nodes(&tree);
    drop(tree);
    check(written.len(), text.len())?;
    Ok(meter.stop(nodes))
}

fn text(shape: ScopeShape, count: usize) -> Result<String> {
    let mut text = String::new();
    match shape {
        ScopeShape::Wide | ScopeShape::Dependencies => {
            for scope in 0..count {
                let space = if scope == 0 { "" } else { " " };
                write!(text, "{space}urn:globus:auth:scope:example.org:scope_{scope:05}")?;
            }
            if shape == ScopeShape::Dependencies {
                text = format!("urn:globus:auth:scope:example.org:all[{text}]");
            }
        }
        ScopeShape::Chain => {
            for scope in 0..count {
                let open = if scope == 0 { "" } else { "[" };
                write!(text, "{open}urn:globus:auth:scope:example.org:scope_{scope:05}")?;
            }
            text.push_str(&"]".repeat(count.saturating_sub(1)));
        }
    }
    Ok(text)
}

/// Every scope of a tree.
fn nodes(tree: &[Scope]) -> usize {
    let mut waiting: Vec<&Scope> = tree.iter().collect();
    let mut nodes = 0;
    while let Some(scope) = waiting.pop() {
        nodes += 1;
        waiting.extend(scope.dependencies());
    }
    nodes
}
