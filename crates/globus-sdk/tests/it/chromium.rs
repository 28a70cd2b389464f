//! Logins with a local server in headless Chromium: what people do, and what they see.

use std::net::TcpListener;
use std::sync::{Arc, OnceLock};
use std::thread::JoinHandle;

use globus_emulator::{Emulator, seed};
use globus_sdk::config::Config;
use globus_sdk::error::{ErrorKind, LoginErrorKind};
use globus_sdk::gare::GlobusAuthorizationParameters;
use globus_sdk::login::{Finish, LocalServerLoginFlowManager, LoginFlowManager as _};
use globus_sdk::transport::{Ambient, SystemRandom};
use globus_sdk::{Error, NativeAppAuthClient};
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use url::Url;

use crate::driver::Driver;
use crate::local_server::{Bell, Opened, manager, param};

struct Scene {
    emulator: Emulator,
    driver: Driver,
}

/// How a login ended: the resource servers of its tokens.
type Ended = globus_sdk::Result<Vec<String>>;

impl Scene {
    /// Begins a login, in which alice is asked to sign in.
    fn begin(&self, manager: LocalServerLoginFlowManager) -> JoinHandle<Ended> {
        let env = self.emulator.env();
        let lookup = move |name: &str| env.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
        let config = Config::from_lookup(lookup).unwrap();
        std::thread::spawn(move || {
            let client = NativeAppAuthClient::builder(seed::NATIVE_CLIENT_ID)
                .config(config)
                .build()?;
            let mut flow = client.oauth2_start_flow("openid").build()?;
            let demands = GlobusAuthorizationParameters::new()
                .with_prompt("login")
                .with_session_message("Who is there?");
            let got = Arc::new(OnceLock::new());
            let keep = got.clone();
            let finish: Finish<'_> = Box::new(|flow, code| {
                Box::pin(async move {
                    let tokens = flow.exchange(&client, code).await?;
                    let names = tokens.by_resource_server();
                    keep.set(names.keys().map(|&name| name.to_owned()).collect()).unwrap();
                    Ok(())
                })
            });
            let runtime = tokio::runtime::Runtime::new().unwrap();
            runtime.block_on(manager.complete_login(&mut flow, Some(&demands), finish))?;
            Ok(got.get().cloned().unwrap())
        })
    }

    fn open(&self, opened: &Opened) -> Url {
        let url = opened.next();
        self.driver.go(url.as_str());
        assert_eq!(self.driver.text("blockquote"), "Who is there?");
        url
    }

    fn sign_in(&self) {
        self.driver.click(&format!("button[value='{}']", seed::ALICE));
    }

    fn heading(&self) -> String {
        self.driver.text("h1")
    }

    fn script(&self, script: &str) -> Value {
        let body = json!({"script": script, "args": []});
        self.driver.do_it("/execute/sync", Some(body))
    }

    fn succeeds(&self, login: JoinHandle<Ended>) {
        assert_eq!(self.heading(), "Login successful");
        assert_eq!(login.join().unwrap().unwrap(), ["auth.globus.org"]);
    }
}

#[test]
fn people_log_in() {
    let Some(driver) = Driver::start_or_skip("no local-server login in Chromium") else {
        return;
    };
    let emulator = Emulator::builder().start_now().unwrap();
    let scene = Scene { emulator, driver };
    cancelled_and_on_the_second_try_allowed(&scene);
    wrong_states_favicons_and_other_pages(&scene);
    a_second_tab(&scene);
    a_slow_person(&scene);
    a_port_in_use(&scene);
}

