//! What an error remembers of the request that failed.

use http::header::AUTHORIZATION;
use http::{HeaderMap, Method, Request};

use super::redact;

/// Schemes that may be named in an error; anything else in the header could be a secret.
const KNOWN_SCHEMES: [&str; 3] = ["basic", "bearer", "globus-goauthtoken"];

/// The request that failed, without anything secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestSummary {
    method: String,
    url: String,
    auth_scheme: Option<String>,
    redirected_from: Option<String>,
}

impl RequestSummary {
    /// `url` may hold user information and secret query values: both are replaced here. Of `headers` only
    /// the scheme of `Authorization` is kept, and only a well-known one.
    pub fn new(method: &Method, url: &str, headers: &HeaderMap) -> Self {
        let scheme = headers
            .get(AUTHORIZATION)
            .and_then(|value| {
                value
                    .as_bytes()
                    .split(u8::is_ascii_whitespace)
                    .find(|word| !word.is_empty())
            })
            .and_then(|word| std::str::from_utf8(word).ok())
            .filter(|word| KNOWN_SCHEMES.iter().any(|known| known.eq_ignore_ascii_case(word)));
        Self {
            method: method.as_str().to_owned(),
            url: redact::url(url),
            auth_scheme: scheme.map(str::to_owned),
            redirected_from: None,
        }
    }

    /// The summary of `request`.
    pub fn of<B>(request: &Request<B>) -> Self {
        Self::new(request.method(), &request.uri().to_string(), request.headers())
    }

    /// Adds that this is where `first` was redirected to.
    #[must_use]
    pub(crate) fn redirected_from(mut self, first: &Self) -> Self {
        self.redirected_from = Some(first.redirected_from.as_ref().unwrap_or(&first.url).clone());
        self
    }

    /// The URL that was asked first, if redirects led away from it.
    pub fn first_url(&self) -> Option<&str> {
        self.redirected_from.as_deref()
    }

    /// HTTP method.
    pub fn method(&self) -> &str {
        &self.method
    }

    /// URL without user information, with secret query values replaced.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Scheme of the `Authorization` header that was sent, if it is a well-known one.
    pub fn auth_scheme(&self) -> Option<&str> {
        self.auth_scheme.as_deref()
    }

    /// `host:port` of the URL, for people.
    pub fn host(&self) -> Option<String> {
        let url = url::Url::parse(&self.url).ok()?;
        let host = url.host_str()?.to_owned();
        Some(match url.port_or_known_default() {
            Some(port) => format!("{host}:{port}"),
            None => host,
        })
    }
}

impl std::fmt::Display for RequestSummary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.method, redact::short_url(&self.url))?;
        match &self.redirected_from {
            Some(first) => write!(f, " (redirected from {})", redact::short_url(first)),
            None => Ok(()),
        }
    }
}
