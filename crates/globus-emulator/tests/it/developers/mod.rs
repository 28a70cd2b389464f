//! What developers manage: projects, policies, clients, credentials, scopes; and what logins make of them at once.

mod access;
mod clients;

use globus_emulator::seed;
use serde_json::{Value, json};

use crate::http::{GROUPS, World};

const MANAGE: &str = "urn:globus:auth:scope:auth.globus.org:manage_projects";
const PROJECTS: &str = "/v2/api/projects";

pub(crate) fn manager(world: &World, identity: &str) -> String {
    world.user_token(identity, MANAGE)
}

fn text(document: &Value, pointer: &str) -> String {
    let found = document.pointer(pointer).and_then(Value::as_str);
    found.unwrap_or_else(|| panic!("no {pointer} in {document}")).to_owned()
}

/// Makes something below Auth's API and gives the answer.
fn made(world: &World, token: &str, path: &str, document: Value) -> Value {
    world.call(token, "POST", path, Some(document)).expect(201)
}

fn client(world: &World, token: &str, more: Value) -> Value {
    let mut wanted = json!({"name": "A client", "project": seed::PROJECT, "client_type": "resource_server"});
    for (key, value) in more.as_object().into_iter().flatten() {
        wanted[key] = value.clone();
    }
    made(world, token, "/v2/api/clients", json!({"client": wanted}))
}

fn scope(world: &World, token: &str, client: &str, suffix: &str, more: Value) -> Value {
    let mut wanted = json!({"name": "Stir", "description": "Stir the pot", "scope_suffix": suffix});
    for (key, value) in more.as_object().into_iter().flatten() {
        wanted[key] = value.clone();
    }
    let path = format!("/v2/api/clients/{client}/scopes");
    made(world, token, &path, json!({"scope": wanted}))
}

#[test]
fn projects_belong_to_their_administrators() {
    let world = World::new();
    let (alice, bob) = (manager(&world, seed::ALICE), manager(&world, seed::BOB));
    let wanted =
        json!({"project": {"display_name": "Mine", "contact_email": "a@example.org", "admin_ids": [seed::ALICE]}});
    let project = made(&world, &alice, PROJECTS, wanted.clone());
    let id = text(&project, "/project/id");
    assert_eq!(project["project"]["project_name"], "Mine");
    assert_eq!(project["project"]["admin_group_ids"], Value::Null);
    assert_eq!(
        project["project"]["admins"]["identities"][0]["username"],
        "researcher@example.org"
    );
    let path = format!("{PROJECTS}/{id}");
    assert_eq!(world.get(&alice, &path).expect(200), project);
    world.get(&bob, &path).refused(403, "FORBIDDEN");
    let listed = world.get(&bob, PROJECTS).expect(200);
    assert_eq!(listed, json!({"projects": []}));
    let listed = world.get(&alice, PROJECTS).expect(200);
    assert!(
        listed["projects"]
            .as_array()
            .is_some_and(|rows| rows.len() == 2 && rows.contains(&project["project"]))
    );
    // The members of a group of administrators are administrators; null empties a list.
    let change =
        json!({"project": {"admin_ids": null, "admin_group_ids": [seed::GROUP_RESEARCH], "display_name": "Ours"}});
    let changed = world.call(&alice, "PUT", &path, Some(change)).expect(200);
    assert_eq!(changed["project"]["admin_ids"], Value::Null);
    assert_eq!(
        changed["project"]["admins"]["groups"][0]["name"],
        "Example Research Group"
    );
    assert_eq!(world.get(&bob, &path).expect(200), changed);
    let nobody = json!({"project": {"admin_group_ids": []}});
    world.call(&bob, "PUT", &path, Some(nobody)).refused(400, "BAD_REQUEST");
    // Not without the scope, and not under another service's token.
    world
        .get(&world.user_token(seed::ALICE, "openid"), &path)
        .refused(403, "FORBIDDEN");
    world
        .get(&world.user_token(seed::ALICE, GROUPS), &path)
        .refused(401, "UNAUTHORIZED");
    world.send("GET", &path, &[], b"").refused(401, "UNAUTHORIZED");
    // What belongs to a project keeps it.
    let made_client = client(&world, &alice, json!({"project": id}));
    world.call(&alice, "DELETE", &path, None).refused(409, "CONFLICT");
    let its_path = format!("/v2/api/clients/{}", text(&made_client, "/client/id"));
    world.call(&bob, "DELETE", &its_path, None).expect(200);
    let gone = world.call(&alice, "DELETE", &path, None).expect(200);
    assert_eq!(gone, changed);
    world.get(&alice, &path).refused(404, "NOT_FOUND");
}

