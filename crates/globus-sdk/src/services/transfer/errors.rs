//! How Transfer writes its errors: `code`, `message` and `request_id`.
//!
//! Source: <https://docs.globus.org/api/transfer/overview/>.

use crate::error::{ErrorShape, error_codes};

error_codes! {
    every {
        /// The token is missing or has ended; also written `AuthenticationFailed`.
        401 "ClientError.AuthenticationFailed";
        /// More than 20 requests a second over 10 seconds; the answer's `Retry-After` says when the next may come.
        429;
        /// The service is down for maintenance.
        503 "ServiceUnavailable";
    }

    /// The document or a parameter is malformed, or a field has a value that is not allowed.
    BAD_REQUEST = 400 "BadRequest";
    /// The document has no items.
    NO_TRANSFER_ITEMS = 400 "ClientError.BadRequest.NoTransferItems";
    /// The caller has no role and no access rule that allows it.
    PERMISSION_DENIED = 403 "PermissionDenied";
    /// The collection's host does not let the caller's account use the path.
    ENDPOINT_PERMISSION_DENIED = 403 "EndpointPermissionDenied";
    /// The token lacks the consent to use data of the collection; `required_scopes` says what to log in with.
    CONSENT_REQUIRED = 403 "ConsentRequired";
    /// The collection wants another or a more recent login; `authorization_parameters` says which.
    AUTH_POLICY_FAILED = 403 "AuthPolicyFailed";
    /// There is no endpoint or collection with this id.
    ENDPOINT_NOT_FOUND = 404 "EndpointNotFound";
    /// The endpoint or collection was deleted.
    ENDPOINT_DELETED = 404 "EndpointDeleted";
    /// The collection has no access rule with this id, or no longer.
    RULE_NOT_FOUND = 404 "AccessRuleNotFound";
    /// The caller has no task with this id.
    TASK_NOT_FOUND = 404 "TaskNotFound";
    /// There is nothing with this id.
    NOT_FOUND = 404 "NotFound";
    /// There is nothing at the path.
    PATH_NOT_FOUND = 404 "ClientError.NotFound";
    /// There is nothing at the path.
    NOTHING_THERE = 404 "NotFound";
    /// It contradicts what is there, such as a bookmark of the same name.
    CONFLICT = 409 "Conflict";
    /// A pause rule of the collection holds such operations up.
    OPERATION_PAUSED = 409 "OperationPaused";
    /// A personal computer on which the collection lives is not connected.
    GC_DISCONNECTED = 409 "GCDisconnectedException";
    /// A field of the JSON:API document is missing or has a value that is not allowed.
    UNPROCESSABLE = 422;
    /// The collection's host cannot list: what follows in the code says why, such as `NotDirectory`, `PermissionDenied`,
    /// `ConnectFailed`, `GCDisconnected`, `LoginFailed`, `SizeLimit`.
    LISTING_FAILED = 502 "ExternalError.DirListingFailed";
    /// There is something of this name.
    MKDIR_EXISTS = 502 "ExternalError.MkdirFailed.Exists";
    /// The collection's host does not let the caller's account write there.
    MKDIR_DENIED = 502 "ExternalError.MkdirFailed.PermissionDenied";
    /// The collection's host failed otherwise. It is not sent again by itself, as it lasts.
    ENDPOINT_ERROR = 502 "EndpointError";
}

/// Errors of Transfer.
pub(crate) static SHAPE: ErrorShape = ErrorShape {
    // What a collection or its storage refuses stays refused, though the status (502) looks passing.
    lasting: |reading| {
        reading
            .code
            .as_deref()
            .is_some_and(|code| code.contains("ExternalError") || code.contains("EndpointError"))
    },
    ..ErrorShape::common("Globus Transfer", EVERY)
};

/// Errors of the second version of the Transfer API, which are JSON:API documents.
pub(crate) static SHAPE_V2: ErrorShape = ErrorShape {
    lasting: |reading| {
        let mut codes = reading.errors.iter().filter_map(|error| error.code.as_deref());
        codes.any(|code| matches!(code, "ExternalError" | "EndpointError"))
    },
    ..ErrorShape::common("Globus Transfer", EVERY)
};
