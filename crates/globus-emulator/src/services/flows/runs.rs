//! Runs of flows: what they are, how far they are, and what they have written down.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::definition::Definition;
use super::engine::actions::Action;
use super::state::Flow;
use super::validation::{Place, Problems};
use crate::clock::micros;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Status {
    Active,
    /// It waits for somebody to do something about it.
    Inactive,
    Succeeded,
    Failed,
}

impl Status {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Active => "ACTIVE",
            Self::Inactive => "INACTIVE",
            Self::Succeeded => "SUCCEEDED",
            Self::Failed => "FAILED",
        }
    }

    /// Whether it stays so.
    pub(crate) fn is_final(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed)
    }
}

/// What somebody wrote down about a run.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Notes {
    pub(crate) label: Option<String>,
    pub(crate) tags: Vec<String>,
    pub(crate) run_managers: Vec<String>,
    pub(crate) run_monitors: Vec<String>,
}

/// An entry of a run's log.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub(crate) time: Timestamp,
    pub(crate) code: String,
    pub(crate) description: String,
    pub(crate) details: Value,
}

impl Entry {
    pub(crate) fn document(&self) -> Value {
        json!({
            "time": micros(self.time),
            "code": self.code,
            "description": self.description,
            "details": self.details,
        })
    }
}

/// What a run does when it goes on.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Stage {
    /// A state begins.
    Enter(String),
    /// A wait is over.
    Waiting(String),
    /// An action is looked at.
    Acting(String, Box<Action>),
    /// Nothing more.
    Over,
}

/// A run of a flow.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Run {
    pub(crate) id: Uuid,
    pub(crate) flow_id: Uuid,
    pub(crate) flow_title: String,
    pub(crate) flow_last_updated: String,
    /// The scope of the flow.
    pub(crate) scope: String,
    /// Read anew from what was written.
    #[serde(skip)]
    pub(crate) definition: Arc<Definition>,
    /// The definition and the schema as they were written when the run began.
    pub(crate) written: Value,
    pub(crate) input_schema: Value,
    /// Who started it.
    pub(crate) owner: Uuid,
    /// The consents behind the token with which it was started or resumed.
    pub(crate) consents: Vec<u64>,
    pub(crate) notes: Notes,
    pub(crate) status: Status,
    pub(crate) details: Value,
    pub(crate) start_time: Timestamp,
    pub(crate) completion_time: Option<Timestamp>,
    pub(crate) log: Vec<Entry>,
    /// The state that its states share.
    pub(crate) state: Value,
    pub(crate) stage: Stage,
    /// When it goes on; never, unless it is at work.
    pub(crate) due: Option<Timestamp>,
    /// How many times it has gone on.
    pub(crate) steps: usize,
}

impl Run {
    /// A run of a flow that has not begun.
    pub(crate) fn new(id: Uuid, flow: Flow, definition: Definition, owner: Uuid, now: Timestamp) -> Self {
        Self {
            id,
            flow_id: flow.id,
            scope: flow.scope(),
            flow_title: flow.title,
            flow_last_updated: flow.updated_at,
            definition: Arc::new(definition),
            written: flow.definition,
            input_schema: flow.input_schema,
            owner,
            consents: Vec::new(),
            notes: Notes::default(),
            status: Status::Active,
            details: Value::Null,
            start_time: now,
            completion_time: None,
            log: Vec::new(),
            state: json!({}),
            stage: Stage::Over,
            due: None,
            steps: 0,
        }
    }

    /// Reads the definition of a run that was loaded.
    pub(crate) fn loaded(&mut self) -> Result<(), String> {
        let mut problems = Problems::default();
        let definition = Definition::parse(&self.written, Place::Root, &mut problems);
        let definition = definition.ok_or_else(|| format!("the definition of the run {} is not readable", self.id))?;
        self.definition = Arc::new(definition);
        Ok(())
    }

    /// The task of the action that is at work.
    pub(crate) fn task(&self) -> Option<Uuid> {
        match &self.stage {
            Stage::Acting(_, action) => action.task,
            _ => None,
        }
    }

    pub(crate) fn owner_urn(&self) -> String {
        format!("urn:globus:auth:identity:{}", self.owner)
    }

    /// Writes an entry into the log, which also is what the run tells of itself until the next.
    pub(crate) fn note(&mut self, time: Timestamp, code: impl Into<String>, description: String, details: Value) {
        let entry = Entry {
            time,
            code: code.into(),
            description,
            details,
        };
        self.details = entry.document();
        self.log.push(entry);
    }
}
