//! `cargo xtask live` against the emulator.
#![allow(missing_docs, clippy::expect_used, reason = "a test")]

use std::process::{Command, Output};

use globus_emulator::Emulator;

fn live(arguments: &[&str], env: &[(String, String)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .arg("live")
        .args(arguments)
        .env_remove("GLOBUS_CLIENT_ID")
        .env_remove("GLOBUS_CLIENT_SECRET")
        .envs(env.iter().map(|(name, value)| (name, value)))
        .output()
        .expect("xtask runs")
}

#[test]
fn without_yes_it_says_what_it_would_do() {
    let out = live(&["--client", "groups"], &[]);
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    assert!(out.status.success(), "{text}");
    assert!(
        text.contains("GET /v2/groups/{group_id}; group_id from groups.get_my_groups"),
        "{text}"
    );
    assert!(!text.contains("transfer."), "{text}");
}

#[test]
fn answers_of_the_emulator_fit_and_nothing_is_written() {
    let emulator = Emulator::builder().start_now().expect("an emulator");
    let out = live(&["--yes", "--client", "auth,groups,transfer,flows"], &emulator.env());
    let text = format!(
        "{}{}",
        String::from_utf8_lossy(&out.stdout),
        String::from_utf8_lossy(&out.stderr)
    );
    assert!(out.status.success(), "{text}");
    for expected in [
        "auth.userinfo: 1 of UserInfo",
        "transfer.get_endpoint: 1 of Endpoint",
        "flows.list_flows: ",
    ] {
        assert!(text.contains(expected), "{expected}\n{text}");
    }
    assert!(!text.contains("does not fit"), "{text}");
    let requests = emulator.requests();
    let written: Vec<_> = requests
        .iter()
        .filter(|request| request.method != "GET" && request.path != "/v2/oauth2/token")
        .collect();
    assert!(requests.len() > 20 && written.is_empty(), "{written:?}");
}
