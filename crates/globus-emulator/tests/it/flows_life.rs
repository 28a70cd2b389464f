//! Making flows and running them.

use std::time::Duration;

use globus_emulator::{Clock, Emulator, seed};
use serde_json::{Value, json};

use crate::http::{Answer, World};

const FLOWS: &str = "https://auth.globus.org/scopes/eec9b274-0c81-4334-bdc2-54e90e689b9a";
const HELLO: &str = "https://actions.globus.org/hello_world";

fn scope(suffix: &str) -> String {
    format!("{FLOWS}/{suffix}")
}

/// An emulator under a logical clock.
fn world() -> World {
    let emulator = Emulator::builder().clock(Clock::logical()).start_now();
    World {
        emulator: emulator.expect("an emulator"),
    }
}

impl World {
    fn flows_token(&self, user: &str) -> String {
        self.user_token(user, &scope("all"))
    }

    /// A token with which somebody may start a flow.
    fn start_token(&self, user: &str, flow: &str) -> String {
        let suffix = flow.replace('-', "_");
        self.user_token(
            user,
            &format!("https://auth.globus.org/scopes/{flow}/flow_{suffix}_user"),
        )
    }

    fn create(&self, user: &str, body: &Value) -> Value {
        let token = self.flows_token(user);
        self.call(&token, "POST", "/flows", Some(body.clone())).expect(201)
    }

    fn start(&self, user: &str, flow: &str, body: Value) -> Answer {
        let token = self.start_token(user, flow);
        self.call(&token, "POST", &format!("/flows/{flow}/run"), Some(body))
    }

    fn seconds(&self, seconds: u64) {
        self.emulator.advance(Duration::from_secs(seconds));
    }
}

fn id(document: &Value, name: &str) -> String {
    document[name].as_str().expect("an id").to_owned()
}

/// A flow with one state.
fn flow(state: Value) -> Value {
    json!({"title": "T", "definition": {"StartAt": "a", "States": {"a": state}}, "input_schema": {}})
}

fn waits(seconds: u64) -> Value {
    flow(json!({"Type": "Wait", "Seconds": seconds, "End": true}))
}

/// That it is an error of Flows, with everything that the command line client needs to show it.
#[track_caller]
fn refused(answer: &Answer, status: u16, code: &str) -> Value {
    let document = answer.expect(status);
    assert_eq!(document["error"]["code"], code, "{document}");
    assert!(!document["error"]["detail"].is_null(), "{document}");
    document["error"].clone()
}

#[test]
fn a_flow_is_made_changed_and_deleted() {
    let world = world();
    let alice = world.flows_token("alice");
    let made = world.create(
        "alice",
        &json!({
            "title": "A flow", "subtitle": "S", "description": "D", "keywords": ["k"],
            "definition": {"StartAt": "a", "States": {"a": {"Type": "Pass", "End": true}}},
            "input_schema": {"type": "object"},
            "flow_viewers": ["public"], "flow_starters": ["all_authenticated_users"],
            "flow_administrators": [format!("urn:globus:auth:identity:{}", seed::BOB)],
            "run_managers": [format!("urn:globus:groups:id:{}", seed::GROUP_RESEARCH)], "run_monitors": [],
            "subscription_id": null,
        }),
    );
    let flow = id(&made, "id");
    let path = format!("/flows/{flow}");
    assert_eq!(made["user_role"], "flow_owner");
    assert_eq!(made["flow_owner"], format!("urn:globus:auth:identity:{}", seed::ALICE));
    assert_eq!(made["created_at"], made["updated_at"]);
    assert_eq!(world.get(&alice, &path).expect(200), made);
    let scope = id(&made, "globus_auth_scope");
    assert_eq!(
        scope,
        format!(
            "https://auth.globus.org/scopes/{flow}/flow_{}_user",
            flow.replace('-', "_")
        )
    );
    let admin = world.flows_token("admin@example.org");
    assert_eq!(world.get(&admin, &path).expect(200)["user_role"], "flow_starter");

    // An administrator changes some of it, and takes it over.
    world.seconds(60);
    let bob = world.flows_token("bob");
    let urn = format!("urn:globus:auth:identity:{}", seed::BOB);
    let body = json!({"title": "Another", "flow_viewers": [], "flow_owner": urn});
    let changed = world.call(&bob, "PUT", &path, Some(body)).expect(200);
    assert_eq!(changed["title"], "Another");
    assert_eq!(changed["subtitle"], "S");
    assert_eq!(
        (&changed["flow_owner"], &changed["user_role"]),
        (&json!(urn), &json!("flow_owner"))
    );
    assert_ne!(changed["updated_at"], changed["created_at"]);
    let theft = json!({"flow_owner": format!("urn:globus:auth:identity:{}", seed::ALICE)});
    refused(
        &world.call(&bob, "PUT", &path, Some(theft)),
        422,
        "UNPROCESSABLE_ENTITY",
    );

    refused(&world.call(&admin, "PUT", &path, Some(json!({}))), 403, "FORBIDDEN");
    refused(&world.call(&admin, "DELETE", &path, None), 403, "FORBIDDEN");
    let gone = world.call(&bob, "DELETE", &path, None).expect(200);
    assert_eq!((&gone["DELETED"], &gone["id"]), (&json!(true), &json!(flow)));
    refused(&world.get(&bob, &path), 404, "NOT_FOUND");
    assert!(
        world.emulator.mint_token("bob", &[&scope]).is_err(),
        "the scope is gone too"
    );
}

