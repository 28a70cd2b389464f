//! How the clients of this service are made: from an address.

use super::{GCSClient, GCSCollectionClient};
use crate::authorizers::Authorizer;
use crate::client::{ClientBuilder, Mode};
use crate::error::Result;
use crate::scopes::{GCSCollectionScopes, GCSEndpointScopes, ScopeError};

impl<M: Mode> GCSClient<M> {
    /// A client of the server at `gcs_address`: a host name, or a URL with or without `/api`.
    ///
    /// # Errors
    /// An address that is no URL, or a bad `GLOBUS_SDK_*` variable. Nothing is sent.
    pub fn new(gcs_address: impl AsRef<str>, authorizer: impl Authorizer + 'static) -> Result<Self> {
        Self::at(gcs_address).authorizer(authorizer).build()
    }

    /// Settings of a new client of the server at `gcs_address`.
    pub fn at(gcs_address: impl AsRef<str>) -> ClientBuilder<Self> {
        Self::builder().base_url(base_url(gcs_address.as_ref()))
    }

    /// The scopes of an endpoint, by the client id of its manager, which is nearly always the endpoint's own id.
    ///
    /// # Errors
    /// [`ScopeError::InvalidName`] for text that cannot be part of a scope.
    pub fn get_gcs_endpoint_scopes(endpoint_id: impl ToString) -> Result<GCSEndpointScopes, ScopeError> {
        GCSEndpointScopes::new(endpoint_id)
    }

    /// The scopes of a collection, by its id.
    ///
    /// # Errors
    /// [`ScopeError::InvalidName`] for text that cannot be part of a scope.
    pub fn get_gcs_collection_scopes(collection_id: impl ToString) -> Result<GCSCollectionScopes, ScopeError> {
        GCSCollectionScopes::new(collection_id)
    }
}

impl<M: Mode> GCSCollectionClient<M> {
    /// A client of the collection at `collection_address`: a host name or an `https://` URL.
    ///
    /// # Errors
    /// An address that is no URL, or a bad `GLOBUS_SDK_*` variable. Nothing is sent.
    pub fn new(
        collection_id: impl ToString,
        collection_address: impl AsRef<str>,
        authorizer: impl Authorizer + 'static,
    ) -> Result<Self> {
        Self::at(collection_id, collection_address)
            .authorizer(authorizer)
            .build()
    }

    /// Settings of a new client of the collection at `collection_address`: a host name or an `https://` URL.
    pub fn at(collection_id: impl ToString, collection_address: impl AsRef<str>) -> ClientBuilder<Self> {
        Self::builder(collection_id).base_url(collection_url(collection_address.as_ref()))
    }

    /// Id of the collection, the resource server of its tokens.
    pub fn collection_id(&self) -> &str {
        self.core().var("collection_id").unwrap_or_default()
    }

    /// The scopes of the collection.
    ///
    /// # Errors
    /// [`ScopeError::InvalidName`] for a collection id that cannot be part of a scope.
    pub fn scopes(&self) -> Result<GCSCollectionScopes, ScopeError> {
        GCSCollectionScopes::new(self.collection_id())
    }
}

/// A collection is reached by its host name.
pub(crate) fn collection_url(address: &str) -> String {
    if address.starts_with("https://") || address.starts_with("http://") {
        address.to_owned()
    } else {
        format!("https://{address}/")
    }
}

/// `host`, `https://host` and `https://host/api/` are the same server; what has no scheme is a host, with a path below
/// which the server's own paths are.
pub(crate) fn base_url(address: &str) -> String {
    let Some((scheme @ ("https" | "http"), rest)) = address.split_once("://") else {
        return format!("https://{}/api/", address.trim_end_matches('/'));
    };
    let rest = rest.trim_end_matches('/');
    let host = rest.strip_suffix("/api").unwrap_or(rest);
    format!("{scheme}://{host}/api/")
}

#[cfg(test)]
mod tests {
    use super::base_url;

    #[test]
    fn addresses_of_one_server() {
        for address in [
            "gcs.example.org",
            "gcs.example.org/",
            "https://gcs.example.org",
            "https://gcs.example.org/api",
            "https://gcs.example.org/api/",
        ] {
            assert_eq!(base_url(address), "https://gcs.example.org/api/");
        }
        assert_eq!(base_url("127.0.0.1:9443"), "https://127.0.0.1:9443/api/");
        assert_eq!(base_url("http://127.0.0.1:9443"), "http://127.0.0.1:9443/api/");
        assert_eq!(
            base_url("https://gcs.example.org/below"),
            "https://gcs.example.org/below/api/"
        );
    }
}
