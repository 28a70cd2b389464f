//! A browser as plain as the pages: it keeps cookies, reads forms, and presses buttons.

use crate::http::{Answer, World, url_encode};

/// Verifier and challenge of RFC 7636, appendix B.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

#[derive(Debug)]
pub(crate) struct Browser<'a> {
    world: &'a World,
    cookie: Option<String>,
}

/// Fields as a query or form.
pub(crate) fn fields(pairs: &[(&str, &str)]) -> String {
    let pairs = pairs
        .iter()
        .map(|(name, value)| format!("{name}={}", url_encode(value)));
    pairs.collect::<Vec<_>>().join("&")
}

impl<'a> Browser<'a> {
    pub(crate) fn new(world: &'a World) -> Self {
        Self { world, cookie: None }
    }

    fn send(&mut self, method: &str, path: &str, form: &str) -> Answer {
        let mut headers = Vec::new();
        if let Some(cookie) = &self.cookie {
            headers.push(("cookie", cookie.as_str()));
        }
        if !form.is_empty() {
            headers.push(("content-type", "application/x-www-form-urlencoded"));
        }
        let answer = self.world.send(method, path, &headers, form.as_bytes());
        if let Some(cookie) = answer.header("set-cookie") {
            self.cookie = cookie.split(';').next().map(str::to_owned);
        }
        answer
    }

    pub(crate) fn get(&mut self, path: &str) -> Page {
        Page::new(self.send("GET", path, ""))
    }

    pub(crate) fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Page {
        Page::new(self.send("POST", path, &fields(form)))
    }

    /// Sends the form of a page, with its hidden fields and the button that was pressed.
    pub(crate) fn press(&mut self, page: &Page, button: (&str, &str)) -> Page {
        let hidden = page.hidden();
        let mut form: Vec<(&str, &str)> = hidden
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        form.push(button);
        self.post(&page.action(), &form)
    }
}

#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) answer: Answer,
    pub(crate) text: String,
}

impl Page {
    fn new(answer: Answer) -> Self {
        let text = String::from_utf8(answer.body.clone()).expect("text");
        Self { answer, text }
    }

    /// That it is a page with a part of this text.
    #[track_caller]
    pub(crate) fn shows(&self, status: u16, part: &str) -> &Self {
        assert_eq!(self.answer.status, status, "{}", self.text);
        assert_eq!(self.answer.header("content-type"), Some("text/html; charset=utf-8"));
        assert!(self.text.contains(part), "{part} is not in {}", self.text);
        assert!(!self.text.contains("<script"), "{}", self.text);
        self
    }

    /// Where it leads.
    #[track_caller]
    pub(crate) fn location(&self) -> url::Url {
        assert_eq!(self.answer.status, 302, "{}", self.text);
        let location = self.answer.header("location").expect("a location");
        url::Url::parse(location).expect("an address")
    }

    /// A parameter of the address to which it leads.
    #[track_caller]
    pub(crate) fn parameter(&self, name: &str) -> Option<String> {
        let url = self.location();
        url.query_pairs()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    }

    /// The value of an attribute, from a place on.
    fn attribute(&self, from: &str, name: &str) -> String {
        let rest = &self.text[self.text.find(from).expect("an element")..];
        let rest = rest.split_once(&format!("{name}=\"")).expect("an attribute").1;
        let value = rest.split('"').next().expect("a value");
        value
            .replace("&quot;", "\"")
            .replace("&#39;", "'")
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&")
    }

    fn action(&self) -> String {
        self.attribute("<form", "action")
    }

    fn hidden(&self) -> Vec<(String, String)> {
        if self.text.contains("type=\"hidden\"") {
            let name = self.attribute("type=\"hidden\"", "name");
            vec![(name, self.attribute("type=\"hidden\"", "value"))]
        } else {
            Vec::new()
        }
    }
}