#[test]
fn flows_are_refused_to_others() {
    let world = world();
    let made = world.create("bob", &waits(1));
    let path = format!("/flows/{}", id(&made, "id"));
    let alice = world.flows_token("alice");
    let error = refused(&world.get(&alice, &path), 403, "FORBIDDEN");
    let detail = error["detail"].as_str().expect("a text");
    assert!(detail.ends_with("Missing permissions: VIEW."), "{detail}");
    let view = world.user_token("bob", &scope("view_flows"));
    world.get(&view, &path).expect(200);
    refused(&world.call(&view, "PUT", &path, Some(json!({}))), 403, "MISSING_SCOPE");
    refused(
        &world.call(&view, "POST", "/flows", Some(waits(1))),
        403,
        "MISSING_SCOPE",
    );
    refused(
        &world.call("nonsense", "POST", "/flows/validate", Some(json!({}))),
        401,
        "AUTHENTICATION_ERROR",
    );
    refused(&world.get(&alice, "/flows/nonsense"), 422, "UNPROCESSABLE_ENTITY");
    refused(&world.get(&alice, &format!("/flows/{}", seed::ALICE)), 404, "NOT_FOUND");
}

#[test]
fn mistakes_are_told_all_at_once() {
    let world = world();
    let token = world.flows_token("alice");
    let body = json!({
        "title": "", "subtitle": 1, "input_schema": {"type": "strin"}, "keywords": "k", "colour": "blue",
        "definition": {"StartAt": "a", "States": {"a": {"Type": "Pass"}}},
        "flow_administrators": [seed::ALICE], "flow_viewers": ["all_authenticated_users"],
    });
    let error = refused(
        &world.call(&token, "POST", "/flows", Some(body)),
        422,
        "UNPROCESSABLE_ENTITY",
    );
    let rows = error["detail"].as_array().expect("a list");
    let mut places: Vec<String> = rows.iter().map(|row| row["loc"].to_string()).collect();
    places.sort();
    let wanted = [
        r#"["colour"]"#,
        r#"["definition","States","a"]"#,
        r#"["flow_administrators",0]"#,
        r#"["flow_viewers",0]"#,
        r#"["input_schema"]"#,
        r#"["keywords"]"#,
        r#"["subtitle"]"#,
        r#"["title"]"#,
    ];
    assert_eq!(places, wanted);
    let administrator = rows
        .iter()
        .find(|row| row["loc"] == json!(["flow_administrators", 0]))
        .expect("a row");
    let wanted = format!(
        "Unrecognized principal string: \"{}\". Allowed principal types in role \"FlowAdministrator\": \
         [<AuthGroupUrn>, <AuthIdentityUrn>]",
        seed::ALICE
    );
    assert_eq!(
        (&administrator["msg"], &administrator["type"]),
        (&json!(wanted), &json!("value_error"))
    );
    for (body, status, code) in [
        (json!({}), 422, "UNPROCESSABLE_ENTITY"),
        (json!([]), 422, "UNPROCESSABLE_ENTITY"),
        (
            json!({"title": "T", "definition": {}, "input_schema": {}}),
            422,
            "UNPROCESSABLE_ENTITY",
        ),
    ] {
        refused(&world.call(&token, "POST", "/flows", Some(body)), status, code);
    }
    let mut body = waits(1);
    body["authentication_policy_id"] = json!(seed::ALICE);
    refused(&world.call(&token, "POST", "/flows", Some(body)), 501, "NotEmulated");
    let mut body = waits(1);
    body["subscription_id"] = json!(seed::ALICE);
    refused(
        &world.call(&token, "POST", "/flows", Some(body.clone())),
        422,
        "UNPROCESSABLE_ENTITY",
    );
    body["subscription_id"] = json!(seed::SUBSCRIPTION);
    assert_eq!(world.create("alice", &body)["subscription_id"], seed::SUBSCRIPTION);
}

