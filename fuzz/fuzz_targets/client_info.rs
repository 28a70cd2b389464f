//! The header that names the products: what is read can be written, and means the same.
#![no_main]

use globus_sdk::config::ClientInfo;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(info) = ClientInfo::parse(text) {
        let again = ClientInfo::parse(&info.format()).expect("what was written can be read");
        assert_eq!(again, info);
    }
});
