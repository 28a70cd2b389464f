//! Filters: conditions that results must fulfil.

use globus_sdk_macros::model;
use serde_json::{Map, Value};

use crate::error::{Error, Result};

/// A condition on results, made by one of its functions.
///
/// Fields are named by their path: dots lead into objects, a dot of the name is written `\.`.
///
/// ```
/// use globus_sdk::services::search::{GFilter, RangeFilterValue};
///
/// let wanted = GFilter::and([
///     GFilter::match_any("author", ["Ada Lovelace", "Mary Somerville"]),
///     GFilter::range("year", [RangeFilterValue::from(1830).to(1850)]),
///     GFilter::not(GFilter::exists("withdrawn")),
/// ]);
/// ```
///
/// Source: <https://docs.globus.org/api/search/reference/post_query/#gfilter>.
#[model]
pub struct GFilter {
    /// What kind of condition it is.
    #[wire("type")]
    pub filter_type: Option<GFilterType>,
    /// The field it looks at.
    pub field_name: Option<String>,
    /// Values of the user's own field, or ranges of them.
    pub values: Option<Vec<Value>>,
    /// Pattern of `like`.
    pub value: Option<String>,
    /// North-western corner of `geo_bounding_box`.
    pub top_left: Option<Coordinate>,
    /// South-eastern corner of `geo_bounding_box`.
    pub bottom_right: Option<Coordinate>,
    /// Area of `geo_shape`.
    pub shape: Option<GeoPolygon>,
    /// How the field and the area of `geo_shape` must lie.
    pub relation: Option<GeoRelation>,
    /// The condition that `not` turns round.
    pub filter: Option<Box<GFilter>>,
    /// The conditions that `and` and `or` join.
    pub filters: Option<Vec<GFilter>>,
}

/// Kinds of conditions.
#[model]
pub enum GFilterType {
    /// All values occur.
    MatchAll,
    /// One of the values occurs.
    MatchAny,
    /// The field lies in one of the ranges.
    Range,
    /// The field is there.
    Exists,
    /// The text fits a pattern.
    Like,
    /// The point lies in a rectangle.
    GeoBoundingBox,
    /// The shape meets an area.
    GeoShape,
    /// The condition does not hold.
    Not,
    /// All conditions hold.
    And,
    /// One of the conditions holds.
    Or,
}

impl GFilter {
    /// Holds where the field has all of these values.
    pub fn match_all(field_name: impl Into<String>, values: impl IntoIterator<Item = impl Into<Value>>) -> Self {
        Self::values(GFilterType::MatchAll, field_name, values)
    }

    /// Holds where the field has one of these values.
    pub fn match_any(field_name: impl Into<String>, values: impl IntoIterator<Item = impl Into<Value>>) -> Self {
        Self::values(GFilterType::MatchAny, field_name, values)
    }

    /// Holds where the field lies in one of these ranges.
    pub fn range(field_name: impl Into<String>, ranges: impl IntoIterator<Item = RangeFilterValue>) -> Self {
        Self::values(GFilterType::Range, field_name, ranges)
    }

    /// Holds where the field is there.
    pub fn exists(field_name: impl Into<String>) -> Self {
        Self::on(GFilterType::Exists, field_name)
    }

    /// Holds where the text of the field fits a pattern, in which `*` stands for any text and `?` for one character.
    pub fn like(field_name: impl Into<String>, pattern: impl Into<String>) -> Self {
        Self {
            value: Some(pattern.into()),
            ..Self::on(GFilterType::Like, field_name)
        }
    }

    /// Holds where the point lies in the rectangle.
    pub fn geo_bounding_box(field_name: impl Into<String>, top_left: Coordinate, bottom_right: Coordinate) -> Self {
        Self {
            top_left: Some(top_left),
            bottom_right: Some(bottom_right),
            ..Self::on(GFilterType::GeoBoundingBox, field_name)
        }
    }

    /// Holds where the shape meets the area, or lies within it.
    pub fn geo_shape(field_name: impl Into<String>, shape: GeoPolygon, relation: GeoRelation) -> Self {
        Self {
            shape: Some(shape),
            relation: Some(relation),
            ..Self::on(GFilterType::GeoShape, field_name)
        }
    }

    /// Holds where the condition does not.
    #[allow(clippy::should_implement_trait)]
    pub fn not(filter: Self) -> Self {
        Self {
            filter: Some(Box::new(filter)),
            ..Self::of(GFilterType::Not)
        }
    }

