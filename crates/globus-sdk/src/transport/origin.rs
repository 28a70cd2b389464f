//! Where credentials may go (RFC 6454: an origin is scheme, host and port).

use http::Uri;
use url::{Host, Url};

use crate::error::Error;

/// The address of a request. It must be absolute, `http` or `https`, and free of user information.
pub(super) fn target(uri: &Uri) -> Result<Url, Error> {
    let url = Url::parse(&uri.to_string())
        .map_err(|error| Error::validation("url", format!("not an absolute URL: {error}")))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(Error::validation(
            "url",
            format!("the scheme {:?} is neither http nor https", url.scheme()),
        ));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Error::validation(
            "url",
            "user information in a URL is not supported; use an authorizer",
        ));
    }
    Ok(url)
}

/// Whether two addresses have the same scheme, host and port. Both are http or https: others have no origin.
pub(super) fn is_same(one: &Url, other: &Url) -> bool {
    one.scheme() == other.scheme()
        && one.host() == other.host()
        && one.port_or_known_default() == other.port_or_known_default()
}

/// Whether a name or address stands for this machine (127.0.0.0/8, `::1`, `localhost`).
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.').to_ascii_lowercase();
            name == "localhost" || name.ends_with(".localhost")
        }
        None => false,
    }
}

/// Refuses to send credentials to `url` unless it belongs to the client's own `origin` and cannot be listened
/// to: `https`, or `http` on this machine.
pub(super) fn check_credentials(origin: &Url, url: &Url) -> Result<(), Error> {
    if !is_same(origin, url) {
        return Err(Error::usage(format!(
            "the Authorization header of a client for {} is not sent to {}; use a client for that address, or send \
             the request without authorization",
            origin.origin().ascii_serialization(),
            url.origin().ascii_serialization(),
        )));
    }
    if url.scheme() != "https" && !is_loopback(url) {
        return Err(Error::usage(format!(
            "the Authorization header is not sent over plain http to {}; use https",
            url.origin().ascii_serialization(),
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).expect("a URL")
    }

    fn allowed(origin: &str, target: &str) -> bool {
        check_credentials(&url(origin), &url(target)).is_ok()
    }

    #[test]
    fn own_origin_only() {
        assert!(allowed("https://a.globus.org/v1/", "https://a.globus.org:443/x"));
        assert!(!allowed("https://a.globus.org/", "https://b.globus.org/"));
        assert!(!allowed("https://a.globus.org/", "https://a.globus.org:8443/"));
        assert!(!allowed("https://a.globus.org/", "http://a.globus.org/"));
        assert!(!allowed("https://a.globus.org/", "https://a.globus.org.evil.example/"));
    }

    #[test]
    fn plain_http_on_this_machine_only() {
        for here in [
            "http://127.0.0.1:9700/",
            "http://[::1]:1/",
            "http://localhost/",
            "http://flows.localhost./",
        ] {
            assert!(allowed(here, here), "{here}");
        }
        for away in [
            "http://globus.example/",
            "http://128.0.0.1/",
            "http://localhost.example/",
            "http://[::2]/",
        ] {
            assert!(!allowed(away, away), "{away}");
        }
    }

    #[test]
    fn targets() {
        assert!(target(&Uri::from_static("https://a.example/x?y=z")).is_ok());
        for bad in [
            "/relative",
            "ftp://a.example/",
            "https://u:p@a.example/",
            "https://u@a.example/",
        ] {
            let error = target(&Uri::from_static(bad)).expect_err(bad);
            assert!(!error.to_string().contains("u:p"));
        }
    }
}
