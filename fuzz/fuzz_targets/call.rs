//! Calls by name: any operation with any JSON parameters is a request or an error.
#![no_main]

use globus_sdk::operation::Call;
use globus_sdk::services::operations;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u16, &str)| {
    let (number, parameters) = input;
    let operations: Vec<_> = operations().collect();
    let operation = operations[usize::from(number) % operations.len()];
    if let Err(error) = Call::from_json(operation, parameters) {
        let _ = error.to_string();
    }
});
