//! The kinds of storage that Globus Connect Server can serve, by name and by id.

use std::borrow::Cow;

use crate::models::ConnectorId;

/// A kind of storage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GlobusConnectServerConnector {
    attribute: Cow<'static, str>,
    name: Cow<'static, str>,
    connector_id: Cow<'static, str>,
}

impl GlobusConnectServerConnector {
    /// Its name as people write it, for example `Google Drive`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its id.
    pub fn connector_id(&self) -> &str {
        &self.connector_id
    }

    /// Its name as a constant, for example `GOOGLE_DRIVE`.
    pub fn attribute(&self) -> &str {
        &self.attribute
    }
}

impl From<GlobusConnectServerConnector> for ConnectorId {
    fn from(connector: GlobusConnectServerConnector) -> Self {
        Self::from(connector.connector_id())
    }
}

impl From<&GlobusConnectServerConnector> for ConnectorId {
    fn from(connector: &GlobusConnectServerConnector) -> Self {
        Self::from(connector.connector_id())
    }
}

/// The known connectors, and those that a program adds. Source:
/// <https://docs.globus.org/globus-connect-server/v5/api/schemas/>.
///
/// ```
/// use globus_sdk::services::gcs::{ConnectorTable, StorageGatewayDocument};
///
/// let gateway = StorageGatewayDocument::new("archive", ConnectorTable::POSIX);
/// let table = ConnectorTable::new();
/// let connector = gateway.connector_id.and_then(|id| table.lookup(&id).cloned());
/// assert_eq!(connector, table.lookup("posix").cloned());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectorTable {
    connectors: Vec<GlobusConnectServerConnector>,
}

macro_rules! connectors {
    ($($attribute:ident: $name:literal, $id:literal;)*) => {
        impl ConnectorTable {
            $(
                #[doc = concat!("The connector for ", $name, ".")]
                pub const $attribute: GlobusConnectServerConnector = GlobusConnectServerConnector {
                    attribute: Cow::Borrowed(stringify!($attribute)),
                    name: Cow::Borrowed($name),
                    connector_id: Cow::Borrowed($id),
                };
            )*
        }

        impl Default for ConnectorTable {
            fn default() -> Self {
                Self { connectors: vec![$(Self::$attribute),*] }
            }
        }
    };
}

connectors! {
    ACTIVESCALE: "ActiveScale", "7251f6c8-93c9-11eb-95ba-12704e0d6a4d";
    AZURE_BLOB: "Azure Blob", "9436da0c-a444-11eb-af93-12704e0d6a4d";
    BLACKPEARL: "BlackPearl", "7e3f3f5e-350c-4717-891a-2f451c24b0d4";
    BOX: "Box", "7c100eae-40fe-11e9-95a3-9cb6d0d9fd63";
    CEPH: "Ceph", "1b6374b0-f6a4-4cf7-a26f-f262d9c6ca72";
    DROPBOX: "Dropbox", "49b00fd6-63f1-48ae-b27f-d8af4589f876";
    GOOGLE_CLOUD_STORAGE: "Google Cloud Storage", "56366b96-ac98-11e9-abac-9cb6d0d9fd63";
    GOOGLE_DRIVE: "Google Drive", "976cf0cf-78c3-4aab-82d2-7c16adbcc281";
    HPSS: "HPSS", "fb656a17-0f69-4e59-95ff-d0a62ca7bdf5";
    IRODS: "iRODS", "e47b6920-ff57-11ea-8aaa-000c297ab3c2";
    POSIX: "POSIX", "145812c8-decc-41f1-83cf-bb2a85a2a70b";
    POSIX_STAGING: "POSIX Staging", "052be037-7dda-4d20-b163-3077314dc3e6";
    ONEDRIVE: "OneDrive", "28ef55da-1f97-11eb-bdfd-12704e0d6a4d";
    S3: "S3", "7643e831-5f6c-4b47-a07f-8ee90f401d23";
}

impl ConnectorTable {
    /// The connectors that this version of the SDK knows.
    pub fn new() -> Self {
        Self::default()
    }

    /// The connectors: the known ones, then the added ones.
    pub fn all_connectors(&self) -> impl ExactSizeIterator<Item = &GlobusConnectServerConnector> {
        self.connectors.iter()
    }

    /// The connector of this name or id; upper and lower case, spaces, dashes and underscores are the same in names.
    pub fn lookup(&self, name_or_id: impl AsRef<str>) -> Option<&GlobusConnectServerConnector> {
        let wanted = normalized(name_or_id.as_ref());
        self.connectors
            .iter()
            .find(|connector| wanted == *connector.connector_id || wanted == normalized(&connector.name))
    }

    /// The connector of this constant's name, for example `AZURE_BLOB`.
    pub fn get(&self, attribute: &str) -> Option<&GlobusConnectServerConnector> {
        self.connectors
            .iter()
            .find(|connector| connector.attribute == attribute)
    }

    /// A table with one connector more; this one stays as it is. The new one's constant is its name in upper case, with
    /// underscores for spaces.
    #[must_use]
    pub fn extend(&self, connector_name: impl Into<String>, connector_id: impl ToString) -> Self {
        let name = connector_name.into();
        let attribute = name.to_uppercase().replace(' ', "_");
        self.extend_as(attribute, name, connector_id)
    }

    /// A table with one connector more, under a constant's name of one's own; this one stays as it is.
    #[must_use]
    pub fn extend_as(
        &self,
        attribute_name: impl Into<String>,
        connector_name: impl Into<String>,
        connector_id: impl ToString,
    ) -> Self {
        let mut table = self.clone();
        table.connectors.push(GlobusConnectServerConnector {
            attribute: Cow::Owned(attribute_name.into()),
            name: Cow::Owned(connector_name.into()),
            connector_id: Cow::Owned(connector_id.to_string()),
        });
        table
    }
}

/// A name or id as it is compared.
fn normalized(name: &str) -> String {
    let joins = |character: char| matches!(character, '_' | '-' | ' ');
    let mut out = String::with_capacity(name.len());
    for character in name.trim().chars() {
        if !joins(character) {
            out.extend(character.to_lowercase());
        } else if !out.ends_with('-') {
            out.push('-');
        }
    }
    out
}
