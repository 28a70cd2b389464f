//! [`GCSDownloader`]: files over HTTPS by their address alone.

use std::borrow::Cow;
use std::sync::Arc;

use bytes::Bytes;
use http::StatusCode;
use http::header::LOCATION;
use tokio::sync::OnceCell;
use url::Url;

use super::GCSCollectionClient;
use crate::authorizers::NullAuthorizer;
use crate::client::{AppBinding, Async, ClientType as _, Core, Mode, Task};
use crate::error::{DecodeError, Error, Result};
use crate::scopes::GCSCollectionScopes;
use crate::services::base::BaseClient;
use crate::services::transfer::{EntityType, TransferClient};

/// Reads files of one collection by their address, and finds out by itself what the app needs for that: the collection
/// from where its server sends a browser to log in, and the scopes from the collection's kind.
///
/// What it found is kept. For another collection take another downloader: the address of a file elsewhere is refused, as
/// the token does not leave the collection's server.
///
/// ```no_run
/// use globus_sdk::UserApp;
/// use globus_sdk::services::gcs::GCSDownloader;
///
/// # async fn example() -> globus_sdk::Result<()> {
/// let app = UserApp::new("my-script", "61338d24-54d5-408f-a10d-66c06b59f6d2")?;
/// let downloader = GCSDownloader::new(&app)?;
/// let readme = downloader.read_text("https://m-d3a2c3.collection1.tutorials.globus.org/readme.txt").await?;
///
/// // What is too large for memory is read piece by piece.
/// let large = "https://m-d3a2c3.collection1.tutorials.globus.org/large.bin";
/// let mut stream = downloader.client(large).await?.get(large).with_header("Range", "bytes=0-999999").stream().await?;
/// while let Some(piece) = stream.chunk().await {
///     println!("{} bytes", piece?.len());
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct GCSDownloader<M: Mode = Async> {
    app: Arc<dyn AppBinding>,
    transfer: Option<Arc<Core>>,
    client: Arc<OnceCell<GCSCollectionClient<M>>>,
    runtime: M::Runtime,
}

impl<M: Mode> GCSDownloader<M> {
    /// A downloader with the tokens and settings of an app. Nothing is sent before a file is read.
    ///
    /// # Errors
    /// [`Error::Usage`] in a blocking program that the system gives no runtime.
    pub fn new(app: impl Into<Arc<dyn AppBinding>>) -> Result<Self> {
        Ok(Self {
            app: app.into(),
            transfer: None,
            client: Arc::default(),
            runtime: M::runtime()?,
        })
    }

    /// Reads with this client; nothing has to be found out then.
    #[must_use]
    pub fn gcs_client(mut self, client: &GCSCollectionClient<M>) -> Self {
        self.client = Arc::new(OnceCell::new_with(Some(client.clone())));
        self
    }

    /// Asks this client what kind of collection it is, instead of one of the app's.
    #[must_use]
    pub fn transfer_client(mut self, client: &TransferClient<M>) -> Self {
        self.transfer = Some(client.core().clone());
        self
    }

    /// The content of a file, in memory: at most what the client takes as an answer.
    ///
    /// # Errors
    /// Those of [`client`](Self::client) and of the request.
    pub fn read_file(&self, file_uri: impl Into<String>) -> Task<Bytes, M> {
        let (this, file_uri) = (self.clone(), file_uri.into());
        Task::new(self.runtime.clone(), async move { this.read(&file_uri).await })
    }

    /// The content of a file as text; bytes that are not UTF-8 are replaced.
    ///
    /// # Errors
    /// Those of [`read_file`](Self::read_file).
    pub fn read_text(&self, file_uri: impl Into<String>) -> Task<String, M> {
        let (this, file_uri) = (self.clone(), file_uri.into());
        Task::new(self.runtime.clone(), async move {
            let content = this.read(&file_uri).await?;
            Ok(match String::from_utf8_lossy(&content) {
                Cow::Borrowed(text) => text.to_owned(),
                Cow::Owned(text) => text,
            })
        })
    }

