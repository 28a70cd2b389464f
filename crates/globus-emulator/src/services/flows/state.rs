//! What Flows knows: flows and their runs.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::engine::disturbance::ActionFault;
use super::runs::Run;
use crate::seed::Seed;
use crate::services::auth::catalog::url_scope;
use crate::services::auth::state::{AuthState, CLIENT_PROVIDER, Identity};
use crate::state::{Kept, Table, Visit};

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
    #[serde(default)]
    pub(crate) subscription_id: Option<Uuid>,
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
    pub(crate) flows: Table<Uuid, Flow>,
    runs: Table<Uuid, Run>,
    /// When the runs that are at work go on.
    due: BTreeSet<(Timestamp, Uuid)>,
    /// Whether the step that is being carried out should have been before.
    pub(crate) late: bool,
    /// Whether a thread lets runs go on while nobody asks.
    pub(crate) has_pulse: bool,
    /// What is to go wrong with actions.
    pub(crate) faults: Kept<Vec<ActionFault>>,
}

impl FlowsState {
    /// The seeded flows; each is a resource server of its own.
    pub(crate) fn new(seed: &Seed, auth: &mut AuthState) -> Self {
        let mut state = Self {
            flows: Table::default(),
            runs: Table::default(),
            due: BTreeSet::new(),
            late: false,
            has_pulse: false,
            faults: Kept::default(),
        };
        for flow in &seed.flows {
            state.add(flow.clone(), auth);
        }
        state
    }

    /// Names all that is kept.
    pub(crate) fn visit(&mut self, see: Visit<'_>) {
        let Self {
            flows,
            runs,
            faults,
            // Found anew from the runs.
            due: _,
            late: _,
            has_pulse: _,
        } = self;
        see("flows/flows", flows);
        see("flows/runs", runs);
        see("flows/faults", faults);
    }

    /// Lets the runs go on that were loaded.
    pub(crate) fn loaded(&mut self) -> Result<(), String> {
        let ids: Vec<Uuid> = self.runs.keys().copied().collect();
        for id in ids {
            if let Some(run) = self.runs.quiet_mut(&id) {
                run.loaded()?;
                self.due.extend(run.due.map(|due| (due, id)));
            }
        }
        Ok(())
    }

    /// Adds a flow, with the identity as which it acts and the scope with which it is started.
    pub(crate) fn add(&mut self, flow: Flow, auth: &mut AuthState) {
        auth.add_scope(&flow.scope(), &flow.id.to_string(), flow.id);
        auth.add_identity(Identity {
            id: flow.id,
            username: format!("{}@clients.auth.globus.org", flow.id),
            name: Some(flow.title.clone()),
            email: None,
            organization: None,
            identity_provider: CLIENT_PROVIDER,
            status: "used".to_owned(),
            identity_type: "login".to_owned(),
            person: flow.id,
        });
        self.flows.insert(flow.id, flow);
    }

    /// Removes a flow and its scope; its runs stay.
    pub(crate) fn remove(&mut self, id: Uuid, auth: &mut AuthState) -> Option<Flow> {
        let flow = self.flows.remove(&id)?;
        auth.scopes.remove(&flow.scope());
        Some(flow)
    }

    pub(crate) fn runs(&self) -> impl Iterator<Item = &Run> {
        self.runs.values()
    }

    pub(crate) fn run(&self, id: Uuid) -> Option<&Run> {
        self.runs.get(&id)
    }

    /// Takes a run out, to change or to forget it.
    pub(crate) fn take(&mut self, id: Uuid) -> Option<Run> {
        let run = self.runs.remove(&id)?;
        if let Some(due) = run.due {
            self.due.remove(&(due, id));
        }
        Some(run)
    }

    /// Keeps a run, new or changed.
    pub(crate) fn keep(&mut self, run: Run) {
        if let Some(due) = run.due {
            self.due.insert((due, run.id));
        }
        self.runs.insert(run.id, run);
    }

    /// The tasks of the runs whose time has come.
    pub(crate) fn tasks_due(&self, now: Timestamp) -> BTreeSet<Uuid> {
        let due = self.due.iter().take_while(|(at, _)| *at <= now);
        due.filter_map(|(_, id)| self.runs.get(id)?.task()).collect()
    }

    /// When the next run goes on.
    pub(crate) fn next_due(&self) -> Option<Timestamp> {
        self.due.first().map(|(at, _)| *at)
    }

    /// Takes out the run that is next to go on, if its time has come, and says when that was.
    pub(crate) fn next(&mut self, now: Timestamp) -> Option<(Timestamp, Run)> {
        let &(at, id) = self.due.first().filter(|(at, _)| *at <= now)?;
        self.take(id).map(|run| (at, run))
    }
}
