use globus_sdk_macros::model;

/// A pair.
#[model]
struct Pair(u32, u32);

/// Either.
#[model]
union Either {
    a: u32,
    b: u32,
}

/// Many types.
#[model]
struct Many<T> {
    /// Of any type.
    value: T,
}

fn main() {}
