//! Calls one at a time.

use std::io::Write as _;

use globus_emulator::seed::{CLIENT_COLLECTION, CLIENT_GUEST_COLLECTION};
use serde_json::json;

use crate::scripted::{Scripted, answer};
use crate::support::{emulator, globus};

#[test]
fn the_life_of_a_group() {
    let emulator = emulator();
    let call = |args: &[&str]| {
        let args = ["call"].into_iter().chain(args.iter().copied());
        globus(args).at(&emulator).program().run().document()
    };
    let group = call(&["groups.create_group", r#"data={"name": "From a shell"}"#]);
    let id = format!("group_id={}", group["id"].as_str().unwrap());
    let mine = call(&["groups.get_my_groups", "statuses=active"]);
    assert_eq!(mine[0]["name"], "From a shell");
    let group = call(&["groups.get_group", &id, "include=memberships,policies"]);
    assert_eq!(group["memberships"].as_array().unwrap().len(), 1);
    call(&["groups.delete_group", &id]);
    assert_eq!(call(&["groups.get_my_groups"]), json!([]));
}

#[test]
fn parameters_come_in_several_ways() {
    let emulator = emulator();
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(br#"{"name": "A", "description": "B"}"#).unwrap();
    let at_file = format!("@{}", file.path().display());
    let create = |args: &[&str], stdin: &str| {
        let args = ["call", "groups_manager.create_group"]
            .into_iter()
            .chain(args.iter().copied());
        let group = globus(args)
            .at(&emulator)
            .program()
            .run_with(stdin.as_bytes())
            .document();
        (group["name"].clone(), group["description"].clone())
    };
    for (args, stdin) in [
        (&["name=A", "description=B"][..], ""),
        (&["--input", r#"{"name": "A", "description": "B"}"#], ""),
        (&["--input", &at_file], ""),
        (&["--input", "-"], r#"{"name": "A", "description": "B"}"#),
        (&["--input", r#"{"name": "x", "description": "B"}"#, "name=A"], ""),
    ] {
        assert_eq!(create(args, stdin), (json!("A"), json!("B")), "{args:?}");
    }
    // What looks like a number is a name here.
    assert_eq!(create(&["name=2026", "description=true"], "").0, json!("2026"));
}

#[test]
fn every_page_is_read() {
    let emulator = emulator();
    let args = [
        "call",
        "transfer.endpoint_search",
        "filter_scope=my-endpoints",
        "limit=1",
        "--paginated",
    ];
    let pages = globus(args).at(&emulator).program().run().document();
    let mut ids: Vec<&str> = pages
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|page| page["DATA"][0]["id"].as_str())
        .collect();
    ids.sort_unstable();
    assert_eq!(ids, [CLIENT_COLLECTION, CLIENT_GUEST_COLLECTION]);
}

#[test]
fn the_answer_is_what_the_service_wrote() {
    let body = "{ \"z\": 1.10,\n  \"a\": [ 12345678901234567890123, null ] }";
    let service = Scripted::answering(answer("200 OK", "application/json", body));
    let args = ["call", "groups.get_group", "group_id=x", "--client"];
    let base_url = format!("base_url={}", service.url());
    let outcome = globus(args.into_iter().chain([base_url.as_str()])).run();
    assert_eq!(outcome.out, "{\"z\":1.10,\"a\":[12345678901234567890123,null]}\n");
    assert_eq!(service.requests(), ["GET /v2/groups/x HTTP/1.1"]);
}

#[test]
fn plain_requests_and_answers_without_a_body() {
    let service = Scripted::answering("HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n");
    let base_url = format!("base_url={}", service.url());
    let args = [
        "call",
        "base.request",
        "method=DELETE",
        "path=/a/b",
        "--client",
        &base_url,
    ];
    assert_eq!(globus(args).run().document(), json!(null));
    assert_eq!(service.requests(), ["DELETE /a/b HTTP/1.1"]);
}

#[test]
fn the_log_goes_to_stderr_when_asked_for() {
    let emulator = emulator();
    let outcome = globus(["-v", "call", "groups.get_my_groups"])
        .at(&emulator)
        .program()
        .run();
    assert_eq!((outcome.code, outcome.out.as_str()), (0, "[]\n"), "{outcome:?}");
    assert!(outcome.err.contains("operation=groups.get_my_groups"), "{outcome:?}");
    let run = globus(["call", "groups.get_my_groups"]).env("RUST_LOG", "trace");
    let outcome = run.at(&emulator).program().run();
    assert_eq!(outcome.code, 0);
}

#[test]
fn help_teaches() {
    for (args, words) in [
        (&["--help"][..], &["Exit codes", "operations"][..]),
        (
            &["call", "--help"],
            &[
                "Examples",
                "globus call groups.get_my_groups",
                "GLOBUS_ACCESS_TOKEN",
                "JSON",
            ],
        ),
        (&["operations", "--help"], &["Examples", "--json"]),
    ] {
        let outcome = globus(args.iter().copied()).run();
        assert_eq!(outcome.code, 0);
        assert!(words.iter().all(|word| outcome.out.contains(word)), "{outcome:?}");
    }
}
