//! Documents of Search.

use globus_sdk::services::search::{SearchQueryV1, SearchScrollQuery};
use serde_json::Value;

use super::notation::Payload;
use super::{Entry, Refused, document};

pub(super) const ENTRIES: &[Entry] = &[("SearchQueryV1", query), ("SearchScrollQuery", scroll)];

fn query(payload: &Payload) -> Result<Value, Refused> {
    let given = payload.made_with(&[]);
    let mut query = SearchQueryV1 {
        q: given.take("q")?,
        limit: given.take("limit")?,
        offset: given.take("offset")?,
        advanced: given.take("advanced")?,
        filters: given.take("filters")?,
        facets: given.take("facets")?,
        post_facet_filters: given.take("post_facet_filters")?,
        boosts: given.take("boosts")?,
        sort: given.take("sort")?,
        ..SearchQueryV1::new()
    };
    given.add_fields(&mut query.extra);
    document(&query)
}

fn scroll(payload: &Payload) -> Result<Value, Refused> {
    let given = payload.made_with(&["q"]);
    let mut query = SearchScrollQuery {
        q: given.take("q")?,
        limit: given.take("limit")?,
        advanced: given.take("advanced")?,
        marker: given.take("marker")?,
        ..SearchScrollQuery::default()
    };
    given.add_fields(&mut query.extra);
    document(&query)
}
