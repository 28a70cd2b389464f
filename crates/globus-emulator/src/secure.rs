//! The second way in: the same emulator over TLS, with a certificate of an authority that is its own.

use std::fmt;
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    date_time_ymd,
};
use tempfile::NamedTempFile;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::server::TlsStream;

/// The names by which this machine calls itself.
const NAMES: [&str; 3] = ["127.0.0.1", "::1", "localhost"];
/// How long certificates are good, before and after today: less than what systems put up with.
const BEFORE: SignedDuration = SignedDuration::from_hours(24);
const AFTER: SignedDuration = SignedDuration::from_hours(365 * 24);
/// How long somebody who connects may take to agree on keys.
const PATIENCE: Duration = Duration::from_secs(10);
/// Connections that wait to be served.
const WAITING: usize = 16;

/// Who vouches for an emulator. Keys are made when they are first needed.
#[derive(Default)]
pub(crate) struct Authority {
    made: OnceLock<Result<Made, String>>,
    file: Mutex<Option<NamedTempFile>>,
}

struct Made {
    /// The certificate of the authority, for those who are to trust it.
    pem: String,
    config: Arc<ServerConfig>,
}

// The keys stay out.
impl fmt::Debug for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authority").finish_non_exhaustive()
    }
}

impl Authority {
    fn made(&self) -> io::Result<&Made> {
        let made = self.made.get_or_init(|| make().map_err(|error| error.to_string()));
        made.as_ref().map_err(|what| io::Error::other(what.clone()))
    }

    /// Makes the keys meanwhile: what gathers randomness for the first of them takes longer than all else at the start.
    pub(crate) fn prepare(self: &Arc<Self>) {
        let authority = Arc::clone(self);
        let thread = std::thread::Builder::new().name("globus-keys".to_owned());
        // An error is told to whoever needs them; so they are made if there is no thread.
        let _ = thread.spawn(move || drop(authority.made().map(drop)));
    }

    /// The certificate to trust, in PEM.
    pub(crate) fn certificate(&self) -> io::Result<&str> {
        Ok(&self.made()?.pem)
    }

    /// A file with the certificate to trust, until [`close`](Self::close).
    pub(crate) fn file(&self) -> io::Result<PathBuf> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = &*file {
            return Ok(file.path().to_owned());
        }
        let mut new = tempfile::Builder::new()
            .prefix("globus-emulator-")
            .suffix(".pem")
            .tempfile()?;
        new.write_all(self.certificate()?.as_bytes())?;
        new.flush()?;
        Ok(file.insert(new).path().to_owned())
    }

    /// Removes the file.
    pub(crate) fn close(&self) {
        self.file.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}

/// Makes an authority, and a certificate of it for this machine.
fn make() -> Result<Made, Box<dyn std::error::Error>> {
    let mut params = dated(CertificateParams::default())?;
    params.distinguished_name.push(DnType::CommonName, "Globus emulator");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let key = KeyPair::generate()?;
    let pem = params.self_signed(&key)?.pem();
    let authority = Issuer::new(params, key);

    let mut params = dated(CertificateParams::new(NAMES.map(str::to_owned))?)?;
    params.distinguished_name.push(DnType::CommonName, "localhost");
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    let key = KeyPair::generate()?;
    let certificate = params.signed_by(&key, &authority)?;
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));

    let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    let config = Arc::new(config);
    Ok(Made { pem, config })
}

/// Lets a certificate be good from yesterday on.
fn dated(mut params: CertificateParams) -> Result<CertificateParams, jiff::Error> {
    let day = |time: Timestamp| {
        let date = time.to_zoned(jiff::tz::TimeZone::UTC).date();
        let part = |number: i8| u8::try_from(number).unwrap_or(1);
        // Any month has so many days.
        date_time_ymd(date.year().into(), part(date.month()), part(date.day()).min(28))
    };
    let now = Timestamp::now();
    params.not_before = day(now.checked_sub(BEFORE)?);
    params.not_after = day(now.checked_add(AFTER)?);
    params.distinguished_name = rcgen::DistinguishedName::new();
    Ok(params)
}

/// Connections over TLS, once keys are agreed on. Whoever is slow at that keeps nobody waiting.
pub(crate) struct Listener {
    arrived: mpsc::Receiver<(TlsStream<TcpStream>, SocketAddr)>,
    address: SocketAddr,
    /// Ends with the listener.
    _accepting: JoinSet<()>,
}

impl Listener {
    pub(crate) fn new(listener: TcpListener, authority: Arc<Authority>) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let (sender, arrived) = mpsc::channel(WAITING);
        let mut accepting = JoinSet::new();
        accepting.spawn(accept(listener, authority, sender));
        Ok(Self {
            arrived,
            address,
            _accepting: accepting,
        })
    }
}

impl axum::serve::Listener for Listener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.arrived.recv().await {
            Some(arrived) => arrived,
            // The other task has ended, as it does with its runtime: nobody comes any more.
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        Ok(self.address)
    }
}

type Arrived = mpsc::Sender<(TlsStream<TcpStream>, SocketAddr)>;

async fn accept(mut listener: TcpListener, authority: Arc<Authority>, arrived: Arrived) {
    let mut greeted = JoinSet::new();
    loop {
        tokio::select! {
            (stream, address) = axum::serve::Listener::accept(&mut listener) => {
                greeted.spawn(greet(stream, address, Arc::clone(&authority), arrived.clone()));
            }
            Some(_) = greeted.join_next(), if !greeted.is_empty() => {}
        }
    }
}

/// Agrees on keys with somebody.
async fn greet(stream: TcpStream, address: SocketAddr, authority: Arc<Authority>, arrived: Arrived) {
    let config = match authority.made() {
        Ok(made) => Arc::clone(&made.config),
        Err(error) => return tracing::error!(%error, "there is no certificate"),
    };
    let greeting = TlsAcceptor::from(config).accept(stream);
    match tokio::time::timeout(PATIENCE, greeting).await {
        // An error means that the emulator stops.
        Ok(Ok(stream)) => drop(arrived.send((stream, address)).await),
        Ok(Err(error)) => tracing::debug!(%error, "a connection over TLS failed"),
        Err(_) => tracing::debug!("a connection over TLS took too long"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_made_once() {
        let authority = Authority::default();
        let file = authority.file().expect("a file");
        let text = std::fs::read_to_string(&file).expect("its content");
        assert_eq!(text, authority.certificate().expect("a certificate"));
        assert!(text.starts_with("-----BEGIN CERTIFICATE-----"), "{text}");
        assert_eq!(authority.file().expect("a file"), file);
        authority.close();
        assert!(!file.exists());
    }
}
