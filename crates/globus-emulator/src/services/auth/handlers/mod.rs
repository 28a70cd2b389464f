//! The handlers of Auth.

pub(crate) mod identities;
pub(crate) mod oidc;
pub(crate) mod token;
pub(crate) mod token_state;
