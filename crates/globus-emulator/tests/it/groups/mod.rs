//! Groups: documents, rules, validation.

mod members;

use globus_emulator::seed;
use serde_json::{Value, json};

use crate::http::{GROUPS, TRANSFER, World};

const VIEW: &str = "urn:globus:auth:scope:groups.api.globus.org:view_my_groups_and_memberships";

fn path(id: &str) -> String {
    format!("/v2/groups/{id}")
}

fn ids(document: &Value) -> Vec<&str> {
    document
        .as_array()
        .expect("an array")
        .iter()
        .filter_map(|row| row["id"].as_str())
        .collect()
}

/// Where the validation problems are, and of what kind.
fn problems(document: &Value) -> Vec<(String, String)> {
    let rows = document["detail"].as_array().expect("a list of problems").iter();
    rows.map(|row| {
        (
            row["loc"].to_string(),
            row["type"].as_str().unwrap_or_default().to_owned(),
        )
    })
    .collect()
}

#[test]
fn my_groups_are_those_of_all_my_identities() {
    let world = World::new();
    let alice = world.user_token(seed::ALICE, VIEW);
    let document = world.get(&alice, "/v2/groups/my_groups").expect(200);
    assert_eq!(
        ids(&document),
        [seed::GROUP_RESEARCH, seed::GROUP_SUBGROUP, seed::GROUP_HIGH_ASSURANCE]
    );
    assert_eq!(document[0]["my_memberships"][0]["role"], "admin");
    assert_eq!(document[0]["my_memberships"].as_array().map(Vec::len), Some(1));
    assert_eq!(
        (&document[2]["group_type"], &document[2]["enforce_session"]),
        (&json!("plus"), &json!(true))
    );
    let document = world
        .get(&alice, "/v2/groups/my_groups?statuses=pending,invited")
        .expect(200);
    assert_eq!(ids(&document), [seed::GROUP_RESEARCH]);
    assert_eq!(document[0]["my_memberships"][0]["identity_id"], seed::ALICE_LINKED);
    world
        .get(&alice, "/v2/groups/my_groups?statuses=bogus")
        .refused(422, "UNPROCESSABLE_ENTITY");
}

#[test]
fn tokens_and_scopes_are_checked() {
    let world = World::new();
    let mine = "/v2/groups/my_groups";
    world.send("GET", mine, &[], b"").refused(401, "AUTHENTICATION_ERROR");
    world
        .send("GET", mine, &[("authorization", "Basic eDp5")], b"")
        .refused(401, "AUTHENTICATION_ERROR");
    world.get("x", mine).refused(401, "INVALID_TOKEN");
    world
        .get(&world.client_token(TRANSFER), mine)
        .refused(401, "INVALID_TOKEN");
    let viewer = world.user_token(seed::ALICE, VIEW);
    for (method, path) in [
        ("POST", "/v2/groups".to_owned()),
        ("PUT", path(seed::GROUP_RESEARCH)),
        ("DELETE", path(seed::GROUP_RESEARCH)),
        ("POST", path(seed::GROUP_RESEARCH)),
        ("GET", "/v2/preferences".to_owned()),
        ("GET", "/v2/groups/statuses".to_owned()),
    ] {
        let answer = world.call(&viewer, method, &path, Some(json!({})));
        answer.refused(403, "FORBIDDEN");
        assert_eq!(answer.json()["provided_scopes"], json!([VIEW]), "{method} {path}");
    }
    // One's own membership is there to read, those of others are not.
    let document = world
        .get(&viewer, &format!("{}?include=memberships", path(seed::GROUP_RESEARCH)))
        .expect(200);
    assert!(document.get("memberships").is_none() && document["my_memberships"][0]["role"] == "admin");
}

