//! Finding endpoints. <https://docs.globus.org/api/transfer/endpoint_and_collection_search/>

use serde_json::{Value, json};
use uuid::Uuid;

use crate::exchange::{Fields, Incoming, Outcome, Reply, truth};
use crate::services::auth::state::Caller;
use crate::services::transfer::query::only;
use crate::services::transfer::state::{Endpoint, EntityType};
use crate::services::transfer::{access, documents, errors};
use crate::world::World;

/// Results beyond these are not to be had.
const REACHABLE: usize = 1_000;
/// Rows of a page, unless fewer are asked for; also the most.
const PAGE: usize = 100;

/// Which endpoints a search looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope {
    All,
    Mine,
    MineOnGcp,
    RecentlyUsed,
    InUse,
    SharedByMe,
    SharedWithMe,
    AdministeredByMe,
    HideNoPermissions,
}

impl Scope {
    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "all" => Self::All,
            "my-endpoints" => Self::Mine,
            "my-gcp-endpoints" => Self::MineOnGcp,
            "recently-used" => Self::RecentlyUsed,
            "in-use" => Self::InUse,
            "shared-by-me" => Self::SharedByMe,
            "shared-with-me" => Self::SharedWithMe,
            "administered-by-me" => Self::AdministeredByMe,
            "hide-no-permissions" => Self::HideNoPermissions,
            _ => return None,
        })
    }

    fn admits(self, world: &World, caller: &Caller, endpoint: &Endpoint) -> bool {
        let kind = endpoint.entity_type;
        let mine = caller.is(endpoint.owner_id);
        let has_role = |names: &[&str]| {
            access::roles(world, caller, endpoint)
                .iter()
                .any(|role| names.contains(role))
        };
        match self {
            Self::All => true,
            Self::Mine => mine,
            Self::MineOnGcp => mine && kind.is_gcp(),
            Self::RecentlyUsed => caller.identities.iter().any(|id| {
                world
                    .transfer
                    .recent
                    .get(id)
                    .is_some_and(|used| used.contains(&endpoint.id))
            }),
            Self::InUse => documents::in_use(world, endpoint, caller),
            Self::SharedByMe => kind.is_guest() && has_role(&["administrator", "access_manager"]),
            Self::SharedWithMe => kind.is_guest() && !mine && access::has_rule(world, caller, endpoint),
            Self::AdministeredByMe => has_role(&["administrator"]),
            Self::HideNoPermissions => {
                has_role(&[
                    "administrator",
                    "access_manager",
                    "activity_manager",
                    "activity_monitor",
                ]) || access::has_rule(world, caller, endpoint)
                    || (endpoint.public && !kind.is_guest())
            }
        }
    }
}

/// What a query asks for.
struct Query {
    scope: Scope,
    words: Vec<String>,
    owner: Option<Uuid>,
    host: Option<Uuid>,
    kinds: Vec<EntityType>,
    non_functional: Option<bool>,
    limit: usize,
    offset: usize,
    fields: Vec<String>,
}

