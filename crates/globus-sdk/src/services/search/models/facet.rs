//! Facets: what is counted or summed up over all results.

use globus_sdk_macros::model;
use serde_json::Value;

use super::GFilter;

/// Something to count or to sum up over all results of a query, made by one of its functions.
///
/// Source: <https://docs.globus.org/api/search/reference/post_query/#gfacet>.
#[model]
pub struct GFacet {
    /// Name under which its result comes; the field's when absent. Needed where two facets look at one field.
    pub name: Option<String>,
    /// What kind of facet it is.
    #[wire("type")]
    pub facet_type: Option<GFacetType>,
    /// The field it looks at.
    pub field_name: Option<String>,
    /// How many buckets there are at the most; 10 for `terms` when absent.
    pub size: Option<u32>,
    /// Width of the buckets of `date_histogram`.
    pub date_interval: Option<DateInterval>,
    /// What the buckets of a histogram span.
    pub histogram_range: Option<HistogramRange>,
    /// What `sum` and `avg` take where the field is missing.
    pub missing: Option<f64>,
    /// Conditions for this facet alone.
    pub additional_filters: Option<Vec<GFilter>>,
}

/// Kinds of facets.
#[model]
pub enum GFacetType {
    /// Counts of the most frequent values.
    Terms,
    /// The sum.
    Sum,
    /// The mean.
    Avg,
    /// About how many different values there are.
    DistinctCount,
    /// Counts by spans of time.
    DateHistogram,
    /// Counts by ranges of numbers.
    NumericHistogram,
}

impl GFacet {
    /// Counts the most frequent values of a field.
    pub fn terms(field_name: impl Into<String>) -> Self {
        Self::of(GFacetType::Terms, field_name)
    }

    /// Adds a field up.
    pub fn sum(field_name: impl Into<String>) -> Self {
        Self::of(GFacetType::Sum, field_name)
    }

    /// Takes the mean of a field.
    pub fn avg(field_name: impl Into<String>) -> Self {
        Self::of(GFacetType::Avg, field_name)
    }

    /// Estimates how many different values a field has.
    pub fn distinct_count(field_name: impl Into<String>) -> Self {
        Self::of(GFacetType::DistinctCount, field_name)
    }

    /// Counts by spans of time.
    pub fn date_histogram(field_name: impl Into<String>, date_interval: DateInterval) -> Self {
        Self {
            date_interval: Some(date_interval),
            ..Self::of(GFacetType::DateHistogram, field_name)
        }
    }

    /// Counts by `size` ranges of the same width between two numbers.
    pub fn numeric_histogram(
        field_name: impl Into<String>,
        size: u32,
        low: impl Into<Value>,
        high: impl Into<Value>,
    ) -> Self {
        Self {
            size: Some(size),
            ..Self::of(GFacetType::NumericHistogram, field_name).with_range(low, high)
        }
    }

    /// Names the facet.
    #[must_use]
    pub fn with_name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Says how many buckets there are at the most.
    #[must_use]
    pub const fn with_size(mut self, size: u32) -> Self {
        self.size = Some(size);
        self
    }

    /// Says what the buckets of a histogram span: numbers, or dates.
    #[must_use]
    pub fn with_range(mut self, low: impl Into<Value>, high: impl Into<Value>) -> Self {
        self.histogram_range = Some(HistogramRange {
            low: Some(low.into()),
            high: Some(high.into()),
            ..HistogramRange::default()
        });
        self
    }

    fn of(facet_type: GFacetType, field_name: impl Into<String>) -> Self {
        Self {
            facet_type: Some(facet_type),
            field_name: Some(field_name.into()),
            ..Self::default()
        }
    }
}

/// Spans of time.
#[model]
pub enum DateInterval {
    /// Years.
    Year,
    /// Quarters of a year.
    Quarter,
    /// Months.
    Month,
    /// Weeks.
    Week,
    /// Days.
    Day,
    /// Hours.
    Hour,
    /// Minutes.
    Minute,
    /// Seconds.
    Second,
}

/// What the buckets of a histogram span.
#[model]
pub struct HistogramRange {
    /// Where they begin: a number, or a date as text.
    pub low: Option<Value>,
    /// Where they end, of the same kind.
    pub high: Option<Value>,
}

/// Result of a facet: `facet_results` of a page of results.
///
/// Source: <https://docs.globus.org/api/search/reference/get_query/#gfacetresult>.
#[model]
pub struct GFacetResult {
    /// Name of the facet.
    pub name: Option<String>,
    /// Sum or mean.
    pub value: Option<f64>,
    /// Estimate of `distinct_count`.
    pub approximate_value: Option<f64>,
    /// Counts.
    pub buckets: Option<Vec<GBucket>>,
}

/// How often a value occurs.
#[model]
pub struct GBucket {
    /// The value of the user's own field: text, a number, or a range `{"from": .., "to": ..}`.
    pub value: Option<Value>,
    /// How often it occurs.
    pub count: Option<u64>,
}
