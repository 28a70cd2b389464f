//! Bookmarks: places on collections that somebody saved.

use globus_sdk_macros::model;

use super::jsonapi::{CollectionRelationship, JsonApiMeta};
use crate::models::{BookmarkId, EndpointId};

/// A saved place. Source: <https://docs.globus.org/api/transfer/collection_bookmarks/>.
#[model]
pub struct Bookmark {
    /// `bookmark`.
    #[wire("DATA_TYPE")]
    pub data_type: Option<String>,
    /// Id of the bookmark.
    pub id: Option<BookmarkId>,
    /// Name by which its owner knows it, unique among the owner's bookmarks.
    pub name: Option<String>,
    /// The collection.
    pub endpoint_id: Option<EndpointId>,
    /// The folder on it.
    pub path: Option<String>,
    /// Whether it stands above the others.
    pub pinned: Option<bool>,
}

impl Bookmark {
    /// A bookmark to save.
    pub fn new(name: impl Into<String>, endpoint_id: impl Into<EndpointId>, path: impl Into<String>) -> Self {
        Self {
            data_type: Some("bookmark".to_owned()),
            name: Some(name.into()),
            endpoint_id: Some(endpoint_id.into()),
            path: Some(path.into()),
            ..Self::default()
        }
    }
}

/// A bookmark of the JSON:API part in its envelope. A deleted one leaves the envelope empty.
#[model]
pub struct BookmarkEnvelope {
    /// The bookmark.
    pub data: Option<BookmarkResource>,
    /// About the answer.
    pub meta: Option<JsonApiMeta>,
}

/// A saved place, as a JSON:API resource.
#[model]
pub struct BookmarkResource {
    /// `Bookmark`.
    #[wire("type")]
    pub resource_type: Option<String>,
    /// Id of the bookmark.
    pub id: Option<BookmarkId>,
    /// Its name and path.
    pub attributes: Option<BookmarkAttributes>,
    /// What it is about.
    pub relationships: Option<BookmarkRelationships>,
}

/// Name and path of a bookmark.
#[model]
pub struct BookmarkAttributes {
    /// Name by which its owner knows it.
    pub name: Option<String>,
    /// The folder on the collection.
    pub path: Option<String>,
}

/// What a bookmark is about.
#[model]
pub struct BookmarkRelationships {
    /// The collection.
    pub collection: Option<CollectionRelationship>,
}

/// A bookmark to save.
#[model]
pub struct BookmarkCreateDocument {
    /// The bookmark, without an id.
    pub data: BookmarkResource,
}

impl BookmarkCreateDocument {
    /// A bookmark of a folder on a collection.
    pub fn new(collection: impl Into<EndpointId>, name: impl Into<String>, path: impl Into<String>) -> Self {
        let mut document = Self {
            data: named(name.into(), path.into()),
            ..Self::default()
        };
        document.data.relationships = Some(BookmarkRelationships {
            collection: Some(CollectionRelationship::to(collection)),
            ..BookmarkRelationships::default()
        });
        document
    }
}

/// What a bookmark shall be from now on.
#[model]
pub struct BookmarkUpdateDocument {
    /// The attributes.
    pub data: BookmarkResource,
}

impl BookmarkUpdateDocument {
    /// Both name and path: the service wants them together.
    pub fn new(name: impl Into<String>, path: impl Into<String>) -> Self {
        Self {
            data: named(name.into(), path.into()),
            ..Self::default()
        }
    }
}

fn named(name: String, path: String) -> BookmarkResource {
    BookmarkResource {
        resource_type: Some("Bookmark".to_owned()),
        attributes: Some(BookmarkAttributes {
            name: Some(name),
            path: Some(path),
            ..BookmarkAttributes::default()
        }),
        ..BookmarkResource::default()
    }
}
