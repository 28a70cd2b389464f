//! Logins on the command line.

use std::io::{self, Cursor, Read, Write};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use globus_sdk::config::Config;
use globus_sdk::error::{AuthorizationParameters, Error, ErrorKind, LoginErrorKind, LoginRequired};
use globus_sdk::gare::GlobusAuthorizationParameters;
use globus_sdk::login::{CommandLineLoginFlowManager, LoginFlowManager, LoginPrompts};
use globus_sdk::services::auth::AuthorizationFlow;
use globus_sdk::transport::{Ambient, FixedRandom, ManualClock};
use globus_sdk::{ConfidentialAppAuthClient, NativeAppAuthClient};
use secrecy::ExposeSecret as _;

use crate::scripted::Scripted;

fn started() -> (AuthorizationFlow, String) {
    let client = NativeAppAuthClient::builder("c")
        .config(Config::default())
        .build()
        .unwrap();
    let flow = client
        .oauth2_start_flow(["openid", "email"])
        .state("s")
        .build()
        .unwrap();
    let url = flow.authorize_url().to_string();
    (flow, url)
}

/// What was said.
#[derive(Debug, Clone, Default)]
struct Said(Arc<Mutex<Vec<u8>>>);

impl Said {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Said {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(text)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn manager(entered: &'static str, said: &Said) -> CommandLineLoginFlowManager {
    CommandLineLoginFlowManager::on(Cursor::new(entered), said.clone())
}

fn required(error: Error) -> LoginRequired {
    assert_eq!(error.kind(), ErrorKind::LoginRequired);
    match error {
        Error::LoginRequired(required) => *required,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_address_is_shown_and_the_code_read() {
    let (flow, url) = started();
    for entered in [
        "the-code\nmore\n",
        "\n  the-code \r\n",
        "the-code",
        "https://x.example/cb?code=the-code&state=s\n",
    ] {
        let said = Said::default();
        let code = manager(entered, &said).run_login_flow(&flow, &url).await.unwrap();
        assert_eq!(code.expose_secret(), "the-code", "{entered:?}");
        assert!(
            said.text().lines().any(|line| line == url),
            "the address has a line of its own"
        );
        assert!(said.text().ends_with(": "));
    }
}

/// From the page to the tokens, with the words that are there unless told otherwise.
#[tokio::test]
async fn a_program_with_a_secret_has_the_code_pasted_too() {
    let transport = Scripted::json([crate::login::tokens()]);
    let client = ConfidentialAppAuthClient::with_secret("c", "s")
        .config(Config::default())
        .transport(transport.clone())
        .build()
        .unwrap();
    let uri = "https://app.example.org/shows-the-code";
    let mut flow = client.oauth2_start_flow(uri, "openid").build().unwrap();
    let demands = GlobusAuthorizationParameters::new().with_session_required_mfa(true);
    let said = Said::default();
    let login = manager("the-code\n", &said);
    let code = login.log_in(&mut flow, Some(&demands)).await.unwrap();
    let url = flow
        .authorize_url()
        .parameters(&AuthorizationParameters::from(&demands))
        .to_string();
    assert!(url.contains("session_required_mfa=True"), "{url}");
    let words = format!("Log in to Globus on this page:\n\n{url}\n\nThen enter the code that it shows: ");
    assert_eq!(said.text(), words);
    let tokens = flow.exchange(&client, code).await.unwrap();
    assert!(tokens.by_resource_server().contains_key("auth.globus.org"));
    let sent = crate::login::form(&transport, 0);
    for (name, value) in [("redirect_uri", uri), ("code", "the-code")] {
        assert!(sent.contains(&(name.to_owned(), value.to_owned())), "{sent:?}");
    }
}

#[test]
fn without_async() {
    let (flow, url) = started();
    let code = manager("the-code\n", &Said::default())
        .run_login_flow_blocking(&flow, &url)
        .unwrap();
    assert_eq!(code.expose_secret(), "the-code");
}

#[tokio::test]
async fn the_end_of_the_input_is_an_error_that_offers_the_address() {
    let (flow, url) = started();
    let error = manager("\n\n", &Said::default())
        .run_login_flow(&flow, &url)
        .await
        .unwrap_err();
    let offered = required(error);
    assert_eq!(offered.url(), Some(url.as_str()));
    assert_eq!(offered.scopes(), ["openid", "email"]);
    assert!(offered.why().contains("ended"), "{offered}");
}

#[tokio::test]
async fn an_address_of_another_login_is_refused() {
    let (flow, url) = started();
    let said = Said::default();
    let error = manager("https://x.example/cb?code=hush&state=t\n", &said)
        .run_login_flow(&flow, &url)
        .await
        .unwrap_err();
    assert!(matches!(&error, Error::Login(error) if error.kind() == LoginErrorKind::StateMismatch));
    assert!(!format!("{error:?}").contains("hush"));
}

/// An input in which nothing comes until something is sent.
#[derive(Debug)]
struct Slow(std::sync::mpsc::Receiver<u8>);

impl Read for Slow {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.0.recv() {
            Ok(byte) => {
                buffer[0] = byte;
                Ok(1)
            }
            Err(_) => Ok(0),
        }
    }
}

fn slow() -> (std::sync::mpsc::Sender<u8>, Slow) {
    let (sender, receiver) = std::sync::mpsc::channel();
    (sender, Slow(receiver))
}

#[tokio::test]
async fn nobody_is_waited_for_without_end_and_no_line_is_lost() {
    let (flow, url) = started();
    let (sender, input) = slow();
    let manager = CommandLineLoginFlowManager::on(input, io::sink());
    let manager = manager.with_deadline(Duration::from_millis(50));
    let begun = Instant::now();
    let offered = required(manager.run_login_flow(&flow, &url).await.unwrap_err());
    assert!(begun.elapsed() < Duration::from_secs(5));
    assert!(offered.why().contains("nobody") && offered.url() == Some(url.as_str()));
    for byte in b"late\n" {
        sender.send(*byte).unwrap();
    }
    let manager = manager.with_deadline(Duration::from_secs(60));
    let code = manager.run_login_flow(&flow, &url).await.unwrap();
    assert_eq!(code.expose_secret(), "late");
}

#[tokio::test]
async fn there_is_a_deadline_unless_told_otherwise_too() {
    let (flow, url) = started();
    let (_sender, input) = slow();
    let clock = ManualClock::at_unix(0);
    let manager = CommandLineLoginFlowManager::on(input, io::sink())
        .with_ambient(Ambient::new(clock.clone(), FixedRandom::new(0.0)));
    required(manager.run_login_flow(&flow, &url).await.unwrap_err());
    assert_eq!(clock.sleeps(), [Duration::from_secs(600)]);
}

#[tokio::test]
async fn logins_take_turns() {
    let (flow, url) = started();
    let (sender, input) = slow();
    let manager = Arc::new(CommandLineLoginFlowManager::on(input, io::sink()));
    let logins: Vec<_> = (0..2)
        .map(|_| {
            let (manager, flow, url) = (manager.clone(), flow.clone(), url.clone());
            tokio::spawn(async move { manager.run_login_flow(&flow, &url).await.unwrap() })
        })
        .collect();
    for byte in b"one\ntwo\n" {
        sender.send(*byte).unwrap();
    }
    let mut codes = Vec::new();
    for login in logins {
        codes.push(login.await.unwrap().expose_secret().to_owned());
    }
    codes.sort();
    assert_eq!(codes, ["one", "two"]);
}

#[derive(Debug)]
struct Terse;

impl LoginPrompts for Terse {
    fn print_authorize_url(&self, output: &mut dyn Write, authorize_url: &str) -> io::Result<()> {
        writeln!(output, "<{authorize_url}>")
    }

    fn prompt_for_code(&self, output: &mut dyn Write) -> io::Result<()> {
        write!(output, "code? ")
    }
}

#[tokio::test]
async fn what_is_said_can_be_chosen() {
    let (flow, url) = started();
    let said = Said::default();
    let manager = manager("c\n", &said).with_prompts(Terse);
    let code: Box<dyn LoginFlowManager> = Box::new(manager);
    assert_eq!(code.run_login_flow(&flow, &url).await.unwrap().expose_secret(), "c");
    assert_eq!(said.text(), format!("<{url}>\ncode? "));
}

#[derive(Debug)]
struct Closed;

impl Write for Closed {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn an_address_that_cannot_be_shown_is_offered() {
    let (flow, url) = started();
    let manager = CommandLineLoginFlowManager::on(io::empty(), Closed);
    assert_eq!(
        required(manager.run_login_flow(&flow, &url).await.unwrap_err()).url(),
        Some(url.as_str())
    );
}

/// The other end of the pipe: run by the test below.
#[test]
#[ignore = "reads standard input"]
fn reads_a_pipe() {
    let (flow, url) = started();
    let code = CommandLineLoginFlowManager::new().run_login_flow_blocking(&flow, &url);
    match code {
        Ok(code) => println!("<{}>", code.expose_secret()),
        Err(error) => println!("<{}>", error.kind()),
    }
}

#[test]
fn through_a_pipe() {
    for (entered, answer) in [("the-code\n", "<the-code>"), ("", "<login_required>")] {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["login_flow::reads_a_pipe", "--exact", "--ignored", "--nocapture"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(entered.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let out = String::from_utf8_lossy(&output.stdout);
        assert!(out.contains(answer), "{out}");
        assert!(out.contains("https://auth.globus.org/v2/oauth2/authorize?"), "{out}");
    }
}
