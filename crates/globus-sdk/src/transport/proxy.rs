//! Proxies from the environment.

use http::Uri;
use hyper_util::client::proxy::matcher::Matcher;
use reqwest::{ClientBuilder, NoProxy, Proxy};

use url::Url;

use super::{TransportError, TransportErrorKind};

/// What the environment says about proxies: `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`.
///
/// Lower-case names win over upper-case ones, as in most programs. Values are not shown: they may hold passwords.
#[derive(Clone, Default)]
pub(super) struct Proxies {
    https: Option<String>,
    http: Option<String>,
    all: Option<String>,
    none: Option<String>,
}

impl Proxies {
    pub(super) fn from_lookup(lookup: &dyn Fn(&str) -> Option<String>) -> Self {
        let find = |name| find(lookup, name);
        // In a CGI program HTTP_PROXY is the request's header "Proxy", in other words anybody's choice.
        let http = if lookup("REQUEST_METHOD").is_some() {
            lookup("http_proxy")
        } else {
            find("http_proxy")
        };
        Self {
            https: find("https_proxy"),
            http,
            all: find("all_proxy"),
            none: find("no_proxy"),
        }
    }

    /// `host:port` of the proxy through which `uri` is reached, if it is one of these.
    pub(super) fn on_the_way_to(&self, uri: &Uri) -> Option<String> {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let matcher = Matcher::builder()
            .https(text(&self.https))
            .http(text(&self.http))
            .all(text(&self.all))
            .no(text(&self.none))
            .build();
        let found = matcher.intercept(uri)?;
        let (host, port) = (found.uri().host()?, found.uri().port_u16());
        let port = port.or_else(|| Url::parse(&found.uri().to_string()).ok()?.port_or_known_default());
        Some(port.map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
    }

    /// Adds the proxies to a client.
    pub(super) fn apply(&self, mut builder: ClientBuilder) -> Result<ClientBuilder, TransportError> {
        let variables = [
            (
                "HTTPS_PROXY",
                &self.https,
                Proxy::https as fn(String) -> reqwest::Result<Proxy>,
            ),
            ("HTTP_PROXY", &self.http, Proxy::http),
            ("ALL_PROXY", &self.all, Proxy::all),
        ];
        let mut found = false;
        for (name, value, make) in variables {
            let Some(value) = value else { continue };
            found = true;
            let proxy = make(value.clone()).map_err(|_| {
                TransportError::new(
                    TransportErrorKind::Invalid,
                    format!("the value of {name} is not a proxy's URL"),
                )
            })?;
            let except = self.none.as_deref().and_then(NoProxy::from_string);
            builder = builder.proxy(proxy.no_proxy(except));
        }
        // Without any proxy here, the operating system may still know one; but what reqwest would find in the
        // process's environment does not count when the settings come from elsewhere.
        let process = |name: &str| find(&|name| std::env::var(name).ok(), name).is_some();
        let hidden = ["https_proxy", "http_proxy", "all_proxy"].into_iter().any(process);
        Ok(if found || !hidden { builder } else { builder.no_proxy() })
    }
}

fn find(lookup: &dyn Fn(&str) -> Option<String>, name: &str) -> Option<String> {
    let value = lookup(name).or_else(|| lookup(&name.to_ascii_uppercase()))?;
    Some(value.trim().to_owned()).filter(|value| !value.is_empty())
}

impl std::fmt::Debug for Proxies {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Proxies")
            .field("https", &self.https.is_some())
            .field("http", &self.http.is_some())
            .field("all", &self.all.is_some())
            .field("none", &self.none)
            .finish()
    }
}
