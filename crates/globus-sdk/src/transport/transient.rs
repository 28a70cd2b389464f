//! Errors that look transient and are not.

use serde::Deserialize;
use serde_json::Value;

/// How a service says that a 5xx answer is somebody else's lasting failure, so that sending again is useless.
///
/// It counts for server errors, not for the statuses that ask to come back later (429 and 503).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TransientRule {
    /// The status says all.
    Standard,
    /// Globus Transfer: a `code` that contains `ExternalError` or `EndpointError` lasts.
    Transfer,
    /// The JSON:API form of Globus Transfer: an element of `errors` with one of these codes lasts.
    TransferV2,
}

/// What goes wrong behind Globus Transfer, on an endpoint.
const BEHIND: [&str; 2] = ["ExternalError", "EndpointError"];

#[derive(Deserialize)]
struct WithCode {
    code: Value,
}

#[derive(Deserialize)]
struct WithErrors {
    errors: Vec<Value>,
}

impl TransientRule {
    /// Whether the error document says that sending again is useless. Documents of another shape do not.
    pub(super) fn is_lasting(self, body: &[u8]) -> bool {
        match self {
            Self::Standard => false,
            Self::Transfer => serde_json::from_slice::<WithCode>(body).is_ok_and(|document| match document.code {
                Value::String(code) => BEHIND.iter().any(|part| code.contains(part)),
                Value::Array(codes) => BEHIND.iter().any(|part| codes.iter().any(|code| code == part)),
                _ => false,
            }),
            // An element without a code is not what is looked for here: then the status says all.
            Self::TransferV2 => serde_json::from_slice::<WithErrors>(body).is_ok_and(|document| {
                let mut codes = document.errors.iter().map_while(|error| error.get("code"));
                codes.any(|code| BEHIND.iter().any(|part| code == part))
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_of_the_document() {
        let rule = TransientRule::Transfer;
        assert!(rule.is_lasting(br#"{"code": "ExternalError.DirListingFailed"}"#));
        assert!(rule.is_lasting(br#"{"message": [], "code": "a.EndpointError.b"}"#));
        for other in [
            "",
            "[]",
            "[\"list\"]",
            "{}",
            r#"{"code": null}"#,
            r#"{"code": 3}"#,
            r#"{"code": "X"}"#,
            "<html>",
        ] {
            assert!(!rule.is_lasting(other.as_bytes()), "{other}");
        }
    }

    #[test]
    fn codes_of_errors() {
        let rule = TransientRule::TransferV2;
        assert!(rule.is_lasting(br#"{"errors": [{"code": "X"}, {"code": "EndpointError"}]}"#));
        for other in [
            r#"{"errors": [{"code": "EndpointError.b"}]}"#,
            r#"{"errors": [{"nocode": 1}, 3, null]}"#,
            r#"{"errors": [{"nocode": 1}, {"code": "EndpointError"}]}"#,
            r#"{"errors": {}}"#,
            r#"{"code": "EndpointError"}"#,
            "[]",
        ] {
            assert!(!rule.is_lasting(other.as_bytes()), "{other}");
        }
    }
}
