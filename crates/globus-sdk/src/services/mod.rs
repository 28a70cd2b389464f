//! One folder per service.

mod any;
pub mod auth;
pub mod base;
pub mod compute;
pub mod flows;
pub mod gcs;
pub mod groups;
mod resource_ids;
pub mod search;
pub mod timers;
pub mod transfer;

pub use any::AnyClient;

pub use resource_ids::ResourceIds;
pub(crate) use resource_ids::data_access;

use crate::client::ClientType;
use crate::error::ErrorShape;
use crate::operation::{ClientSpec, Operation};

/// Every client type, in the order of the reference.
pub static CLIENTS: &[&ClientSpec] = &[
    <auth::AuthClient as ClientType>::SPEC,
    <auth::AuthLoginClient as ClientType>::SPEC,
    <auth::NativeAppAuthClient as ClientType>::SPEC,
    <auth::ConfidentialAppAuthClient as ClientType>::SPEC,
    <transfer::TransferClient as ClientType>::SPEC,
    <transfer::TransferClientV2 as ClientType>::SPEC,
    <groups::GroupsClient as ClientType>::SPEC,
    <groups::GroupsManager as ClientType>::SPEC,
    <flows::FlowsClient as ClientType>::SPEC,
    <flows::SpecificFlowClient as ClientType>::SPEC,
    <search::SearchClient as ClientType>::SPEC,
    <timers::TimersClient as ClientType>::SPEC,
    <compute::ComputeClientV2 as ClientType>::SPEC,
    <compute::ComputeClientV3 as ClientType>::SPEC,
    <gcs::GCSClient as ClientType>::SPEC,
    <gcs::GCSCollectionClient as ClientType>::SPEC,
    <base::BaseClient as ClientType>::SPEC,
];

/// Every operation of every client: the table.
pub fn operations() -> impl Iterator<Item = &'static Operation> {
    CLIENTS.iter().flat_map(|client| client.operations())
}

/// The operation that a key such as `flows.list_flows` names; `None` when there is none.
pub fn operation(key: &str) -> Option<&'static Operation> {
    let (client, name) = key.split_once('.')?;
    let client = CLIENTS.iter().find(|spec| spec.id == client)?;
    client.operation(name)
}

/// How a service writes its errors, for requests that are made without this crate's clients.
///
/// `service` is `auth`, `compute`, `flows`, `gcs`, `groups`, `search`, `timers`, `transfer` or `transfer_v2`; any
/// other name answers the form that all services share.
pub fn error_shape(service: &str) -> &'static ErrorShape {
    match service {
        "auth" => &auth::errors::SHAPE,
        "compute" => &compute::errors::SHAPE,
        "flows" => &flows::errors::SHAPE,
        "gcs" => &gcs::errors::SHAPE,
        "groups" => &groups::errors::SHAPE,
        "search" => &search::errors::SHAPE,
        "timer" | "timers" => &timers::errors::SHAPE,
        "transfer" => &transfer::errors::SHAPE,
        "transfer_v2" => &transfer::errors::SHAPE_V2,
        _ => &ErrorShape::COMMON,
    }
}