#[test]
fn a_group_shows_what_is_asked_for_and_allowed() {
    let world = World::new();
    let (alice, bob) = (
        world.user_token(seed::ALICE, GROUPS),
        world.user_token(seed::BOB, GROUPS),
    );
    let (admin, program) = (world.user_token(seed::ADMIN, GROUPS), world.client_token(GROUPS));
    let research = path(seed::GROUP_RESEARCH);
    let all = format!("{research}?include=memberships,my_memberships,policies,allowed_actions,child_ids");
    let document = world.get(&alice, &all).expect(200);
    assert_eq!(document["memberships"].as_array().map(Vec::len), Some(5));
    assert_eq!(document["child_ids"], json!([seed::GROUP_SUBGROUP]));
    assert_eq!(document["allowed_actions"]["change_role"], json!([seed::ALICE]));
    assert_eq!(
        document["allowed_actions"]["leave"],
        json!([]),
        "the last administrator stays"
    );
    assert_eq!(document["policies"]["group_visibility"], "private");
    assert_eq!(
        world.get(&bob, &all).expect(200)["allowed_actions"]["change_role"],
        json!([])
    );
    let plain = world.get(&bob, &research).expect(200);
    assert!(plain.get("memberships").is_none() && plain.get("child_ids").is_none());
    // An invited identity sees the group and not its members; others do not see it.
    let invited = world.get(&admin, &all).expect(200);
    assert!(invited.get("memberships").is_none());
    world.get(&program, &research).refused(404, "NOT_FOUND");
    world.get(&program, &path(seed::GROUP_OPEN)).expect(200);
    world
        .get(&alice, &format!("{research}?include=secrets"))
        .refused(422, "UNPROCESSABLE_ENTITY");
    let document = world.get(&alice, &path("no-id")).expect(422);
    assert_eq!(
        problems(&document),
        [(r#"["path","group_id"]"#.to_owned(), "uuid_parsing".to_owned())]
    );
    let children = world.get(&alice, &format!("{research}/children")).expect(200);
    assert_eq!(ids(&children["children"]), [seed::GROUP_SUBGROUP]);
    let statuses = world.get(&alice, "/v2/groups/statuses").expect(200);
    assert_eq!(statuses[seed::GROUP_RESEARCH]["active"], 3);
    assert_eq!(
        (
            &statuses[seed::GROUP_RESEARCH]["invited"],
            &statuses[seed::GROUP_RESEARCH]["left"]
        ),
        (&json!(1), &json!(0))
    );
    assert!(
        statuses.get(seed::GROUP_HIGH_ASSURANCE).is_none(),
        "Alice is a member there"
    );
}

#[test]
fn groups_are_made_changed_and_deleted() {
    let world = World::new();
    let (alice, bob) = (
        world.user_token(seed::ALICE, GROUPS),
        world.user_token(seed::BOB, GROUPS),
    );
    let body = json!({"name": "foo", "description": null, "parent_id": null});
    let made = world.call(&alice, "POST", "/v2/groups", Some(body)).expect(201);
    assert_eq!(
        (&made["name"], &made["description"], &made["parent_id"]),
        (&json!("foo"), &json!(null), &json!(null))
    );
    assert_eq!(made["my_memberships"][0]["role"], "admin");
    assert_eq!(made["policies"]["join_requests"], false);
    let id = made["id"].as_str().expect("an id");
    let child = json!({"name": "bar", "parent_id": id, "policies": {"join_requests": true}});
    let child = world.call(&alice, "POST", "/v2/groups", Some(child)).expect(201);
    assert_eq!(
        (&child["parent_id"], &child["policies"]["join_requests"]),
        (&json!(id), &json!(true))
    );
    let changed = world
        .call(
            &alice,
            "PUT",
            &path(id),
            Some(json!({"description": "d", "name": null})),
        )
        .expect(200);
    assert_eq!(
        (&changed["name"], &changed["description"]),
        (&json!("foo"), &json!("d"))
    );
    let changed = world
        .call(&alice, "PUT", &path(id), Some(json!({"name": "n"})))
        .expect(200);
    assert_eq!((&changed["name"], &changed["description"]), (&json!("n"), &json!("d")));
    world.call(&alice, "DELETE", &path(id), None).refused(409, "CONFLICT");
    let gone = world
        .call(&alice, "DELETE", &path(child["id"].as_str().expect("an id")), None)
        .expect(200);
    assert_eq!(gone["name"], "bar");
    world.call(&alice, "DELETE", &path(id), None).expect(200);
    world.get(&alice, &path(id)).refused(404, "NOT_FOUND");
    // A manager does not do what an administrator does; a stranger sees nothing.
    let research = path(seed::GROUP_RESEARCH);
    world
        .call(&bob, "PUT", &research, Some(json!({"name": "x"})))
        .refused(403, "FORBIDDEN");
    world.call(&bob, "DELETE", &research, None).refused(403, "FORBIDDEN");
    world
        .call(
            &bob,
            "POST",
            "/v2/groups",
            Some(json!({"name": "x", "parent_id": seed::GROUP_RESEARCH})),
        )
        .refused(403, "FORBIDDEN");
    world
        .call(
            &bob,
            "POST",
            "/v2/groups",
            Some(json!({"name": "x", "parent_id": seed::GROUP_HIGH_ASSURANCE})),
        )
        .refused(404, "NOT_FOUND");
    world
        .call(
            &bob,
            "PUT",
            &path(seed::GROUP_HIGH_ASSURANCE),
            Some(json!({"name": "x"})),
        )
        .refused(404, "NOT_FOUND");
}

#[test]
fn a_subscription_is_not_for_the_taking() {
    let world = World::new();
    let token = world.user_token(seed::ALICE, GROUPS);
    let wanted = json!({"name": "Rich", "subscription_id": seed::SUBSCRIPTION});
    world
        .call(&token, "POST", "/v2/groups", Some(wanted))
        .refused(403, "FORBIDDEN");
    let wanted = json!({"name": "Poor", "subscription_id": null, "description": null, "parent_id": null});
    let group = world.call(&token, "POST", "/v2/groups", Some(wanted)).expect(201);
    assert_eq!(group["group_type"], "regular");
}
#[test]
fn subscriptions_verify_groups() {
    let world = World::new();
    let (alice, admin) = (
        world.user_token(seed::ALICE, GROUPS),
        world.user_token(seed::ADMIN, GROUPS),
    );
    let info = world
        .get(&alice, &format!("/v2/subscription_info/{}", seed::SUBSCRIPTION))
        .expect(200);
    assert_eq!(info["group_id"], seed::GROUP_HIGH_ASSURANCE);
    let mut keys: Vec<&String> = info["subscription_info"]
        .as_object()
        .expect("an object")
        .keys()
        .collect();
    keys.sort();
    assert_eq!(keys, ["connectors", "is_baa", "is_high_assurance"]);
    world
        .get(&alice, &format!("/v2/subscription_info/{}", seed::ALICE))
        .refused(404, "NOT_FOUND");
    world.get(&alice, "/v2/subscription_info/x").expect(422);
    let research = path(seed::GROUP_RESEARCH);
    let verified = format!("{research}/subscription_admin_verified");
    let set = |token: &str, id: Value| {
        world.call(
            token,
            "PUT",
            &verified,
            Some(json!({"subscription_admin_verified_id": id})),
        )
    };
    set(&alice, json!(seed::SUBSCRIPTION)).refused(403, "FORBIDDEN");
    set(&admin, json!(seed::ALICE)).refused(403, "FORBIDDEN");
    let wanted = json!({"group_id": seed::GROUP_RESEARCH, "subscription_admin_verified_id": seed::SUBSCRIPTION});
    assert_eq!(set(&admin, json!(seed::SUBSCRIPTION)).expect(200), wanted);
    set(&alice, json!(null)).refused(403, "FORBIDDEN");
    // The group's own administrators clear it by updating the group, and cannot set it there.
    let put = |id: Value| {
        world.call(
            &alice,
            "PUT",
            &research,
            Some(json!({"subscription_admin_verified_id": id})),
        )
    };
    assert_eq!(
        put(json!(null)).expect(200)["subscription_admin_verified_id"],
        json!(null)
    );
    put(json!(seed::SUBSCRIPTION)).refused(403, "FORBIDDEN");
    set(&admin, json!(null)).expect(200);
}
