//! The declared operations and their builders.

pub mod acl;
pub mod bookmarks;
pub mod endpoint_manager;
pub mod endpoints;
pub mod files;
pub mod pause_rules;
pub mod roles;
pub mod shares;
pub mod submit;
pub mod subscriptions;
pub mod tasks;
pub mod tunnels;
pub mod v2;
