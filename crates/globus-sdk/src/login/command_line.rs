//! Logging in on the command line: an address to open, a code to paste.

use std::fmt;
use std::io::{BufRead, BufReader, Read, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::BoxFuture;
use secrecy::SecretString;

use super::LoginFlowManager;
use crate::error::{Error, LoginRequired, Result};
use crate::services::auth::AuthorizationFlow;

/// How long a person has to log in, unless told otherwise.
const PATIENCE: Duration = Duration::from_secs(15 * 60);

/// Prints the address of the login page and reads the code that the person pastes. It works through a pipe, too.
#[derive(Clone)]
pub struct CommandLineLoginFlowManager {
    invitation: String,
    prompt: String,
    patience: Duration,
    terminal: Terminal,
}

/// Where the address is written and the code is read.
#[derive(Clone)]
struct Terminal {
    input: Arc<Mutex<dyn BufRead + Send>>,
    output: Arc<Mutex<dyn Write + Send>>,
}

impl CommandLineLoginFlowManager {
    /// On standard output and standard input.
    pub fn new() -> Self {
        Self::on(std::io::stdin(), std::io::stdout())
    }

    /// On other channels.
    pub fn on(input: impl Read + Send + 'static, output: impl Write + Send + 'static) -> Self {
        // Byte by byte: what follows the code is the program's own input.
        let input: Arc<Mutex<dyn BufRead + Send>> = Arc::new(Mutex::new(BufReader::with_capacity(1, input)));
        Self {
            invitation: "Please log in to Globus here:".to_owned(),
            prompt: "Enter the resulting Authorization Code here: ".to_owned(),
            patience: PATIENCE,
            terminal: Terminal {
                input,
                output: Arc::new(Mutex::new(output)),
            },
        }
    }

    /// What is written before the address.
    #[must_use]
    pub fn with_invitation(mut self, text: impl Into<String>) -> Self {
        self.invitation = text.into();
        self
    }

    /// What is written where the code belongs.
    #[must_use]
    pub fn with_prompt(mut self, text: impl Into<String>) -> Self {
        self.prompt = text.into();
        self
    }

    /// How long the person has; a quarter of an hour unless told otherwise.
    #[must_use]
    pub fn with_deadline(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Waits for the code on a thread of its own, since reading cannot be interrupted.
    async fn ask(&self, url: &str) -> Result<Option<String>> {
        let question = format!("{}\n\n{url}\n\n{}", self.invitation, self.prompt);
        let (terminal, (sender, receiver)) = (self.terminal.clone(), tokio::sync::oneshot::channel());
        std::thread::spawn(move || sender.send(terminal.ask(&question)));
        let late =
            || LoginRequired::new(format!("nobody logged in within {} s", self.patience.as_secs())).with_url(url);
        match tokio::time::timeout(self.patience, receiver).await {
            Ok(Ok(answer)) => answer.map_err(|error| {
                Error::from(LoginRequired::new(format!("the code could not be read: {error}")).with_url(url))
            }),
            Ok(Err(_)) => Ok(None),
            Err(_) => Err(late().into()),
        }
    }
}

impl Terminal {
    /// Writes the question and reads a line; `None` at the end of the input.
    fn ask(&self, question: &str) -> std::io::Result<Option<String>> {
        {
            let mut output = self.output.lock().unwrap_or_else(PoisonError::into_inner);
            output.write_all(question.as_bytes())?;
            output.flush()?;
        }
        let mut line = String::new();
        let read = self
            .input
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .read_line(&mut line)?;
        Ok((read > 0).then(|| line.trim().to_owned()))
    }
}

impl LoginFlowManager for CommandLineLoginFlowManager {
    fn run_login_flow<'a>(&'a self, _flow: &'a AuthorizationFlow, url: &'a str) -> BoxFuture<'a, Result<SecretString>> {
        Box::pin(async move {
            match self.ask(url).await? {
                Some(code) if !code.is_empty() => Ok(code.into()),
                Some(_) => Err(LoginRequired::new("no code was entered").with_url(url).into()),
                None => Err(LoginRequired::new("the input ended before a code was entered")
                    .with_url(url)
                    .into()),
            }
        })
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
            .field("patience", &self.patience)
            .finish_non_exhaustive()
    }
}
