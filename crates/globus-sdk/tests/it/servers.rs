//! The examples that serve, and the one for cron: as programs of their own, unmodified, against the emulator.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::BoxFuture;
use globus_emulator::Emulator;
use globus_emulator::seed::{
    self, ALICE, CLIENT_ID, CLIENT_SECRET, RESOURCE_SERVER_ID, RESOURCE_SERVER_SECRET, WEB_CLIENT_ID, WEB_CLIENT_SECRET,
};
use globus_sdk::app::{GlobusAppConfig, LoginPolicy};
use globus_sdk::login::LoginFlowManager;
use globus_sdk::tokens::PostgresTokenStorage;
use globus_sdk::{
    AuthorizationFlow, BaseClient, Config, JsonTokenStorage, MemoryTokenStorage, Result, TokenStorage, UserApp, gare,
};
use secrecy::SecretString;
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::examples::example;
use crate::postgres::PostgresServer;
use crate::programs::watch;

/// A program that serves until this is dropped.
struct Server {
    child: Child,
    port: u16,
}

impl Server {
    fn start(emulator: &Emulator, name: &str, program: (&str, &str), arguments: &[&str]) -> Self {
        Self::start_with(emulator, name, program, arguments, &[])
    }

    fn start_with(
        emulator: &Emulator,
        name: &str,
        (id, secret): (&str, &str),
        arguments: &[&str],
        variables: &[(&str, &str)],
    ) -> Self {
        let mut child = Command::new(example(name))
            .args(arguments)
            .env_clear()
            .envs(emulator.env())
            .envs(variables.iter().copied())
            .env("GLOBUS_CLIENT_ID", id)
            .env("GLOBUS_CLIENT_SECRET", secret)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let port = line.trim().rsplit(':').next().and_then(|port| port.parse().ok());
        let port = port.unwrap_or_else(|| panic!("it says where it listens: {line:?}"));
        Self { child, port }
    }

