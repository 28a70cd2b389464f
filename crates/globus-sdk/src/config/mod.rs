//! Settings: the environment, service URLs, timeouts, certificates, and how the program names itself.
//!
//! A [`Config`] is a value. Nothing here is global: two clients with different settings live side by side.

mod client_info;
mod environment;
mod verify;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use url::Url;

use crate::error::{Error, Result, quoted};

pub use client_info::{ClientInfo, user_agent};
pub use environment::Environment;
pub use verify::VerifySsl;

/// How long to wait for an answer, or its next part, when nothing else is said.
const HTTP_TIMEOUT: Duration = Duration::from_secs(60);

type Lookup = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// Settings of a client.
///
/// | Variable | Meaning | Default |
/// |---|---|---|
/// | `GLOBUS_SDK_ENVIRONMENT` | which Globus: `production`, `preview`, .. | `production` |
/// | `GLOBUS_SDK_SERVICE_URL_<SERVICE>` | base URL of one service, whatever the environment | |
/// | `GLOBUS_SDK_VERIFY_SSL` | `true`, `false` or the path of a file with CA certificates (PEM) | `true` |
/// | `GLOBUS_PROFILE` | whose tokens are used where several logins are kept: any name | |
/// | `GLOBUS_SDK_HTTP_TIMEOUT` | seconds until an answer begins, and then between two parts of it; `-1` for no limit | `60` |
///
/// ```
/// # use globus_sdk::config::Config;
/// let config = Config::default().with_environment("preview");
/// assert_eq!(config.service_url("transfer")?.as_str(), "https://transfer.api.preview.globus.org/");
/// # Ok::<(), globus_sdk::error::Error>(())
/// ```
#[derive(Clone)]
pub struct Config {
    lookup: Lookup,
    environment: String,
    fallback_environment: String,
    environments: BTreeMap<String, Environment>,
    service_urls: BTreeMap<String, String>,
    verify_ssl: VerifySsl,
    http_timeout: Option<Duration>,
    profile: Option<String>,
}

impl Config {
    /// Settings of this process' environment variables.
    ///
    /// # Errors
    /// [`Error::Validation`] naming the variable, its value and what is allowed.
    pub fn from_env() -> Result<Self> {
        Self::from_lookup(|name| Some(std::env::var_os(name)?.to_string_lossy().into_owned()))
    }

    /// Settings of the variables that `lookup` knows. It is also asked later, for services' URLs.
    ///
    /// # Errors
    /// [`Error::Validation`] naming the variable, its value and what is allowed.
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Result<Self> {
        let environment = lookup("GLOBUS_SDK_ENVIRONMENT").unwrap_or_else(|| "production".to_owned());
        let verify_ssl = match lookup("GLOBUS_SDK_VERIFY_SSL") {
            Some(value) => VerifySsl::parse("GLOBUS_SDK_VERIFY_SSL", &value)?,
            None => VerifySsl::Yes,
        };
        let http_timeout = match lookup("GLOBUS_SDK_HTTP_TIMEOUT") {
            Some(value) => parse_timeout(&value)?,
            None => Some(HTTP_TIMEOUT),
        };
        let profile = lookup("GLOBUS_PROFILE").filter(|name| !name.is_empty());
        Ok(Self {
            profile,
            lookup: Arc::new(lookup),
            fallback_environment: environment.clone(),
            environment,
            verify_ssl,
            http_timeout,
            ..Self::default()
        })
    }

    /// Chooses the environment, whatever the variable says.
    ///
    /// An unknown name is noticed by [`Config::service_url`]; an empty one leaves the choice to the variable.
    #[must_use]
    pub fn with_environment(mut self, name: impl Into<String>) -> Self {
        self.environment = name.into();
        self
    }

    /// Makes an environment of one's own known; choose it with [`Config::with_environment`].
    #[must_use]
    pub fn with_own_environment(mut self, environment: Environment) -> Self {
        self.environments.insert(environment.name().to_owned(), environment);
        self
    }

    /// Sets the base URL of one service, whatever the environment and the variables say.
    #[must_use]
    pub fn with_service_url(mut self, service: &str, url: impl Into<String>) -> Self {
        self.service_urls.insert(service_name(service), url.into());
        self
    }

    /// Sets how servers' certificates are checked.
    #[must_use]
    pub fn with_verify_ssl(mut self, verify: VerifySsl) -> Self {
        self.verify_ssl = verify;
        self
    }

    /// Sets how long one request may take; `None` for no limit.
    #[must_use]
    pub fn with_http_timeout(mut self, timeout: Option<Duration>) -> Self {
        self.http_timeout = timeout;
        self
    }

    /// Chooses the profile, whatever the variable says; an empty name is none.
    #[must_use]
    pub fn with_profile(mut self, name: impl Into<String>) -> Self {
        self.profile = Some(name.into()).filter(|name: &String| !name.is_empty());
        self
    }

    /// Name of the profile, if there is one: several logins of one program on one machine, each under a name.
    pub fn profile(&self) -> Option<&str> {
        self.profile.as_deref()
    }

