//! What goes wrong is said: what, where, and with the right exit code.

use std::net::TcpListener;
use std::process::Stdio;
use std::time::Duration;

use globus_emulator::Fault;
use globus_emulator::seed::CLIENT_ID;

use crate::scripted::{Scripted, answer};
use crate::support::{Globus, emulator, globus};

fn my_groups_at(service: &Scripted) -> Globus {
    globus(["call", "groups.get_my_groups", "--no-retry"])
        .with_token("s3cret/token+=")
        .env("GLOBUS_SDK_SERVICE_URL_GROUPS", service.url())
}

#[test]
fn a_wrong_secret() {
    let emulator = emulator();
    let run = globus(["call", "groups.get_my_groups"]).at(&emulator);
    let outcome = run.client(CLIENT_ID, "wr0ng/s3cret+=").run();
    outcome.refused(
        1,
        &[
            "POST",
            "/v2/oauth2/token",
            "401",
            "check the client id and the client secret",
        ],
    );
}

#[test]
fn a_closed_port() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let run = globus(["call", "groups.get_my_groups", "--no-retry"]).with_token("t0ken");
    let outcome = run
        .env("GLOBUS_SDK_SERVICE_URL_GROUPS", &format!("http://127.0.0.1:{port}/"))
        .run();
    outcome.refused(5, &["GET", &format!("127.0.0.1:{port}"), "cannot connect"]);
}

#[test]
fn names_that_do_not_exist() {
    for (args, words) in [
        (
            &["groups.get_my_group"][..],
            &["`get_my_group`", "did you mean `get_my_groups`?"][..],
        ),
        (&["gruops.get_my_groups"], &["`gruops`", "did you mean `groups`?"]),
        (&["get_my_groups"], &["`get_my_groups`", "CLIENT.OPERATION"]),
        (
            &["groups.get_my_groups", "status=active"],
            &["no parameter `status`", "statuses"],
        ),
        (
            &["groups.get_my_groups", "--client", "group=1"],
            &["`group` is no client argument", "environment"],
        ),
        (
            &["groups.get_my_groups", "--client", "environment=moon"],
            &["moon", "production"],
        ),
        (
            &["groups.get_my_groups", "--paginated"],
            &["groups.get_my_groups", "does not answer in pages"],
        ),
    ] {
        globus(["call"].into_iter().chain(args.iter().copied()))
            .run()
            .refused(2, words);
    }
}

#[test]
fn what_is_missing_or_no_value() {
    for (args, words) in [
        (
            &["groups.get_group"][..],
            &["`groups.get_group` needs the parameter `group_id`"][..],
        ),
        (
            &["groups.get_group", "group_id=.."],
            &["`group_id`", "groups.get_group", "`..`"],
        ),
        (&["groups.get_group", "group_id="], &["`group_id`", "empty"]),
        (
            &["groups.get_group", "group_id=[1, 2]", "include={}"],
            &["groups.get_group"],
        ),
        (
            &["groups.create_group", "data={\"name\": "],
            &["`data` of `groups.create_group`", "no JSON"],
        ),
        (&["groups.get_group", "s3cret"], &["parameter number 1", "NAME=VALUE"]),
        (
            &["groups.get_group", "group_id=a", "group_id=b"],
            &["group_id", "twice"],
        ),
        (
            &["groups.get_group", "--input", "{\"group_id\": "],
            &["groups.get_group", "JSON"],
        ),
        (
            &["groups.get_group", "--input", "[]"],
            &["groups.get_group", "JSON object"],
        ),
        (
            &["groups.get_group", "--input", "@/no/such/file"],
            &["--input", "/no/such/file"],
        ),
        (&["specific_flow.run_flow", "body={}"], &["flow_id"]),
        (&["gcs.get_gcs_info"], &["gcs_address"]),
        (&["base.get", "path=/x"], &["base_url"]),
        (
            &["base.get", "path=/x", "--client", "base_url=nowhere"],
            &["base_url", "nowhere"],
        ),
    ] {
        let outcome = globus(["call"].into_iter().chain(args.iter().copied())).run();
        outcome.refused(2, words);
        assert!(!outcome.err.contains("s3cret"), "{outcome:?}");
    }
}

#[test]
fn the_command_line_itself() {
    for args in [
        &["call"][..],
        &["cal"],
        &[],
        &["call", "--batch", "groups.get_my_groups"],
        &["call", "groups.get_my_groups", "--nope"],
        &["operations", "x"],
    ] {
        let outcome = globus(args.iter().copied()).run();
        assert_eq!((outcome.code, outcome.out.as_str()), (2, ""), "{outcome:?}");
        assert!(outcome.err.contains("Usage:"), "{outcome:?}");
    }
}

