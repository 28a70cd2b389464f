//! What is particular to tokens in PostgreSQL, and the server for the tests that need one.
//!
//! Each test has a schema of its own, on the server that `GLOBUS_TEST_POSTGRES` names, or on one that the tests start in a
//! temporary folder, reached through a socket there.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use globus_sdk::error::{ErrorKind, StorageProblem};
use globus_sdk::tokens::{PostgresTokenStorage, TokenStorage};
use tokio_postgres::SimpleQueryMessage;

use crate::python::skipped;
use crate::token_storage::{data, storage_error};

/// A server for all tests that run at the time.
pub(crate) struct PostgresServer {
    /// Without the schema.
    url: String,
    own: Option<Own>,
}

struct Own {
    process: Child,
    _folder: tempfile::TempDir,
}

static RUNNING: Mutex<Weak<PostgresServer>> = Mutex::new(Weak::new());
static SCHEMAS: AtomicUsize = AtomicUsize::new(0);

impl PostgresServer {
    /// The server; `None`, said aloud, if there is none on this machine.
    pub(crate) fn start() -> Option<Arc<Self>> {
        let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(server) = running.upgrade() {
            return Some(server);
        }
        let server = match std::env::var("GLOBUS_TEST_POSTGRES") {
            Ok(url) => Ok(Self { url, own: None }),
            Err(_) => Self::own(),
        };
        match server {
            Ok(server) => {
                let server = Arc::new(server);
                *running = Arc::downgrade(&server);
                Some(server)
            }
            Err(why) => {
                skipped(&format!("no PostgreSQL ({why}); set GLOBUS_TEST_POSTGRES"));
                None
            }
        }
    }

    fn own() -> Result<Self, String> {
        Self::own_with(5432, &["listen_addresses="], |_| Ok(()))
    }

    /// A server of its own that takes connections on a port of this machine too, with TLS only; and the port.
    pub(crate) fn with_tls(certificate: &str, key: &str) -> Result<(Self, u16), String> {
        let free = std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
        let port = free.map_err(|error| error.to_string())?.port();
        let settings = ["listen_addresses=127.0.0.1", "ssl=on"];
        let server = Self::own_with(port, &settings, |data| {
            use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
            let owner = std::fs::metadata(data)?;
            let access = "local all all trust\nhostssl all all 127.0.0.1/32 trust\n";
            for (name, text) in [
                ("server.crt", certificate),
                ("server.key", key),
                ("pg_hba.conf", access),
            ] {
                let path = data.join(name);
                std::fs::write(&path, text)?;
                std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
                std::os::unix::fs::chown(&path, Some(owner.uid()), Some(owner.gid()))?;
            }
            Ok(())
        })?;
        Ok((server, port))
    }

