//! What the browser shows in the end: what became of the login, and nothing before that is known.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

use futures_util::FutureExt as _;
use globus_emulator::{Emulator, seed};
use globus_sdk::app::{GlobusAppConfig, LoginPolicy};
use globus_sdk::config::Config;
use globus_sdk::error::Error;
use globus_sdk::login::{Finish, LoginFlowManager as _};
use globus_sdk::{MemoryTokenStorage, Result, UserApp, blocking};
use secrecy::ExposeSecret as _;
use tokio::sync::oneshot;
use url::Url;

use crate::scripted::Scripted;

use super::{Opened, address, flow, get, manager, param};

/// A login whose program has the code, and does not say yet how it ends: `done` is told, and `browser` waits.
struct Halfway {
    login: tokio::task::JoinHandle<Result<()>>,
    done: oneshot::Sender<Result<()>>,
    browser: TcpStream,
}

impl Halfway {
    async fn begin() -> Self {
        let (manager, opened) = manager();
        let (done, ending) = oneshot::channel::<Result<()>>();
        let (has_code, code) = oneshot::channel();
        let login = tokio::spawn(async move {
            let mut flow = flow();
            let finish: Finish<'_> = Box::new(move |flow, code| {
                has_code.send((flow.redirect_uri().to_owned(), code)).unwrap();
                async move { ending.await.unwrap() }.boxed()
            });
            manager.complete_login(&mut flow, None, finish).await
        });
        let url = tokio::task::spawn_blocking(move || opened.next()).await.unwrap();
        let (redirect, state) = (param(&url, "redirect_uri"), param(&url, "state"));
        let to = address(&redirect);
        let mut browser = TcpStream::connect(to).unwrap();
        let request = format!("GET /?code=c&state={state} HTTP/1.1\r\nHost: {to}\r\n\r\n");
        browser.write_all(request.as_bytes()).unwrap();
        let (led_to, code) = code.await.unwrap();
        assert_eq!((led_to, code.expose_secret()), (redirect, "c"));
        assert!(TcpStream::connect(to).is_err(), "nobody else is let in any more");
        browser.set_nonblocking(true).unwrap();
        let early = browser.read(&mut [0]).unwrap_err();
        assert_eq!(
            early.kind(),
            ErrorKind::WouldBlock,
            "nothing is said before it is known"
        );
        browser.set_nonblocking(false).unwrap();
        Self { login, done, browser }
    }
}

async fn shown(mut browser: TcpStream) -> String {
    let read = move || {
        let mut page = String::new();
        browser.read_to_string(&mut page).unwrap();
        page
    };
    tokio::task::spawn_blocking(read).await.unwrap()
}

#[tokio::test]
async fn the_page_says_how_the_login_ended() {
    let halfway = Halfway::begin().await;
    halfway.done.send(Ok(())).unwrap();
    let page = shown(halfway.browser).await;
    assert!(
        page.starts_with("HTTP/1.1 200 ") && page.contains("Login successful"),
        "{page}"
    );
    halfway.login.await.unwrap().unwrap();

    let halfway = Halfway::begin().await;
    let error = Error::validation("tokens", "the <disk> is full");
    halfway.done.send(Err(error)).unwrap();
    let page = shown(halfway.browser).await;
    assert!(
        page.starts_with("HTTP/1.1 500 ") && page.contains("Login failed"),
        "{page}"
    );
    assert!(page.contains("the &lt;disk&gt; is full"), "{page}");
    let error = halfway.login.await.unwrap().unwrap_err();
    assert!(error.to_string().contains("the <disk> is full"));
}

#[tokio::test]
async fn a_program_that_stops_in_between_leaves_a_page_too() {
    let halfway = Halfway::begin().await;
    halfway.login.abort();
    assert!(halfway.login.await.unwrap_err().is_cancelled());
    let page = shown(halfway.browser).await;
    assert!(
        page.starts_with("HTTP/1.1 503 ") && page.contains("Login not finished"),
        "{page}"
    );
}

