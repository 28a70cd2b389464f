//! What makes runs go on: each at its time, one state after the other.
//!
//! Runs go on when the emulator is asked something, as far as they would have come by then. Each step happens at the time
//! at which it is due, however late it is carried out; so under a logical clock all runs are the same in every run.

pub(crate) mod actions;
pub(crate) mod disturbance;
mod hello;
#[cfg(test)]
mod tests;
mod transfer;

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::definition::path::Path;
use super::definition::{ActionState, Kind, State, Until, rules};
use super::documents;
use super::runs::{Run, Stage, Status};
use crate::services::auth::tokens::after;
use crate::world::World;
use actions::{Action, Progress};

/// How long it takes to get from one state to the next.
const STEP: SignedDuration = SignedDuration::from_millis(10);
/// How often an action is looked at that does not say when it will be done.
const POLL: SignedDuration = SignedDuration::from_secs(1);
/// A step that comes later than this makes up for it: it waits for the work that its time would have sufficed for.
const LATE: Duration = Duration::from_millis(500);
/// A run that has gone on as often goes in circles.
const MOST_STEPS: usize = 10_000;
/// The largest state of a run, in bytes of JSON.
const LARGEST_STATE: usize = 200_000;

/// An error that a state ran into.
#[derive(Debug)]
struct Failure {
    error: String,
    cause: String,
}

impl Failure {
    /// One that nothing catches.
    fn runtime(cause: String) -> Self {
        Self {
            error: "States.Runtime".to_owned(),
            cause,
        }
    }
}

/// Lets all runs go on that are due. With patience, what is late waits for a task, once and for a moment.
pub(crate) fn settle(world: &mut World, mut patience: bool) {
    let now = world.time.now();
    while let Some((at, mut run)) = world.flows.next(now) {
        // What the step does elsewhere happens at its time too.
        let behind = Duration::try_from(now.duration_since(at)).unwrap_or_default();
        let late = patience && (world.time.is_logical() || behind > LATE);
        world.flows.late = late;
        world.time.retreat(behind);
        step(world, &mut run, at);
        world.time.advance(behind);
        patience &= world.flows.late == late;
        world.flows.keep(run);
    }
}

/// Begins a run.
pub(crate) fn start(run: &mut Run, now: Timestamp) {
    let input = json!({"input": run.state});
    run.note(
        now,
        "FlowStarted",
        "The Flow Instance started execution".to_owned(),
        input.clone(),
    );
    run.details = json!({
        "code": "FlowStarting",
        "description": "The Flow is starting execution",
        "details": input,
    });
    run.stage = Stage::Enter(run.definition.start_at.clone());
    run.due = Some(after(now, STEP));
}

/// Ends a run because somebody wants it to end.
pub(crate) fn cancel(world: &mut World, run: &mut Run, now: Timestamp) {
    if let Stage::Acting(_, action) = &mut run.stage {
        action.cancel(world);
    }
    let description = "The Flow Instance was canceled by the user".to_owned();
    run.note(now, "FlowCanceled", description, json!({}));
    end(run, Status::Failed, now);
}

/// Lets a run go on that waits for somebody.
pub(crate) fn resume(run: &mut Run, now: Timestamp) {
    run.status = Status::Active;
    run.due = Some(after(now, STEP));
    run.note(
        now,
        "FlowResumed",
        "The Flow Instance was resumed by the user".to_owned(),
        json!({}),
    );
    let definition = Arc::clone(&run.definition);
    if let Stage::Acting(name, action) = &mut run.stage
        && let Some(state) = definition.states.get(name)
        && let Kind::Action(told) = &state.kind
    {
        action.deadline = later(now, told.wait_time);
    }
}

fn end(run: &mut Run, status: Status, at: Timestamp) {
    run.status = status;
    run.stage = Stage::Over;
    run.due = None;
    run.completion_time = Some(at);
}

fn fail(run: &mut Run, name: &str, failure: Failure, at: Timestamp) {
    let Failure { error, cause } = failure;
    let details = json!({"state_name": name, "error": {"code": error, "description": cause}});
    let description = format!("The Flow Instance failed in state {name}");
    run.note(at, "FlowFailed", description, details);
    end(run, Status::Failed, at);
}

/// A time some seconds later.
fn later(time: Timestamp, seconds: f64) -> Timestamp {
    let by = SignedDuration::try_from_secs_f64(seconds).unwrap_or(SignedDuration::MAX);
    after(time, by)
}

