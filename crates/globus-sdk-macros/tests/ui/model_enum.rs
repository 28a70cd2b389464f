use globus_sdk_macros::model;

/// A role.
#[model]
enum Role {
    Undocumented,
    /// With a value.
    Numbered(u32),
    /// The variant that is added.
    Other,
    /// One text.
    #[wire("same")]
    First,
    /// The same text.
    #[wire("same")]
    Second,
}

fn main() {}
