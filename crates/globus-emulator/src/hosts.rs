//! Under which names an emulator answers, and which pages may read what it says.
//!
//! Its people and secrets are known to everybody, and a collection may be somebody's folder. A page from elsewhere that a
//! browser shows on this machine gets nothing of that, neither by asking another origin nor under a name that leads here.

use http::header::{HOST, HeaderValue, ORIGIN};
use http::{HeaderMap, Uri};

/// The names of hosts that are as good as loopback.
#[derive(Debug, Default)]
pub(crate) struct Hosts(Vec<String>);

impl Hosts {
    /// Reads names, which have neither scheme nor port.
    pub(crate) fn new(names: Vec<String>) -> Result<Self, String> {
        let is_name = |name: &String| {
            let may_be = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
            !name.is_empty() && name.bytes().all(may_be)
        };
        match names.iter().find(|name| !is_name(name)) {
            Some(wrong) => Err(format!(
                "the host `{wrong}` is no name; leave out scheme, port and path, as in app.test"
            )),
            None => Ok(Self(names)),
        }
    }

    fn have(&self, authority: &str) -> bool {
        let host = without_port(authority);
        is_loopback(authority) || self.0.iter().any(|name| name.eq_ignore_ascii_case(host))
    }

    /// The page that asks, if it may read the answer.
    pub(crate) fn page(&self, headers: &HeaderMap) -> Option<HeaderValue> {
        let page = headers.get(ORIGIN)?;
        let (_, host) = page.to_str().ok()?.split_once("://")?;
        self.have(host).then(|| page.clone())
    }

    /// A host that a request names in its line or its head, and that is none of these, without its port.
    pub(crate) fn stranger(&self, uri: &Uri, headers: &HeaderMap) -> Option<String> {
        let named = headers.get_all(HOST).iter().map(|value| value.to_str().unwrap_or("?"));
        let mut named = named.chain(uri.authority().map(http::uri::Authority::as_str));
        named
            .find(|named| !self.have(named))
            .map(|named| without_port(named).to_owned())
    }
}

/// Whether a request names a loopback host, in its line and its header, and comes from no page or from one of such a host.
pub(crate) fn is_local(uri: &Uri, headers: &HeaderMap) -> bool {
    let loopback = Hosts::default();
    let comes_from_page = headers.contains_key(ORIGIN);
    loopback.stranger(uri, headers).is_none() && (!comes_from_page || loopback.page(headers).is_some())
}

fn without_port(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    }
}

fn is_loopback(authority: &str) -> bool {
    let host = without_port(authority);
    host.eq_ignore_ascii_case("localhost") || matches!(host, "127.0.0.1" | "[::1]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_names_count() {
        for good in ["localhost", "localhost:9700", "127.0.0.1:1", "[::1]:80", "[::1]"] {
            assert!(is_loopback(good), "{good}");
        }
        for bad in [
            "",
            "example.org",
            "localhost.example.org",
            "127.0.0.1.example.org:80",
            "[::2]",
            "evil:127.0.0.1",
        ] {
            assert!(!is_loopback(bad), "{bad}");
        }
    }

    #[test]
    fn names_are_names() {
        assert!(Hosts::new(vec!["app.test".to_owned(), "My_Box-2".to_owned()]).is_ok());
        for wrong in ["", "http://app.test", "app.test:80", "app.test/x", "*", "*.test"] {
            assert!(Hosts::new(vec![wrong.to_owned()]).is_err(), "{wrong}");
        }
    }
}
