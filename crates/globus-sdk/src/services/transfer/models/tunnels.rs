//! Tunnels, which carry streams between two stream access points.

use globus_sdk_macros::model;
use uuid::Uuid;

use super::jsonapi::{EndpointRelationship, IdentityRelationship, JsonApiMeta, StreamAccessPointRelationship};
use crate::models::{StreamAccessPointId, TunnelId};

/// A tunnel in its envelope. A deleted one leaves the envelope empty.
#[model]
pub struct TunnelEnvelope {
    /// The tunnel.
    pub data: Option<Tunnel>,
    /// About the answer.
    pub meta: Option<JsonApiMeta>,
}

/// A tunnel: the initiator connects through it to what listens at its other end.
#[model]
pub struct Tunnel {
    /// `Tunnel`.
    #[wire("type")]
    pub resource_type: Option<String>,
    /// Id of the tunnel.
    pub id: Option<TunnelId>,
    /// What it is like.
    pub attributes: Option<TunnelAttributes>,
    /// Its two ends and its owner.
    pub relationships: Option<TunnelRelationships>,
}

/// What a tunnel is like.
#[model]
pub struct TunnelAttributes {
    /// Short text that tells it from others.
    pub label: Option<String>,
    /// Id by which the service recognizes a creation that it gets twice.
    pub submission_id: Option<String>,
    /// How far it has come.
    pub state: Option<TunnelState>,
    /// The same in words.
    pub status: Option<String>,
    /// When it was made, as ISO 8601 text.
    pub created_time: Option<String>,
    /// How long it stays, in minutes.
    pub lifetime_mins: Option<u64>,
    /// Whether it is set up again after it broke.
    pub restartable: Option<bool>,
    /// Address at which the listening program is reached.
    pub listener_ip_address: Option<String>,
    /// Port at which the listening program is reached.
    pub listener_port: Option<u16>,
    /// Address to which the initiating program connects.
    pub initiator_ip_address: Option<String>,
    /// Port to which the initiating program connects.
    pub initiator_port: Option<u16>,
}

/// How far a tunnel has come.
#[model(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TunnelState {
    /// It waits to be told where the listening program is.
    AwaitingListener,
    /// It is being closed; written into an update, this closes it.
    Stopping,
}

/// The two ends of a tunnel and its owner.
#[model]
pub struct TunnelRelationships {
    /// The end where a program listens.
    pub listener: Option<StreamAccessPointRelationship>,
    /// The end from which is connected.
    pub initiator: Option<StreamAccessPointRelationship>,
    /// Who made it.
    pub owner: Option<IdentityRelationship>,
}

/// Something that happened to a tunnel.
#[model]
pub struct TunnelEvent {
    /// `TunnelEvent`.
    #[wire("type")]
    pub resource_type: Option<String>,
    /// Number of the event; later ones have higher numbers.
    pub id: Option<u64>,
    /// What happened.
    pub attributes: Option<TunnelEventAttributes>,
}

/// What happened to a tunnel.
#[model]
pub struct TunnelEventAttributes {
    /// Code, for example `STARTED`, `TUNNEL_ACTIVE` or `TUNNEL_STOPPED`.
    pub code: Option<String>,
    /// Whether it is an error.
    pub is_error: Option<bool>,
    /// What happened, in a few words.
    pub description: Option<String>,
    /// More about it.
    pub details: Option<String>,
    /// When it happened, as ISO 8601 text.
    pub time: Option<String>,
}

/// A stream access point in its envelope.
#[model]
pub struct StreamAccessPointEnvelope {
    /// The stream access point.
    pub data: Option<StreamAccessPoint>,
    /// About the answer.
    pub meta: Option<JsonApiMeta>,
}

/// A place at which tunnels begin and end.
#[model]
pub struct StreamAccessPoint {
    /// `StreamAccessPoint`.
    #[wire("type")]
    pub resource_type: Option<String>,
    /// Id of the stream access point.
    pub id: Option<StreamAccessPointId>,
    /// What it is like.
    pub attributes: Option<StreamAccessPointAttributes>,
    /// What it belongs to.
    pub relationships: Option<StreamAccessPointRelationships>,
}

/// What a stream access point is like.
#[model]
pub struct StreamAccessPointAttributes {
    /// Name that people see.
    pub display_name: Option<String>,
    /// Who is said to run it.
    pub advertised_owner: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// Organization that runs it.
    pub organization: Option<String>,
    /// Part of the organization.
    pub department: Option<String>,
    /// Words by which people find it: the service does not say whether as one text or as a list.
    pub keywords: Option<serde_json::Value>,
    /// Address to write to.
    pub contact_email: Option<String>,
    /// Other ways to reach who runs it.
    pub contact_info: Option<String>,
    /// Web page about it.
    pub info_link: Option<String>,
    /// Address of its server.
    pub tlsftp_server: Option<String>,
}

/// What a stream access point belongs to.
#[model]
pub struct StreamAccessPointRelationships {
    /// The endpoint that has it.
    pub host_endpoint: Option<EndpointRelationship>,
}

/// A tunnel to make with [`TransferClient`](super::super::TransferClient), which draws a submission id unless one is
/// set here.
#[model]
pub struct CreateTunnelData {
    /// The tunnel, without an id.
    pub data: Tunnel,
}