#[test]
fn definitions_are_validated() {
    let world = world();
    let token = world.flows_token("alice");
    let check = |definition: Value| {
        world.call(
            &token,
            "POST",
            "/flows/validate",
            Some(json!({"definition": definition})),
        )
    };
    let action = |more: Value| {
        let mut state = json!({"Type": "Action", "ActionUrl": HELLO, "Parameters": {}});
        state
            .as_object_mut()
            .expect("an object")
            .extend(more.as_object().expect("an object").clone());
        json!({"StartAt": "Step1", "States": {"Step1": state}})
    };
    let hello = "https://auth.globus.org/scopes/actions.globus.org/hello_world";
    let well = check(action(json!({"End": true}))).expect(200);
    assert_eq!(well, json!({"scopes": {"User": [hello]}}));
    let wanted = json!({"scopes": {"Flow": ["urn:x"]}});
    assert_eq!(
        check(action(json!({"End": true, "ActionScope": "urn:x", "RunAs": "Flow"}))).expect(200),
        wanted
    );

    // As recorded from the service.
    let error = refused(&check(action(json!({}))), 422, "UNPROCESSABLE_ENTITY");
    let message = "A state of type 'Action' must be defined as either terminal (\"End\": true) or transitional \
                   (\"Next\": \"NextStateId\")";
    let detail = json!([{"loc": ["definition", "States", "Step1"], "msg": message, "type": "value_error"}]);
    assert_eq!(error["detail"], detail);
    assert_eq!(
        error["message"],
        format!("1 validation error in body. $.definition.States.Step1: {message}")
    );

    let unknown = action(json!({"End": true, "ActionUrl": "https://example.org/action"}));
    refused(&check(unknown), 409, "SCOPE_RESOLUTION_FAILED");
    let filter = action(json!({"End": true, "ResultPath": "$.a[?(@.b)]"}));
    refused(&check(filter), 501, "NotEmulated");
}

