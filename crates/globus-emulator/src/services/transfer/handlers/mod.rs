//! The handlers of Transfer.

pub(crate) mod acl;
pub(crate) mod bookmarks;
pub(crate) mod bookmarks_v2;
pub(crate) mod endpoints;
pub(crate) mod files;
pub(crate) mod managed_list;
pub(crate) mod managed_tasks;
pub(crate) mod manager;
pub(crate) mod pause_rules;
pub(crate) mod roles;
pub(crate) mod search;
pub(crate) mod shares;
pub(crate) mod submit;
pub(crate) mod subscription;
pub(crate) mod tasks;
pub(crate) mod tunnels;