    fn own_with(
        port: u16,
        settings: &[&str],
        prepare: impl FnOnce(&Path) -> std::io::Result<()>,
    ) -> Result<Self, String> {
        let bin = programs().ok_or("no `initdb` in PATH or /usr/lib/postgresql")?;
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let data = folder.path().join("data");
        std::fs::create_dir(&data).map_err(|error| error.to_string())?;
        // It does not run as root.
        let user = if run(Command::new("id").arg("-u"))?.trim() == "0" {
            let id = |which: &str| run(Command::new("id").args([which, "postgres"]));
            let number = |text: String| text.trim().parse::<u32>().map_err(|error| error.to_string());
            Some((number(id("-u")?)?, number(id("-g")?)?))
        } else {
            None
        };
        if let Some((uid, gid)) = user {
            for path in [folder.path(), &data] {
                std::os::unix::fs::chown(path, Some(uid), Some(gid)).map_err(|error| error.to_string())?;
            }
        }
        let command = |program: &str| {
            let mut command = Command::new(bin.join(program));
            command
                .arg("-D")
                .arg(&data)
                .current_dir(folder.path())
                .stdin(Stdio::null());
            if let Some((uid, gid)) = user {
                std::os::unix::process::CommandExt::gid(&mut command, gid);
                std::os::unix::process::CommandExt::uid(&mut command, uid);
            }
            command
        };
        run(command("initdb").args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]))?;
        prepare(&data).map_err(|error| error.to_string())?;
        let settings = settings.iter().chain(&["fsync=off", "max_connections=300"]);
        let process = command("postgres")
            .arg("-k")
            .arg(folder.path())
            .args(["-p", &port.to_string()])
            .args(settings.flat_map(|setting| ["-c", setting]))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| error.to_string())?;
        let url = format!(
            "host={} port={port} user=postgres dbname=postgres",
            folder.path().display()
        );
        let socket = folder.path().join(format!(".s.PGSQL.{port}"));
        let mut own = Own {
            process,
            _folder: folder,
        };
        let begun = Instant::now();
        while std::os::unix::net::UnixStream::connect(&socket).is_err() {
            if begun.elapsed() > Duration::from_secs(60) || own.process.try_wait().is_ok_and(|ended| ended.is_some()) {
                own.stop();
                return Err("it does not start".to_owned());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(Self { url, own: Some(own) })
    }

    /// Runs statements on a connection of its own.
    pub(crate) async fn execute(&self, sql: &str) {
        self.query(sql).await;
    }

    /// Waits until the program of that name holds a lock for a renewal.
    pub(crate) async fn wait_for_lock(&self, name: &str) {
        let held = format!(
            "SELECT 1 FROM pg_locks JOIN pg_stat_activity USING (pid)
             WHERE locktype = 'advisory' AND granted AND application_name = '{name}'"
        );
        let begun = Instant::now();
        while self.query(&held).await == 0 {
            assert!(begun.elapsed() < Duration::from_secs(30), "{name} takes no lock");
        }
    }

    /// Cuts the connections of the program of that name, as when its machine dies.
    pub(crate) async fn cut(&self, name: &str) {
        let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name";
        self.execute(&format!("{cut} = '{name}'")).await;
    }

    /// How many rows statements bring.
    async fn query(&self, sql: &str) -> usize {
        let begun = Instant::now();
        let (client, connection) = loop {
            // It listens a moment before it answers.
            match tokio_postgres::connect(&self.url, tokio_postgres::NoTls).await {
                Ok(connected) => break connected,
                Err(error) if begun.elapsed() > Duration::from_secs(30) => panic!("{error}"),
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        };
        let driver = tokio::spawn(connection);
        let messages = client.simple_query(sql).await.unwrap();
        drop(client);
        driver.await.unwrap().unwrap();
        let is_row = |message: &&SimpleQueryMessage| matches!(message, SimpleQueryMessage::Row(_));
        messages.iter().filter(is_row).count()
    }

    /// A connection string that leads to an empty schema.
    pub(crate) async fn schema(&self) -> String {
        let name = format!(
            "test_{}_{}",
            std::process::id(),
            SCHEMAS.fetch_add(1, Ordering::Relaxed)
        );
        self.execute(&format!("DROP SCHEMA IF EXISTS {name} CASCADE; CREATE SCHEMA {name}"))
            .await;
        self.with_schema(&name)
    }

    fn with_schema(&self, name: &str) -> String {
        if self.url.contains("://") {
            let separator = if self.url.contains('?') { '&' } else { '?' };
            return format!("{}{separator}options=-csearch_path%3D{name}", self.url);
        }
        format!("{} options='-csearch_path={name}'", self.url)
    }
}

impl Own {
    /// Fast shutdown. Killing it would leave shared memory behind.
    fn stop(&mut self) {
        let _ = run(Command::new("kill").arg("-INT").arg(self.process.id().to_string()));
        let _ = self.process.wait();
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        if let Some(own) = &mut self.own {
            own.stop();
        }
    }
}

fn run(command: &mut Command) -> Result<String, String> {
    let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(format!(
        "{command:?}: {}",
        String::from_utf8_lossy(&output.stderr).trim()
    ))
}

/// Where the programs of the newest PostgreSQL are.
fn programs() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut debian: Vec<PathBuf> = versions.map(|version| version.path().join("bin")).collect();
    debian.sort();
    std::env::split_paths(&path)
        .chain(debian.into_iter().rev())
        .find(|bin| bin.join("initdb").is_file() && bin.join("postgres").is_file())
}

