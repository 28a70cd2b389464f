//! The types of answers, by service and name: what the table names, as something that can be called.

use std::cell::RefCell;

use globus_sdk::operation::Operation;
use serde_json::Value;

use super::probe::{Found, decode};

/// Decodes one document, and writes down what was in it.
pub(crate) type Decode = fn(&Value, &RefCell<Found>) -> Result<(), serde_json::Error>;

macro_rules! types {
    ($($service:ident { $($model:ident)+ })+) => {
        fn find(service: &str, model: &str) -> Option<Decode> {
            match (service, model) {
                $($((stringify!($service), stringify!($model)) => Some(decode::<globus_sdk::services::$service::$model>),)+)+
                _ => None,
            }
        }
    };
}

types! {
    auth {
        Identity ClientEnvelope ClientCredential RegisteredClient UserInfo IdentityProvider OpenIdConfiguration PolicyEnvelope
        Policy ProjectEnvelope Project ScopeEnvelope RegisteredScope
    }
    compute { Endpoint EndpointStatus Function VersionAnswer ResultAmqpUrl Task TaskGroup EndpointAllowlist }
    flows { Flow RegisteredApi Run RunDefinition RunLogEntry WebInputSummary WebInput }
    groups { Group SubscriptionGroup GroupPolicies Preferences MembershipFields }
    search { GMetaResult Index Role Task }
    timers { Timer }
    transfer {
        AccessRule Bookmark Endpoint Task TaskEvent PauseInfo SuccessfulTransfer SkippedError AdminCancel FileEntry PauseRule
        EndpointRole SharedEndpoint Server SubmissionId Tunnel TunnelEnvelope TunnelEvent StreamAccessPoint
        StreamAccessPointEnvelope BookmarkResource BookmarkEnvelope
    }
}

/// How the answer of an operation, or one of its rows, is decoded.
pub(crate) fn of(operation: &Operation) -> Option<Decode> {
    if operation.answer.model == "Consent" {
        return Some(decode::<globus_sdk::scopes::Consent>);
    }
    // Versions of one API share their models.
    let id = operation.client.id;
    find(
        id.split_once("_v").map_or(id, |(service, _)| service),
        operation.answer.model,
    )
}
