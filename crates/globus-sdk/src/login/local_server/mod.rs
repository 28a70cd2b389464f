//! [`LocalServerLoginFlowManager`]: the browser itself brings the code.

mod browser;
mod door;
mod page;
mod visit;

use std::fmt;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::BoxFuture;
use secrecy::SecretString;

use self::browser::Browser;
use self::door::{Door, Place};
use self::page::{Shown, Template};
use self::visit::Guest;
use super::{CommandLineLoginFlowManager, Finish, LoginFlowManager, address, scopes_of};
use crate::config::Config;
use crate::error::{Error, LoginRequired, Result, quoted};
use crate::gare::GlobusAuthorizationParameters;
use crate::services::auth::AuthorizationFlow;
use crate::transport::Ambient;

/// How long a person may take: long enough to look for a second factor.
const PATIENCE: Duration = Duration::from_secs(15 * 60);

/// Opens the login page in the person's browser, which brings the code back to a server on this machine.
///
/// The server exists while a login is under way. It listens on `127.0.0.1` and `::1` only, on a port that is free, and
/// takes nothing but the answer to this login: other requests get an error page, and the login goes on; so do those that name
/// it by another host. A refusal, such as that of a person who does not consent, is [`Error::Login`](crate::Error::Login)
/// with the code `access_denied`.
///
/// Logins of apps end in the browser with a page that says whether there are tokens now, or why not. A program that trades
/// the code by itself, as below, says so by itself too: the page then leads back to it.
///
/// The browser is the one that `BROWSER` names, or else the desktop's. Where there is none (no display, a text browser, a
/// session over SSH) the login falls back to a [`CommandLineLoginFlowManager`], or to the manager of
/// [`with_fallback`](Self::with_fallback). After [15 minutes](Self::with_deadline) the answer is
/// [`Error::LoginRequired`](crate::Error::LoginRequired) with an address at which the login can still be made.
///
/// ```
/// use globus_sdk::NativeAppAuthClient;
/// use globus_sdk::login::{LocalServerLoginFlowManager, LoginFlowManager as _};
///
/// # globus_emulator::doc::run(async {
/// let client = NativeAppAuthClient::new("61338d24-54d5-408f-a10d-66c06b59f6d2")?;
/// let mut flow = client.oauth2_start_flow("openid").build()?;
/// let code = LocalServerLoginFlowManager::new().log_in(&mut flow, None).await?;
/// let tokens = flow.exchange(&client, code).await?;
/// # assert!(tokens.by_resource_server().contains_key("auth.globus.org"));
/// # Ok(()) });
/// ```
///
/// A native client needs no further setting. A client with a secret has its redirects registered, so its logins lead to a
/// fixed address of this machine, for example `http://localhost:8765/done`, and the server listens there.
///
/// Source: RFC 8252, section 7.3 (<https://www.rfc-editor.org/rfc/rfc8252#section-7.3>).
pub struct LocalServerLoginFlowManager {
    browser: Browser,
    port: Option<u16>,
    template: Template,
    output: Mutex<Box<dyn Write + Send>>,
    deadline: Duration,
    fallback: Option<Arc<dyn LoginFlowManager>>,
    ambient: Ambient,
    /// Logins on a given port take turns.
    turn: tokio::sync::Mutex<()>,
}

/// How it went with the browser.
enum Outcome<'a> {
    /// It brought the code, and waits for a page.
    Code(SecretString, Guest<'a>),
    NoBrowser(String),
}

impl LocalServerLoginFlowManager {
    /// A login in the person's browser. What it says, it says on standard error.
    pub fn new() -> Self {
        Self {
            browser: Browser::default(),
            port: None,
            template: Template::default(),
            output: Mutex::new(Box::new(io::stderr())),
            deadline: PATIENCE,
            fallback: Some(Arc::new(CommandLineLoginFlowManager::new())),
            ambient: Ambient::default(),
            turn: tokio::sync::Mutex::default(),
        }
    }

    /// The port to listen on, in place of any that is free. If it is in use, logins fail.
    #[must_use]
    pub const fn with_port(mut self, port: u16) -> Self {
        self.port = Some(port);
        self
    }

    /// What opens the login page, in place of the person's browser: it must not wait for the page. With it nothing else
    /// is looked at, SSH and displays included.
    #[must_use]
    pub fn with_browser(mut self, open: impl Fn(&str) -> io::Result<()> + Send + Sync + 'static) -> Self {
        self.browser = Browser::Own(Arc::new(open));
        self
    }

