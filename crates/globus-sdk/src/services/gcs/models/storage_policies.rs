//! Rules of each connector, for gateways and for collections.
//!
//! Source: <https://docs.globus.org/globus-connect-server/v5/api/openapi_Storage_Gateways/>.

use std::collections::BTreeMap;

use globus_sdk_macros::model;
use serde_json::Value;

use crate::models::Field;

/// Rules of a mapped collection on a POSIX file system.
#[model(data_type = "posix_collection_policies")]
pub struct POSIXCollectionPolicies {
    /// Groups of the system that may make guest collections; null is all.
    pub sharing_groups_allow: Field<Vec<String>>,
    /// Groups of the system that may not make guest collections; null is none.
    pub sharing_groups_deny: Field<Vec<String>>,
}

/// Rules of a mapped collection whose files are fetched from an archive first.
#[model(data_type = "posix_staging_collection_policies")]
pub struct POSIXStagingCollectionPolicies {
    /// Groups of the system that may make guest collections; null is all.
    pub sharing_groups_allow: Field<Vec<String>>,
    /// Groups of the system that may not make guest collections; null is none.
    pub sharing_groups_deny: Field<Vec<String>>,
}

/// Rules of a mapped collection on Google Cloud Storage.
#[model(data_type = "google_cloud_storage_collection_policies")]
pub struct GoogleCloudStorageCollectionPolicies {
    /// Id of the Google Cloud project that the collection uses.
    pub project: Option<String>,
}

/// Rules of a gateway to a POSIX file system.
#[model(data_type = "posix_storage_policies")]
pub struct POSIXStoragePolicies {
    /// Ids of the system's groups that may use it; only administrators see them.
    pub groups_allow: Option<Vec<String>>,
    /// Ids of the system's groups that may not use it; only administrators see them.
    pub groups_deny: Option<Vec<String>>,
}

/// Rules of a gateway whose files are fetched from an archive first.
#[model(data_type = "posix_staging_storage_policies")]
pub struct POSIXStagingStoragePolicies {
    /// Ids of the system's groups that may use it; only administrators see them.
    pub groups_allow: Option<Vec<String>>,
    /// Ids of the system's groups that may not use it; only administrators see them.
    pub groups_deny: Option<Vec<String>>,
    /// Path of the program that fetches files; only administrators see it.
    pub stage_app: Option<String>,
    /// Variables for that program, each `{"name": .., "value": ..}`; only administrators see them.
    #[secret]
    pub environment: Option<Vec<BTreeMap<String, Value>>>,
}

/// Rules of a gateway to a `BlackPearl` appliance.
#[model(data_type = "blackpearl_storage_policies")]
pub struct BlackPearlStoragePolicies {
    /// URL of the appliance's S3 interface.
    pub s3_endpoint: Option<String>,
    /// Path of the file that gives each account its access id and secret.
    pub bp_access_id_file: Option<String>,
}

/// Rules of a gateway to Box.
#[model(data_type = "box_storage_policies")]
pub struct BoxStoragePolicies {
    /// The enterprise that the gateway may reach; only administrators see it.
    #[wire("enterpriseID")]
    pub enterprise_id: Option<String>,
    /// How the gateway names and proves itself to Box; only administrators see it.
    #[secret]
    #[wire("boxAppSettings")]
    pub box_app_settings: Option<Value>,
}

/// Rules of a gateway to Ceph.
#[model(data_type = "ceph_storage_policies")]
pub struct CephStoragePolicies {
    /// URL of the S3 interface.
    pub s3_endpoint: Option<String>,
    /// Buckets of others that are shown beside the user's own.
    pub s3_buckets: Option<Vec<String>>,
    /// Id of the administrator's key with which users' credentials are got; only administrators see it.
    pub ceph_admin_key_id: Option<String>,
    /// That key; only administrators see it.
    #[secret]
    pub ceph_admin_secret_key: Option<String>,
}

