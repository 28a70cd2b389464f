//! Arguments that do not go together.

use crate::error::{Error, Result};
use crate::operation::{Arg, Call};

/// A client-credentials grant without scopes asks for nothing.
pub(crate) fn scopes_given(call: &Call) -> Result<()> {
    let empty = match call.arg("requested_scopes") {
        Some(Arg::Text(text)) => text.trim().is_empty(),
        Some(Arg::List(texts)) => texts.is_empty(),
        Some(Arg::Json(raw)) => matches!(raw.get(), "\"\"" | "[]"),
        _ => true,
    };
    if empty {
        Err(Error::usage("`requested_scopes` must name at least one scope"))
    } else {
        Ok(())
    }
}

/// What holds for every new client.
pub(crate) fn new_client(call: &Call) -> Result<()> {
    match (given(call, "public_client"), given(call, "client_type")) {
        (true, true) => return Err(Error::usage("give either `public_client` or `client_type`, not both")),
        (false, false) => return Err(Error::usage("one of `public_client` and `client_type` is needed")),
        _ => {}
    }
    links_together(call)
}

/// The two links of a client come together: both with a value, or both null.
pub(crate) fn links_together(call: &Call) -> Result<()> {
    let state = |name| call.arg(name).map(|arg| matches!(arg, Arg::Null));
    if state("terms_and_conditions") == state("privacy_policy") {
        return Ok(());
    }
    Err(Error::usage(
        "`terms_and_conditions` and `privacy_policy` must both be given, or both be null, or both be left out",
    ))
}

fn given(call: &Call, name: &str) -> bool {
    call.arg(name).is_some()
}

/// A client is looked up by one key.
pub(crate) fn one_client(call: &Call) -> Result<()> {
    match (given(call, "client_id"), given(call, "fqdn")) {
        (true, true) => Err(Error::usage("give either `client_id` or `fqdn`, not both")),
        (false, false) => Err(Error::usage("one of `client_id` and `fqdn` is needed")),
        _ => Ok(()),
    }
}

/// Identity providers are looked up by one key.
pub(crate) fn identity_providers(call: &Call) -> Result<()> {
    exclusive(call, "domains", "ids")
}

/// Scopes are looked up by one key.
pub(crate) fn registered_scopes(call: &Call) -> Result<()> {
    exclusive(call, "scope_strings", "ids")
}

fn exclusive(call: &Call, one: &str, other: &str) -> Result<()> {
    if given(call, one) && given(call, other) {
        return Err(Error::usage(format!("give either `{one}` or `{other}`, not both")));
    }
    Ok(())
}
