//! [`Idempotency`]: what may be sent twice.

/// What may be sent again after a failure that leaves open whether the service acted (RFC 9110, section 9.2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Idempotency {
    /// Reads, replacements and deletions: may be repeated.
    Repeatable,
    /// Carries a submission id by which the service recognizes a repetition.
    Keyed,
    /// Sent again only when it surely was not processed.
    Once,
}
