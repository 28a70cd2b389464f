//! One token that has ended, and all who want it at once: threads, tasks, processes. One of them renews it.
//!
//! The processes are this test program itself, started again to run [`renewing`] alone.

#![allow(clippy::print_stdout)] // figures

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;
use globus_emulator::{Emulator, Fault, RecordedRequest, seed};
use globus_sdk::app::{GlobusAppConfig, LoginPolicy};
use globus_sdk::error::ErrorKind;
use globus_sdk::login::LoginFlowManager;
use globus_sdk::scopes::GroupsScopes;
use globus_sdk::tokens::{LockGuard, TokenDataByResourceServer, TokenStorageData};
use globus_sdk::{AuthorizationFlow, Config, GroupsClient, MemoryTokenStorage, Result, TokenStorage, UserApp};
use secrecy::SecretString;

use crate::postgres::{PostgresServer, named};
use crate::token_processes::{STORE, open};

const PROCESSES: usize = 8;
const THREADS: usize = 16;
const TASKS: usize = 64;

#[derive(Debug)]
struct Alice(Arc<Emulator>);

impl LoginFlowManager for Alice {
    fn run_login_flow<'a>(&'a self, _flow: &'a AuthorizationFlow, url: &'a str) -> BoxFuture<'a, Result<SecretString>> {
        Box::pin(async move { Ok(self.0.sign_in(url, "alice").unwrap().code().unwrap().into()) })
    }
}

fn app(config: Config, storage: Arc<dyn TokenStorage>, alice: Option<Alice>) -> UserApp {
    let config = GlobusAppConfig::new().with_config(config).with_token_storage(storage);
    let config = match alice {
        Some(alice) => config
            .with_login_policy(LoginPolicy::Always)
            .with_login_flow_manager(alice),
        None => config.with_login_policy(LoginPolicy::Never),
    };
    let builder = UserApp::builder("one renewal").client_id(seed::NATIVE_CLIENT_ID);
    builder.config(config).build().unwrap()
}

fn config(emulator: &Emulator) -> Config {
    let env = emulator.env();
    let found = move |name: &str| env.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    Config::from_lookup(found).unwrap()
}

/// Alice's groups, after she has logged in with a storage.
pub(crate) async fn logged_in(emulator: &Arc<Emulator>, storage: Arc<dyn TokenStorage>) -> GroupsClient {
    let app = app(config(emulator), storage, Some(Alice(emulator.clone())));
    let groups = GroupsClient::builder().app(&app).build().unwrap();
    groups.get_my_groups().await.unwrap();
    groups
}

/// Not a test of its own: asks for groups from many tasks on many threads as soon as it is told to.
#[test]
#[ignore = "it is run by the other tests of this file, as a process of its own"]
fn renewing() {
    let Ok(store) = std::env::var(STORE) else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(THREADS)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let app = app(Config::from_env().unwrap(), open(&store).await, None);
        let groups = GroupsClient::builder().app(&app).build().unwrap();
        println!("ready");
        std::io::stdin().read_line(&mut String::new()).unwrap();
        let asked = (0..TASKS).map(|_| tokio::spawn(groups.get_my_groups().into_future()));
        for answer in asked.collect::<Vec<_>>() {
            assert!(!answer.await.unwrap().unwrap().is_empty());
        }
    });
}

fn start(emulator: &Emulator, store: &str) -> (Child, BufReader<std::process::ChildStdout>) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "one_renewal::renewing",
            "--ignored",
            "--nocapture",
            "--test-threads=1",
        ])
        .envs(emulator.env())
        .env(STORE, store)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let out = BufReader::new(child.stdout.take().unwrap());
    (child, out)
}

/// `late` is by how much the answer to the renewal is.
async fn renewed_once(what: &str, store: &str, late: Duration) {
    let emulator = Arc::new(Emulator::start().await.unwrap());
    // A refresh token that is used twice would be refused the second time.
    emulator.rotate_refresh_tokens(true);
    drop(logged_in(&emulator, open(store).await).await);

    let mut children: Vec<_> = (0..PROCESSES).map(|_| start(&emulator, store)).collect();
    for (_, out) in &mut children {
        let mut line = String::new();
        while !line.contains("ready") {
            line.clear();
            assert_ne!(out.read_line(&mut line).unwrap(), 0, "it ended before it was ready");
        }
    }
    emulator.expire_tokens();
    emulator.clear_requests();
    if !late.is_zero() {
        emulator.inject(Fault::slow(late).path("/v2/oauth2/token").always());
    }
    let begun = Instant::now();
    for (child, _) in &mut children {
        writeln!(child.stdin.take().unwrap(), "go").unwrap();
    }
    for (mut child, mut out) in children {
        let mut said = String::new();
        std::io::Read::read_to_string(&mut out, &mut said).unwrap();
        assert!(child.wait().unwrap().success(), "{said}");
    }
    let requests = emulator.requests();
    let renewals = requests
        .iter()
        .filter(|request| request.path == "/v2/oauth2/token")
        .count();
    let answered = requests
        .iter()
        .filter(|request| request.path.contains("my_groups") && request.status == 200);
    println!(
        "{what}: {PROCESSES} processes x {THREADS} threads x {TASKS} tasks on one ended token, renewed in {late:?}: {renewals} \
         refresh, {} answers, {:.1} s",
        answered.clone().count(),
        begun.elapsed().as_secs_f32()
    );
    assert_eq!(renewals, 1);
    assert_eq!(answered.count(), PROCESSES * TASKS);
    assert!(
        begun.elapsed() < late + Duration::from_secs(60),
        "{:?}",
        begun.elapsed()
    );
}

