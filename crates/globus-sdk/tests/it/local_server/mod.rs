//! Logins in a browser that comes back to a server on this machine. Here the browser is played; `chromium` has a real one.

mod pages;
mod strangers;

use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use futures_util::future::BoxFuture;
use globus_sdk::app::GlobusAppConfig;
use globus_sdk::config::Config;
use globus_sdk::error::{Error, ErrorKind, LoginErrorKind};
use globus_sdk::gare::GlobusAuthorizationParameters;
use globus_sdk::login::{CommandLineLoginFlowManager, LocalServerLoginFlowManager, LoginFlowManager as _, known};
use globus_sdk::services::auth::AuthorizationFlow;
use globus_sdk::transport::{Ambient, Clock, FixedRandom, ManualClock};
use globus_sdk::{MemoryTokenStorage, NativeAppAuthClient, UserApp};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::Semaphore;
use url::Url;

/// The addresses that a manager opens.
pub(crate) struct Opened(mpsc::Receiver<String>);

impl Opened {
    pub(crate) fn next(&self) -> Url {
        let opened = self
            .0
            .recv_timeout(Duration::from_secs(30))
            .expect("a browser is opened");
        Url::parse(&opened).unwrap()
    }
}

/// A manager whose browser is a channel.
pub(crate) fn manager() -> (LocalServerLoginFlowManager, Opened) {
    let (send, receive) = mpsc::channel();
    let open = move |url: &str| send.send(url.to_owned()).map_err(|_| io::Error::other("nobody looks"));
    let manager = LocalServerLoginFlowManager::new()
        .with_browser(open)
        .with_output(io::sink());
    (manager, Opened(receive))
}

pub(crate) fn param(url: &Url, name: &str) -> String {
    let found = url.query_pairs().find(|(key, _)| key == name);
    found.unwrap_or_else(|| panic!("{url} has no {name}")).1.into_owned()
}

fn flow() -> AuthorizationFlow {
    let client = NativeAppAuthClient::builder("c")
        .config(Config::default())
        .build()
        .unwrap();
    client.oauth2_start_flow("openid").build().unwrap()
}

type Running = std::thread::JoinHandle<(AuthorizationFlow, globus_sdk::Result<SecretString>)>;

/// Runs a login in a thread of its own.
fn run(manager: Arc<LocalServerLoginFlowManager>) -> Running {
    std::thread::spawn(move || {
        let mut flow = flow();
        let code = manager.log_in_blocking(&mut flow, None);
        (flow, code)
    })
}

fn address(redirect: &str) -> SocketAddr {
    redirect
        .trim_start_matches("http://")
        .trim_end_matches('/')
        .parse()
        .unwrap()
}

/// Sends a request as it is, and reads to the end.
pub(crate) fn send(to: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(to).unwrap();
    stream.write_all(bytes).unwrap();
    let mut answer = Vec::new();
    // A request that is cut off is answered so.
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

pub(crate) fn get(to: SocketAddr, target: &str) -> String {
    send(
        to,
        format!("GET {target} HTTP/1.1\r\nHost: {to}\r\nAccept: */*\r\n\r\n").as_bytes(),
    )
}

#[test]
fn a_refusal_is_a_typed_error_and_nothing_is_left_for_the_second_try() {
    let (manager, opened) = manager();
    let manager = Arc::new(manager);
    let login = run(manager.clone());
    let url = opened.next();
    let to = address(&param(&url, "redirect_uri"));
    let hostile = "error=access_denied&error_description=%3Cscript%3Ealert(1)%3C%2Fscript%3E";
    let answer = get(to, &format!("/?{hostile}&state={}", param(&url, "state")));
    assert!(
        answer.starts_with("HTTP/1.1 403 ") && answer.contains("Login failed"),
        "{answer}"
    );
    assert!(
        answer.contains("&lt;script&gt;alert(1)&lt;/script&gt;") && !answer.contains("<script"),
        "{answer}"
    );
    let (flow, code) = login.join().unwrap();
    let Error::Login(error) = code.unwrap_err() else {
        panic!("it is about the login")
    };
    assert_eq!(
        (error.kind(), error.code()),
        (LoginErrorKind::Refused, Some("access_denied"))
    );
    assert!(flow.redirect_uri().ends_with("/v2/web/auth-code"), "as it was before");

    // An answer without a code, from the one who knows the state.
    let login = run(manager.clone());
    let url = opened.next();
    get(
        address(&param(&url, "redirect_uri")),
        &format!("/?state={}", param(&url, "state")),
    );
    let Error::Login(error) = login.join().unwrap().1.unwrap_err() else {
        panic!("it is about the login")
    };
    assert_eq!(error.kind(), LoginErrorKind::NoCode);

    let login = run(manager);
    let url = opened.next();
    get(
        address(&param(&url, "redirect_uri")),
        &format!("/?state={}&code=c", param(&url, "state")),
    );
    assert_eq!(login.join().unwrap().1.unwrap().expose_secret(), "c");
}

#[test]
fn a_port_that_is_in_use_is_a_clear_error_and_is_taken_once_it_is_free() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let (manager, opened) = manager();
    let manager = Arc::new(manager.with_port(port));
    let error = run(manager.clone()).join().unwrap().1.unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("port {port} of this machine is in use by another program")
    );
    assert!(matches!(&error, Error::Login(error) if error.kind() == LoginErrorKind::LocalServer));
    assert!(error.hint().unwrap().contains("another port"));
    drop(taken);
    // Two logins on one port take turns.
    let logins = [run(manager.clone()), run(manager)];
    for _ in &logins {
        let url = opened.next();
        assert_eq!(param(&url, "redirect_uri"), format!("http://127.0.0.1:{port}"));
        let (to, state) = (address(&param(&url, "redirect_uri")), param(&url, "state"));
        get(to, &format!("/?code=c&state={state}"));
    }
    for login in logins {
        login.join().unwrap().1.unwrap();
    }
}

