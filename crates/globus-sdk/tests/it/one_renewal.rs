//! One token that has ended, and all who want it at once: threads, tasks, processes. One of them renews it.
//!
//! The processes are this test program itself, started again to run [`renewing`] alone.

#![allow(clippy::print_stdout)] // figures

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Instant;

use futures_util::future::BoxFuture;
use globus_emulator::{Emulator, seed};
use globus_sdk::app::{GlobusAppConfig, LoginPolicy};
use globus_sdk::login::LoginFlowManager;
use globus_sdk::{AuthorizationFlow, Config, GroupsClient, Result, TokenStorage, UserApp};
use secrecy::SecretString;

use crate::postgres::PostgresServer;
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

async fn renewed_once(what: &str, store: &str) {
    let emulator = Arc::new(Emulator::start().await.unwrap());
    let env = emulator.env();
    let config =
        Config::from_lookup(move |name| env.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()));
    // A refresh token that is used twice would be refused the second time.
    emulator.rotate_refresh_tokens(true);
    let first = app(config.unwrap(), open(store).await, Some(Alice(emulator.clone())));
    let groups = GroupsClient::builder().app(&first).build().unwrap();
    groups.get_my_groups().await.unwrap();
    drop((groups, first));

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
        "{what}: {PROCESSES} processes x {THREADS} threads x {TASKS} tasks on one ended token: {renewals} refresh, {} answers, \
         {:.1} s",
        answered.clone().count(),
        begun.elapsed().as_secs_f32()
    );
    assert_eq!(renewals, 1);
    assert_eq!(answered.count(), PROCESSES * TASKS);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_a_json_file() {
    let folder = tempfile::tempdir().unwrap();
    renewed_once(
        "one JSON file",
        &format!("json {}", folder.path().join("tokens.json").display()),
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_an_sqlite_file() {
    let folder = tempfile::tempdir().unwrap();
    renewed_once(
        "one SQLite file",
        &format!("sqlite {}", folder.path().join("tokens.db").display()),
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_postgres() {
    let Some(server) = PostgresServer::start() else { return };
    renewed_once("one PostgreSQL", &format!("postgres {}", server.schema().await)).await;
}
