use globus_sdk_macros::model;

#[model]
struct Row {
    undocumented: String,
    /// The field that is added.
    extra: String,
    /// One name.
    #[wire("same")]
    first: String,
    /// The same name.
    same: String,
    /// A name that is no text.
    #[wire(7)]
    number: u32,
    /// A secret with an argument.
    #[secret("very")]
    key: String,
}

fn main() {}
