//! Worlds of one's own.

use globus_emulator::{Emulator, Seed, seed};
use serde_json::{Value, json};

use crate::http::{GROUPS, World};

const CAROL: &str = "ca401000-5eed-4000-8000-000000000001";
const LAB: &str = "6400d000-5eed-4000-8000-0000000000ab";

/// Somebody and a group of theirs; the provider is that of the standard world.
fn lab() -> Value {
    json!({
        "identities": [{"id": CAROL, "username": "carol@example.org", "name": "Carol", "email": null,
                        "organization": null, "identity_provider": provider(), "person": CAROL}],
        "groups": [{"id": LAB, "name": "Lab", "memberships": {CAROL: {"role": "admin", "status": "active"}}}],
    })
}

fn provider() -> Value {
    let standard: Value = serde_json::from_str(Seed::STANDARD).expect("JSON");
    let rows = standard["identities"].as_array().expect("identities");
    rows[0]["identity_provider"].clone()
}

fn names(world: &World, user: &str) -> Vec<String> {
    let token = world.user_token(user, GROUPS);
    let groups = world.get(&token, "/v2/groups/my_groups").expect(200);
    let rows = groups.as_array().expect("groups").iter();
    rows.map(|row| row["name"].as_str().expect("a name").to_owned())
        .collect()
}

fn control(world: &World, path: &str, body: &Value) -> crate::http::Answer {
    world.send("POST", &format!("/_emulator/{path}"), &[], body.to_string().as_bytes())
}

#[test]
fn a_seed_is_added_at_the_start_or_later() {
    let seed = Seed::from_json(&lab().to_string()).expect("a seed");
    let emulator = Emulator::builder()
        .with_seed(seed.clone())
        .start_now()
        .expect("an emulator");
    let world = World { emulator };
    assert_eq!(names(&world, "carol"), ["Lab"]);
    assert!(!names(&world, "alice").is_empty(), "the standard world is there too");

    let emulator = Emulator::builder().start_now().expect("an emulator");
    let world = World {
        emulator: emulator.with_seed(seed).expect("it fits"),
    };
    assert_eq!(names(&world, "carol"), ["Lab"]);
    world.emulator.reset();
    assert_eq!(names(&world, "carol"), ["Lab"], "it is part of what a reset leads to");

    let world = World::new();
    control(&world, "seed", &lab()).expect(200);
    assert_eq!(names(&world, "carol"), ["Lab"]);
}

#[test]
fn a_whole_world_takes_the_place_of_the_standard_one() {
    let world = World::new();
    let mut whole = lab();
    whole["providers"] = json!([{"id": provider(), "name": "Example", "short_name": "example"}]);
    control(&world, "reset", &json!({"seed": whole})).expect(200);
    assert_eq!(names(&world, "carol"), ["Lab"]);
    assert!(
        world.emulator.as_user("alice").token(&[GROUPS]).is_err(),
        "nobody else is there"
    );
    world.emulator.reset();
    assert!(world.emulator.as_user("alice").token(&[GROUPS]).is_err());
}

#[test]
fn what_does_not_fit_is_refused_with_its_place() {
    let world = World::new();
    let whole = || {
        let mut whole = lab();
        whole["providers"] = json!([{"id": provider(), "name": "Example", "short_name": "example"}]);
        whole
    };
    let mut stray = whole();
    stray["groups"][0]["parent_id"] = json!(CAROL);
    let mut strange = whole();
    strange["identities"][0]["colour"] = json!("red");
    for (document, wanted) in [
        (stray, format!("groups[0].parent_id: there is no group {CAROL}")),
        (strange, "identities[0].colour: unknown field `colour`".to_owned()),
        (json!({"groups": {}}), "groups: invalid type: map".to_owned()),
    ] {
        for (path, body) in [("seed", document.clone()), ("reset", json!({"seed": document}))] {
            let answer = control(&world, path, &body).expect(400);
            let said = answer["error"].as_str().expect("a text");
            assert!(said.starts_with(&wanted), "{said}");
        }
    }
    assert!(!names(&world, "alice").is_empty(), "nothing has changed");
    let lonely = json!({"groups": [{"id": LAB, "name": "x", "parent_id": CAROL}]}).to_string();
    let seed = Seed::from_json(&lonely).expect("a seed");
    let refused = Emulator::builder()
        .seed(seed)
        .start_now()
        .expect_err("it does not fit")
        .to_string();
    assert_eq!(
        refused,
        format!("the seed: groups[0].parent_id: there is no group {CAROL}")
    );
    assert!(Emulator::builder().seed(Seed::empty()).start_now().is_ok());
    assert_eq!(seed::ALICE.len(), 36);
}
