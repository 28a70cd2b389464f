//! Applications registered with Auth, and the secrets with which they prove themselves.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};
use uuid::Uuid;

/// The kinds of clients. Those whose name begins with `public` cannot keep a secret.
pub(crate) const TYPES: [&str; 7] = [
    "confidential_client",
    "public_installed_client",
    "public_webapp_client",
    "client_identity",
    "resource_server",
    "globus_connect_server",
    "hybrid_confidential_client_resource_server",
];

/// A secret of a client, with a name by which its owners know it.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Credential {
    #[serde(default)]
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) created: Timestamp,
    pub(crate) secret: String,
}

/// Pages of a client that its users may want to read.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Links {
    pub(crate) privacy_policy: Option<String>,
    pub(crate) terms_and_conditions: Option<String>,
}

/// An application registered with Auth.
#[allow(clippy::struct_field_names, reason = "the names on the wire")]
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Client {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    /// A public client has none. A seed may give a single one as a text, named `secret`.
    #[serde(default, alias = "secret", deserialize_with = "credentials")]
    pub(crate) credentials: Vec<Credential>,
    pub(crate) client_type: String,
    #[serde(default)]
    pub(crate) redirect_uris: Vec<String>,
    /// Last parts of the scopes with which this client starts, as their resource server.
    #[serde(default)]
    pub(crate) scope_suffixes: Vec<String>,
    /// The public client from which this one was made.
    #[serde(default)]
    pub(crate) template: Option<Uuid>,
    #[serde(default)]
    pub(crate) project: Option<Uuid>,
    /// The client that made this one.
    #[serde(default)]
    pub(crate) parent: Option<Uuid>,
    /// Whether everybody may look it up, not only those who manage it.
    #[serde(default)]
    pub(crate) is_visible: bool,
    #[serde(default)]
    pub(crate) links: Links,
    /// The provider of which its users must have an identity.
    #[serde(default)]
    pub(crate) required_idp: Option<Uuid>,
    /// The provider whose identities the login page shows first.
    #[serde(default)]
    pub(crate) preselect_idp: Option<Uuid>,
    #[serde(default)]
    pub(crate) fqdns: Vec<String>,
    #[serde(default)]
    pub(crate) prompt_for_named_grant: bool,
}

impl Client {
    pub(crate) fn is_public(&self) -> bool {
        self.client_type.starts_with("public_")
    }

    /// Whether it runs on the machines of the people who use it.
    pub(crate) fn is_installed(&self) -> bool {
        self.client_type == "public_installed_client" || self.template.is_some()
    }

    /// Whether it may prove itself so: by one of its secrets or, if it is public, by none.
    pub(crate) fn accepts(&self, secret: Option<&str>) -> bool {
        match secret {
            None => self.is_public(),
            Some(secret) => self.credentials.iter().any(|row| row.secret == secret),
        }
    }
}

/// Reads what a seed or a snapshot has for a client's secrets.
fn credentials<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Credential>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Form {
        One(String),
        All(Vec<Credential>),
    }
    Ok(match Option::<Form>::deserialize(from)? {
        None => Vec::new(),
        Some(Form::All(rows)) => rows,
        Some(Form::One(secret)) => vec![Credential {
            id: Uuid::nil(),
            name: "Made with the client".to_owned(),
            // When worlds begin.
            created: Timestamp::constant(1_767_225_600, 0),
            secret,
        }],
    })
}
