//! From what was asked to an answer: parameters, credentials, clients.

mod answer;
mod clients;
mod credentials;
mod pairs;
mod request;
mod scopes;

pub(crate) use answer::Answer;
pub(crate) use clients::Caller;
pub(crate) use credentials::Credentials;
pub(crate) use pairs::{client_arguments, parameters};
pub(crate) use request::{CallRequest, read_line};
