//! The documents of Transfer.

use serde_json::{Value, json};
use uuid::Uuid;

use super::access::{self, Power};
use super::state::{AccessRule, Bookmark, Endpoint, EntityType, RoleRow};
use super::subscriptions;
use super::tasks::pause::{Activity, PauseRule};
use crate::clock::seconds;
use crate::ids::base32;
use crate::services::auth::state::Caller;
use crate::services::gcs::address;
use crate::world::World;

/// An endpoint as a caller sees it, with every key that the service gives.
pub(crate) fn endpoint(world: &World, endpoint: &Endpoint, caller: &Caller) -> Value {
    let kind = endpoint.entity_type;
    let owner = owner_string(world, endpoint);
    let canonical = format!("u_{}#{}", base32(endpoint.owner_id), endpoint.id);
    let subscription = subscriptions::of(world, endpoint);
    let administers = access::may(world, caller, endpoint, Power::Administer);
    let host = endpoint
        .host_endpoint_id
        .and_then(|id| world.transfer.endpoints.get(&id));
    let manager = (!kind.is_gcp()).then(|| address::manager(world, endpoint.owner_id));
    let files = address::files(world, endpoint);
    let mut document = json!({
        "DATA_TYPE": "endpoint",
        "id": endpoint.id,
        "display_name": endpoint.display_name,
        "canonical_name": canonical,
        "name": endpoint.id,
        "username": format!("u_{}", base32(endpoint.owner_id)),
        "owner_id": endpoint.owner_id,
        "owner_string": owner,
        "entity_type": kind.as_str(),
        "DATA": servers(endpoint),
        "public": endpoint.public,
        "description": endpoint.description,
        "organization": endpoint.organization,
        "department": endpoint.department,
        "keywords": endpoint.keywords,
        "contact_email": endpoint.contact_email,
        "contact_info": endpoint.contact_info,
        "info_link": endpoint.info_link,
        "default_directory": endpoint.default_directory,
        "host_endpoint": host.map(|host| format!("u_{}#{}", base32(host.owner_id), host.id)),
        "host_endpoint_id": endpoint.host_endpoint_id,
        "host_endpoint_display_name": host.map(|host| host.display_name.as_str()),
        "host_path": endpoint.host_path,
        "mapped_collection_id": host.map(|host| host.id),
        "mapped_collection_display_name": host.map(|host| host.display_name.as_str()),
        "non_functional": kind == EntityType::GcsEndpoint,
        "high_assurance": endpoint.high_assurance,
        "acl_available": kind.is_guest() || subscription.is_some(),
        "acl_editable": kind.is_guest() && access::may(world, caller, endpoint, Power::ManageAccess),
        "shareable": !kind.is_guest() && kind != EntityType::GcsEndpoint && subscription.is_some(),
        "is_globus_connect": kind.is_gcp(),
        "gcp_connected": kind.is_gcp().then_some(endpoint.connected),
        "gcp_paused": kind.is_gcp().then_some(false),
        "gcs_manager_url": manager,
        "gcs_version": (!kind.is_gcp()).then_some("5.4.80"),
        "tlsftp_server": endpoint.domain.as_ref().filter(|_| kind != EntityType::GcsEndpoint)
            .map(|domain| format!("tlsftp://{domain}:443")),
        "https_server": files,
        "subscription_id": subscription,
        "my_effective_roles": access::roles(world, caller, endpoint),
    });
    let more = json!({
        "subscription_admin_verified": endpoint.subscription_admin_verified,
        "globus_connect_setup_key": endpoint.setup_key.filter(|_| administers),
        "user_message": endpoint.user_message,
        "user_message_link": endpoint.user_message_link,
        "force_encryption": endpoint.force_encryption,
        "force_verify": endpoint.force_verify,
        "disable_verify": endpoint.disable_verify,
        "disable_anonymous_writes": endpoint.disable_anonymous_writes,
        "authentication_timeout_mins": endpoint.authentication_timeout_mins,
        "mfa_required": endpoint.mfa_required,
        "authentication_policy_id": endpoint.authentication_policy_id,
        "sharing_target_endpoint": host.map(|host| format!("u_{}#{}", base32(host.owner_id), host.id)),
        "sharing_target_root_path": endpoint.host_path,
        "in_use": in_use(world, endpoint, caller),
    });
    for more in [more, constants()] {
        if let (Some(document), Value::Object(more)) = (document.as_object_mut(), more) {
            document.extend(more);
        }
    }
    document
}

/// Whether tasks of the caller use an endpoint.
pub(crate) fn in_use(world: &World, endpoint: &Endpoint, caller: &Caller) -> bool {
    let board = world.transfer.engine.board();
    let mut tasks = board.active().filter(|task| caller.is(task.owner));
    tasks.any(|task| task.uses(endpoint.id))
}

