//! Profiles: tokens that are kept between calls, and never mixed.

use std::path::Path;

use globus_emulator::Emulator;
use globus_emulator::seed::CLIENT_ID;
use serde_json::Value;

use crate::support::{Globus, emulator, globus};

/// How many tokens the emulator gave while this ran.
fn tokens_for(emulator: &Emulator, run: Globus) -> usize {
    emulator.clear_requests();
    run.at(emulator).program().run().document();
    let requests = emulator.requests();
    requests
        .iter()
        .filter(|request| request.path == "/v2/oauth2/token")
        .count()
}

fn call(home: &Path) -> Globus {
    globus(["call", "groups.get_my_groups"]).env("HOME", home.to_str().unwrap())
}

fn with_profile(home: &Path, name: &str) -> Globus {
    globus(["--profile", name, "call", "groups.get_my_groups"]).env("HOME", home.to_str().unwrap())
}

#[test]
fn profiles_keep_tokens_apart() {
    let (emulator, home) = (emulator(), tempfile::tempdir().unwrap());
    let home = home.path();
    assert_eq!(tokens_for(&emulator, call(home)), 1);
    assert_eq!(tokens_for(&emulator, call(home).env("GLOBUS_PROFILE", "")), 1);
    assert_eq!(std::fs::read_dir(home).unwrap().count(), 0, "nobody asked for files");

    assert_eq!(tokens_for(&emulator, with_profile(home, "work")), 1);
    assert_eq!(tokens_for(&emulator, with_profile(home, "work")), 0, "kept");
    assert_eq!(
        tokens_for(&emulator, call(home).env("GLOBUS_PROFILE", "home")),
        1,
        "not those of `work`"
    );
    assert_eq!(tokens_for(&emulator, call(home).env("GLOBUS_PROFILE", "home")), 0);
    assert_eq!(
        tokens_for(&emulator, with_profile(home, "work").env("GLOBUS_PROFILE", "home")),
        0,
        "the option wins"
    );

    let file = home.join(".globus/app").join(CLIENT_ID).join("globus/tokens.json");
    let stored: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    let token = |profile: &str| {
        let token = &stored["data"][format!("userprofile/production/{profile}")]["groups.api.globus.org"];
        token["access_token"].as_str().unwrap().to_owned()
    };
    assert_ne!(token("work"), token("home"));
}
