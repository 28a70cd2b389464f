//! Policies, which say how people have to sign in.
//! <https://docs.globus.org/api/auth/reference/#policies_api>

use http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::exchange::{Given, Incoming, Outcome, Reply};
use crate::services::auth::access::{self, Developer, MANAGE};
use crate::services::auth::documents::developers as documents;
use crate::services::auth::errors;
use crate::services::auth::fields::Document;
use crate::services::auth::project::Policy;
use crate::world::World;

fn answer(row: &Policy) -> Value {
    json!({"policy": documents::policy(row)})
}

/// The policy of the path, for an administrator of its project.
fn administered(world: &World, request: &Incoming) -> Result<(Developer, Policy), Reply> {
    let developer = access::developer(world, request, &[MANAGE])?;
    let found = request
        .param_uuid("policy_id")
        .and_then(|id| world.auth.policies.get(&id));
    let found = found.ok_or_else(|| errors::not_found(request, "There is no such policy"))?;
    developer.require(world, request, found.project_id)?;
    Ok((developer, found.clone()))
}

/// The policies of the projects that the caller administers.
pub(crate) fn list(world: &mut World, request: &Incoming) -> Outcome {
    let developer = access::developer(world, request, &[MANAGE])?;
    let rows = world.auth.policies.values();
    let rows = rows.filter(|row| developer.administers(world, row.project_id));
    let rows: Vec<Value> = rows.map(documents::policy).collect();
    Ok(Reply::ok(&json!({"policies": rows})))
}

pub(crate) fn get(world: &mut World, request: &Incoming) -> Outcome {
    Ok(Reply::ok(&answer(&administered(world, request)?.1)))
}

pub(crate) fn create(world: &mut World, request: &Incoming) -> Outcome {
    let developer = access::developer(world, request, &[MANAGE])?;
    let document = Document::read(request, "policy")?;
    let mut row = Policy {
        id: Uuid::nil(),
        project_id: Uuid::nil(),
        display_name: document.required_text("display_name")?,
        description: document.required_text("description")?,
        high_assurance: false,
        required_mfa: false,
        authentication_assurance_timeout: None,
        domain_constraints_include: None,
        domain_constraints_exclude: None,
    };
    if !document.has("project_id") {
        return Err(document.wrong("project_id", "is required"));
    }
    document.flag("high_assurance")?.replace(&mut row.high_assurance);
    apply(world, request, &developer, &document, &mut row)?;
    row.id = world.ids.uuid();
    world.auth.policies.insert(row.id, row.clone());
    Ok(Reply::json(StatusCode::CREATED, &answer(&row)))
}

/// Changes what the document names; whether a policy is of high assurance stays.
pub(crate) fn update(world: &mut World, request: &Incoming) -> Outcome {
    let (developer, mut row) = administered(world, request)?;
    let document = Document::read(request, "policy")?;
    if let Given::Value(wanted) = document.flag("high_assurance")?
        && wanted != row.high_assurance
    {
        return Err(document.wrong("high_assurance", "cannot be changed"));
    }
    apply(world, request, &developer, &document, &mut row)?;
    world.auth.policies.insert(row.id, row.clone());
    Ok(Reply::ok(&answer(&row)))
}

fn apply(
    world: &World,
    request: &Incoming,
    developer: &Developer,
    document: &Document<'_>,
    row: &mut Policy,
) -> Result<(), Reply> {
    document.id("project_id")?.replace(&mut row.project_id);
    if !world.auth.projects.contains_key(&row.project_id) {
        return Err(document.wrong("project_id", "names no project"));
    }
    developer.require(world, request, row.project_id)?;
    document.text("display_name")?.replace(&mut row.display_name);
    document.text("description")?.replace(&mut row.description);
    document.flag("required_mfa")?.replace(&mut row.required_mfa);
    let timeout = document.seconds("authentication_assurance_timeout")?;
    timeout.store(&mut row.authentication_assurance_timeout);
    let include = document.texts("domain_constraints_include")?;
    include.store(&mut row.domain_constraints_include);
    let exclude = document.texts("domain_constraints_exclude")?;
    exclude.store(&mut row.domain_constraints_exclude);
    if row.required_mfa && !row.high_assurance {
        return Err(document.wrong("required_mfa", "is for policies of high assurance only"));
    }
    Ok(())
}

pub(crate) fn delete(world: &mut World, request: &Incoming) -> Outcome {
    let (_, row) = administered(world, request)?;
    world.auth.policies.remove(&row.id);
    Ok(Reply::ok(&answer(&row)))
}
