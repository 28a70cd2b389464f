//! Listing flows.

use globus_emulator::seed;
use serde_json::Value;

use crate::http::{GROUPS, World};

const VIEW: &str = "https://auth.globus.org/scopes/eec9b274-0c81-4334-bdc2-54e90e689b9a/view_flows";

#[test]
fn everybody_sees_the_flows_that_are_theirs_to_see() {
    let world = World::new();
    let list = |user: &str, query: &str| -> Vec<String> {
        let document = world
            .get(&world.user_token(user, VIEW), &format!("/flows{query}"))
            .expect(200);
        let rows = document["flows"].as_array().expect("a list").iter();
        rows.map(|row| row["id"].as_str().expect("an id").to_owned()).collect()
    };
    let (hello, steps, bobs) = (seed::FLOW_HELLO, seed::FLOW_TWO_STEPS, seed::FLOW_BOBS);
    for (user, query, wanted) in [
        ("alice", "", &[hello, steps][..]),
        ("bob", "", &[hello, steps, bobs]),
        ("admin@example.org", "", &[hello]),
        ("alice", "?filter_roles=flow_owner", &[hello, steps]),
        ("bob", "?filter_roles=flow_owner,flow_administrator", &[bobs]),
        ("bob", "?filter_role=flow_viewer", &[hello, steps]),
        ("bob", "?filter_roles=&filter_fulltext=&marker=", &[hello, steps, bobs]),
        ("bob", "?filter_fulltext=transfer+staging", &[steps]),
        ("bob", "?orderby=updated_at+DESC", &[bobs, hello, steps]),
        ("bob", "?orderby=title+ASC", &[bobs, hello, steps]),
    ] {
        assert_eq!(list(user, query), wanted, "{user} {query}");
    }
    let token = world.user_token("bob", VIEW);
    let mut path = "/flows?per_page=2".to_owned();
    let first = world.get(&token, &path).expect(200);
    assert_eq!(
        (first["limit"].as_u64(), &first["has_next_page"]),
        (Some(2), &Value::Bool(true))
    );
    path.push_str(&format!("&marker={}", first["marker"].as_str().expect("a marker")));
    let last = world.get(&token, &path).expect(200);
    assert_eq!(last["flows"][0]["id"], bobs);
    assert_eq!(
        (&last["has_next_page"], &last["marker"]),
        (&Value::Bool(false), &Value::Null)
    );
    let row = &first["flows"][0];
    assert_eq!(row["user_role"], "flow_starter");
    assert_eq!(row["flow_owner"], format!("urn:globus:auth:identity:{}", seed::ALICE));
    // The scope of a flow is one that people can consent to.
    let scope = row["globus_auth_scope"].as_str().expect("a scope");
    world.user_token("alice", scope);
}

#[test]
fn others_are_refused() {
    let world = World::new();
    let token = world.user_token("alice", VIEW);
    let code = |path: &str, token: &str| {
        let answer = world.get(token, path);
        (
            answer.status,
            answer.json()["error"]["code"].as_str().unwrap_or_default().to_owned(),
        )
    };
    let groups = world.user_token("alice", GROUPS);
    let run = world.user_token("alice", &VIEW.replace("view_flows", "run"));
    for (path, token, status, wanted) in [
        ("/flows", "nonsense", 401, "AUTHENTICATION_ERROR"),
        ("/flows", groups.as_str(), 401, "AUTHENTICATION_ERROR"),
        ("/flows", run.as_str(), 403, "MISSING_SCOPE"),
        ("/flows?orderby=secret", token.as_str(), 422, "UNPROCESSABLE_ENTITY"),
        ("/flows?per_page=0", token.as_str(), 422, "UNPROCESSABLE_ENTITY"),
        ("/flows?marker=x", token.as_str(), 422, "UNPROCESSABLE_ENTITY"),
        ("/web_inputs", token.as_str(), 501, "NotEmulated"),
    ] {
        assert_eq!(code(path, token), (status, wanted.to_owned()), "{path}");
    }
}
