//! Apps: log in once, and every client has the tokens it needs.
//!
//! A [`UserApp`] acts for a person, a [`ClientApp`] as itself. Clients are bound to an app; each tells it which scopes
//! it needs. With the first request that needs a token the app looks into its storage, renews what has ended, and only
//! where that is not enough asks the person to log in, once for all scopes.
//!
//! ```
//! use globus_sdk::{GroupsClient, UserApp};
//!
//! # globus_emulator::doc::run(async {
//! let app = UserApp::new("my-script", "61338d24-54d5-408f-a10d-66c06b59f6d2")?;
//! let groups = GroupsClient::builder().app(&app).build()?;
//! for group in groups.get_my_groups().await? {
//!     println!("{}", group.name.unwrap_or_default());
//! }
//! # Ok(()) });
//! ```
//!
//! Apps are `Send + Sync`, and clones are the same app. Where a storage is shared, also with other processes, a token is
//! renewed by one of them.

mod authorizer;
mod builder;
mod config;
mod consents;
mod core;
mod data_access;
mod login;
mod logout;
mod renew;
mod step_up;
mod turns;
mod types;
mod unsaved;

pub use builder::AppBuilder;
pub use config::{GlobusAppConfig, LoginPolicy};
pub use data_access::AddDataAccessScopes;
pub use login::Login;
pub use types::{ClientApp, UserApp};
