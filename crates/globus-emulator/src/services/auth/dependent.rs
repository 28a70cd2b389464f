//! Dependent tokens: what a resource server may do for the person whose token it was given.
//! <https://docs.globus.org/api/auth/reference/#dependent_token_grant_post_v2_oauth2_token>

use uuid::Uuid;

use super::errors;
use super::scope_request::ScopeRequest;
use super::tokens::{self, Holder, Issued};
use crate::exchange::Reply;
use crate::world::World;

/// Tokens of a resource server's client for the scopes that lie below the given token in the person's consents: all of
/// them, or those that are wanted.
pub(crate) fn tokens(
    world: &mut World,
    client: Uuid,
    text: &str,
    wanted: Option<&ScopeRequest>,
    offline: bool,
) -> Result<Vec<Issued>, Reply> {
    let now = world.time.now();
    let auth = &world.auth;
    let owns = |name: &String| auth.scopes.get(name).is_some_and(|scope| scope.client == client);
    let token = auth.tokens.get(text).filter(|token| token.expires > now);
    let Some(token) = token.filter(|token| token.scopes.iter().any(owns)) else {
        return Err(errors::invalid_grant());
    };
    let (identity, session) = (token.identity, token.session);
    let consented: Vec<(String, u64)> = auth
        .consents
        .below(&token.consents)
        .filter(|row| row.client == client && row.identity == identity)
        .map(|row| (row.scope_name.clone(), row.id))
        .collect();
    let scopes: Vec<(String, Option<u64>)> = match wanted {
        None => consented.into_iter().map(|(name, id)| (name, Some(id))).collect(),
        Some(wanted) => {
            let find = |name: &str| consented.iter().find(|(known, _)| known == name);
            let missing: Vec<&str> = wanted.top_names().filter(|name| find(name).is_none()).collect();
            if !missing.is_empty() {
                return Err(errors::dependent_consent_required(&missing));
            }
            let found = wanted.top_names().filter_map(find);
            found.map(|(name, id)| (name.clone(), Some(*id))).collect()
        }
    };
    let holder = Holder {
        client,
        identity,
        session,
        offline,
    };
    Ok(tokens::issue(world, holder, scopes))
}
