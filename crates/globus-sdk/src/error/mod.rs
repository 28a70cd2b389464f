//! The one error type of the crate.
//!
//! [`Error`] says what kind of thing went wrong ([`Error::kind`]), whether trying again has a chance
//! ([`Error::is_retryable`]) and what to do about it ([`Error::hint`]). A service's own error document is an
//! [`ApiError`]. Every error can be cloned, serialized and sent to another thread, and none of them shows a
//! secret: credentials in URLs, bodies and texts are replaced before they are stored or written.

mod api;
mod codes;
mod hint;
mod info;
mod local;
mod login;
mod network;
mod redact;
mod request;
mod scrub;
mod serialize;
mod shape;
mod storage;
mod token;

use std::fmt;
use std::sync::Arc;

pub use api::{ApiError, SubError};
pub use codes::ErrorCode;
pub(crate) use codes::error_codes;
pub use info::{AuthorizationParameters, ConsentRequired, ErrorInfo};
pub use local::{LoginRequired, ScopeFailure, UsageError, ValidationError};
pub use login::{LoginError, LoginErrorKind};
pub use network::{DecodeError, NetworkError};
pub(crate) use redact::quoted;
pub use request::RequestSummary;
pub use shape::ErrorShape;
pub(crate) use shape::{JSON_API_FIELDS, JsonObject, Reading, objects, text, texts};
pub use storage::{StorageError, StorageProblem};
pub use token::TokenError;

/// What the operations of this crate answer.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A cause that came from another library.
#[derive(Clone)]
struct Cause(Arc<dyn std::error::Error + Send + Sync + 'static>);

impl Cause {
    fn new(cause: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self(Arc::new(cause))
    }

    fn as_dyn(&self) -> &(dyn std::error::Error + 'static) {
        &*self.0
    }
}

// The Debug of a foreign error may hold anything, for example a URL with its query.
impl fmt::Debug for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&redact::line(&self.0.to_string()))
    }
}

/// Everything that can go wrong in this crate.
///
/// ```
/// # use globus_sdk::error::{Error, ErrorKind};
/// let error = Error::usage("a flow id is needed");
/// assert_eq!(error.kind(), ErrorKind::Usage);
/// assert!(error.api().is_none());
/// ```
#[derive(Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The caller used the crate in a way that cannot work. Nothing was sent.
    #[error(transparent)]
    Usage(Box<UsageError>),
    /// A value is not among those allowed. Nothing was sent.
    #[error(transparent)]
    Validation(Box<ValidationError>),
    /// No connection, or one that broke.
    #[error(transparent)]
    Connection(Box<NetworkError>),
    /// No connection within the time allowed.
    #[error(transparent)]
    ConnectTimeout(Box<NetworkError>),
    /// No answer within the time allowed.
    #[error(transparent)]
    Timeout(Box<NetworkError>),
    /// An answer came, but it is not what the operation promises.
    #[error(transparent)]
    Decode(Box<DecodeError>),
    /// The service answered with an error.
    #[error(transparent)]
    Api(Box<ApiError>),
    /// A person has to log in, and nobody is there to be asked.
    #[error(transparent)]
    LoginRequired(Box<LoginRequired>),
    /// A login came to an end without tokens, or its proof of identity does not hold.
    #[error(transparent)]
    Login(Box<LoginError>),
    /// A scope string or a scope tree is wrong. Nothing was sent.
    #[error(transparent)]
    Scope(Box<ScopeFailure>),
    /// Stored tokens could not be read, written or locked.
    #[error(transparent)]
    Storage(Box<StorageError>),
    /// A stored or granted token is not what is needed.
    #[error(transparent)]
    Token(Box<TokenError>),
    /// A listing goes on behind the last row that the service ever gives; those that came before this error are all.
    #[error(
        "`{operation}` gives its first {rows} rows and never more, and the listing goes on behind them; narrow the filters, or accept what came with `with_truncation()`"
    )]
    Truncated {
        /// Key of the operation.
        operation: Box<str>,
        /// The service's limit.
        rows: u32,
    },
}

/// For people too: it is what a `main` prints that ends with an error.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")?;
        self.hint().map_or(Ok(()), |hint| write!(f, "\nhint: {hint}"))
    }
}

