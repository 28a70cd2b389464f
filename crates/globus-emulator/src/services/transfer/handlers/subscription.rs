//! Putting a collection under a subscription. <https://docs.globus.org/api/transfer/gcp_management/>

use serde_json::Value;

use crate::exchange::{Incoming, Outcome};
use crate::services::transfer::state::EntityType;
use crate::services::transfer::subscriptions::Unverifiable;
use crate::services::transfer::validation::Document;
use crate::services::transfer::{access, collections, errors, subscriptions};
use crate::world::World;

const UPDATED: &str = "Endpoint updated successfully";

/// Puts a mapped collection of Globus Connect Personal under a subscription, or takes it from there.
pub(crate) fn set(world: &mut World, request: &Incoming) -> Outcome {
    let caller = access::caller(world, request)?;
    let endpoint = collections::existing(world, request, request.param("collection_id"))?;
    let value = request.json().unwrap_or(Value::Null);
    let read = || {
        let document = Document::untyped(&value, "endpoint")?;
        document.only(&["subscription_id"])?;
        if !document.has("subscription_id") {
            return Err("Missing field 'subscription_id'".to_owned());
        }
        let wanted = document.optional_text("subscription_id")?;
        wanted
            .map(|text| subscriptions::chosen(world, &caller, text))
            .transpose()
    };
    let wanted = read().map_err(|message| errors::plain_bad_request(world, request, &message))?;
    if endpoint.entity_type != EntityType::GcpMapped {
        let message = format!(
            "'{}' is not a mapped collection of Globus Connect Personal",
            endpoint.display_name
        );
        return Err(errors::not_supported(world, request, &message));
    }
    if !subscriptions::may_set(world, &caller, &endpoint, wanted) {
        let message = "You do not have a role in the subscription that allows this";
        return Err(errors::permission_denied(world, request, message).inferred());
    }
    if let Some(endpoint) = world.transfer.endpoints.get_mut(&endpoint.id) {
        endpoint.subscription_admin_verified &= endpoint.subscription_id == wanted;
        endpoint.subscription_id = wanted;
    }
    Ok(errors::result(world, request, "Updated", UPDATED))
}

/// Says whether an administrator of its subscription vouches for a collection.
pub(crate) fn verify(world: &mut World, request: &Incoming) -> Outcome {
    const NAME: &str = "subscription_admin_verified";
    let caller = access::caller(world, request)?;
    let endpoint = collections::existing(world, request, request.param("collection_id"))?;
    let value = request
        .json()
        .map_err(|error| errors::plain_bad_request(world, request, &format!("Could not parse JSON: {error}")))?;
    let Some(verified) = value[NAME].as_bool() else {
        let message = format!("Invalid field '{NAME}': it is true or false");
        return Err(errors::plain_bad_request(world, request, &message).inferred());
    };
    let allowed = subscriptions::may_verify(world, &caller, &endpoint, verified);
    allowed.map_err(|why| match why {
        Unverifiable::Unsubscribed => {
            let message = format!("The collection must be associated with a subscription to set {NAME}");
            errors::plain_bad_request(world, request, &message)
        }
        Unverifiable::Unqualified => {
            let message = format!("User does not have an admin role on the collection's subscription to set {NAME}");
            errors::permission_denied(world, request, &message)
        }
        Unverifiable::Absent(subscription) => {
            let message =
                format!("No manager or admin identities in session for high-assurance subscription {subscription}");
            errors::plain_bad_request(world, request, &message)
        }
    })?;
    if let Some(endpoint) = world.transfer.endpoints.get_mut(&endpoint.id) {
        endpoint.subscription_admin_verified = verified;
    }
    Ok(errors::result(world, request, "Updated", UPDATED))
}
