//! The error documents of Transfer.

use http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

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

    fn document(&self, code: &str, message: &str) -> Value {
        json!({
            "code": code,
            "message": message,
            "request_id": self.request_id,
            "resource": self.resource,
        })
    }

    pub(crate) fn error(&self, status: StatusCode, code: &str, message: &str) -> Reply {
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
