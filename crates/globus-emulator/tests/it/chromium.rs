//! A whole login in headless Chromium.

use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use globus_emulator::seed;
use serde_json::json;

use crate::browser::{VERIFIER, fields};
use crate::driver::Driver;
use crate::http::{GROUPS, World};
use crate::login::request;

/// How long the page may take to show what has happened.
const PATIENCE: Duration = Duration::from_secs(30);

/// The page at `/` by itself, and how it keeps up with what happens. `GLOBUS_SCREENSHOTS` names a folder for pictures.
#[test]
fn the_page_keeps_up_in_chromium() {
    let Some(driver) = Driver::start_or_skip("no page in Chromium") else {
        return;
    };
    let world = World::new();
    // In one step, since what is found may be replaced before it is read.
    let text = |css: &str| {
        let script = format!("return document.querySelector('{css}').innerText");
        let shown = driver.do_it("/execute/sync", Some(json!({"script": script, "args": []})));
        shown.as_str().expect("text").to_owned()
    };
    driver.go(world.emulator.url());
    assert_eq!(driver.text("h1"), "Globus on this machine");
    assert!(text("#people").contains("Alice Researcher"));
    assert!(text("#requests").contains("None."));
    let token = world.user_token("alice", GROUPS);
    let made = json!({"name": "<i>Fresh</i> & new"});
    world.call(&token, "POST", "/v2/groups", Some(made)).expect(201);
    world.get("nonsense", "/v2/groups/my_groups").expect(401);
    let start = Instant::now();
    while !text("#groups").contains("<i>Fresh</i> & new") {
        assert!(
            start.elapsed() < PATIENCE,
            "the page stays as it was: {}",
            text("#groups")
        );
    }
    assert!(text("#requests").contains("POST /v2/groups"));
    assert!(text("#tokens").contains(&token[..6]) && !text("#tokens").contains(&token[..10]));
    // On a telephone tables scroll, the page does not; and stay where they were scrolled to when something is new.
    let size = json!({"cmd": "Emulation.setDeviceMetricsOverride",
        "params": {"width": 400, "height": 800, "deviceScaleFactor": 1, "mobile": false}});
    driver.do_it("/goog/cdp/execute", Some(size));
    let run = |script: &str| driver.do_it("/execute/sync", Some(json!({"script": script, "args": []})));
    assert_eq!(
        run("const page = document.documentElement; return page.scrollWidth - page.clientWidth"),
        0
    );
    run("const wide = document.querySelector('#groups .wide'); wide.scrollTo(120, 0); wide.focus()");
    let evil = json!({"name": "<img src=x onerror=document.title=1><script>document.title=1</script>"});
    world.call(&token, "POST", "/v2/groups", Some(evil)).expect(201);
    let start = Instant::now();
    while !text("#groups").contains("<img src=x") {
        assert!(start.elapsed() < PATIENCE, "the page stays as it was");
    }
    assert_eq!(run("return document.querySelector('#groups .wide').scrollLeft"), 120);
    assert_eq!(run("return document.activeElement.className"), "wide");
    assert_eq!(run("return document.title"), "Globus emulator");
    assert_eq!(
        run("return document.querySelectorAll('main img, main script').length"),
        0
    );
    // Nothing comes from elsewhere.
    let loaded = run("return performance.getEntriesByType('resource').map(row => row.name)");
    let loaded = loaded.as_array().expect("addresses");
    assert!(
        loaded.iter().all(|address| address == world.emulator.url()),
        "{loaded:?}"
    );
    if let Ok(folder) = std::env::var("GLOBUS_SCREENSHOTS") {
        for (name, scheme) in [("light", "light"), ("dark", "dark")] {
            let features = json!([{"name": "prefers-color-scheme", "value": scheme}]);
            let parameters = json!({"cmd": "Emulation.setEmulatedMedia", "params": {"features": features}});
            driver.do_it("/goog/cdp/execute", Some(parameters));
            let picture = driver.do_it("/screenshot", None);
            let picture = STANDARD.decode(picture.as_str().expect("a picture")).expect("base64");
            std::fs::write(
                std::path::Path::new(&folder).join(format!("dashboard-{name}.png")),
                picture,
            )
            .expect("a file");
        }
    }
}

#[test]
fn somebody_logs_in_with_chromium() {
    let Some(driver) = Driver::start_or_skip("no login in Chromium") else {
        return;
    };
    let world = World::new();
    let origin = world.emulator.url().trim_end_matches('/');
    let scope = format!("openid {GROUPS}");
    let url = |changes: &[(&str, &str)]| {
        let changes = [&[("scope", scope.as_str())], changes].concat();
        format!("{origin}{}", request(&world, &changes))
    };
    driver.go(&url(&[("session_message", "<b>Hello</b>")]));
    assert_eq!(driver.text("h1"), "Sign in");
    assert_eq!(driver.text("blockquote"), "<b>Hello</b>");
    driver.click(&format!("button[value='{}']", seed::ALICE));
    assert_eq!(driver.text("h1"), "Allow this?");
    assert!(driver.text(".scopes").contains("Know who you are"));
    driver.click("button[value='allow']");
    assert_eq!(driver.text("h1"), "Here is your code");
    let redirect = format!("{origin}/v2/web/auth-code");
    let form = [
        ("client_id", seed::NATIVE_CLIENT_ID),
        ("grant_type", "authorization_code"),
        ("code", &driver.text("#auth-code")),
        ("code_verifier", VERIFIER),
        ("redirect_uri", &redirect),
    ];
    let form_type = [("content-type", "application/x-www-form-urlencoded")];
    let answer = world.send("POST", "/v2/oauth2/token", &form_type, fields(&form).as_bytes());
    assert_eq!(answer.expect(200)["scope"], "openid");
    // The cookie is kept: nothing is asked again. What is asked with a second factor is.
    driver.go(&url(&[]));
    assert_eq!(driver.text("h1"), "Here is your code");
    driver.go(&url(&[("session_required_mfa", "True"), ("prompt", "consent")]));
    driver.click(&format!("button[value='{}']", seed::BOB));
    driver.click("button[value='deny']");
    assert_eq!(driver.text("#error"), "access_denied");
    driver.go(&format!("{origin}/v2/web/logout"));
    driver.go(&url(&[]));
    assert_eq!(driver.text("h1"), "Sign in");
}
