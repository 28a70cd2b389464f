//! The error documents of Transfer.

use http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use super::jsonapi;
use crate::exchange::{Incoming, Reply};
use crate::services::resource;
use crate::world::World;

/// What an answer says of its request, for those who answer once the world's lock is free.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    request_id: String,
    resource: String,
}

impl Draft {
    pub(crate) fn new(world: &mut World, request: &Incoming) -> Self {
        Self {
            request_id: world.ids.request(),
            resource: resource(&request.path).to_owned(),
        }
    }

    pub(crate) fn document(&self, code: &str, message: &str) -> Value {
        json!({
            "code": code,
            "message": message,
            "request_id": self.request_id,
            "resource": self.resource,
        })
    }

    pub(crate) fn error(&self, status: StatusCode, code: &str, message: &str) -> Reply {
        if self.resource.starts_with("/v2/") {
            return jsonapi::error(&self.request_id, status, code, message);
        }
        Reply::json(status, &self.document(code, message))
    }

    /// What says that something was done.
    pub(crate) fn result(&self, data_type: &str, code: &str, message: &str) -> Value {
        let mut document = self.document(code, message);
        document["DATA_TYPE"] = data_type.into();
        document
    }
}

/// An error document; each has a request id of its own.
pub(crate) fn error(world: &mut World, request: &Incoming, status: StatusCode, code: &str, message: &str) -> Reply {
    Draft::new(world, request).error(status, code, message)
}

/// That something was made, with its id under a name.
pub(crate) fn created(world: &mut World, request: &Incoming, data_type: &str, message: &str, more: Value) -> Reply {
    let mut document = Draft::new(world, request).result(data_type, "Created", message);
    if let (Some(document), Value::Object(more)) = (document.as_object_mut(), more) {
        document.extend(more);
    }
    Reply::json(StatusCode::CREATED, &document)
}

/// That something was done.
pub(crate) fn result(world: &mut World, request: &Incoming, code: &str, message: &str) -> Reply {
    Reply::ok(&Draft::new(world, request).result("result", code, message))
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

/// The same under the code that some resources have for it.
pub(crate) fn plain_bad_request(world: &mut World, request: &Incoming, message: &str) -> Reply {
    error(world, request, StatusCode::BAD_REQUEST, "BadRequest", message)
}

pub(crate) fn not_found(world: &mut World, request: &Incoming, code: &str, message: &str) -> Reply {
    error(world, request, StatusCode::NOT_FOUND, code, message)
}

pub(crate) fn conflict(world: &mut World, request: &Incoming, message: &str) -> Reply {
    error(world, request, StatusCode::CONFLICT, "Conflict", message)
}

pub(crate) fn not_supported(world: &mut World, request: &Incoming, message: &str) -> Reply {
    error(world, request, StatusCode::CONFLICT, "NotSupported", message).inferred()
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

/// That data of collections may be used once these scopes are consented to.
pub(crate) fn consent_required(world: &mut World, request: &Incoming, scopes: &[String]) -> Reply {
    const MESSAGE: &str = "Missing required data_access consent";
    let mut document = Draft::new(world, request).document("ConsentRequired", MESSAGE);
    document["required_scopes"] = json!(scopes);
    document["authorization_parameters"] = json!({"required_scopes": scopes, "session_message": MESSAGE});
    Reply::json(StatusCode::FORBIDDEN, &document)
}
