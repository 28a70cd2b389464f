//! How each operation is called with types: required arguments in parentheses, setters in brackets; then `pages` where
//! the answer has pages, `only_read` where its type is never written: tokens, and consents, which are checked; `=> what` where a call by name is
//! told only that of the answer.

use globus_sdk::client::ClientType as _;
use globus_sdk::models::*;
use globus_sdk::scopes::{IntoScopes, ScopeList};
use serde_json::Value;
use serde_json::value::RawValue;

use super::typed::{Case, document};

/// A document as its JSON text.
type Raw = Box<RawValue>;

/// Scopes to ask for; typed calls do not ask for none.
#[derive(serde::Deserialize)]
#[serde(try_from = "Vec<String>")]
struct Scopes(Vec<String>);

impl TryFrom<Vec<String>> for Scopes {
    type Error = &'static str;
    fn try_from(scopes: Vec<String>) -> Result<Self, Self::Error> {
        if scopes.is_empty() {
            return Err("no scopes");
        }
        Ok(Self(scopes))
    }
}

impl IntoScopes for Scopes {
    fn into_scopes(self) -> ScopeList {
        self.0.into_scopes()
    }
}

/// A call for setters that no vector uses: client, operation, parameters. By name and typed it makes the same request.
pub(super) type Further = (&'static str, &'static str, &'static str);

macro_rules! cases {
    ($($client:ident {
        $($operation:ident($($needed:ident: $needed_type:ty),*)
            [$($optional:ident: $optional_type:ty $(| $null:ident)?),*] $($how:ident)? $(=> $told:expr)?;)*
    })*) => {
        &[$($(Case {
            client: stringify!($client),
            operation: stringify!($operation),
            params: &[$(stringify!($needed),)* $(stringify!($optional)),*],
            only_read: cases!(@only_read $($how)?),
            run: |client, given| {
                let client: $client = $client::from_core(client.core().clone());
                let call = client.$operation($(given.need::<$needed_type>(stringify!($needed))?),*);
                $(let call = cases!(@set call given $optional $optional_type $(| $null)?);)*
                let query = given.map(&["query_params"]).into_iter();
                let call = query.fold(call, |call, (name, value)| call.with_query_param(name, value));
                let fields = given.map(&["additional_fields", "body_params", "additional_params"]).into_iter();
                let call = fields.fold(call, |call, (name, value)| call.with_field(name, value));
                cases!(@send call given $($how)? $(=> $told)?)
            },
        },)*)*]
    };
    (@set $call:ident $given:ident $name:ident $type:ty) => {
        match $given.take::<$type>(stringify!($name))? {
            None => $call,
            Some(value) => $call.$name(value),
        }
    };
    (@set $call:ident $given:ident $name:ident $type:ty | $null:ident) => {
        match $given.take::<Option<$type>>(stringify!($name))? {
            None => $call,
            Some(None) => $call.$null(),
            Some(Some(value)) => $call.$name(value),
        }
    };
    (@only_read only_read) => { true };
    (@only_read $($other:ident)?) => { false };
    (@send $call:ident $given:ident) => {
        Ok(Box::pin(async move { document(&$call.await?) }))
    };
    (@send $call:ident $given:ident only_read) => {
        Ok(Box::pin(async move { $call.await?.json() }))
    };
    // What is told by name of an answer that is more than that.
    (@send $call:ident $given:ident => $told:expr) => {
        Ok(Box::pin(async move { Ok(serde_json::json!($told(&*$call.await?))) }))
    };
    (@send $call:ident $given:ident pages) => {
        if $given.paginated {
            Ok(Box::pin(async move {
                let pages = $call.pages().try_collect().await?;
                pages.iter().map(document).collect::<Result<_, _>>().map(Value::Array)
            }))
        } else {
            cases!(@send $call $given)
        }
    };
}

// After the macro, which they use.
mod auth;
mod compute;
mod flows;
mod gcs;
mod groups;
mod search;
mod timers;
mod transfer;
mod transfer_manager;
mod transfer_v2;

/// The cases of all clients.
pub(super) fn all() -> impl Iterator<Item = &'static Case> {
    [
        auth::CASES,
        compute::CASES,
        flows::CASES,
        gcs::CASES,
        groups::CASES,
        search::CASES,
        timers::CASES,
        transfer::CASES,
        transfer_manager::CASES,
        transfer_v2::CASES,
    ]
    .into_iter()
    .flatten()
}

/// Further calls of all clients.
pub(super) fn further() -> impl Iterator<Item = &'static Further> {
    [
        auth::FURTHER,
        compute::FURTHER,
        flows::FURTHER,
        gcs::FURTHER,
        groups::FURTHER,
        search::FURTHER,
        timers::FURTHER,
        transfer::FURTHER,
    ]
    .into_iter()
    .flatten()
}
