//! What Transfer knows: endpoints and collections, tasks.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::storage::Storage;
use super::tasks::engine::Engine;
use crate::clock::Time;
use crate::seed::Seed;
use crate::services::auth::catalog;
use crate::services::auth::state::AuthState;
use crate::state::{Table, Visit};

/// What kind of thing an endpoint is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum EntityType {
    #[serde(rename = "GCP_mapped_collection")]
    GcpMapped,
    #[serde(rename = "GCP_guest_collection")]
    GcpGuest,
    #[serde(rename = "GCSv5_endpoint")]
    GcsEndpoint,
    #[serde(rename = "GCSv5_mapped_collection")]
    GcsMapped,
    #[serde(rename = "GCSv5_guest_collection")]
    GcsGuest,
}

impl EntityType {
    pub(crate) const ALL: [Self; 5] = [
        Self::GcpMapped,
        Self::GcpGuest,
        Self::GcsEndpoint,
        Self::GcsMapped,
        Self::GcsGuest,
    ];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::GcpMapped => "GCP_mapped_collection",
            Self::GcpGuest => "GCP_guest_collection",
            Self::GcsEndpoint => "GCSv5_endpoint",
            Self::GcsMapped => "GCSv5_mapped_collection",
            Self::GcsGuest => "GCSv5_guest_collection",
        }
    }

    pub(crate) fn is_gcp(self) -> bool {
        matches!(self, Self::GcpMapped | Self::GcpGuest)
    }

    pub(crate) fn is_guest(self) -> bool {
        matches!(self, Self::GcpGuest | Self::GcsGuest)
    }
}

/// A role that somebody holds on an endpoint.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct RoleRow {
    pub(crate) principal_type: String,
    pub(crate) principal: String,
    pub(crate) role: String,
}

/// A rule that lets somebody read or write below a path.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct AccessRule {
    pub(crate) principal_type: String,
    pub(crate) principal: String,
    pub(crate) path: String,
    pub(crate) permissions: String,
}

/// An endpoint or a collection.
#[allow(clippy::struct_excessive_bools, reason = "they are independent of each other")]
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Endpoint {
    pub(crate) id: Uuid,
    pub(crate) display_name: String,
    pub(crate) entity_type: EntityType,
    /// An identity; for Globus Connect Server the endpoint's own id.
    pub(crate) owner_id: Uuid,
    #[serde(default)]
    pub(crate) public: bool,
    #[serde(default)]
    pub(crate) description: Option<String>,
    #[serde(default)]
    pub(crate) organization: Option<String>,
    #[serde(default)]
    pub(crate) department: Option<String>,
    #[serde(default)]
    pub(crate) keywords: Option<String>,
    #[serde(default)]
    pub(crate) contact_email: Option<String>,
    #[serde(default)]
    pub(crate) contact_info: Option<String>,
    #[serde(default)]
    pub(crate) info_link: Option<String>,
    #[serde(default)]
    pub(crate) default_directory: Option<String>,
    /// The collection that a guest collection is part of.
    #[serde(default)]
    pub(crate) host_endpoint_id: Option<Uuid>,
    #[serde(default)]
    pub(crate) host_path: Option<String>,
    #[serde(default)]
    pub(crate) high_assurance: bool,
    #[serde(default = "yes")]
    pub(crate) connected: bool,
    /// Host name of the GCS manager.
    #[serde(default)]
    pub(crate) domain: Option<String>,
    #[serde(default)]
    pub(crate) subscription_id: Option<Uuid>,
    #[serde(default)]
    pub(crate) roles: Vec<RoleRow>,
    #[serde(default)]
    pub(crate) access: Vec<AccessRule>,
    /// The folder of this machine that it is; else one is made.
    #[serde(default)]
    pub(crate) path: Option<PathBuf>,
    /// What is in it from the beginning: texts by path.
    #[serde(default)]
    pub(crate) files: BTreeMap<String, String>,
    /// Where `/~/` leads; if left out, `/home/` and the user's name, or the top where `path` is given.
    #[serde(default)]
    pub(crate) home: Option<String>,
    #[serde(default)]
    pub(crate) deleted: bool,
}

fn yes() -> bool {
    true
}

/// How many endpoints count as used of late.
const MOST_RECENT: usize = 50;

/// The state of Transfer.
pub(crate) struct TransferState {
    pub(crate) endpoints: Table<Uuid, Endpoint>,
    /// Endpoints that identities have used, latest first.
    pub(crate) recent: Table<Uuid, Vec<Uuid>>,
    pub(crate) engine: Engine,
}

impl TransferState {
    /// Collections bring scopes along, which Auth gets to know.
    pub(crate) fn new(seed: &Seed, auth: &mut AuthState, time: Time, storage: Arc<Storage>) -> Self {
        let mut state = Self {
            endpoints: Table::default(),
            recent: Table::default(),
            engine: Engine::new(time, storage),
        };
        state.add(seed, auth);
        state
    }

    /// Adds what a seed has.
    pub(crate) fn add(&mut self, seed: &Seed, auth: &mut AuthState) {
        for endpoint in &seed.endpoints {
            add_scopes(endpoint, auth);
            self.endpoints.insert(endpoint.id, endpoint.clone());
        }
    }

    /// Names all that is kept, but for what the threads at work change.
    pub(crate) fn visit(&mut self, see: Visit<'_>) {
        let Self {
            endpoints,
            recent,
            // Has a lock of its own, see `visit_tasks`.
            engine: _,
        } = self;
        see("transfer/endpoints", endpoints);
        see("transfer/recent", recent);
    }

    /// Names what is kept of tasks.
    pub(crate) fn visit_tasks(&mut self, see: Visit<'_>) {
        self.engine.raw_board().visit(see);
    }

    /// Lets the tasks go on that were loaded.
    pub(crate) fn loaded(&mut self) {
        let away = self.endpoints.values().filter(|row| !row.connected && !row.deleted);
        let away = away.map(|row| row.id).collect();
        self.engine.resume(away);
    }

    /// Remembers that somebody has used an endpoint.
    pub(crate) fn used(&mut self, identity: Uuid, endpoint: Uuid) {
        let recent = self.recent.or_default(identity);
        recent.retain(|known| *known != endpoint);
        recent.insert(0, endpoint);
        recent.truncate(MOST_RECENT);
    }
}

fn add_scopes(endpoint: &Endpoint, auth: &mut AuthState) {
    let id = endpoint.id;
    match endpoint.entity_type {
        EntityType::GcsEndpoint => {
            auth.add_scope(
                &format!("urn:globus:auth:scope:{id}:manage_collections"),
                &id.to_string(),
                id,
            );
        }
        EntityType::GcsMapped => {
            // Consent to one's data is asked for only where assurance is not high.
            if !endpoint.high_assurance {
                auth.add_scope(&catalog::url_scope(id, "data_access"), &id.to_string(), id);
            }
            auth.add_scope(&catalog::url_scope(id, "https"), &id.to_string(), id);
        }
        EntityType::GcsGuest => auth.add_scope(&catalog::url_scope(id, "https"), &id.to_string(), id),
        EntityType::GcpMapped | EntityType::GcpGuest => {}
    }
}