/// A connection string whose connections have a name of their own.
pub(crate) fn named(schema: &str, name: &str) -> String {
    let separator = if schema.contains("://") { '&' } else { ' ' };
    format!("{schema}{separator}application_name={name}")
}

#[tokio::test]
async fn programs_that_start_at_once_make_the_tables_once() {
    let Some(server) = PostgresServer::start() else { return };
    let schema = server.schema().await;
    let starts = (0..8).map(|number| {
        let schema = schema.clone();
        tokio::spawn(async move {
            let storage = PostgresTokenStorage::connect_with(&schema, 1).await?;
            storage
                .store_token_data_by_resource_server(data(&format!("rs{number}")))
                .await?;
            Ok::<_, globus_sdk::Error>(storage)
        })
    });
    let mut last = None;
    for start in starts.collect::<Vec<_>>() {
        last = Some(start.await.unwrap().unwrap());
    }
    let stored = last.unwrap().get_token_data_by_resource_server().await.unwrap();
    assert_eq!(stored.len(), 8);
}

#[tokio::test]
async fn tables_of_a_newer_version_are_left_alone() {
    let Some(server) = PostgresServer::start() else { return };
    let schema = server.schema().await;
    PostgresTokenStorage::connect(&schema).await.unwrap();
    let name = schema_name(&schema);
    server
        .execute(&format!("INSERT INTO {name}.globus_sdk_migrations VALUES (9)"))
        .await;
    let error = storage_error(PostgresTokenStorage::connect(&schema).await.unwrap_err());
    assert_eq!(error.problem(), StorageProblem::Format);
    assert!(error.to_string().contains('9'), "{error}");
}

#[tokio::test]
async fn a_lock_ends_with_its_holder() {
    let Some(server) = PostgresServer::start() else { return };
    let schema = server.schema().await;
    let holder = PostgresTokenStorage::connect(&named(&schema, "the_holder"))
        .await
        .unwrap();
    let waiter = PostgresTokenStorage::connect(&schema).await.unwrap();
    let held = holder.lock("rs").await.unwrap();
    let hasty = waiter.clone().with_lock_timeout(Duration::from_millis(50));
    let error = storage_error(hasty.lock("rs").await.unwrap_err());
    assert_eq!(error.problem(), StorageProblem::Locked, "{error}");
    server.cut("the_holder").await;
    drop(waiter.lock("rs").await.unwrap());
    drop(held);
    // The holder makes itself a new connection.
    drop(holder.lock("rs").await.unwrap());
    holder.store_token_data_by_resource_server(data("a")).await.unwrap();
}

#[tokio::test]
async fn a_connection_that_is_gone_is_replaced() {
    let Some(server) = PostgresServer::start() else { return };
    let victim = named(&server.schema().await, "the_victim");
    let storage = PostgresTokenStorage::connect_with(&victim, 1).await.unwrap();
    storage.store_token_data_by_resource_server(data("a")).await.unwrap();
    server.cut("the_victim").await;
    assert_eq!(storage.get_token_data("a").await.unwrap(), data("a").remove("a"));
}

/// The name of the schema to which a connection string leads.
fn schema_name(schema: &str) -> &str {
    schema.rsplit(['=', 'D']).next().unwrap().trim_end_matches('\'')
}

