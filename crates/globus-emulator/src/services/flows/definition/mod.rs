//! Definitions of flows: states, and how one leads to another. Reading one is checking it.
//! <https://docs.globus.org/api/flows/authoring-flows/>

pub(crate) mod path;
pub(crate) mod rules;
mod states;
mod template;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde_json::Value;

use super::validation::{Place, Problems, Reader};
use path::Path;
use rules::Rule;
use template::Parameters;

/// A definition in which all is well.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Definition {
    pub(crate) start_at: String,
    pub(crate) states: BTreeMap<String, State>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct State {
    pub(crate) kind: Kind,
    pub(crate) input: Input,
    /// Where in the state of the run the result goes.
    pub(crate) result_path: Path,
    /// The state that follows; without one the run ends here.
    pub(crate) next: Option<String>,
}

/// What a state's input is made of.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Input {
    Path(Path, String),
    Parameters(Parameters),
}

impl Input {
    pub(crate) fn read(&self, state: &Value) -> Result<Value, String> {
        match self {
            Self::Path(path, text) => path.get(state).ok_or_else(|| format!("there is nothing at '{text}'")),
            Self::Parameters(parameters) => parameters.fill(state),
        }
    }

    /// What logs show of an input.
    pub(crate) fn public(&self, input: &Value) -> Value {
        match self {
            Self::Path(..) => input.clone(),
            Self::Parameters(parameters) => parameters.public(input),
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Kind {
    Action(ActionState),
    Choice {
        choices: Vec<(Rule, String)>,
        default: Option<String>,
    },
    ExpressionEval,
    Fail {
        error: String,
        cause: String,
    },
    Pass,
    Wait(Until),
}

impl Kind {
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Action(_) => "Action",
            Self::Choice { .. } => "Choice",
            Self::ExpressionEval => "ExpressionEval",
            Self::Fail { .. } => "Fail",
            Self::Pass => "Pass",
            Self::Wait(_) => "Wait",
        }
    }
}

/// Work that an action provider does.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ActionState {
    pub(crate) url: String,
    pub(crate) scope: Option<String>,
    /// Seconds until the flow gives up on it.
    pub(crate) wait_time: f64,
    /// Whether an action that fails is an error.
    pub(crate) raises: bool,
    pub(crate) run_as: String,
    pub(crate) catch: Vec<Catch>,
}

/// What follows an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Catch {
    pub(crate) errors: Vec<String>,
    pub(crate) result_path: Path,
    pub(crate) next: String,
}

/// How long to wait.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Until {
    Seconds(f64),
    SecondsPath(Path),
    Timestamp(Timestamp),
    TimestampPath(Path),
}

impl Definition {
    /// Reads a definition and says all that is wrong about it.
    pub(crate) fn parse(value: &Value, place: Place<'_>, problems: &mut Problems) -> Option<Self> {
        let Some(map) = value.as_object() else {
            problems.push(&place, "type_error.dict", "value is not a valid dict");
            return None;
        };
        let mut reader = Reader::new(map, place);
        reader.get("Comment");
        reader.required("StartAt", problems);
        reader.required("States", problems);
        let start_at = reader.text("StartAt", problems).map(str::to_owned);
        let rows = reader.object("States", problems);
        reader.finish(problems);
        let (start_at, rows) = start_at.zip(rows)?;
        let place_of_states = place.key("States");
        let mut states = BTreeMap::new();
        for (name, value) in rows {
            let place = place_of_states.key(name);
            let state = State::parse(value, place, problems);
            states.extend(state.map(|state| (name.clone(), state)));
        }
        if !rows.contains_key(&start_at) {
            let message = format!("'StartAt' names '{start_at}', and there is no such state");
            problems.wrong(&place.key("StartAt"), message);
        }
        for (name, state) in &states {
            for target in state.targets().filter(|target| !rows.contains_key(*target)) {
                let message = format!("The state leads to '{target}', and there is no such state");
                problems.wrong(&place_of_states.key(name), message);
            }
        }
        let definition = Self { start_at, states };
        // Where a state could not be read, nobody knows where it leads.
        if definition.states.len() == rows.len() && rows.contains_key(&definition.start_at) {
            let reached = definition.reached();
            for name in definition.states.keys().filter(|name| !reached.contains(name.as_str())) {
                let message = "No state leads here, and 'StartAt' does not name it";
                problems.wrong(&place_of_states.key(name), message);
            }
        }
        Some(definition)
    }

    /// The states to which some way leads from the first.
    fn reached(&self) -> BTreeSet<&str> {
        let mut reached = BTreeSet::new();
        let mut todo = vec![self.start_at.as_str()];
        while let Some(name) = todo.pop() {
            if let Some(state) = self.states.get(name)
                && reached.insert(name)
            {
                todo.extend(state.targets());
            }
        }
        reached
    }

    /// The states that are actions.
    pub(crate) fn actions(&self) -> impl Iterator<Item = &ActionState> {
        self.states.values().filter_map(|state| match &state.kind {
            Kind::Action(action) => Some(action),
            _ => None,
        })
    }
}

impl State {
    /// The states that may follow.
    fn targets(&self) -> impl Iterator<Item = &str> {
        let mut targets: Vec<&str> = self.next.iter().map(String::as_str).collect();
        match &self.kind {
            Kind::Action(action) => targets.extend(action.catch.iter().map(|catch| catch.next.as_str())),
            Kind::Choice { choices, default } => {
                targets.extend(choices.iter().map(|(_, next)| next.as_str()));
                targets.extend(default.as_deref());
            }
            _ => {}
        }
        targets.into_iter()
    }
}
