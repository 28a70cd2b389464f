//! Collections to make, or their changes.

use globus_sdk_macros::model;
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::{ActivityNotificationPolicy, CollectionPolicies, HighAssuranceTransfers, PathRestrictions};
use crate::models::{EndpointId, Field, IdentityId, PolicyId, StorageGatewayId, UserCredentialId};
use crate::operation::{Arg, Document, TypedDocument};

/// Characters of a `user_message` that the first version with messages takes.
const SHORT_MESSAGE: usize = 64;

/// Declares a document with the fields that both kinds of collections have, and its own.
macro_rules! collection_document {
    ($(#[$meta:meta])* $name:ident, $variant:ident($kind:literal) { $($(#[$field_meta:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$meta])*
        #[model(data_type = "collection", fixed("collection_type" = $kind))]
        pub struct $name {
            /// Where it begins: on a mapped collection an absolute path of the storage, on a guest collection a path
            /// below the mapped collection's root. Needed for a new one.
            pub collection_base_path: Option<String>,
            /// Address of the support.
            pub contact_email: Field<String>,
            /// Other ways to reach the support, such as telephone and postal address.
            pub contact_info: Field<String>,
            /// Folder where people start.
            pub default_directory: Option<String>,
            /// Part of the organization.
            pub department: Field<String>,
            /// What it is for.
            pub description: Field<String>,
            /// Name that people see.
            pub display_name: Option<String>,
            /// Identity that owns it.
            pub identity_id: Option<IdentityId>,
            /// Page with more about it.
            pub info_link: Field<String>,
            /// Who maintains it.
            pub organization: Option<String>,
            /// Which transfers need high assurance on the other side too; null is none.
            #[since("1.12.0")]
            pub restrict_transfers_to_high_assurance: Field<HighAssuranceTransfers>,
            /// What users read when they use it; more than 64 characters need a newer server.
            #[since(message_version)]
            pub user_message: Field<String>,
            /// Page with more than that.
            #[since("1.1.0")]
            pub user_message_link: Field<String>,
            /// Words by which people find it.
            pub keywords: Option<Vec<String>>,
            /// Whether transfers never compare checksums.
            pub disable_verify: Option<bool>,
            /// Whether files can be read and written over HTTPS; needs a subscription. Null leaves it to the server.
            #[since("1.1.0")]
            pub enable_https: Field<bool>,
            /// Whether transfers are always encrypted.
            pub force_encryption: Option<bool>,
            /// Whether transfers always compare checksums.
            #[since("1.4.0")]
            pub force_verify: Option<bool>,
            /// Whether everybody can find it.
            pub public: Option<bool>,
            /// How long permissions on guest collections last, in minutes; only with high assurance. Of the mapped and
            /// the guest collection's the shorter time counts.
            #[since("1.10.0")]
            pub acl_expiration_mins: Option<u64>,
            /// Flows to run when it is used, in the form of
            /// <https://docs.globus.org/api/transfer/endpoints_and_collections/#associated_flow_policy>.
            #[since("1.15.0")]
            pub associated_flow_policy: Option<Value>,
            $($(#[$field_meta])* pub $field: $type,)*
        }

        impl From<$name> for CollectionDocument {
            fn from(document: $name) -> Self {
                Self::$variant(Box::new(document))
            }
        }

        impl Document<CollectionDocument> for $name {
            fn into_arg(self) -> Arg {
                Arg::json(&self)
            }
        }

        impl Document<CollectionDocument> for &$name {
            fn into_arg(self) -> Arg {
                Arg::json(self)
            }
        }
    };
}

collection_document! {
    /// A mapped collection to make, or its changes: what is absent stays as it is.
    MappedCollectionDocument, Mapped("mapped") {
        /// Host name of the collection.
        domain_name: Option<String>,
        /// Auth policy that its guest collections inherit; null is none.
        #[since("1.6.0")]
        guest_auth_policy_id: Field<PolicyId>,
        /// Storage gateway below it; needed for a new one.
        storage_gateway_id: Option<StorageGatewayId>,
        /// Accounts that may make guest collections, in the connector's form; null is everybody.
        #[since("1.2.0")]
        sharing_users_allow: Field<Vec<String>>,
        /// Accounts that may not make guest collections, in the connector's form; null is nobody.
        #[since("1.2.0")]
        sharing_users_deny: Field<Vec<String>>,
        /// Where guest collections may be, and what they may do there; null is no limit.
        sharing_restrict_paths: Field<PathRestrictions>,
        /// Whether it cannot be deleted before this is switched off; a new one is protected.
        #[since("1.8.0")]
        delete_protected: Option<bool>,
        /// Whether users may make guest collections on it, and use them.
        allow_guest_collections: Option<bool>,
        /// Whether its guest collections refuse writing without a login; not with high assurance.
        #[since("1.5.0")]
        disable_anonymous_writes: Option<bool>,
        /// Days without use after which its guest collections are deleted.
        #[since("1.13.0")]
        auto_delete_timeout: Option<u32>,
        /// Rules of its connector.
        policies: Option<CollectionPolicies>,
    }
}

collection_document! {
    /// A guest collection to make, or its changes: what is absent stays as it is.
    GuestCollectionDocument, Guest("guest") {
        /// Mapped collection of which it is a part; needed for a new one.
        mapped_collection_id: Option<EndpointId>,
        /// Account with which it reaches its data, of the identity that owns it; needed for a new one.
        user_credential_id: Option<UserCredentialId>,
        /// Whether it is spared when the mapped collection's unused guest collections are deleted; null leaves it to the server.
        #[since("1.13.0")]
        skip_auto_delete: Field<bool>,
        /// Which ended transfers those in charge of it are written to about.
        #[since("1.14.0")]
        activity_notification_policy: Option<ActivityNotificationPolicy>,
    }
}

impl MappedCollectionDocument {
    /// A new collection on a storage gateway.
    pub fn new(
        storage_gateway_id: impl Into<StorageGatewayId>,
        collection_base_path: impl Into<String>,
        display_name: impl Into<String>,
    ) -> Self {
        Self {
            storage_gateway_id: Some(storage_gateway_id.into()),
            collection_base_path: Some(collection_base_path.into()),
            display_name: Some(display_name.into()),
            ..Self::default()
        }
    }
}

impl GuestCollectionDocument {
    /// A new collection from part of a mapped one, reached with one of the caller's accounts there.
    pub fn new(
        mapped_collection_id: impl Into<EndpointId>,
        user_credential_id: impl Into<UserCredentialId>,
        collection_base_path: impl Into<String>,
        display_name: impl Into<String>,
    ) -> Self {
        Self {
            mapped_collection_id: Some(mapped_collection_id.into()),
            user_credential_id: Some(user_credential_id.into()),
            collection_base_path: Some(collection_base_path.into()),
            display_name: Some(display_name.into()),
            ..Self::default()
        }
    }
}

/// A collection of either kind. Operations that want one take the kinds' own documents too.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum CollectionDocument {
    /// A mapped collection.
    Mapped(Box<MappedCollectionDocument>),
    /// A guest collection.
    Guest(Box<GuestCollectionDocument>),
}

impl Serialize for CollectionDocument {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Mapped(document) => document.serialize(serializer),
            Self::Guest(document) => document.serialize(serializer),
        }
    }
}

impl TypedDocument for CollectionDocument {}

/// The version that takes a message of this length.
fn message_version(message: &Field<String>) -> (u32, u32, u32) {
    let long = message
        .value()
        .is_some_and(|message| message.chars().count() > SHORT_MESSAGE);
    if long { (1, 7, 0) } else { (1, 1, 0) }
}
