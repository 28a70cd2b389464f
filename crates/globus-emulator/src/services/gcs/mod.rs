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

use handlers::{collections, credentials, endpoint, gateways, roles};

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
    ("PUT", "/api/endpoint/domain", None),
    ("PUT", "/api/collections/{collection_id}", None),
    ("POST", "/api/collections/batch_delete", None),
    ("GET", "/api/collections/check", None),
    ("GET", "/api/collections/{collection_id}/check", None),
    ("GET", "/api/collections/{collection_id}/domain", None),
    ("PUT", "/api/collections/{collection_id}/owner", None),
    ("PUT", "/api/collections/{collection_id}/owner_string", None),
    (
        "PUT",
        "/api/collections/{collection_id}/subscription_admin_verified",
        None,
    ),
    ("PUT", "/api/storage_gateways/{storage_gateway_id}", None),
    ("GET", "/api/nodes", None),
    ("GET", "/api/nodes/{node_id}", None),
    ("GET", "/api/sharing_policies", None),
    ("GET", "/api/stream_gateways", None),
    ("GET", "/api/lan_secrets", None),
];
