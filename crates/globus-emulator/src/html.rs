//! Markup, kept apart from text: what a stranger wrote gets into it only escaped.

use std::ops::{Add, AddAssign};

/// A piece of a page.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Html(String);

/// Markup of our own.
pub(crate) fn html(markup: &'static str) -> Html {
    Html(markup.to_owned())
}

impl Html {
    /// Text of anybody's, fit for elements and for quoted attributes.
    pub(crate) fn text(text: &str) -> Self {
        let mut escaped = String::with_capacity(text.len());
        for letter in text.chars() {
            match letter {
                '&' => escaped.push_str("&amp;"),
                '<' => escaped.push_str("&lt;"),
                '>' => escaped.push_str("&gt;"),
                '"' => escaped.push_str("&quot;"),
                '\'' => escaped.push_str("&#39;"),
                other => escaped.push(other),
            }
        }
        Self(escaped)
    }
}

impl Add for Html {
    type Output = Self;

    fn add(mut self, other: Self) -> Self {
        self += other;
        self
    }
}

impl AddAssign for Html {
    fn add_assign(&mut self, other: Self) {
        self.0.push_str(&other.0);
    }
}

impl From<Html> for String {
    fn from(page: Html) -> Self {
        page.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_become_markup() {
        let text = html("<p>") + Html::text("<script a=\"b\" c='d'>&amp;") + html("</p>");
        assert_eq!(
            String::from(text),
            "<p>&lt;script a=&quot;b&quot; c=&#39;d&#39;&gt;&amp;amp;</p>"
        );
    }
}