    /// The client of the collection that a file is on, for requests of other kinds: parts of files, streams, uploads.
    ///
    /// # Errors
    /// [`Error::Validation`] for what is no address of a file, or of a file that is not on the collection that its server
    /// names; [`Error::Decode`] when the server names none; those of [`get_endpoint`](TransferClient::get_endpoint).
    pub fn client(&self, file_uri: impl Into<String>) -> Task<GCSCollectionClient<M>, M> {
        let (this, file_uri) = (self.clone(), file_uri.into());
        Task::new(
            self.runtime.clone(),
            async move { this.found(&file_uri).await.cloned() },
        )
    }

    async fn read(&self, file_uri: &str) -> Result<Bytes> {
        let core = self.found(file_uri).await?.core().clone();
        let client = GCSCollectionClient::<Async>::from_core(core);
        Ok(client.get(file_uri).raw().await?.body)
    }

    async fn found(&self, file_uri: &str) -> Result<&GCSCollectionClient<M>> {
        self.client.get_or_try_init(|| self.find(file_uri)).await
    }

    async fn find(&self, file_uri: &str) -> Result<GCSCollectionClient<M>> {
        let url = file_url(file_uri)?;
        let origin = url.origin().ascii_serialization();
        let id = self.collection_id(&origin, &url).await?;
        let collection = self.transfer()?.get_endpoint(&id).await?;
        // Else a server could name another collection and be sent its token.
        let own = collection
            .https_server
            .as_deref()
            .and_then(|server| Url::parse(server).ok());
        if own.is_none_or(|server| server.origin() != url.origin()) {
            let message =
                format!("{origin} says that it serves collection {id}, of which Transfer knows another server");
            return Err(Error::validation("`file_uri`", message));
        }
        let scopes = GCSCollectionScopes::new(&id)?;
        let mut needed = vec![scopes.https().clone()];
        // Mapped collections without high assurance want consent to data access too.
        let mapped = collection.entity_type == Some(EntityType::Gcsv5MappedCollection);
        if mapped && collection.high_assurance != Some(true) {
            needed.push(scopes.data_access().clone());
        }
        let client = GCSCollectionClient::at(&id, origin).app(self.app.clone());
        client.app_scopes(needed).build()
    }

    fn transfer(&self) -> Result<TransferClient<Async>> {
        match &self.transfer {
            Some(core) => Ok(TransferClient::from_core(core.clone())),
            None => TransferClient::builder().app(self.app.clone()).build(),
        }
    }

    /// The collection's id is the client id with which its server sends a browser to log in.
    async fn collection_id(&self, origin: &str, url: &Url) -> Result<String> {
        let anonymous = BaseClient::<Async>::builder()
            .base_url(origin)
            .config(self.app.config().clone())
            .transport(self.app.transport())
            .ambient(self.app.ambient())
            .authorizer(NullAuthorizer)
            .build()?;
        let answer = anonymous.get(url.as_str()).with_redirects(false).stream().await?;
        let wrong = |what: &str| Err(Error::from(DecodeError::new("the collection's login page", what)));
        let location = answer
            .headers()
            .get(LOCATION)
            .and_then(|location| location.to_str().ok());
        let Some(location) = location.and_then(|location| url.join(location).ok()) else {
            return wrong(if answer.status() == StatusCode::OK {
                "the file can be read without a login; read it with a `BaseClient`"
            } else {
                "the server does not send a browser there; make a `GCSCollectionClient` with the collection's id"
            });
        };
        let mut ids = location.query_pairs().filter(|(name, _)| name == "client_id");
        match (ids.next(), ids.next()) {
            (Some((_, id)), None) => Ok(id.into_owned()),
            (None, _) => wrong("its address has no `client_id`"),
            (Some(_), Some(_)) => wrong("its address has more than one `client_id`"),
        }
    }
}

fn file_url(file_uri: &str) -> Result<Url> {
    let url = Url::parse(file_uri)
        .ok()
        .filter(|url| matches!(url.scheme(), "https" | "http") && url.has_host());
    url.ok_or_else(|| {
        Error::validation(
            "`file_uri`",
            "it is no https URL; give the address of a file on a collection",
        )
    })
}
