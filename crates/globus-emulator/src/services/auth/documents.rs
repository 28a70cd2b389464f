//! The documents of Auth.

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::state::{AuthState, Consent, Identity, Provider, TOKEN_LIFE, Token};
use crate::clock::micros;

/// One resource server's part of a token answer.
pub(crate) fn token(text: &str, token: &Token) -> Value {
    json!({
        "access_token": text,
        "scope": token.scopes.join(" "),
        "expires_in": TOKEN_LIFE.as_secs(),
        "token_type": "Bearer",
        "resource_server": token.resource_server,
    })
}

/// An identity as the lookup shows it.
pub(crate) fn identity(identity: &Identity) -> Value {
    json!({
        "id": identity.id,
        "username": identity.username,
        "name": identity.name,
        "email": identity.email,
        "organization": identity.organization,
        "identity_provider": identity.identity_provider,
        "identity_type": identity.identity_type,
        "status": identity.status,
    })
}

pub(crate) fn provider(provider: &Provider) -> Value {
    json!({
        "id": provider.id,
        "name": provider.name,
        "short_name": provider.short_name,
        "alternative_names": [],
        "domains": provider.domains,
    })
}

/// An identity as `identity_set` and `identity_set_detail` show it.
pub(crate) fn identity_detail(auth: &AuthState, id: Uuid, last_authentication: Option<Timestamp>) -> Value {
    let Some(row) = auth.identities.get(&id) else {
        return json!({"sub": id});
    };
    json!({
        "sub": row.id,
        "username": row.username,
        "name": row.name,
        "email": row.email,
        "organization": row.organization,
        "identity_provider": row.identity_provider,
        "identity_provider_display_name": provider_name(auth, row.identity_provider),
        "last_authentication": last_authentication.map(Timestamp::as_second),
    })
}

pub(crate) fn provider_name(auth: &AuthState, id: Uuid) -> Option<&str> {
    auth.providers.get(&id).map(|row| row.name.as_str())
}

/// What a valid token says about itself; `include` names the optional members.
pub(crate) fn introspection(auth: &AuthState, origin: &str, token: &Token, include: &[&str]) -> Value {
    let row = auth.identities.get(&token.identity);
    let set = auth.linked(token.identity);
    let mut document = json!({
        "active": true,
        "token_type": "Bearer",
        "scope": token.scopes.join(" "),
        "client_id": token.client,
        "username": row.map(|row| &row.username),
        "name": row.and_then(|row| row.name.as_ref()),
        "email": row.and_then(|row| row.email.as_ref()),
        "exp": token.expires.as_second(),
        "iat": token.issued.as_second(),
        "nbf": token.issued.as_second(),
        "sub": token.identity,
        "aud": [token.resource_server, token.client],
        "iss": origin.trim_end_matches('/'),
    });
    if include.contains(&"identity_set") {
        document["identity_set"] = json!(set);
    }
    if include.contains(&"identity_set_detail") {
        document["identity_set_detail"] = set.iter().map(|&id| identity_detail(auth, id, None)).collect();
    }
    if include.contains(&"session_info") {
        // A program's token has no session behind it.
        document["session_info"] = json!({"session_id": token_session(token), "authentications": {}});
    }
    document
}

fn token_session(token: &Token) -> Uuid {
    crate::ids::named(&format!("session/{}/{}", token.client, token.identity))
}

/// What `userinfo` says, by scope.
pub(crate) fn claims(auth: &AuthState, id: Uuid, scopes: &[String]) -> Value {
    let has = |name: &str| scopes.iter().any(|scope| scope == name);
    let mut claims = Map::new();
    claims.insert("sub".into(), json!(id));
    claims.insert("last_authentication".into(), Value::Null);
    let set: Vec<Value> = auth
        .linked(id)
        .into_iter()
        .map(|id| identity_detail(auth, id, None))
        .collect();
    claims.insert("identity_set".into(), Value::Array(set));
    let Some(row) = auth.identities.get(&id) else {
        return Value::Object(claims);
    };
    if has("profile") {
        claims.insert("name".into(), json!(row.name));
        claims.insert("organization".into(), json!(row.organization));
        claims.insert("preferred_username".into(), json!(row.username));
        claims.insert("identity_provider".into(), json!(row.identity_provider));
        let provider = provider_name(auth, row.identity_provider);
        claims.insert("identity_provider_display_name".into(), json!(provider));
    }
    if has("email") {
        claims.insert("email".into(), json!(row.email));
    }
    Value::Object(claims)
}

pub(crate) fn consent(row: &Consent) -> Value {
    json!({
        "id": row.id,
        "client": row.client,
        "scope": row.scope,
        "scope_name": row.scope_name,
        "dependency_path": row.dependency_path,
        "status": "approved",
        "allows_refresh": false,
        "atomically_revocable": row.optional,
        "auto_approved": false,
        "effective_identity": row.identity,
        "created": micros(row.created),
        "updated": micros(row.created),
        "last_used": micros(row.last_used),
    })
}
