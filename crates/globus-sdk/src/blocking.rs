//! The same clients for programs without async: `send()` in the place of `.await`, iterators in the place of streams.
//!
//! The thread that calls does the work, so nothing runs in the background. Inside an async runtime, where a thread must
//! not block, a helper thread takes over; it works, but an async client is the better choice there.
//!
//! ```
//! use globus_sdk::blocking::{GroupsClient, UserApp};
//!
//! # fn main() -> globus_sdk::Result<()> {
//! # globus_emulator::doc::enter();
//! let app = UserApp::new("my-script", "61338d24-54d5-408f-a10d-66c06b59f6d2")?;
//! let groups = GroupsClient::builder().app(&app).build()?;
//! for group in groups.get_my_groups().send()? {
//!     println!("{}", group.name.unwrap_or_default());
//! }
//! # Ok(())
//! # }
//! ```

use crate::client::Blocking;
use crate::{app, services};

/// An app that acts for the person who logs in.
pub type UserApp = app::UserApp<Blocking>;
/// An app that acts as itself.
pub type ClientApp = app::ClientApp<Blocking>;
/// Auth with a token: identities, projects, clients.
pub type AuthClient = services::auth::AuthClient<Blocking>;
/// What all login clients can do.
pub type AuthLoginClient = services::auth::AuthLoginClient<Blocking>;
/// A program that keeps a secret.
pub type ConfidentialAppAuthClient = services::auth::ConfidentialAppAuthClient<Blocking>;
/// A program that cannot keep a secret.
pub type NativeAppAuthClient = services::auth::NativeAppAuthClient<Blocking>;
/// Plain requests to any address.
pub type BaseClient = services::base::BaseClient<Blocking>;
/// Flows and their runs.
pub type FlowsClient = services::flows::FlowsClient<Blocking>;
/// Runs of one flow.
pub type SpecificFlowClient = services::flows::SpecificFlowClient<Blocking>;
/// One Globus Connect Server endpoint.
pub type GCSClient = services::gcs::GCSClient<Blocking>;
/// Files of one collection over HTTPS.
pub type GCSCollectionClient = services::gcs::GCSCollectionClient<Blocking>;
/// Files over HTTPS by their address alone.
pub type GCSDownloader = services::gcs::GCSDownloader<Blocking>;
/// Groups and memberships.
pub type GroupsClient = services::groups::GroupsClient<Blocking>;
/// Groups by their everyday actions.
pub type GroupsManager = services::groups::GroupsManager<Blocking>;
/// Indices and queries.
pub type SearchClient = services::search::SearchClient<Blocking>;
/// Functions and their tasks, second version of the API.
pub type ComputeClientV2 = services::compute::ComputeClientV2<Blocking>;
/// Functions and their tasks, third version of the API.
pub type ComputeClientV3 = services::compute::ComputeClientV3<Blocking>;
/// Transfers and flows at set times.
pub type TimersClient = services::timers::TimersClient<Blocking>;
/// Tunnels, stream access points and bookmarks.
pub type TransferClientV2 = services::transfer::TransferClientV2<Blocking>;
/// Collections, files and tasks.
pub type TransferClient = services::transfer::TransferClient<Blocking>;
