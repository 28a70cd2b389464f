//! Who calls: the environment's credentials, and for whom they are.

use globus_emulator::seed::{ALICE, CLIENT_ID, CLIENT_SECRET, NATIVE_CLIENT_ID};
use globus_sdk::scopes::GroupsScopes;
use serde_json::json;

use crate::support::{emulator, globus};

#[test]
fn a_token_goes_to_service_clients() {
    let emulator = emulator();
    let token = emulator.mint_token(ALICE, &[GroupsScopes::ALL]).unwrap();
    // It wins over a program's credentials, and a file's line break is no part of it.
    let run = globus(["call", "groups.get_my_groups"]).at(&emulator).program();
    let groups = run
        .with_token(&token)
        .env("GLOBUS_ACCESS_TOKEN", &format!("{token}\n"))
        .run()
        .document();
    assert_eq!(groups.as_array().unwrap().len(), 3);
    let requests = emulator.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].authorization.as_deref(), Some("bearer"));
}

#[test]
fn a_program_asks_for_what_the_operation_needs() {
    let emulator = emulator();
    let scopes_for = |operation: &str, param: &str| {
        emulator.clear_requests();
        let _ = globus(["call", operation, param]).at(&emulator).program().run();
        let scope = emulator.requests()[0].form_value("scope").unwrap().to_owned();
        let mut scopes: Vec<String> = scope.split(' ').map(str::to_owned).collect();
        scopes.sort();
        scopes
    };
    let (view, all) = (GroupsScopes::VIEW_MY_GROUPS_AND_MEMBERSHIPS, GroupsScopes::ALL);
    assert_eq!(scopes_for("groups.get_my_groups", "statuses=active"), [view]);
    assert_eq!(scopes_for("groups.delete_group", "group_id=x"), [all, view]);
}

#[test]
fn a_confidential_client_sends_its_secret() {
    let emulator = emulator();
    let args = [
        "call",
        "confidential_app_auth.oauth2_client_credentials_tokens",
        "requested_scopes=openid",
    ];
    // A token in the environment is not for login clients.
    let run = globus(args).at(&emulator).program().with_token("t0ken-of-another");
    assert_eq!(run.run().document()["resource_server"], "auth.globus.org");
    assert_eq!(emulator.requests()[0].authorization.as_deref(), Some("basic"));

    let client_id = format!("client_id={CLIENT_ID}");
    let run = globus(args.into_iter().chain(["--client", &client_id])).at(&emulator);
    assert_eq!(run.client("another-id", CLIENT_SECRET).run().code, 0);

    let outcome = globus(args).at(&emulator).run();
    assert_eq!((outcome.code, outcome.out.as_str()), (4, ""), "{outcome:?}");
    assert_eq!(emulator.requests()[2].authorization, None);
}

#[test]
fn a_native_client_has_only_its_id() {
    let emulator = emulator();
    let client_id = format!("client_id={NATIVE_CLIENT_ID}");
    let args = [
        "call",
        "native_app_auth.oauth2_revoke_token",
        "token=unknown",
        "--client",
        &client_id,
    ];
    let revoked = globus(args).at(&emulator).program().run().document();
    assert_eq!(revoked, json!({"active": false}));
    let request = &emulator.requests()[0];
    assert_eq!(request.authorization, None);
    assert_eq!(request.form_value("client_id"), Some(NATIVE_CLIENT_ID));
}

#[test]
fn half_of_the_credentials_is_noticed() {
    let emulator = emulator();
    let run = globus(["call", "groups.get_my_groups"]).at(&emulator);
    let outcome = run
        .env("GLOBUS_CLIENT_ID", CLIENT_ID)
        .env("GLOBUS_CLIENT_SECRET", "")
        .run();
    outcome.refused(4, &["GLOBUS_CLIENT_SECRET is missing"]);
}