#[test]
fn a_login_that_leads_to_this_machine_is_waited_for_there() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let uri = format!("http://localhost:{port}/done");
    let (manager, opened) = manager();
    let registered = flow().with_redirect_uri(&uri);
    let login = std::thread::spawn(move || {
        let mut flow = registered;
        let code = manager.log_in_blocking(&mut flow, None);
        let url = flow.authorize_url().to_string();
        // And with an address that the program made itself.
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        (
            flow.clone(),
            code,
            runtime.block_on(manager.run_login_flow(&flow, &url)),
        )
    });
    for ip in ["127.0.0.1", "[::1]"] {
        let url = opened.next();
        assert_eq!(param(&url, "redirect_uri"), uri);
        let to = format!("{ip}:{port}").parse().unwrap();
        let to = if TcpStream::connect(to).is_ok() {
            to
        } else {
            SocketAddr::from(([127, 0, 0, 1], port))
        };
        assert!(get(to, &format!("/?code=c&state={}", param(&url, "state"))).contains("404"));
        get(to, &format!("/done?code=c&state={}", param(&url, "state")));
    }
    let (flow, first, second) = login.join().unwrap();
    assert_eq!(
        (flow.redirect_uri(), first.is_ok(), second.is_ok()),
        (uri.as_str(), true, true)
    );
}

#[tokio::test]
async fn what_cannot_be_waited_for_is_refused_when_it_is_built() {
    let elsewhere = "https://app.example.org/cb";
    let (manager, _opened) = manager();
    let mut flow = flow().with_redirect_uri(elsewhere);
    for error in [
        manager.log_in(&mut flow, None).await.unwrap_err(),
        manager.run_login_flow(&flow, "https://x").await.unwrap_err(),
    ] {
        assert!(matches!(error, Error::Usage(_)) && error.to_string().contains("`https://app.example.org/cb`"));
    }
    let built = |manager: LocalServerLoginFlowManager, uri: &str| {
        let config = GlobusAppConfig::new()
            .with_config(Config::default())
            .with_token_storage(MemoryTokenStorage::new())
            .with_login_redirect_uri(uri)
            .with_login_flow_manager(manager);
        UserApp::builder("a").client_id("c").config(config).build().map(drop)
    };
    let error = built(manager, elsewhere).unwrap_err();
    assert!(error.to_string().contains("cannot hear"), "{error}");
    let other_port = LocalServerLoginFlowManager::new().with_port(1);
    assert!(built(other_port, "http://localhost:2/").is_err());
    built(LocalServerLoginFlowManager::new(), "http://localhost:2/").unwrap();
}

/// A clock that strikes when it is told to.
#[derive(Debug, Clone)]
pub(crate) struct Bell(pub(crate) Arc<Semaphore>);

impl Clock for Bell {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
        let bell = self.0.clone();
        Box::pin(async move { bell.acquire().await.map(tokio::sync::SemaphorePermit::forget).unwrap() })
    }
}

