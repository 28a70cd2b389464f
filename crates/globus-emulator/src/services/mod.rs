//! The services, one folder each with the same files: `mod.rs` (its handlers by operation), `access.rs` (who calls),
//! `errors.rs`, `state.rs`, `documents.rs` and `handlers/`.

pub(crate) mod auth;
pub(crate) mod flows;
pub(crate) mod gcs;
pub(crate) mod groups;
pub(crate) mod transfer;

use http::StatusCode;
use serde_json::json;

use crate::exchange::{Handler, Reply, Serving};

/// The services whose paths the emulator knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Service {
    Auth,
    Compute,
    Flows,
    Gcs,
    Groups,
    Search,
    Timers,
    Transfer,
}

/// The handlers of all services by operation key.
pub(crate) fn handlers() -> impl Iterator<Item = (&'static str, Serving)> {
    let all = [
        auth::HANDLERS,
        flows::HANDLERS,
        gcs::HANDLERS,
        groups::HANDLERS,
        transfer::HANDLERS,
    ];
    let now = all.into_iter().flatten();
    let later = transfer::FILE_HANDLERS.iter();
    now.map(|&(key, handler)| (key, Serving::Now(handler)))
        .chain(later.map(|&(key, handler)| (key, Serving::Later(handler))))
}

/// A path that belongs to a service and is no operation of the SDK: method, path, handler if there is one.
pub(crate) type Extra = (&'static str, &'static str, Option<Handler>);

/// The paths beside the table, of all services.
pub(crate) fn extras() -> impl Iterator<Item = &'static Extra> {
    [
        auth::EXTRAS,
        flows::EXTRAS,
        gcs::EXTRAS,
        groups::EXTRAS,
        transfer::EXTRAS,
    ]
    .into_iter()
    .flatten()
}

/// What begins the paths of each service, longest first where one is part of another.
const PREFIXES: &[(&str, Service)] = &[
    ("/v2/oauth2/", Service::Auth),
    ("/v2/api/", Service::Auth),
    ("/v2/web/", Service::Auth),
    ("/jwk.json", Service::Auth),
    ("/.well-known/", Service::Auth),
    ("/v2/groups", Service::Groups),
    ("/v2/preferences", Service::Groups),
    ("/v2/subscription_info/", Service::Groups),
    ("/v0.10/", Service::Transfer),
    ("/v2/tunnels", Service::Transfer),
    ("/v2/stream_access_points", Service::Transfer),
    ("/v2/bookmarks", Service::Transfer),
    ("/v2/timer", Service::Timers),
    ("/jobs", Service::Timers),
    ("/flows", Service::Flows),
    ("/runs", Service::Flows),
    ("/batch/runs", Service::Flows),
    ("/registered_apis", Service::Flows),
    ("/web_inputs", Service::Flows),
    ("/v1/", Service::Search),
    ("/beta/", Service::Search),
    ("/api/", Service::Gcs),
    ("/v2/version", Service::Compute),
    ("/v2/authenticate", Service::Compute),
    ("/v2/submit", Service::Compute),
    ("/v2/batch_status", Service::Compute),
    ("/v2/endpoints", Service::Compute),
    ("/v2/functions", Service::Compute),
    ("/v2/tasks", Service::Compute),
    ("/v2/taskgroup", Service::Compute),
    ("/v2/containers", Service::Compute),
    ("/v2/get_amqp_result_connection_url", Service::Compute),
    ("/v3/", Service::Compute),
];

impl Service {
    /// The service to which a path belongs.
    pub(crate) fn of_path(path: &str) -> Option<Self> {
        PREFIXES
            .iter()
            .find(|(prefix, _)| path.starts_with(prefix))
            .map(|(_, service)| *service)
    }

    /// What people call it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Auth => "Auth",
            Self::Compute => "Compute",
            Self::Flows => "Flows",
            Self::Gcs => "GCS",
            Self::Groups => "Groups",
            Self::Search => "Search",
            Self::Timers => "Timers",
            Self::Transfer => "Transfer",
        }
    }

    /// The service's name, if nothing of it is emulated so far.
    pub(crate) fn not_begun(self) -> Option<&'static str> {
        matches!(self, Self::Compute | Self::Search | Self::Timers).then(|| self.name())
    }

    /// An error document of this service, for failures that have nothing to do with what it serves.
    pub(crate) fn error(self, status: StatusCode, code: &str, message: &str, path: &str) -> Reply {
        let number = status.as_u16();
        let document = match self {
            Self::Auth => json!({
                "errors": [{"status": number.to_string(), "id": crate::ids::named(path), "code": code,
                            "title": status.canonical_reason(), "detail": message}],
                "error": code.to_ascii_lowercase(), "error_description": message,
            }),
            Self::Groups => json!({"code": code, "detail": message}),
            Self::Transfer => {
                json!({"code": code, "message": message, "request_id": "emulator0", "resource": resource(path)})
            }
            Self::Flows => json!({
                "error": {"code": code, "detail": message, "message": message}, "debug_id": crate::ids::named(path),
            }),
            Self::Search => json!({
                "@datatype": "GError", "@version": "2017-09-01", "code": code, "message": message, "status": number,
                "request_id": crate::ids::named(path).simple(),
            }),
            Self::Timers => json!({"error": {"code": code, "detail": message, "status": number}}),
            Self::Compute => json!({"code": code, "reason": message, "http_status_code": number}),
            Self::Gcs => json!({
                "DATA_TYPE": "result#1.0.0", "code": code, "detail": null, "http_response_code": number,
                "message": message, "data": [], "has_next_page": false, "marker": "",
            }),
        };
        Reply::json(status, &document)
    }
}

/// A path of Transfer as its error documents name it.
pub(crate) fn resource(path: &str) -> &str {
    path.strip_prefix("/v0.10").unwrap_or(path)
}