/// The members that are the same for every endpoint of this emulator, and the legacy ones that are null everywhere.
fn constants() -> Value {
    json!({
        "non_functional_endpoint_id": null,
        "non_functional_endpoint_display_name": null, "authentication_assurance_timeout": null,
        "requester_pays": false, "storage_type": null, "last_accessed_time": null,
        "location": "Automatic", "network_use": "normal", "max_concurrency": 4, "max_parallelism": 8,
        "preferred_concurrency": 2, "preferred_parallelism": 4,
        "local_user_info_available": false, "activated": false, "expire_time": null, "expires_in": -1,
        "myproxy_server": null, "myproxy_dn": null, "oauth_server": null, "s3_url": null,
        "s3_owner_activated": false, "french_english_bilingual": false,
    })
}

/// The name of the owner: an identity's username, or that of the client that an endpoint is.
pub(crate) fn owner_string(world: &World, endpoint: &Endpoint) -> String {
    let identity = world.auth.identities.get(&endpoint.owner_id);
    let told = || world.gcs.owner_string(endpoint);
    let named = identity.map(|row| row.username.clone()).or_else(told);
    named.unwrap_or_else(|| client_name(endpoint.owner_id))
}

fn client_name(id: Uuid) -> String {
    format!("{id}@clients.auth.globus.org")
}

/// The hosts through which an endpoint is reached; there is one.
pub(crate) fn servers(endpoint: &Endpoint) -> Vec<Value> {
    let connect = endpoint.entity_type.is_gcp();
    let host = if connect { None } else { endpoint.domain.as_deref() };
    vec![json!({
        "DATA_TYPE": "server",
        "id": endpoint.id.as_u128() % 1_000_000,
        "hostname": host,
        "port": if connect { None } else { Some(443) },
        "scheme": if connect { None } else { Some("tlsftp") },
        "subject": null,
        "uri": host.map(|host| format!("tlsftp://{host}:443")),
        "is_connected": endpoint.connected,
        "is_paused": false,
        "incoming_data_port_start": null,
        "incoming_data_port_end": null,
        "outgoing_data_port_start": null,
        "outgoing_data_port_end": null,
    })]
}

/// The roles on an endpoint, first that of the owner.
pub(crate) fn roles(endpoint: &Endpoint) -> Vec<Value> {
    let owner = RoleRow {
        id: endpoint.owner_role(),
        principal_type: "identity".to_owned(),
        principal: endpoint.owner_id.to_string(),
        role: "administrator".to_owned(),
    };
    std::iter::once(&owner).chain(&endpoint.roles).map(role).collect()
}

pub(crate) fn role(row: &RoleRow) -> Value {
    json!({
        "DATA_TYPE": "role",
        "id": row.id,
        "principal_type": row.principal_type,
        "principal": row.principal,
        "role": row.role,
    })
}

/// The access rules of a guest collection, and those that follow from roles, which have no id.
pub(crate) fn access_rules(endpoint: &Endpoint) -> Vec<Value> {
    let roles = roles(endpoint);
    let managers = roles
        .iter()
        .filter(|role| role["role"] == "administrator" || role["role"] == "access_manager");
    let follow = managers.map(|role| {
        json!({
            "DATA_TYPE": "access",
            "id": null,
            "path": "/",
            "permissions": "rw",
            "principal_type": role["principal_type"],
            "principal": role["principal"],
            "role_id": role["id"],
            "role_type": role["role"],
            "create_time": null,
            "expiration_date": null,
        })
    });
    follow.chain(endpoint.access.iter().map(access_rule)).collect()
}

pub(crate) fn access_rule(rule: &AccessRule) -> Value {
    json!({
        "DATA_TYPE": "access",
        "id": rule.id,
        "path": rule.path,
        "permissions": rule.permissions,
        "principal_type": rule.principal_type,
        "principal": rule.principal,
        "role_id": null,
        "role_type": null,
        "create_time": rule.create_time.map(seconds),
        "expiration_date": rule.expiration_date.map(seconds),
    })
}

pub(crate) fn bookmark(row: &Bookmark) -> Value {
    json!({
        "DATA_TYPE": "bookmark",
        "id": row.id,
        "name": row.name,
        "endpoint_id": row.endpoint_id,
        "path": row.path,
        "pinned": row.pinned,
    })
}

/// A pause rule as those see it whom it pauses.
pub(crate) fn pause_rule(world: &World, rule: &PauseRule) -> Value {
    let endpoint = world.transfer.endpoints.get(&rule.endpoint_id);
    let mut document = json!({
        "DATA_TYPE": "pause_rule_limited",
        "id": rule.id,
        "message": rule.message,
        "start_time": rule.start_time.map(seconds),
        "endpoint_id": rule.endpoint_id,
        "endpoint_display_name": endpoint.map(|endpoint| endpoint.display_name.as_str()),
        "identity_id": rule.identity_id,
    });
    for (name, activity) in Activity::FIELDS {
        document[name] = rule.paused.contains(&activity).into();
    }
    document
}

/// The same as managers see it.
pub(crate) fn managed_pause_rule(world: &World, rule: &PauseRule, editable: bool) -> Value {
    let mut document = pause_rule(world, rule);
    document["DATA_TYPE"] = "pause_rule".into();
    document["modified_by_id"] = rule.modified_by_id.to_string().into();
    document["created_by_host_manager"] = rule.created_by_host_manager.into();
    document["editable"] = editable.into();
    document
}
