//! Collections as those find them who use what is on them.

use std::path::Path;
use std::sync::Arc;

use http::StatusCode;
use uuid::Uuid;

use super::access::Power;
use super::path::{FilePath, is_within};
use super::state::{AccessRule, Endpoint, EntityType};
use super::storage::Root;
use super::tasks::Place;
use super::{access, assurance, errors};
use crate::exchange::{Credentials, Incoming, Reply};
use crate::ids::base32;
use crate::services::auth::catalog;
use crate::services::auth::state::Caller;
use crate::world::World;

/// A collection that a caller may use, all of it or parts.
pub(crate) struct Collection {
    pub(crate) place: Place,
    /// Where one begins who says nothing else.
    pub(crate) default_path: String,
    /// The consent that lacks, as the scope to ask for.
    pub(crate) missing: Option<String>,
    /// What a guest collection's rules allow: below which path, and whether to write. Nothing: all is allowed.
    rules: Option<Vec<(String, bool)>>,
}

/// What somebody is about to do, which decides how they are told that a computer is switched off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// The part of an error code that names the operation: `DirListingFailed`.
    Files(&'static str),
    Task,
}

impl Collection {
    /// Whether the rules let the caller read, or write, there.
    pub(crate) fn allows(&self, path: &FilePath, write: bool) -> bool {
        let path = path.absolute(&self.place.home);
        let mut rules = self.rules.iter().flatten();
        self.rules.is_none() || rules.any(|(below, may_write)| is_within(&path, below) && (*may_write || !write))
    }
}

/// The collection of an id, for a caller who may use it.
pub(crate) fn find(
    world: &mut World,
    request: &Incoming,
    caller: &Caller,
    id: &str,
    local_user: Option<&str>,
    purpose: Purpose,
) -> Result<Collection, Reply> {
    let endpoint = existing(world, request, id)?;
    let kind = endpoint.entity_type;
    let host = match endpoint.host_endpoint_id {
        Some(host) if kind.is_guest() => existing(world, request, &host.to_string())?,
        _ => endpoint.clone(),
    };
    if kind == EntityType::GcsEndpoint || (kind.is_guest() && host.id == endpoint.id) {
        let message = format!("'{}' is no collection", endpoint.display_name);
        return Err(errors::not_supported(world, request, &message));
    }
    let rules = rules(world, caller, &endpoint);
    let may = match kind {
        EntityType::GcpMapped => caller.is(endpoint.owner_id),
        _ => access::sees(world, caller, &endpoint) && rules.as_ref().is_none_or(|rules| !rules.is_empty()),
    };
    if !may {
        return Err(errors::permission_denied(
            world,
            request,
            "You do not have permission to use this collection",
        ));
    }
    if let Some(reply) = assurance::shortfall(world, request, caller, &endpoint, &host) {
        return Err(reply);
    }
    if !(endpoint.connected && host.connected) {
        return Err(offline(world, request, &endpoint, purpose));
    }
    let user = match local_user {
        None => account(world, caller),
        Some(_) if kind != EntityType::GcsMapped => {
            let message = "local_user is for mapped collections of Globus Connect Server";
            return Err(errors::bad_request(world, request, message));
        }
        Some(name) if is_account(name) => name.to_owned(),
        Some(name) => {
            let message = format!("local_user '{}' is no name of an account", name.escape_debug());
            return Err(errors::bad_request(world, request, &message));
        }
    };
    let missing = missing_consent(world, request, &endpoint);
    world.transfer.used(caller.identity, endpoint.id);
    let fallback = if kind.is_guest() { "/" } else { "/~/" };
    Ok(Collection {
        default_path: endpoint
            .default_directory
            .clone()
            .unwrap_or_else(|| fallback.to_owned()),
        place: place(&endpoint, &host, user),
        missing,
        rules,
    })
}

