//! Whether a seed fits together, and fits a world.

use uuid::Uuid;

use super::{Seed, SeedError};
use crate::services::auth::state::CLIENT_PROVIDER;
use crate::services::flows::definition::Definition;
use crate::services::flows::validation::{Place, Problems};
use crate::services::transfer::state::EntityType;
use crate::world::World;

impl Seed {
    /// Says which row names what is neither in the seed nor in the world to which it is added.
    pub(crate) fn check(&self, world: Option<&World>) -> Result<(), SeedError> {
        let provider = |id: Uuid| {
            id == CLIENT_PROVIDER
                || self.providers.iter().any(|row| row.id == id)
                || world.is_some_and(|world| world.auth.providers.contains_key(&id))
        };
        // Clients and flows have identities too.
        let identity = |id: Uuid| {
            self.identities.iter().any(|row| row.id == id)
                || self.clients.iter().any(|row| row.id == id)
                || self.flows.iter().any(|row| row.id == id)
                || world.is_some_and(|world| world.auth.identities.contains_key(&id))
        };
        let group = |id: Uuid| {
            self.groups.iter().any(|row| row.id == id)
                || world.is_some_and(|world| world.groups.groups.contains_key(&id))
        };
        let endpoint = |id: Uuid| {
            self.endpoints.iter().any(|row| row.id == id)
                || world.is_some_and(|world| world.transfer.endpoints.contains_key(&id))
        };
        for (at, row) in self.identities.iter().enumerate() {
            let place = format!("identities[{at}]");
            there(
                provider(row.identity_provider),
                &place,
                "identity_provider",
                "provider",
                row.identity_provider,
            )?;
            there(identity(row.person), &place, "person", "identity", row.person)?;
        }
        for (at, row) in self.groups.iter().enumerate() {
            let place = format!("groups[{at}]");
            if let Some(parent) = row.parent_id {
                there(group(parent), &place, "parent_id", "group", parent)?;
            }
            for &member in row.memberships.keys() {
                there(identity(member), &place, "memberships", "identity", member)?;
            }
        }
        for (at, row) in self.endpoints.iter().enumerate() {
            let place = format!("endpoints[{at}]");
            // An endpoint of Globus Connect Server, and what is on it, belongs to the endpoint.
            let owned = identity(row.owner_id) || endpoint(row.owner_id);
            let owned = owned || !matches!(row.entity_type, EntityType::GcpMapped | EntityType::GcpGuest);
            there(owned, &place, "owner_id", "identity", row.owner_id)?;
            if let Some(host) = row.host_endpoint_id {
                there(endpoint(host), &place, "host_endpoint_id", "endpoint", host)?;
            }
        }
        for (at, row) in self.stream_access_points.iter().enumerate() {
            let place = format!("stream_access_points[{at}]");
            there(
                endpoint(row.endpoint_id),
                &place,
                "endpoint_id",
                "endpoint",
                row.endpoint_id,
            )?;
        }
        for (at, row) in self.storage_gateways.iter().enumerate() {
            let place = format!("storage_gateways[{at}]");
            let of = row.endpoint_id;
            there(endpoint(of), &place, "endpoint_id", "endpoint", of)?;
        }
        for (at, row) in self.flows.iter().enumerate() {
            let place = format!("flows[{at}]");
            there(
                identity(row.flow_owner),
                &place,
                "flow_owner",
                "identity",
                row.flow_owner,
            )?;
            let mut problems = Problems::default();
            Definition::parse(&row.definition, Place::Root, &mut problems);
            problems.told().map_err(|what| SeedError {
                place: format!("{place}.definition"),
                what,
            })?;
        }
        Ok(())
    }
}

fn there(is: bool, place: &str, member: &str, what: &str, id: Uuid) -> Result<(), SeedError> {
    if is {
        return Ok(());
    }
    Err(SeedError {
        place: format!("{place}.{member}"),
        what: format!("there is no {what} {id}"),
    })
}
