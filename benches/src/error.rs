//! Whatever goes wrong: a benchmark stops.

/// An error of any kind.
pub(crate) type Error = Box<dyn std::error::Error + Send + Sync>;

/// A result that stops the benchmark.
pub(crate) type Result<T> = std::result::Result<T, Error>;
