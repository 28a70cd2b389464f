//! The world in which an emulator starts.
//!
//! [`Seed::standard`] is the document `world.json` beside this file: a few people, programs, groups and collections, with
//! the identifiers that occur in public examples. The constants here name what tests and examples use. Every secret is
//! a local fiction.

use std::fmt;
use std::path::Path;

mod check;

use serde::Deserialize;
use uuid::Uuid;

use crate::services::auth::project::{Policy, Project};
use crate::services::auth::state::{Client, Identity, Provider};
use crate::services::flows::state::Flow;
use crate::services::gcs::state::Gateway;
use crate::services::groups::state::Group;
use crate::services::transfer::state::Endpoint;
use crate::services::transfer::tunnels::AccessPoint;

/// The program that acts for itself: its client id, which also is the id of its identity.
pub const CLIENT_ID: &str = "c11e0000-5eed-4000-8000-000000000001";
/// The secret of [`CLIENT_ID`].
pub const CLIENT_SECRET: &str = "bG9jYWwtZmljdGlvbi9ub3QrYS1zZWNyZXQ=";
/// A service of one's own: a resource server that may introspect the tokens made for it.
pub const RESOURCE_SERVER_ID: &str = "c11e0000-5eed-4000-8000-000000000002";
/// The secret of [`RESOURCE_SERVER_ID`].
pub const RESOURCE_SERVER_SECRET: &str = "cmVzb3VyY2Utc2VydmVyLWZpY3Rpb24=";
/// A public client for programs that people run; the id of the tutorials.
pub const NATIVE_CLIENT_ID: &str = "61338d24-54d5-408f-a10d-66c06b59f6d2";
/// An application on a web server, where people log in: any port of `http://localhost` may be its own.
pub const WEB_CLIENT_ID: &str = "c11e0000-5eed-4000-8000-000000000003";
/// The secret of [`WEB_CLIENT_ID`].
pub const WEB_CLIENT_SECRET: &str = "d2ViLWFwcGxpY2F0aW9uLWZpY3Rpb24=";
/// An application in a browser, public: any port of `http://localhost` may be its own.
pub const BROWSER_CLIENT_ID: &str = "c11e0000-5eed-4000-8000-000000000004";

/// A project that Alice administers, to which [`RESOURCE_SERVER_ID`] and [`WEB_CLIENT_ID`] belong.
pub const PROJECT: &str = "980ec700-5eed-4000-8000-000000000001";
/// A policy of [`PROJECT`]: an identity of `example.org` that signed in within half an hour.
pub const POLICY: &str = "9011c100-5eed-4000-8000-000000000001";

/// Alice, `researcher@example.org`.
pub const ALICE: &str = "a11ce000-5eed-4000-8000-000000000001";
/// Another identity of Alice, `researcher@globusid.org`.
pub const ALICE_LINKED: &str = "a11ce000-5eed-4000-8000-000000000002";
/// Bob, `collaborator@example.org`.
pub const BOB: &str = "b0b00000-5eed-4000-8000-000000000001";
/// The administrator, `admin@example.org`.
pub const ADMIN: &str = "ad314000-5eed-4000-8000-000000000001";

/// A private group that Alice administers, with an invited and a pending member and a subgroup.
pub const GROUP_RESEARCH: &str = "6400d000-5eed-4000-8000-000000000001";
/// A subgroup of [`GROUP_RESEARCH`].
pub const GROUP_SUBGROUP: &str = "6400d000-5eed-4000-8000-000000000002";
/// A high assurance group with a subscription.
pub const GROUP_HIGH_ASSURANCE: &str = "6400d000-5eed-4000-8000-000000000003";
/// A group that every user sees and may join.
pub const GROUP_OPEN: &str = "6400d000-5eed-4000-8000-000000000004";
/// The subscription of [`GROUP_HIGH_ASSURANCE`].
pub const SUBSCRIPTION: &str = "5ab5c000-5eed-4000-8000-000000000001";

/// Globus Tutorial Collection 1.
pub const TUTORIAL_COLLECTION_1: &str = "6c54cade-bde5-45c1-bdea-f4bd71dba2cc";
/// Globus Tutorial Collection 2.
pub const TUTORIAL_COLLECTION_2: &str = "31ce9ba0-176d-45a5-add3-f37d233ba47d";
/// A mapped collection that [`CLIENT_ID`] owns.
pub const CLIENT_COLLECTION: &str = "e4d90000-5eed-4000-8000-000000000001";
/// A guest collection on [`CLIENT_COLLECTION`], shared with Alice.
pub const CLIENT_GUEST_COLLECTION: &str = "e4d90000-5eed-4000-8000-000000000002";
/// Alice's computer.
pub const ALICE_COLLECTION: &str = "e4d90000-5eed-4000-8000-000000000003";
/// Alice's computer at home, which is switched off.
pub const ALICE_OFFLINE_COLLECTION: &str = "e4d90000-5eed-4000-8000-000000000004";

