//! The documents of Auth.

pub(crate) mod developers;

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::consents::Consent;
use super::sessions::Session;
use super::state::{AuthState, Identity, Provider};
use super::tokens::{Issued, TOKEN_LIFE, Token};
use crate::clock::micros;

/// One resource server's part of a token answer.
pub(crate) fn token(issued: &Issued) -> Value {
    let mut document = json!({
        "access_token": issued.text,
        "scope": issued.token.scopes.join(" "),
        "expires_in": TOKEN_LIFE.as_secs(),
        "token_type": "Bearer",
        "resource_server": issued.token.resource_server,
    });
    if let Some(refresh) = &issued.refresh {
        document["refresh_token"] = refresh.as_str().into();
    }
    document
}

/// An answer of the token endpoint: the first token at the top, the others in a list below.
pub(crate) fn tokens(issued: &[Issued]) -> Value {
    let mut documents = issued.iter().map(token);
    let mut first = documents.next().unwrap_or_else(|| json!({}));
    first["other_tokens"] = documents.collect();
    first
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
        let session = auth.sessions.get(token.session);
        document["identity_set_detail"] = set
            .iter()
            .map(|&id| identity_detail(auth, id, last_authentication(session, id)))
            .collect();
    }
    if include.contains(&"session_info") {
        document["session_info"] = session_info(auth, token);
    }
    document
}

/// Which policies whoever has a token meets. The API reference is silent about it: this is what services that are in use
/// read. An id that is no UUID is left out, as services must expect of one that Auth cannot evaluate.
pub(crate) fn policy_evaluations(auth: &AuthState, token: &Token, policies: &[&str], now: Timestamp) -> Value {
    let ids = policies.iter().filter_map(|id| Uuid::parse_str(id).ok());
    ids.map(|id| id.to_string())
        .map(|id| {
            let met = auth.token_meets(token, &id, now);
            (id, json!({"evaluation": met}))
        })
        .collect()
}

/// How the person behind a token proved who they are. A program's token has no session behind it.
fn session_info(auth: &AuthState, token: &Token) -> Value {
    let id = token.session.unwrap_or_else(|| named_session(token));
    let held = auth.sessions.get(token.session).map(|session| &session.authentications);
    let rows = held.into_iter().flatten().map(|(id, row)| {
        let provider = auth.identities.get(id).map(|identity| identity.identity_provider);
        let means: Option<&[&str]> = row.mfa.then_some(&["mfa"]);
        let document = json!({
            "acr": null, "amr": means, "idp": provider, "auth_time": row.time.as_second(), "custom_claims": {},
        });
        (id.to_string(), document)
    });
    json!({"session_id": id, "authentications": rows.collect::<Map<_, _>>()})
}

fn named_session(token: &Token) -> Uuid {
    crate::ids::named(&format!("session/{}/{}", token.client, token.identity))
}

fn last_authentication(session: Option<&Session>, id: Uuid) -> Option<Timestamp> {
    Some(session?.authentications.get(&id)?.time)
}

/// What `userinfo` and identity tokens say, by scope.
pub(crate) fn claims(auth: &AuthState, id: Uuid, scopes: &[String], session: Option<&Session>) -> Value {
    let has = |name: &str| scopes.iter().any(|scope| scope == name);
    let mut claims = Map::new();
    claims.insert("sub".into(), json!(id));
    let latest = || session?.authentications.values().map(|row| row.time).max();
    let last = last_authentication(session, id)
        .or_else(latest)
        .map(Timestamp::as_second);
    claims.insert("last_authentication".into(), json!(last));
    let set: Vec<Value> = auth
        .linked(id)
        .into_iter()
        .map(|id| identity_detail(auth, id, last_authentication(session, id)))
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
        "allows_refresh": row.allows_refresh,
        "atomically_revocable": row.optional,
        "auto_approved": false,
        "effective_identity": row.identity,
        "created": micros(row.created),
        "updated": micros(row.created),
        "last_used": micros(row.last_used),
    })
}
