//! From a connection string to connections.

use std::net::IpAddr;
use std::ops::Deref;
use std::str::FromStr as _;
use std::time::Duration;

use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, PoolError, RecyclingMethod, Runtime};
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::error::SqlState;
use tokio_postgres::{CancelToken, Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::tls;
use crate::error::{Error, Result, StorageError, StorageProblem};

/// How long one try to reach a server takes at most, unless the connection string says otherwise.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a connection may be idle before the system asks whether the other side is still there, how long it waits for
/// an answer, and how often it asks: a server that vanished is noticed within a minute.
const KEEPALIVES: (Duration, Duration, u32) = (Duration::from_secs(30), Duration::from_secs(10), 3);
/// What the connection string means by saying nothing.
const KEEPALIVES_IDLE_DEFAULT: Duration = Duration::from_secs(2 * 60 * 60);
/// How long what was sent may stay without acknowledgement.
const USER_TIMEOUT: Duration = Duration::from_secs(60);
/// The same for the server, within a transaction: it lets go of the lock of a machine that vanished. On a socket that is a
/// file it means nothing.
pub(super) const WATCH: &str = "SET LOCAL tcp_keepalives_idle = 30; SET LOCAL tcp_keepalives_interval = 10; \
     SET LOCAL tcp_keepalives_count = 3; SET LOCAL tcp_user_timeout = 60000";
/// How long a call waits for a connection that another call uses.
pub(super) const WAIT_TIMEOUT: Duration = Duration::from_secs(30);

/// Where the database is, and how it is reached.
pub(super) struct Address {
    config: Config,
    local: bool,
    /// The file of certificates that are trusted, if the system's are not meant.
    root: Option<String>,
}

impl Address {
    /// Reads a connection string. What is wrong with it is not quoted: a password may be part of it.
    pub(super) fn parse(text: &str) -> Result<Self> {
        let (text, root) = tls::split(text);
        let mut config = Config::from_str(&text)
            .map_err(|error| Error::validation("the connection string of PostgreSQL", refused(&error)))?;
        let local = config.get_hosts().iter().all(is_local) && config.get_hostaddrs().iter().all(IpAddr::is_loopback);
        if !config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() && config.get_hosts().iter().all(is_file)
        {
            // There is no TLS on a socket that is a file, whatever is asked for.
            config.ssl_mode(SslMode::Disable);
        } else if config.get_ssl_mode() == SslMode::Prefer {
            // "If the server happens to" is no protection on a network, and nothing needs any within one machine.
            config.ssl_mode(if local && root.is_none() {
                SslMode::Disable
            } else {
                SslMode::Require
            });
        }
        if config.get_application_name().is_none() {
            config.application_name("globus-sdk");
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_TIMEOUT);
        }
        if config.get_keepalives_idle() == KEEPALIVES_IDLE_DEFAULT {
            config.keepalives_idle(KEEPALIVES.0);
        }
        if config.get_keepalives_interval().is_none() {
            config.keepalives_interval(KEEPALIVES.1);
        }
        if config.get_keepalives_retries().is_none() {
            config.keepalives_retries(KEEPALIVES.2);
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(USER_TIMEOUT);
        }
        Ok(Self { config, local, root })
    }

    /// TLS, if it is used.
    pub(super) fn tls(&self) -> Result<Option<MakeRustlsConnect>> {
        let used = self.config.get_ssl_mode() != SslMode::Disable;
        used.then(|| tls::connector(self.root.as_deref())).transpose()
    }

    /// At most `size` connections, each made when it is needed.
    pub(super) fn pool(&self, size: usize, tls: Option<MakeRustlsConnect>) -> Result<Pool> {
        let settings = ManagerConfig {
            recycling_method: RecyclingMethod::Fast,
        };
        let manager = match tls {
            None => Manager::from_config(self.config.clone(), NoTls, settings),
            Some(tls) => Manager::from_config(self.config.clone(), tls, settings),
        };
        let builder = Pool::builder(manager).max_size(size).runtime(Runtime::Tokio1);
        let built = builder.wait_timeout(Some(WAIT_TIMEOUT)).build();
        Ok(built.map_err(|error| StorageError::new(StorageProblem::Failed, "read", error.to_string()))?)
    }

    /// The database in words, without a password.
    pub(super) fn shown(&self) -> String {
        let hosts: Vec<String> = self.config.get_hosts().iter().map(host).collect();
        let database = self.config.get_dbname().or(self.config.get_user()).unwrap_or_default();
        let hosts = if hosts.is_empty() && self.local {
            "localhost".to_owned()
        } else {
            hosts.join(",")
        };
        format!("{hosts}/{database}")
    }
}

/// Settings of libpq that are not supported. Other words are not quoted, as they may be a part of a password.
const UNSUPPORTED: &[&str] = &[
    "client_encoding",
    "fallback_application_name",
    "gssdelegation",
    "gssencmode",
    "gsslib",
    "krbsrvname",
    "max_protocol_version",
    "min_protocol_version",
    "passfile",
    "replication",
    "require_auth",
    "requirepeer",
    "requiressl",
    "scram_client_key",
    "scram_server_key",
    "service",
    "servicefile",
    "ssl_max_protocol_version",
    "ssl_min_protocol_version",
    "sslcert",
    "sslcertmode",
    "sslcompression",
    "sslcrl",
    "sslcrldir",
    "sslkey",
    "sslkeylogfile",
    "sslpassword",
    "sslsni",
];

