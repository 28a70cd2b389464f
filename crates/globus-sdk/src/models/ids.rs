//! Identifiers as types of their own, so that a flow id cannot stand where a group id belongs.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::operation::{Arg, Argument};

macro_rules! ids {
    ($($(#[doc = $doc:literal])+ $name:ident $(with $with:literal)?)+) => {
        $(
            $(#[doc = $doc])+
            #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
            #[serde(transparent)]
            pub struct $name($(#[serde(with = $with)])? String);

            impl $name {
                /// The id as text.
                pub fn as_str(&self) -> &str {
                    &self.0
                }
            }

            impl fmt::Display for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str(&self.0)
                }
            }

            impl fmt::Debug for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    write!(f, "{}({})", stringify!($name), self.0)
                }
            }

            impl From<&str> for $name {
                fn from(id: &str) -> Self {
                    Self(id.to_owned())
                }
            }

            impl From<String> for $name {
                fn from(id: String) -> Self {
                    Self(id)
                }
            }

            impl From<&String> for $name {
                fn from(id: &String) -> Self {
                    Self(id.clone())
                }
            }

            impl From<Uuid> for $name {
                fn from(id: Uuid) -> Self {
                    Self(id.to_string())
                }
            }

            impl From<&Self> for $name {
                fn from(id: &Self) -> Self {
                    id.clone()
                }
            }

            impl AsRef<str> for $name {
                fn as_ref(&self) -> &str {
                    &self.0
                }
            }

            impl PartialEq<str> for $name {
                fn eq(&self, other: &str) -> bool {
                    self.0 == other
                }
            }

            impl PartialEq<&str> for $name {
                fn eq(&self, other: &&str) -> bool {
                    self.0 == *other
                }
            }

            impl Argument for $name {
                fn into_arg(self) -> Arg {
                    Arg::Text(self.0)
                }
            }
        )+
    };
}

ids! {
    /// Id of an identity: a person's or program's account at one identity provider.
    IdentityId
    /// Id of a registered OAuth2 client.
    ClientId
    /// Id of a group.
    GroupId
    /// Id of a Globus subscription.
    SubscriptionId
    /// Id of an endpoint or a collection.
    EndpointId
    /// Id of a flow.
    FlowId
    /// Id of a run of a flow.
    RunId
    /// Id of a web input: a question that a run asks people.
    WebInputId
    /// Id of a registered API: a service that flows may call.
    RegisteredApiId
    /// Id of a timer, which its API also calls a job.
    JobId
    /// Id of a Transfer task.
    TaskId
    /// Id of a search index.
    IndexId
    /// Id of a task that changes a search index.
    SearchTaskId
    /// Id of a role on a search index; short text, no UUID.
    SearchRoleId
    /// Id of a Compute endpoint.
    ComputeEndpointId
    /// Id of a function that is registered with Compute.
    FunctionId
    /// Id of a Compute task: one run of a function.
    ComputeTaskId
    /// Id of Compute tasks that were submitted together.
    TaskGroupId
    /// Id of an authentication policy.
    PolicyId
    /// Id of an identity provider.
    IdentityProviderId
    /// Id of a project: a developer's clients, policies and their administrators.
    ProjectId
    /// Id of a registered scope.
    ScopeId
    /// Id of a secret of a client.
    CredentialId
    /// Id of a role on an endpoint or a collection.
    EndpointRoleId
    /// Id of a rule about access to a guest collection.
    AccessRuleId
    /// Id of a bookmark.
    BookmarkId
    /// Id of a rule that pauses tasks.
    PauseRuleId
    /// Id of a cancellation of several tasks; a number, unlike the others.
    AdminCancelId with "number"
    /// Id of a tunnel.
    TunnelId
    /// Id of a stream access point.
    StreamAccessPointId
    /// Id of a storage gateway of a Globus Connect Server endpoint.
    StorageGatewayId
    /// Id of an account's credential on a storage gateway.
    UserCredentialId
    /// Id of a role on a Globus Connect Server endpoint or one of its collections.
    GCSRoleId
    /// Id of a kind of storage that Globus Connect Server can serve.
    ConnectorId
}

/// Ids that are numbers in documents.
mod number {
    use serde::{Deserialize, Deserializer, Serializer};

    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Id {
        Number(u64),
        Text(String),
    }

    pub(super) fn serialize<S: Serializer>(id: &str, serializer: S) -> Result<S::Ok, S::Error> {
        match id.parse::<u64>() {
            Ok(number) if number.to_string() == id => serializer.serialize_u64(number),
            _ => serializer.serialize_str(id),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
        Ok(match Id::deserialize(deserializer)? {
            Id::Number(number) => number.to_string(),
            Id::Text(text) => text,
        })
    }
}
