//! Rules of connectors: which document there is for which.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

use super::storage_policies::{
    AzureBlobStoragePolicies, BlackPearlStoragePolicies, BoxStoragePolicies, CephStoragePolicies,
    GoogleCloudStorageCollectionPolicies, GoogleCloudStoragePolicies, GoogleDriveStoragePolicies, HPSSStoragePolicies,
    IrodsStoragePolicies, OneDriveStoragePolicies, POSIXCollectionPolicies, POSIXStagingCollectionPolicies,
    POSIXStagingStoragePolicies, POSIXStoragePolicies, S3StoragePolicies,
};
use globus_sdk_macros::model;

/// Declares a choice among documents that their `DATA_TYPE` tells apart.
macro_rules! policies {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident($type:ty),)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$doc])* $variant($type),)*
            /// Of a connector that this version of the SDK does not know, or of another form.
            Other(Value),
        }

        $(impl From<$type> for $name {
            fn from(policies: $type) -> Self {
                Self::$variant(policies)
            }
        })*

        impl From<Value> for $name {
            fn from(policies: Value) -> Self {
                Self::Other(policies)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    $(Self::$variant(policies) => policies.serialize(serializer),)*
                    Self::Other(policies) => policies.serialize(serializer),
                }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let raw = Box::<RawValue>::deserialize(deserializer)?;
                $(if is_of_type(&raw, <$type>::DATA_TYPE) {
                    if let Ok(policies) = serde_json::from_str(raw.get()) {
                        return Ok(Self::$variant(policies));
                    }
                })*
                serde_json::from_str(raw.get()).map(Self::Other).map_err(serde::de::Error::custom)
            }
        }
    };
}

policies! {
    /// Rules of a mapped collection's connector.
    CollectionPolicies {
        /// Accounts of a POSIX file system.
        Posix(POSIXCollectionPolicies),
        /// Files that are fetched from an archive first.
        PosixStaging(POSIXStagingCollectionPolicies),
        /// Google Cloud Storage.
        GoogleCloudStorage(GoogleCloudStorageCollectionPolicies),
    }
}

policies! {
    /// Rules of a storage gateway's connector.
    StorageGatewayPolicies {
        /// Accounts of a POSIX file system.
        Posix(POSIXStoragePolicies),
        /// Files that are fetched from an archive first.
        PosixStaging(POSIXStagingStoragePolicies),
        /// `BlackPearl`.
        BlackPearl(BlackPearlStoragePolicies),
        /// Box.
        Box(BoxStoragePolicies),
        /// Ceph.
        Ceph(CephStoragePolicies),
        /// Google Drive.
        GoogleDrive(GoogleDriveStoragePolicies),
        /// Google Cloud Storage.
        GoogleCloud(GoogleCloudStoragePolicies),
        /// `OneDrive`.
        OneDrive(OneDriveStoragePolicies),
        /// Azure Blob.
        AzureBlob(AzureBlobStoragePolicies),
        /// S3 and `ActiveScale`.
        S3(S3StoragePolicies),
        /// iRODS.
        Irods(IrodsStoragePolicies),
        /// HPSS.
        Hpss(HPSSStoragePolicies),
    }
}

/// Whether a document says that it is of a type, in whatever version.
fn is_of_type(document: &RawValue, wanted: &str) -> bool {
    #[derive(Deserialize)]
    struct Typed {
        #[serde(rename = "DATA_TYPE")]
        data_type: String,
    }
    serde_json::from_str::<Typed>(document.get()).is_ok_and(|typed| typed.data_type.split('#').next() == Some(wanted))
}

/// What may be done where: folders, each with all below it.
///
/// A new one carries no `DATA_TYPE` unless it is made with [`new`](Self::new).
#[model]
pub struct PathRestrictions {
    /// Type and version of the document.
    #[wire("DATA_TYPE")]
    pub data_type: Option<String>,
    /// Where reading is allowed.
    pub read: Option<Vec<String>>,
    /// Where reading and writing is allowed.
    pub read_write: Option<Vec<String>>,
    /// Where nothing is allowed.
    pub none: Option<Vec<String>>,
}

impl PathRestrictions {
    /// No restrictions yet.
    pub fn new() -> Self {
        Self {
            data_type: Some("path_restrictions#1.0.0".to_owned()),
            ..Self::default()
        }
    }
}