/// The endpoint of an id, unless it is gone.
pub(crate) fn existing(world: &mut World, request: &Incoming, id: &str) -> Result<Endpoint, Reply> {
    let found = Uuid::parse_str(id)
        .ok()
        .and_then(|id| world.transfer.endpoints.get(&id))
        .cloned();
    match found {
        None => Err(errors::endpoint_not_found(world, request, id)),
        Some(endpoint) if endpoint.deleted => Err(errors::endpoint_deleted(world, request, endpoint.id)),
        Some(endpoint) => Ok(endpoint),
    }
}

/// The folder of a collection by its id.
pub(crate) fn root_of(world: &World, id: &str) -> Option<Root> {
    let endpoints = &world.transfer.endpoints;
    let endpoint = endpoints.get(&Uuid::parse_str(id).ok()?)?;
    if endpoint.entity_type == EntityType::GcsEndpoint {
        return None;
    }
    let host = endpoint
        .host_endpoint_id
        .map_or(Some(endpoint), |host| endpoints.get(&host))?;
    Some(root(endpoint, host))
}

/// Lets a collection be a folder of this machine.
pub(crate) fn set_folder(world: &mut World, id: &str, folder: &Path) -> Result<(), String> {
    let endpoint = Uuid::parse_str(id)
        .ok()
        .and_then(|id| world.transfer.endpoints.get_mut(&id));
    let endpoint = endpoint.ok_or_else(|| format!("there is no collection {id}"))?;
    if !matches!(endpoint.entity_type, EntityType::GcpMapped | EntityType::GcsMapped) {
        return Err(format!("{id} is no mapped collection, which alone has a folder"));
    }
    endpoint.path = Some(folder.to_owned());
    Ok(())
}

/// Says which collection has a folder that is not there.
pub(crate) fn check_folders(world: &World) -> Result<(), String> {
    let endpoints = world.transfer.endpoints.values();
    let mut named = endpoints.filter_map(|row| Some((row.id, row.path.as_ref()?)));
    match named.find(|(_, folder)| !folder.is_dir()) {
        Some((id, folder)) => Err(format!("{} is no folder for the collection {id}", folder.display())),
        None => Ok(()),
    }
}

/// Switches the computer of a collection on or off, if it is one.
pub(crate) fn connect(world: &mut World, id: &str, connected: bool) -> bool {
    let endpoint = Uuid::parse_str(id)
        .ok()
        .and_then(|id| world.transfer.endpoints.get_mut(&id));
    match endpoint.filter(|endpoint| endpoint.entity_type.is_gcp()) {
        Some(endpoint) => {
            endpoint.connected = connected;
            endpoint.setup_key = endpoint.setup_key.filter(|_| !connected);
            let id = endpoint.id;
            world.transfer.engine.connect(id, connected);
            true
        }
        None => false,
    }
}

/// The folder of a collection.
pub(crate) fn root(endpoint: &Endpoint, host: &Endpoint) -> Root {
    let below = endpoint
        .host_path
        .as_deref()
        .filter(|_| endpoint.id != host.id)
        .unwrap_or_default();
    let below = FilePath::parse(below).map(|path| path.absolute("")).unwrap_or_default();
    Root {
        collection: host.id,
        folder: host.path.clone(),
        files: Arc::new(host.files.clone()),
        below,
    }
}

/// Where `/~/` leads for an account.
pub(crate) fn home(endpoint: &Endpoint, user: &str) -> String {
    match &endpoint.home {
        Some(home) => FilePath::parse(home).map(|path| path.absolute("")).unwrap_or_default(),
        None if endpoint.entity_type.is_guest() || endpoint.path.is_some() => String::new(),
        None => format!("home/{user}"),
    }
}

/// What somebody may do with the files of a collection who comes to its own server; `None` is nobody in particular.
pub(crate) fn reached(world: &World, caller: Option<&Caller>, endpoint: &Endpoint) -> Option<Collection> {
    let host = match endpoint.host_endpoint_id {
        Some(host) => world.transfer.endpoints.get(&host).filter(|host| !host.deleted)?,
        None => endpoint,
    };
    let (rules, user) = match caller {
        Some(caller) if !access::sees(world, caller, endpoint) => return None,
        Some(caller) => (rules(world, caller, endpoint), account(world, caller)),
        None => (Some(anonymous_rules(world, endpoint)), "anonymous".to_owned()),
    };
    if rules.as_ref().is_some_and(Vec::is_empty) {
        return None;
    }
    Some(Collection {
        default_path: "/".to_owned(),
        place: place(endpoint, host, user),
        missing: None,
        rules,
    })
}

