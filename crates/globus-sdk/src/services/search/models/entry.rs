//! Entries: what is written to an index, and what queries find.

use std::collections::BTreeMap;

use globus_sdk_macros::model;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::error::{Error, Result};

/// Entries to write. Source: <https://docs.globus.org/api/search/reference/ingest/#gingest>.
#[model]
pub struct GIngest {
    /// Whether `ingest_data` is one entry or a list.
    pub ingest_type: Option<IngestType>,
    /// The entries.
    pub ingest_data: Option<IngestData>,
    /// Types of fields that the service cannot guess, by the path of the field.
    pub field_mapping: Option<BTreeMap<String, FieldType>>,
}

impl GIngest {
    /// One entry.
    pub fn entry(entry: GMetaEntry) -> Self {
        Self {
            ingest_type: Some(IngestType::GMetaEntry),
            ingest_data: Some(IngestData::Entry(Box::new(entry))),
            ..Self::default()
        }
    }

    /// Many entries.
    pub fn list(entries: impl IntoIterator<Item = GMetaEntry>) -> Self {
        let list = GMetaList {
            gmeta: Some(entries.into_iter().collect()),
            ..GMetaList::default()
        };
        Self {
            ingest_type: Some(IngestType::GMetaList),
            ingest_data: Some(IngestData::List(list)),
            ..Self::default()
        }
    }

    /// Says the type of a field; dots lead into objects, a dot of the name is written `\.`.
    #[must_use]
    pub fn with_field_type(mut self, field_name: impl Into<String>, field_type: FieldType) -> Self {
        let mapping = self.field_mapping.get_or_insert_default();
        mapping.insert(field_name.into(), field_type);
        self
    }
}

/// Kinds of `ingest_data`.
#[model(rename_all = "PascalCase")]
pub enum IngestType {
    /// One entry.
    GMetaEntry,
    /// A list of entries.
    GMetaList,
}

/// Types of fields that the service cannot guess.
#[model]
pub enum FieldType {
    /// A point: `{"lat": .., "lon": ..}`.
    GeoPoint,
    /// A `GeoJSON` shape.
    GeoShape,
}

/// The entries of a [`GIngest`].
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum IngestData {
    /// One.
    Entry(Box<GMetaEntry>),
    /// Many.
    List(GMetaList),
}

impl Serialize for IngestData {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Entry(entry) => entry.serialize(serializer),
            Self::List(list) => list.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for IngestData {
    /// What has `gmeta` is a list.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let list: GMetaList = serde_json::from_str(raw.get()).map_err(serde::de::Error::custom)?;
        if list.gmeta.is_some() {
            return Ok(Self::List(list));
        }
        let entry = serde_json::from_str(raw.get()).map_err(serde::de::Error::custom)?;
        Ok(Self::Entry(Box::new(entry)))
    }
}

/// Several entries.
#[model]
pub struct GMetaList {
    /// The entries.
    pub gmeta: Option<Vec<GMetaEntry>>,
}

/// One entry to write. Source: <https://docs.globus.org/api/search/reference/ingest/#gmetaentry>.
#[model]
pub struct GMetaEntry {
    /// What it is about, mostly a URL, at most 500 bytes.
    pub subject: Option<String>,
    /// Id within the subject, which has at most 10 entries, of which one may be without an id.
    pub id: Option<String>,
    /// The metadata: an object of the user's own making.
    pub content: Option<Value>,
    /// Who sees it: `public`, `all_authenticated_users`, or URNs of identities and groups.
    pub visible_to: Option<Vec<String>>,
    /// Named sets of URNs by which queries can be narrowed.
    pub principal_sets: Option<BTreeMap<String, Vec<String>>>,
}

impl GMetaEntry {
    /// An entry about `subject`, whose content serializes to an object.
    ///
    /// # Errors
    /// [`Error::Validation`] when the content does not serialize, or to anything but an object.
    pub fn new(
        subject: impl Into<String>,
        visible_to: impl IntoIterator<Item = impl Into<String>>,
        content: impl Serialize,
    ) -> Result<Self> {
        let refused = |why: String| Error::validation("`content` of an entry", why);
        let content =
            serde_json::to_value(content).map_err(|error| refused(format!("is not serializable: {error}")))?;
        if !content.is_object() {
            return Err(refused("is no JSON object; put the value under a name".to_owned()));
        }
        Ok(Self {
            subject: Some(subject.into()),
            content: Some(content),
            visible_to: Some(visible_to.into_iter().map(Into::into).collect()),
            ..Self::default()
        })
    }

    /// Gives it an id within its subject.
    #[must_use]
    pub fn with_id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }
}

/// What an index holds about one subject. Source:
/// <https://docs.globus.org/api/search/reference/get_query/#gmetaresult>.
#[model]
pub struct GMetaResult {
    /// What the entries are about, mostly a URL.
    pub subject: Option<String>,
    /// The entries that the caller may see.
    pub entries: Option<Vec<GMetaResultEntry>>,
}

/// One entry of a subject.
#[model]
pub struct GMetaResultEntry {
    /// The metadata: an object of the user's own making.
    pub content: Option<Value>,
    /// Id of the entry within its subject.
    pub entry_id: Option<String>,
    /// Sets of principals through which the caller sees it.
    pub matched_principal_sets: Option<Vec<String>>,
    /// Who sees it; only where the query asks for this field.
    pub visible_to: Option<Vec<String>>,
    /// Names of its sets of principals; only where the query asks for this field.
    pub principal_sets: Option<Vec<String>>,
}