/// Lets a run go on once.
fn step(world: &mut World, run: &mut Run, at: Timestamp) {
    run.due = None;
    run.steps += 1;
    let definition = Arc::clone(&run.definition);
    let stage = std::mem::replace(&mut run.stage, Stage::Over);
    let (Stage::Enter(name) | Stage::Waiting(name) | Stage::Acting(name, _)) = &stage else {
        return;
    };
    let name = name.clone();
    if run.steps > MOST_STEPS {
        let cause = format!("The emulator ends runs that take more than {MOST_STEPS} steps");
        return fail(run, &name, Failure::runtime(cause), at);
    }
    let Some(state) = definition.states.get(&name) else {
        return fail(run, &name, Failure::runtime(format!("There is no state '{name}'")), at);
    };
    let gone_on = match stage {
        Stage::Enter(_) => enter(world, run, &name, state, at),
        Stage::Waiting(_) => {
            leave(run, &name, state, json!({}), at);
            proceed(run, state.next.as_deref(), at);
            Ok(())
        }
        Stage::Acting(_, action) => act(world, run, &name, state, action, at),
        Stage::Over => Ok(()),
    };
    if let Err(failure) = gone_on {
        catch(run, &name, state, failure, at);
    }
}

/// Writes down that a state begins.
fn arrive(run: &mut Run, name: &str, state: &State, mut details: Value, at: Timestamp) {
    let kind = state.kind.name();
    details["state_name"] = name.into();
    details["state_type"] = kind.into();
    run.note(
        at,
        format!("{kind}Started"),
        format!("State {name} of type {kind} started"),
        details,
    );
}

/// Writes down that a state is over.
fn leave(run: &mut Run, name: &str, state: &State, mut details: Value, at: Timestamp) {
    let kind = state.kind.name();
    details["state_name"] = name.into();
    details["state_type"] = kind.into();
    run.note(
        at,
        format!("{kind}Completed"),
        format!("State {name} of type {kind} completed"),
        details,
    );
}

/// Goes to a state, or to the end.
fn proceed(run: &mut Run, next: Option<&str>, at: Timestamp) {
    if let Some(next) = next {
        run.stage = Stage::Enter(next.to_owned());
        run.due = Some(after(at, STEP));
        return;
    }
    let output = run.state.clone();
    run.note(
        at,
        "FlowSucceeded",
        "The Flow Instance completed successfully".to_owned(),
        json!({"output": output}),
    );
    run.details = json!({
        "code": "FlowSucceeded",
        "description": "The Flow run reached a successful completion state",
        "output": output,
    });
    end(run, Status::Succeeded, at);
}

/// Puts a result into the state of the run.
fn store(run: &mut Run, path: &Path, result: Value) -> Result<(), Failure> {
    path.set(&mut run.state, result).map_err(Failure::runtime)?;
    let size = run.state.to_string().len();
    if size > LARGEST_STATE {
        let cause = format!("The state of the run has {size} bytes and may have {LARGEST_STATE}");
        return Err(Failure::runtime(cause));
    }
    Ok(())
}

fn enter(world: &mut World, run: &mut Run, name: &str, state: &State, at: Timestamp) -> Result<(), Failure> {
    let input = match state.input.read(&run.state) {
        Ok(input) => input,
        Err(cause) => {
            arrive(run, name, state, json!({}), at);
            return Err(Failure::runtime(cause));
        }
    };
    match &state.kind {
        Kind::Pass | Kind::ExpressionEval => {
            let shown = state.input.public(&input);
            arrive(run, name, state, json!({"input": shown}), at);
            store(run, &state.result_path, input)?;
            leave(run, name, state, json!({"output": shown}), at);
            proceed(run, state.next.as_deref(), at);
        }
        Kind::Choice { choices, default } => {
            arrive(run, name, state, json!({"input": input}), at);
            let mut next = None;
            for (rule, target) in choices {
                if rule.holds(&run.state).map_err(Failure::runtime)? {
                    next = Some(target);
                    break;
                }
            }
            let next = next.or(default.as_ref()).ok_or_else(|| Failure {
                error: "States.NoChoiceMatched".to_owned(),
                cause: format!("No choice of state '{name}' applies, and it has no default"),
            })?;
            leave(run, name, state, json!({"output": input}), at);
            proceed(run, Some(next), at);
        }
        Kind::Fail { error, cause } => {
            arrive(run, name, state, json!({"input": input}), at);
            let (error, cause) = (error.clone(), cause.clone());
            return Err(Failure { error, cause });
        }
        Kind::Wait(until) => {
            arrive(run, name, state, json!({}), at);
            run.due = Some(wake(until, &run.state, at)?.max(at));
            run.stage = Stage::Waiting(name.to_owned());
        }
        Kind::Action(told) => {
            arrive(run, name, state, json!({"input": state.input.public(&input)}), at);
            let action = Action::new(world, run, told, input, at).map_err(unable)?;
            return act(world, run, name, state, Box::new(action), at);
        }
    }
    Ok(())
}