#[test]
fn a_run_goes_its_way() {
    let world = world();
    let body = json!({"body": {"greeting": "hi"}, "label": "A run", "tags": [" a  b "]});
    let run = world.start("bob", seed::FLOW_HELLO, body).expect(201);
    let (id, bob) = (id(&run, "run_id"), world.flows_token("bob"));
    let me = format!("urn:globus:auth:identity:{}", seed::BOB);
    assert_eq!((&run["status"], &run["run_owner"]), (&json!("ACTIVE"), &json!(me)));
    assert_eq!((&run["label"], &run["tags"]), (&json!("A run"), &json!(["a b"])));
    assert_eq!(run["details"]["code"], "FlowStarting");
    assert_eq!(run["details"]["details"]["input"], json!({"greeting": "hi"}));
    assert!(run.get("completion_time").is_none());

    // Nothing happens before its time.
    let path = format!("/runs/{id}");
    assert_eq!(world.get(&bob, &path).expect(200)["status"], "ACTIVE");
    refused(
        &world.call(&bob, "POST", &format!("{path}/release"), None),
        409,
        "STATE_CONFLICT",
    );
    world.seconds(1);
    let done = world
        .get(&bob, &format!("{path}?include_flow_description=True"))
        .expect(200);
    assert_eq!(
        (&done["status"], &done["details"]["code"]),
        (&json!("SUCCEEDED"), &json!("FlowSucceeded"))
    );
    let output = &done["details"]["output"];
    assert_eq!(output["greeting"], "hi");
    assert_eq!(output["Hello"]["details"], json!({"Hello": "World", "hello": "hi"}));
    assert_eq!(output["Hello"]["label"], "A run");
    assert!(done["completion_time"].is_string());
    assert_eq!(done["flow_description"]["title"], "Hello World");
    assert!(world.get(&bob, &path).expect(200).get("flow_description").is_none());

    let log = world.get(&bob, &format!("{path}/log?limit=100")).expect(200);
    let codes = |log: &Value| -> Vec<String> {
        let rows = log["entries"].as_array().expect("a list").iter();
        rows.map(|row| row["code"].as_str().expect("a code").to_owned())
            .collect()
    };
    assert_eq!(
        codes(&log),
        ["FlowStarted", "ActionStarted", "ActionCompleted", "FlowSucceeded"]
    );
    let backwards = world
        .get(&bob, &format!("{path}/log?reverse_order=True&limit=3"))
        .expect(200);
    assert_eq!(codes(&backwards), ["FlowSucceeded", "ActionCompleted", "ActionStarted"]);
    let marker = backwards["marker"].as_str().expect("a marker");
    let rest = world
        .get(&bob, &format!("{path}/log?reverse_order=True&limit=3&marker={marker}"))
        .expect(200);
    assert_eq!(
        (codes(&rest), rest.get("marker")),
        (vec!["FlowStarted".to_owned()], None)
    );
    let definition = world.get(&bob, &format!("{path}/definition")).expect(200);
    assert_eq!(
        (&definition["flow_id"], &definition["definition"]["StartAt"]),
        (&json!(seed::FLOW_HELLO), &json!("Hello"))
    );

    let body =
        json!({"label": "New", "tags": [], "run_monitors": [format!("urn:globus:auth:identity:{}", seed::ADMIN)]});
    let changed = world.call(&bob, "PUT", &path, Some(body)).expect(200);
    assert_eq!((&changed["label"], &changed["tags"]), (&json!("New"), &json!([])));
    let admin = world.flows_token("admin@example.org");
    assert_eq!(world.get(&admin, &path).expect(200)["user_role"], "run_monitor");
    refused(&world.call(&admin, "PUT", &path, Some(json!({}))), 403, "FORBIDDEN");
    refused(
        &world.call(&admin, "POST", &format!("{path}/cancel"), None),
        403,
        "FORBIDDEN",
    );
    refused(&world.get(&world.flows_token("alice"), &path), 403, "FORBIDDEN");
    refused(
        &world.call(&bob, "POST", &format!("{path}/cancel"), None),
        409,
        "STATE_CONFLICT",
    );

    assert_eq!(
        world.call(&bob, "POST", &format!("{path}/release"), None).expect(200)["status"],
        "SUCCEEDED"
    );
    refused(&world.get(&bob, &path), 404, "NOT_FOUND");
}