    /// One request, as a browser that keeps its cookies would send it.
    fn send(&self, method: &str, target: &str, headers: &[(&str, &str)]) -> Answer {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let mut text = format!("{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
        for (name, value) in headers {
            text.extend([name, ": ", value, "\r\n"]);
        }
        write!(stream, "{text}Content-Length: 0\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let mut lines = head.lines();
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers = lines.filter_map(|line| line.split_once(": "));
        Answer {
            status,
            headers: headers
                .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
                .collect(),
            body: body.to_owned(),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[derive(Debug)]
struct Answer {
    status: u16,
    headers: HashMap<String, String>,
    body: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("{self:?}"))
    }

    fn cookie(&self) -> String {
        let cookie = self
            .headers
            .get("set-cookie")
            .unwrap_or_else(|| panic!("no cookie: {self:?}"));
        assert!(
            cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"),
            "{cookie}"
        );
        cookie.split(';').next().unwrap().to_owned()
    }
}

/// Alice, who logs in whenever she is asked to.
#[derive(Debug)]
struct Alice(Arc<Emulator>, Arc<AtomicUsize>);

impl LoginFlowManager for Alice {
    fn run_login_flow<'a>(&'a self, _flow: &'a AuthorizationFlow, url: &'a str) -> BoxFuture<'a, Result<SecretString>> {
        Box::pin(async move {
            self.1.fetch_add(1, Ordering::SeqCst);
            Ok(self.0.sign_in(url, "alice").unwrap().code().unwrap().into())
        })
    }
}

const SERVICE: (&str, &str) = (RESOURCE_SERVER_ID, RESOURCE_SERVER_SECRET);

fn scope(suffix: &str) -> String {
    format!("https://auth.globus.org/scopes/{RESOURCE_SERVER_ID}/{suffix}")
}

#[test]
fn the_service_lets_in_whom_it_knows() {
    let emulator = Emulator::builder().start_now().unwrap();
    let server = Server::start(&emulator, "service_axum", SERVICE, &["127.0.0.1:0"]);
    let without = server.send("GET", "/groups", &[]);
    assert_eq!(
        (without.status, without.headers["www-authenticate"].as_str()),
        (401, "Bearer")
    );

    let get = |path: &str, scopes: &str| {
        let token = emulator.mint_token(ALICE, &[scopes]).unwrap();
        server.send("GET", path, &[("Authorization", &format!("Bearer {token}"))])
    };
    let little = get("/groups", &scope("read"));
    assert_eq!(little.status, 403);
    let demand = gare::to_gare(&little.json()).unwrap().authorization_parameters;
    let needed = demand.required_scopes.unwrap().join(" ");
    assert!(needed.starts_with(&format!("{}[", scope("all"))), "{needed}");

    // A token for the service, but nothing below it that leads to Groups.
    let bare = get("/groups", &scope("all"));
    assert_eq!(bare.status, 403);
    assert_eq!(
        gare::to_gare(&bare.json())
            .unwrap()
            .authorization_parameters
            .required_scopes,
        Some(vec![needed.clone()])
    );

    let full = get("/groups", &needed);
    assert_eq!(full.status, 200, "{full:?}");
    assert_ne!(get("/archive", &needed).status, 200, "it has no policy");
    assert!(
        full.json()["groups"]
            .as_array()
            .unwrap()
            .contains(&"Example Research Group".into())
    );

    let vault = get("/vault", &needed);
    let demand = gare::to_gare(&vault.json()).unwrap().authorization_parameters;
    assert_eq!((vault.status, demand.session_required_mfa), (403, Some(true)));
    assert!(
        vault.headers["www-authenticate"].contains("max_age=\"3600\""),
        "{vault:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_sdk_logs_in_with_what_the_service_asks_for() {
    let emulator = Arc::new(Emulator::builder().start_now().unwrap());
    let policy = [("GLOBUS_POLICY", seed::POLICY)];
    let server = Server::start_with(&emulator, "service_axum", SERVICE, &["127.0.0.1:0"], &policy);
    let logins = Arc::new(AtomicUsize::new(0));
    let env = emulator.env();
    let lookup = move |name: &str| env.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    let config = GlobusAppConfig::new()
        .with_config(Config::from_lookup(lookup).unwrap())
        .with_token_storage(MemoryTokenStorage::new())
        .with_login_policy(LoginPolicy::Always)
        .with_auto_redrive_gares(true)
        .with_login_flow_manager(Alice(emulator.clone(), logins.clone()));
    let app = UserApp::builder("A Test")
        .client_id(seed::NATIVE_CLIENT_ID)
        .config(config)
        .build()
        .unwrap();
    let service = BaseClient::builder()
        .base_url(format!("http://127.0.0.1:{}/", server.port))
        .resource_server(RESOURCE_SERVER_ID)
        .app_scopes(scope("read"))
        .app(&app)
        .build()
        .unwrap();
    let asked = || logins.load(Ordering::SeqCst);
    let groups: Value = service.get("/groups").await.unwrap().json().unwrap();
    assert!(!groups["groups"].as_array().unwrap().is_empty());
    assert_eq!(
        asked(),
        2,
        "one for the scope it knew of, one for what the service wants"
    );
    service.get("/groups").await.unwrap();
    assert_eq!(asked(), 2);
    // A second factor, and a login that is not old.
    let vault: Value = service.get("/vault").await.unwrap().json().unwrap();
    assert_eq!(vault["open"], true);
    assert_eq!(asked(), 3);
    // A policy that this login meets.
    let archive: Value = service.get("/archive").await.unwrap().json().unwrap();
    assert_eq!((&archive["open"], asked()), (&Value::Bool(true), 3));
}

/// The published Python SDK reads the same answers and does the same.
#[test]
fn the_python_sdk_logs_in_with_what_the_service_asks_for() {
    let python = std::env::var("GLOBUS_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let found = Command::new(&python).args(["-c", "import globus_sdk"]).output();
    if !found.is_ok_and(|found| found.status.success()) {
        eprintln!("skipped: {python} has no globus_sdk");
        return;
    }
    let emulator = Emulator::builder().start_now().unwrap();
    let server = Server::start(&emulator, "service_axum", SERVICE, &["127.0.0.1:0"]);
    let home = tempfile::tempdir().unwrap();
    let script = format!(
        r#"
import globus_sdk
class Service(globus_sdk.BaseClient):
    base_url = "http://127.0.0.1:{port}/"
    default_scope_requirements = [globus_sdk.scopes.Scope("{read}")]
    resource_server = "{server}"
config = globus_sdk.GlobusAppConfig(auto_redrive_gares=True)
app = globus_sdk.UserApp("a-test", client_id="{native}", config=config)
service = Service(app=app)
print("GROUPS", len(service.get("/groups")["groups"]))
print("VAULT", service.get("/vault")["open"])
"#,
        port = server.port,
        read = scope("read"),
        server = RESOURCE_SERVER_ID,
        native = seed::NATIVE_CLIENT_ID,
    );
    let mut child = Command::new(python)
        .args(["-u", "-c", &script])
        .env_clear()
        .envs(emulator.env())
        .env("HOME", home.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (out, logins) = watch(&emulator, &mut child);
    assert!(child.wait().unwrap().success(), "{out}");
    assert!(out.contains("GROUPS 3") && out.contains("VAULT True"), "{out}");
    assert_eq!(logins, 3, "{out}");
}

/// A person's browser: where the portal sends it, and the cookie with which it comes back.
fn log_in(emulator: &Emulator, server: &Server, person: &str) -> String {
    let begun = server.send("GET", "/login", &[]);
    assert_eq!(begun.status, 303);
    let landed = emulator.sign_in(&begun.headers["location"], person).unwrap();
    let target = landed
        .redirect()
        .split_once("/callback")
        .map(|(_, query)| format!("/callback{query}"));
    let done = server.send("GET", &target.unwrap(), &[("Cookie", &begun.cookie())]);
    assert_eq!((done.status, done.headers["location"].as_str()), (303, "/"), "{done:?}");
    done.cookie()
}

#[test]
fn the_portal_keeps_everybodys_tokens_apart() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("tokens.json");
    let storage = JsonTokenStorage::new(&file).unwrap();
    keeps_apart(&runtime(), &["0", file.to_str().unwrap()], &[], &|identity| {
        Arc::new(storage.clone().with_namespace(identity))
    });
}

#[test]
fn the_portal_keeps_everybodys_tokens_apart_in_a_database() {
    let Some(server) = PostgresServer::start() else { return };
    let runtime = runtime();
    let database = runtime.block_on(server.schema());
    let storage = runtime.block_on(PostgresTokenStorage::connect(&database)).unwrap();
    keeps_apart(&runtime, &["0"], &[("PORTAL_DATABASE", &database)], &|identity| {
        Arc::new(storage.clone().with_namespace(identity))
    });
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}

/// The portal, started with `arguments` and `variables` that say where its tokens are; `tokens` finds those of an identity.
fn keeps_apart(
    runtime: &Runtime,
    arguments: &[&str],
    variables: &[(&str, &str)],
    tokens: &dyn Fn(&str) -> Arc<dyn TokenStorage>,
) {
    let stored = |identity: &str| {
        let tokens = tokens(identity);
        runtime
            .block_on(tokens.get_token_data_by_resource_server())
            .unwrap()
            .len()
    };
    let emulator = Emulator::builder().start_now().unwrap();
    emulator.rotate_refresh_tokens(true);
    let program = (WEB_CLIENT_ID, WEB_CLIENT_SECRET);
    let portal = Server::start_with(&emulator, "web_backend", program, arguments, variables);
    assert_eq!(portal.send("GET", "/", &[]).headers["location"], "/login");
    let (alice, bob) = (log_in(&emulator, &portal, "alice"), log_in(&emulator, &portal, "bob"));
    let home_of = |cookie: &str| portal.send("GET", "/", &[("Cookie", cookie)]);
    let identity = |cookie: &str| home_of(cookie).json()["identity"].as_str().unwrap().to_owned();
    assert_eq!(
        (identity(&alice), identity(&bob)),
        (seed::ALICE.to_owned(), seed::BOB.to_owned())
    );
    assert_ne!(home_of(&alice).json()["groups"], home_of(&bob).json()["groups"]);
    let namespaces = runtime.block_on(tokens(seed::ALICE).namespaces()).unwrap();
    assert_eq!(namespaces, [seed::ALICE, seed::BOB]);

    // Tokens end; many requests at once renew each person's once.
    emulator.expire_tokens();
    emulator.clear_requests();
    std::thread::scope(|scope| {
        for cookie in [&alice, &bob, &alice, &bob, &alice, &bob] {
            scope.spawn(|| assert_eq!(home_of(cookie).status, 200));
        }
    });
    let renewed = emulator.requests();
    let renewed = renewed
        .iter()
        .filter(|request| request.form_value("grant_type") == Some("refresh_token"));
    assert_eq!(renewed.count(), 2, "one for each of them");

    // Somebody else's login, or a cookie that is guessed, is no way in.
    let begun = portal.send("GET", "/login", &[]);
    let forged = portal.send("GET", "/callback?code=x&state=wrong", &[("Cookie", &begun.cookie())]);
    assert_eq!(forged.status, 400, "{forged:?}");
    let landed = emulator.sign_in(&begun.headers["location"], "bob").unwrap();
    let query = landed.redirect().split_once('?').unwrap().1;
    let elsewhere = portal.send(
        "GET",
        &format!("/callback?{query}"),
        &[("Cookie", "portal-login=guess")],
    );
    assert_eq!(
        (elsewhere.status, elsewhere.headers["location"].as_str()),
        (303, "/login")
    );
    assert_eq!(home_of("portal-session=guess").headers["location"], "/login");

    // Who withdraws the consents has to log in again; who logs out is forgotten.
    emulator.withdraw_consents("bob");
    assert_eq!(home_of(&bob).headers["location"], "/login");
    assert_eq!(portal.send("POST", "/logout", &[("Cookie", &alice)]).status, 204);
    assert_eq!(home_of(&alice).headers["location"], "/login");
    assert_eq!((stored(seed::ALICE), stored(seed::BOB)), (0, 2));
}

/// The code and the words of one run of the job.
fn job(emulator: &Emulator, home: &Path, change: impl FnOnce(&mut Command)) -> (Option<i32>, String) {
    let mut command = Command::new(example("cron_client_credentials"));
    command
        .env_clear()
        .envs(emulator.env())
        .env("HOME", home)
        // Even somebody who claims to be there is not asked.
        .env("GLOBUS_SDK_INTERACTIVE", "1")
        .env("GLOBUS_CLIENT_ID", CLIENT_ID)
        .env("GLOBUS_CLIENT_SECRET", CLIENT_SECRET)
        .stdin(Stdio::null());
    change(&mut command);
    let ran = command.output().unwrap();
    let said = String::from_utf8([ran.stdout, ran.stderr].concat()).unwrap();
    assert!(!said.contains("/authorize") && !said.contains(CLIENT_SECRET), "{said}");
    (ran.status.code(), said)
}

#[test]
fn the_job_says_by_its_code_how_it_went() {
    let (emulator, home) = (Emulator::builder().start_now().unwrap(), tempfile::tempdir().unwrap());
    // Two at once do not wait for each other.
    let runs = std::thread::scope(|scope| {
        let start = || scope.spawn(|| job(&emulator, home.path(), |_| ()));
        [start(), start()].map(|run| run.join().unwrap())
    });
    assert!(runs.iter().any(|(code, _)| *code == Some(0)), "{runs:?}");
    let (code, said) = job(&emulator, home.path(), |_| ());
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.contains("Task ID: ") && said.contains("the task succeeded"),
        "{said}"
    );
    assert_eq!(
        std::fs::read_dir(home.path()).unwrap().count(),
        0,
        "it leaves nothing behind"
    );
    assert!(
        emulator
            .requests()
            .iter()
            .all(|request| !request.path.contains("authorize"))
    );

    let code = |change: &dyn Fn(&mut Command)| job(&emulator, home.path(), change).0;
    assert_eq!(
        code(&|job| {
            job.env_remove("GLOBUS_CLIENT_SECRET");
        }),
        Some(2)
    );
    assert_eq!(
        code(&|job| {
            job.args(["nonsense", "x"]);
        }),
        Some(2)
    );
    assert_eq!(
        code(&|job| {
            job.env("GLOBUS_CLIENT_SECRET", "wrong");
        }),
        Some(4)
    );
    let missing = format!("{}:/no/such/folder/", seed::TUTORIAL_COLLECTION_1);
    assert_eq!(
        code(&|job| {
            job.arg(&missing);
        }),
        Some(1)
    );
    let nowhere = "http://127.0.0.1:1/";
    let unplugged = |job: &mut Command| {
        let names = ["AUTH", "TRANSFER"].map(|name| format!("GLOBUS_SDK_SERVICE_URL_{name}"));
        job.envs(names.map(|name| (name, nowhere)));
    };
    assert_eq!(code(&unplugged), Some(5));
}
