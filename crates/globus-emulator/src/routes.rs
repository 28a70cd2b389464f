//! Which path leads to which handler: the operations of the SDK's table and a few paths beside it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{Extension, RawPathParams, Request};
use axum::response::Response;
use axum::routing::{MethodFilter, MethodRouter, any, get};
use globus_sdk::operation::Kind;
use http::StatusCode;
use percent_encoding::percent_decode_str;
use serde::Serialize;

use crate::exchange::{Incoming, Job, Reply, Serving};
use crate::server::{self, Shared};
use crate::services::gcs::address::{self, ManagerOf};
use crate::services::transfer::limit;
use crate::services::{self, Service};
use crate::world::World;
use crate::{control, dashboard, table};

/// Where the control routes live.
pub const CONTROL_PREFIX: &str = "/_emulator";

/// A method on a path.
#[derive(Debug)]
pub(crate) struct Route {
    pub(crate) service: Service,
    pub(crate) method: String,
    pub(crate) path: String,
    /// Keys of the operations that come here; empty beside the table.
    pub(crate) operations: Vec<String>,
    /// `None`: known, and answered with 501.
    pub(crate) handler: Option<Serving>,
}

/// A method on a path of a service, and whether an emulator serves it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RouteInfo {
    /// The service, such as `Transfer`.
    pub service: &'static str,
    /// The method, in capitals.
    pub method: &'static str,
    /// The path below the emulator's address; what stands in braces is any one part.
    pub path: &'static str,
    /// The keys of the SDK's operations that come here, such as `groups.get_group`; none of those beside the SDK.
    pub operations: &'static [String],
    /// Whether it does what the service does; what is known and not served is answered with 501.
    pub is_served: bool,
}

/// Lists every route that an emulator knows, by service and path, whether it is served or a 501.
///
/// Of the services Compute, Search and Timers, which are not begun, any other path is a 501 too. The control routes and the
/// page at `/` are not among them.
pub fn routes() -> Vec<RouteInfo> {
    let mut all: Vec<RouteInfo> = ROUTES
        .iter()
        .map(|route| RouteInfo {
            service: route.service.name(),
            method: &route.method,
            path: &route.path,
            operations: &route.operations,
            is_served: route.handler.is_some(),
        })
        .collect();
    all.sort_by_key(|route| (route.service, route.path, route.method));
    all
}

/// What a path has in the places of a pattern's braces.
type Params = Result<RawPathParams, RawPathParamsRejection>;

/// Key, method and path on this origin.
type Row = (String, String, String);

/// The operations that the SDK declares and that are one request.
fn declared() -> impl Iterator<Item = Row> {
    globus_sdk::services::operations()
        .filter(|row| matches!(row.kind, Kind::Request))
        .filter_map(|row| {
            // A client of any address has no paths of its own; a GCS manager has its own below /api.
            let below = if row.client.service? == "globus_connect_server" {
                "/api/"
            } else {
                "/"
            };
            let path = format!("{below}{}", row.path.trim_start_matches('/'));
            Some((row.key(), row.method.as_str().to_owned(), path))
        })
}

/// The operations of the SDK's table, then those of the reference that it does not have.
pub(crate) fn rows() -> Vec<Row> {
    let mut rows: Vec<Row> = declared().collect();
    let keys: BTreeSet<String> = rows.iter().map(|(key, ..)| key.clone()).collect();
    let others = table::ROWS.iter().filter(|(key, ..)| !keys.contains(*key));
    rows.extend(others.map(|&(key, method, path)| (key.to_owned(), method.to_owned(), path.to_owned())));
    rows
}

/// Every route of every service, made once in a process.
pub(crate) static ROUTES: LazyLock<Vec<Route>> = LazyLock::new(|| {
    let handlers: BTreeMap<&str, Serving> = services::handlers().collect();
    let mut routes: BTreeMap<(String, String), Route> = BTreeMap::new();
    for (key, method, path) in rows() {
        let Some(service) = Service::of_path(&path) else {
            continue;
        };
        let route = routes.entry((path.clone(), method.clone())).or_insert_with(|| Route {
            service,
            method,
            path,
            operations: Vec::new(),
            handler: None,
        });
        route.handler = route.handler.or_else(|| handlers.get(key.as_str()).copied());
        route.operations.push(key);
    }
    for &(method, path, handler) in services::extras() {
        let Some(service) = Service::of_path(path) else {
            continue;
        };
        let (method, path) = (method.to_owned(), path.to_owned());
        let route = Route {
            service,
            method: method.clone(),
            path: path.clone(),
            operations: Vec::new(),
            handler: handler.map(Serving::Now),
        };
        routes.entry((path, method)).or_insert(route);
    }
    routes.into_values().collect()
});

