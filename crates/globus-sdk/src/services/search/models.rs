//! Documents of the Search API.

use globus_sdk_macros::model;
use serde_json::Value;

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
    /// The metadata.
    pub content: Option<Value>,
    /// Id of the entry within its subject.
    pub entry_id: Option<String>,
    /// Sets of principals through which the caller sees it.
    pub matched_principal_sets: Option<Vec<String>>,
}
