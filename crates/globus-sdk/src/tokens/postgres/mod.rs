//! Tokens in a PostgreSQL database.

mod connect;
mod lock;
mod schema;
mod tls;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::Pool;
use futures_util::future::{BoxFuture, Either, select};
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use tokio_postgres_rustls::MakeRustlsConnect;

use super::keyed_locks::KeyedLocks;
use super::settings::settings;
use super::{DEFAULT_NAMESPACE, LockGuard, TokenDataByResourceServer, TokenStorage, TokenStorageData, UnsavedTokens};
use crate::error::{Error, Result, StorageError, StorageProblem};

use connect::{Address, Lent};
use schema::Asked;

/// How many connections a storage makes for reading and storing, and as many for locks.
const CONNECTIONS: usize = 8;
/// How long a call may take, waiting for a connection included.
const CALL_TIMEOUT: Duration = Duration::from_secs(60);
/// How long a storage waits for another process that renews a token.
const LOCK_TIMEOUT: Duration = Duration::from_secs(120);

/// Keeps tokens in a PostgreSQL database, for programs on many machines and the tokens of many users.
///
/// - Each user has a *namespace*: `storage.clone().with_namespace(user_id)` costs nothing, and all of them share the
///   connections.
/// - The tables (`globus_sdk_tokens`, `globus_sdk_migrations`) are made and brought up to date when a program
///   [connects](Self::connect), by one program at a time. They are in the first schema of `search_path`.
/// - A change is one statement: all of it is stored or nothing, and as durably as `synchronous_commit` of the server says.
/// - [`lock`](TokenStorage::lock) is an advisory lock of the database, so that of a whole fleet one process renews a
///   token. It ends when the process that holds it dies, a minute after its machine vanished, and after 15 minutes if it
///   hangs (or after the lock timeout, if that is longer). Whoever drops the future of `lock` waits no more, and frees the
///   connection. It works through a pooler such as PgBouncer, also in its transaction mode.
/// - Servers on other machines are reached with TLS, unless the connection string says `sslmode=disable`. Their certificate
///   has to be for the name of the host and one that the system trusts, or `sslrootcert=FILE` (PEM), or `SSL_CERT_FILE`. So
///   `require`, `verify-ca` and `verify-full` mean the same. Certificates of clients are not offered.
///
/// Tokens are stored as text: who can read the table can use them. Errors hold neither tokens nor the password.
///
/// Needs the feature `postgres`, and PostgreSQL 12 or newer.
#[derive(Clone)]
pub struct PostgresTokenStorage {
    namespace: String,
    lock_timeout: Duration,
    call_timeout: Duration,
    shared: Arc<Shared>,
}

struct Shared {
    pool: Pool,
    /// Apart: who holds a lock must never wait for somebody who waits for a lock.
    locks: Pool,
    keyed: KeyedLocks,
    tls: Option<MakeRustlsConnect>,
    shown: String,
    unsaved: UnsavedTokens,
    runtime: Background,
}

/// A thread that drives the connections, whatever drives the callers: a lock must be let go at once, also where the
/// caller's runtime stands still between two calls.
struct Background(Option<Runtime>);

impl Background {
    fn new() -> Result<Self> {
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        let built = builder
            .worker_threads(1)
            .thread_name("globus-postgres")
            .enable_all()
            .build();
        Ok(Self(Some(built.map_err(|error| StorageError::io("read", error))?)))
    }

    fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        if let Some(runtime) = &self.0 {
            runtime.spawn(work);
        }
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        // It may be dropped where blocking is not allowed, also by one of its own tasks.
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

settings!(PostgresTokenStorage, lock "other processes, and for one of the connections for locks");

impl PostgresTokenStorage {
    /// Connects, and makes the tables if they are not there.
    ///
    /// `connection` is an address, `postgres://user:password@host:5432/database?sslmode=require`, or a list of settings,
    /// `host=/run/postgresql user=me dbname=tokens`, as
    /// [libpq](https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING) takes them;
    /// files of passwords and services, certificates of clients and Kerberos are not supported. At most 8 connections are made, and as many while tokens are renewed; see [`connect_with`](Self::connect_with).
    ///
    /// # Errors
    /// [`Error::Validation`] for a connection string that cannot be read; [`Error::Storage`] if the database cannot be
    /// reached, refuses the user, or has tables of a newer version.
    pub async fn connect(connection: &str) -> Result<Self> {
        Self::connect_with(connection, CONNECTIONS).await
    }

    /// Connects with at most `connections` connections for reading and storing, and as many for locks; at least 1. While
    /// a lock is held it occupies one: so many tokens can be renewed at a time.
    ///
    /// # Errors
    /// Those of [`connect`](Self::connect).
    pub async fn connect_with(connection: &str, connections: usize) -> Result<Self> {
        let address = Address::parse(connection)?;
        let connections = connections.max(1);
        let tls = address.tls()?;
        let shared = Arc::new(Shared {
            pool: address.pool(connections, tls.clone())?,
            locks: address.pool(connections, tls.clone())?,
            tls,
            keyed: KeyedLocks::default(),
            shown: address.shown(),
            unsaved: UnsavedTokens::default(),
            runtime: Background::new()?,
        });
        let storage = Self {
            namespace: DEFAULT_NAMESPACE.to_owned(),
            lock_timeout: LOCK_TIMEOUT,
            call_timeout: CALL_TIMEOUT,
            shared,
        };
        let work = async |shared: Arc<Shared>| {
            let client = connect::client(&shared.pool, "read").await?;
            let done = schema::migrate(&client).await;
            client.free();
            done
        };
        storage.run("read", CALL_TIMEOUT, work).await?;
        Ok(storage)
    }

