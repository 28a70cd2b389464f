//! How the clients of this service are made: from an address.

use super::{GCSClient, GCSCollectionClient};
use crate::authorizers::Authorizer;
use crate::client::{ClientBuilder, Mode};
use crate::error::Result;

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
        let base_url = collection_url(collection_address.as_ref());
        Self::builder(collection_id)
            .base_url(base_url)
            .authorizer(authorizer)
            .build()
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

/// `host`, `host/api`, `https://host` and `https://host/api/` are the same server.
pub(crate) fn base_url(address: &str) -> String {
    let address = address.strip_prefix("https://").unwrap_or(address);
    let address = address.trim_end_matches('/');
    let address = address.strip_suffix("/api").unwrap_or(address);
    format!("https://{address}/api/")
}

#[cfg(test)]
mod tests {
    use super::base_url;

    #[test]
    fn addresses_of_one_server() {
        for address in [
            "gcs.example.org",
            "gcs.example.org/api",
            "https://gcs.example.org",
            "https://gcs.example.org/api/",
        ] {
            assert_eq!(base_url(address), "https://gcs.example.org/api/");
        }
        assert_eq!(base_url("127.0.0.1:9443"), "https://127.0.0.1:9443/api/");
    }
}
