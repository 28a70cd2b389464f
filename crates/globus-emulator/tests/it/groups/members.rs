//! Who is in a group, how one gets in, and what is wrong with the documents that say so.

use globus_emulator::seed;
use serde_json::{Value, json};

use super::{path, problems};
use crate::http::{GROUPS, World};

#[test]
fn documents_are_validated() {
    let world = World::new();
    let alice = world.user_token(seed::ALICE, GROUPS);
    let research = path(seed::GROUP_RESEARCH);
    let policies = format!("{research}/policies");
    let cases: &[(&str, &str, Value, &[(&str, &str)])] = &[
        ("POST", "/v2/groups", json!({}), &[(r#"["body","name"]"#, "missing")]),
        (
            "POST",
            "/v2/groups",
            json!([]),
            &[(r#"["body"]"#, "model_attributes_type")],
        ),
        (
            "POST",
            "/v2/groups",
            json!({"name": null}),
            &[(r#"["body","name"]"#, "string_type")],
        ),
        (
            "POST",
            "/v2/groups",
            json!({"name": " "}),
            &[(r#"["body","name"]"#, "string_too_short")],
        ),
        (
            "POST",
            "/v2/groups",
            json!({"name": 1, "description": [], "parent_id": "x"}),
            &[
                (r#"["body","name"]"#, "string_type"),
                (r#"["body","description"]"#, "string_type"),
                (r#"["body","parent_id"]"#, "uuid_parsing"),
            ],
        ),
        (
            "POST",
            "/v2/groups",
            json!({"name": "a", "policies": {"join_requests": "yes"}}),
            &[(r#"["body","policies","join_requests"]"#, "bool_type")],
        ),
        (
            "PUT",
            &research,
            json!({"name": 1}),
            &[(r#"["body","name"]"#, "string_type")],
        ),
        (
            "PUT",
            &policies,
            json!({"is_high_assurance": 1, "group_visibility": "x", "signup_fields": ["zip", "x"], "authentication_assurance_timeout": -1}),
            &[
                (r#"["body","is_high_assurance"]"#, "bool_type"),
                (r#"["body","authentication_assurance_timeout"]"#, "int_type"),
                (r#"["body","group_visibility"]"#, "enum"),
                (r#"["body","signup_fields",1]"#, "enum"),
            ],
        ),
        (
            "POST",
            &research,
            json!({"promote": []}),
            &[(r#"["body","promote"]"#, "extra_forbidden")],
        ),
        (
            "POST",
            &research,
            json!({"add": {}}),
            &[(r#"["body","add"]"#, "list_type")],
        ),
        (
            "POST",
            &research,
            json!({"add": [1]}),
            &[(r#"["body","add",0]"#, "model_attributes_type")],
        ),
        (
            "POST",
            &research,
            json!({"add": [{}]}),
            &[(r#"["body","add",0,"identity_id"]"#, "missing")],
        ),
        (
            "POST",
            &research,
            json!({"add": [{"identity_id": "x", "role": "boss"}]}),
            &[
                (r#"["body","add",0,"role"]"#, "enum"),
                (r#"["body","add",0,"identity_id"]"#, "uuid_parsing"),
            ],
        ),
        (
            "PUT",
            "/v2/preferences",
            json!({"x": {}}),
            &[(r#"["body","x","[key]"]"#, "uuid_parsing")],
        ),
        (
            "PUT",
            "/v2/preferences",
            json!({seed::ALICE: {}}),
            &[(&format!(r#"["body","{}","allow_add"]"#, seed::ALICE), "missing")],
        ),
        (
            "PUT",
            &format!("{research}/membership_fields"),
            json!({seed::ALICE: {"shoe_size": 1}}),
            &[
                (&format!(r#"["body","{}","shoe_size"]"#, seed::ALICE), "extra_forbidden"),
                (&format!(r#"["body","{}","shoe_size"]"#, seed::ALICE), "string_type"),
            ],
        ),
        (
            "PUT",
            &format!("{research}/subscription_admin_verified"),
            json!({}),
            &[(r#"["body","subscription_admin_verified_id"]"#, "missing")],
        ),
    ];
    for (method, path, body, wanted) in cases {
        let document = world.call(&alice, method, path, Some(body.clone())).expect(422);
        let wanted: Vec<(String, String)> = wanted.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        assert_eq!(problems(&document), wanted, "{method} {path} {body}");
    }
    let authorization = format!("Bearer {alice}");
    let headers = [
        ("authorization", authorization.as_str()),
        ("content-type", "application/json"),
    ];
    let broken = world.send("POST", "/v2/groups", &headers, b"{\"name\": ").expect(422);
    assert_eq!(broken["detail"][0]["type"], "json_invalid");
    assert_eq!(
        world.send("POST", "/v2/groups", &headers, b"").expect(422)["detail"][0]["type"],
        "missing"
    );
}

#[test]
fn batches_fail_in_part_or_as_a_whole() {
    let world = World::new();
    let (alice, bob) = (
        world.user_token(seed::ALICE, GROUPS),
        world.user_token(seed::BOB, GROUPS),
    );
    let research = path(seed::GROUP_RESEARCH);
    let act = |token: &str, body: Value| world.call(token, "POST", &research, Some(body));
    let nobody = "00000000-0000-4000-8000-000000000000";
    // In part: one is added, one already is, one does not exist.
    let body = json!({"add": [
        {"identity_id": seed::CLIENT_ID, "role": "manager"}, {"identity_id": seed::BOB}, {"identity_id": nobody},
    ]});
    let answer = act(&alice, body);
    let document = answer.expect(200);
    assert_eq!(document["add"].as_array().map(Vec::len), Some(1));
    assert_eq!(
        (&document["add"][0]["role"], &document["add"][0]["status"]),
        (&json!("manager"), &json!("active"))
    );
    let codes: Vec<&Value> = document["errors"]["add"]
        .as_array()
        .expect("errors")
        .iter()
        .map(|row| &row["code"])
        .collect();
    assert_eq!(codes, ["ALREADY_ACTIVE", "IDENTITY_NOT_FOUND"]);
    assert_eq!(document["errors"]["add"][0]["identity_id"], seed::BOB);
    assert_eq!(
        answer.header("x-emulator-confidence"),
        Some("inferred"),
        "one of the codes is a guess"
    );
    // What only has known parts does not say that it is inferred.
    let answer = act(
        &alice,
        json!({"add": [{"identity_id": seed::BOB}], "remove": [{"identity_id": nobody}]}),
    );
    assert_eq!(answer.header("x-emulator-confidence"), Some("inferred"));
    let answer = act(&alice, json!({"add": [{"identity_id": seed::BOB}]}));
    assert_eq!(
        (
            answer.expect(200)["add"].clone(),
            answer.header("x-emulator-confidence")
        ),
        (json!([]), None)
    );
    // As a whole: an identity twice, even across actions; an action that nobody here may take.
    let twice = act(
        &alice,
        json!({"add": [{"identity_id": seed::ADMIN}], "remove": [{"identity_id": seed::ADMIN}]}),
    );
    twice.refused(400, "BAD_REQUEST");
    assert_eq!(twice.json()["ambiguous_identities"], json!([seed::ADMIN]));
    let body = json!({"invite": [{"identity_id": seed::ALICE_LINKED}], "change_role": [{"identity_id": seed::ALICE, "role": "member"}]});
    act(&bob, body).refused(403, "FORBIDDEN");
    let admin = world.user_token(seed::ADMIN, GROUPS);
    act(&admin, json!({"join": [{"identity_id": seed::ADMIN}]})).refused(403, "FORBIDDEN");
    let members = world
        .get(&alice, &format!("{research}?include=memberships"))
        .expect(200);
    let linked = members["memberships"]
        .as_array()
        .expect("rows")
        .iter()
        .find(|row| row["identity_id"] == seed::ALICE_LINKED);
    assert_eq!(
        linked.expect("a row")["status"],
        "pending",
        "a request that failed as a whole did nothing"
    );
    // Names work in place of ids; empty and null lists do nothing.
    let document = act(
        &alice,
        json!({"invite": [{"username": "New@example.org", "provision_identity": true}], "add": [], "join": null}),
    )
    .expect(200);
    assert_eq!(document["invite"][0]["username"], "New@example.org");
    assert_eq!(document.get("errors"), None);
    world
        .call(&world.client_token(GROUPS), "POST", &path(nobody), Some(json!({})))
        .refused(404, "NOT_FOUND");
}

#[test]
fn preferences_policies_and_fields() {
    let world = World::new();
    let (alice, bob) = (
        world.user_token(seed::ALICE, GROUPS),
        world.user_token(seed::BOB, GROUPS),
    );
    let both = json!({seed::ALICE: {"allow_add": true}, seed::ALICE_LINKED: {"allow_add": true}});
    assert_eq!(world.get(&alice, "/v2/preferences").expect(200), both);
    let set = |token: &str, body: Value| world.call(token, "PUT", "/v2/preferences", Some(body));
    assert_eq!(
        set(&bob, json!({seed::BOB: {"allow_add": false}})).expect(200),
        json!({seed::BOB: {"allow_add": false}})
    );
    set(&bob, json!({seed::ALICE: {"allow_add": false}})).refused(403, "FORBIDDEN");
    let subgroup = path(seed::GROUP_SUBGROUP);
    let made = world
        .call(&alice, "POST", "/v2/groups", Some(json!({"name": "g"})))
        .expect(201);
    let group = path(made["id"].as_str().expect("an id"));
    let add = json!({"add": [{"identity_id": seed::BOB}]});
    let document = world.call(&alice, "POST", &group, Some(add.clone())).expect(200);
    assert_eq!(document["errors"]["add"][0]["code"], "ADD_NOT_ALLOWED");
    set(&bob, json!({seed::BOB: {"allow_add": null}})).expect(200);
    assert_eq!(
        world.call(&alice, "POST", &group, Some(add)).expect(200)["add"][0]["status"],
        "active"
    );

    let policies = format!("{group}/policies");
    let wanted = json!({"is_high_assurance": false, "authentication_assurance_timeout": null, "group_visibility": "authenticated",
        "group_members_visibility": "members", "join_requests": true, "signup_fields": ["department", "department", "zip"]});
    let document = world.call(&alice, "PUT", &policies, Some(wanted)).expect(200);
    assert_eq!(document["signup_fields"], json!(["department", "zip"]));
    assert_eq!(document["authentication_assurance_timeout"], 28_800);
    assert_eq!(world.get(&bob, &policies).expect(200), document);
    world
        .call(&bob, "PUT", &policies, Some(json!({})))
        .refused(403, "FORBIDDEN");

    let admin = world.user_token(seed::ADMIN, GROUPS);
    let fields = format!("{group}/membership_fields");
    let ask = json!({"request_join": [{"identity_id": seed::ADMIN}]});
    let document = world.call(&admin, "POST", &group, Some(ask.clone())).expect(200);
    assert_eq!(
        document["errors"]["request_join"][0]["code"],
        "MISSING_MEMBERSHIP_FIELDS"
    );
    let filled = json!({seed::ADMIN: {"department": "Physics", "zip": "12345"}});
    assert_eq!(
        world.call(&admin, "PUT", &fields, Some(filled.clone())).expect(200),
        filled
    );
    assert_eq!(world.get(&admin, &fields).expect(200), filled);
    let document = world.call(&admin, "POST", &group, Some(ask)).expect(200);
    assert_eq!(document["request_join"][0]["status"], "pending");
    assert_eq!(
        document["request_join"][0]["membership_fields"]["department"],
        "Physics"
    );
    world
        .call(&admin, "PUT", &fields, Some(json!({seed::BOB: {"zip": "1"}})))
        .refused(403, "FORBIDDEN");
    let approve = json!({"approve": [{"identity_id": seed::ADMIN, "status_reason": "welcome"}]});
    let document = world.call(&alice, "POST", &group, Some(approve)).expect(200);
    assert_eq!(
        (
            &document["approve"][0]["status"],
            &document["approve"][0]["status_reason"]
        ),
        (&json!("active"), &json!("welcome"))
    );
    world.get(&bob, &subgroup).expect(200);
}

#[test]
fn a_group_of_high_assurance_wants_a_login_of_late() {
    let world = World::new();
    let token = world.user_token(seed::ALICE, GROUPS);
    let path = format!("/v2/groups/{}", seed::GROUP_HIGH_ASSURANCE);
    let group = world.get(&token, &path).expect(200);
    assert_eq!(
        (&group["enforce_session"], &group["session_limit"]),
        (&json!(true), &json!(1800))
    );
    let left = group["session_timeouts"][seed::ALICE]["expires_in"]
        .as_f64()
        .expect("seconds");
    assert!((1700.0..=1800.0).contains(&left), "{left}");
    world.emulator.advance(std::time::Duration::from_secs(1801));
    let answer = world.get(&token, &path);
    assert_eq!(answer.header("x-emulator-confidence"), Some("inferred"));
    let refused = answer.expect(403);
    assert_eq!(refused["code"], "FORBIDDEN");
    assert_eq!(
        refused["authorization_parameters"]["session_required_identities"],
        json!([seed::ALICE])
    );
    // The list of one's groups needs none, and says that nothing is open.
    let mine = world.get(&token, "/v2/groups/my_groups").expect(200);
    let row = mine
        .as_array()
        .into_iter()
        .flatten()
        .find(|row| row["id"] == seed::GROUP_HIGH_ASSURANCE);
    assert_eq!(row.expect("the group")["session_timeouts"], json!({}));
    let leave = json!({"leave": [{"identity_id": seed::ALICE}]});
    world
        .call(&token, "POST", &path, Some(leave.clone()))
        .refused(403, "FORBIDDEN");
    // Signing in again opens it.
    let token = world.user_token(seed::ALICE, GROUPS);
    world.call(&token, "POST", &path, Some(leave)).expect(200);
}