    /// Where `BROWSER`, `DISPLAY` and what tells of a remote session are looked up, in place of the environment of the
    /// process.
    #[must_use]
    pub fn with_config(mut self, config: Config) -> Self {
        self.browser = Browser::System(Some(config));
        self
    }

    /// The HTML of the page that the browser shows in the end. In it stand `$login_result`, a few words, and
    /// `$post_login_message`, a sentence, both escaped; `$$` is a dollar.
    #[must_use]
    pub fn with_html_template(mut self, template: impl Into<String>) -> Self {
        self.template = Template::new(template);
        self
    }

    /// Where it is said that the browser is being opened, with the address for a person whose browser does not.
    #[must_use]
    pub fn with_output(mut self, output: impl Write + Send + 'static) -> Self {
        self.output = Mutex::new(Box::new(output));
        self
    }

    /// How long to wait for the browser; 15 minutes by default.
    #[must_use]
    pub const fn with_deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Who takes over where no browser can be opened; by default a [`CommandLineLoginFlowManager`].
    #[must_use]
    pub fn with_fallback(mut self, fallback: impl LoginFlowManager + 'static) -> Self {
        self.fallback = Some(Arc::new(fallback));
        self
    }

    /// Nobody takes over where no browser can be opened: the answer is
    /// [`Error::LoginRequired`](crate::Error::LoginRequired), which says why.
    #[must_use]
    pub fn without_fallback(mut self) -> Self {
        self.fallback = None;
        self
    }

    /// Where time comes from.
    #[must_use]
    pub fn with_ambient(mut self, ambient: Ambient) -> Self {
        self.ambient = ambient;
        self
    }

    /// Waits for the browser at the door. `offered` is the address for whoever comes too late.
    async fn attend(&self, flow: &AuthorizationFlow, door: Door, url: &str, offered: &str) -> Result<Outcome<'_>> {
        // Whoever does not see this has a browser to look at.
        let _ = self.say(&format!(
            "Log in to Globus in the browser window that opens, or on this page:\n\n{url}\n\n"
        ));
        let (answer, guest) = tokio::select! {
            biased;
            answered = door.wait_for_code(flow, &self.template, &*self.ambient.clock) => answered,
            why = self.browser.open(url) => return Ok(Outcome::NoBrowser(why)),
            () = self.ambient.clock.sleep(self.deadline) => return Err(self.late(flow, offered)),
        };
        drop(door);
        match answer {
            Ok(code) => Ok(Outcome::Code(code, guest)),
            Err(error) => {
                guest.show("403 Forbidden", &Shown::failed(&error)).await;
                Err(error)
            }
        }
    }

    fn late(&self, flow: &AuthorizationFlow, offered: &str) -> Error {
        let why = format!("nobody logged in within {} s", self.deadline.as_secs());
        let required = LoginRequired::new(why);
        required.with_scopes(scopes_of(flow)).with_url(offered).into()
    }

    /// Who takes over where no browser can be opened.
    fn fallback(&self, flow: &AuthorizationFlow, url: String, why: &str) -> Result<&dyn LoginFlowManager> {
        let Some(fallback) = &self.fallback else {
            let required = LoginRequired::new(format!("no browser can be opened: {why}"));
            return Err(required.with_scopes(scopes_of(flow)).with_url(url).into());
        };
        tracing::debug!(target: "globus_sdk::login", why, "no browser can be opened; another manager takes over");
        Ok(&**fallback)
    }

    /// The turn of a login on a given port; `None` if it chooses its own.
    async fn turn(&self, place: &Place) -> Option<tokio::sync::MutexGuard<'_, ()>> {
        match place {
            Place::Any => None,
            _ => Some(self.turn.lock().await),
        }
    }

    fn say(&self, text: &str) -> io::Result<()> {
        let mut output = self.output.lock().unwrap_or_else(PoisonError::into_inner);
        output.write_all(text.as_bytes())?;
        output.flush()
    }

    /// Takes the person as far as the code. Where no browser can be opened, `flow` leads to where it led before.
    async fn run(
        &self,
        flow: &mut AuthorizationFlow,
        demands: Option<&GlobusAuthorizationParameters>,
    ) -> Result<Outcome<'_>> {
        if tokio::runtime::Handle::try_current().is_err() {
            return Err(Error::usage(
                "a local server needs a tokio runtime; use `log_in_blocking` without one",
            ));
        }
        let place = if flow.leads_to_code_page() {
            self.port.map_or(Place::Any, Place::Port)
        } else {
            Place::of(flow.redirect_uri())?
        };
        if let Err(why) = self.browser.check() {
            return Ok(Outcome::NoBrowser(why));
        }
        let offered = address(flow, demands);
        let ready = async {
            let turn = self.turn(&place).await;
            Ok::<_, Error>((turn, Door::open(&place).await?))
        };
        let (turn, door) = tokio::select! {
            biased;
            ready = ready => ready?,
            () = self.ambient.clock.sleep(self.deadline) => return Err(self.late(flow, &offered)),
        };
        let here = match place {
            Place::Given(_) => flow.clone(),
            Place::Any | Place::Port(_) => flow.with_redirect_uri(door.uri()),
        };
        let outcome = self.attend(&here, door, &address(&here, demands), &offered).await?;
        drop(turn);
        if let Outcome::Code(..) = outcome {
            *flow = here;
        }
        Ok(outcome)
    }

    async fn run_to_code(
        &self,
        flow: &mut AuthorizationFlow,
        demands: Option<&GlobusAuthorizationParameters>,
    ) -> Result<SecretString> {
        match self.run(flow, demands).await? {
            Outcome::Code(code, guest) => Ok(hand_over(code, guest).await),
            Outcome::NoBrowser(why) => {
                let fallback = self.fallback(flow, address(flow, demands), &why)?;
                fallback.log_in(flow, demands).await
            }
        }
    }

    async fn run_to_end<'a>(
        &'a self,
        flow: &'a mut AuthorizationFlow,
        demands: Option<&'a GlobusAuthorizationParameters>,
        finish: Finish<'a>,
    ) -> Result<()> {
        match self.run(flow, demands).await? {
            Outcome::Code(code, guest) => {
                let outcome = finish(flow.clone(), code).await;
                match &outcome {
                    Ok(()) => guest.show("200 OK", &Shown::logged_in()).await,
                    Err(error) => guest.show("500 Internal Server Error", &Shown::failed(error)).await,
                }
                outcome
            }
            Outcome::NoBrowser(why) => {
                let fallback = self.fallback(flow, address(flow, demands), &why)?;
                fallback.complete_login(flow, demands, finish).await
            }
        }
    }

    /// A login whose address is made already: it can only be waited for where it leads.
    async fn run_as_it_is(&self, flow: &AuthorizationFlow, url: &str) -> Result<SecretString> {
        let place = Place::of(flow.redirect_uri())?;
        let outcome = if let Err(why) = self.browser.check() {
            Outcome::NoBrowser(why)
        } else {
            let _turn = self.turn(&place).await;
            self.attend(flow, Door::open(&place).await?, url, url).await?
        };
        match outcome {
            Outcome::Code(code, guest) => Ok(hand_over(code, guest).await),
            Outcome::NoBrowser(why) => {
                let fallback = self.fallback(flow, url.to_owned(), &why)?;
                fallback.run_login_flow(flow, url).await
            }
        }
    }
}

