//! What declarations say beside requests and answers: scopes, errors, links to the service's reference.

use std::collections::BTreeSet;
use std::path::Path;

use globus_sdk::error::ErrorCode;
use globus_sdk::operation::{Operation, ScopeSource};
use globus_sdk::services::{CLIENTS, operations};
use serde_json::Value;

/// Fails with all that `problem` finds in the table.
fn none_has(problem: impl Fn(&Operation) -> Option<String>) {
    let found: Vec<String> = operations()
        .filter_map(|row| Some(format!("{row}: {}", problem(row)?)))
        .collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_operation_has_scopes_or_says_why_not() {
    none_has(|row| {
        let wrong = match row.scope_source {
            // Patterns are the client's: what an operation names can be requested as it is.
            ScopeSource::Documented => {
                row.needed_scopes().is_empty() || row.scopes.iter().any(|scope| scope.contains(['{', '}']))
            }
            ScopeSource::Inferred => row.needed_scopes().is_empty() || !row.scopes.is_empty(),
            ScopeSource::Credentials => !row.client.is_login_client(),
            _ => row.client.is_login_client() && !row.scopes.is_empty(),
        };
        let wrong = wrong || (!row.authorization && row.scope_source != ScopeSource::NotNeeded);
        wrong.then(|| format!("{:?} {:?}", row.scope_source, row.needed_scopes()))
    });
}

#[test]
fn patterns_of_scopes_are_what_clients_request() {
    const ID: &str = "11111111-1111-11d1-8111-111111111111";
    for client in CLIENTS {
        let Some(scopes_of) = client.scopes_of else {
            assert!(client.scope_pattern.is_empty(), "{}", client.name);
            continue;
        };
        let [pattern] = client.scope_pattern else {
            panic!("{}: {:?}", client.name, client.scope_pattern);
        };
        let mut filled = String::new();
        for part in pattern.split('{') {
            let Some((variable, rest)) = part.split_once('}') else {
                filled.push_str(part);
                continue;
            };
            let underscores = variable.ends_with(" with _ for -");
            filled.push_str(&if underscores {
                ID.replace('-', "_")
            } else {
                ID.to_owned()
            });
            filled.push_str(rest);
        }
        assert_eq!(scopes_of(ID).expect("a scope").to_string(), filled, "{}", client.name);
    }
}

#[test]
fn documented_errors_are_distinct_and_say_when() {
    none_has(|row| {
        let mut seen = BTreeSet::new();
        let wrong = |error: &&ErrorCode| {
            let sentence = error.when.starts_with(char::is_uppercase) && error.when.ends_with('.');
            !(400..600).contains(&error.status) || !sentence || !seen.insert((error.status, error.code))
        };
        let wrong: Vec<_> = row.documented_errors().filter(wrong).collect();
        (!wrong.is_empty()).then(|| format!("{wrong:?}"))
    });
}

/// The JSON:API part of Transfer documents no other errors than those of its form.
#[test]
fn what_has_an_id_may_not_be_there() {
    none_has(|row| {
        let named =
            row.path.contains('{') && !row.path.starts_with("/v2/tunnels") && !row.path.starts_with("/v2/stream");
        let named = named
            && row.client.id != "transfer_v2"
            && !(row.client.id == "specific_flow" && row.params[0].name == "body");
        let has = row.documented_errors().any(|error| error.status == 404);
        (named && !has).then(|| row.path.to_owned())
    });
}

/// Each error that is recorded of an operation is documented for it.
#[test]
fn recorded_errors_are_documented() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures"));
    let mut recorded = 0;
    let mut missing = Vec::new();
    for client in CLIENTS {
        let text = std::fs::read_to_string(folder.join(format!("{}.jsonl", client.name))).unwrap_or_default();
        for line in text.lines() {
            let fixture: Value = serde_json::from_str(line).expect("JSON");
            let Some(status) = fixture["status"].as_u64().filter(|status| *status >= 400) else {
                continue;
            };
            recorded += 1;
            let name = fixture["operation"].as_str().expect("a name");
            let row = client.operations().find(|row| row.name == name).expect("an operation");
            let code = code(&fixture["body"]);
            let documented = |error: &ErrorCode| {
                u64::from(error.status) == status && error.code.is_none_or(|known| Some(known) == code.as_deref())
            };
            if !row.documented_errors().any(documented) {
                missing.push(format!("{row}: {status} {code:?}"));
            }
        }
    }
    assert!(recorded >= 30, "{recorded}");
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

/// The code of an error document of any service.
fn code(body: &Value) -> Option<String> {
    let document: Value = match body {
        Value::String(text) => serde_json::from_str(text).ok()?,
        document => document.clone(),
    };
    let places = ["/code", "/error/code", "/errors/0/code", "/error"];
    let mut codes = places.iter().filter_map(|place| document.pointer(place)?.as_str());
    codes.next().map(str::to_owned)
}

/// A page of its own, or a part of a page.
#[test]
fn references_lead_to_the_operation() {
    /// No page of the reference has a part about them.
    const WHOLE_PAGES: [&str; 2] = ["auth.get_consents", "transfer.endpoint_search"];
    none_has(|row| {
        let own_page = row
            .reference
            .starts_with("https://docs.globus.org/api/search/reference/");
        let whole = !row.reference.contains('#') && !own_page;
        (whole != WHOLE_PAGES.contains(&row.key().as_str())).then(|| row.reference.to_owned())
    });
}

/// Where a parameter has values that are known, the table has them from the declaration of its type.
#[test]
fn values_come_from_the_types() {
    let of = |key: &str, name: &str| {
        let row = operations().find(|row| row.key() == key).expect("an operation");
        let (_, param) = row.param(name).expect("a parameter");
        (param.ty, param.values)
    };
    let (ty, values) = of("compute_v2.get_endpoints", "role");
    assert_eq!((ty, values), ("EndpointRole", ["owner", "any"].as_slice()));
    let (ty, values) = of("transfer.endpoint_manager_task_list", "filter_status");
    assert_eq!(ty, "Vec<TaskStatus>");
    assert!(values.contains(&"ACTIVE"), "{values:?}");
    assert_eq!(of("transfer.submit_transfer", "data"), ("TransferData", [].as_slice()));
    assert_eq!(
        of("transfer.endpoint_search", "filter_fulltext"),
        ("String", [].as_slice())
    );
}
