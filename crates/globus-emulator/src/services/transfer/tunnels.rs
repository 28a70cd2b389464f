//! Tunnels, which carry streams between two stream access points. No stream runs through those of the emulator: they have
//! states and events only.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::jsonapi::pointer;

/// A place at which tunnels begin and end.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct AccessPoint {
    pub(crate) id: Uuid,
    pub(crate) display_name: String,
    pub(crate) endpoint_id: Uuid,
    pub(crate) advertised_owner: String,
    #[serde(default)]
    pub(crate) description: Option<String>,
    #[serde(default)]
    pub(crate) organization: Option<String>,
    #[serde(default)]
    pub(crate) contact_email: Option<String>,
    pub(crate) tlsftp_server: String,
}

/// How far a tunnel has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum State {
    AwaitingListener,
    Active,
    /// Is being closed; closed once that was seen.
    Stopping,
    Stopped,
}

impl State {
    fn as_str(self) -> &'static str {
        match self {
            Self::AwaitingListener => "AWAITING_LISTENER",
            Self::Active => "ACTIVE",
            Self::Stopping => "STOPPING",
            Self::Stopped => "STOPPED",
        }
    }

    /// Whether the service's name for it is known.
    pub(crate) fn is_known(self) -> bool {
        matches!(self, Self::AwaitingListener | Self::Stopping)
    }

    fn status(self) -> &'static str {
        match self {
            Self::AwaitingListener => "The tunnel is waiting for listening contact detail setup.",
            Self::Active => "The tunnel is active.",
            Self::Stopping => "A request to stop tunnel has been received.",
            Self::Stopped => "The tunnel has been stopped.",
        }
    }
}

/// Something that happened to a tunnel.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Event {
    pub(crate) id: u64,
    pub(crate) code: String,
    pub(crate) description: String,
    pub(crate) details: String,
    pub(crate) time: Timestamp,
}

/// A tunnel.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Tunnel {
    pub(crate) id: Uuid,
    pub(crate) owner: Uuid,
    pub(crate) initiator: Uuid,
    pub(crate) listener: Uuid,
    pub(crate) submission_id: String,
    pub(crate) label: Option<String>,
    pub(crate) lifetime_mins: u32,
    pub(crate) restartable: bool,
    pub(crate) listener_ip_address: Option<String>,
    pub(crate) listener_port: Option<u16>,
    pub(crate) state: State,
    pub(crate) created: Timestamp,
    pub(crate) events: Vec<Event>,
}

impl Tunnel {
    fn happens(&mut self, code: &str, description: &str, details: &str, time: Timestamp) {
        let id = self.events.len() as u64 + 1;
        self.events.push(Event {
            id,
            code: code.to_owned(),
            description: description.to_owned(),
            details: details.to_owned(),
            time,
        });
    }

    /// Goes on to what it is by now: active once it is known who listens, over at the end of its life.
    pub(crate) fn settle(&mut self, now: Timestamp) {
        let life = SignedDuration::from_mins(self.lifetime_mins.into());
        let end = self.created.checked_add(life).unwrap_or(self.created);
        if self.state == State::AwaitingListener && self.listener_ip_address.is_some() && self.listener_port.is_some() {
            self.happens("STARTED", "started", "Attempting tunnel establishment", now);
            self.happens("TUNNEL_ACTIVE", "tunnel is active", "Tunnel has been established", now);
            self.state = State::Active;
        }
        if self.state != State::Stopped && now >= end {
            self.happens(
                "TUNNEL_STOPPED",
                "tunnel has been stopped",
                "Tunnel reached its lifetime.",
                now,
            );
            self.state = State::Stopped;
        }
    }

    /// Closes it, if that is not done yet.
    pub(crate) fn stop(&mut self) {
        if self.state != State::Stopped {
            self.state = State::Stopping;
        }
    }

    /// What was shown as being closed is closed from then on.
    pub(crate) fn seen(&mut self, now: Timestamp) {
        if self.state == State::Stopping {
            self.happens(
                "TUNNEL_STOPPED",
                "tunnel has been stopped",
                "Tunnel stopped as requested.",
                now,
            );
            self.state = State::Stopped;
        }
    }

    pub(crate) fn document(&self) -> Value {
        json!({
            "type": "Tunnel",
            "id": self.id,
            "attributes": {
                "created_time": time(self.created),
                "initiator_ip_address": null,
                "initiator_port": null,
                "label": self.label,
                "lifetime_mins": self.lifetime_mins,
                "listener_ip_address": self.listener_ip_address,
                "listener_port": self.listener_port,
                "restartable": self.restartable,
                "state": self.state.as_str(),
                "status": self.state.status(),
                "submission_id": self.submission_id,
            },
            "relationships": {
                "initiator": pointer("StreamAccessPoint", self.initiator),
                "listener": pointer("StreamAccessPoint", self.listener),
                "owner": pointer("Identity", self.owner),
            },
        })
    }
}

impl Event {
    pub(crate) fn document(&self) -> Value {
        json!({
            "type": "TunnelEvent",
            "id": self.id,
            "attributes": {
                "code": self.code,
                "is_error": false,
                "description": self.description,
                "details": self.details,
                "time": time(self.time),
            },
        })
    }
}

impl AccessPoint {
    pub(crate) fn document(&self) -> Value {
        json!({
            "type": "StreamAccessPoint",
            "id": self.id,
            "attributes": {
                "advertised_owner": self.advertised_owner,
                "contact_email": self.contact_email,
                "contact_info": null,
                "department": null,
                "description": self.description,
                "display_name": self.display_name,
                "info_link": null,
                "keywords": null,
                "organization": self.organization,
                "tlsftp_server": self.tlsftp_server,
            },
            "relationships": {"host_endpoint": pointer("Endpoint", self.endpoint_id)},
        })
    }
}

/// `2026-01-01T00:00:00.000000`, the form of these documents, in UTC.
fn time(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S.%6f").to_string()
}
