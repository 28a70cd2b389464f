//! The documents of what developers manage.

use serde_json::{Value, json};

use super::identity;
use crate::clock::micros;
use crate::services::auth::catalog::ScopeRow;
use crate::services::auth::client::{Client, Credential};
use crate::services::auth::project::{Policy, Project};
use crate::services::auth::state::AuthState;
use crate::world::World;

/// An empty list is null here.
fn or_null<T: serde::Serialize>(list: &[T]) -> Value {
    if list.is_empty() { Value::Null } else { json!(list) }
}

pub(crate) fn project(world: &World, row: &Project) -> Value {
    let identities = row.admin_ids.iter().filter_map(|id| world.auth.identities.get(id));
    let groups = row.admin_group_ids.iter().filter_map(|id| world.groups.groups.get(id));
    let groups = groups.map(
        |group| json!({"id": group.id, "name": group.name, "description": group.description, "organization": null}),
    );
    json!({
        "id": row.id,
        "project_name": row.display_name,
        "display_name": row.display_name,
        "contact_email": row.contact_email,
        "admin_ids": or_null(&row.admin_ids),
        "admin_group_ids": or_null(&row.admin_group_ids),
        "admins": {
            "identities": identities.map(identity).collect::<Vec<_>>(),
            "groups": groups.collect::<Vec<_>>(),
        },
    })
}

pub(crate) fn policy(row: &Policy) -> Value {
    json!({
        "id": row.id,
        "project_id": row.project_id,
        "display_name": row.display_name,
        "description": row.description,
        "high_assurance": row.high_assurance,
        "required_mfa": row.required_mfa,
        "authentication_assurance_timeout": row.authentication_assurance_timeout,
        "domain_constraints_include": row.domain_constraints_include,
        "domain_constraints_exclude": row.domain_constraints_exclude,
    })
}

/// A client without its secrets.
pub(crate) fn client(auth: &AuthState, client: &Client) -> Value {
    let dependent = "urn:globus:auth:grant_type:dependent_token";
    let grants: &[&str] = match client.client_type.as_str() {
        _ if client.is_public() => &["authorization_code", "refresh_token"],
        "resource_server" | "globus_connect_server" | "hybrid_confidential_client_resource_server" => {
            &["authorization_code", "client_credentials", "refresh_token", dependent]
        }
        _ => &["authorization_code", "client_credentials", "refresh_token"],
    };
    let mut scopes: Vec<_> = auth.scopes.values().filter(|row| row.client == client.id).collect();
    scopes.sort_by_key(|row| row.id);
    json!({
        "id": client.id,
        "name": client.name,
        "project": client.project,
        "client_type": client.client_type,
        "public_client": client.is_public(),
        "visibility": if client.is_visible { "public" } else { "private" },
        "redirect_uris": client.redirect_uris,
        "links": client.links,
        "grant_types": grants,
        "scopes": scopes.iter().map(|row| row.id).collect::<Vec<_>>(),
        "fqdns": client.fqdns,
        "required_idp": client.required_idp,
        "preselect_idp": client.preselect_idp,
        "parent_client": client.parent.or(client.template),
        "prompt_for_named_grant": client.prompt_for_named_grant,
        "userinfo_from_effective_identity": true,
    })
}

/// A credential; only the answer that made it has the secret.
pub(crate) fn credential(client: &Client, row: &Credential, secret: Option<&str>) -> Value {
    json!({
        "id": row.id,
        "name": row.name,
        "client": client.id,
        "created": micros(row.created),
        "secret": secret,
    })
}

pub(crate) fn scope(name: &str, row: &ScopeRow) -> Value {
    let known = if row.title.is_empty() { name } else { &row.title };
    json!({
        "id": row.id,
        "client": row.client,
        "scope_string": name,
        "name": known,
        "description": row.description,
        "advertised": row.advertised,
        "allows_refresh_token": row.allows_refresh_token,
        "required_domains": row.required_domains,
        "dependent_scopes": row.dependent_scopes,
    })
}
