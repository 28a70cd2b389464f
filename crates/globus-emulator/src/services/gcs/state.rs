//! What the managers know beside what Transfer does: storage gateways, credentials, and the rest of what collections and
//! endpoints are told.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::{Uuid, uuid};

use crate::ids;
use crate::seed::Seed;
use crate::services::transfer::state::{Endpoint, EntityType, TransferState};
use crate::state::{Table, Visit};

/// The connectors that the managers have: id and name.
pub(crate) const CONNECTORS: [(Uuid, &str); 2] =
    [(POSIX, "POSIX"), (uuid!("7643e831-5f6c-4b47-a07f-8ee90f401d23"), "S3")];
const POSIX: Uuid = uuid!("145812c8-decc-41f1-83cf-bb2a85a2a70b");

/// The name of what an owner is called, which is told apart from the rest.
pub(crate) const OWNER_STRING: &str = "owner_string";

/// Where collections get their files from.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Gateway {
    pub(crate) id: Uuid,
    pub(crate) endpoint_id: Uuid,
    pub(crate) display_name: String,
    pub(crate) connector_id: Uuid,
    /// Whatever else it was told, by the names on the wire.
    #[serde(default)]
    pub(crate) settings: Map<String, Value>,
}

impl Gateway {
    pub(crate) fn is_high_assurance(&self) -> bool {
        self.settings.get("high_assurance").is_some_and(|value| value == true)
    }

    pub(crate) fn connector(&self) -> &'static str {
        let known = CONNECTORS.iter().find(|(id, _)| *id == self.connector_id);
        known.map_or("POSIX", |(_, name)| name)
    }

    pub(crate) fn texts(&self, name: &str) -> Vec<String> {
        texts(self.settings.get(name))
    }
}

/// The texts of a list.
pub(crate) fn texts(value: Option<&Value>) -> Vec<String> {
    let list = value.and_then(Value::as_array).into_iter().flatten();
    list.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// An account of a storage gateway that somebody may use.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Credential {
    pub(crate) id: Uuid,
    pub(crate) identity_id: Uuid,
    pub(crate) storage_gateway_id: Uuid,
    pub(crate) connector_id: Uuid,
    pub(crate) username: String,
    pub(crate) display_name: Option<String>,
    pub(crate) policies: Value,
}

/// What Transfer does not know of a collection.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Details {
    pub(crate) storage_gateway_id: Uuid,
    /// Who made it.
    pub(crate) identity_id: Uuid,
    /// The credential with which a guest collection reaches its files.
    pub(crate) user_credential_id: Option<Uuid>,
    /// Where a mapped collection begins on its storage. Here it has a folder to itself.
    pub(crate) base_path: String,
    /// Whatever else it was told, by the names on the wire.
    pub(crate) settings: Map<String, Value>,
}

/// The state of all managers.
#[derive(Debug, Default)]
pub(crate) struct GcsState {
    pub(crate) gateways: Table<Uuid, Gateway>,
    pub(crate) credentials: Table<Uuid, Credential>,
    pub(crate) collections: Table<Uuid, Details>,
    /// What endpoints were told, by the names on the wire.
    pub(crate) endpoints: Table<Uuid, Map<String, Value>>,
}

impl GcsState {
    pub(crate) fn new(seed: &Seed) -> Self {
        let mut state = Self::default();
        state.add(seed);
        state
    }

    /// Adds what a seed has.
    pub(crate) fn add(&mut self, seed: &Seed) {
        for row in &seed.storage_gateways {
            self.gateways.insert(row.id, row.clone());
        }
    }

    /// Names all that is kept.
    pub(crate) fn visit(&mut self, see: Visit<'_>) {
        let Self {
            gateways,
            credentials,
            collections,
            endpoints,
        } = self;
        see("gcs/gateways", gateways);
        see("gcs/credentials", credentials);
        see("gcs/collections", collections);
        see("gcs/endpoints", endpoints);
    }

