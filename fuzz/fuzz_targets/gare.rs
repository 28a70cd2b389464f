//! Requirement errors in JSON documents of any form; what was read can be written and read again.
#![no_main]

use globus_sdk::gare::{GlobusAuthRequirementsError, is_gare, to_gare, to_gares};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|text: &[u8]| {
    let Ok(document) = serde_json::from_slice::<Value>(text) else {
        return;
    };
    let found = to_gares([&document]);
    assert_eq!(is_gare(&document), to_gare(&document).is_some());
    for error in found {
        let written = error.to_json(true);
        GlobusAuthRequirementsError::from_json(&written).expect("what was written can be read");
    }
});