#[tokio::test]
async fn who_finds_the_same_table_takes_the_same_lock() {
    let Some(server) = PostgresServer::start() else { return };
    let (first, second) = (server.schema().await, server.schema().await);
    let direct = PostgresTokenStorage::connect(&first).await.unwrap();
    direct.store_token_data_by_resource_server(data("rs")).await.unwrap();
    // It would make tables in a schema of its own, and finds those that are there.
    let path = format!("{},{}", schema_name(&second), schema_name(&first));
    let detour = PostgresTokenStorage::connect(&server.with_schema(&path)).await.unwrap();
    assert!(detour.get_token_data("rs").await.unwrap().is_some());
    let hasty = detour.clone().with_lock_timeout(Duration::from_millis(50));
    let held = direct.lock("rs").await.unwrap();
    assert_eq!(
        storage_error(hasty.lock("rs").await.unwrap_err()).problem(),
        StorageProblem::Locked
    );
    drop(held);
    drop(detour.lock("rs").await.unwrap());
    // Other tables have other locks.
    let apart = PostgresTokenStorage::connect(&second).await.unwrap();
    let _held = direct.lock("rs").await.unwrap();
    drop(apart.lock("rs").await.unwrap());
}

#[tokio::test]
async fn connections_for_locks_are_not_waited_for_without_end() {
    let Some(server) = PostgresServer::start() else { return };
    let storage = PostgresTokenStorage::connect_with(&server.schema().await, 1)
        .await
        .unwrap();
    let held = storage.lock("a").await.unwrap();
    let hasty = storage.clone().with_lock_timeout(Duration::from_millis(50));
    let error = storage_error(hasty.lock("b").await.unwrap_err());
    assert_eq!(error.problem(), StorageProblem::Locked, "{error}");
    assert!(error.to_string().contains("all 1 connections for locks"), "{error}");
    assert!(error.hint().unwrap().contains("connect_with"), "{error:?}");
    drop(held);
    drop(storage.lock("b").await.unwrap());
}

#[tokio::test]
async fn who_stops_waiting_for_a_lock_frees_its_connection() {
    let Some(server) = PostgresServer::start() else { return };
    let schema = server.schema().await;
    let holder = PostgresTokenStorage::connect(&schema).await.unwrap();
    let held = holder.lock("a").await.unwrap();
    let storage = PostgresTokenStorage::connect_with(&named(&schema, "the_hasty"), 1)
        .await
        .unwrap();
    let waits = "SELECT 1 FROM pg_locks JOIN pg_stat_activity USING (pid)
         WHERE locktype = 'advisory' AND NOT granted AND application_name = 'the_hasty'";
    let until = async |count: usize| {
        let begun = Instant::now();
        while server.query(waits).await != count {
            assert!(begun.elapsed() < Duration::from_secs(30), "{count} do not wait");
        }
    };
    for _ in 0..3 {
        let waiting = storage.clone();
        let waiting = tokio::spawn(async move { waiting.lock("a").await });
        until(1).await;
        waiting.abort();
        assert!(waiting.await.unwrap_err().is_cancelled());
        // The one connection for locks is free, and the server waits no more either.
        let other = tokio::time::timeout(Duration::from_secs(8), storage.lock("b")).await;
        drop(other.expect("a free connection").unwrap());
        until(0).await;
    }
    drop(held);
    drop(storage.lock("a").await.unwrap());
}