impl Query {
    fn read(world: &World, fields: &Fields) -> Result<Self, String> {
        let scope = fields.get("filter_scope").unwrap_or("all");
        let scope = Scope::parse(scope).ok_or_else(|| format!("Invalid filter_scope '{scope}'"))?;
        let id = |name: &str| match fields.get(name) {
            Some(text) => Uuid::parse_str(text)
                .map(Some)
                .map_err(|_| format!("Invalid {name} '{text}': not an id")),
            None => Ok(None),
        };
        let owner = match fields.get("filter_owner_id") {
            // An owner may be given by name.
            Some(name) if name.contains('@') => {
                Some(world.auth.by_username(name).map_or(Uuid::nil(), |identity| identity.id))
            }
            _ => id("filter_owner_id")?,
        };
        let mut kinds = Vec::new();
        for name in fields.list("filter_entity_type") {
            let kind = EntityType::ALL.into_iter().find(|kind| kind.as_str() == name);
            kinds.push(kind.ok_or_else(|| format!("Invalid filter_entity_type '{name}'"))?);
        }
        let non_functional = match fields.get("filter_non_functional") {
            Some(text) => Some(truth(text).ok_or_else(|| format!("Invalid filter_non_functional '{text}'"))?),
            None => None,
        };
        let number = |name: &str, default: usize| match fields.get(name) {
            Some(text) => text
                .parse::<usize>()
                .map_err(|_| format!("Invalid {name} '{text}': not a number")),
            None => Ok(default),
        };
        let limit = number("limit", PAGE)?;
        if limit == 0 || limit > PAGE {
            return Err(format!("Invalid limit '{limit}': it is 1 to {PAGE}"));
        }
        let read = Self {
            scope,
            words: words(fields.get("filter_fulltext").unwrap_or_default()),
            owner,
            host: id("filter_host_endpoint")?,
            kinds,
            non_functional,
            limit,
            offset: number("offset", 0)?,
            fields: fields.list("fields").into_iter().map(str::to_owned).collect(),
        };
        if read.scope == Scope::All && read.words.is_empty() && read.owner.is_none() && read.host.is_none() {
            return Err("A search of all endpoints needs filter_fulltext or another filter".to_owned());
        }
        Ok(read)
    }

    fn admits(&self, world: &World, caller: &Caller, endpoint: &Endpoint) -> bool {
        !endpoint.deleted
            && self.owner.is_none_or(|owner| endpoint.owner_id == owner)
            && self.host.is_none_or(|host| endpoint.host_endpoint_id == Some(host))
            && (self.kinds.is_empty() || self.kinds.contains(&endpoint.entity_type))
            && self
                .non_functional
                .is_none_or(|wanted| (endpoint.entity_type == EntityType::GcsEndpoint) == wanted)
            && access::sees(world, caller, endpoint)
            && self.scope.admits(world, caller, endpoint)
            && self.matches(world, endpoint)
    }

    /// Every word begins some word of the endpoint's descriptive fields.
    fn matches(&self, world: &World, endpoint: &Endpoint) -> bool {
        if self.words.is_empty() {
            return true;
        }
        let owner = documents::owner_string(world, endpoint);
        let texts = [
            Some(endpoint.display_name.as_str()),
            endpoint.description.as_deref(),
            endpoint.organization.as_deref(),
            endpoint.department.as_deref(),
            endpoint.keywords.as_deref(),
            endpoint.domain.as_deref(),
            Some(owner.as_str()),
        ];
        let id = endpoint.id.to_string();
        let known: Vec<String> = texts
            .into_iter()
            .flatten()
            .chain([id.as_str()])
            .flat_map(words)
            .collect();
        self.words
            .iter()
            .all(|word| known.iter().any(|known| known.starts_with(word.as_str())))
    }
}

fn words(text: &str) -> Vec<String> {
    let parts = text.split(|letter: char| !letter.is_alphanumeric());
    parts.filter(|part| !part.is_empty()).map(str::to_lowercase).collect()
}

/// One page of what a search finds, by name.
pub(crate) fn search(world: &mut World, request: &Incoming) -> Outcome {
    let caller = access::caller(world, request)?;
    let query = match Query::read(world, &request.query()) {
        Ok(query) => query,
        Err(message) => return Err(errors::bad_request(world, request, &message).inferred()),
    };
    let mut found: Vec<&Endpoint> = world
        .transfer
        .endpoints
        .values()
        .filter(|endpoint| query.admits(world, &caller, endpoint))
        .collect();
    found.sort_by_cached_key(|endpoint| (endpoint.display_name.to_lowercase(), endpoint.id));
    let reachable = found.len().min(REACHABLE);
    let end = query.offset.saturating_add(query.limit).min(reachable);
    let page = found.get(query.offset.min(end)..end).unwrap_or_default();
    let rows: Vec<Value> = page
        .iter()
        .map(|endpoint| only(documents::endpoint(world, endpoint, &caller), &query.fields))
        .collect();
    Ok(Reply::ok(&json!({
        "DATA_TYPE": "endpoint_list",
        "DATA": rows,
        "limit": query.limit,
        "offset": query.offset,
        "has_next_page": end < reachable,
    })))
}
