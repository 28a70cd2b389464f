//! Globus on this machine, to develop and test against: Auth, Groups and part of Transfer, on one port of the loopback
//! interface, for any client that can be told where a service is.
//!
//! ```no_run
//! # async fn example() -> std::io::Result<()> {
//! use globus_emulator::{Emulator, seed};
//!
//! let emulator = Emulator::start().await?;
//! for (name, value) in emulator.env() {
//!     println!("export {name}={value}");
//! }
//! println!("log in as {} with {}", seed::CLIENT_ID, seed::CLIENT_SECRET);
//! # Ok(())
//! # }
//! ```
//!
//! It keeps state, and it is strict: scopes, roles and documents are checked, and failures have the error documents of
//! the real services. It is honest: what it does not do is a 501 that says so, and an answer of which only parts are known
//! from the real service carries `X-Emulator-Confidence: inferred`.
//!
//! # Faults, clock and records
//!
//! [`Emulator`] has methods for them; the same is to be had over HTTP, below `/_emulator/`, in JSON:
//!
//! | Route | What it does |
//! |---|---|
//! | `GET /_emulator/health` | Says that it runs: `name`, `version`, `url`, `time`. |
//! | `GET /_emulator/clock` | Says what time it is. |
//! | `POST /_emulator/clock` `{"advance": 3600}` | Moves the clock forward by seconds. |
//! | `GET /_emulator/requests` | Lists the recorded requests; `DELETE` forgets them. |
//! | `GET /_emulator/faults` | Lists the faults that wait; `DELETE` clears them. |
//! | `POST /_emulator/faults` | Adds a fault. |
//! | `POST /_emulator/tokens` `{"identity": "researcher@example.org", "scopes": ["openid"]}` | Makes a token. |
//! | `POST /_emulator/tokens/expire` | Ends tokens; `{"token"}`, `{"identity"}` or `{"client"}` says which. |
//! | `POST /_emulator/reset` | Goes back to the seeded world. |
//!
//! A fault is `{"method": "GET", "path": "/v2/groups/*", "identity": "<uuid>", "times": 2, "skip": 0, "effect": "answer",
//! "moment": "before", "status": 503, "headers": {"retry-after": "1"}, "body": {}, "delay_ms": 0}`, every member of which
//! may be left out. It meets any request once if not told otherwise; `"times": null` is until cleared. The `effect` is
//! `answer` (status, headers, body; a text as body goes out as `text/html`), `reset` (no answer), `truncate` (half of
//! one) or `slow` (after `delay_ms` of real time). With `"moment": "after"` the request takes effect first. More than five
//! failures in a row are needed for a client that retries to notice.

mod clock;
mod control;
mod emulator;
mod exchange;
mod ids;
mod person;
mod routes;
pub mod seed;
mod server;
mod services;
mod table;
mod world;

pub use clock::Clock;
pub use control::faults::Fault;
pub use control::mint::MintError;
pub use control::requests::RecordedRequest;
pub use control::requirements::Requirement;
pub use emulator::{Builder, Emulator, InvalidRequirement};
pub use person::{Person, SignInError, SignedIn};
#[doc(hidden)]
pub use routes::CONTROL_PREFIX;
pub use seed::Seed;