    /// Adds what is not said of collections that did not come from a manager: each is on a gateway of its endpoint.
    pub(crate) fn complete(&mut self, transfer: &TransferState) {
        let rows = || transfer.endpoints.values().filter(|row| !row.deleted);
        for row in rows().filter(|row| row.entity_type == EntityType::GcsMapped) {
            if !self.collections.contains_key(&row.id) {
                let gateway = self.gateway_for(row);
                self.collections.insert(row.id, Details::of(row, gateway, row.owner_id));
            }
        }
        for row in rows().filter(|row| row.entity_type == EntityType::GcsGuest) {
            let host = row.host_endpoint_id.and_then(|host| self.collections.get(&host));
            if let Some(gateway) = host.map(|host| host.storage_gateway_id)
                && !self.collections.contains_key(&row.id)
            {
                let first = |role: &&crate::services::transfer::state::RoleRow| {
                    role.principal_type == "identity" && role.role == "administrator"
                };
                let owner = row.roles.iter().find(first);
                let owner = owner.and_then(|role| Uuid::parse_str(&role.principal).ok());
                let details = Details::of(row, gateway, owner.unwrap_or(row.owner_id));
                self.collections.insert(row.id, details);
            }
        }
    }

    fn gateway_for(&mut self, row: &Endpoint) -> Uuid {
        let fits = |gateway: &&Gateway| {
            gateway.endpoint_id == row.owner_id && gateway.is_high_assurance() == row.high_assurance
        };
        if let Some(gateway) = self.gateways.values().find(fits) {
            return gateway.id;
        }
        let level = if row.high_assurance { "high" } else { "standard" };
        let id = ids::named(&format!("storage_gateway/{}/{level}", row.owner_id));
        let mut settings = Map::new();
        settings.insert("high_assurance".to_owned(), row.high_assurance.into());
        let gateway = Gateway {
            id,
            endpoint_id: row.owner_id,
            display_name: format!("Storage of {}", row.display_name),
            connector_id: POSIX,
            settings,
        };
        self.gateways.insert(id, gateway);
        id
    }

    /// Whether the files of a collection are to be had over HTTPS.
    pub(crate) fn serves_https(&self, collection: Uuid) -> bool {
        let details = self.collections.get(&collection);
        details.is_some_and(|details| details.settings.get("enable_https").is_none_or(|value| value == true))
    }

    /// What a collection, or else its endpoint, calls its owner, if it was told so.
    pub(crate) fn owner_string(&self, row: &Endpoint) -> Option<String> {
        let details = self.collections.get(&row.id);
        let own = details.and_then(|details| details.settings.get(OWNER_STRING));
        let of_endpoint = || self.endpoints.get(&row.owner_id)?.get(OWNER_STRING);
        own.or_else(of_endpoint)?.as_str().map(str::to_owned)
    }
}

impl Details {
    /// What holds for a collection that a manager makes, unless it is said otherwise.
    pub(crate) fn unsaid(is_guest: bool) -> Map<String, Value> {
        let mut settings = Map::new();
        if !is_guest {
            settings.insert("allow_guest_collections".to_owned(), false.into());
            settings.insert("delete_protected".to_owned(), true.into());
        }
        settings
    }

    /// Takes back what a document has said.
    pub(crate) fn forget(&mut self, is_guest: bool) {
        let owner = self.settings.remove(OWNER_STRING);
        self.settings = Self::unsaid(is_guest);
        self.settings
            .extend(owner.map(|owner| (OWNER_STRING.to_owned(), owner)));
    }

    fn of(row: &Endpoint, storage_gateway_id: Uuid, identity_id: Uuid) -> Self {
        let mut settings = Map::new();
        if row.entity_type == EntityType::GcsMapped {
            let shares = row.subscription_id.is_some();
            settings.insert("allow_guest_collections".to_owned(), shares.into());
        }
        Self {
            storage_gateway_id,
            identity_id,
            user_credential_id: None,
            base_path: "/".to_owned(),
            settings,
        }
    }
}