/// The router, shared by all emulators of a process: which one is asked travels with the request.
pub(crate) static ROUTER: LazyLock<Router> = LazyLock::new(|| {
    let mut paths: BTreeMap<&str, MethodRouter> = BTreeMap::new();
    for route in ROUTES.iter() {
        let Ok(filter) = method_filter(&route.method) else {
            continue;
        };
        let methods = paths.remove(route.path.as_str()).unwrap_or_default();
        let handler = move |Extension(shared): Extension<Arc<Shared>>, params: Params, request: Request| {
            // What is no text is no parameter, and no path of ours.
            let route = params.is_ok().then_some(route);
            serve(shared, route, params.ok(), request)
        };
        paths.insert(&route.path, methods.on(filter, handler));
    }
    let mut router = Router::new();
    for (path, methods) in paths {
        router = router.route(path, methods);
    }
    router
        .route("/", get(dashboard::serve))
        .route(CONTROL_PREFIX, any(control::serve))
        .route(&format!("{CONTROL_PREFIX}/{{*rest}}"), any(control::serve))
        .method_not_allowed_fallback(|Extension(shared): Extension<Arc<Shared>>, request: Request| {
            serve(shared, None, None, request)
        })
        .fallback(|Extension(shared): Extension<Arc<Shared>>, request: Request| serve(shared, None, None, request))
});

async fn serve(
    shared: Arc<Shared>,
    route: Option<&'static Route>,
    params: Option<RawPathParams>,
    request: Request,
) -> Response {
    let params = params.iter().flat_map(|params| params.iter());
    let mut params: Vec<_> = params
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    if let Some(ManagerOf(endpoint)) = request.extensions().get() {
        params.push((address::PARAM.to_owned(), endpoint.to_string()));
    }
    server::serve(&shared, route, params, request).await
}

fn method_filter(method: &str) -> Result<MethodFilter, ()> {
    let method = http::Method::from_bytes(method.as_bytes()).map_err(drop)?;
    MethodFilter::try_from(method).map_err(drop)
}

/// Answers a request, whether something serves it or not; of one that is about files, says what is left to do.
pub(crate) fn answer(world: &mut World, route: Option<&Route>, request: &Incoming) -> Result<Job, Reply> {
    let Some(route) = route else {
        return Err(unknown(request));
    };
    if route.service == Service::Transfer {
        limit::check(world, request)?;
    }
    match route.handler {
        Some(Serving::Now(handler)) => Err(handler(world, request).unwrap_or_else(|reply| reply)),
        Some(Serving::Later(handler)) => handler(world, request),
        None => Err(not_emulated(route, request)),
    }
}

fn not_emulated(route: &Route, request: &Incoming) -> Reply {
    let what = match route.operations.first() {
        Some(key) => format!("{key} ({} {})", route.method, route.path),
        None => format!("{} {}", route.method, route.path),
    };
    let message = format!("The emulator does not do {what} yet");
    route
        .service
        .error(StatusCode::NOT_IMPLEMENTED, "NotEmulated", &message, &request.path)
}

fn unknown(request: &Incoming) -> Reply {
    let path = &request.path;
    let service = Service::of_path(path).unwrap_or(Service::Auth);
    if percent_decode_str(path).decode_utf8().is_err() {
        let message = "The path has bytes that are no UTF-8";
        return service
            .error(StatusCode::BAD_REQUEST, "BadRequest", message, path)
            .inferred();
    }
    if ROUTES.iter().any(|route| fits(&route.path, path)) {
        let message = format!("{path} takes no {}", request.method);
        return service
            .error(StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed", &message, path)
            .inferred();
    }
    if let Some(name) = service.not_begun() {
        let message = format!("The emulator does not do {name} yet: {} {path}", request.method);
        return service.error(StatusCode::NOT_IMPLEMENTED, "NotEmulated", &message, path);
    }
    let message = format!("There is no {} {path}", request.method);
    service
        .error(StatusCode::NOT_FOUND, "NotFound", &message, path)
        .inferred()
}

fn fits(pattern: &str, path: &str) -> bool {
    let (mut pattern, mut path) = (pattern.split('/'), path.split('/'));
    loop {
        match (pattern.next(), path.next()) {
            (None, None) => return true,
            (Some(wanted), Some(given)) if wanted == given || (wanted.starts_with('{') && !given.is_empty()) => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_handler_serves_a_row_of_the_table() {
        let rows = rows();
        for (key, _) in services::handlers() {
            assert!(rows.iter().any(|(row, ..)| row == key), "{key} is no operation");
        }
        let served = ROUTES
            .iter()
            .filter(|route| route.handler.is_some() && !route.operations.is_empty())
            .count();
        assert_eq!(
            served,
            services::handlers().count(),
            "two handlers for one method and path"
        );
    }

    #[test]
    fn the_sdk_and_the_reference_agree() {
        let mut compared = 0;
        for (key, method, path) in declared() {
            if let Some((_, its_method, its_path)) = table::ROWS.iter().find(|(row, ..)| *row == key) {
                assert_eq!((method.as_str(), path.as_str()), (*its_method, *its_path), "{key}");
                compared += 1;
            }
        }
        assert!(compared > 0);
    }

    #[test]
    fn every_row_is_mounted() {
        for (key, ..) in rows() {
            assert!(ROUTES.iter().any(|route| route.operations.contains(&key)), "{key}");
        }
        // Building the router panics on conflicting paths.
        let _ = ROUTER.clone();
    }

    #[test]
    fn patterns_fit_paths() {
        assert!(fits("/v2/groups/{group_id}", "/v2/groups/x"));
        assert!(!fits("/v2/groups/{group_id}", "/v2/groups/"));
        assert!(!fits("/v2/groups/{group_id}", "/v2/groups/x/y"));
    }
}