#[test]
fn inputs_are_checked_and_starters_are_known() {
    let world = world();
    let path = format!("/flows/{}/validate_run", seed::FLOW_HELLO);
    let token = world.start_token("bob", seed::FLOW_HELLO);
    let check = |body: Value| world.call(&token, "POST", &path, Some(body));
    let well = check(json!({"body": {"greeting": "hi"}})).expect(200);
    assert_eq!(well, json!({"message": "validation successful"}));
    let error = refused(&check(json!({"body": {"greeting": 1}})), 400, "FLOW_INPUT_ERROR");
    let row = json!({"loc": ["$.greeting"], "type": "InvalidActionInput", "msg": "1 is not of type 'string'"});
    assert_eq!(error["detail"], json!([row]));
    assert_eq!(error["message"], "Input failed schema validation with 1 error.");
    for body in [
        json!({}),
        json!({"body": []}),
        json!({"body": {"greeting": "x"}, "label": "x".repeat(65)}),
        json!({"body": {"greeting": "x"}, "activity_notification_policy": {"status": ["ASLEEP"]}}),
        json!({"body": {"greeting": "x"}, "run_managers": ["bob"]}),
    ] {
        refused(&check(body), 422, "UNPROCESSABLE_ENTITY");
    }
    let policy = json!({"body": {"greeting": "x"}, "activity_notification_policy": {"status": ["FAILED"]}});
    check(policy).expect(200);

    // A token of Flows itself starts nothing, nor does one for another flow, nor somebody who may not.
    let body = json!({"body": {"greeting": "hi"}});
    let run = format!("/flows/{}/run", seed::FLOW_HELLO);
    let start = |token: &str| world.call(token, "POST", &run, Some(body.clone()));
    refused(&start(&world.flows_token("alice")), 403, "MISSING_SCOPE");
    refused(
        &start(&world.start_token("alice", seed::FLOW_BOBS)),
        403,
        "MISSING_SCOPE",
    );
    refused(&start("nonsense"), 401, "AUTHENTICATION_ERROR");
    let error = refused(
        &world.start("alice", seed::FLOW_BOBS, json!({"body": {}})),
        403,
        "FORBIDDEN",
    );
    let wanted = format!(
        "You do not have the necessary permissions to perform this action on the flow with id value {}. \
         Missing permissions: RUN.",
        seed::FLOW_BOBS
    );
    assert_eq!(error["detail"], wanted);
}

#[test]
fn runs_are_listed_by_role_flow_and_status() {
    let world = world();
    let mut body = waits(60);
    body["run_monitors"] = json!([format!("urn:globus:auth:identity:{}", seed::BOB)]);
    body["run_managers"] = json!([format!("urn:globus:auth:identity:{}", seed::ADMIN)]);
    let flow = id(&world.create("alice", &body), "id");
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(id(
            &world.start("alice", &flow, json!({"body": {}})).expect(201),
            "run_id",
        ));
        world.seconds(30);
    }
    ids.push(id(
        &world.start("bob", seed::FLOW_BOBS, json!({"body": {}})).expect(201),
        "run_id",
    ));
    let list = |user: &str, query: &str| -> Vec<usize> {
        let page = world
            .get(&world.flows_token(user), &format!("/runs{query}"))
            .expect(200);
        let rows = page["runs"].as_array().expect("a list").iter();
        rows.map(|row| ids.iter().position(|id| row["run_id"] == **id).expect("a run"))
            .collect()
    };
    for (user, query, wanted) in [
        ("alice", "", &[2, 1, 0][..]),
        ("bob", "", &[3, 2, 1, 0]),
        ("bob", "?filter_flow_id=&filter_roles=", &[3, 2, 1, 0]),
        ("bob", "?filter_roles=run_owner", &[3]),
        (
            "bob",
            "?filter_roles=flow_run_monitor&orderby=start_time+ASC",
            &[0, 1, 2],
        ),
        ("bob", "?filter_status=SUCCEEDED", &[0]),
        (
            "admin@example.org",
            "?filter_roles=flow_run_manager&per_page=2",
            &[2, 1],
        ),
    ] {
        assert_eq!(list(user, query), wanted, "{user} {query}");
    }
    assert_eq!(
        list("bob", &format!("?filter_flow_id={flow},{}", seed::FLOW_BOBS)),
        [3, 2, 1, 0]
    );
    assert_eq!(list("bob", &format!("?filter_flow_id={}", seed::FLOW_BOBS)), [3]);
    let admin = world.flows_token("admin@example.org");
    let first = world.get(&admin, "/runs?per_page=2").expect(200);
    assert_eq!(first["has_next_page"], true);
    let marker = first["marker"].as_str().expect("a marker");
    let last = world
        .get(&admin, &format!("/runs?per_page=2&marker={marker}"))
        .expect(200);
    assert_eq!(
        (&last["runs"][0]["run_id"], &last["has_next_page"]),
        (&json!(ids[0]), &json!(false))
    );

    // Who manages the runs of the flow may end one.
    let path = format!("/runs/{}/cancel", ids[2]);
    let ended = world.call(&admin, "POST", &path, None).expect(202);
    assert_eq!(
        (&ended["status"], &ended["details"]["code"]),
        (&json!("FAILED"), &json!("FlowCanceled"))
    );
    let bob = world.flows_token("bob");
    for query in ["?filter_flow_id=x", "?orderby=secret", "?per_page=0", "?marker=x"] {
        refused(&world.get(&bob, &format!("/runs{query}")), 422, "UNPROCESSABLE_ENTITY");
    }
    refused(
        &world.get(&world.user_token("bob", &scope("view_flows")), "/runs"),
        403,
        "MISSING_SCOPE",
    );
}

