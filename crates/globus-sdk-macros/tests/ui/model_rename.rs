use globus_sdk_macros::model;

/// A role.
#[model(rename_all = "sPoNgE")]
enum Role {}

/// A row.
#[model(rename_all = "snake_case")]
struct Row {}

/// A row.
#[model(deny_unknown_fields)]
struct Strict {}

fn main() {}
