//! What collections are told apart from their document: owner, domain, and whether their subscription vouches for them.
//! <https://docs.globus.org/globus-connect-server/v5/api/openapi_Collections/>

use http::StatusCode;
use serde_json::json;
use uuid::Uuid;

use super::endpoint::{owner, owner_string};
use super::settings;
use crate::exchange::{Incoming, Outcome, Reply};
use crate::services::gcs::access;
use crate::services::gcs::validation::{self, Fields, Kind};
use crate::services::gcs::{documents, errors};
use crate::services::transfer::subscriptions::{self, Unverifiable};
use crate::world::World;

fn updated(id: Uuid, what: &str) -> Reply {
    let message = format!("Updated {what} of the collection {id}");
    documents::success(StatusCode::OK, &message, Vec::new()).inferred()
}

/// The host name of a collection.
pub(crate) fn domain(world: &mut World, request: &Incoming) -> Outcome {
    let visitor = access::visitor(world, request)?;
    let row = visitor.administered(world, request.param("collection_id"), "Could not read the domain")?;
    let document = json!({"DATA_TYPE": "domain#1.0.0", "domain_name": row.domain});
    Ok(documents::one(document).inferred())
}

/// Makes somebody the owner, who administers the collection.
pub(crate) fn set_owner(world: &mut World, request: &Incoming) -> Outcome {
    let visitor = access::visitor(world, request)?;
    let id = request.param("collection_id");
    let mut row = visitor.administered(world, id, "Could not set the owner")?.clone();
    let new = owner(world, request)?;
    let details = world.gcs.collections.get_mut(&row.id);
    let details = details.ok_or_else(|| errors::collection_not_found(id))?;
    details.identity_id = new;
    row.administered_by(new, world.ids.uuid());
    let id = row.id;
    world.transfer.endpoints.insert(id, row);
    Ok(updated(id, "owner"))
}

/// Sets what the owner is called.
pub(crate) fn set_owner_string(world: &mut World, request: &Incoming) -> Outcome {
    let visitor = access::visitor(world, request)?;
    let id = request.param("collection_id");
    let of = visitor.administered(world, id, "Could not set the owner's name")?.id;
    let told = owner_string(request)?;
    let details = world.gcs.collections.get_mut(&of);
    let details = details.ok_or_else(|| errors::collection_not_found(id))?;
    settings::keep(&mut details.settings, told);
    Ok(updated(of, "owner string"))
}

/// Says whether an administrator of its subscription vouches for a collection.
pub(crate) fn verify(world: &mut World, request: &Incoming) -> Outcome {
    const NAME: &str = "subscription_admin_verified";
    const FIELDS: &Fields = &[(NAME, Kind::Flag, false)];
    let visitor = access::visitor(world, request)?;
    let row = visitor.collection(world, request.param("collection_id"))?.clone();
    let document = validation::read(request, NAME, &[FIELDS])?;
    document.require(&[NAME])?;
    let verified = document.is_true(NAME);
    let allowed = subscriptions::may_verify(world, &visitor.caller, &row, verified);
    allowed.map_err(|why| match why {
        Unverifiable::Unsubscribed => {
            let detail = json!({"DATA_TYPE": "subscription_required#1.0.0"});
            errors::denied_for("The collection is under no subscription", &detail)
        }
        Unverifiable::Unqualified => errors::missing_role("Could not vouch for the collection", "administrator"),
        Unverifiable::Absent(subscription) => errors::bad_request(&format!(
            "None of the identities that signed in administers the high assurance subscription {subscription}"
        ))
        .inferred(),
    })?;
    if let Some(row) = world.transfer.endpoints.get_mut(&row.id) {
        row.subscription_admin_verified = verified;
    }
    Ok(updated(row.id, NAME))
}
