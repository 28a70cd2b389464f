//! Tests of the transport from inside.
