//! The documents of Flows.

use serde_json::{Value, json};

use super::engine::actions::Action;
use super::runs::Run;
use super::state::Flow;
use crate::clock::micros;

fn identity(id: uuid::Uuid) -> String {
    format!("urn:globus:auth:identity:{id}")
}

/// A flow as somebody with these roles sees it.
pub(crate) fn flow(origin: &str, flow: &Flow, roles: &[&str]) -> Value {
    let url = format!("{origin}flows/{}", flow.id);
    let id = flow.id;
    json!({
        "id": id,
        "title": flow.title,
        "subtitle": flow.subtitle,
        "description": flow.description,
        "keywords": flow.keywords,
        "definition": flow.definition,
        "input_schema": flow.input_schema,
        "globus_auth_scope": flow.scope(),
        "globus_auth_username": format!("{id}@clients.auth.globus.org"),
        "principal_urn": identity(id),
        "flow_owner": identity(flow.flow_owner),
        "created_by": identity(flow.flow_owner),
        "flow_viewers": flow.flow_viewers,
        "flow_starters": flow.flow_starters,
        "flow_administrators": flow.flow_administrators,
        "run_managers": flow.run_managers,
        "run_monitors": flow.run_monitors,
        "visible_to": flow.flow_viewers,
        "runnable_by": flow.flow_starters,
        "administered_by": flow.flow_administrators,
        "user_role": roles.first(),
        "user_roles": roles,
        "created_at": flow.created_at,
        "updated_at": flow.updated_at,
        "synchronous": false,
        "types": ["Action"],
        "log_supported": true,
        "api_version": "1.0",
        "flow_url": url,
        "action_url": url,
        "subscription_id": flow.subscription_id,
        "authentication_policy_id": null,
    })
}

/// What a run says of its flow when it is asked to.
pub(crate) fn flow_description(flow: &Flow) -> Value {
    json!({
        "id": flow.id,
        "title": flow.title,
        "subtitle": flow.subtitle,
        "description": flow.description,
        "keywords": flow.keywords,
        "globus_auth_scope": flow.scope(),
        "flow_owner": identity(flow.flow_owner),
        "created_by": identity(flow.flow_owner),
        "created_at": flow.created_at,
        "updated_at": flow.updated_at,
    })
}

/// A run as somebody with these roles sees it.
pub(crate) fn run(run: &Run, roles: &[&str]) -> Value {
    let status = run.status.as_str();
    let mut document = json!({
        "run_id": run.id,
        "action_id": run.id,
        "flow_id": run.flow_id,
        "flow_title": run.flow_title,
        "flow_last_updated": run.flow_last_updated,
        "start_time": micros(run.start_time),
        "status": status,
        "display_status": status,
        "label": run.notes.label,
        "tags": run.notes.tags,
        "run_owner": run.owner_urn(),
        "created_by": run.owner_urn(),
        "run_managers": run.notes.run_managers,
        "run_monitors": run.notes.run_monitors,
        "manage_by": run.notes.run_managers,
        "monitor_by": run.notes.run_monitors,
        "user_role": roles.first(),
        "user_roles": roles,
        "blocking_web_input_id": null,
        "details": run.details,
    });
    if let Some(time) = run.completion_time {
        document["completion_time"] = micros(time).into();
    }
    document
}

/// The status of an action, in a state of a run.
pub(crate) fn action(run: &Run, state: &str, action: &Action) -> Value {
    let status = action.progress.as_str();
    json!({
        "action_id": action.id,
        "status": status,
        "display_status": status,
        "creator_id": identity(action.creator),
        "start_time": micros(action.start_time),
        "completion_time": action.completion_time.map(micros),
        "release_after": null,
        "label": run.notes.label,
        "manage_by": run.notes.run_managers,
        "monitor_by": run.notes.run_monitors,
        "details": action.details,
        "state_name": state,
    })
}
