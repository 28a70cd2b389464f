//! Where tokens are kept between runs of a program, and what they must fulfil to be kept or used.
//!
//! | Storage | Keeps tokens |
//! |---|---|
//! | [`JsonTokenStorage`] | in a file, in the format of the Python SDK: both can use the same file |
//! | `SQLiteTokenStorage` | in an SQLite database, in the format of the Python SDK (feature `sqlite`, on by default) |
//! | `KeyringTokenStorage` | in the keyring of the operating system (feature `keyring`) |
//! | `PostgresTokenStorage` | in a database that many machines share, for many users (feature `postgres`) |
//! | [`MemoryTokenStorage`] | as long as the program runs |
//! | [`ValidatingTokenStorage`] | in another storage, if they pass its [validators](TokenDataValidator) |
//!
//! A storage holds one [`TokenStorageData`] for each resource server, apart for each *namespace*. It may be used from
//! many threads and, where it is shared, from many processes at a time.
//!
//! ```
//! use globus_sdk::tokens::{MemoryTokenStorage, TokenStorage, TokenStorageData};
//!
//! # globus_emulator::doc::run(async {
//! let storage = MemoryTokenStorage::new();
//! let data = TokenStorageData::new("groups.api.globus.org", "scope names", "the-token", 1_700_000_000);
//! storage.store_token_data_by_resource_server([(data.resource_server.clone(), data)].into()).await?;
//! assert!(storage.get_token_data("groups.api.globus.org").await?.is_some());
//! # Ok(()) });
//! ```
//!
//! Files of the Python SDK from before version 4 (`SimpleJSONFileAdapter`, `SQLiteAdapter`) are read, and continued in today's
//! form. `on_refresh` is [`store_token_response`](TokenStorage::store_token_response) with a
//! [refresh](TokenGrant::refreshed); a database in memory and `connect_params` have no counterpart.
//!
//! `CliLogin` takes over the logins of the Python CLI, and [`copy_tokens`] copies from one storage to another.
//!
//! # A storage of your own
//!
//! [`TokenStorage`] has six methods to write. `examples/own_token_storage.rs` is one, whole, in 71 lines.
//!
//! # Renewing a token that several processes share
//!
//! A service may take a refresh token only once. Whoever renews a stored token therefore takes
//! [`lock`](TokenStorage::lock), reads the store again (somebody else may have renewed it), renews, stores, and only
//! then lets go.

mod copy;
mod data;
mod files;
mod grant;
#[cfg(feature = "sqlite")]
mod import;
mod json;
mod keyed_locks;
#[cfg(feature = "keyring")]
mod keyring;
mod memory;
mod offload;
mod paths;
#[cfg(feature = "postgres")]
mod postgres;
mod settings;
#[cfg(feature = "sqlite")]
mod sqlite;
mod storage;
mod unsaved;
mod validation;
mod warning;

pub use copy::copy_tokens;
pub use data::{TokenDataByResourceServer, TokenStorageData};
pub use grant::{OAuthTokenData, TokenGrant};
#[cfg(feature = "sqlite")]
pub use import::CliLogin;
pub use json::JsonTokenStorage;
#[cfg(feature = "keyring")]
pub use keyring::KeyringTokenStorage;
pub use memory::MemoryTokenStorage;
pub use paths::{AppFolder, slugify_app_name};
#[cfg(feature = "postgres")]
pub use postgres::PostgresTokenStorage;
#[cfg(feature = "sqlite")]
pub use sqlite::SQLiteTokenStorage;
pub use storage::{DEFAULT_NAMESPACE, LockGuard, TokenStorage};
pub(crate) use unsaved::UnsavedOf;
pub use unsaved::UnsavedTokens;
pub use validation::{
    ConsentFetcher, HasRefreshTokensValidator, NotExpiredValidator, ScopeRequirements, ScopeRequirementsValidator,
    TokenDataValidator, TokenValidationContext, UnchangingIdentityIDValidator, ValidatingTokenStorage,
};
pub use warning::StorageWarning;
