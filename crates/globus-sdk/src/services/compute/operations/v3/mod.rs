//! Operations of [`ComputeClientV3`](crate::services::compute::ComputeClientV3).

pub mod endpoints;
pub mod functions;
pub mod tasks;