#[test]
fn what_is_wrong_with_a_document_is_said() {
    let world = World::new();
    let alice = manager(&world, seed::ALICE);
    let good = json!({"display_name": "P", "contact_email": "a@b", "admin_ids": [seed::ALICE]});
    for (field, value, said) in [
        ("display_name", json!(" "), "project.display_name must be a text"),
        ("display_name", json!(7), "project.display_name must be a text"),
        ("display_name", Value::Null, "project.display_name is required"),
        (
            "contact_email",
            json!("nobody"),
            "project.contact_email must be an email address",
        ),
        ("admin_ids", json!([]), "must name an administrator"),
        (
            "admin_ids",
            json!(seed::ALICE),
            "project.admin_ids must be a list of UUIDs",
        ),
        (
            "admin_ids",
            json!([seed::CLIENT_COLLECTION]),
            "project.admin_ids names no identity",
        ),
        ("admin_group_ids", json!([seed::ALICE]), "names no group"),
    ] {
        let mut wrong = good.clone();
        wrong[field] = value;
        let answer = world.call(&alice, "POST", PROJECTS, Some(json!({"project": wrong})));
        assert_eq!(answer.header("x-emulator-confidence"), Some("inferred"));
        let document = answer.expect(400);
        assert!(text(&document, "/errors/0/detail").contains(said), "{document}");
    }
    for body in [json!({"project": 1}), json!([]), json!({"policy": {}})] {
        world
            .call(&alice, "POST", PROJECTS, Some(body))
            .refused(400, "BAD_REQUEST");
    }
    for (more, said) in [
        (json!({"client_type": "robot"}), "client.client_type must be one of"),
        (
            json!({"public_client": true}),
            "Exactly one of public_client and client_type",
        ),
        (json!({"name": "two\nlines"}), "client.name must be a text"),
        (json!({"project": seed::ALICE}), "client.project names no project"),
        (
            json!({"redirect_uris": ["https://a/#b"]}),
            "client.redirect_uris must be",
        ),
        (json!({"redirect_uris": ["nothing"]}), "client.redirect_uris must be"),
        (
            json!({"required_idp": seed::ALICE}),
            "client.required_idp names no identity provider",
        ),
        (json!({"links": {"privacy_policy": "https://a"}}), "both pages or none"),
        (
            json!({"links": {"privacy_policy": "javascript:a", "terms_and_conditions": "https://a"}}),
            "addresses of pages",
        ),
    ] {
        let mut wanted = json!({"name": "A", "project": seed::PROJECT, "client_type": "confidential_client"});
        for (key, value) in more.as_object().into_iter().flatten() {
            wanted[key] = value.clone();
        }
        let document = world
            .call(&alice, "POST", "/v2/api/clients", Some(json!({"client": wanted})))
            .expect(400);
        assert!(text(&document, "/errors/0/detail").contains(said), "{document}");
    }
}

#[test]
fn what_developers_made_outlives_a_snapshot() {
    let world = World::new();
    let alice = manager(&world, seed::ALICE);
    let made_client = client(&world, &alice, json!({"name": "Kept"}));
    let id = text(&made_client, "/client/id");
    let secret = text(&made_client, "/included/client_credential/secret");
    let made_scope = scope(
        &world,
        &alice,
        &id,
        "kept",
        json!({"required_domains": ["example.org"]}),
    );
    let policy = json!({"policy": {"project_id": seed::PROJECT, "display_name": "Kept", "description": "d"}});
    let policy = made(&world, &alice, "/v2/api/policies", policy);
    let project = json!({"project": {"display_name": "Kept", "contact_email": "a@b", "admin_ids": [seed::ALICE]}});
    let project = made(&world, &alice, PROJECTS, project);
    let snapshot = world.emulator.snapshot().expect("a snapshot");
    let other = World::new();
    other.emulator.restore(&snapshot).expect("the same world");
    for (path, document) in [
        (format!("/v2/api/policies/{}", text(&policy, "/policy/id")), &policy),
        (format!("{PROJECTS}/{}", text(&project, "/project/id")), &project),
        (
            format!("/v2/api/scopes/{}", text(&made_scope, "/scope/id")),
            &made_scope,
        ),
    ] {
        assert_eq!(&other.get(&alice, &path).expect(200), document, "{path}");
    }
    let grant = "grant_type=client_credentials&scope=openid";
    other.form((&id, &secret), "/v2/oauth2/token", grant).expect(200);
    let seen = other.get(&alice, &format!("/v2/api/clients/{id}")).expect(200);
    assert_eq!(seen["client"]["scopes"], json!([made_scope["scope"]["id"]]));
}
