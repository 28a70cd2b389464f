//! The error documents of Transfer.

use http::StatusCode;
use serde_json::json;
use uuid::Uuid;

use crate::exchange::{Incoming, Reply};
use crate::services::resource;
use crate::world::World;

/// An error document; each has a request id of its own.
pub(crate) fn error(world: &mut World, request: &Incoming, status: StatusCode, code: &str, message: &str) -> Reply {
    let document = json!({
        "code": code,
        "message": message,
        "request_id": world.ids.request(),
        "resource": resource(&request.path),
    });
    Reply::json(status, &document)
}

pub(crate) fn authentication_failed(world: &mut World, request: &Incoming, message: &str) -> Reply {
    error(
        world,
        request,
        StatusCode::UNAUTHORIZED,
        "ClientError.AuthenticationFailed",
        message,
    )
}

pub(crate) fn permission_denied(world: &mut World, request: &Incoming, message: &str) -> Reply {
    error(world, request, StatusCode::FORBIDDEN, "PermissionDenied", message)
}

pub(crate) fn bad_request(world: &mut World, request: &Incoming, message: &str) -> Reply {
    error(
        world,
        request,
        StatusCode::BAD_REQUEST,
        "ClientError.BadRequest",
        message,
    )
}

pub(crate) fn endpoint_not_found(world: &mut World, request: &Incoming, id: &str) -> Reply {
    error(
        world,
        request,
        StatusCode::NOT_FOUND,
        "EndpointNotFound",
        &format!("No such endpoint '{id}'"),
    )
}

pub(crate) fn endpoint_deleted(world: &mut World, request: &Incoming, id: Uuid) -> Reply {
    error(
        world,
        request,
        StatusCode::NOT_FOUND,
        "EndpointDeleted",
        &format!("Endpoint '{id}' has been deleted"),
    )
}