/// A mapped collection with a subscription, on which [`EXAMPLE_GUEST_COLLECTION`] is.
pub const EXAMPLE_COLLECTION: &str = "a1c2f515-254a-48a1-a5de-3ea51d783638";
/// A guest collection that Alice administers and that [`GROUP_RESEARCH`] may read.
pub const EXAMPLE_GUEST_COLLECTION: &str = "e4d90000-5eed-4000-8000-000000000005";
/// A mapped collection of high assurance.
pub const HIGH_ASSURANCE_COLLECTION: &str = "e4d90000-5eed-4000-8000-000000000006";

/// The Globus Connect Server endpoint of [`EXAMPLE_COLLECTION`], which [`ADMIN`] administers.
pub const EXAMPLE_ENDPOINT: &str = "59544bb0-8aa3-4c73-9ce4-06d66887bc89";
/// The storage gateway of [`EXAMPLE_COLLECTION`].
pub const EXAMPLE_STORAGE_GATEWAY: &str = "1b949deb-d608-403c-a226-a533892789c6";

/// A place at which streams begin and end, at the endpoint of [`EXAMPLE_COLLECTION`].
pub const STREAM_ACCESS_POINT_1: &str = "57ea3000-5eed-4000-8000-000000000001";
/// Another one.
pub const STREAM_ACCESS_POINT_2: &str = "57ea3000-5eed-4000-8000-000000000002";

/// A flow of Alice's that everybody sees and may run.
pub const FLOW_HELLO: &str = "f1035000-5eed-4000-8000-000000000001";
/// A flow of Alice's with two transfers, seen by her group.
pub const FLOW_TWO_STEPS: &str = "f1035000-5eed-4000-8000-000000000002";
/// A flow of Bob's that nobody else sees.
pub const FLOW_BOBS: &str = "f1035000-5eed-4000-8000-000000000003";

/// What is wrong with a seed, and where: `groups[0].memberships`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{what}", Self::before(place))]
pub struct SeedError {
    place: String,
    what: String,
}

impl SeedError {
    fn before(place: &str) -> String {
        if place == "." {
            String::new()
        } else {
            format!("{place}: ")
        }
    }

    /// Where it is: names of members and positions in lists; `.` is the whole document.
    pub fn place(&self) -> &str {
        &self.place
    }
}

/// What an emulator holds when it starts, read from a JSON document.
#[derive(Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Seed {
    pub(crate) providers: Vec<Provider>,
    pub(crate) identities: Vec<Identity>,
    pub(crate) projects: Vec<Project>,
    pub(crate) policies: Vec<Policy>,
    pub(crate) clients: Vec<Client>,
    pub(crate) groups: Vec<Group>,
    pub(crate) endpoints: Vec<Endpoint>,
    pub(crate) stream_access_points: Vec<AccessPoint>,
    pub(crate) storage_gateways: Vec<Gateway>,
    pub(crate) flows: Vec<Flow>,
}

impl Seed {
    /// The document of [`standard`](Self::standard), to read or to start one's own from.
    pub const STANDARD: &str = include_str!("world.json");

    /// The seeded world that the constants of this module describe.
    pub fn standard() -> Self {
        // A test reads the document, so it does not fail here.
        Self::from_json(Self::STANDARD).unwrap_or_default()
    }

    /// A world with nobody in it.
    pub fn empty() -> Self {
        Self::default()
    }

    /// Lets a collection be a folder of this machine.
    pub(crate) fn set_folder(&mut self, collection: &str, folder: &Path) {
        let id = Uuid::parse_str(collection).ok();
        for endpoint in self.endpoints.iter_mut().filter(|row| Some(row.id) == id) {
            endpoint.path = Some(folder.to_owned());
        }
    }

    /// Reads a document of the same form as [`STANDARD`](Self::STANDARD), of which any list may be left out.
    ///
    /// # Errors
    ///
    /// When the text is not JSON, misses a field or has one that the emulator does not know. What the rows say of each
    /// other is looked at when the seed is used, since it may name what is in the world already.
    pub fn from_json(text: &str) -> Result<Self, SeedError> {
        let mut reader = serde_json::Deserializer::from_str(text);
        let read = serde_path_to_error::deserialize(&mut reader).map_err(|error| SeedError {
            place: error.path().to_string(),
            what: error.into_inner().to_string(),
        })?;
        reader.end().map_err(|error| SeedError {
            place: ".".to_owned(),
            what: error.to_string(),
        })?;
        Ok(read)
    }

