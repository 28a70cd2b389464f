//! Globus on this machine, to develop and test against: Auth, Groups, Flows, files and tasks of Transfer, on one port of
//! the loopback interface, for any client that can be told where a service is.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> std::io::Result<()> {
//! use globus_emulator::Emulator;
//!
//! let emulator = Emulator::start().await?;
//! for (name, value) in emulator.env() {
//!     println!("export {name}={value}");
//! }
//! # Ok(())
//! # }
//! ```
//!
//! It keeps state, and it is strict: scopes, roles and documents are checked, and failures have the error documents of
//! the real services. It is honest: what it does not do is a 501 that says so, and an answer of which only parts are known
//! from the real service carries `X-Emulator-Confidence: inferred`.
//!
//! # People
//!
//! People log in as at the real service: `/v2/oauth2/authorize` asks who somebody is (whoever is seeded may be chosen, there
//! are no passwords) and what they allow, `/v2/web/auth-code` shows the code, `/v2/web/logout` forgets them. The pages are
//! plain HTML. Consents, sessions and refresh tokens are kept, codes are good once and for ten minutes, public clients need
//! PKCE.
//!
//! A test plays the person within its process:
//!
//! ```no_run
//! # fn example(emulator: &globus_emulator::Emulator, login_url: &str) -> Result<(), Box<dyn std::error::Error>> {
//! let there = emulator.sign_in(login_url, "alice")?;
//! let code = there.code().ok_or("the login was refused")?;
//! let token = emulator.as_user("bob").token(&["openid", "email"])?;
//! # Ok(())
//! # }
//! ```
//!
//! Programs of the Rust SDK get an app in which somebody logs in by themselves ([`Person::app`]), or an authorizer
//! ([`Person::authorizer`]); [`Emulator::client_app`] is an app of the seeded program, and [`Emulator::config`] points
//! clients at this emulator.
//!
//! `globus-emulator run --as alice -- COMMAND` plays Alice for a command in any language: it reads what the command prints,
//! signs in at every login URL of this emulator, and types the code. For a login that leads to a port of this machine it is
//! the browser that the command opens (`BROWSER`). What comes on standard input is passed on to the command at once; when
//! that has ended, the command's input stays open for codes until nothing has happened for a while (`--patience`).
//!
//! # Files
//!
//! Every mapped collection is a folder, and a guest collection a folder in that of its host. They are made in a temporary
//! folder when they are first used, and go with the emulator; [`Builder::collection`] makes a folder of yours one of them.
//! [`Emulator::folder`] says where the files are. No path and no symbolic link leads out of a collection's folder.
//!
//! Tasks copy and delete in threads of their own. With a logical clock a task whose work is done stays active until it has
//! been seen so once or the clock has moved, so that what a program meets does not depend on how fast the machine is.
//! [`Emulator::hold_tasks`] keeps tasks from beginning at all. A [`Mishap`] happens to files on their way: the task makes a
//! note of it and tries again, skips the file, or fails.
//!
//! # Globus Connect Server
//!
//! On a second port the emulator speaks TLS, with a certificate of an authority of its own, which
//! [`Emulator::certificate`] gives and [`Emulator::env`] lets SDKs trust. There each endpoint of Globus Connect Server has its
//! manager, at [`Emulator::secure_url`] followed by its id and `/api/`, and each collection its files, below the address
//! with the collection's id. Storage gateways, credentials, collections and roles that a manager changes are those of
//! Transfer at once. Files are read with `GET` and ranges, and written with `PUT`. The plain port serves the same paths,
//! for clients that insist on no TLS.
//!
//! # What is kept
//!
//! With a state file ([`Builder::state`], `--state FILE`) an emulator goes on where an earlier one was, however that ended:
//! people, tokens, groups, flows, runs and tasks are in one SQLite database, and the folders of collections beside it. A
//! request is answered once what it changed is committed. Runs go on, and tasks too, file by file: how far they have come is
//! written down several times a second, and what a task was at in its last moment is done once more. The file holds
//! tokens and secrets in clear; it is made readable by its owner only. What is committed outlives the program; of what was
//! committed just before the machine itself fails, something may be lost. [`Emulator::snapshot`] gives the same as one
//! document, for [`Emulator::restore`]. What was set to go wrong with tasks and runs is part of both: mishaps, faults of
//! actions, the limit of requests, whether tasks are held. Faults of requests, requirements and recorded requests are not:
//! they are about the requests to one emulator, and a restored one begins without. Nor is how many requests a user has made
//! of late, nor, in a snapshot, what is on collections. The kind of clock is chosen at the start and has to be the same.
//!
//! # Faults, clock and records
//!
//! [`Emulator`] has methods for them; the same is to be had over HTTP, below `/_emulator/`, in JSON:
//!
//! | Route | What it does |
//! |---|---|
//! | `GET /_emulator/health` | Says that it runs: `name`, `version`, `url`, `time`. |
//! | `GET /_emulator/clock` | Says what time it is. |
//! | `POST /_emulator/clock` `{"advance": 3600}` | Moves the clock forward by seconds; `{"at"}` to a time. |
//! | `GET /_emulator/requests` | Lists the recorded requests, of one `method`, `path`, `identity`, `status`, or the `last` few; `DELETE` forgets them. |
//! | `GET /_emulator/faults` | Lists the faults that wait; `DELETE` clears them. |
//! | `POST /_emulator/faults` | Adds a fault. |
//! | `GET /_emulator/actions` | Lists the faults that wait for actions of runs; `DELETE` clears them. |
//! | `POST /_emulator/actions` `{"becomes": "inactive"}` | Adds one; also `failed`, `{"slow": seconds}`; of a `flow`, `run`, `state`, with `times` and `details`. |
//! | `POST /_emulator/sign-in` `{"url", "identity"}` | Goes through a login as somebody; answers `redirect` and `code`. |
//! | `POST /_emulator/tokens` `{"identity": "alice", "scopes": ["openid"]}` | Makes tokens, in the form of the token endpoint; also `client`, and `refresh`, `expired`, `mfa`: true. |
//! | `POST /_emulator/tokens/expire` | Ends tokens; `{"token"}`, `{"identity"}`, `{"client"}` say which, `{"refresh": true}` that refresh tokens end too. |
//! | `POST /_emulator/tokens/revoke` `{"identity": "alice"}` | Takes tokens back, access and refresh; also `token`, `client`. |
//! | `POST /_emulator/tokens/rotation` `{"on": true}` | Replaces refresh tokens when they are used; of one `client`, or of all. |
//! | `POST /_emulator/sessions` `{"identity", "mfa": true, "age": 3600}` | Changes how, and how many seconds ago, somebody signed in. |
//! | `POST /_emulator/consents` `{"identity", "scopes", "client"}` | Writes down a consent; with `refresh`, one for refresh tokens. |
//! | `DELETE /_emulator/consents` `{"identity", "client"}` | Takes consents back, with the tokens that rest on them. |
//! | `POST /_emulator/users` `{"username": "carol@example.org"}` | Adds somebody; also `name`, `email`, `organization`, `linked_to`. |
//! | `GET /_emulator/collections` | Lists the collections, each with the `folder` that it is. |
//! | `POST /_emulator/collections` `{"id", "connected": false}` | Switches the computer of a personal collection off or on. |
//! | `POST /_emulator/tasks` `{"hold": true}` | Begins no work on tasks, until `false`. |
//! | `POST /_emulator/tasks` `{"id", "status": "INACTIVE"}` | Changes a task: `INACTIVE` stops it until `ACTIVE`, `FAILED` ends it; also `code`, `details`. |
//! | `GET /_emulator/mishaps` | Lists what is to go wrong with files of tasks; `DELETE` clears it. |
//! | `POST /_emulator/mishaps` `{"code": "QUOTA_EXCEEDED"}` | Lets something go wrong; also `collection`, `path`, `times`, `fatal`, `details`. |
//! | `POST /_emulator/limits` `{"transfer": 20}` | Lets users make so many requests a second to Transfer, counted over ten seconds; `null` for any number. |
//! | `GET /_emulator/requirements` | Lists what is required of logins; `DELETE` clears it. |
//! | `POST /_emulator/requirements` | Requires more of logins. |
//! | `POST /_emulator/reset` | Goes back to the seeded world; with `{"seed"}`, to that of a seed. |
//! | `POST /_emulator/seed` | Adds what a seed document has. |
//! | `GET /_emulator/snapshot` | Gives all that the services know, as a document; it holds secrets. |
//! | `POST /_emulator/restore` | Goes back to what such a document has. |
//!
//! An identity is given by id, username or first name; a client by id, and is the seeded native client if left out.
//!
//! A requirement is `{"path": "/flows*", "method": "GET", "identity": "alice", "session_message": "...",
//! "session_required_mfa": true, "session_required_policies": [], "session_required_identities": [],
//! "session_required_single_domain": [], "required_scopes": [], "prompt": "login"}`, of which something must be required.
//! A request whose token came of a login that falls short is answered with 403 and these `authorization_parameters`, until
//! the person has signed in to the same application as required.
//!
//! A fault is `{"method": "GET", "path": "/v2/groups/*", "identity": "alice", "client": "<uuid>", "times": 2, "skip": 0,
//! "probability": 1, "seed": 0, "effect": "answer", "moment": "before", "status": 503, "headers": {"retry-after": "1"},
//! "body": {}, "code": "", "message": "", "set": {}, "remove": [], "content_type": "", "delay_ms": 0}`, every member of
//! which may be left out. It meets any request once if not told otherwise; `"times": null` is until cleared. The `effect` is
//! `answer` (status, headers, body; a text as body goes out as `text/html`), `reset` (no answer), `truncate` (half of
//! one), `cut` (half of one that says it is whole), `slow` (after `delay_ms` of real time), `edit` (the service's own answer,
//! with members set and removed by JSON pointer), `wrong_key`, `wrong_audience` or `rotated_keys` (of identity tokens and the
//! key set). With `"moment": "after"` the request takes effect first. More than five failures in a row are needed for a
//! client that retries to notice. The guide has a page with twenty of them.
//!
//! The page at `/` shows what the emulator holds and what it is asked. Like the control routes it answers to requests that
//! name a loopback host only.

mod clock;
mod control;
mod dashboard;
#[doc(hidden)]
pub mod doc;
mod emulator;
mod exchange;
mod hosts;
mod html;
mod ids;
mod person;
mod pulse;
mod routes;
mod sdk;
mod secure;
pub mod seed;
mod server;
mod services;
mod state;
mod table;
mod trouble;
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
pub use routes::{RouteInfo, routes};
pub use seed::{Seed, SeedError};
pub use services::flows::engine::disturbance::ActionFault;
pub use services::transfer::tasks::mishap::Mishap;
