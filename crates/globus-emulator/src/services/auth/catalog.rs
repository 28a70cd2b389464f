//! The scopes that exist without anyone creating an object.

use serde::{Deserialize, Serialize};
use uuid::{Uuid, uuid};

use crate::ids;

/// A scope that Auth knows.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ScopeRow {
    pub(crate) id: Uuid,
    /// Key under which clients keep the tokens of this scope.
    pub(crate) resource_server: String,
    /// The client that a resource server uses for tokens of its own.
    pub(crate) client: Uuid,
    /// What the consent page calls it; empty where the emulator has words of its own.
    #[serde(default)]
    pub(crate) title: String,
    #[serde(default)]
    pub(crate) description: String,
    /// Whether everybody may look it up, not only those who may see its client.
    pub(crate) advertised: bool,
    pub(crate) allows_refresh_token: bool,
    /// Domains, of one of which its users must have an identity; empty means all.
    #[serde(default)]
    pub(crate) required_domains: Vec<String>,
    #[serde(default)]
    pub(crate) dependent_scopes: Vec<DependentScope>,
}

/// A scope on which another one depends.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct DependentScope {
    pub(crate) scope: Uuid,
    /// Whether it is left out unless a request names it.
    pub(crate) optional: bool,
    pub(crate) requires_refresh_token: bool,
}

impl ScopeRow {
    pub(crate) fn new(name: &str, resource_server: &str, client: Uuid) -> Self {
        Self {
            id: ids::named(name),
            resource_server: resource_server.to_owned(),
            client,
            title: String::new(),
            description: String::new(),
            advertised: true,
            allows_refresh_token: true,
            required_domains: Vec::new(),
            dependent_scopes: Vec::new(),
        }
    }
}

const FLOWS: Uuid = uuid!("eec9b274-0c81-4334-bdc2-54e90e689b9a");
const COMPUTE: Uuid = uuid!("facd7ccc-c5f4-42aa-916b-a0e270e2c2a9");
const TIMERS: Uuid = uuid!("524230d7-ea86-4a52-8312-86065a9e0417");

/// `urn:globus:auth:scope:<resource server>:<suffix>`.
const URN: &[(&str, &[&str])] = &[
    (
        "auth.globus.org",
        &[
            "manage_projects",
            "view_authentications",
            "view_clients",
            "view_clients_and_scopes",
            "view_consents",
            "view_identities",
            "view_identity_set",
        ],
    ),
    ("transfer.api.globus.org", &["all", "gcp_install"]),
    ("groups.api.globus.org", &["all", "view_my_groups_and_memberships"]),
    (
        "search.api.globus.org",
        &["all", "globus_connect_server", "ingest", "search"],
    ),
    ("nexus.api.globus.org", &["groups"]),
];

const FLOWS_SCOPES: &[&str] = &[
    "all",
    "manage_flows",
    "view_flows",
    "run",
    "run_status",
    "run_manage",
    "web_input_view",
    "web_input_respond",
];

const ACTIONS: &[&str] = &[
    "hello_world",
    "transfer/transfer",
    "transfer/delete",
    "transfer/ls",
    "transfer/mkdir",
    "transfer/stat",
    "transfer/set_permission",
];

/// All scopes of the services themselves, by name.
pub(crate) fn scopes() -> impl Iterator<Item = (String, ScopeRow)> {
    let short = ["openid", "profile", "email"]
        .into_iter()
        .map(|name| (name.to_owned(), "auth.globus.org", None));
    let urn = URN.iter().flat_map(|(server, suffixes)| {
        suffixes
            .iter()
            .map(move |suffix| (format!("urn:globus:auth:scope:{server}:{suffix}"), *server, None))
    });
    let flows = FLOWS_SCOPES
        .iter()
        .map(|suffix| (url_scope(FLOWS, suffix), "flows.globus.org", Some(FLOWS)));
    let single = [
        (
            url_scope(TIMERS, "timer"),
            "524230d7-ea86-4a52-8312-86065a9e0417",
            Some(TIMERS),
        ),
        (url_scope(COMPUTE, "all"), "funcx_service", Some(COMPUTE)),
    ];
    let actions = ACTIONS
        .iter()
        .map(|suffix| (url_scope("actions.globus.org", suffix), "actions.globus.org", None));
    short
        .chain(urn)
        .chain(flows)
        .chain(single)
        .chain(actions)
        .map(|(name, server, client)| {
            let row = ScopeRow::new(&name, server, client.unwrap_or_else(|| ids::named(server)));
            (name, row)
        })
}

/// A scope of the Flows service.
pub(crate) fn flows_scope(suffix: &str) -> String {
    url_scope(FLOWS, suffix)
}

/// `https://auth.globus.org/scopes/<owner>/<suffix>`: an opaque name that keeps the production host everywhere.
pub(crate) fn url_scope(owner: impl std::fmt::Display, suffix: &str) -> String {
    format!("https://auth.globus.org/scopes/{owner}/{suffix}")
}
