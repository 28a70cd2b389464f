//! Looking up identities, providers and consents.
//! <https://docs.globus.org/api/auth/reference/#identities_api>

use std::collections::BTreeSet;

use http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::exchange::{Credentials, Fields, Incoming, Outcome, Reply, truth};
use crate::services::auth::state::Identity;
use crate::services::auth::{access, documents, errors};
use crate::world::World;

/// A token for Auth, or a client's own credentials.
fn authenticated(world: &World, request: &Incoming) -> Result<(), Reply> {
    match request.credentials() {
        Credentials::Basic { .. } => access::client(world, request, &Fields::default()).map(drop),
        _ => access::bearer(world, request).map(drop),
    }
}

/// Finds identities by id or by name; unknown ones are left out.
pub(crate) fn list(world: &mut World, request: &Incoming) -> Outcome {
    authenticated(world, request)?;
    let query = request.query();
    let (names, ids) = (query.list("usernames"), query.list("ids"));
    if names.is_empty() == ids.is_empty() {
        return Err(errors::bad_request(
            request,
            "Exactly one of usernames and ids is required",
        ));
    }
    let provision = query.get("provision").and_then(truth).unwrap_or(false);
    let mut found: Vec<Uuid> = Vec::new();
    for name in names {
        match world.auth.by_username(name) {
            Some(identity) => found.push(identity.id),
            None if provision && name.contains('@') => found.push(world.auth.provision(name)),
            None => {}
        }
    }
    for id in ids {
        let Ok(id) = Uuid::parse_str(id) else {
            return Err(errors::bad_request(request, &format!("'{id}' is not a UUID")));
        };
        found.push(id);
    }
    let mut seen = BTreeSet::new();
    found.retain(|id| seen.insert(*id));
    let rows: Vec<&Identity> = found.iter().filter_map(|id| world.auth.identities.get(id)).collect();
    let mut document = json!({"identities": rows.iter().map(|row| documents::identity(row)).collect::<Vec<_>>()});
    if query.list("include").contains(&"identity_provider") {
        let wanted: BTreeSet<Uuid> = rows.iter().map(|row| row.identity_provider).collect();
        let providers: Vec<Value> = wanted
            .iter()
            .filter_map(|id| world.auth.providers.get(id))
            .map(documents::provider)
            .collect();
        document["included"] = json!({"identity_providers": providers});
    }
    Ok(Reply::ok(&document))
}

/// One identity.
pub(crate) fn get(world: &mut World, request: &Incoming) -> Outcome {
    authenticated(world, request)?;
    let row = request
        .param_uuid("identity_id")
        .and_then(|id| world.auth.identities.get(&id));
    let row = row.ok_or_else(|| errors::not_found(request, "There is no such identity"))?;
    Ok(Reply::ok(&json!({"identity": documents::identity(row)})))
}

/// Finds providers by id or by domain.
pub(crate) fn providers(world: &mut World, request: &Incoming) -> Outcome {
    authenticated(world, request)?;
    let query = request.query();
    let (ids, domains) = (query.list("ids"), query.list("domains"));
    if ids.is_empty() == domains.is_empty() {
        return Err(errors::bad_request(
            request,
            "Exactly one of ids and domains is required",
        ));
    }
    let found = world.auth.providers.values().filter(|row| {
        ids.contains(&row.id.to_string().as_str()) || row.domains.iter().any(|known| domains.contains(&known.as_str()))
    });
    Ok(Reply::ok(
        &json!({"identity_providers": found.map(documents::provider).collect::<Vec<_>>()}),
    ))
}

/// What an identity has consented to. Without `all`, only what is rooted at the calling client.
pub(crate) fn consents(world: &mut World, request: &Incoming) -> Outcome {
    let caller = access::bearer(world, request)?;
    let Some(identity) = request
        .param_uuid("identity_id")
        .filter(|id| world.auth.identities.contains_key(id))
    else {
        return Err(errors::not_found(request, "There is no such identity"));
    };
    if !caller.is(identity) {
        return Err(errors::forbidden(request, "These are someone else's consents"));
    }
    let all = request.query().get("all").and_then(truth).unwrap_or(false);
    if all && !caller.has_scope("urn:globus:auth:scope:auth.globus.org:view_consents") {
        return Err(errors::forbidden(
            request,
            "All consents are for tokens with the view_consents scope",
        ));
    }
    let roots: BTreeSet<u64> = world
        .auth
        .consents
        .rows()
        .filter(|row| row.dependency_path.len() == 1 && (all || row.client == caller.client))
        .map(|row| row.id)
        .collect();
    let rows = world.auth.consents.rows();
    let rows = rows.filter(|row| row.identity == identity && roots.contains(&row.root()));
    let rows: Vec<Value> = rows.map(documents::consent).collect();
    Ok(Reply::json(StatusCode::OK, &json!({"consents": rows})))
}