/// Longer than anybody waits for a turn without looking whether the other is still there.
const LATE: Duration = Duration::from_secs(6);

async fn over_a_file(kind: &str, late: Duration) {
    let folder = tempfile::tempdir().unwrap();
    let store = format!("{kind} {}", folder.path().join("tokens").display());
    renewed_once(&format!("one {kind} file"), &store, late).await;
}

async fn over_a_database(late: Duration) {
    let Some(server) = PostgresServer::start() else { return };
    renewed_once("one PostgreSQL", &format!("postgres {}", server.schema().await), late).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_a_json_file() {
    over_a_file("json", Duration::ZERO).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_an_sqlite_file() {
    over_a_file("sqlite", Duration::ZERO).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_postgres() {
    over_a_database(Duration::ZERO).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_a_json_file_with_a_late_answer() {
    over_a_file("json", LATE).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_an_sqlite_file_with_a_late_answer() {
    over_a_file("sqlite", LATE).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_postgres_with_a_late_answer() {
    over_a_database(LATE).await;
}

/// The connection that holds the lock breaks while the answer to the renewal is on its way, so that another program
/// uses the same refresh token, which is good for one use.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lock_that_breaks_in_the_middle() {
    let Some(server) = PostgresServer::start() else { return };
    let emulator = Arc::new(Emulator::start().await.unwrap());
    emulator.rotate_refresh_tokens(true);
    let schema = server.schema().await;
    let store = format!("postgres {schema}");
    let holder = open(&named(&store, "cut_in_the_middle")).await;
    let holder = logged_in(&emulator, holder).await;
    let other = app(config(&emulator), open(&store).await, None);
    let other = GroupsClient::builder().app(&other).build().unwrap();
    other.get_my_groups().await.unwrap();

    emulator.expire_tokens();
    emulator.inject(Fault::slow(Duration::from_secs(3)).path("/v2/oauth2/token").times(1));
    let renewal = tokio::spawn(holder.get_my_groups().into_future());
    server.wait_for_lock("cut_in_the_middle").await;
    server.cut("cut_in_the_middle").await;
    let second = other.get_my_groups().await;
    let first = renewal.await.unwrap();
    let failures: Vec<_> = [first, second].into_iter().filter_map(Result::err).collect();
    assert!(failures.len() < 2, "one of them renewed it: {failures:?}");
    for failure in &failures {
        assert_eq!(failure.kind(), ErrorKind::LoginRequired, "{failure}");
    }
    // Nothing is lost: what the one got is there for both, now and for the next renewal.
    for _ in 0..2 {
        other.get_my_groups().await.unwrap();
        holder.get_my_groups().await.unwrap();
        emulator.expire_tokens();
    }
    println!(
        "one PostgreSQL: the lock's connection cut in mid-renewal: {} of 2 had to ask again",
        failures.len()
    );
}

/// A storage that shows what it held, until a refresh token was refused: as if another program, which no lock keeps out,
/// had been faster by a moment.
#[derive(Debug)]
struct Behind {
    tokens: MemoryTokenStorage,
    held: Mutex<Option<TokenStorageData>>,
    emulator: Arc<Emulator>,
}

impl Behind {
    fn has_been_refused(&self) -> bool {
        let requests = self.emulator.requests();
        let refused = |request: &RecordedRequest| request.path == "/v2/oauth2/token" && request.status >= 400;
        requests.iter().any(refused)
    }
}

impl TokenStorage for Behind {
    fn namespace(&self) -> &str {
        self.tokens.namespace()
    }

    fn store_token_data_by_resource_server(&self, data: TokenDataByResourceServer) -> BoxFuture<'_, Result<()>> {
        self.tokens.store_token_data_by_resource_server(data)
    }

    fn get_token_data_by_resource_server(&self) -> BoxFuture<'_, Result<TokenDataByResourceServer>> {
        self.tokens.get_token_data_by_resource_server()
    }

    fn get_token_data<'a>(&'a self, resource_server: &'a str) -> BoxFuture<'a, Result<Option<TokenStorageData>>> {
        let held = self.held.lock().unwrap().clone();
        match held.filter(|held| held.resource_server == resource_server && !self.has_been_refused()) {
            Some(held) => Box::pin(async { Ok(Some(held)) }),
            None => self.tokens.get_token_data(resource_server),
        }
    }

    fn remove_token_data<'a>(&'a self, resource_server: &'a str) -> BoxFuture<'a, Result<bool>> {
        self.tokens.remove_token_data(resource_server)
    }

    fn namespaces(&self) -> BoxFuture<'_, Result<Vec<String>>> {
        self.tokens.namespaces()
    }

    fn lock<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<LockGuard>> {
        self.tokens.lock(key)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refresh_token_that_another_program_has_just_used() {
    let emulator = Arc::new(Emulator::start().await.unwrap());
    emulator.rotate_refresh_tokens(true);
    let tokens = MemoryTokenStorage::new();
    let fast = logged_in(&emulator, Arc::new(tokens.clone())).await;
    let held = tokens.get_token_data(GroupsScopes::RESOURCE_SERVER).await.unwrap();
    emulator.expire_tokens();
    fast.get_my_groups().await.unwrap();
    emulator.clear_requests();
    let behind = Arc::new(Behind {
        tokens,
        held: Mutex::new(held),
        emulator: emulator.clone(),
    });
    let slow = app(config(&emulator), behind.clone(), None);
    let slow = GroupsClient::builder().app(&slow).build().unwrap();
    slow.get_my_groups().await.unwrap();
    assert!(behind.has_been_refused());
}
