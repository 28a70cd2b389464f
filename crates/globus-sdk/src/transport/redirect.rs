//! Where a redirect leads (RFC 9110, section 15.4), as a pure function.

use bytes::Bytes;
use http::header::{
    AUTHORIZATION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, COOKIE, HOST, LOCATION, PROXY_AUTHORIZATION,
    TRANSFER_ENCODING,
};
use http::request::Parts;
use http::{HeaderMap, Method, Request, StatusCode};
use url::Url;

use super::origin;

/// Redirects followed for one request.
pub(super) const MAX_REDIRECTS: u32 = 30;

/// The request that a redirect asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Next {
    /// The new address.
    pub(super) url: Url,
    /// The new method.
    pub(super) method: Method,
    /// Whether the body goes along.
    pub(super) keep_body: bool,
    /// Whether credentials go along: only to the same origin.
    pub(super) keep_credentials: bool,
}

/// Works out where an answer leads: `Ok(None)` when it is no redirect that can be followed, an explanation when
/// it must not be.
pub(super) fn next(
    from: &Url,
    method: &Method,
    has_body: bool,
    status: StatusCode,
    answer: &HeaderMap,
) -> Result<Option<Next>, String> {
    let (method, keep_body) = match status.as_u16() {
        301 | 302 if method == Method::POST => (Method::GET, false),
        303 if method != Method::HEAD => (Method::GET, false),
        301..=303 | 307 | 308 => (method.clone(), true),
        _ => return Ok(None),
    };
    let Some(location) = answer.get(LOCATION) else {
        return Ok(None);
    };
    let mut url = std::str::from_utf8(location.as_bytes())
        .ok()
        .and_then(|location| from.join(location.trim()).ok())
        .ok_or_else(|| format!("status {status} with a Location that is not a URL"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!(
            "status {status} with a Location of the scheme {:?}",
            url.scheme()
        ));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(format!(
            "status {status} with a Location that contains user information"
        ));
    }
    url.set_fragment(None);
    let keep_credentials = origin::is_same(from, &url);
    if keep_body && !keep_credentials && has_body {
        // Any body may hold secrets: forms hold codes and refresh tokens, JSON documents passwords and keys.
        return Err(format!(
            "status {status} would carry the request's body to {}",
            url.origin().ascii_serialization()
        ));
    }
    Ok(Some(Next {
        url,
        method,
        keep_body,
        keep_credentials,
    }))
}

/// The next request: what was sent before, as far as it may go along.
pub(super) fn follow(mut parts: Parts, body: Bytes, next: &Next) -> Result<Request<Bytes>, String> {
    parts.uri = next
        .url
        .as_str()
        .parse()
        .map_err(|_| "a Location that is not a URL".to_owned())?;
    parts.method = next.method.clone();
    parts.headers.remove(HOST);
    if !next.keep_credentials {
        for name in [AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION] {
            parts.headers.remove(name);
        }
    }
    if next.keep_body {
        return Ok(Request::from_parts(parts, body));
    }
    for name in [CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, TRANSFER_ENCODING] {
        parts.headers.remove(name);
    }
    Ok(Request::from_parts(parts, Bytes::new()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(method: &Method, status: u16, location: &str) -> Result<Option<Next>, String> {
        let from = Url::parse("https://a.example/v1/x?q=1").expect("a URL");
        let mut answer = HeaderMap::new();
        answer.insert(LOCATION, location.parse().expect("a header value"));
        let status = StatusCode::from_u16(status).expect("a status");
        next(&from, method, false, status, &answer)
    }

    fn step(method: &Method, status: u16, location: &str) -> Next {
        ask(method, status, location).expect("no refusal").expect("a redirect")
    }

    #[test]
    fn methods_and_bodies() {
        for (method, status, expected, keep_body) in [
            (Method::POST, 301, Method::GET, false),
            (Method::POST, 302, Method::GET, false),
            (Method::POST, 303, Method::GET, false),
            (Method::PUT, 303, Method::GET, false),
            (Method::HEAD, 303, Method::HEAD, true),
            (Method::GET, 302, Method::GET, true),
            (Method::PUT, 301, Method::PUT, true),
            (Method::POST, 307, Method::POST, true),
            (Method::DELETE, 308, Method::DELETE, true),
        ] {
            let next = step(&method, status, "/y");
            assert_eq!(
                (next.method, next.keep_body),
                (expected, keep_body),
                "{method} {status}"
            );
        }
    }

    #[test]
    fn addresses_and_credentials() {
        let next = step(&Method::GET, 302, "../y#part");
        assert_eq!(next.url.as_str(), "https://a.example/y");
        assert!(next.keep_credentials);
        assert!(step(&Method::GET, 302, "https://a.example:443/").keep_credentials);
        for other in [
            "https://b.example/",
            "//b.example/",
            "http://a.example/",
            "https://a.example:8443/",
        ] {
            assert!(!step(&Method::GET, 307, other).keep_credentials, "{other}");
        }
    }

    #[test]
    fn what_is_not_followed() {
        assert_eq!(ask(&Method::GET, 304, "/y"), Ok(None));
        assert_eq!(ask(&Method::GET, 300, "/y"), Ok(None));
        assert_eq!(ask(&Method::GET, 200, "/y"), Ok(None));
        for bad in ["https://[", "file:///etc/passwd", "https://u:p@b.example/"] {
            assert!(ask(&Method::GET, 302, bad).is_err(), "{bad}");
        }
        let from = Url::parse("https://a.example/").expect("a URL");
        let empty = HeaderMap::new();
        assert_eq!(next(&from, &Method::GET, false, StatusCode::FOUND, &empty), Ok(None));
    }

    #[test]
    fn bodies_stay_at_home() {
        let from = Url::parse("https://a.example/token").expect("a URL");
        let mut answer = HeaderMap::new();
        answer.insert(LOCATION, "https://b.example/token".parse().expect("a header value"));
        let status = StatusCode::TEMPORARY_REDIRECT;
        assert!(next(&from, &Method::POST, true, status, &answer).is_err());
        assert!(next(&from, &Method::GET, false, status, &answer).is_ok_and(|next| next.is_some()));
        assert!(next(&from, &Method::POST, true, StatusCode::SEE_OTHER, &answer).is_ok_and(|next| next.is_some()));
        answer.insert(LOCATION, "/v2/token".parse().expect("a header value"));
        assert!(next(&from, &Method::POST, true, status, &answer).is_ok_and(|next| next.is_some()));
    }
}