    /// Sets how long reading or storing may take, waiting for a connection included; 1 minute by default. A connection
    /// that has not answered by then is replaced.
    #[must_use]
    pub fn with_call_timeout(mut self, timeout: Duration) -> Self {
        self.call_timeout = timeout;
        self
    }

    /// Does something on the thread of the connections. When the future is dropped, it goes on to its end.
    async fn run<T, F>(&self, tried: &'static str, timeout: Duration, work: impl FnOnce(Arc<Shared>) -> F) -> Result<T>
    where
        T: Send + 'static,
        F: Future<Output = Result<T>> + Send + 'static,
    {
        let failed = |message: String| Error::from(StorageError::new(StorageProblem::Failed, tried, message));
        let Some(runtime) = &self.shared.runtime.0 else {
            return Err(failed("the storage is closed".to_owned()));
        };
        let work = work(self.shared.clone());
        let done = runtime.spawn(async move { tokio::time::timeout(timeout, work).await });
        match done.await {
            Ok(Ok(done)) => done,
            Ok(Err(_)) => Err(failed(format!("PostgreSQL has not answered for {timeout:?}"))),
            Err(_) => Err(failed("the thread of the connections is gone".to_owned())),
        }
    }

    /// Asks the database. A connection that turns out to be gone is replaced once; `ask` may be repeated.
    async fn ask<T, F>(&self, tried: &'static str, ask: impl Fn(Arc<Lent>) -> F + Send + Sync + 'static) -> Result<T>
    where
        T: Send + 'static,
        F: Future<Output = Asked<T>> + Send + 'static,
    {
        self.run(tried, self.call_timeout, |shared| async move {
            let mut again = true;
            loop {
                let client = Arc::new(connect::client(&shared.pool, tried).await?);
                match ask(client.clone()).await {
                    // It is closed: the pool would give it away again until it notices.
                    Err(error) if again && connect::is_gone(&error) => again = false,
                    answer => {
                        if let Some(client) = Arc::into_inner(client) {
                            client.free();
                        }
                        return answer.map_err(|error| connect::failed(tried, &error).into());
                    }
                }
            }
        })
        .await
    }
}

impl TokenStorage for PostgresTokenStorage {
    fn namespace(&self) -> &str {
        &self.namespace
    }

    fn store_token_data_by_resource_server(&self, data: TokenDataByResourceServer) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move {
            let texts: Vec<String> = data.values().map(TokenStorageData::to_text).collect::<Result<_>>()?;
            let stored = Arc::new((self.namespace.clone(), data.into_keys().collect::<Vec<_>>(), texts));
            self.ask("write", move |client| {
                let stored = stored.clone();
                async move { schema::store(&client, &stored.0, &stored.1, &stored.2).await }
            })
            .await
        })
    }

    fn get_token_data_by_resource_server(&self) -> BoxFuture<'_, Result<TokenDataByResourceServer>> {
        let namespace = self.namespace.clone();
        Box::pin(async move {
            self.ask("read", move |client| {
                let namespace = namespace.clone();
                async move { schema::all(&client, &namespace).await }
            })
            .await?
        })
    }

    fn get_token_data<'a>(&'a self, resource_server: &'a str) -> BoxFuture<'a, Result<Option<TokenStorageData>>> {
        let key = Arc::new((self.namespace.clone(), resource_server.to_owned()));
        Box::pin(async move {
            self.ask("read", move |client| {
                let key = key.clone();
                async move { schema::one(&client, &key.0, &key.1).await }
            })
            .await?
        })
    }

    fn remove_token_data<'a>(&'a self, resource_server: &'a str) -> BoxFuture<'a, Result<bool>> {
        let key = Arc::new((self.namespace.clone(), resource_server.to_owned()));
        Box::pin(self.ask("write", move |client| {
            let key = key.clone();
            async move { schema::remove(&client, &key.0, &key.1).await }
        }))
    }

    fn namespaces(&self) -> BoxFuture<'_, Result<Vec<String>>> {
        Box::pin(self.ask("read", |client| async move { schema::namespaces(&client).await }))
    }

    fn lock<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<LockGuard>> {
        Box::pin(async move {
            // First among the tasks of this process, so that only one of them occupies a connection with waiting.
            let in_process = self.shared.keyed.acquire(&self.namespace, key).await;
            let name = format!("{}\u{1f}{key}", self.namespace);
            let timeout = self.lock_timeout;
            let patience = timeout.saturating_add(CALL_TIMEOUT);
            // Dropped with this future: then nobody waits any more.
            let (_here, gone) = oneshot::channel::<()>();
            let held = self.run("lock", patience, |shared| async move {
                match select(Box::pin(lock::take(shared, in_process, name, timeout)), gone).await {
                    Either::Left((held, _)) => held,
                    Either::Right(_) => {
                        Err(StorageError::new(StorageProblem::Locked, "lock", "nobody waits for it any more").into())
                    }
                }
            });
            Ok(LockGuard::new(held.await?))
        })
    }

    fn unsaved(&self) -> Option<&UnsavedTokens> {
        Some(&self.shared.unsaved)
    }
}

impl fmt::Debug for PostgresTokenStorage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresTokenStorage")
            .field("namespace", &self.namespace)
            .field("database", &self.shared.shown)
            .finish_non_exhaustive()
    }
}
