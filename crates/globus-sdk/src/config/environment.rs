//! Installations of Globus.

use std::collections::BTreeMap;

/// An installation of Globus: a domain below which the services are.
///
/// ```
/// # use globus_sdk::config::{Config, Environment};
/// let beta = Environment::new("beta", "beta.example.org").with_service_url("nexus", "https://nexus.example.org/");
/// let config = Config::default().with_own_environment(beta).with_environment("beta");
/// assert_eq!(config.service_url("transfer")?.as_str(), "https://transfer.api.beta.example.org/");
/// assert_eq!(config.service_url("nexus")?.as_str(), "https://nexus.example.org/");
/// # Ok::<(), globus_sdk::error::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Environment {
    name: String,
    domain: String,
    urls: BTreeMap<String, String>,
}

impl Environment {
    /// The environments that are known without registration. Those after `preview` are internal to Globus.
    pub const NAMES: [&'static str; 6] = ["production", "preview", "sandbox", "integration", "test", "staging"];

    /// An environment whose services are at `https://<service>.api.<domain>/`.
    ///
    /// Exceptions: `auth` and `app` are at `https://<service>.<domain>/`, and `actions`, `flows` and `timer` at
    /// `https://<name>.<service>.automate.globus.org/`.
    pub fn new(name: impl Into<String>, domain: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            domain: domain.into(),
            urls: BTreeMap::new(),
        }
    }

    /// Sets the base URL of one service.
    #[must_use]
    pub fn with_service_url(mut self, service: &str, url: impl Into<String>) -> Self {
        self.urls.insert(super::service_name(service), url.into());
        self
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn built_in(name: &str) -> Option<Self> {
        Some(match name {
            "production" => Self::new(name, "globus.org")
                .with_service_url("nexus", "https://nexus.api.globusonline.org/")
                .with_service_url("actions", "https://actions.automate.globus.org/")
                .with_service_url("flows", "https://flows.automate.globus.org/")
                .with_service_url("timer", "https://timer.automate.globus.org/"),
            "preview" => Self::new(name, "preview.globus.org"),
            "sandbox" | "integration" | "test" | "staging" => Self::new(name, format!("{name}.globuscs.info")),
            _ => return None,
        })
    }

    pub(super) fn service_url(&self, service: &str) -> String {
        if let Some(url) = self.urls.get(service) {
            return url.clone();
        }
        let Self { name, domain, .. } = self;
        match service {
            "app" | "auth" => format!("https://{service}.{domain}/"),
            "actions" | "flows" | "timer" => format!("https://{name}.{service}.automate.globus.org/"),
            _ => format!("https://{service}.api.{domain}/"),
        }
    }
}