fn unable(cause: String) -> Failure {
    Failure {
        error: "ActionUnableToRun".to_owned(),
        cause,
    }
}

/// When a wait that begins now is over.
fn wake(until: &Until, state: &Value, at: Timestamp) -> Result<Timestamp, Failure> {
    let found = match until {
        Until::Seconds(seconds) => Some(later(at, *seconds)),
        Until::Timestamp(time) => Some(*time),
        Until::SecondsPath(path) => path
            .get(state)
            .and_then(|value| value.as_f64())
            .filter(|seconds| *seconds >= 0.0)
            .map(|seconds| later(at, seconds)),
        Until::TimestampPath(path) => path.get(state).as_ref().and_then(rules::timestamp),
    };
    found.ok_or_else(|| Failure::runtime("What the state waits for is no time".to_owned()))
}

/// Looks at an action, and goes on when it is done.
fn act(
    world: &mut World,
    run: &mut Run,
    name: &str,
    state: &State,
    mut action: Box<Action>,
    at: Timestamp,
) -> Result<(), Failure> {
    let Kind::Action(told) = &state.kind else {
        return Ok(());
    };
    if !disturbance::strike(world, run, name, &mut action, at) {
        action.drive(world, run, at).map_err(unable)?;
    }
    match &action.progress {
        Progress::Active(_) if at >= action.deadline => {
            action.cancel(world);
            Err(Failure {
                error: "ActionTimeout".to_owned(),
                cause: format!("The action was not done after {} seconds", told.wait_time),
            })
        }
        Progress::Active(due) => {
            let due = due.unwrap_or_else(|| after(at, POLL));
            run.due = Some(due.min(action.deadline).max(after(at, SignedDuration::from_millis(1))));
            run.stage = Stage::Acting(name.to_owned(), action);
            Ok(())
        }
        Progress::Inactive => {
            stall(run, name, &action, at);
            run.stage = Stage::Acting(name.to_owned(), action);
            Ok(())
        }
        Progress::Succeeded | Progress::Failed => done(run, name, state, told, &action, at),
    }
}

/// Goes on after an action.
fn done(
    run: &mut Run,
    name: &str,
    state: &State,
    told: &ActionState,
    action: &Action,
    at: Timestamp,
) -> Result<(), Failure> {
    let output = documents::action(run, name, action);
    if told.raises && matches!(action.progress, Progress::Failed) {
        return Err(Failure {
            error: "ActionFailedException".to_owned(),
            cause: output.to_string(),
        });
    }
    store(run, &state.result_path, output.clone())?;
    leave(run, name, state, json!({"output": output}), at);
    proceed(run, state.next.as_deref(), at);
    Ok(())
}

/// Waits for somebody to do what an action needs.
fn stall(run: &mut Run, name: &str, action: &Action, at: Timestamp) {
    let status = documents::action(run, name, action);
    let description = format!("State {name} of type Action needs something done");
    run.note(
        at,
        "FlowInactive",
        description.clone(),
        json!({"state_name": name, "output": status}),
    );
    let mut details = action.details.clone();
    details["description"] = description.into();
    details["state_name"] = name.into();
    details["action_statuses"] = json!([status]);
    run.details = details;
    run.status = Status::Inactive;
}

/// What follows an error: the state that catches it, or the end.
fn catch(run: &mut Run, name: &str, state: &State, failure: Failure, at: Timestamp) {
    let caught = match &state.kind {
        Kind::Action(told) if failure.error.starts_with("Action") => told.catch.iter().find(|catch| {
            catch
                .errors
                .iter()
                .any(|error| *error == failure.error || error == "States.ALL")
        }),
        _ => None,
    };
    if matches!(state.kind, Kind::Action(_)) {
        let details = json!({
            "state_name": name,
            "state_type": "Action",
            "error": {"code": failure.error, "description": failure.cause},
        });
        run.note(
            at,
            "ActionFailed",
            format!("State {name} of type Action failed"),
            details,
        );
    }
    let Some(catch) = caught else {
        return fail(run, name, failure, at);
    };
    let result = json!({"Error": failure.error, "Cause": failure.cause});
    match store(run, &catch.result_path, result) {
        Ok(()) => proceed(run, Some(&catch.next), at),
        Err(failure) => fail(run, name, failure, at),
    }
}
