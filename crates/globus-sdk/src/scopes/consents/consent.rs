//! One consent.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::DateTime;
use serde::{Deserialize, Deserializer, de};
use serde_json::{Map, Value};

use super::ConsentError;

/// A person's consent that a client may use a scope, on the way that begins with another consent or by itself.
///
/// Source: <https://docs.globus.org/api/auth/reference/> (`GET /v2/api/identities/{identity_id}/consents`).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Consent {
    /// Number of the consent.
    pub id: i64,
    /// Id of the client that may use the scope.
    pub client: String,
    /// Id of the scope.
    pub scope: String,
    /// Name of the scope, as in scope texts.
    pub scope_name: String,
    /// Id of the identity that has consented.
    pub effective_identity: String,
    /// Numbers of the consents from the first one on the way to this one, which comes last.
    pub dependency_path: Vec<i64>,
    /// When it was given.
    pub created: Option<Timestamp>,
    /// When it was last changed.
    pub updated: Option<Timestamp>,
    /// When it was last made use of.
    pub last_used: Option<Timestamp>,
    /// `approved`, for example.
    pub status: String,
    /// Whether it holds for refresh tokens too.
    pub allows_refresh: bool,
    /// Whether it was given without asking the person.
    pub auto_approved: bool,
    /// Whether it can be revoked by itself.
    pub atomically_revocable: bool,
}

impl Consent {
    /// The number of the consent on which this one depends; `None` if it stands by itself.
    pub fn parent(&self) -> Option<i64> {
        self.dependency_path.iter().rev().nth(1).copied()
    }

    /// Reads a consent as Globus Auth writes it.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn from_json(value: &Value) -> Result<Self, String> {
        let members = Members(value.as_object().ok_or("it is not a JSON object")?);
        let path = members.get("dependency_path")?.as_array();
        let path = path.and_then(|path| path.iter().map(Value::as_i64).collect::<Option<Vec<_>>>());
        Ok(Self {
            client: members.text("client")?,
            scope: members.text("scope")?,
            scope_name: members.text("scope_name")?,
            id: members
                .get("id")?
                .as_i64()
                .ok_or_else(|| ConsentError::wrong("id", "an integer"))?,
            effective_identity: members.text("effective_identity")?,
            dependency_path: path.ok_or_else(|| ConsentError::wrong("dependency_path", "a list of integers"))?,
            created: members.time("created")?,
            updated: members.time("updated")?,
            last_used: members.time("last_used")?,
            status: members.text("status")?,
            allows_refresh: members.flag("allows_refresh")?,
            auto_approved: members.flag("auto_approved")?,
            atomically_revocable: members.flag("atomically_revocable")?,
        })
    }
}

struct Members<'a>(&'a Map<String, Value>);

impl Members<'_> {
    fn get(&self, name: &str) -> Result<&Value, String> {
        self.0.get(name).ok_or_else(|| ConsentError::missing(name))
    }

    fn text(&self, name: &str) -> Result<String, String> {
        let text = self.get(name)?.as_str();
        text.map(str::to_owned)
            .ok_or_else(|| ConsentError::wrong(name, "a text"))
    }

    fn flag(&self, name: &str) -> Result<bool, String> {
        self.get(name)?
            .as_bool()
            .ok_or_else(|| ConsentError::wrong(name, "true or false"))
    }

    /// A time; one without an offset is in UTC. A consent that was never used may have none.
    fn time(&self, name: &str) -> Result<Option<Timestamp>, String> {
        let value = self.get(name)?;
        if value.is_null() {
            return Ok(None);
        }
        let time = value.as_str().and_then(|text| {
            let in_utc = || text.parse::<DateTime>().ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok();
            text.parse::<Timestamp>()
                .ok()
                .or_else(|| in_utc().map(|time| time.timestamp()))
        });
        time.map(Some).ok_or_else(|| ConsentError::wrong(name, "a time"))
    }
}

impl<'de> Deserialize<'de> for Consent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_json(&Value::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

impl fmt::Display for Consent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Consent [{}]: Client [{}] -> Scope [{}]",
            self.id, self.client, self.scope_name
        )
    }
}
