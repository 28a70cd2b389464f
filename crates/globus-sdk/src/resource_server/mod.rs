//! For services: who calls, with what rights, and tokens to go on with in the caller's name.
//!
//! A service that is registered with Globus Auth has scopes of its own. Programs get tokens for these and send them along.
//! The service asks Auth what a token is worth (*introspection*) and, where it calls further services for its caller,
//! trades the token for *dependent* ones.
//!
//! | Type | What it does |
//! |---|---|
//! | [`Authenticator`] | turns the headers of a request into a [`Caller`], or into a [`Refusal`] |
//! | [`Requirements`] | what a caller must bring: scopes, a session of a certain kind, authentication policies |
//! | [`Caller`] | whose request it is, and tokens to act for them |
//! | [`Refusal`] | the answer to everybody else, from which clients know what to log in with |
//! | [`IntrospectionCache`] | what Auth said of tokens, for a while |
//! | [`DependentTokenCache`] | tokens downstream, renewed when they end |
//! | `AuthenticateLayer` | all of it as a layer of `tower`; with the feature `tower` |
//!
//! ```
//! use globus_sdk::ConfidentialAppAuthClient;
//! use globus_sdk::resource_server::{Authenticator, Requirements};
//! # use globus_emulator::seed::{RESOURCE_SERVER_ID, RESOURCE_SERVER_SECRET};
//! # fn secret() -> (String, String) { (RESOURCE_SERVER_ID.into(), RESOURCE_SERVER_SECRET.into()) }
//!
//! # globus_emulator::doc::run(async {
//! let (client_id, client_secret) = secret();
//! let scope = format!("https://auth.globus.org/scopes/{client_id}/all");
//! let client = ConfidentialAppAuthClient::new(client_id, client_secret)?;
//! let authenticator = Authenticator::new(&client, Requirements::scopes(scope)?);
//!
//! let mut headers = http::HeaderMap::new();
//! headers.insert("authorization", "Bearer not-a-token-of-anybody".parse()?);
//! let refusal = authenticator.authenticate(&headers).await.unwrap_err();
//! assert_eq!(refusal.status(), 401);
//! # Ok(()) });
//! ```
//!
//! ID tokens of people who log in to a service are verified by an
//! [`IdTokenDecoder`](crate::services::auth::IdTokenDecoder), which keeps the issuer's keys.
//!
//! Source: <https://docs.globus.org/api/auth/developer-guide/>, RFC 6750, RFC 7662.

mod authenticator;
mod cache;
mod caller;
mod dependent;
mod introspection;
#[cfg(feature = "tower")]
mod layer;
mod refusal;
mod requirements;
mod session;

pub use authenticator::Authenticator;
pub use caller::Caller;
pub use dependent::{DependentTokenAuthorizer, DependentTokenCache};
pub use introspection::IntrospectionCache;
#[cfg(feature = "tower")]
pub use layer::{Authenticate, AuthenticateLayer};
pub use refusal::Refusal;
pub use requirements::Requirements;
