//! Operations of [`ComputeClientV2`](crate::services::compute::ComputeClientV2).

pub mod endpoints;
pub mod functions;
pub mod service;
pub mod tasks;