#[tokio::test]
async fn a_connection_that_is_silent_is_replaced() {
    let Some(server) = PostgresServer::start() else { return };
    let schema = server.schema().await;
    let Some(folder) = schema.strip_prefix("host=").and_then(|rest| rest.split(' ').next()) else {
        return skipped("needs a server of its own, on a socket");
    };
    // Between the storage and the server: who is connected when silence falls hears nothing any more.
    let between = tempfile::tempdir().unwrap();
    let listener = tokio::net::UnixListener::bind(between.path().join(".s.PGSQL.5432")).unwrap();
    let socket = PathBuf::from(folder).join(".s.PGSQL.5432");
    let silence = Arc::new(tokio::sync::Notify::new());
    let fallen = silence.clone();
    let carry = tokio::spawn(async move {
        loop {
            let (mut near, _) = listener.accept().await.unwrap();
            let mut far = tokio::net::UnixStream::connect(&socket).await.unwrap();
            let fallen = fallen.clone();
            tokio::spawn(async move {
                tokio::select! {
                    _ = tokio::io::copy_bidirectional(&mut near, &mut far) => {}
                    () = fallen.notified() => std::future::pending().await,
                }
            });
        }
    });
    let through = schema.replacen(folder, &between.path().display().to_string(), 1);
    let storage = PostgresTokenStorage::connect_with(&through, 1).await.unwrap();
    let patient = storage.clone().with_call_timeout(Duration::from_secs(30));
    patient.store_token_data_by_resource_server(data("a")).await.unwrap();
    silence.notify_waiters();
    let hasty = storage.with_call_timeout(Duration::from_millis(300));
    let error = storage_error(hasty.get_token_data("a").await.unwrap_err());
    assert!(error.to_string().contains("300ms"), "{error}");
    // The one connection that there may be is another one now.
    assert_eq!(patient.get_token_data("a").await.unwrap(), data("a").remove("a"));
    carry.abort();
}

#[test]
fn it_works_from_any_runtime_and_from_none() {
    let Some(server) = PostgresServer::start() else { return };
    let runtime = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
    };
    let schema = runtime().block_on(server.schema());
    let storage = runtime().block_on(PostgresTokenStorage::connect(&schema)).unwrap();
    // Nothing drives this runtime once the block is over, and the lock is let go all the same.
    let first = runtime();
    drop(first.block_on(storage.lock("rs")).unwrap());
    let other = runtime().block_on(PostgresTokenStorage::connect(&schema)).unwrap();
    drop(runtime().block_on(other.lock("rs")).unwrap());
    runtime().block_on(async move {
        storage.store_token_data_by_resource_server(data("a")).await.unwrap();
        drop(storage);
    });
}

#[tokio::test]
async fn errors_say_what_to_do_and_no_password() {
    let wrong = PostgresTokenStorage::connect("user=u password=my SECRET")
        .await
        .unwrap_err();
    assert_eq!(wrong.kind(), ErrorKind::Validation);
    let nobody = "postgres://u:SECRET@127.0.0.1:1/tokens";
    let error = PostgresTokenStorage::connect(nobody).await.unwrap_err();
    let mut shown = vec![
        format!("{wrong} {wrong:?}"),
        format!("{error} {error:?} {:?}", error.hint()),
    ];
    assert!(shown[1].contains("refused") && error.hint().is_some(), "{}", shown[1]);
    if let Some(server) = PostgresServer::start() {
        let schema = server.schema().await;
        let storage = PostgresTokenStorage::connect(&schema).await.unwrap();
        shown.push(format!("{storage:?}"));
        let unknown = schema.replace("dbname=postgres", "dbname=nowhere password=SECRET");
        if unknown != schema {
            let error = PostgresTokenStorage::connect(&unknown).await.unwrap_err();
            assert!(error.to_string().contains("nowhere"), "{error}");
            shown.push(format!("{error} {error:?}"));
        }
        // A row that is not in order, and a text that the database does not take.
        let name = schema_name(&schema);
        server
            .execute(&format!(
                "INSERT INTO {name}.globus_sdk_tokens VALUES ('DEFAULT', 'a', '\"SECRET\"')"
            ))
            .await;
        let error = storage.get_token_data("a").await.unwrap_err();
        assert!(error.to_string().contains("`a`"), "{error}");
        shown.push(format!("{error} {error:?}"));
        let odd = storage.clone().with_namespace("a\0SECRET");
        let error = odd.store_token_data_by_resource_server(data("a")).await.unwrap_err();
        shown.push(format!("{error} {error:?}"));
        storage.store_token_data_by_resource_server(data("a")).await.unwrap();
    }
    assert!(shown.iter().all(|text| !text.contains("SECRET")), "{shown:#?}");
}
