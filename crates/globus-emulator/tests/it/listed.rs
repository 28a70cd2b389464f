//! The list of what is served and what is a 501, against the operations of the reference and against the emulator itself.

use std::process::Command;

use globus_emulator::{RouteInfo, routes, seed};
use serde_json::Value;

use crate::http::World;

/// A path with an id in the place of each parameter.
fn filled(path: &str) -> String {
    let parts = path
        .split('/')
        .map(|part| if part.starts_with('{') { seed::GROUP_OPEN } else { part });
    parts.collect::<Vec<_>>().join("/")
}

/// Whether two paths are the same but for the names of their parameters.
fn same(one: &str, other: &str) -> bool {
    filled(one) == filled(other)
}

#[test]
fn every_operation_of_the_reference_is_in_the_list() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../conformance/operations.json");
    let text = std::fs::read_to_string(file).expect("the operations");
    let operations: Vec<Value> = serde_json::from_str(&text).expect("JSON");
    let routes = routes();
    for operation in &operations {
        let member = |name: &str| operation[name].as_str().expect("a text");
        let below = if member("client") == "GCSClient" { "/api" } else { "" };
        let path = format!("{below}{}", member("path"));
        let found = routes
            .iter()
            .find(|route| route.method == member("http_method") && same(route.path, &path));
        assert!(
            found.is_some(),
            "{} {} ({})",
            member("http_method"),
            path,
            member("method")
        );
    }
    assert!(operations.len() > 200);
}

#[test]
fn what_is_listed_as_missing_is_a_501_and_nothing_else_is() {
    let world = World::new();
    let routes = routes();
    for route in &routes {
        let answer = world.send(route.method, &filled(route.path), &[], b"{}");
        let missing = answer.status == 501;
        assert_eq!(missing, !route.is_served, "{route:?}: {answer:?}");
        assert!(
            !missing || String::from_utf8_lossy(&answer.body).contains("NotEmulated"),
            "{answer:?}"
        );
    }
    let missing = |service: &str| {
        let rows = routes
            .iter()
            .filter(|route| route.service == service && !route.is_served);
        rows.count()
    };
    assert_eq!(["Auth", "Groups", "Transfer"].map(missing), [0, 0, 0]);
    let none_of = |service: &str| routes.iter().all(|route| route.service != service || !route.is_served);
    assert!(["Compute", "Search", "Timers"].into_iter().all(none_of));
    for path in ["/registered_apis", "/web_inputs", "/web_inputs/{web_input_id}/respond"] {
        assert!(
            routes.iter().any(|route| route.path == path && !route.is_served),
            "{path}"
        );
    }
}

#[test]
fn the_program_prints_the_list() {
    let run = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_globus-emulator"))
            .arg("routes")
            .args(arguments)
            .output()
            .expect("the program runs");
        let text = |bytes| String::from_utf8(bytes).expect("text");
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    let (code, out, _) = run(&["--json"]);
    let rows: Vec<Value> = serde_json::from_str(&out).expect("JSON");
    assert_eq!((code, rows.len()), (Some(0), routes().len()));
    let (_, out, _) = run(&["timers", "--missing"]);
    let of_timers = |route: &RouteInfo| route.service == "Timers";
    let count = routes().iter().filter(|route| of_timers(route)).count();
    assert!(
        out.ends_with(&format!("{count} routes: 0 served, {count} are a 501\n")),
        "{out}"
    );
    assert!(
        out.contains("Timers    501     GET     /jobs/  timers.list_jobs\n"),
        "{out}"
    );
    let (code, out, err) = run(&["weather"]);
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert!(err.contains("there is no service `weather`"), "{err}");
}
