//! Starting runs, with a token for the flow. <https://flows.globus.org/redoc#tag/Flows>

use http::StatusCode;
use serde_json::json;

use super::notes::{self, Changes};
use crate::exchange::{Credentials, Incoming, Outcome, Reply};
use crate::services::auth::state::Caller;
use crate::services::flows::definition::Definition;
use crate::services::flows::runs::{Run, Status};
use crate::services::flows::state::Flow;
use crate::services::flows::validation::{self, Place, Problems};
use crate::services::flows::{access, documents, engine, errors, schema};
use crate::world::World;

/// A run that may begin.
struct Ready {
    caller: Caller,
    consents: Vec<u64>,
    flow: Flow,
    changes: Changes,
}

/// Checks that the caller may start the flow, and that the input is as its schema wants it.
fn ready(world: &World, request: &Incoming) -> Result<Ready, Reply> {
    let id = access::id(request, "flow_id")?;
    // Whoever has no token at all learns nothing about which flows there are.
    let flow = access::flow(world, request);
    let scope = flow.as_ref().map(|flow| flow.scope()).unwrap_or_default();
    let (caller, consents) = access::starter(world, request, id, &scope)?;
    let flow = flow?;
    let roles = access::roles(world, &caller, flow);
    if !roles.iter().any(|role| access::STARTERS.contains(role)) {
        return Err(errors::forbidden(request, "flow", flow.id, "RUN"));
    }
    let body = validation::object(request)?;
    let changes = notes::read(request, &body, true)?;
    if let Some(input) = &changes.input {
        let problems = schema::check(&flow.input_schema, input);
        if !problems.is_empty() {
            return Err(errors::input(request, &problems));
        }
    }
    let flow = flow.clone();
    Ok(Ready {
        caller,
        consents,
        flow,
        changes,
    })
}

/// Says whether a run could begin.
pub(crate) fn validate(world: &mut World, request: &Incoming) -> Outcome {
    ready(world, request)?;
    Ok(Reply::ok(&json!({"message": "validation successful"})))
}

/// Begins a run.
pub(crate) fn run(world: &mut World, request: &Incoming) -> Outcome {
    let Ready {
        caller,
        consents,
        flow,
        mut changes,
    } = ready(world, request)?;
    // A seeded flow has not been checked before.
    let mut problems = Problems::default();
    let definition = Definition::parse(&flow.definition, Place::Root.key("definition"), &mut problems);
    problems.finish(request)?;
    let definition = definition.ok_or_else(|| errors::unprocessable(request, "the flow has no definition"))?;
    let state = changes.input.take().unwrap_or_else(|| json!({}));
    let now = world.time.now();
    let mut run = Run::new(world.ids.uuid(), flow, definition, caller.identity, now);
    run.consents = consents;
    run.state = state;
    changes.apply(&mut run.notes);
    engine::start(&mut run, now);
    let document = documents::run(&run, &access::run_roles(world, &caller, &run));
    world.flows.keep(run);
    Ok(Reply::json(StatusCode::CREATED, &document))
}

/// Lets a run go on that waits for somebody.
pub(crate) fn resume(world: &mut World, request: &Incoming) -> Outcome {
    let id = access::id(request, "run_id")?;
    let Some(run) = world.flows.run(id) else {
        // A token for some flow is needed even to learn that there is no such run.
        let now = world.time.now();
        let is_valid = |text: &str| world.auth.tokens.get(text).is_some_and(|token| token.expires > now);
        return Err(match request.credentials() {
            Credentials::Bearer(token) if is_valid(token) => errors::not_found(request, "Run", &id.to_string()),
            _ => errors::unauthenticated(request),
        });
    };
    let (caller, consents) = access::starter(world, request, run.flow_id, &run.scope)?;
    let roles = access::run_roles(world, &caller, run);
    if !roles.iter().any(|role| access::RUN_MANAGERS.contains(role)) {
        return Err(errors::forbidden(request, "run", id, "RESUME").inferred());
    }
    super::runs::needs(request, run, &[Status::Inactive])?;
    let now = world.time.now();
    let Some(mut run) = world.flows.take(id) else {
        return Err(errors::not_found(request, "Run", &id.to_string()));
    };
    run.consents = consents;
    engine::resume(&mut run, now);
    let document = documents::run(&run, &roles);
    world.flows.keep(run);
    Ok(Reply::ok(&document))
}