#[test]
fn a_run_without_consent_waits_for_it() {
    let world = world();
    let wanted = "urn:globus:auth:scope:transfer.api.globus.org:all";
    let body = flow(json!({
        "Type": "Action", "ActionUrl": HELLO, "Parameters": {"required_dependent_scope": wanted}, "End": true,
    }));
    let made = world.create("alice", &body);
    let (flow, scope) = (id(&made, "id"), id(&made, "globus_auth_scope"));
    let run = id(&world.start("alice", &flow, json!({"body": {}})).expect(201), "run_id");
    world.seconds(1);
    let alice = world.flows_token("alice");
    let path = format!("/runs/{run}");
    let stalled = world.get(&alice, &path).expect(200);
    let details = &stalled["details"];
    assert_eq!(
        (&stalled["status"], &details["code"]),
        (&json!("INACTIVE"), &json!("ConsentRequired"))
    );
    assert_eq!(
        (&details["state_name"], &details["action_statuses"][0]["status"]),
        (&json!("a"), &json!("INACTIVE"))
    );
    let required = details["required_scope"].as_str().expect("a scope").to_owned();
    assert!(required.starts_with(&scope) && required.contains(wanted), "{required}");

    // Resumed without it, it waits again; with it, it ends well.
    let resume = format!("{path}/resume");
    let token = world.start_token("alice", &flow);
    assert_eq!(
        world.call(&token, "POST", &resume, None).expect(200)["status"],
        "ACTIVE"
    );
    refused(&world.call(&token, "POST", &resume, None), 409, "STATE_CONFLICT");
    world.seconds(1);
    assert_eq!(world.get(&alice, &path).expect(200)["status"], "INACTIVE");
    refused(&world.call(&alice, "POST", &resume, None), 403, "MISSING_SCOPE");
    refused(
        &world.call(&world.start_token("bob", &flow), "POST", &resume, None),
        403,
        "FORBIDDEN",
    );
    let token = world.user_token("alice", &required);
    assert_eq!(
        world.call(&token, "POST", &resume, None).expect(200)["status"],
        "ACTIVE"
    );
    world.seconds(1);
    assert_eq!(world.get(&alice, &path).expect(200)["status"], "SUCCEEDED");
    refused(&world.call(&token, "POST", &resume, None), 409, "STATE_CONFLICT");
}

#[test]
fn in_real_time_runs_go_on_by_themselves() {
    let world = World::new();
    let flow = id(&world.create("alice", &waits(0)), "id");
    let run = id(&world.start("alice", &flow, json!({"body": {}})).expect(201), "run_id");
    let alice = world.flows_token("alice");
    let done = || world.get(&alice, &format!("/runs/{run}")).expect(200)["status"] == "SUCCEEDED";
    let start = std::time::Instant::now();
    while !done() {
        assert!(start.elapsed() < Duration::from_secs(20), "the run does not end");
    }
}
