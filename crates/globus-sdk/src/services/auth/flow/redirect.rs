//! What comes back from the login page (RFC 6749, sections 4.1.2 and 4.1.2.1).

use secrecy::SecretString;
use url::form_urlencoded;

use crate::error::{LoginError, LoginErrorKind};

/// The code in `redirect`, an address or its query, if it belongs to the login with this state.
pub(super) fn code(redirect: &str, state: &str) -> Result<SecretString, LoginError> {
    let parts: Vec<_> = form_urlencoded::parse(query(redirect).as_bytes()).collect();
    // A parameter that is given twice is as good as none: which of the two would be meant?
    let single = |name: &str| {
        let mut found = parts.iter().filter(|(key, _)| key == name);
        let first = found.next()?;
        found.next().is_none().then_some(&*first.1)
    };
    // Before anything else is believed, a refusal included.
    if single("state") != Some(state) {
        return Err(LoginError::new(
            LoginErrorKind::StateMismatch,
            "what came back does not belong to this login: its `state` is not the one that was sent",
        ));
    }
    if let Some(error) = single("error") {
        return Err(LoginError::refused(error, single("error_description")));
    }
    match single("code").filter(|code| !code.is_empty()) {
        Some(code) => Ok(code.into()),
        None => Err(LoginError::new(
            LoginErrorKind::NoCode,
            "what came back has no authorization code",
        )),
    }
}

fn query(redirect: &str) -> &str {
    let redirect = redirect.trim();
    let redirect = redirect.split_once('#').map_or(redirect, |(before, _)| before);
    redirect.split_once('?').map_or(redirect, |(_, query)| query)
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    #[test]
    fn a_code_comes_from_an_address_or_its_query() {
        for redirect in [
            "https://app.example.org/cb?code=a%2Fb+c&state=s",
            "http://127.0.0.1:9/?x=1&state=s&code=a%2Fb+c#end",
            "/cb?state=s&code=a%2Fb+c",
            "?state=s&code=a%2Fb+c",
            " state=s&code=a%2Fb+c\n",
        ] {
            assert_eq!(code(redirect, "s").unwrap().expose_secret(), "a/b c", "{redirect}");
        }
    }

    #[test]
    fn the_state_counts_before_everything_else() {
        for redirect in [
            "https://app.example.org/cb?code=secret-code",
            "https://app.example.org/cb?code=secret-code&state=other",
            "https://app.example.org/cb?code=secret-code&state=s&state=s",
            "https://app.example.org/cb?error=access_denied&state=other",
            "",
        ] {
            let error = code(redirect, "s").unwrap_err();
            assert_eq!(error.kind(), LoginErrorKind::StateMismatch, "{redirect}");
            assert!(!format!("{error} {error:?}").contains("secret-code"));
        }
    }

    #[test]
    fn refusals_keep_their_code() {
        let error = code("?error=access_denied&error_description=not+now&state=s", "s").unwrap_err();
        assert_eq!(
            (error.kind(), error.code()),
            (LoginErrorKind::Refused, Some("access_denied"))
        );
        assert!(error.to_string().contains("not now"));
        for redirect in ["?state=s", "?state=s&code=", "?state=s&code=a&code=b"] {
            assert_eq!(
                code(redirect, "s").unwrap_err().kind(),
                LoginErrorKind::NoCode,
                "{redirect}"
            );
        }
    }
}
