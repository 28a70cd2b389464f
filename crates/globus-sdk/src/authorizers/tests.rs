//! Tests of the authorizers.
