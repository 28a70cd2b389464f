//! What is asked, and where the ids come from.

use std::collections::BTreeMap;

use globus_sdk::operation::{Kind, Method, Operation};
use serde_json::{Map, Value, json};

use super::types::{self, Decode};
use crate::table;

/// Operations that read and yet make something: credentials.
const LEFT_OUT: &[&str] = &["compute_v2.get_result_amqp_url"];

/// Arguments that an operation answers better, or only, with.
const GIVEN: &[(&str, &str, &str)] = &[
    ("auth.get_identity_providers", "domains", r#"["globus.org"]"#),
    ("transfer.endpoint_search", "filter_scope", r#""my-endpoints""#),
    ("search.search", "q", r#""*""#),
];

/// Which field of which answer is which argument of other operations.
const IDS: &[(&str, &str, &str)] = &[
    ("auth.userinfo", "sub", "auth.identity_id"),
    ("auth.userinfo", "sub", "auth.ids"),
    ("auth.get_clients", "id", "auth.client_id"),
    ("auth.get_policies", "id", "auth.policy_id"),
    ("auth.get_projects", "id", "auth.project_id"),
    ("auth.get_scopes", "id", "auth.scope_id"),
    ("groups.get_my_groups", "id", "groups.group_id"),
    ("groups.get_my_groups", "subscription_id", "groups.subscription_id"),
    ("transfer.endpoint_search", "id", "transfer.endpoint_id"),
    ("transfer.endpoint_server_list", "id", "transfer.server_id"),
    ("transfer.endpoint_role_list", "id", "transfer.role_id"),
    ("transfer.endpoint_acl_list", "id", "transfer.rule_id"),
    ("transfer.task_list", "task_id", "transfer.task_id"),
    ("transfer.bookmark_list", "id", "transfer.bookmark_id"),
    (
        "transfer.endpoint_manager_pause_rule_list",
        "id",
        "transfer.pause_rule_id",
    ),
    ("transfer.list_tunnels", "id", "transfer.tunnel_id"),
    ("transfer_v2.list_tunnels", "id", "transfer_v2.tunnel_id"),
    ("transfer_v2.list_bookmarks", "id", "transfer_v2.bookmark_id"),
    ("transfer_v2.list_stream_access_points", "id", "transfer.stream_ap_id"),
    (
        "transfer_v2.list_stream_access_points",
        "id",
        "transfer_v2.stream_ap_id",
    ),
    ("flows.list_flows", "id", "flows.flow_id"),
    ("flows.list_runs", "run_id", "flows.run_id"),
    ("flows.list_registered_apis", "id", "flows.registered_api_id"),
    ("flows.list_web_inputs", "id", "flows.web_input_id"),
    ("search.index_list", "id", "search.index_id"),
    ("search.get_task_list", "task_id", "search.task_id"),
    ("search.search", "subject", "search.subject"),
    ("timers.list_jobs", "job_id", "timers.job_id"),
    ("compute_v2.get_endpoints", "uuid", "compute_v2.endpoint_id"),
    ("compute_v2.get_endpoints", "uuid", "compute_v3.endpoint_id"),
];

/// An operation to carry out.
#[derive(Clone, Copy)]
pub(crate) struct Step {
    pub(crate) operation: &'static Operation,
    pub(crate) decode: Decode,
}

/// The reading operations of the clients, of all clients that need nothing but a token when none is named.
pub(crate) fn steps(clients: &[String]) -> impl Iterator<Item = Step> {
    let asked = |id: &str| clients.is_empty() || clients.iter().any(|client| client == id);
    let clients = table::clients().iter();
    let clients = clients.filter(move |spec| spec.service.is_some() && spec.vars.is_empty() && asked(spec.id));
    clients.flat_map(|spec| spec.operations()).filter_map(|operation| {
        let reads = operation.method == Method::Get && matches!(operation.kind, Kind::Request);
        if !reads || !operation.authorization || LEFT_OUT.contains(&operation.key().as_str()) {
            return None;
        }
        let decode = types::of(operation)?;
        Some(Step { operation, decode })
    })
}

impl Step {
    /// The arguments that have to come from answers: as the parameter and its name among the ids.
    pub(crate) fn wanted(&self) -> impl Iterator<Item = (&'static str, String)> {
        let client = self.operation.client.id;
        let key = self.operation.key();
        let given = move |name: &str| GIVEN.iter().any(|(of, param, _)| *of == key && *param == name);
        // Without one of its filters this operation answers nothing.
        let needs_ids = self.operation.key() == "auth.get_identities";
        let params = self.operation.params.iter();
        params
            .filter(move |param| (param.required && !given(param.name)) || (needs_ids && param.name == "ids"))
            .map(move |param| (param.name, format!("{client}.{}", param.name)))
    }

    /// All arguments, once the ids are there.
    pub(crate) fn arguments(&self, ids: &BTreeMap<String, Value>) -> Option<Map<String, Value>> {
        let key = self.operation.key();
        let given = GIVEN.iter().filter(|(of, _, _)| *of == key);
        let mut arguments: Map<String, Value> = given
            .map(|(_, name, json)| ((*name).to_owned(), serde_json::from_str(json).unwrap_or_default()))
            .collect();
        for (name, id) in self.wanted() {
            arguments.insert(name.to_owned(), ids.get(&id)?.clone());
        }
        Some(arguments)
    }
}

/// Which answers have an id.
pub(crate) fn sources(id: &str) -> Vec<&'static str> {
    let sources = IDS.iter().filter(|(_, _, fills)| *fills == id);
    sources.map(|(source, _, _)| *source).collect()
}

/// Takes the ids out of an answer's rows; the first that is found stays.
pub(crate) fn collect(operation: &Operation, rows: &[Value], ids: &mut BTreeMap<String, Value>) {
    let key = operation.key();
    for (_, field, fills) in IDS.iter().filter(|(source, _, _)| *source == key) {
        let mut values = rows.iter().filter_map(|row| row.get(field));
        if let Some(value) = values.find(|value| !value.is_null()) {
            let value = match *fills {
                "auth.ids" => json!([value]),
                _ => value.clone(),
            };
            ids.entry((*fills).to_owned()).or_insert(value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_reading_is_planned() {
        let steps: Vec<Step> = steps(&[]).collect();
        assert!(steps.len() > 80, "{}", steps.len());
        assert!(steps.iter().all(|step| step.operation.method == Method::Get));
    }

    /// A reading operation whose type is not listed would be passed over in silence.
    #[test]
    fn every_reading_operation_has_a_type() {
        let clients = table::clients().iter();
        let clients = clients.filter(|spec| spec.service.is_some() && !spec.is_login_client());
        let reading = clients
            .flat_map(|spec| spec.operations())
            .filter(|row| row.method == Method::Get);
        let requests = reading.filter(|row| matches!(row.kind, Kind::Request) && row.authorization);
        let untyped: Vec<String> = requests
            .filter(|row| types::of(row).is_none())
            .map(Operation::key)
            .collect();
        assert!(untyped.is_empty(), "add the models of {untyped:?} to types.rs");
    }

    #[test]
    fn ids_come_from_and_go_to_operations_that_are_there() {
        let steps: Vec<Step> = steps(&[]).collect();
        for (source, _, fills) in IDS {
            assert!(steps.iter().any(|step| step.operation.key() == *source), "{source}");
            assert!(
                steps.iter().any(|step| step.wanted().any(|(_, id)| id == *fills)),
                "{fills}"
            );
        }
        for (key, param, json) in GIVEN {
            let step = steps
                .iter()
                .find(|step| step.operation.key() == *key)
                .expect("an operation");
            assert!(step.operation.param(param).is_some(), "{key}: {param}");
            serde_json::from_str::<Value>(json).expect("JSON");
        }
    }
}
