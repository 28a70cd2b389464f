//! The handlers of Auth.

pub(crate) mod authorize;
pub(crate) mod clients;
pub(crate) mod credentials;
pub(crate) mod identities;
pub(crate) mod oidc;
pub(crate) mod policies;
pub(crate) mod projects;
pub(crate) mod scopes;
pub(crate) mod token;
pub(crate) mod token_state;
pub(crate) mod web;
