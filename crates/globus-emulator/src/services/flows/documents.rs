//! The documents of Flows.

use serde_json::{Value, json};

use super::state::Flow;

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
        "subscription_id": null,
        "authentication_policy_id": null,
    })
}
