//! Reading one endpoint. <https://docs.globus.org/api/transfer/endpoints_and_collections/>

use crate::exchange::{Incoming, Outcome, Reply};
use crate::services::transfer::{access, documents, errors};
use crate::world::World;

/// The document of an endpoint.
pub(crate) fn get(world: &mut World, request: &Incoming) -> Outcome {
    let caller = access::caller(world, request)?;
    let text = request.param("endpoint_id").to_owned();
    let Some(endpoint) = request
        .param_uuid("endpoint_id")
        .and_then(|id| world.transfer.endpoints.get(&id))
    else {
        return Err(errors::endpoint_not_found(world, request, &text));
    };
    if endpoint.deleted {
        let id = endpoint.id;
        return Err(errors::endpoint_deleted(world, request, id));
    }
    if !access::sees(world, &caller, endpoint) {
        return Err(errors::permission_denied(world, request, "You do not have permission to view this").inferred());
    }
    Ok(Reply::ok(&documents::endpoint(world, endpoint, &caller)))
}
