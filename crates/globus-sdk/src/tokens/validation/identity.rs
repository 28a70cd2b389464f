//! Whose tokens they are.

use std::collections::BTreeSet;

use crate::error::TokenError;
use crate::tokens::TokenDataByResourceServer;

/// The one identity that tokens tell; `None` if none of them does.
///
/// # Errors
/// [`TokenError::MixedIdentities`] if they tell several.
pub(super) fn identity_of(data: &TokenDataByResourceServer) -> Result<Option<String>, TokenError> {
    let mut identities: BTreeSet<&str> = data.values().filter_map(|token| token.identity_id.as_deref()).collect();
    if identities.len() > 1 {
        return Err(TokenError::mixed_identities(identities.into_iter().map(str::to_owned)));
    }
    Ok(identities.pop_first().map(str::to_owned))
}