    /// The namespace of a token storage in which the profile's tokens are: `userprofile/<environment>/<profile>`, as the
    /// Python CLI names them. Without a profile it is [`DEFAULT_NAMESPACE`](crate::tokens::DEFAULT_NAMESPACE).
    pub fn token_namespace(&self) -> String {
        match &self.profile {
            Some(profile) => format!("userprofile/{}/{profile}", self.environment),
            None => "DEFAULT".to_owned(),
        }
    }

    /// Name of the environment.
    pub fn environment(&self) -> &str {
        &self.environment
    }

    /// Base URL of a service, with a final slash: what [`Config::with_service_url`] says, else the variable
    /// `GLOBUS_SDK_SERVICE_URL_<SERVICE>`, else the environment's.
    ///
    /// `service` is for example `auth`, `flows`, `timer` (or `timers`), `app`.
    ///
    /// # Errors
    /// [`Error::Validation`] for an unknown environment, or a URL that is not an http or https URL of a host.
    pub fn service_url(&self, service: &str) -> Result<Url> {
        let service = service_name(service);
        if let Some(url) = self.service_urls.get(&service) {
            return base_url(&format!("URL of service {service}"), url);
        }
        let aliases: &[&str] = if service == "timer" {
            &["timer", "timers"]
        } else {
            &[&service]
        };
        for alias in aliases {
            let variable = format!("GLOBUS_SDK_SERVICE_URL_{}", alias.to_uppercase());
            if let Some(url) = (self.lookup)(&variable).filter(|url| !url.is_empty()) {
                return base_url(&variable, &url);
            }
        }
        let name = if self.environment.is_empty() {
            &self.fallback_environment
        } else {
            &self.environment
        };
        let url = match self.environments.get(name) {
            Some(own) => own.service_url(&service),
            None => Environment::built_in(name)
                .ok_or_else(|| self.unknown_environment(name))?
                .service_url(&service),
        };
        base_url(&format!("URL of service {service} in environment {name}"), &url)
    }

    /// Base URL of the web app, where people look at tasks and groups.
    ///
    /// # Errors
    /// As [`Config::service_url`].
    pub fn webapp_url(&self) -> Result<Url> {
        self.service_url("app")
    }

    /// How servers' certificates are checked.
    pub fn verify_ssl(&self) -> &VerifySsl {
        &self.verify_ssl
    }

    /// How long to wait until an answer begins, and then between two parts of it; `None` for no limit. A client cannot
    /// be built with zero.
    pub fn http_timeout(&self) -> Option<Duration> {
        self.http_timeout
    }

    /// Another variable from where this configuration came from.
    pub fn variable(&self, name: &str) -> Option<String> {
        (self.lookup)(name)
    }

    fn unknown_environment(&self, name: &str) -> Error {
        let own = self.environments.keys().map(String::as_str);
        let known: Vec<_> = Environment::NAMES.into_iter().chain(own).collect();
        Error::validation(
            "GLOBUS_SDK_ENVIRONMENT",
            format!(
                "environment {} is not known; known are {}",
                quoted(name),
                known.join(", ")
            ),
        )
    }
}

impl Default for Config {
    /// Production, and no environment variables.
    fn default() -> Self {
        Self {
            lookup: Arc::new(|_| None),
            environment: "production".to_owned(),
            fallback_environment: "production".to_owned(),
            environments: BTreeMap::new(),
            service_urls: BTreeMap::new(),
            verify_ssl: VerifySsl::Yes,
            http_timeout: Some(HTTP_TIMEOUT),
            profile: None,
        }
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("environment", &self.environment)
            .field("verify_ssl", &self.verify_ssl)
            .field("http_timeout", &self.http_timeout)
            .field("profile", &self.profile)
            .finish_non_exhaustive()
    }
}

/// The SDK's clients say `timers`, the environments say `timer`.
fn service_name(service: &str) -> String {
    if service == "timers" {
        "timer".to_owned()
    } else {
        service.to_owned()
    }
}

/// Seconds as a decimal number; empty means the default, -1 no limit.
fn parse_timeout(value: &str) -> Result<Option<Duration>> {
    if value.is_empty() {
        return Ok(Some(HTTP_TIMEOUT));
    }
    let refused = || {
        Error::validation(
            "GLOBUS_SDK_HTTP_TIMEOUT",
            format!(
                "{} is not a number of seconds: allowed are 0 and more, or -1 for no limit",
                quoted(value)
            ),
        )
    };
    let seconds: f64 = value.trim().parse().map_err(|_| refused())?;
    #[allow(clippy::float_cmp, reason = "-1 is a mark, not a measurement")]
    if seconds == -1.0 {
        return Ok(None);
    }
    Duration::try_from_secs_f64(seconds).map(Some).map_err(|_| refused())
}

/// Parses a base URL and gives it a final slash, so that paths are added to it and do not replace a part of it.
pub(crate) fn base_url(what: &str, text: &str) -> Result<Url> {
    let refused = |why: &str| {
        Error::validation(
            what,
            format!(
                "{} {why}; it has to look like `https://transfer.example.org/`",
                quoted(text)
            ),
        )
    };
    let mut url = Url::parse(text.trim()).map_err(|error| refused(&format!("is not a URL ({error})")))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err(refused("is not an http or https URL"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refused("must not hold a user name or a password"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(refused("must not have a query or a fragment"));
    }
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    Ok(url)
}