/// What is wrong with a connection string.
fn refused(error: &tokio_postgres::Error) -> String {
    let cause = std::error::Error::source(error).map(ToString::to_string);
    let mut words = cause.as_deref().unwrap_or_default().split('`');
    match (words.next(), words.next()) {
        (Some("unknown option "), Some(name)) if UNSUPPORTED.contains(&name) => {
            format!("has the setting `{name}`, which is not supported; leave it out")
        }
        (Some("invalid value for option "), Some("sslmode")) => {
            "has an `sslmode` that is not supported; use `disable`, `require`, `verify-ca` or `verify-full`".to_owned()
        }
        (Some("invalid value for option "), Some(name)) => {
            format!("has the setting `{name}` with a value that cannot be read; mend it or leave it out")
        }
        _ => "is neither `postgres://user@host/database` nor `host=.. user=.. dbname=..`; in an address, write `@`, `/` and \
              `:` of a password as `%40`, `%2F` and `%3A`"
            .to_owned(),
    }
}

fn host(host: &Host) -> String {
    match host {
        Host::Tcp(name) => name.clone(),
        #[cfg(unix)]
        Host::Unix(path) => path.display().to_string(),
    }
}

fn is_local(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => name == "localhost" || name.parse().is_ok_and(|address: IpAddr| address.is_loopback()),
        #[cfg(unix)]
        Host::Unix(_) => true,
    }
}

/// Whether it is a socket in a folder.
fn is_file(host: &Host) -> bool {
    !matches!(host, Host::Tcp(_))
}

/// A connection out of the pool. It goes back there when it is [free](Self::free); dropped before, in the middle of a
/// call that waits for an answer, it is closed.
pub(super) struct Lent(Option<Object>);

impl Lent {
    /// Gives the connection back to the pool.
    pub(super) fn free(mut self) {
        self.0 = None;
    }
}

impl Deref for Lent {
    type Target = tokio_postgres::Client;

    fn deref(&self) -> &Self::Target {
        match &self.0 {
            Some(object) => object,
            None => unreachable!("only what is dropped has none"),
        }
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        self.0.take().map(Object::take);
    }
}

/// A connection for reading and storing.
pub(super) async fn client(pool: &Pool, tried: &'static str) -> Result<Lent> {
    let object = pool.get().await.map_err(|error| match error {
        PoolError::Timeout(_) => {
            let message = format!("all connections have been in use for {} s", WAIT_TIMEOUT.as_secs());
            StorageError::new(StorageProblem::Failed, tried, message)
                .with_hint("allow more connections with `PostgresTokenStorage::connect_with`")
        }
        error => unmade(tried, error),
    })?;
    Ok(Lent(Some(object)))
}

/// A connection for a lock, waited for at most `wait`, which is what is left of `timeout`.
pub(super) async fn lock_client(pool: &Pool, wait: Duration, timeout: Duration) -> Result<Object> {
    let mut timeouts = pool.timeouts();
    timeouts.wait = Some(wait);
    let got = pool.timeout_get(&timeouts).await;
    Ok(got.map_err(|error| match error {
        PoolError::Timeout(_) => {
            let message = format!(
                "all {} connections for locks have been in use for {timeout:?}",
                pool.status().max_size
            );
            StorageError::new(StorageProblem::Locked, "lock", message).with_hint(
                "allow more renewals at a time with `PostgresTokenStorage::connect_with`, or find out why they take so long",
            )
        }
        error => unmade("lock", error),
    })?)
}

/// Asks the server to end what a connection waits for.
pub(super) async fn cancel(
    query: &CancelToken,
    tls: Option<MakeRustlsConnect>,
) -> std::result::Result<(), tokio_postgres::Error> {
    match tls {
        None => query.cancel_query(NoTls).await,
        Some(tls) => query.cancel_query(tls).await,
    }
}

fn unmade(tried: &'static str, error: PoolError) -> StorageError {
    match error {
        PoolError::Backend(error) => failed(tried, &error),
        _ => StorageError::new(StorageProblem::Failed, tried, "no connection can be made"),
    }
}

/// Whether the connection ended, and not because of what was asked.
pub(super) fn is_gone(error: &tokio_postgres::Error) -> bool {
    let ended = [SqlState::ADMIN_SHUTDOWN, SqlState::CRASH_SHUTDOWN];
    error.is_closed() || error.code().is_some_and(|code| ended.contains(code))
}

