//! ID tokens, with any key set: no token that was not signed by a known key passes, and nothing is asked of a network.
#![no_main]

use globus_sdk::blocking::NativeAppAuthClient;
use globus_sdk::services::auth::{IdTokenDecoder, JsonWebKeySet, OpenIdConfiguration};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&str, &str, &str)| {
    let (token, keys, configuration) = input;
    let (Ok(keys), Ok(configuration)) = (
        serde_json::from_str::<JsonWebKeySet>(keys),
        serde_json::from_str::<OpenIdConfiguration>(configuration),
    ) else {
        return;
    };
    let client = NativeAppAuthClient::new("61338d24-54d5-408f-a10d-66c06b59f6d2").expect("a client");
    let decoder = IdTokenDecoder::new(&client);
    let decoded = decoder
        .decode(token)
        .openid_configuration(configuration)
        .jwk(keys)
        .send();
    let _ = format!("{decoded:?}");
});