/// Gives the code to a program that says by itself how the login ends.
async fn hand_over(code: SecretString, guest: Guest<'_>) -> SecretString {
    guest.show("200 OK", &Shown::handed_over()).await;
    code
}

impl LoginFlowManager for LocalServerLoginFlowManager {
    /// Waits where `flow` leads, which must be an address of this machine; [`log_in`](Self::log_in) chooses one.
    fn run_login_flow<'a>(&'a self, flow: &'a AuthorizationFlow, url: &'a str) -> BoxFuture<'a, Result<SecretString>> {
        Box::pin(self.run_as_it_is(flow, url))
    }

    fn log_in<'a>(
        &'a self,
        flow: &'a mut AuthorizationFlow,
        demands: Option<&'a GlobusAuthorizationParameters>,
    ) -> BoxFuture<'a, Result<SecretString>> {
        Box::pin(self.run_to_code(flow, demands))
    }

    /// The browser's page says how the login ended: it is shown when `finish` is through.
    fn complete_login<'a>(
        &'a self,
        flow: &'a mut AuthorizationFlow,
        demands: Option<&'a GlobusAuthorizationParameters>,
        finish: Finish<'a>,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(self.run_to_end(flow, demands, finish))
    }

    fn check_redirect(&self, login_redirect_uri: &str) -> Result<()> {
        match (Place::of(login_redirect_uri)?, self.port) {
            (Place::Given(given), Some(port)) if given.port != port => Err(Error::usage(format!(
                "the local server listens on port {port}, and {} leads to another; give the port once",
                quoted(login_redirect_uri)
            ))),
            _ => Ok(()),
        }
    }
}

impl Default for LocalServerLoginFlowManager {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for LocalServerLoginFlowManager {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalServerLoginFlowManager")
            .field("browser", &self.browser)
            .field("port", &self.port)
            .field("deadline", &self.deadline)
            .field("fallback", &self.fallback)
            .finish_non_exhaustive()
    }
}