#[test]
fn a_bad_variable() {
    let run = globus(["call", "groups.get_my_groups"]).env("GLOBUS_SDK_HTTP_TIMEOUT", "soon");
    run.run().refused(2, &["GLOBUS_SDK_HTTP_TIMEOUT", "soon"]);
    let run = globus(["call", "groups.get_my_groups"]).env("GLOBUS_SDK_SERVICE_URL_GROUPS", "ftp://x");
    run.run().refused(2, &["GLOBUS_SDK_SERVICE_URL_GROUPS", "ftp://x"]);
    let run = globus(["call", "groups.get_my_groups"]).with_token("two\nlines");
    run.run().refused(2, &["access token"]);
}

#[test]
fn a_page_in_the_place_of_an_error() {
    let page = "<!DOCTYPE html><html><head><title>Bad day</title></head><body><h1>Oops</h1></body></html>";
    let service = Scripted::answering(answer("500 Internal Server Error", "text/html", page));
    let outcome = my_groups_at(&service).run();
    outcome.refused(1, &["GET", "/v2/groups/my_groups", "500", "Bad day", "try again later"]);
    assert!(!outcome.err.contains('<'), "{outcome:?}");
    assert_eq!(service.requests().len(), 1);
}

#[test]
fn an_answer_without_a_body() {
    let service = Scripted::answering(answer("200 OK", "application/json", ""));
    my_groups_at(&service)
        .run()
        .refused(1, &["GET", "/v2/groups/my_groups", "no body"]);
}

#[test]
fn an_answer_that_is_something_else() {
    let service = Scripted::answering(answer("200 OK", "text/html", "<html><title>Hello</title></html>"));
    my_groups_at(&service)
        .run()
        .refused(1, &["/v2/groups/my_groups", "Hello"]);
}

#[test]
fn an_answer_that_is_cut_short() {
    let cut = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 50\r\n\r\n[{\"id\": \"";
    let service = Scripted::answering(cut);
    my_groups_at(&service)
        .run()
        .refused(5, &["GET", "/v2/groups/my_groups"]);
    let service = Scripted::answering("garbage\r\n\r\n");
    my_groups_at(&service)
        .run()
        .refused(5, &["GET", "/v2/groups/my_groups"]);
}

#[test]
fn no_answer_in_time() {
    let service = Scripted::hesitating(Duration::from_secs(1));
    let outcome = my_groups_at(&service).env("GLOBUS_SDK_HTTP_TIMEOUT", "0.2").run();
    outcome.refused(5, &["GET", "/v2/groups/my_groups"]);
}

#[test]
fn an_id_with_a_slash_stays_one_id() {
    let emulator = emulator();
    let run = globus(["call", "groups.get_group", "group_id=a/b"])
        .at(&emulator)
        .program();
    run.run().refused(1, &["GET", "/v2/groups/a%2Fb"]);
    let paths: Vec<String> = emulator.requests().into_iter().map(|request| request.path).collect();
    assert_eq!(paths, ["/v2/oauth2/token", "/v2/groups/a%2Fb"]);
}

#[test]
fn a_login_or_a_consent_is_needed() {
    let emulator = emulator();
    let outcome = globus(["call", "groups.get_my_groups"]).at(&emulator).run();
    outcome.refused(4, &["401", "GLOBUS_ACCESS_TOKEN", "GLOBUS_CLIENT_ID"]);
    let outcome = globus(["call", "groups.get_my_groups"])
        .at(&emulator)
        .with_token("expired-t0ken")
        .run();
    outcome.refused(4, &["401"]);

    let document = serde_json::json!({
        "code": "ConsentRequired", "message": "Missing required data_access consent", "required_scopes": ["some_scope"],
        "request_id": "x", "resource": "/",
    });
    let service = Scripted::answering(answer("403 Forbidden", "application/json", &document.to_string()));
    my_groups_at(&service)
        .run()
        .refused(4, &["403", "ConsentRequired", "some_scope"]);
}

#[test]
fn without_retries_everything_arrives_once() {
    let emulator = emulator();
    let call = || {
        globus(["call", "groups.get_my_groups", "--no-retry"])
            .at(&emulator)
            .program()
    };
    emulator.inject(
        Fault::status(503)
            .path("/v2/oauth2/token")
            .header("retry-after", "0")
            .always(),
    );
    call().run().refused(1, &["503", "/v2/oauth2/token"]);
    assert_eq!(emulator.requests().len(), 1);

    emulator.reset();
    emulator.inject(
        Fault::status(503)
            .path("/v2/groups/*")
            .header("retry-after", "0")
            .always(),
    );
    call().run().refused(1, &["503", "/v2/groups/my_groups"]);
    assert_eq!(emulator.requests().len(), 2);

    emulator.reset();
    emulator.inject(Fault::status(401).path("/v2/groups/*"));
    call().run().refused(4, &["401", "/v2/groups/my_groups"]);
    assert_eq!(emulator.requests().len(), 2);
}

#[test]
fn nobody_reads_the_output() {
    for args in [&["operations"][..], &["operations", "--json"]] {
        let mut command = globus(args.iter().copied()).into_command();
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk() {
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let output = globus(["operations"]).into_command().stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("cannot write to stdout"));
}
