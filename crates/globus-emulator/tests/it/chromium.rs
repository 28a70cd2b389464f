//! A whole login in headless Chromium.

use globus_emulator::seed;

use crate::browser::{VERIFIER, fields};
use crate::driver::Driver;
use crate::http::{GROUPS, World};
use crate::login::request;

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
