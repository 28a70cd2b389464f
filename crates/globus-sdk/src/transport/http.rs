//! The transport for real networks.

use std::error::Error as StdError;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::stream;
use http::{Request, Response, Uri};
use url::Url;

use crate::config::{Config, VerifySsl};

use super::pool::{Pool, Route, Settings};
use super::proxy::Proxies;
use super::tls::Trust;
use super::{AnswerBody, Transport, TransportError, TransportErrorKind, origin};

/// HTTP/1.1 and HTTP/2 over TCP and TLS, with pooled connections and compressed answers.
///
/// It trusts what the operating system trusts, or what `SSL_CERT_FILE` and `SSL_CERT_DIR` name instead, and uses
/// the proxies of `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` except for the hosts of `NO_PROXY` and this machine.
/// It can be shared between threads and runtimes, and dropped anywhere. It needs a tokio runtime with I/O and
/// time enabled.
///
/// ```
/// # use std::time::Duration;
/// # use globus_sdk::transport::HttpTransport;
/// let transport = HttpTransport::builder().connect_timeout(Some(Duration::from_secs(5))).build();
/// ```
#[derive(Debug)]
pub struct HttpTransport {
    pool: Pool,
}

impl HttpTransport {
    /// A transport with the settings of `config`: `GLOBUS_SDK_VERIFY_SSL`, and the variables for proxies and
    /// certificates from where `config` has its own.
    pub fn new(config: &Config) -> Self {
        let builder = Self::builder().environment(|name| config.variable(name));
        match config.verify_ssl() {
            VerifySsl::Yes => builder,
            VerifySsl::No => builder.danger_accept_invalid_certificates(),
            VerifySsl::CaBundle(path) => builder.ca_bundle(path),
        }
        .build()
    }

    /// A transport with other settings.
    pub fn builder() -> HttpTransportBuilder {
        HttpTransportBuilder::default()
    }
}

impl Default for HttpTransport {
    fn default() -> Self {
        Self::builder().build()
    }
}

/// Builds an [`HttpTransport`].
#[derive(Debug)]
#[must_use]
pub struct HttpTransportBuilder {
    trust: Option<Trust>,
    environment: Option<(Trust, Proxies)>,
    connect_timeout: Option<Duration>,
}

impl Default for HttpTransportBuilder {
    fn default() -> Self {
        Self {
            trust: None,
            environment: None,
            connect_timeout: Some(Duration::from_secs(20)),
        }
    }
}

impl HttpTransportBuilder {
    /// Trusts only the certificate authorities in a PEM file, or in the files of a folder.
    pub fn ca_bundle(mut self, path: impl Into<PathBuf>) -> Self {
        self.trust = Some(Trust::Files(vec![path.into()]));
        self
    }

    /// Trusts anybody who answers. Only for tests: everything sent can be read and changed on the way.
    pub fn danger_accept_invalid_certificates(mut self) -> Self {
        self.trust = Some(Trust::Anyone);
        self
    }

    /// Longest time for making a connection; 20 seconds by default.
    pub fn connect_timeout(mut self, timeout: Option<Duration>) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Reads the variables for proxies and certificates from `lookup` instead of the process's environment.
    pub fn environment(mut self, lookup: impl Fn(&str) -> Option<String>) -> Self {
        self.environment = Some((Trust::from_lookup(&lookup), Proxies::from_lookup(&lookup)));
        self
    }

    /// Builds the transport. Settings that do not work (a file that is not there) are reported by the first request
    /// that needs them.
    pub fn build(self) -> HttpTransport {
        let (trust, proxies) = self.environment.unwrap_or_else(|| {
            let lookup = |name: &str| std::env::var(name).ok();
            (Trust::from_lookup(&lookup), Proxies::from_lookup(&lookup))
        });
        let settings = Settings {
            trust: self.trust.unwrap_or(trust),
            proxies,
            connect_timeout: self.connect_timeout,
        };
        HttpTransport {
            pool: Pool::new(settings),
        }
    }
}

impl Transport for HttpTransport {
    fn send(
        &self,
        request: Request<Bytes>,
        timeout: Option<Duration>,
    ) -> BoxFuture<'_, Result<Response<AnswerBody>, TransportError>> {
        Box::pin(async move {
            let (uri, peer) = (request.uri().clone(), peer(request.uri()));
            let request = reqwest::Request::try_from(request).map_err(|error| translate(error).with_peer(&peer))?;
            let route = route(request.url());
            self.exchange(request, route, timeout, &peer)
                .await
                .map_err(|error| self.name_peer(error, &uri, route, peer))
        })
    }
}

