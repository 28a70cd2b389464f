//! What the macros say about declarations that they refuse.

#[test]
fn errors_stand_where_the_mistake_is() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
