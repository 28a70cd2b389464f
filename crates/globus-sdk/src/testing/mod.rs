//! For your tests: answers without a server. With the feature `testing`.
//!
//! A [`ResponseRegistry`] stands in for the network of as many clients as you like. It answers each operation with what
//! was registered for it, and remembers what was sent:
//!
//! ```
//! use std::sync::Arc;
//!
//! use globus_sdk::testing::{RegisteredResponse, ResponseRegistry};
//! use globus_sdk::{GroupsClient, NullAuthorizer};
//! use serde_json::json;
//!
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//! let responses = Arc::new(ResponseRegistry::new());
//! let groups = GroupsClient::builder().authorizer(NullAuthorizer).transport(responses.clone()).build()?;
//!
//! // An answer of the SDK's own collection ...
//! responses.load_response("groups.get_my_groups", "default")?;
//! assert!(!groups.get_my_groups().await?.is_empty());
//!
//! // ... or one of yours.
//! responses.register("groups.get_group", RegisteredResponse::json(200, &json!({ "name": "Lab" })))?;
//! assert_eq!(groups.get_group("g1").await?.name.as_deref(), Some("Lab"));
//! assert_eq!(responses.get_last_request().unwrap().uri().path(), "/v2/groups/g1");
//! # Ok::<_, globus_sdk::Error>(()) })?;
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```
//!
//! A test of a whole program, with logins and state, is better off with the crate `globus-emulator`.

mod collection;
mod error;
mod registry;
mod response;

pub use collection::cases;
pub use error::{construct_error, construct_error_from};
pub use registry::ResponseRegistry;
pub use response::RegisteredResponse;
