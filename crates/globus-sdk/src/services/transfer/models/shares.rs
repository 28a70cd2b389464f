//! Guest collections as Transfer itself makes and lists them.

use globus_sdk_macros::model;

use crate::models::{EndpointId, Field};

/// A guest collection to make on a Globus Connect Personal. Source:
/// <https://docs.globus.org/api/transfer/gcp_management/#create_guest_collection>.
#[model]
pub struct SharedEndpointData {
    /// `shared_endpoint`.
    #[wire("DATA_TYPE")]
    pub data_type: Option<String>,
    /// The collection that it shall be on.
    pub host_endpoint: Option<EndpointId>,
    /// The folder of that collection at which it begins.
    pub host_path: Option<String>,
    /// Name that people see.
    pub display_name: Option<String>,
    /// What it is for.
    pub description: Field<String>,
    /// Who runs it.
    pub organization: Field<String>,
    /// Part of the organization.
    pub department: Field<String>,
    /// Words by which people find it, joined by commas.
    pub keywords: Field<String>,
    /// Address to write to.
    pub contact_email: Field<String>,
    /// Other ways to reach who runs it.
    pub contact_info: Field<String>,
    /// Web page about it.
    pub info_link: Field<String>,
    /// The folder where people start.
    pub default_directory: Field<String>,
    /// Whether everybody can find it.
    pub public: Option<bool>,
    /// Whether data is always encrypted on its way.
    pub force_encryption: Option<bool>,
}

impl SharedEndpointData {
    /// A guest collection of a folder with all that is below.
    pub fn new(
        host_endpoint: impl Into<EndpointId>,
        host_path: impl Into<String>,
        display_name: impl Into<String>,
    ) -> Self {
        Self {
            data_type: Some("shared_endpoint".to_owned()),
            host_endpoint: Some(host_endpoint.into()),
            host_path: Some(host_path.into()),
            display_name: Some(display_name.into()),
            ..Self::default()
        }
    }
}

/// The id of a new endpoint or collection.
#[model]
pub struct EndpointCreateResult {
    /// `Created`.
    pub code: Option<String>,
    /// The same in words.
    pub message: Option<String>,
    /// The endpoint or collection.
    pub id: Option<EndpointId>,
    /// Key with which Globus Connect Personal is set up; none for a guest collection.
    #[secret]
    pub globus_connect_setup_key: Option<String>,
    /// Id of the request, for support.
    pub request_id: Option<String>,
    /// Path of the request.
    pub resource: Option<String>,
}

/// A guest collection in the list of all of them on a host.
#[model]
pub struct SharedEndpoint {
    /// The guest collection.
    pub id: Option<EndpointId>,
}
