//! Functions.

use globus_sdk_macros::model;

use crate::models::{ComputeEndpointId, FunctionId, GroupId};

/// A function to register. Source: <https://compute.api.globus.org/redoc#tag/Functions>.
///
/// It can be shared with everybody (`public`) or with a group; one for an endpoint with protected data cannot be shared.
#[model]
pub struct FunctionRegistration {
    /// Name of the function.
    pub function_name: Option<String>,
    /// Its code, serialized as its endpoints expect.
    pub function_code: Option<String>,
    /// What it does.
    pub description: Option<String>,
    /// How it was serialized, for the second version of the API.
    pub metadata: Option<FunctionMetadata>,
    /// How it was serialized, for the third version of the API.
    pub meta: Option<FunctionMetadata>,
    /// Whether everybody may run it.
    pub public: Option<bool>,
    /// A group whose members may run it.
    pub group: Option<GroupId>,
    /// The one endpoint with protected data on which it may run; third version of the API only.
    pub ha_endpoint_id: Option<ComputeEndpointId>,
    /// The container in which it runs; second version of the API only.
    pub container_uuid: Option<String>,
}

impl FunctionRegistration {
    /// A function with that name and serialized code.
    pub fn new(function_name: impl Into<String>, function_code: impl Into<String>) -> Self {
        Self {
            function_name: Some(function_name.into()),
            function_code: Some(function_code.into()),
            ..Self::default()
        }
    }
}

/// How a function was serialized.
#[model]
pub struct FunctionMetadata {
    /// Version of the Python that did it.
    pub python_version: Option<String>,
    /// Version of the SDK that did it.
    pub sdk_version: Option<String>,
    /// Short name of the method, for example `01`; third version of the API only.
    pub serde_identifier: Option<String>,
}

/// A function that was registered.
#[model]
pub struct RegisteredFunction {
    /// Id of the function.
    pub function_uuid: Option<FunctionId>,
    /// What its author must be told about protected data.
    pub ha_warning: Option<String>,
}

/// A function. Source: <https://compute.api.globus.org/redoc#tag/Functions>.
#[model]
pub struct Function {
    /// Id of the function.
    pub function_uuid: Option<FunctionId>,
    /// Name of the function.
    pub function_name: Option<String>,
    /// Its serialized code.
    pub function_code: Option<String>,
    /// What it does.
    pub description: Option<String>,
    /// How it was serialized.
    pub metadata: Option<FunctionMetadata>,
}