    /// Adds what another seed has; of two rows with the same id the later counts.
    pub(crate) fn extend(&mut self, more: Self) {
        let Self {
            providers,
            identities,
            projects,
            policies,
            clients,
            groups,
            endpoints,
            stream_access_points,
            storage_gateways,
            flows,
        } = more;
        self.providers.extend(providers);
        self.identities.extend(identities);
        self.projects.extend(projects);
        self.policies.extend(policies);
        self.clients.extend(clients);
        self.groups.extend(groups);
        self.endpoints.extend(endpoints);
        self.stream_access_points.extend(stream_access_points);
        self.storage_gateways.extend(storage_gateways);
        self.flows.extend(flows);
    }
}

// The secrets of clients stay out.
impl fmt::Debug for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Seed")
            .field("identities", &self.identities.len())
            .field("clients", &self.clients.len())
            .field("groups", &self.groups.len())
            .field("endpoints", &self.endpoints.len())
            .field("flows", &self.flows.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_name_their_place() {
        for (text, wanted) in [
            ("{", "EOF while parsing an object at line 1 column 1"),
            ("{} x", "trailing characters at line 1 column 4"),
            (r#"{"peple": []}"#, "unknown field `peple`, expected one of"),
            (
                r#"{"groups": [{"id": "x", "name": "y"}]}"#,
                "groups[0].id: UUID parsing failed",
            ),
            (
                r#"{"identities": [{"id": "a11ce000-5eed-4000-8000-000000000001"}]}"#,
                "identities[0]: missing field `username`",
            ),
        ] {
            let error = Seed::from_json(text).expect_err(text).to_string();
            assert!(error.contains(wanted), "{text}: {error}");
        }
    }

    #[test]
    fn what_rows_say_of_each_other_is_checked() {
        assert_eq!(Seed::standard().check(None), Ok(()));
        let id = "00000000-0000-4000-8000-000000000001";
        for (text, wanted) in [
            (
                format!(r#"{{"groups": [{{"id": "{id}", "name": "x", "parent_id": "{ALICE}"}}]}}"#),
                format!("groups[0].parent_id: there is no group {ALICE}"),
            ),
            (
                format!(
                    r#"{{"groups": [{{"id": "{id}", "name": "x", "memberships":
                        {{"{ALICE}": {{"role": "admin", "status": "active"}}}}}}]}}"#
                ),
                format!("groups[0].memberships: there is no identity {ALICE}"),
            ),
            (
                format!(
                    r#"{{"flows": [{{"id": "{id}", "title": "x", "definition": {{}}, "flow_owner": "{id}",
                        "created_at": "", "updated_at": ""}}]}}"#
                ),
                "flows[0].definition: ".to_owned(),
            ),
            (
                format!(
                    r#"{{"identities": [{{"id": "{id}", "username": "x", "person": "{id}",
                        "identity_provider": "{ALICE}"}}]}}"#
                ),
                format!("identities[0].identity_provider: there is no provider {ALICE}"),
            ),
        ] {
            let seed = Seed::from_json(&text).expect(&text);
            let error = seed.check(None).expect_err(&text).to_string();
            assert!(error.starts_with(&wanted), "{error}");
        }
    }

    #[test]
    fn the_standard_document_is_read_and_holds_what_the_constants_name() {
        let seed = Seed::from_json(Seed::STANDARD).expect("the standard world");
        assert!(!seed.endpoints.is_empty());
        for id in [
            CLIENT_ID,
            CLIENT_SECRET,
            RESOURCE_SERVER_ID,
            RESOURCE_SERVER_SECRET,
            NATIVE_CLIENT_ID,
            ALICE,
            ALICE_LINKED,
            BOB,
            ADMIN,
            GROUP_RESEARCH,
            GROUP_SUBGROUP,
            GROUP_HIGH_ASSURANCE,
            GROUP_OPEN,
            SUBSCRIPTION,
            TUTORIAL_COLLECTION_1,
            TUTORIAL_COLLECTION_2,
            CLIENT_COLLECTION,
            CLIENT_GUEST_COLLECTION,
            ALICE_COLLECTION,
            ALICE_OFFLINE_COLLECTION,
            EXAMPLE_COLLECTION,
            EXAMPLE_GUEST_COLLECTION,
            HIGH_ASSURANCE_COLLECTION,
            EXAMPLE_ENDPOINT,
            EXAMPLE_STORAGE_GATEWAY,
            STREAM_ACCESS_POINT_1,
            STREAM_ACCESS_POINT_2,
            WEB_CLIENT_ID,
            WEB_CLIENT_SECRET,
            BROWSER_CLIENT_ID,
            PROJECT,
            POLICY,
            FLOW_HELLO,
            FLOW_TWO_STEPS,
            FLOW_BOBS,
        ] {
            assert!(Seed::STANDARD.contains(&format!("\"{id}\"")), "{id}");
        }
    }
}
