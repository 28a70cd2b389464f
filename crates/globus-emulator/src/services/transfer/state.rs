//! What Transfer knows: endpoints and collections, bookmarks, tunnels, tasks.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::limit::Limit;
use super::storage::Storage;
use super::tasks::engine::Engine;
use super::tunnels::{AccessPoint, Tunnel};
use crate::clock::Time;
use crate::ids;
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
    #[serde(default)]
    pub(crate) id: Uuid,
    pub(crate) principal_type: String,
    pub(crate) principal: String,
    pub(crate) role: String,
}

/// A rule that lets somebody read or write below a path.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct AccessRule {
    #[serde(default)]
    pub(crate) id: Uuid,
    pub(crate) principal_type: String,
    pub(crate) principal: String,
    pub(crate) path: String,
    pub(crate) permissions: String,
    #[serde(default)]
    pub(crate) create_time: Option<Timestamp>,
    #[serde(default)]
    pub(crate) expiration_date: Option<Timestamp>,
}

impl AccessRule {
    /// Whether it has not run out.
    pub(crate) fn holds(&self, now: Timestamp) -> bool {
        self.expiration_date.is_none_or(|end| end > now)
    }
}

/// A place on a collection that somebody saved.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Bookmark {
    pub(crate) id: Uuid,
    pub(crate) owner: Uuid,
    pub(crate) name: String,
    pub(crate) endpoint_id: Uuid,
    pub(crate) path: String,
    #[serde(default)]
    pub(crate) pinned: bool,
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
    pub(crate) subscription_admin_verified: bool,
    /// The key with which a Globus Connect Personal is set up; nobody needs it any more once it was connected.
    #[serde(default)]
    pub(crate) setup_key: Option<Uuid>,
    #[serde(default)]
    pub(crate) user_message: Option<String>,
    #[serde(default)]
    pub(crate) user_message_link: Option<String>,
    #[serde(default)]
    pub(crate) force_encryption: bool,
    #[serde(default)]
    pub(crate) force_verify: bool,
    #[serde(default)]
    pub(crate) disable_verify: bool,
    #[serde(default)]
    pub(crate) disable_anonymous_writes: bool,
    /// What people are told of the activity on a guest collection.
    #[serde(default)]
    pub(crate) notifications: Value,
    /// After how many minutes somebody who uses it must sign in again.
    #[serde(default)]
    pub(crate) authentication_timeout_mins: Option<u32>,
    #[serde(default)]
    pub(crate) mfa_required: bool,
    #[serde(default)]
    pub(crate) authentication_policy_id: Option<Uuid>,
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

impl Endpoint {
    pub(crate) fn new(id: Uuid, display_name: &str, entity_type: EntityType, owner_id: Uuid) -> Self {
        Self {
            id,
            display_name: display_name.to_owned(),
            entity_type,
            owner_id,
            public: false,
            description: None,
            organization: None,
            department: None,
            keywords: None,
            contact_email: None,
            contact_info: None,
            info_link: None,
            default_directory: None,
            host_endpoint_id: None,
            host_path: None,
            high_assurance: false,
            connected: true,
            domain: None,
            subscription_id: None,
            subscription_admin_verified: false,
            setup_key: None,
            user_message: None,
            user_message_link: None,
            force_encryption: false,
            force_verify: false,
            disable_verify: false,
            disable_anonymous_writes: false,
            notifications: Value::Null,
            authentication_timeout_mins: None,
            mfa_required: false,
            authentication_policy_id: None,
            roles: Vec::new(),
            access: Vec::new(),
            path: None,
            files: BTreeMap::new(),
            home: None,
            deleted: false,
        }
    }

    /// The id of the role that the owner has without being given it.
    pub(crate) fn owner_role(&self) -> Uuid {
        ids::named(&format!("endpoint/{}/owner", self.id))
    }

    /// Lets an identity administer it; the role gets the id, unless there is one already.
    pub(crate) fn administered_by(&mut self, identity: Uuid, id: Uuid) {
        let principal = identity.to_string();
        let mut known = self.roles.iter();
        if !known.any(|row| row.role == "administrator" && row.principal == principal) {
            self.roles.push(RoleRow {
                id,
                principal_type: "identity".to_owned(),
                principal,
                role: "administrator".to_owned(),
            });
        }
    }

    /// Names the roles and rules that a seed has left unnamed.
    fn with_names(mut self) -> Self {
        let id = self.id;
        for (number, row) in self.roles.iter_mut().enumerate().filter(|(_, row)| row.id.is_nil()) {
            row.id = ids::named(&format!("endpoint/{id}/role/{number}"));
        }
        for (number, row) in self.access.iter_mut().enumerate().filter(|(_, row)| row.id.is_nil()) {
            row.id = ids::named(&format!("endpoint/{id}/access/{number}"));
        }
        self
    }
}

/// How many endpoints count as used of late.
const MOST_RECENT: usize = 50;

/// The state of Transfer.
pub(crate) struct TransferState {
    pub(crate) endpoints: Table<Uuid, Endpoint>,
    /// Endpoints that identities have used, latest first.
    pub(crate) recent: Table<Uuid, Vec<Uuid>>,
    pub(crate) bookmarks: Table<Uuid, Bookmark>,
    /// What managers have canceled: by whom, and which tasks.
    pub(crate) cancellations: Table<Uuid, (Uuid, Vec<Uuid>)>,
    pub(crate) access_points: Table<Uuid, AccessPoint>,
    pub(crate) tunnels: Table<Uuid, Tunnel>,
    pub(crate) limit: Limit,
    pub(crate) engine: Engine,
}

impl TransferState {
    /// Collections bring scopes along, which Auth gets to know.
    pub(crate) fn new(seed: &Seed, auth: &mut AuthState, time: Time, storage: Arc<Storage>) -> Self {
        let mut state = Self {
            endpoints: Table::default(),
            recent: Table::default(),
            bookmarks: Table::default(),
            cancellations: Table::default(),
            access_points: Table::default(),
            tunnels: Table::default(),
            limit: Limit::default(),
            engine: Engine::new(time, storage),
        };
        state.add(seed, auth);
        state
    }

    /// Adds what a seed has.
    pub(crate) fn add(&mut self, seed: &Seed, auth: &mut AuthState) {
        for endpoint in &seed.endpoints {
            add_scopes(endpoint, auth);
            self.endpoints.insert(endpoint.id, endpoint.clone().with_names());
        }
        for point in &seed.stream_access_points {
            self.access_points.insert(point.id, point.clone());
        }
    }

    /// Names all that is kept, but for what the threads at work change.
    pub(crate) fn visit(&mut self, see: Visit<'_>) {
        let Self {
            endpoints,
            recent,
            bookmarks,
            cancellations,
            access_points,
            tunnels,
            limit,
            // Has a lock of its own, see `visit_tasks`.
            engine: _,
        } = self;
        see("transfer/endpoints", endpoints);
        see("transfer/recent", recent);
        see("transfer/bookmarks", bookmarks);
        see("transfer/cancellations", cancellations);
        see("transfer/access_points", access_points);
        see("transfer/tunnels", tunnels);
        limit.visit(see);
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

/// Lets Auth know the scopes that an endpoint or a collection brings along.
pub(crate) fn add_scopes(endpoint: &Endpoint, auth: &mut AuthState) {
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