/// Rules of a gateway to Google Drive.
#[model(data_type = "google_drive_storage_policies")]
pub struct GoogleDriveStoragePolicies {
    /// Id of the program that is registered with Google; only administrators see it.
    pub client_id: Option<String>,
    /// That program's secret; only administrators see it.
    #[secret]
    pub secret: Option<String>,
    /// How many requests a user may make with that program, as Google counts them.
    pub user_api_rate_quota: Option<u64>,
}

/// Rules of a gateway to Google Cloud Storage.
#[model(data_type = "google_cloud_storage_policies")]
pub struct GoogleCloudStoragePolicies {
    /// Id of the program that is registered with Google; only administrators see it.
    pub client_id: Option<String>,
    /// That program's secret; only administrators see it.
    #[secret]
    pub secret: Option<String>,
    /// Key of a service account, as Google's file has it; only administrators see it.
    #[secret]
    pub service_account_key: Option<Value>,
    /// Buckets that may be used and are shown; all that the user can reach when absent.
    pub buckets: Option<Vec<String>>,
    /// Ids of the projects that may be used; all when absent.
    pub projects: Option<Vec<String>>,
}

/// Rules of a gateway to `OneDrive`.
#[model(data_type = "onedrive_storage_policies")]
pub struct OneDriveStoragePolicies {
    /// Id of the program that is registered with Microsoft; only administrators see it.
    pub client_id: Option<String>,
    /// That program's secret; only administrators see it.
    #[secret]
    pub secret: Option<String>,
    /// The tenant whose users may log in; only administrators see it.
    pub tenant: Option<String>,
    /// How many requests a user may make with that program, as Microsoft counts them.
    pub user_api_rate_limit: Option<u64>,
}

/// Rules of a gateway to Azure Blob.
#[model(data_type = "azure_blob_storage_policies")]
pub struct AzureBlobStoragePolicies {
    /// Id of the program that is registered with Microsoft; only administrators see it.
    pub client_id: Option<String>,
    /// That program's secret; only administrators see it.
    #[secret]
    pub secret: Option<String>,
    /// The tenant whose users may log in; only administrators see it.
    pub tenant: Option<String>,
    /// The storage account; only administrators see it.
    pub account: Option<String>,
    /// As whom the gateway reaches the data.
    pub auth_type: Option<AzureBlobAuthType>,
    /// Whether the account has a hierarchy of folders (ADLS); only administrators see it.
    pub adls: Option<bool>,
}

/// As whom a gateway reaches Azure Blob.
#[model]
pub enum AzureBlobAuthType {
    /// As the user.
    User,
    /// As the registered program.
    ServicePrincipal,
    /// As a program of the user's.
    UserServicePrincipal,
}

/// Rules of a gateway to S3.
#[model(data_type = "s3_storage_policies")]
pub struct S3StoragePolicies {
    /// URL of the S3 interface.
    pub s3_endpoint: Option<String>,
    /// Buckets of others that are shown beside the user's own.
    pub s3_buckets: Option<Vec<String>>,
    /// Whether a user must register keys of their own before making a guest collection.
    pub s3_user_credential_required: Option<bool>,
}

/// Rules of a gateway to `ActiveScale`: those of S3, under the name of S3's.
pub type ActiveScaleStoragePolicies = S3StoragePolicies;

/// Rules of a gateway to iRODS.
#[model(data_type = "irods_storage_policies")]
pub struct IrodsStoragePolicies {
    /// Path of the environment file on the servers.
    pub irods_environment_file: Option<String>,
    /// Path of the authentication file on the servers.
    pub irods_authentication_file: Option<String>,
}

/// Rules of a gateway to HPSS.
#[model(data_type = "hpss_storage_policies")]
pub struct HPSSStoragePolicies {
    /// How the servers prove themselves to HPSS.
    pub authentication_mech: Option<String>,
    /// What they prove themselves with.
    #[secret]
    pub authenticator: Option<String>,
    /// Whether checksums are kept in the attributes of files.
    pub uda_checksum_support: Option<bool>,
}