impl CreateTunnelData {
    /// A tunnel between two stream access points. More goes into `data.attributes`, or see the other methods.
    pub fn new(
        initiator_stream_access_point: impl Into<StreamAccessPointId>,
        listener_stream_access_point: impl Into<StreamAccessPointId>,
    ) -> Self {
        Self {
            data: Tunnel::between(
                initiator_stream_access_point.into(),
                listener_stream_access_point.into(),
            ),
            ..Self::default()
        }
    }

    /// Sets the short text that tells the tunnel from others.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.data.set().label = Some(label.into());
        self
    }

    /// Sets the id by which the service recognizes a creation that it gets twice.
    #[must_use]
    pub fn submission_id(mut self, submission_id: impl Into<String>) -> Self {
        self.data.set().submission_id = Some(submission_id.into());
        self
    }

    /// Sets how long the tunnel stays, in minutes.
    #[must_use]
    pub fn lifetime_mins(mut self, lifetime_mins: u64) -> Self {
        self.data.set().lifetime_mins = Some(lifetime_mins);
        self
    }

    /// Sets whether the tunnel is set up again after it broke.
    #[must_use]
    pub fn restartable(mut self, restartable: bool) -> Self {
        self.data.set().restartable = Some(restartable);
        self
    }
}

/// A tunnel to make with [`TransferClientV2`](super::super::TransferClientV2). It has a submission id from the start:
/// sent again, the same document makes no second tunnel.
#[model]
pub struct TunnelCreateDocument {
    /// The tunnel, without an id.
    pub data: Tunnel,
}

impl TunnelCreateDocument {
    /// A tunnel between two stream access points. More goes into `data.attributes`, or see the other methods.
    pub fn new(
        initiator_stream_access_point: impl Into<StreamAccessPointId>,
        listener_stream_access_point: impl Into<StreamAccessPointId>,
    ) -> Self {
        let data = Tunnel::between(
            initiator_stream_access_point.into(),
            listener_stream_access_point.into(),
        );
        let document = Self {
            data,
            ..Self::default()
        };
        document.submission_id(Uuid::new_v4().to_string())
    }

    /// Sets the short text that tells the tunnel from others.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.data.set().label = Some(label.into());
        self
    }

    /// Sets the port at which the listening program is reached.
    #[must_use]
    pub fn listener_port(mut self, listener_port: u16) -> Self {
        self.data.set().listener_port = Some(listener_port);
        self
    }

    /// Sets the address at which the listening program is reached.
    #[must_use]
    pub fn listener_ip_address(mut self, listener_ip_address: impl Into<String>) -> Self {
        self.data.set().listener_ip_address = Some(listener_ip_address.into());
        self
    }

    /// Sets the id by which the service recognizes a creation that it gets twice, in place of the drawn one.
    #[must_use]
    pub fn submission_id(mut self, submission_id: impl Into<String>) -> Self {
        self.data.set().submission_id = Some(submission_id.into());
        self
    }

    /// Sets how long the tunnel stays, in minutes.
    #[must_use]
    pub fn lifetime_mins(mut self, lifetime_mins: u64) -> Self {
        self.data.set().lifetime_mins = Some(lifetime_mins);
        self
    }

    /// Sets whether the tunnel is set up again after it broke.
    #[must_use]
    pub fn restartable(mut self, restartable: bool) -> Self {
        self.data.set().restartable = Some(restartable);
        self
    }
}

/// What of a tunnel shall change.
#[model]
pub struct TunnelUpdateDocument {
    /// The attributes that change.
    pub data: Tunnel,
}

impl TunnelUpdateDocument {
    /// No change yet.
    pub fn new() -> Self {
        let data = Tunnel {
            resource_type: Some("Tunnel".to_owned()),
            attributes: Some(TunnelAttributes::default()),
            ..Tunnel::default()
        };
        Self {
            data,
            ..Self::default()
        }
    }

    /// Closes the tunnel.
    pub fn stopping() -> Self {
        Self::new().state(TunnelState::Stopping)
    }

    /// Changes the short text that tells the tunnel from others.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.data.set().label = Some(label.into());
        self
    }

    /// Tells the port at which the listening program is reached.
    #[must_use]
    pub fn listener_port(mut self, listener_port: u16) -> Self {
        self.data.set().listener_port = Some(listener_port);
        self
    }

    /// Tells the address at which the listening program is reached.
    #[must_use]
    pub fn listener_ip_address(mut self, listener_ip_address: impl Into<String>) -> Self {
        self.data.set().listener_ip_address = Some(listener_ip_address.into());
        self
    }

    /// Moves the tunnel to another state; the service knows `STOPPING`.
    #[must_use]
    pub fn state(mut self, state: TunnelState) -> Self {
        self.data.set().state = Some(state);
        self
    }
}

impl Tunnel {
    fn between(initiator: StreamAccessPointId, listener: StreamAccessPointId) -> Self {
        Self {
            resource_type: Some("Tunnel".to_owned()),
            attributes: Some(TunnelAttributes::default()),
            relationships: Some(TunnelRelationships {
                listener: Some(StreamAccessPointRelationship::to(listener)),
                initiator: Some(StreamAccessPointRelationship::to(initiator)),
                ..TunnelRelationships::default()
            }),
            ..Self::default()
        }
    }

    fn set(&mut self) -> &mut TunnelAttributes {
        self.attributes.get_or_insert_default()
    }
}