/// What the database or the way to it reports. Details of the database are left out: they may quote rows.
pub(super) fn failed(tried: &'static str, error: &tokio_postgres::Error) -> StorageError {
    let Some(reported) = error.as_db_error() else {
        let cause = std::error::Error::source(error).map(|cause| format!(" ({cause})"));
        let message = format!("PostgreSQL is not reached: {error}{}", cause.unwrap_or_default());
        let advice = tls::advice(error).unwrap_or(
            "check the address of the server, that it runs, and that it offers TLS if it is on another machine",
        );
        return StorageError::new(StorageProblem::Failed, tried, message).with_hint(advice);
    };
    let code = reported.code();
    let denied = [
        SqlState::INVALID_PASSWORD,
        SqlState::INVALID_AUTHORIZATION_SPECIFICATION,
        SqlState::INSUFFICIENT_PRIVILEGE,
        SqlState::READ_ONLY_SQL_TRANSACTION,
    ];
    let problem = match code {
        code if denied.contains(code) => StorageProblem::Access,
        code if *code == SqlState::LOCK_NOT_AVAILABLE => StorageProblem::Locked,
        code if *code == SqlState::UNDEFINED_TABLE => StorageProblem::Format,
        _ => StorageProblem::Failed,
    };
    let message = format!("PostgreSQL answers: {} ({})", reported.message(), code.code());
    let failed = StorageError::new(problem, tried, message);
    match problem {
        // There is no code for it.
        StorageProblem::Access if reported.message().ends_with("no encryption") => {
            failed.with_hint("if the server takes connections with TLS only, write `sslmode=require`")
        }
        StorageProblem::Access => failed.with_hint(
            "check user and password; the tables can be made by another user who may create them, in a schema that \
             `search_path` leads to",
        ),
        StorageProblem::Locked => failed.with_hint("find who holds the lock in `pg_locks`"),
        _ => failed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(text: &str) -> SslMode {
        Address::parse(text).unwrap().config.get_ssl_mode()
    }

    #[test]
    fn other_machines_are_reached_with_tls() {
        assert_eq!(mode("postgres://u:p@db.example.org/tokens"), SslMode::Require);
        assert_eq!(
            mode("postgres://u:p@db.example.org/tokens?sslmode=prefer"),
            SslMode::Require
        );
        assert_eq!(
            mode("postgres://u:p@db.example.org/tokens?sslmode=disable"),
            SslMode::Disable
        );
        assert_eq!(mode("host=10.1.2.3 user=u"), SslMode::Require);
        assert_eq!(mode("host=localhost,db.example.org user=u"), SslMode::Require);
        assert_eq!(mode("host=localhost hostaddr=10.1.2.3 user=u"), SslMode::Require);
        for local in [
            "host=localhost user=u",
            "host=127.0.0.1 user=u",
            "postgres://u@[::1]/x",
            "host=/run/x user=u",
            "host=/run/x user=u sslmode=verify-full",
        ] {
            assert_eq!(mode(local), SslMode::Disable, "{local}");
        }
        assert_eq!(mode("host=localhost user=u sslmode=require"), SslMode::Require);
        assert_eq!(mode("host=localhost user=u sslrootcert=/x"), SslMode::Require);
        assert_eq!(mode("host=localhost user=u sslmode=verify-full"), SslMode::Require);
    }

    #[test]
    fn a_server_that_vanished_is_noticed() {
        let config = |text: &str| Address::parse(text).unwrap().config;
        let plain = config("host=db.example.org user=u");
        assert_eq!(plain.get_keepalives_idle(), KEEPALIVES.0);
        assert_eq!(plain.get_keepalives_interval(), Some(KEEPALIVES.1));
        assert_eq!(plain.get_tcp_user_timeout(), Some(&USER_TIMEOUT));
        let own = config("host=db.example.org user=u keepalives_idle=5 tcp_user_timeout=7");
        assert_eq!(own.get_keepalives_idle(), Duration::from_secs(5));
        assert_ne!(own.get_tcp_user_timeout(), Some(&USER_TIMEOUT));
    }

    #[test]
    fn what_is_not_supported_is_named() {
        for (text, names) in [
            ("postgres://u:SECRET@h/d?sslmode=allow", "`sslmode`"),
            ("host=h user=u passfile=/x", "`passfile`"),
            ("host=h user=u sslcert=/SECRET", "`sslcert`"),
            ("postgres://u@h/d?gssencmode=disable", "`gssencmode`"),
            ("host=h user=u port=SECRET", "`port`"),
            ("host=h user=u password=my sec=SECRET", "neither"),
        ] {
            let Err(error) = Address::parse(text) else {
                panic!("{text} is taken")
            };
            let shown = format!("{error} {error:?}");
            assert!(
                shown.contains(names) && !shown.to_lowercase().contains("sec"),
                "{shown}"
            );
        }
        let odd = Address::parse("postgres://u:a?b@h/d?sslrootcert=/x").unwrap();
        assert_eq!(odd.config.get_password(), Some(&b"a?b"[..]));
    }

    #[test]
    fn no_password_is_shown() {
        let address = Address::parse("postgres://u:SECRET@db.example.org/tokens").unwrap();
        assert_eq!(address.shown(), "db.example.org/tokens");
        for wrong in ["user=u password=my SECRET", "SECRET", "host=h prot=SECRET"] {
            let Err(error) = Address::parse(wrong) else {
                panic!("{wrong} is taken")
            };
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains("SEC") && !shown.contains("RET"), "{shown}");
        }
    }
}
