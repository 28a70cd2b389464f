//! The documents of Transfer.

use serde_json::{Value, json};
use uuid::Uuid;

use super::access;
use super::state::{Endpoint, EntityType};
use crate::ids::base32;
use crate::services::auth::state::Caller;
use crate::world::World;

/// An endpoint as a caller sees it, with every key that the service gives.
pub(crate) fn endpoint(world: &World, endpoint: &Endpoint, caller: &Caller) -> Value {
    let kind = endpoint.entity_type;
    let owner = owner_string(world, endpoint);
    let canonical = format!("u_{}#{}", base32(endpoint.owner_id), endpoint.id);
    let host = endpoint
        .host_endpoint_id
        .and_then(|id| world.transfer.endpoints.get(&id));
    let manager = (!kind.is_gcp())
        .then(|| endpoint.domain.as_ref().map(|domain| format!("https://{domain}")))
        .flatten();
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
        "acl_available": kind.is_guest() || endpoint.subscription_id.is_some(),
        "acl_editable": kind.is_guest() && is_administrator(world, endpoint, caller),
        "shareable": !kind.is_guest() && kind != EntityType::GcsEndpoint && endpoint.subscription_id.is_some(),
        "is_globus_connect": kind.is_gcp(),
        "gcp_connected": kind.is_gcp().then_some(endpoint.connected),
        "gcp_paused": kind.is_gcp().then_some(false),
        "gcs_manager_url": manager,
        "gcs_version": (!kind.is_gcp()).then_some("5.4.80"),
        "tlsftp_server": endpoint.domain.as_ref().filter(|_| kind != EntityType::GcsEndpoint)
            .map(|domain| format!("tlsftp://{domain}:443")),
        "https_server": endpoint.domain.as_ref().filter(|_| kind != EntityType::GcsEndpoint)
            .map(|domain| format!("https://{domain}")),
        "subscription_id": endpoint.subscription_id,
        "my_effective_roles": access::roles(world, caller, endpoint),
    });
    if let (Some(document), Value::Object(rest)) = (document.as_object_mut(), constants()) {
        document.extend(rest);
    }
    document
}

/// The members that are the same for every endpoint of this emulator, and the legacy ones that are null everywhere.
fn constants() -> Value {
    json!({
        "non_functional_endpoint_id": null,
        "non_functional_endpoint_display_name": null, "mfa_required": false, "authentication_policy_id": null,
        "authentication_timeout_mins": null, "authentication_assurance_timeout": null, "requester_pays": false,
        "disable_verify": false, "force_verify": false, "force_encryption": false, "disable_anonymous_writes": false,
        "globus_connect_setup_key": null, "storage_type": null, "in_use": false, "last_accessed_time": null,
        "location": "Automatic", "network_use": "normal", "max_concurrency": 4, "max_parallelism": 8,
        "preferred_concurrency": 2, "preferred_parallelism": 4, "user_message": null, "user_message_link": null,
        "local_user_info_available": false, "activated": false, "expire_time": null, "expires_in": -1,
        "myproxy_server": null, "myproxy_dn": null, "oauth_server": null, "s3_url": null,
        "s3_owner_activated": false, "sharing_target_endpoint": null, "sharing_target_root_path": null,
        "french_english_bilingual": false, "subscription_admin_verified": false,
    })
}

fn is_administrator(world: &World, endpoint: &Endpoint, caller: &Caller) -> bool {
    access::roles(world, caller, endpoint)
        .iter()
        .any(|role| matches!(*role, "administrator" | "access_manager"))
}

/// The name of the owner: an identity's username, or that of the client that an endpoint is.
pub(crate) fn owner_string(world: &World, endpoint: &Endpoint) -> String {
    let identity = world.auth.identities.get(&endpoint.owner_id);
    identity.map_or_else(|| client_name(endpoint.owner_id), |row| row.username.clone())
}

fn client_name(id: Uuid) -> String {
    format!("{id}@clients.auth.globus.org")
}

fn servers(endpoint: &Endpoint) -> Value {
    let connect = endpoint.entity_type.is_gcp();
    let host = if connect { None } else { endpoint.domain.as_deref() };
    json!([{
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
    }])
}
