//! What Flows knows: flows.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::seed::Seed;
use crate::services::auth::catalog::url_scope;
use crate::services::auth::state::AuthState;

/// A flow.
#[allow(clippy::struct_field_names, reason = "the names on the wire")]
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Flow {
    pub(crate) id: Uuid,
    pub(crate) title: String,
    #[serde(default)]
    pub(crate) subtitle: String,
    #[serde(default)]
    pub(crate) description: String,
    #[serde(default)]
    pub(crate) keywords: Vec<String>,
    pub(crate) definition: Value,
    #[serde(default = "anything")]
    pub(crate) input_schema: Value,
    pub(crate) flow_owner: Uuid,
    #[serde(default)]
    pub(crate) flow_viewers: Vec<String>,
    #[serde(default)]
    pub(crate) flow_starters: Vec<String>,
    #[serde(default)]
    pub(crate) flow_administrators: Vec<String>,
    #[serde(default)]
    pub(crate) run_managers: Vec<String>,
    #[serde(default)]
    pub(crate) run_monitors: Vec<String>,
    pub(crate) created_at: String,
    pub(crate) updated_at: String,
}

fn anything() -> Value {
    Value::Object(serde_json::Map::new())
}

impl Flow {
    /// The scope that a token must have to run the flow.
    pub(crate) fn scope(&self) -> String {
        let suffix = format!("flow_{}_user", self.id.to_string().replace('-', "_"));
        url_scope(self.id, &suffix)
    }
}

/// The state of Flows.
#[derive(Debug)]
pub(crate) struct FlowsState {
    pub(crate) flows: BTreeMap<Uuid, Flow>,
}

impl FlowsState {
    /// The seeded flows; each is a resource server of its own.
    pub(crate) fn new(seed: &Seed, auth: &mut AuthState) -> Self {
        for flow in &seed.flows {
            auth.add_scope(&flow.scope(), &flow.id.to_string(), flow.id);
        }
        let flows = seed.flows.iter().map(|flow| (flow.id, flow.clone()));
        Self { flows: flows.collect() }
    }
}
