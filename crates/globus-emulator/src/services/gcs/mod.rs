//! Globus Connect Server: the manager of each endpoint, and the files of its collections over HTTPS.
//! <https://docs.globus.org/globus-connect-server/v5/api/>
//!
//! Endpoints and collections themselves are those of Transfer. Beside the files that every service has: `address.rs` (whose
//! server is asked), `validation.rs` (reading documents), `data.rs`, `range.rs` and `upload.rs` (files).

pub(crate) mod access;
pub(crate) mod address;
pub(crate) mod data;
pub(crate) mod documents;
pub(crate) mod errors;
pub(crate) mod handlers;
pub(crate) mod range;
pub(crate) mod state;
pub(crate) mod upload;
pub(crate) mod validation;

use handlers::{belongings, collections, credentials, endpoint, gateways, nodes, roles};

use super::Extra;
use crate::exchange::Handler;

/// Handlers by operation.
pub(crate) const HANDLERS: &[(&str, Handler)] = &[
    ("gcs.get_gcs_info", endpoint::info),
    ("gcs.get_endpoint", endpoint::get),
    ("gcs.update_endpoint", endpoint::update),
    ("gcs.get_collection_list", collections::list),
    ("gcs.create_collection", collections::create),
    ("gcs.get_collection", collections::get),
    ("gcs.update_collection", collections::update),
    ("gcs.delete_collection", collections::delete),
    ("gcs.get_storage_gateway_list", gateways::list),
    ("gcs.create_storage_gateway", gateways::create),
    ("gcs.get_storage_gateway", gateways::get),
    ("gcs.update_storage_gateway", gateways::update),
    ("gcs.delete_storage_gateway", gateways::delete),
    ("gcs.get_role_list", roles::list),
    ("gcs.create_role", roles::create),
    ("gcs.get_role", roles::get),
    ("gcs.delete_role", roles::delete),
    ("gcs.get_user_credential_list", credentials::list),
    ("gcs.create_user_credential", credentials::create),
    ("gcs.get_user_credential", credentials::get),
    ("gcs.update_user_credential", credentials::update),
    ("gcs.delete_user_credential", credentials::delete),
];

/// Paths that are no operation of the SDK.
pub(crate) const EXTRAS: &[Extra] = &[
    ("PUT", "/api/endpoint/owner", Some(endpoint::set_owner)),
    ("PUT", "/api/endpoint/owner_string", Some(endpoint::set_owner_string)),
    (
        "PUT",
        "/api/endpoint/subscription_id",
        Some(endpoint::set_subscription_id),
    ),
    ("PUT", "/api/endpoint/domain", Some(endpoint::set_domain)),
    ("PUT", "/api/collections/{collection_id}", Some(collections::replace)),
    (
        "GET",
        "/api/collections/{collection_id}/domain",
        Some(belongings::domain),
    ),
    (
        "PUT",
        "/api/collections/{collection_id}/owner",
        Some(belongings::set_owner),
    ),
    (
        "PUT",
        "/api/collections/{collection_id}/owner_string",
        Some(belongings::set_owner_string),
    ),
    (
        "PUT",
        "/api/collections/{collection_id}/subscription_admin_verified",
        Some(belongings::verify),
    ),
    (
        "PUT",
        "/api/storage_gateways/{storage_gateway_id}",
        Some(gateways::replace),
    ),
    ("GET", "/api/nodes", Some(nodes::list)),
    ("GET", "/api/nodes/{node_id}", Some(nodes::get)),
    // What these are sent and answer is not known.
    ("POST", "/api/collections/batch_delete", None),
    ("GET", "/api/collections/check", None),
    ("GET", "/api/collections/{collection_id}/check", None),
    // No way to make one is known, so that there would be empty lists only.
    ("GET", "/api/sharing_policies", None),
    ("GET", "/api/stream_gateways", None),
    ("GET", "/api/lan_secrets", None),
];
