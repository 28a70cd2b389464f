//! Lines that a person enters, without waiting for ever.

use std::fmt;
use std::io::{self, BufRead, IsTerminal as _, Read as _};
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::FutureExt as _;
use futures_util::future::Shared;
use tokio::sync::oneshot;

/// No code is longer; whatever feeds us more is no person.
const LONGEST: u64 = 64 * 1024;

/// A line, or `None` at the end of the input, or why it could not be read.
pub(super) type Line = Result<Option<String>, String>;

/// Where lines come from.
pub(super) struct Input {
    source: Source,
    /// The line that is being waited for. A thread that reads cannot be called back, so a prompt that was given up leaves
    /// it to the next one, and no line is lost.
    pending: Mutex<Option<Shared<oneshot::Receiver<Line>>>>,
}

#[derive(Clone)]
enum Source {
    Standard,
    Reader(Arc<Mutex<dyn BufRead + Send>>),
}

impl Input {
    pub(super) fn standard() -> Self {
        Self::of(Source::Standard)
    }

    pub(super) fn reader(reader: impl BufRead + Send + 'static) -> Self {
        Self::of(Source::Reader(Arc::new(Mutex::new(reader))))
    }

    fn of(source: Source) -> Self {
        Self {
            source,
            pending: Mutex::default(),
        }
    }

    /// Whether a person sits there, as far as can be told.
    pub(super) fn is_terminal(&self) -> bool {
        matches!(self.source, Source::Standard) && io::stdin().is_terminal()
    }

    /// The next line.
    pub(super) async fn line(&self) -> Line {
        let reading = self.reading()?;
        let line = reading.await;
        *self.pending.lock().unwrap_or_else(PoisonError::into_inner) = None;
        line.unwrap_or_else(|_| Err("the reading ended early".to_owned()))
    }

    fn reading(&self) -> Result<Shared<oneshot::Receiver<Line>>, String> {
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(reading) = &*pending {
            return Ok(reading.clone());
        }
        let (done, line) = oneshot::channel();
        let source = self.source.clone();
        // Reading blocks, and must hold up neither a runtime nor the end of the program.
        let thread = std::thread::Builder::new().name("login-prompt".to_owned());
        thread
            .spawn(move || done.send(source.read()))
            .map_err(|error| error.to_string())?;
        Ok(pending.insert(line.shared()).clone())
    }
}

impl Source {
    fn read(&self) -> Line {
        let mut line = String::new();
        let read = match self {
            Self::Standard => io::stdin().lock().take(LONGEST).read_line(&mut line),
            Self::Reader(reader) => {
                let mut reader = reader.lock().unwrap_or_else(PoisonError::into_inner);
                (&mut *reader).take(LONGEST).read_line(&mut line)
            }
        };
        match read {
            Ok(0) => Ok(None),
            Ok(_) => Ok(Some(line)),
            Err(error) => Err(error.to_string()),
        }
    }
}

impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.source {
            Source::Standard => "standard input",
            Source::Reader(_) => "a reader",
        })
    }
}
