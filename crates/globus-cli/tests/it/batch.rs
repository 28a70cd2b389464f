//! `globus call --batch`.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::Stdio;

use globus_emulator::Fault;
use serde_json::{Value, json};

use crate::support::{emulator, globus};

fn lines(lines: &[&str]) -> Vec<u8> {
    lines
        .iter()
        .flat_map(|line| [line.as_bytes(), b"\n"])
        .flatten()
        .copied()
        .collect()
}

#[test]
fn answers_come_in_order_and_clients_are_kept() {
    let emulator = emulator();
    let input: String = (0..20).fold(String::new(), |input, id| {
        input + &json!({"id": id, "operation": "groups.get_my_groups"}).to_string() + "\n"
    });
    let answers = globus(["call", "--batch"])
        .at(&emulator)
        .program()
        .run_with(input.as_bytes())
        .answers();
    let wanted: Vec<Value> = (0..20)
        .map(|id| json!({"id": id, "ok": true, "status": 200, "data": []}))
        .collect();
    assert_eq!(answers, wanted);
    // One token for all of them.
    assert_eq!(emulator.requests().len(), 21);
}

#[test]
fn an_answer_comes_before_the_next_line_is_sent() {
    let emulator = emulator();
    let run = globus(["call", "--batch"]).at(&emulator).program();
    let mut child = run
        .into_command()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    for id in 0..3 {
        writeln!(stdin, "{}", json!({"id": id, "operation": "groups.get_my_groups"})).unwrap();
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        assert_eq!(
            line,
            format!("{{\"id\":{id},\"ok\":true,\"status\":200,\"data\":[]}}\n")
        );
    }
    drop(stdin);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn bad_lines_do_not_end_it() {
    let emulator = emulator();
    let mut input = lines(&[
        "",
        "   ",
        "nonsense",
        "[]",
        r#"{"id": "a"}"#,
        r#"{"id": {"x": [1, 2]}, "operation": "groups.nope"}"#,
        r#"{"id": 1, "operation": "groups.get_group", "params": {"group_id": ".."}}"#,
        r#"{"id": 2, "operation": "groups.get_group", "params": [1]}"#,
        r#"{"id": 3, "operation": "groups.get_group", "parms": {}}"#,
        "\r",
    ]);
    input.extend(b"{\"id\": 4, \"operation\": \"\xff\"}\n");
    input.extend(b"\0\n");
    // The last line has no end.
    input.extend(br#"{"operation": "groups.get_my_groups", "client": {"flow_id": "of no use"}}"#);
    let answers = globus(["call", "--batch"])
        .at(&emulator)
        .program()
        .run_with(&input)
        .answers();
    let facts: Vec<(Value, Value)> = answers
        .iter()
        .map(|answer| (answer["id"].clone(), answer["error"]["kind"].clone()))
        .collect();
    let wanted = [
        (json!(null), json!("validation")),
        (json!(null), json!("validation")),
        (json!("a"), json!("usage")),
        (json!({"x": [1, 2]}), json!("usage")),
        (json!(1), json!("validation")),
        (json!(2), json!("usage")),
        (json!(3), json!("usage")),
        (json!(null), json!("validation")),
        (json!(null), json!("validation")),
        (json!(null), json!(null)),
    ];
    assert_eq!(facts, wanted);
    for answer in &answers[..9] {
        assert_eq!(
            (&answer["ok"], &answer["error"]["http_status"]),
            (&json!(false), &json!(null))
        );
        assert_ne!(answer["error"]["message"], "");
    }
    assert_eq!(answers[9]["ok"], true);
}

#[test]
fn a_services_error_has_its_facts() {
    let emulator = emulator();
    let line = json!({"id": 1, "operation": "groups.get_group", "params": {"group_id": "6400d000-5eed-4000-8000-0000000000ff"}});
    let input = format!("{line}\n");
    let answers = globus(["call", "--batch"])
        .at(&emulator)
        .program()
        .run_with(input.as_bytes())
        .answers();
    let error = &answers[0]["error"];
    assert_eq!(
        (&error["kind"], &error["http_status"]),
        (&json!("api"), &json!(404)),
        "{error}"
    );
    assert!(error["code"].is_string() && error["message"].is_string(), "{error}");
    assert!(error.as_object().unwrap().contains_key("request_id"), "{error}");
}

#[test]
fn pages_nulls_and_large_documents() {
    let emulator = emulator();
    let pages = json!({
        "id": 1, "operation": "transfer.endpoint_search", "paginated": true,
        "params": {"filter_scope": "my-endpoints", "limit": "1", "filter_fulltext": null},
    });
    let large = json!({
        "id": 2, "operation": "groups.create_group", "params": {"data": {"name": "x", "description": "y".repeat(3_000_000)}},
    });
    let last = json!({"id": 3, "operation": "groups.get_my_groups", "client": null, "params": null, "paginated": null});
    let input = format!("{pages}\n{large}\n{last}\n");
    let answers = globus(["call", "--batch"])
        .at(&emulator)
        .program()
        .run_with(input.as_bytes())
        .answers();
    assert_eq!(
        answers.iter().map(|answer| &answer["id"]).collect::<Vec<_>>(),
        [1, 2, 3]
    );
    assert_eq!(answers[0]["data"].as_array().unwrap().len(), 2, "{}", answers[0]);
    assert_eq!(answers[2]["ok"], true, "{}", answers[2]);
}

#[test]
fn without_retries_each_request_arrives_once() {
    let emulator = emulator();
    emulator.inject(Fault::status(500).path("/v2/groups/*").always());
    let input = lines(&[r#"{"id": 1, "operation": "groups.get_my_groups"}"#; 2]);
    let answers = globus(["call", "--batch", "--no-retry"])
        .at(&emulator)
        .program()
        .run_with(&input)
        .answers();
    assert!(
        answers.iter().all(|answer| answer["error"]["http_status"] == 500),
        "{answers:?}"
    );
    // One token, two calls.
    assert_eq!(emulator.requests().len(), 3);
}

#[test]
fn nothing_in_nothing_out() {
    let outcome = globus(["call", "--batch"]).run();
    assert_eq!((outcome.code, outcome.out.as_str(), outcome.err.as_str()), (0, "", ""));
}

#[test]
fn nobody_reads_the_answers() {
    let mut command = globus(["call", "--batch"]).into_command();
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().unwrap();
    // Its first answer finds nobody, and it ends.
    let _ = stdin.write_all(b"x\n");
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
    drop(stdin);
}
