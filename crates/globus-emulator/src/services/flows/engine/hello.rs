//! The action provider Hello World: says hello, after a while.

use jiff::Timestamp;
use serde_json::json;

use super::actions::{Action, Progress, has_consent};
use super::later;
use crate::services::flows::runs::Run;
use crate::services::flows::validation::{Place, Problems, Reader};
use crate::world::World;

pub(super) fn drive(action: &mut Action, world: &World, run: &Run, at: Timestamp) -> Result<(), String> {
    let mut problems = Problems::default();
    let input = action.input.as_object().ok_or("The input is no object")?;
    let mut reader = Reader::new(input, Place::Root);
    let echo = reader.text("echo_string", &mut problems).map(str::to_owned);
    let sleep = match reader.get("sleep_time") {
        None => 0.0,
        Some(value) => value.as_f64().filter(|seconds| *seconds >= 0.0).unwrap_or_else(|| {
            reader.wrong("sleep_time", &mut problems, "it is a number of seconds");
            0.0
        }),
    };
    let scope = reader
        .text("required_dependent_scope", &mut problems)
        .map(str::to_owned);
    reader.finish(&mut problems);
    problems.told()?;
    if let Some(scope) = scope {
        if !world.auth.scopes.contains_key(&scope) {
            return Err(format!("There is no scope {scope}"));
        }
        if !has_consent(world, run, &scope) {
            action.wants_consent(run, &[&scope]);
            return Ok(());
        }
    }
    let end = later(action.start_time, sleep);
    if at < end {
        action.progress = Progress::Active(Some(end));
        action.details = json!({});
        return Ok(());
    }
    action.progress = Progress::Succeeded;
    action.details = json!({"Hello": "World"});
    if let Some(echo) = echo {
        action.details["hello"] = echo.into();
    }
    Ok(())
}
