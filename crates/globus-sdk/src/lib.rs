//! The Globus SDK for Rust: log in as a person or as a program, call Globus services, never think about tokens.
//!
//! All services are whole. For what has no method, a client sends plain requests (`client.get(path)`).
//!
//! A *client* calls one service. Its operations are methods; each gives a builder with the optional parameters. Await
//! it, or with a client of [`blocking`] send it:
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
//! An *[app]* logs a person in, or acts as the program itself, and gives its clients their tokens. A client can have an
//! *[authorizer](authorizers)* instead:
//!
//! ```
//! use globus_sdk::scopes::GroupsScopes;
//! use globus_sdk::{ClientCredentialsAuthorizer, ConfidentialAppAuthClient, GroupsClient};
//!
//! # globus_emulator::doc::run(async {
//! let (id, secret) = (std::env::var("GLOBUS_CLIENT_ID")?, std::env::var("GLOBUS_CLIENT_SECRET")?);
//! let program = ConfidentialAppAuthClient::new(id, secret)?;
//! let authorizer = ClientCredentialsAuthorizer::new(&program, GroupsScopes::ALL);
//! let groups = GroupsClient::new(authorizer)?;
//! println!("{} groups", groups.get_my_groups().await?.len());
//! # Ok(()) });
//! ```
//!
//! # Where things are
//!
//! | module | what it has |
//! |---|---|
//! | [`services`] | one folder per service: clients, operations, documents |
//! | [`blocking`] | the same clients and apps for programs without async |
//! | [`app`] | apps: they log in, keep tokens, and give them to their clients |
//! | [`authorizers`] | what goes into the `Authorization` header |
//! | [`login`] | how a person is taken through a login |
//! | [`resource_server`] | for services: who calls, what they may, and tokens to act for them |
//! | [`local_endpoint`] | Globus Connect on this machine |
//! | [`tokens`] | where tokens are kept between runs, and what they must fulfil |
//! | [`scopes`] | scopes: constants, tree, parser; consents |
//! | [`gare`] | what a service wants from a login before it lets a call through |
//! | [`client`] | what all clients share: their builder, options of a call, plain requests |
//! | [`response`] | answers: the document, and the status, headers and bytes it came with |
//! | [`models`] | what documents are made of: ids, open lists of values, fields that may be absent |
//! | [`paging`] | pages and rows of listings |
//! | [`transport`] | retries, time limits, networks of one's own |
//! | [`config`] | environments and `GLOBUS_SDK_*` variables |
//! | [`error`] | what can go wrong, and what to do about it |
//! | [`operation`] | the table of operations, and calls by name |
//! | `testing` | answers without a server, for your tests; with the feature `testing` |

pub mod app;
pub mod authorizers;
pub mod blocking;
pub mod client;
pub mod config;
mod engine;
pub mod error;
pub mod gare;
pub mod local_endpoint;
pub mod login;
pub mod models;
pub mod operation;
pub mod paging;
pub mod resource_server;
pub mod response;
pub mod scopes;
pub mod services;
#[cfg(feature = "testing")]
pub mod testing;
pub mod tokens;
pub mod transport;

pub use authorizers::{AccessTokenAuthorizer, BasicAuthorizer, NullAuthorizer};
pub use config::Config;
pub use error::{ApiError, Error, ErrorKind, Result};
pub use paging::{Items, Page, Pages};
pub use response::Response;
pub use services::AnyClient;
pub use services::auth::{AuthorizationFlow, ClientCredentialsAuthorizer, OAuthTokenResponse, RefreshTokenAuthorizer};
pub use tokens::{JsonTokenStorage, MemoryTokenStorage, TokenStorage, ValidatingTokenStorage};

use client::Async;

/// An app that acts for the person who logs in.
pub type UserApp = app::UserApp<Async>;
/// An app that acts as itself.
pub type ClientApp = app::ClientApp<Async>;
/// Auth with a token: identities, projects, clients.
pub type AuthClient = services::auth::AuthClient<Async>;
/// What all login clients can do.
pub type AuthLoginClient = services::auth::AuthLoginClient<Async>;
/// A program that keeps a secret.
pub type ConfidentialAppAuthClient = services::auth::ConfidentialAppAuthClient<Async>;
/// A program that cannot keep a secret.
pub type NativeAppAuthClient = services::auth::NativeAppAuthClient<Async>;
/// Plain requests to any address.
pub type BaseClient = services::base::BaseClient<Async>;
/// Flows and their runs.
pub type FlowsClient = services::flows::FlowsClient<Async>;
/// Runs of one flow.
pub type SpecificFlowClient = services::flows::SpecificFlowClient<Async>;
/// One Globus Connect Server endpoint.
pub type GCSClient = services::gcs::GCSClient<Async>;
/// Files of one collection over HTTPS.
pub type GCSCollectionClient = services::gcs::GCSCollectionClient<Async>;
/// Files over HTTPS by their address alone.
pub type GCSDownloader = services::gcs::GCSDownloader<Async>;
/// Groups and memberships.
pub type GroupsClient = services::groups::GroupsClient<Async>;
/// Groups by their everyday actions.
pub type GroupsManager = services::groups::GroupsManager<Async>;
/// Indices and queries.
pub type SearchClient = services::search::SearchClient<Async>;
/// Functions and their tasks, second version of the API.
pub type ComputeClientV2 = services::compute::ComputeClientV2<Async>;
/// Functions and their tasks, third version of the API.
pub type ComputeClientV3 = services::compute::ComputeClientV3<Async>;
/// Transfers and flows at set times.
pub type TimersClient = services::timers::TimersClient<Async>;
/// Tunnels, stream access points and bookmarks.
pub type TransferClientV2 = services::transfer::TransferClientV2<Async>;
/// Collections, files and tasks.
pub type TransferClient = services::transfer::TransferClient<Async>;

// What the guide and the README show is compiled and run as the examples here are.
#[cfg(doctest)]
mod pages {
    macro_rules! page {
        ($name:ident, $file:literal) => {
            #[doc = include_str!(concat!("../../../", $file))]
            struct $name;
        };
    }
    page!(Readme, "README.md");
    page!(Apps, "docs/src/apps.md");
    page!(ForServices, "docs/src/for-services.md");
    page!(Transfer, "docs/src/transfer.md");
    page!(Flows, "docs/src/flows.md");
    page!(Emulator, "docs/src/emulator.md");
    page!(Testing, "docs/src/testing.md");
}
