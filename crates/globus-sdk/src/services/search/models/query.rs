//! Query documents.

use globus_sdk_macros::model;

use super::{GFacet, GFilter};
use crate::error::{Error, Result};

macro_rules! setters {
    ($($(#[$doc:meta])* $field:ident ($value:ident: $type:ty) = $made:expr;)*) => {$(
        $(#[$doc])*
        #[must_use]
        pub fn $field(mut self, $value: $type) -> Self {
            self.$field = Some($made);
            self
        }
    )*};
}

/// A query with filters, facets, boosts and order. Without text it needs filters.
///
/// ```
/// use globus_sdk::services::search::{DateInterval, GFacet, GFilter, GSort, SearchQueryV1, SortOrder};
///
/// let query = SearchQueryV1::new()
///     .q("difference engine")
///     .filters([GFilter::match_any("type", ["letter"])])
///     .facets([GFacet::date_histogram("written", DateInterval::Year)])
///     .sort([GSort::new("written", SortOrder::Asc)]);
/// ```
///
/// Source: <https://docs.globus.org/api/search/reference/post_query/#gsearchrequest>.
#[model]
pub struct SearchQueryV1 {
    /// Version of the form: `query#1.0.0` for a query that is made here.
    #[wire("@version")]
    pub version: QueryVersion,
    /// What to look for, at most 256 characters.
    pub q: Option<String>,
    /// Results on a page, at most 10000; 10 when absent.
    pub limit: Option<u32>,
    /// Results to pass over; together with `limit` at most 10000.
    pub offset: Option<u32>,
    /// Whether `q` is in the advanced syntax, in which mistakes are errors.
    pub advanced: Option<bool>,
    /// Conditions that results must fulfil.
    pub filters: Option<Vec<GFilter>>,
    /// What to count or to sum up over all results.
    pub facets: Option<Vec<GFacet>>,
    /// Conditions that results must fulfil, but not what facets look at.
    pub post_facet_filters: Option<Vec<GFilter>>,
    /// Fields that weigh more.
    pub boosts: Option<Vec<GBoost>>,
    /// Order of the results; by how well they match when absent.
    pub sort: Option<Vec<GSort>>,
    /// How `q` is read.
    pub q_settings: Option<QSettings>,
    /// Parts of entries that come; `content` when absent.
    pub fields: Option<Vec<ResultField>>,
    /// Sets of principals in one of which the caller must be.
    pub filter_principal_sets: Option<Vec<String>>,
    /// Whether entries come that the caller does not see; for owners and administrators of the index.
    pub bypass_visible_to: Option<bool>,
}

impl SearchQueryV1 {
    /// An empty query.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets what to look for.
    #[must_use]
    pub fn q(mut self, q: impl Into<String>) -> Self {
        self.q = Some(q.into());
        self
    }

    /// Sets how many results a page has, at most 10000.
    #[must_use]
    pub const fn limit(mut self, limit: u32) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Sets how many results are passed over.
    #[must_use]
    pub const fn offset(mut self, offset: u32) -> Self {
        self.offset = Some(offset);
        self
    }

    /// Sets whether `q` is in the advanced syntax.
    #[must_use]
    pub const fn advanced(mut self, advanced: bool) -> Self {
        self.advanced = Some(advanced);
        self
    }

    /// Sets the conditions that results must fulfil.
    #[must_use]
    pub fn filters(mut self, filters: impl IntoIterator<Item = GFilter>) -> Self {
        self.filters = Some(filters.into_iter().collect());
        self
    }

    /// Sets what to count or to sum up over all results.
    #[must_use]
    pub fn facets(mut self, facets: impl IntoIterator<Item = GFacet>) -> Self {
        self.facets = Some(facets.into_iter().collect());
        self
    }

    /// Sets the conditions that results must fulfil, but not what facets look at.
    #[must_use]
    pub fn post_facet_filters(mut self, filters: impl IntoIterator<Item = GFilter>) -> Self {
        self.post_facet_filters = Some(filters.into_iter().collect());
        self
    }

    /// Sets which fields weigh more.
    #[must_use]
    pub fn boosts(mut self, boosts: impl IntoIterator<Item = GBoost>) -> Self {
        self.boosts = Some(boosts.into_iter().collect());
        self
    }

    /// Sets the order of the results, by the first field first.
    #[must_use]
    pub fn sort(mut self, sort: impl IntoIterator<Item = GSort>) -> Self {
        self.sort = Some(sort.into_iter().collect());
        self
    }

    setters! {
        /// Sets how `q` is read.
        q_settings (settings: QSettings) = settings;
        /// Sets which parts of entries come.
        fields (parts: impl IntoIterator<Item = ResultField>) = parts.into_iter().collect();
        /// Sets the sets of principals in one of which the caller must be.
        filter_principal_sets (sets: impl IntoIterator<Item: Into<String>>)
            = sets.into_iter().map(Into::into).collect();
        /// Sets whether entries come that the caller does not see.
        bypass_visible_to (bypass: bool) = bypass;
    }
}

/// The newest form of a query, under a name that stays when there is a newer one.
pub type SearchQuery = SearchQueryV1;

/// A query that reads a whole result set. Source: <https://docs.globus.org/api/search/reference/scroll_query/>.
#[model]
pub struct SearchScrollQuery {
    /// Version of the form; `scroll#1.0.0` is the newest, without one the service reads its first form.
    #[wire("@version")]
    pub version: Option<QueryVersion>,
    /// What to look for, at most 256 characters; `*` is everything.
    pub q: Option<String>,
    /// Results on a page, at most 10000; 10 when absent.
    pub limit: Option<u32>,
    /// Whether `q` is in the advanced syntax, in which mistakes are errors.
    pub advanced: Option<bool>,
    /// Where to resume, from the page before.
    pub marker: Option<String>,
    /// Conditions that results must fulfil.
    pub filters: Option<Vec<GFilter>>,
    /// How `q` is read; needs the newest version.
    pub q_settings: Option<QSettings>,
    /// Parts of entries that come, `content` when absent; needs the newest version.
    pub fields: Option<Vec<ResultField>>,
    /// Sets of principals in one of which the caller must be.
    pub filter_principal_sets: Option<Vec<String>>,
    /// Whether entries come that the caller does not see; for owners and administrators of the index.
    pub bypass_visible_to: Option<bool>,
}

impl SearchScrollQuery {
    /// A query for a text; `*` is everything.
    pub fn new(q: impl Into<String>) -> Self {
        Self {
            q: Some(q.into()),
            ..Self::default()
        }
    }

    /// Sets how many results a page has, at most 10000.
    #[must_use]
    pub const fn limit(mut self, limit: u32) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Sets whether `q` is in the advanced syntax.
    #[must_use]
    pub const fn advanced(mut self, advanced: bool) -> Self {
        self.advanced = Some(advanced);
        self
    }

    /// Sets the conditions that results must fulfil.
    #[must_use]
    pub fn filters(mut self, filters: impl IntoIterator<Item = GFilter>) -> Self {
        self.filters = Some(filters.into_iter().collect());
        self
    }

    setters! {
        /// Sets where to resume, from the page before.
        marker (marker: impl Into<String>) = marker.into();
        /// Sets how `q` is read.
        q_settings (settings: QSettings) = settings;
        /// Sets which parts of entries come.
        fields (parts: impl IntoIterator<Item = ResultField>) = parts.into_iter().collect();
        /// Sets the sets of principals in one of which the caller must be.
        filter_principal_sets (sets: impl IntoIterator<Item: Into<String>>)
            = sets.into_iter().map(Into::into).collect();
        /// Sets whether entries come that the caller does not see.
        bypass_visible_to (bypass: bool) = bypass;
    }
}

/// A query whose subjects are deleted. Source: <https://docs.globus.org/api/search/reference/delete_by_query/>.
#[model]
pub struct DeleteByQueryV1 {
    /// Version of the form: `delete_by_query#1.0.0`; without one the service reads the first form of queries.
    #[wire("@version")]
    pub version: Option<QueryVersion>,
    /// What to look for, at most 256 characters.
    pub q: Option<String>,
    /// Whether `q` is in the advanced syntax, in which mistakes are errors.
    pub advanced: Option<bool>,
    /// Conditions that the subjects must fulfil.
    pub filters: Option<Vec<GFilter>>,
    /// How `q` is read.
    pub q_settings: Option<QSettings>,
    /// Whether entries count that the caller does not see; for owners and administrators of the index.
    pub bypass_visible_to: Option<bool>,
}

impl DeleteByQueryV1 {
    /// Deletes what a text finds.
    pub fn matching(q: impl Into<String>) -> Self {
        Self {
            q: Some(q.into()),
            ..Self::versioned()
        }
    }

    /// Deletes what fulfils all conditions.
    pub fn filtered(filters: impl IntoIterator<Item = GFilter>) -> Self {
        Self {
            filters: Some(filters.into_iter().collect()),
            ..Self::versioned()
        }
    }

    fn versioned() -> Self {
        Self {
            version: Some(QueryVersion::DeleteByQueryV1),
            ..Self::default()
        }
    }
}

/// Versions of query documents.
#[model]
#[derive(Default)]
pub enum QueryVersion {
    /// The first form.
    #[wire("2017-09-01")]
    V2017,
    /// Of [`SearchQueryV1`].
    #[wire("query#1.0.0")]
    #[default]
    QueryV1,
    /// Of [`SearchScrollQuery`].
    #[wire("scroll#1.0.0")]
    ScrollV1,
    /// Of [`DeleteByQueryV1`].
    #[wire("delete_by_query#1.0.0")]
    DeleteByQueryV1,
}

/// A field that weighs more than others.
#[model]
pub struct GBoost {
    /// The field.
    pub field_name: Option<String>,
    /// How many times as much it weighs.
    pub factor: Option<f64>,
}

impl GBoost {
    /// Makes a field weigh `factor` times as much.
    ///
    /// # Errors
    /// [`Error::Validation`] for a factor that is no number.
    pub fn new(field_name: impl Into<String>, factor: f64) -> Result<Self> {
        if !factor.is_finite() {
            return Err(Error::validation(
                "`factor` of a boost",
                format!("is {factor}; give a finite number"),
            ));
        }
        Ok(Self {
            field_name: Some(field_name.into()),
            factor: Some(factor),
            ..Self::default()
        })
    }
}

/// A field by which results are ordered.
#[model]
pub struct GSort {
    /// The field.
    pub field_name: Option<String>,
    /// Which end comes first; the greatest when absent.
    pub order: Option<SortOrder>,
}

impl GSort {
    /// Orders by a field.
    pub fn new(field_name: impl Into<String>, order: SortOrder) -> Self {
        Self {
            field_name: Some(field_name.into()),
            order: Some(order),
            ..Self::default()
        }
    }
}

/// Which end comes first.
#[model]
pub enum SortOrder {
    /// The least.
    Asc,
    /// The greatest.
    Desc,
}

/// Parts of an entry.
#[model]
pub enum ResultField {
    /// The metadata.
    Content,
    /// Who sees it.
    VisibleTo,
    /// Its sets of principals.
    PrincipalSets,
}

/// How the text of a query is read.
#[model]
pub struct QSettings {
    /// Its syntax.
    pub mode: Option<QMode>,
    /// Whether all words must occur, or one of them.
    pub default_operator: Option<QOperator>,
    /// How many letters a word may differ in, for `text_match`; 1 when absent.
    pub fuzziness: Option<u32>,
}

/// How the words of a query are joined where it does not say so.
#[model]
pub enum QOperator {
    /// All must occur.
    And,
    /// One must occur.
    Or,
}

/// Syntaxes of the text of a query.
#[model]
pub enum QMode {
    /// Words and phrases.
    QueryString,
    /// With fields, ranges and operators, in which mistakes are errors.
    AdvancedQueryString,
    /// Words that may be misspelt.
    TextMatch,
}