#[test]
fn a_person_who_is_too_slow_is_offered_the_login_for_later() {
    let (manager, opened) = manager();
    let bell = Bell(Arc::new(Semaphore::new(0)));
    let manager = manager
        .with_ambient(Ambient::new(bell.clone(), FixedRandom::new(0.0)))
        .with_deadline(Duration::from_secs(77));
    let login = run(Arc::new(manager));
    let url = opened.next();
    let to = address(&param(&url, "redirect_uri"));
    assert!(get(to, "/favicon.ico").contains("404") && !login.is_finished());
    bell.0.add_permits(1);
    let (flow, code) = login.join().unwrap();
    let Error::LoginRequired(late) = code.unwrap_err() else {
        panic!("nobody came")
    };
    assert_eq!(late.why(), "nobody logged in within 77 s");
    // With a page that shows the code, since nobody listens here any more.
    assert_eq!(late.url(), Some(flow.authorize_url().to_string().as_str()));
    assert!(late.url().unwrap().contains("auth-code") && TcpStream::connect(to).is_err());

    let clock = ManualClock::at_unix(0);
    let (manager, _opened) = self::manager();
    let manager = manager.with_ambient(Ambient::new(clock.clone(), FixedRandom::new(0.0)));
    let (_, code) = run(Arc::new(manager)).join().unwrap();
    assert_eq!(code.unwrap_err().kind(), ErrorKind::LoginRequired);
    assert!(
        clock.sleeps().contains(&Duration::from_secs(900)),
        "there is a deadline unless told otherwise too"
    );
}

fn environment(variables: &'static [(&'static str, &'static str)]) -> Config {
    let lookup = |name: &str| {
        let found = variables.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| (*value).to_owned())
    };
    Config::from_lookup(lookup).unwrap()
}

#[tokio::test]
async fn without_a_browser_the_code_is_pasted() {
    for variables in [
        &[][..],
        &[("SSH_CONNECTION", "1.2.3.4 5 6.7.8.9 22"), ("DISPLAY", ":0")],
        &[("SSH_TTY", "/dev/pts/0"), ("BROWSER", "x")],
        &[("BROWSER", "w3m"), ("TERM", "xterm")],
        // One that is named and cannot be opened.
        &[("BROWSER", "false")],
        &[("BROWSER", "/no/such/browser %s")],
    ] {
        if cfg!(not(target_os = "linux")) && !variables.iter().any(|(name, _)| name.starts_with("SSH")) {
            continue;
        }
        let said = Said::default();
        let paste = CommandLineLoginFlowManager::on(io::Cursor::new("pasted\n"), said.clone());
        let manager = LocalServerLoginFlowManager::new()
            .with_config(environment(variables))
            .with_output(io::sink())
            .with_fallback(paste);
        let mut flow = flow();
        let demands = GlobusAuthorizationParameters::new().with_session_required_mfa(true);
        let code = manager.log_in(&mut flow, Some(&demands)).await.unwrap();
        assert_eq!(code.expose_secret(), "pasted", "{variables:?}");
        assert!(flow.redirect_uri().ends_with("/v2/web/auth-code"));
        let said = String::from_utf8(said.0.lock().unwrap().clone()).unwrap();
        assert!(
            said.contains("session_required_mfa=True") && said.contains("auth-code"),
            "{said}"
        );

        let alone = LocalServerLoginFlowManager::new()
            .with_config(environment(variables))
            .with_output(io::sink())
            .without_fallback();
        let Error::LoginRequired(required) = alone.log_in(&mut flow, None).await.unwrap_err() else {
            panic!("{variables:?}")
        };
        assert!(required.why().starts_with("no browser can be opened: "), "{required}");
        assert_eq!(required.url(), Some(flow.authorize_url().to_string().as_str()));
    }
}

#[derive(Debug, Clone, Default)]
struct Said(Arc<Mutex<Vec<u8>>>);

impl io::Write for Said {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(text)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn what_is_shown_and_said_can_be_chosen() {
    let said = Said::default();
    let (manager, opened) = manager();
    let manager = manager
        .with_output(said.clone())
        .with_html_template("<p>$login_result! $post_login_message</p>");
    let login = run(Arc::new(manager));
    let url = opened.next();
    let answer = get(
        address(&param(&url, "redirect_uri")),
        &format!("/?code=c&state={}", param(&url, "state")),
    );
    assert!(
        answer.contains("\r\n\r\n<p>Back to the program! Globus has let you in. "),
        "{answer}"
    );
    login.join().unwrap().1.unwrap();
    let said = String::from_utf8(said.0.lock().unwrap().clone()).unwrap();
    assert!(
        said.lines().any(|line| line == url.as_str()),
        "the address has a line of its own: {said}"
    );
}

#[test]
fn managers_have_the_names_of_the_python_sdk() {
    for name in ["command-line", "local-server"] {
        let manager = known(name).unwrap();
        assert!(
            format!("{manager:?}")
                .to_lowercase()
                .starts_with(&name.replace('-', ""))
        );
    }
    let error = known("LocalServer").unwrap_err();
    assert!(error.to_string().contains("`LocalServer` is not known"), "{error}");
}