impl HttpTransport {
    /// Names who did not do as expected: a connection is made to the proxy, if there is one.
    fn name_peer(&self, error: TransportError, uri: &Uri, route: Route, peer: String) -> TransportError {
        use TransportErrorKind::{Connect, ConnectTimeout};
        let connecting = matches!(error.kind(), Connect | ConnectTimeout) && route == Route::Network;
        match self.pool.proxy(uri).filter(|_| connecting) {
            Some(proxy) => error.with_peer(format!("{peer} through the proxy {proxy}")),
            None => error.with_peer(peer),
        }
    }

    async fn exchange(
        &self,
        request: reqwest::Request,
        route: Route,
        timeout: Option<Duration>,
        peer: &str,
    ) -> Result<Response<AnswerBody>, TransportError> {
        let client = self.pool.client(route)?;
        let mut answer = within(timeout, client.execute(request)).await?.map_err(translate)?;

        let mut response = Response::new(());
        *response.status_mut() = answer.status();
        *response.version_mut() = answer.version();
        *response.headers_mut() = std::mem::take(answer.headers_mut());
        let peer = peer.to_owned();
        Ok(response.map(|()| body(answer, timeout, peer)))
    }
}

/// The body as it comes. A pause longer than the timeout is an error, a long body is not.
fn body(answer: reqwest::Response, timeout: Option<Duration>, peer: String) -> AnswerBody {
    if answer.content_length() == Some(0) {
        return AnswerBody::empty();
    }
    AnswerBody::from_stream(stream::unfold(Some((answer, peer)), move |state| async move {
        let (mut answer, peer) = state?;
        let piece = match within(timeout, answer.chunk()).await {
            Ok(Ok(piece)) => piece.map(Ok),
            Ok(Err(error)) => Some(Err(in_body(translate(error)))),
            Err(late) => Some(Err(late)),
        };
        match piece? {
            Ok(bytes) => Some((Ok(bytes), Some((answer, peer)))),
            Err(error) => Some((Err(error.with_peer(peer)), None)),
        }
    }))
}

async fn within<T>(timeout: Option<Duration>, work: impl Future<Output = T>) -> Result<T, TransportError> {
    match timeout {
        None => Ok(work.await),
        Some(timeout) => tokio::time::timeout(timeout, work).await.map_err(|_| {
            TransportError::new(
                TransportErrorKind::Timeout,
                format!("waited {} s", timeout.as_secs_f64()),
            )
        }),
    }
}

/// Once an answer has begun, whatever else fails is a cut body.
fn in_body(error: TransportError) -> TransportError {
    match error.kind() {
        TransportErrorKind::Timeout => error,
        _ => TransportError::new(TransportErrorKind::Body, error.message()).with_source(error),
    }
}

fn route(url: &Url) -> Route {
    match url.scheme() {
        "http" if origin::is_loopback(url) => Route::Plain,
        _ if origin::is_loopback(url) => Route::Local,
        _ => Route::Network,
    }
}

fn peer(uri: &Uri) -> String {
    let host = uri.host().unwrap_or("no host");
    match (uri.port_u16(), uri.scheme_str()) {
        (Some(port), _) => format!("{host}:{port}"),
        (None, Some("https")) => format!("{host}:443"),
        (None, Some("http")) => format!("{host}:80"),
        (None, _) => host.to_owned(),
    }
}

fn translate(error: reqwest::Error) -> TransportError {
    let error = error.without_url();
    let kind = if error.is_builder() {
        TransportErrorKind::Invalid
    } else if error.is_connect() && error.is_timeout() {
        TransportErrorKind::ConnectTimeout
    } else if error.is_connect() && is_tls(&error) {
        TransportErrorKind::Tls
    } else if error.is_connect() {
        TransportErrorKind::Connect
    } else if error.is_timeout() {
        TransportErrorKind::Timeout
    } else if error.is_body() || error.is_decode() {
        TransportErrorKind::Body
    } else {
        TransportErrorKind::Interrupted
    };
    TransportError::new(kind, root_cause(&error)).with_source(error)
}

/// A failed handshake reaches us as invalid data, inside another I/O error or not; plain TCP never says that.
fn is_tls(error: &reqwest::Error) -> bool {
    chain(error)
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(says_invalid_data)
}

fn says_invalid_data(error: &io::Error) -> bool {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<io::Error>());
    error.kind() == io::ErrorKind::InvalidData || inner.is_some_and(says_invalid_data)
}

/// The text of the innermost cause: the outer ones only say that something failed.
pub(super) fn root_cause(error: &reqwest::Error) -> String {
    chain(error)
        .last()
        .map_or_else(|| error.to_string(), ToString::to_string)
}

fn chain<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(error.source(), |cause| StdError::source(*cause))
}
