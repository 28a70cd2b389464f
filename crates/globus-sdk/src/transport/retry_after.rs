//! The `Retry-After` header (RFC 9110, section 10.2.3).

use std::time::{Duration, SystemTime};

use http::HeaderMap;
use http::header::RETRY_AFTER;

/// How long the service asks to wait, if it asks for a positive time: a whole number of seconds, or a date.
///
/// Zero, negative numbers, dates in the past and anything that cannot be read mean nothing in particular: the
/// usual backoff applies.
pub(super) fn requested_wait(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let digits = text.strip_prefix('+').unwrap_or(text);
    let wait = if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        // A number too large to read is still a wish to wait very long.
        Duration::from_secs(digits.parse().unwrap_or(u64::MAX))
    } else {
        httpdate::parse_http_date(text).ok()?.duration_since(now).ok()?
    };
    (!wait.is_zero()).then_some(wait)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(value: &str) -> Option<u64> {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, value.parse().expect("a header value"));
        // 2023-11-14T22:13:20Z
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
        requested_wait(&headers, now).map(|wait| wait.as_secs())
    }

    #[test]
    fn seconds() {
        assert_eq!(wait("3"), Some(3));
        assert_eq!(wait(" 6 "), Some(6));
        assert_eq!(wait("+6"), Some(6));
        assert_eq!(wait("3600"), Some(3600));
        assert_eq!(wait("99999999999999999999999"), Some(u64::MAX));
    }

    #[test]
    fn dates() {
        assert_eq!(wait("Tue, 14 Nov 2023 22:13:50 GMT"), Some(30));
        assert_eq!(wait("Tuesday, 14-Nov-23 22:13:50 GMT"), Some(30));
        assert_eq!(wait("Wed, 21 Oct 2015 07:28:00 GMT"), None);
        assert_eq!(wait("Tue, 14 Nov 2023 22:13:20 GMT"), None);
    }

    #[test]
    fn nothing_to_obey() {
        for value in [
            "",
            "0",
            "-1",
            "1.5",
            "soon",
            "++1",
            "1 2",
            "Tue, 99 Nov 2023 22:13:50 GMT",
        ] {
            assert_eq!(wait(value), None, "{value:?}");
        }
        assert_eq!(requested_wait(&HeaderMap::new(), SystemTime::UNIX_EPOCH), None);
    }
}