/// From the browser to the tokens, for a program whose redirects are registered and for one that has none.
#[test]
fn tokens_by_resource_server() {
    let transport = Scripted::json([crate::login::tokens()]);
    let native = blocking::NativeAppAuthClient::builder("c").config(Config::default());
    let native = native.transport(transport.clone()).build().unwrap();
    let program = blocking::ConfidentialAppAuthClient::with_secret("c", "s").config(Config::default());
    let program = program.transport(transport.clone()).build().unwrap();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let registered = format!("http://localhost:{port}/done");
    let flows = [
        native.oauth2_start_flow("openid").build().unwrap(),
        program.oauth2_start_flow(&registered, "openid").build().unwrap(),
    ];
    for (index, mut flow) in flows.into_iter().enumerate() {
        let (manager, opened) = manager();
        let login = std::thread::spawn(move || manager.log_in_blocking(&mut flow, None).map(|code| (flow, code)));
        let url = opened.next();
        let redirect = Url::parse(&param(&url, "redirect_uri")).unwrap();
        let to = ([127, 0, 0, 1], redirect.port().unwrap()).into();
        let page = get(
            to,
            &format!("{}?code=the-code&state={}", redirect.path(), param(&url, "state")),
        );
        assert!(page.starts_with("HTTP/1.1 200 "), "{page}");
        let (flow, code) = login.join().unwrap().unwrap();
        let tokens = match index {
            0 => flow.exchange(&native, code).send(),
            _ => flow.exchange(&program, code).send(),
        };
        assert!(tokens.unwrap().by_resource_server().contains_key("auth.globus.org"));
        let sent = crate::login::form(&transport, index);
        let led_to = ("redirect_uri".to_owned(), flow.redirect_uri().to_owned());
        assert!(
            sent.contains(&led_to) && sent.contains(&("code".to_owned(), "the-code".to_owned())),
            "{sent:?}"
        );
    }
    let proven = |index: usize| transport.requests()[index].headers().contains_key("authorization");
    assert!(!proven(0) && proven(1));
}

/// Apps of a person, both modes, with the emulator's login page.
#[test]
fn an_app_logs_in_with_it() {
    let emulator = Emulator::builder().start_now().unwrap();
    let env = emulator.env();
    let config =
        Config::from_lookup(move |name| env.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()));
    let config = config.unwrap();
    let visit = |opened: Opened, who: &str| {
        let (origin, url) = (emulator.url().to_owned(), opened.next());
        assert!(url.as_str().starts_with(&origin));
        let there = emulator.sign_in(url.as_str(), who).unwrap();
        let back = Url::parse(there.redirect()).unwrap();
        get(
            format!("{}:{}", back.host_str().unwrap(), back.port().unwrap())
                .parse()
                .unwrap(),
            &back[url::Position::BeforePath..],
        )
    };
    let settings = |manager| {
        GlobusAppConfig::new()
            .with_config(config.clone())
            .with_token_storage(MemoryTokenStorage::new())
            .with_login_policy(LoginPolicy::Always)
            .with_login_flow_manager(manager)
    };
    let (waiting, opened) = manager();
    let app = blocking::UserApp::builder("a")
        .client_id(seed::NATIVE_CLIENT_ID)
        .config(settings(waiting))
        .build()
        .unwrap();
    let login = std::thread::spawn(move || app.login().send().map(|()| app.login_required().send().unwrap()));
    assert!(visit(opened, "alice").contains("Login successful"));
    assert!(!login.join().unwrap().unwrap());

    let (waiting, opened) = manager();
    let alices = Arc::new(MemoryTokenStorage::new());
    let app = UserApp::builder("a")
        .client_id(seed::NATIVE_CLIENT_ID)
        .config(settings(waiting).with_token_storage(alices.clone()))
        .build()
        .unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let login = runtime.spawn(async move { app.login().await.map(|()| app) });
    assert!(visit(opened, "alice").contains("Login successful"));
    let app = runtime.block_on(login).unwrap().unwrap();
    assert!(!runtime.block_on(app.login_required().into_future()).unwrap());

    // Somebody else logs in: Globus lets them in, and the app does not take them for alice.
    let (waiting, opened) = manager();
    let settings = settings(waiting).with_token_storage(alices.clone());
    let app = UserApp::builder("a").client_id(seed::NATIVE_CLIENT_ID).config(settings);
    let app = app.build().unwrap();
    let login = runtime.spawn(app.login().force(true).into_future());
    let page = visit(opened, "bob");
    let error = runtime.block_on(login).unwrap().unwrap_err();
    assert!(
        page.starts_with("HTTP/1.1 500 ") && page.contains("Login failed"),
        "{page}"
    );
    assert!(
        matches!(error, Error::Token(_)) && page.contains(seed::ALICE),
        "{error}: {page}"
    );
}
