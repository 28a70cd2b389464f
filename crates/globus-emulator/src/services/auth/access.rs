//! Who calls Auth: a token's identity, or a client with its secret.

use http::StatusCode;
use uuid::Uuid;

use super::errors;
use super::state::{Caller, Client};
use crate::exchange::{Credentials, Fields, Incoming, Reply};
use crate::world::World;

/// The scope of those who manage projects and what belongs to them.
pub(crate) const MANAGE: &str = "urn:globus:auth:scope:auth.globus.org:manage_projects";
/// Scopes that let somebody look up their clients.
pub(crate) const VIEW_CLIENTS: &[&str] = &[MANAGE, "urn:globus:auth:scope:auth.globus.org:view_clients", VIEW_ALL];
/// Scopes that let somebody look up the scopes of their clients.
pub(crate) const VIEW_SCOPES: &[&str] = &[MANAGE, VIEW_ALL];
const VIEW_ALL: &str = "urn:globus:auth:scope:auth.globus.org:view_clients_and_scopes";

/// Resource server of Auth's own tokens.
pub(crate) const RESOURCE_SERVER: &str = "auth.globus.org";

/// The caller behind a token for Auth.
pub(crate) fn bearer(world: &World, request: &Incoming) -> Result<Caller, Reply> {
    let Credentials::Bearer(token) = request.credentials() else {
        return Err(errors::unauthorized(request));
    };
    let caller = world.auth.caller(token, RESOURCE_SERVER, world.time.now());
    caller.ok_or_else(|| errors::unauthorized(request))
}

/// The client that authenticates itself by Basic credentials, or by `client_id` and `client_secret` in the form.
pub(crate) fn confidential<'a>(world: &'a World, request: &Incoming, form: &Fields) -> Result<&'a Client, Reply> {
    match client(world, request, form)? {
        Some(client) if !client.is_public() => Ok(client),
        Some(_) => Err(errors::oauth(
            StatusCode::BAD_REQUEST,
            "unauthorized_client",
            "A public client may not do this: it has no secret.",
        )),
        None => Err(errors::unauthorized(request)),
    }
}

/// The client that authenticates itself or, if it is public, names itself; `None` when there is no word of a client.
pub(crate) fn client<'a>(world: &'a World, request: &Incoming, form: &Fields) -> Result<Option<&'a Client>, Reply> {
    let (id, secret) = match request.credentials() {
        Credentials::Basic { .. } if form.get("client_secret").is_some() => {
            // RFC 6749, section 5.2.
            return Err(errors::invalid_request(
                "The client proves itself in more than one way.",
            ));
        }
        Credentials::Basic { user, password } => (user, Some(password)),
        Credentials::Missing => match form.get("client_id") {
            Some(id) => (id.to_owned(), form.get("client_secret").map(str::to_owned)),
            None => return Ok(None),
        },
        Credentials::Bearer(_) | Credentials::Malformed => return Err(errors::invalid_client()),
    };
    let found = Uuid::parse_str(&id).ok().and_then(|id| world.auth.clients.get(&id));
    match found {
        Some(client) if client.accepts(secret.as_deref()) => Ok(Some(client)),
        _ => Err(errors::invalid_client()),
    }
}

/// Who manages projects or clients: the identities behind a token with one of some scopes, or a client with its secret.
pub(crate) struct Developer {
    pub(crate) identities: Vec<Uuid>,
}

/// The developer who calls.
pub(crate) fn developer(world: &World, request: &Incoming, scopes: &[&str]) -> Result<Developer, Reply> {
    if let Credentials::Basic { .. } = request.credentials() {
        let client = confidential(world, request, &Fields::default())?.id;
        return Ok(Developer {
            identities: vec![client],
        });
    }
    let caller = bearer(world, request)?;
    if !scopes.iter().any(|scope| caller.has_scope(scope)) {
        let what = format!("The token has none of these scopes: {}", scopes.join(", "));
        return Err(errors::forbidden(request, &what));
    }
    Ok(Developer {
        identities: caller.identities,
    })
}

impl Developer {
    /// Whether they administer a project, themselves or as members of a group.
    pub(crate) fn administers(&self, world: &World, project: Uuid) -> bool {
        world.auth.projects.get(&project).is_some_and(|project| {
            let groups = project
                .admin_group_ids
                .iter()
                .filter_map(|id| world.groups.groups.get(id));
            self.identities.iter().any(|id| project.admin_ids.contains(id))
                || groups
                    .into_iter()
                    .any(|group| group.best_role(&self.identities).is_some())
        })
    }

    /// Whether they may change a client: as an administrator of its project, as the client, or as the one that made it.
    pub(crate) fn manages(&self, world: &World, client: &Client) -> bool {
        let itself = self.identities.contains(&client.id);
        let parent = client.parent.is_some_and(|parent| self.identities.contains(&parent));
        itself || parent || client.project.is_some_and(|project| self.administers(world, project))
    }

    /// Says no to those who do not administer a project.
    pub(crate) fn require(&self, world: &World, request: &Incoming, project: Uuid) -> Result<(), Reply> {
        if self.administers(world, project) {
            Ok(())
        } else {
            Err(errors::forbidden(
                request,
                "Only an administrator of the project may do this",
            ))
        }
    }
}
