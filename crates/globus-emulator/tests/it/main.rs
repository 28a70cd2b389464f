//! The emulator over HTTP.

#![allow(
    clippy::format_push_string,
    clippy::needless_pass_by_value,
    clippy::too_many_lines,
    clippy::type_complexity,
    reason = "tests that are tables"
)]

mod auth;
mod browser;
mod chromium;
mod control;
mod dashboard;
mod developers;
mod driver;
mod faults;
mod faults_page;
mod flows;
mod flows_life;
mod flows_transfer;
mod gcs;
mod gcs_belongings;
mod gcs_files;
mod gcs_lists;
mod grants;
mod groups;
mod hostile;
mod hostile_doors;
mod hostile_files;
mod hostile_http;
mod http;
mod life;
mod listed;
mod login;
mod people;
mod seeds;
mod state;
mod sweep;
mod transfer;
mod transfer_bookmarks;
mod transfer_confined;
mod transfer_copy;
mod transfer_delete;
mod transfer_desk;
mod transfer_endpoints;
mod transfer_files;
mod transfer_kept;
mod transfer_manager;
mod transfer_many;
mod transfer_mishaps;
mod transfer_pause;
mod transfer_roles;
mod transfer_submit;
mod transfer_sweep;
mod transfer_tasks;
mod transfer_tunnels;
