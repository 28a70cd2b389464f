//! What the documents of the JSON:API part have in common. Source: <https://jsonapi.org/format/>.

use globus_sdk_macros::model;

use crate::models::{EndpointId, IdentityId, StreamAccessPointId};

/// What an answer tells about itself.
#[model]
pub struct JsonApiMeta {
    /// Id of the request, for support.
    pub request_id: Option<String>,
}

/// For each kind of resource, how others point to it.
macro_rules! relationships {
    ($($(#[doc = $doc:literal])+ $relationship:ident, $identifier:ident: $kind:literal $id:ident;)+) => {
        $(
            $(#[doc = $doc])+
            #[model]
            pub struct $relationship {
                /// Which one.
                pub data: Option<$identifier>,
            }

            /// What it points to: type and id.
            #[model]
            pub struct $identifier {
                /// Type of the resource.
                #[wire("type")]
                pub resource_type: Option<String>,
                /// Its id.
                pub id: Option<$id>,
            }

            impl $relationship {
                /// Points to the one with that id.
                pub fn to(id: impl Into<$id>) -> Self {
                    Self {
                        data: Some($identifier {
                            resource_type: Some($kind.to_owned()),
                            id: Some(id.into()),
                            ..$identifier::default()
                        }),
                        ..Self::default()
                    }
                }

                /// The id it points to.
                pub fn id(&self) -> Option<&$id> {
                    self.data.as_ref()?.id.as_ref()
                }
            }
        )+
    };
}

relationships! {
    /// Points to a collection.
    CollectionRelationship, CollectionIdentifier: "Collection" EndpointId;
    /// Points to an endpoint.
    EndpointRelationship, EndpointIdentifier: "Endpoint" EndpointId;
    /// Points to an identity.
    IdentityRelationship, IdentityIdentifier: "Identity" IdentityId;
    /// Points to a stream access point.
    StreamAccessPointRelationship, StreamAccessPointIdentifier: "StreamAccessPoint" StreamAccessPointId;
}
