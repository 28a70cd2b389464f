//! Documents of Auth.

use globus_sdk::services::auth::DependentScopeSpec;
use serde_json::Value;

use super::notation::Payload;
use super::{Entry, Refused, document};

pub(super) const ENTRIES: &[Entry] = &[("DependentScopeSpec", dependent_scope)];

fn dependent_scope(payload: &Payload) -> Result<Value, Refused> {
    let given = payload.made_with(&["scope", "optional", "requires_refresh_token"]);
    document(&DependentScopeSpec::new(
        given.need::<String>("scope")?,
        given.need("optional")?,
        given.need("requires_refresh_token")?,
    ))
}
