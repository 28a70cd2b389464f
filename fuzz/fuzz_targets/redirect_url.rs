//! What a login page leads to: a code comes out only with the login's own state.
#![no_main]

use globus_sdk::NativeAppAuthClient;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|redirect: &str| {
    let client = NativeAppAuthClient::new("61338d24-54d5-408f-a10d-66c06b59f6d2").expect("a client");
    let flow = client
        .oauth2_start_flow("openid")
        .state("the-state")
        .build()
        .expect("a flow");
    match flow.code_from_redirect(redirect) {
        // The state may be escaped in ways that this check does not undo.
        Ok(_) => assert!(redirect.contains("state")),
        Err(error) => drop(error.to_string()),
    }
});
