//! Whose server is asked. Managers and collections have host names of their own in the world; here they are below the
//! emulator's address, each at its id: `https://127.0.0.1:9701/<id>/`.

use http::Uri;
use uuid::Uuid;

use crate::exchange::{Credentials, Incoming};
use crate::services::transfer::state::{Endpoint, EntityType};
use crate::world::World;

/// The name under which handlers find the endpoint that was addressed.
pub(crate) const PARAM: &str = "gcs_endpoint";

/// Marks a request as one for the manager of an endpoint.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ManagerOf(pub(crate) Uuid);

/// The id that a path begins with, and what follows.
pub(crate) fn split(path: &str) -> Option<(Uuid, &str)> {
    let path = path.strip_prefix('/')?;
    let (id, rest) = path.split_at(path.find('/').unwrap_or(path.len()));
    // Only in the form in which ids are written.
    let id = Uuid::parse_str(id).ok().filter(|_| id.len() == 36)?;
    Some((id, rest))
}

/// Whether a path below an id is one of a manager.
pub(crate) fn is_manager(world: &World, id: Uuid, rest: &str) -> bool {
    let kind = world.transfer.endpoints.get(&id).map(|row| row.entity_type);
    kind == Some(EntityType::GcsEndpoint) && rest.starts_with("/api/")
}

/// The same address with another path.
pub(crate) fn below(uri: &Uri, path: &str) -> Option<Uri> {
    match uri.query() {
        Some(query) => format!("{path}?{query}").parse().ok(),
        None => path.parse().ok(),
    }
}

/// The manager's address, without a slash at the end.
pub(crate) fn manager(world: &World, endpoint: Uuid) -> String {
    format!("{}{endpoint}", world.secure_origin)
}

/// The address of the files of a collection, without a slash at the end, if it has one.
pub(crate) fn files(world: &World, collection: &Endpoint) -> Option<String> {
    let is_served = matches!(collection.entity_type, EntityType::GcsMapped | EntityType::GcsGuest)
        && world.gcs.serves_https(collection.id);
    is_served.then(|| format!("{}{}", world.secure_origin, collection.id))
}

fn has_manager(row: &Endpoint) -> bool {
    row.entity_type == EntityType::GcsEndpoint && !row.deleted
}

/// The endpoint whose manager has a host name in the world.
pub(crate) fn of_name(world: &World, host: &str) -> Option<Uuid> {
    let mut rows = world.transfer.endpoints.values();
    let row = rows.find(|row| has_manager(row) && row.domain.as_deref() == Some(host));
    row.map(|row| row.id)
}

/// The endpoint that a request is for: that of its address, of its host name, or of its token.
pub(crate) fn endpoint(world: &World, request: &Incoming) -> Option<Uuid> {
    let exists = |id: &Uuid| world.transfer.endpoints.get(id).is_some_and(has_manager);
    let named = || {
        let host = request.headers.get(http::header::HOST)?.to_str().ok()?;
        of_name(world, host.rsplit_once(':').map_or(host, |(host, _)| host))
    };
    let of_token = || {
        let Credentials::Bearer(token) = request.credentials() else {
            return None;
        };
        Uuid::parse_str(&world.auth.tokens.get(token)?.resource_server).ok()
    };
    let id = request.param_uuid(PARAM).or_else(named).or_else(of_token);
    id.filter(exists)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_begin_with_ids_or_not() {
        let id = "59544bb0-8aa3-4c73-9ce4-06d66887bc89";
        let uuid = Uuid::parse_str(id).expect("an id");
        for (rest, wanted) in [("", ""), ("/", "/"), ("/a/b", "/a/b")] {
            assert_eq!(split(&format!("/{id}{rest}")), Some((uuid, wanted)));
        }
        for path in ["/", "", "/v2/x", "/59544bb08aa34c739ce406d66887bc89/a", "//a"] {
            assert_eq!(split(path), None, "{path}");
        }
        let uri: Uri = format!("/{id}/api/info?a=b%20c").parse().expect("a URI");
        assert_eq!(
            below(&uri, "/api/info").map(|uri| uri.to_string()).as_deref(),
            Some("/api/info?a=b%20c")
        );
    }
}
