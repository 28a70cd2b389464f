//! Scope texts: parsed, printed, parsed again; the same tree comes out, and nothing runs without bound.
#![no_main]

use globus_sdk::scopes;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(tree) = scopes::parse(text) {
        // Printing may refuse: a short text can be a tree too large to be written down.
        if let Ok(printed) = scopes::serialize_allow_empty(tree.clone()) {
            // As in the reference, blanks other than spaces belong to a name, but not at the end of a text: a name that
            // has them at its ends may lose them when it comes to stand there.
            if printed
                .contains(|character: char| character.is_whitespace() && character != ' ' || character.is_control())
            {
                return;
            }
            let again = scopes::parse(&printed).expect("what was printed can be parsed");
            assert_eq!(scopes::serialize_allow_empty(again).ok(), Some(printed));
        }
    }
});