fn place(endpoint: &Endpoint, host: &Endpoint, user: String) -> Place {
    let home = home(endpoint, &user);
    let server = endpoint.domain.as_ref().filter(|_| !endpoint.entity_type.is_gcp());
    Place {
        id: endpoint.id,
        name: endpoint.display_name.clone(),
        canonical: format!("u_{}#{}", base32(endpoint.owner_id), endpoint.id),
        server: server.map_or_else(|| "Globus Connect".to_owned(), |domain| format!("{domain}:443")),
        root: root(endpoint, host),
        home,
        user,
        within: vec![endpoint.id, host.id, endpoint.owner_id, host.owner_id],
    }
}

/// The account that a caller is mapped to: the first part of their username.
pub(crate) fn account(world: &World, caller: &Caller) -> String {
    let username = world
        .auth
        .identities
        .get(&caller.identity)
        .map(|row| row.username.as_str());
    let local = username.and_then(|name| name.split('@').next()).unwrap_or_default();
    if is_account(local) {
        local.to_owned()
    } else {
        format!("u_{}", base32(caller.identity))
    }
}

fn is_account(name: &str) -> bool {
    let good = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.' | '+');
    !name.is_empty() && name.len() <= 64 && name.chars().all(good) && !name.starts_with('.')
}

/// What the rules of a guest collection allow one who does not manage it.
fn rules(world: &World, caller: &Caller, endpoint: &Endpoint) -> Option<Vec<(String, bool)>> {
    if !endpoint.entity_type.is_guest() || access::may(world, caller, endpoint, Power::ManageAccess) {
        return None;
    }
    let names = |rule: &&AccessRule| access::is_principal(world, caller, &rule.principal_type, &rule.principal);
    Some(allowed(world, endpoint.access.iter().filter(names)))
}

/// What the rules of a collection allow everybody.
fn anonymous_rules(world: &World, endpoint: &Endpoint) -> Vec<(String, bool)> {
    let rules = endpoint.access.iter();
    allowed(world, rules.filter(|rule| rule.principal_type == "anonymous"))
}

fn allowed<'a>(world: &World, rules: impl Iterator<Item = &'a AccessRule>) -> Vec<(String, bool)> {
    let now = world.time.now();
    let rules = rules.filter(|rule| rule.holds(now)).filter_map(|rule| {
        let path = FilePath::parse(&rule.path).ok()?;
        Some((path.absolute(""), rule.permissions == "rw"))
    });
    rules.collect()
}

/// The scope that the token's consents lack: mapped collections that are not of high assurance ask for it.
fn missing_consent(world: &World, request: &Incoming, endpoint: &Endpoint) -> Option<String> {
    if endpoint.entity_type != EntityType::GcsMapped || endpoint.high_assurance {
        return None;
    }
    let Credentials::Bearer(token) = request.credentials() else {
        return None;
    };
    let scope = catalog::url_scope(endpoint.id, "data_access");
    let token = world.auth.tokens.get(token)?;
    let given = world
        .auth
        .consents
        .below(&token.consents)
        .any(|row| row.scope_name == scope);
    (!given).then(|| format!("{}[*{scope}]", access::ALL))
}

pub(crate) fn offline(world: &mut World, request: &Incoming, endpoint: &Endpoint, purpose: Purpose) -> Reply {
    let name = format!("{} ({})", endpoint.display_name, endpoint.id);
    let message = format!("The Globus Connect Personal endpoint '{name}' is not currently connected to Globus");
    match purpose {
        Purpose::Task => errors::error(
            world,
            request,
            StatusCode::CONFLICT,
            "GCDisconnectedException",
            &message,
        ),
        Purpose::Files(operation) => {
            let code = format!("ExternalError.{operation}.GCDisconnected");
            errors::error(world, request, StatusCode::BAD_GATEWAY, &code, &message)
        }
    }
}
