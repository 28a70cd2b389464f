//! [`CommandLineLoginFlowManager`]: a login on the command line.

use std::fmt;
use std::io::{self, BufReader, Read, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::{BoxFuture, Either, select};
use secrecy::SecretString;

use super::input::Input;
use super::prompts::{LoginPrompts, Plain};
use super::{LoginFlowManager, scopes_of};
use crate::engine::Runtime;
use crate::error::{LoginRequired, Result};
use crate::services::auth::AuthorizationFlow;
use crate::transport::Ambient;

/// How long a person at a terminal may take: a lunch is shorter.
const AT_A_TERMINAL: Duration = Duration::from_secs(60 * 60);
/// How long anything else may take.
const ELSEWHERE: Duration = Duration::from_secs(10 * 60);

/// Prints the address of the login page and reads the code, from a terminal or through a pipe.
///
/// It speaks on standard output and reads standard input; a program whose output is data takes
/// [`on`](Self::on)`(stdin(), stderr())`. It never waits for ever: at the end of the input, or when time has run out, the answer is
/// [`Error::LoginRequired`](crate::Error::LoginRequired) with the address. In the place of the code a person may enter the
/// whole address to which the login page led.
pub struct CommandLineLoginFlowManager {
    input: Input,
    output: Mutex<Box<dyn Write + Send>>,
    prompts: Arc<dyn LoginPrompts>,
    deadline: Option<Duration>,
    ambient: Ambient,
    /// One login at a time: nobody could tell for which of two a code is meant.
    turn: tokio::sync::Mutex<()>,
}

impl CommandLineLoginFlowManager {
    /// A login on standard output and standard input.
    pub fn new() -> Self {
        Self {
            input: Input::standard(),
            output: Mutex::new(Box::new(io::stdout())),
            prompts: Arc::new(Plain),
            deadline: None,
            ambient: Ambient::default(),
            turn: tokio::sync::Mutex::default(),
        }
    }

    /// A login on other channels: the address is shown on `output`, and the code read from `input`, of which nothing
    /// beyond the code's line is taken.
    pub fn on(input: impl Read + Send + 'static, output: impl Write + Send + 'static) -> Self {
        Self {
            input: Input::reader(BufReader::with_capacity(1, input)),
            output: Mutex::new(Box::new(output)),
            ..Self::new()
        }
    }

    /// What is said.
    #[must_use]
    pub fn with_prompts(mut self, prompts: impl LoginPrompts + 'static) -> Self {
        self.prompts = Arc::new(prompts);
        self
    }

    /// How long to wait for the code; by default an hour at a terminal, and ten minutes elsewhere.
    #[must_use]
    pub const fn with_deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Where time comes from.
    #[must_use]
    pub fn with_ambient(mut self, ambient: Ambient) -> Self {
        self.ambient = ambient;
        self
    }

    /// The same as [`run_login_flow`](LoginFlowManager::run_login_flow) for programs without async: blocks the thread.
    ///
    /// # Errors
    /// The same.
    pub fn run_login_flow_blocking(&self, flow: &AuthorizationFlow, url: &str) -> Result<SecretString> {
        Runtime::new()?.block_on(self.run_login_flow(flow, url))
    }

    async fn run(&self, flow: &AuthorizationFlow, url: &str) -> Result<SecretString> {
        let required = |why: String| LoginRequired::new(why).with_scopes(scopes_of(flow)).with_url(url);
        let unsaid = |error: io::Error| required(format!("the login page could not be shown: {error}"));
        let _turn = self.turn.lock().await;
        let limit = self.limit();
        let mut time_is_up = self.ambient.clock.sleep(limit);
        self.say(|output| self.prompts.print_authorize_url(output, url))
            .map_err(unsaid)?;
        loop {
            self.say(|output| self.prompts.prompt_for_code(output))
                .map_err(unsaid)?;
            let line = match select(Box::pin(self.input.line()), time_is_up).await {
                Either::Left((line, left)) => {
                    time_is_up = left;
                    line
                }
                Either::Right(_) => {
                    return Err(required(format!("nobody logged in within {} s", limit.as_secs())).into());
                }
            };
            let entered = match line {
                Ok(Some(line)) => line.trim().to_owned(),
                Ok(None) => return Err(required("the input ended where a code was expected".to_owned()).into()),
                Err(error) => return Err(required(format!("the code could not be read: {error}")).into()),
            };
            if entered.starts_with("http://") || entered.starts_with("https://") {
                return flow.code_from_redirect(&entered);
            }
            if !entered.is_empty() {
                return Ok(entered.into());
            }
        }
    }

    fn limit(&self) -> Duration {
        let usual = if self.input.is_terminal() {
            AT_A_TERMINAL
        } else {
            ELSEWHERE
        };
        self.deadline.unwrap_or(usual)
    }

    fn say(&self, what: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
        let mut output = self.output.lock().unwrap_or_else(PoisonError::into_inner);
        what(&mut **output)?;
        output.flush()
    }
}

impl LoginFlowManager for CommandLineLoginFlowManager {
    fn run_login_flow<'a>(&'a self, flow: &'a AuthorizationFlow, url: &'a str) -> BoxFuture<'a, Result<SecretString>> {
        Box::pin(self.run(flow, url))
    }
}

impl Default for CommandLineLoginFlowManager {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for CommandLineLoginFlowManager {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CommandLineLoginFlowManager")
            .field("input", &self.input)
            .field("prompts", &self.prompts)
            .field("deadline", &self.deadline)
            .finish_non_exhaustive()
    }
}
