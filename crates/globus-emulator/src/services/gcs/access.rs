//! Who calls a manager, and what they may do.

use uuid::Uuid;

use super::{address, errors};
use crate::exchange::{Credentials, Incoming, Reply};
use crate::services::auth::catalog;
use crate::services::auth::state::Caller;
use crate::services::transfer::access::{self, Power};
use crate::services::transfer::state::{Endpoint, EntityType};
use crate::world::World;

/// A caller with a token for the manager of an endpoint.
pub(crate) struct Visitor {
    pub(crate) endpoint: Uuid,
    pub(crate) caller: Caller,
}

/// The scope with which an endpoint is managed.
pub(crate) fn scope(endpoint: Uuid) -> String {
    format!("urn:globus:auth:scope:{endpoint}:manage_collections")
}

/// The endpoint whose manager is asked.
pub(crate) fn endpoint(world: &World, request: &Incoming) -> Result<Uuid, Reply> {
    address::endpoint(world, request).ok_or_else(|| match request.param_uuid(address::PARAM) {
        Some(id) => errors::not_found("endpoint", &id.to_string()),
        None => errors::not_found(
            "endpoint named; the address of a manager has its id:",
            &format!("{}<endpoint id>/api/", world.secure_origin),
        ),
    })
}

/// The caller behind a token.
pub(crate) fn visitor(world: &World, request: &Incoming) -> Result<Visitor, Reply> {
    let Credentials::Bearer(token) = request.credentials() else {
        return Err(errors::unauthorized("The Authorization header has no token"));
    };
    let endpoint = match endpoint(world, request) {
        // The token could say which.
        Err(_) if request.param(address::PARAM).is_empty() => {
            return Err(errors::unauthorized("The token is for no endpoint"));
        }
        found => found?,
    };
    let caller = world.auth.caller(token, &endpoint.to_string(), world.time.now());
    let caller = caller.ok_or_else(|| errors::unauthorized("The token is not active or for another endpoint"))?;
    let scope = scope(endpoint);
    if caller.has_scope(&scope) {
        Ok(Visitor { endpoint, caller })
    } else {
        Err(errors::missing_scopes(&[scope]))
    }
}

impl Visitor {
    /// Whether the caller administers an endpoint or a collection of this manager, by themselves or through what it is on.
    pub(crate) fn administers(&self, world: &World, row: &Endpoint) -> bool {
        let may = |row: &Endpoint| access::may(world, &self.caller, row, Power::Administer);
        may(row) || access::above(world, row).any(may)
    }

    /// Whether the caller administers the endpoint.
    pub(crate) fn is_administrator(&self, world: &World) -> bool {
        let row = world.transfer.endpoints.get(&self.endpoint);
        row.is_some_and(|row| self.administers(world, row))
    }

    /// Refuses who does not administer the endpoint.
    pub(crate) fn administrator(&self, world: &World, what: &str) -> Result<(), Reply> {
        if self.is_administrator(world) {
            Ok(())
        } else {
            Err(errors::missing_role(what, "administrator"))
        }
    }

    /// Whether the caller may know of an endpoint or a collection.
    pub(crate) fn sees(&self, world: &World, row: &Endpoint) -> bool {
        access::sees(world, &self.caller, row) || self.administers(world, row)
    }

    /// The collections of the endpoint that the caller may know of.
    pub(crate) fn collections<'a>(&'a self, world: &'a World) -> impl Iterator<Item = &'a Endpoint> {
        let rows = world.transfer.endpoints.values();
        rows.filter(|row| {
            matches!(row.entity_type, EntityType::GcsMapped | EntityType::GcsGuest)
                && row.owner_id == self.endpoint
                && !row.deleted
                && self.sees(world, row)
        })
    }

    /// A collection of the endpoint by its id.
    pub(crate) fn collection<'a>(&self, world: &'a World, id: &str) -> Result<&'a Endpoint, Reply> {
        let found = Uuid::parse_str(id)
            .ok()
            .and_then(|id| world.transfer.endpoints.get(&id))
            .filter(|row| {
                row.owner_id == self.endpoint && row.id != self.endpoint && !row.deleted && self.sees(world, row)
            });
        found.ok_or_else(|| errors::collection_not_found(id))
    }

    /// A collection of the endpoint that the caller administers.
    pub(crate) fn administered<'a>(&self, world: &'a World, id: &str, what: &str) -> Result<&'a Endpoint, Reply> {
        let row = self.collection(world, id)?;
        if self.administers(world, row) {
            Ok(row)
        } else {
            Err(errors::missing_role(what, "administrator"))
        }
    }

    /// Refuses who has no identity of the domains that a storage gateway is for.
    pub(crate) fn of_domains(&self, world: &World, domains: &[String]) -> Result<(), Reply> {
        let domain = |id: &Uuid| {
            let row = world.auth.identities.get(id)?;
            row.username.rsplit_once('@').map(|(_, domain)| domain.to_owned())
        };
        let mut own = self.caller.identities.iter().filter_map(domain);
        if domains.is_empty() || own.any(|domain| domains.contains(&domain)) {
            return Ok(());
        }
        let detail = serde_json::json!({
            "DATA_TYPE": "not_from_allowed_domain#1.0.0", "allowed_domains": domains,
        });
        let message = "None of your identities is of a domain that the storage gateway allows";
        Err(errors::denied_for(message, &detail))
    }

    /// Refuses a token whose consents do not reach to the data of a mapped collection.
    pub(crate) fn data_access(&self, world: &World, request: &Incoming, mapped: &Endpoint) -> Result<(), Reply> {
        if mapped.high_assurance {
            return Ok(());
        }
        let wanted = catalog::url_scope(mapped.id, "data_access");
        let token = match request.credentials() {
            Credentials::Bearer(token) => world.auth.tokens.get(token),
            _ => None,
        };
        let given = token.is_some_and(|token| {
            let mut below = world.auth.consents.below(&token.consents);
            below.any(|row| row.scope_name == wanted)
        });
        if given {
            Ok(())
        } else {
            Err(errors::missing_scopes(&[format!(
                "{}[*{wanted}]",
                scope(self.endpoint)
            )]))
        }
    }
}