    /// Holds where all conditions do.
    pub fn and(filters: impl IntoIterator<Item = Self>) -> Self {
        Self {
            filters: Some(filters.into_iter().collect()),
            ..Self::of(GFilterType::And)
        }
    }

    /// Holds where one of the conditions does.
    pub fn or(filters: impl IntoIterator<Item = Self>) -> Self {
        Self {
            filters: Some(filters.into_iter().collect()),
            ..Self::of(GFilterType::Or)
        }
    }

    fn of(filter_type: GFilterType) -> Self {
        Self {
            filter_type: Some(filter_type),
            ..Self::default()
        }
    }

    fn on(filter_type: GFilterType, field_name: impl Into<String>) -> Self {
        Self {
            field_name: Some(field_name.into()),
            ..Self::of(filter_type)
        }
    }

    fn values(
        filter_type: GFilterType,
        field_name: impl Into<String>,
        values: impl IntoIterator<Item = impl Into<Value>>,
    ) -> Self {
        Self {
            values: Some(values.into_iter().map(Into::into).collect()),
            ..Self::on(filter_type, field_name)
        }
    }
}

/// A range of numbers or dates, open on the sides where nothing is said.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RangeFilterValue(Map<String, Value>);

impl RangeFilterValue {
    /// From this value on, itself included; `"*"` is any.
    pub fn from(value: impl Into<Value>) -> Self {
        Self::default().bound("from", value)
    }

    /// Up to this value, itself included; `"*"` is any.
    #[must_use]
    pub fn to(self, value: impl Into<Value>) -> Self {
        self.bound("to", value)
    }

    /// Greater than this value.
    #[must_use]
    pub fn gt(self, value: impl Into<Value>) -> Self {
        self.bound("gt", value)
    }

    /// Greater than this value, or the same.
    #[must_use]
    pub fn gte(self, value: impl Into<Value>) -> Self {
        self.bound("gte", value)
    }

    /// Less than this value.
    #[must_use]
    pub fn lt(self, value: impl Into<Value>) -> Self {
        self.bound("lt", value)
    }

    /// Less than this value, or the same.
    #[must_use]
    pub fn lte(self, value: impl Into<Value>) -> Self {
        self.bound("lte", value)
    }

    fn bound(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.insert(name.to_owned(), value.into());
        self
    }
}

impl From<RangeFilterValue> for Value {
    fn from(range: RangeFilterValue) -> Self {
        Self::Object(range.0)
    }
}

/// A place on earth.
#[model]
pub struct Coordinate {
    /// Latitude in degrees, from -90 to 90.
    pub lat: f64,
    /// Longitude in degrees, from -180 to 180.
    pub lon: f64,
}

impl Coordinate {
    /// The place with that latitude and longitude, in degrees.
    ///
    /// # Errors
    /// [`Error::Validation`] for degrees that there are not.
    pub fn new(lat: f64, lon: f64) -> Result<Self> {
        for (name, degrees, most) in [("lat", lat, 90.0), ("lon", lon, 180.0)] {
            if !(-most..=most).contains(&degrees) {
                return Err(Error::validation(
                    format!("`{name}` of a coordinate"),
                    format!("is {degrees}; degrees go from -{most} to {most}"),
                ));
            }
        }
        Ok(Self {
            lat,
            lon,
            ..Self::default()
        })
    }
}

/// An area as a `GeoJSON` polygon (RFC 7946, section 3.1.6).
#[model]
pub struct GeoPolygon {
    /// `Polygon`.
    #[wire("type")]
    pub shape_type: Option<String>,
    /// Its rings, the outer one first: positions as longitude and latitude, of which the last is the first again.
    pub coordinates: Option<Vec<Vec<Vec<f64>>>>,
}

impl GeoPolygon {
    /// The area within one ring of places, which is closed if it is not.
    ///
    /// # Errors
    /// [`Error::Validation`] for fewer than three places.
    pub fn new(ring: impl IntoIterator<Item = Coordinate>) -> Result<Self> {
        let mut ring: Vec<Vec<f64>> = ring.into_iter().map(|place| vec![place.lon, place.lat]).collect();
        if ring.len() > 1 && ring.first() != ring.last() {
            ring.extend(ring.first().cloned());
        }
        if ring.len() < 4 {
            return Err(Error::validation("a polygon", "needs at least three places"));
        }
        Ok(Self {
            shape_type: Some("Polygon".to_owned()),
            coordinates: Some(vec![ring]),
            ..Self::default()
        })
    }
}

/// How a shape must lie to an area.
#[model]
pub enum GeoRelation {
    /// They have something in common.
    Intersects,
    /// It lies in the area as a whole.
    Within,
}
