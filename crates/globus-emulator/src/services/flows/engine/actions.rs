//! Actions: the providers that the emulator plays, and how far one of their actions is.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::transfer::{self, Operation};
use super::{hello, later};
use crate::services::auth::catalog::url_scope;
use crate::services::flows::definition::ActionState;
use crate::services::flows::runs::Run;
use crate::services::transfer::access::ALL;
use crate::world::World;

/// What an action provider does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Provider {
    HelloWorld,
    Transfer {
        operation: Operation,
        /// Called with a token for Transfer, instead of one of its own.
        direct: bool,
    },
}

impl Provider {
    /// The provider at an address.
    pub(crate) fn at(url: &str) -> Option<Self> {
        let url = url.trim_end_matches('/');
        if url == "https://actions.globus.org/hello_world" {
            return Some(Self::HelloWorld);
        }
        let own = url.strip_prefix("https://actions.globus.org/transfer/");
        let name = own.or_else(|| url.strip_prefix("https://transfer.actions.globus.org/"))?;
        let operation = Operation::ALL
            .into_iter()
            .find(|operation| operation.as_str() == name)?;
        let direct = own.is_none();
        Some(Self::Transfer { operation, direct })
    }

    /// The scope with which a flow calls it.
    pub(crate) fn scope(self) -> String {
        match self {
            Self::HelloWorld => url_scope("actions.globus.org", "hello_world"),
            Self::Transfer { direct: true, .. } => ALL.to_owned(),
            Self::Transfer { operation, .. } => {
                url_scope("actions.globus.org", &format!("transfer/{}", operation.as_str()))
            }
        }
    }
}

/// How far an action is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Progress {
    /// At work, and when it will be worth looking at it, if that is known.
    Active(Option<Timestamp>),
    Inactive,
    Succeeded,
    Failed,
}

impl Progress {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Active(_) => "ACTIVE",
            Self::Inactive => "INACTIVE",
            Self::Succeeded => "SUCCEEDED",
            Self::Failed => "FAILED",
        }
    }
}

/// An action of a provider, for a run.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Action {
    pub(crate) id: String,
    pub(crate) provider: Provider,
    /// Who does it.
    pub(crate) creator: Uuid,
    pub(crate) input: Value,
    pub(crate) start_time: Timestamp,
    pub(crate) completion_time: Option<Timestamp>,
    /// When the run gives up on it.
    pub(crate) deadline: Timestamp,
    pub(crate) progress: Progress,
    pub(crate) details: Value,
    /// The task that does it, of one of Transfer's.
    pub(crate) task: Option<Uuid>,
    /// Until when it does nothing, because a test wants it so.
    #[serde(default)]
    pub(crate) idle_until: Option<Timestamp>,
}

impl Action {
    /// An action that has not been driven yet, or why there can be none.
    pub(crate) fn new(
        world: &mut World,
        run: &Run,
        told: &ActionState,
        input: Value,
        at: Timestamp,
    ) -> Result<Self, String> {
        let provider = Provider::at(&told.url);
        let provider = provider.ok_or_else(|| format!("The emulator has no action provider at {}", told.url))?;
        let creator = match told.run_as.as_str() {
            "User" => run.owner,
            "Flow" => run.flow_id,
            other => return Err(format!("Nobody gave the run a token for the role '{other}'")),
        };
        Ok(Self {
            id: world.ids.action(),
            provider,
            creator,
            input,
            start_time: at,
            completion_time: None,
            deadline: later(at, told.wait_time),
            progress: Progress::Active(None),
            details: Value::Null,
            task: None,
            idle_until: None,
        })
    }

    /// Finds out how far it is; an error says why it cannot be done at all.
    pub(crate) fn drive(&mut self, world: &mut World, run: &Run, at: Timestamp) -> Result<(), String> {
        match self.provider {
            Provider::HelloWorld => hello::drive(self, world, run, at)?,
            Provider::Transfer { operation, .. } => transfer::drive(operation, self, world, run, at)?,
        }
        if matches!(self.progress, Progress::Succeeded | Progress::Failed) {
            self.completion_time = Some(at);
        }
        Ok(())
    }

    /// Stops it. Hello World only sleeps.
    pub(crate) fn cancel(&mut self, world: &World) {
        transfer::cancel(self, world);
    }

    /// Waits for consents, to scopes below the provider's own.
    pub(crate) fn wants_consent(&mut self, run: &Run, scopes: &[&str]) {
        let own = self.provider.scope();
        // A provider that is called with another service's token has no scope between that and the flow's.
        let below: Vec<String> = scopes
            .iter()
            .map(|scope| {
                if scope.starts_with(&format!("{own}[")) {
                    (*scope).to_owned()
                } else {
                    format!("{own}[{scope}]")
                }
            })
            .collect();
        self.progress = Progress::Inactive;
        self.details = json!({
            "code": "ConsentRequired",
            "required_scope": format!("{}[{}]", run.scope, below.join(" ")),
        });
    }
}

/// Whether somebody has allowed a flow, in whichever depth, to use a scope.
pub(crate) fn has_consent(world: &World, run: &Run, scope: &str) -> bool {
    world
        .auth
        .consents
        .rows()
        .any(|row| row.scope_name == scope && run.consents.contains(&row.root()))
}
