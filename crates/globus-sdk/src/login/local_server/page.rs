//! What the browser shows in the end.

use std::fmt;

use crate::error::Error;

/// The page that the browser shows, with places for the result and a sentence about it.
pub(super) struct Template(String);

/// What the page says.
#[derive(Debug)]
pub(super) struct Shown {
    login_result: &'static str,
    post_login_message: String,
}

impl Shown {
    fn new(login_result: &'static str, post_login_message: impl Into<String>) -> Self {
        let post_login_message = post_login_message.into();
        Self {
            login_result,
            post_login_message,
        }
    }

    pub(super) fn logged_in() -> Self {
        Self::new("Login successful", "You can close this tab and go back to the program.")
    }

    /// The browser's part is done, and nobody will say here how the rest goes.
    pub(super) fn handed_over() -> Self {
        Self::new(
            "Back to the program",
            "Globus has let you in. You can close this tab: the program finishes the login, and says how it ends.",
        )
    }

    /// The program did not wait for the end of its own login.
    pub(super) fn given_up() -> Self {
        Self::new(
            "Login not finished",
            "The program stopped before the login was finished. Go back to it, and start again if it does not go on.",
        )
    }

    pub(super) fn failed(error: &Error) -> Self {
        let hint = error.hint().map(|hint| format!(" To do: {hint}.")).unwrap_or_default();
        Self::new("Login failed", format!("Nobody was logged in: {error}.{hint}"))
    }

    pub(super) fn another_login() -> Self {
        Self::new(
            "Not this login",
            "What brought you here does not belong to the login for which the program is waiting. Use the tab that was \
             opened last, or start the login again.",
        )
    }

    pub(super) fn nothing_here() -> Self {
        Self::new(
            "Nothing here",
            "A program on this machine is waiting for a login to Globus, at another address.",
        )
    }
}

impl Template {
    pub(super) fn new(template: impl Into<String>) -> Self {
        Self(template.into())
    }

    /// The page. Places are found from left to right, so that nothing that was filled in is looked at again.
    pub(super) fn page(&self, result: &Shown) -> String {
        let places = [
            ("$", "$".to_owned()),
            ("{login_result}", escaped(result.login_result)),
            ("login_result", escaped(result.login_result)),
            ("{post_login_message}", escaped(&result.post_login_message)),
            ("post_login_message", escaped(&result.post_login_message)),
        ];
        let mut page = String::with_capacity(self.0.len() + 256);
        let mut rest = self.0.as_str();
        while let Some((before, after)) = rest.split_once('$') {
            page.push_str(before);
            let place = places.iter().find(|(name, _)| after.starts_with(name));
            let (name, text) = place.map_or(("", "$"), |(name, text)| (*name, text.as_str()));
            page.push_str(text);
            rest = &after[name.len()..];
        }
        page + rest
    }
}

/// Text that stays text between tags and in attributes.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

impl Default for Template {
    fn default() -> Self {
        Self::new(include_str!("page.html"))
    }
}

impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Template")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::LoginError;

    #[test]
    fn texts_from_outside_are_escaped() {
        let error = LoginError::refused("x", Some("<img src=x onerror=\"a('&')\"> $login_result"));
        let page = Template::default().page(&Shown::failed(&error.into()));
        assert!(
            page.contains("&lt;img src=x onerror=&quot;a(&#39;&amp;&#39;)&quot;&gt; $login_result"),
            "{page}"
        );
        assert!(!page.contains("<img"));
    }

    #[test]
    fn templates_have_places() {
        let template = Template::new("<i>${login_result}</i> costs $$5: $post_login_message $other $");
        let page = template.page(&Shown::new("a<b", "c&d"));
        assert_eq!(page, "<i>a&lt;b</i> costs $5: c&amp;d $other $");
    }

    #[test]
    fn the_page_takes_nothing_from_elsewhere() {
        let page = Template::default().page(&Shown::logged_in());
        assert!(page.contains("Globus Login Result") && page.contains("Login successful"));
        for outside in ["http:", "https:", "//", "src=", "<script", "@import", "url("] {
            assert!(!page.contains(outside), "{outside}");
        }
        assert!(page.contains("default-src 'none'") && page.contains("color-scheme: light dark"));
    }
}