fn cancelled_and_on_the_second_try_allowed(scene: &Scene) {
    let (manager, opened) = manager();
    let login = scene.begin(manager);
    scene.open(&opened);
    scene.sign_in();
    scene.driver.click("button[value='deny']");
    assert_eq!(scene.heading(), "Login failed");
    assert!(scene.driver.text("#message").contains("access_denied"));
    let Error::Login(error) = login.join().unwrap().unwrap_err() else {
        panic!("it is about the login")
    };
    assert_eq!(
        (error.kind(), error.code()),
        (LoginErrorKind::Refused, Some("access_denied"))
    );

    let (manager, opened) = self::manager();
    let login = scene.begin(manager);
    scene.open(&opened);
    scene.sign_in();
    scene.driver.click("button[value='allow']");
    scene.succeeds(login);
    assert_eq!(
        scene.script("return performance.getEntriesByType('resource').length"),
        json!(0)
    );
    assert_eq!(scene.script("return document.title"), json!("Globus Login Result"));
    // Light and dark, and legible in both.
    let colours = ["light", "dark"].map(|scheme| {
        let media = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        let command = json!({"cmd": "Emulation.setEmulatedMedia", "params": media});
        scene.driver.do_it("/goog/cdp/execute", Some(command));
        let of = |what: &str| {
            scene.script(&format!(
                "return getComputedStyle(document.querySelector('main')).{what}"
            ))
        };
        (of("color"), of("backgroundColor"))
    });
    assert!(
        colours[0].0 != colours[1].0 && colours[0].1 != colours[1].1,
        "{colours:?}"
    );
    assert!(colours.iter().all(|(ink, paper)| ink != paper), "{colours:?}");
}

fn wrong_states_favicons_and_other_pages(scene: &Scene) {
    let (manager, opened) = manager();
    let login = scene.begin(manager);
    let url = opened.next();
    let redirect = param(&url, "redirect_uri");
    for (page, heading) in [
        ("/?code=stolen&state=guessed", "Not this login"),
        (
            "/?error=access_denied&error_description=%3Cb%3Eno%3C/b%3E&state=guessed",
            "Not this login",
        ),
        ("/favicon.ico", "Nothing here"),
        ("/", "Nothing here"),
    ] {
        scene.driver.go(&format!("{redirect}{page}"));
        assert_eq!(scene.heading(), heading, "{page}");
    }
    assert!(!login.is_finished());
    scene.driver.go(url.as_str());
    scene.sign_in();
    scene.succeeds(login);
}

fn a_second_tab(scene: &Scene) {
    let (manager, opened) = manager();
    let login = scene.begin(manager);
    let url = scene.open(&opened);
    let first = scene.driver.do_it("/window", None);
    let second = scene.driver.do_it("/window/new", Some(json!({"type": "tab"})))["handle"].clone();
    scene.driver.do_it("/window", Some(json!({"handle": second})));
    scene.driver.go(url.as_str());
    scene.sign_in();
    scene.succeeds(login);
    scene.driver.ask("/window", Some(json!({"handle": first}))).unwrap();
    // Here the page of the same login still stands; nobody waits for it any more, which hurts nobody.
    let (manager, opened) = self::manager();
    let login = scene.begin(manager);
    let button = scene.driver.element(&format!("button[value='{}']", seed::ALICE));
    let _ = scene.driver.ask(&format!("{button}/click"), Some(json!({})));
    scene.open(&opened);
    scene.sign_in();
    scene.succeeds(login);
}

fn a_slow_person(scene: &Scene) {
    let (manager, opened) = manager();
    let bell = Bell(Arc::new(Semaphore::new(0)));
    let ambient = Ambient::new(bell.clone(), SystemRandom);
    let login = scene.begin(manager.with_ambient(ambient));
    scene.open(&opened);
    bell.0.add_permits(1);
    let late = login.join().unwrap().unwrap_err();
    assert_eq!(late.kind(), ErrorKind::LoginRequired);
    let (manager, opened) = self::manager();
    let login = scene.begin(manager);
    scene.open(&opened);
    scene.sign_in();
    scene.succeeds(login);
}

fn a_port_in_use(scene: &Scene) {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let (manager, _opened) = manager();
    let error = scene.begin(manager.with_port(port)).join().unwrap().unwrap_err();
    assert!(error.to_string().contains("in use"), "{error}");
    drop(taken);
    let (manager, opened) = self::manager();
    let login = scene.begin(manager.with_port(port));
    let url = scene.open(&opened);
    assert!(param(&url, "redirect_uri").ends_with(&format!(":{port}")));
    scene.sign_in();
    scene.succeeds(login);
}
