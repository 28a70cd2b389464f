use globus_sdk_macros::model;

/// A document without a type.
#[model]
struct Plain {
    /// Nothing says what the version is of.
    #[since("1.1.0")]
    field: Option<String>,
}

/// A document with mistakes.
#[model(data_type = "note", fixed("kind" = "short"))]
struct Mistaken {
    /// No version.
    #[since("1.1")]
    field: Option<String>,
    /// The fixed one.
    kind: Option<String>,
    /// The one that is added.
    #[wire("DATA_TYPE")]
    other: Option<String>,
}

/// An enum has no type on the wire.
#[model(data_type = "note")]
enum Choice {
    /// One.
    One,
}

/// An unknown argument.
#[model(kind = "x")]
struct Unknown {}

fn main() {}