impl Error {
    /// A call that cannot work, for example an operation that needs a client with a secret.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::Usage(Box::new(UsageError::new(message)))
    }

    /// A value that is not allowed: `what` names it (a parameter, a variable), `message` says what is wrong
    /// and what is allowed.
    pub fn validation(what: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Validation(Box::new(ValidationError::new(what, message)))
    }

    /// An error of the scope parser or the scope tree; `cause` stays available as the source.
    pub fn scope(cause: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Scope(Box::new(ScopeFailure::new(cause)))
    }

    /// What kind of error it is.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::Usage(_) => ErrorKind::Usage,
            Self::Validation(_) => ErrorKind::Validation,
            Self::Connection(_) => ErrorKind::Connection,
            Self::ConnectTimeout(_) => ErrorKind::ConnectTimeout,
            Self::Timeout(_) => ErrorKind::Timeout,
            Self::Decode(_) => ErrorKind::Decode,
            Self::Api(_) => ErrorKind::Api,
            Self::LoginRequired(_) => ErrorKind::LoginRequired,
            Self::Login(_) => ErrorKind::Login,
            Self::Scope(_) => ErrorKind::Scope,
            Self::Storage(_) => ErrorKind::Storage,
            Self::Token(_) => ErrorKind::Token,
            Self::Truncated { .. } => ErrorKind::Truncated,
        }
    }

    /// Whether the same call may succeed later without anybody changing anything.
    ///
    /// It says nothing about whether the request was carried out: before repeating a call that creates
    /// something, find out whether it did.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Connection(error) | Self::ConnectTimeout(error) | Self::Timeout(error) => !error.is_lasting(),
            Self::Api(api) => api.is_retryable(),
            Self::Storage(error) => error.problem() == StorageProblem::Locked,
            _ => false,
        }
    }

    /// What a person can do about it, in one sentence, if the crate knows.
    pub fn hint(&self) -> Option<&str> {
        match self {
            Self::Usage(_) | Self::Scope(_) | Self::Truncated { .. } => None,
            Self::Validation(error) => error.hint(),
            Self::Connection(error) | Self::ConnectTimeout(error) => error.hint(),
            Self::Timeout(error) => error.hint().or(Some(
                "allow more time with `with_timeout` or GLOBUS_SDK_HTTP_TIMEOUT (seconds)",
            )),
            Self::Decode(error) => error.hint(),
            Self::Api(error) => error.hint(),
            Self::LoginRequired(error) => error.hint(),
            Self::Login(error) => error.hint(),
            Self::Storage(error) => error.hint(),
            Self::Token(error) => Some(error.hint()),
        }
    }

    /// The service's own error, if that is what it is.
    pub fn api(&self) -> Option<&ApiError> {
        match self {
            Self::Api(error) => Some(error),
            _ => None,
        }
    }

    /// The service's own code, also that of a refused login; `None` for every other kind of error.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Api(error) => error.code(),
            Self::Login(error) => error.code(),
            _ => None,
        }
    }

    /// Id under which the service's operators find the request; `None` if the service gave none.
    pub fn request_id(&self) -> Option<&str> {
        self.api()?.request_id()
    }

    /// HTTP status of the answer, if an answer with an error came; `None` for a refusal on this side.
    pub fn http_status(&self) -> Option<u16> {
        match self {
            Self::Api(error) => Some(error.http_status().as_u16()),
            _ => None,
        }
    }
}

impl From<ApiError> for Error {
    fn from(error: ApiError) -> Self {
        Self::Api(Box::new(error))
    }
}

impl From<DecodeError> for Error {
    fn from(error: DecodeError) -> Self {
        Self::Decode(Box::new(error))
    }
}

impl From<LoginError> for Error {
    fn from(error: LoginError) -> Self {
        Self::Login(Box::new(error))
    }
}

impl From<StorageError> for Error {
    fn from(error: StorageError) -> Self {
        Self::Storage(Box::new(error))
    }
}

impl From<TokenError> for Error {
    fn from(error: TokenError) -> Self {
        Self::Token(Box::new(error))
    }
}

impl From<LoginRequired> for Error {
    fn from(error: LoginRequired) -> Self {
        Self::LoginRequired(Box::new(error))
    }
}

/// The kinds of [`Error`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// See [`Error::Usage`].
    Usage,
    /// See [`Error::Validation`].
    Validation,
    /// See [`Error::Connection`].
    Connection,
    /// See [`Error::ConnectTimeout`].
    ConnectTimeout,
    /// See [`Error::Timeout`].
    Timeout,
    /// See [`Error::Decode`].
    Decode,
    /// See [`Error::Api`].
    Api,
    /// See [`Error::LoginRequired`].
    LoginRequired,
    /// See [`Error::Login`].
    Login,
    /// See [`Error::Scope`].
    Scope,
    /// See [`Error::Storage`].
    Storage,
    /// See [`Error::Token`].
    Token,
    /// The service has more rows than it ever gives.
    Truncated,
}

impl ErrorKind {
    /// The name in serialized errors, for example `connect_timeout`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Usage => "usage",
            Self::Validation => "validation",
            Self::Connection => "connection",
            Self::ConnectTimeout => "connect_timeout",
            Self::Timeout => "timeout",
            Self::Decode => "decode",
            Self::Api => "api",
            Self::LoginRequired => "login_required",
            Self::Login => "login",
            Self::Scope => "scope",
            Self::Storage => "storage",
            Self::Token => "token",
            Self::Truncated => "truncated",
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
