//! Headless Chromium, driven by `chromedriver` of the search path or the one that `GLOBUS_CHROMEDRIVER` names.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// How long a page may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// The driver, which ends its browser when it ends.
pub(crate) struct Driver {
    child: Child,
    client: reqwest::Client,
    runtime: tokio::runtime::Runtime,
    session: String,
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self
            .runtime
            .block_on(async { self.client.delete(&self.session).send().await });
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Driver {
    /// Starts a browser; `Err` says why there is none.
    pub(crate) fn start() -> Result<Self, String> {
        let program = std::env::var("GLOBUS_CHROMEDRIVER").unwrap_or_else(|_| "chromedriver".to_owned());
        let mut child = Command::new(&program)
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("{program}: {error}"))?;
        let out = child.stdout.take().expect("its output");
        let port = BufReader::new(out).lines().map_while(Result::ok).find_map(|line| {
            let (_, port) = line.split_once("successfully on port ")?;
            port.trim_end_matches('.').parse::<u16>().ok()
        });
        let port = port.ok_or("chromedriver says no port")?;
        let client = reqwest::Client::builder()
            .no_proxy()
            .timeout(Duration::from_secs(120))
            .build();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let mut driver = Self {
            child,
            client: client.expect("a client"),
            runtime: runtime.expect("a runtime"),
            session: format!("http://127.0.0.1:{port}/session"),
        };
        let arguments = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
        ];
        let wanted = json!({"capabilities": {"alwaysMatch": {"goog:chromeOptions": {"args": arguments}}}});
        let made = driver.ask("", Some(wanted))?;
        let id = made["sessionId"].as_str().ok_or_else(|| made.to_string())?;
        driver.session = format!("{}/{id}", driver.session);
        // Elements of a page that is still being loaded are waited for.
        driver.ask("/timeouts", Some(json!({"implicit": 30_000})))?;
        Ok(driver)
    }

    /// A browser, or `None`, said loudly, where there is none.
    pub(crate) fn start_or_skip(what: &str) -> Option<Self> {
        match Self::start() {
            Ok(driver) => Some(driver),
            Err(why) => {
                // Not eprintln: the test harness swallows what a passing test prints that way.
                let message = format!("\n*** SKIPPED: {what} ({why}); install chromium and chromium-driver ***\n\n");
                let _ = std::io::stderr().write_all(message.as_bytes());
                None
            }
        }
    }

    /// A command of `WebDriver` (<https://www.w3.org/TR/webdriver2/>).
    pub(crate) fn ask(&self, path: &str, body: Option<Value>) -> Result<Value, String> {
        let url = format!("{}{path}", self.session);
        let request = match body {
            Some(body) => self.client.post(url).body(body.to_string()),
            None => self.client.get(url),
        };
        let text = self.runtime.block_on(async { request.send().await?.text().await });
        let text = text.map_err(|error| error.to_string())?;
        let mut answer: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
        match answer["value"].get("error") {
            Some(error) => Err(format!("{path}: {error}: {}", answer["value"]["message"])),
            None => Ok(answer["value"].take()),
        }
    }

    pub(crate) fn do_it(&self, path: &str, body: Option<Value>) -> Value {
        self.ask(path, body).unwrap_or_else(|error| panic!("{error}"))
    }

    pub(crate) fn go(&self, url: &str) {
        self.do_it("/url", Some(json!({"url": url})));
    }

    pub(crate) fn element(&self, css: &str) -> String {
        let found = self.do_it("/element", Some(json!({"using": "css selector", "value": css})));
        let id = found
            .as_object()
            .and_then(|row| row.values().next())
            .and_then(Value::as_str);
        format!("/element/{}", id.expect("an element"))
    }

    /// Clicks on what leads to another page, and waits until this one has gone: the driver may answer before.
    pub(crate) fn click(&self, css: &str) {
        let element = self.element(css);
        self.do_it(&format!("{element}/click"), Some(json!({})));
        let start = Instant::now();
        while self.ask(&format!("{element}/name"), None).is_ok() {
            assert!(start.elapsed() < PATIENCE, "{css} leads to no other page");
        }
    }

    pub(crate) fn text(&self, css: &str) -> String {
        let element = self.element(css);
        let text = self.do_it(&format!("{element}/text"), None);
        text.as_str().expect("text").to_owned()
    }
}
