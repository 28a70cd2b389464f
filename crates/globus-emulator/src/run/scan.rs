//! Finding a login URL in what a command prints, however the printing is cut into writes.

/// Longer than any login URL that browsers and servers take.
const LONGEST: usize = 32 * 1024;

/// Looks through one stream.
#[derive(Debug)]
pub(crate) struct Scan {
    /// How a login URL begins.
    begins: Vec<u8>,
    /// What may be, or be the beginning of, a URL without an end so far.
    rest: Vec<u8>,
    /// The URL at hand, as it was given away before its end was seen.
    given: Option<String>,
}

impl Scan {
    /// `origin` is the emulator's URL, with a slash at the end.
    pub(crate) fn new(origin: &str) -> Self {
        Self {
            begins: format!("{origin}v2/oauth2/authorize?").into_bytes(),
            rest: Vec::new(),
            given: None,
        }
    }

    /// Reads on; gives the URLs that have ended.
    pub(crate) fn feed(&mut self, bytes: &[u8]) -> Vec<String> {
        self.rest.extend_from_slice(bytes);
        let mut found = Vec::new();
        loop {
            let Some(start) = position(&self.rest, &self.begins) else {
                let kept = partial(&self.rest, &self.begins);
                self.rest.drain(..self.rest.len() - kept);
                self.given = None;
                return found;
            };
            if start > 0 {
                self.rest.drain(..start);
                self.given = None;
            }
            let Some(end) = self.rest.iter().position(|&byte| ends(byte)) else {
                if self.rest.len() > LONGEST {
                    self.rest.clear();
                }
                return found;
            };
            let url: Vec<u8> = self.rest.drain(..end).collect();
            let given = self.given.take();
            found.extend(clean(&url).filter(|url| given.as_ref() != Some(url)));
        }
    }

    /// A guess, made once: the URL whose end has not been seen, if nothing more has come for a while. A program that asks
    /// `URL? ` and waits in the same line prints no end. Should it go on all the same, [`feed`](Self::feed) gives the whole.
    pub(crate) fn quiet(&mut self) -> Option<String> {
        if self.given.is_some() || !self.rest.starts_with(&self.begins) {
            return None;
        }
        let url = clean(&self.rest)?;
        if !(url.contains("client_id=") && url.contains("redirect_uri=")) {
            return None;
        }
        self.given = Some(url.clone());
        Some(url)
    }
}

/// Whether no URL has this byte: space, quotes, brackets, control characters.
fn ends(byte: u8) -> bool {
    byte <= b' ' || matches!(byte, b'"' | b'\'' | b'`' | b'<' | b'>' | 0x7f..)
}

/// The URL, without the punctuation of the sentence around it, and with the `&` that some JSON writers escape.
fn clean(url: &[u8]) -> Option<String> {
    let url = std::str::from_utf8(url).ok()?.replace("\\u0026", "&");
    let url = url.trim_end_matches(['.', ',', ';', ':', '!', ')', ']', '}', '\\']);
    Some(url.to_owned())
}

fn position(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}

/// How many bytes at the end of a text may be the beginning of a part.
fn partial(text: &[u8], part: &[u8]) -> usize {
    (1..part.len().min(text.len() + 1))
        .rev()
        .find(|&length| text.ends_with(&part[..length]))
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORIGIN: &str = "http://127.0.0.1:9/";
    const URL: &str = "http://127.0.0.1:9/v2/oauth2/authorize?client_id=a&redirect_uri=b%2Fc&scope=x+y";

    #[test]
    fn urls_are_found_wherever_the_writes_are_cut() {
        let other = URL.replace("client_id=a", "client_id=z");
        let text = format!(
            "Go to http://127.0.0.1:9/v2/oauth2/other or\n----\n{URL}\n----\nhttp://127.0.0.1:9/v2/oa\u{1b}[1m{other}\u{1b}[0m. Bye"
        );
        for size in 1..=text.len() {
            let mut scan = Scan::new(ORIGIN);
            let found: Vec<String> = text.as_bytes().chunks(size).flat_map(|part| scan.feed(part)).collect();
            assert_eq!(found, [URL, &other], "{size}");
        }
    }

    #[test]
    fn sentences_and_json_around_are_left_out() {
        for text in [
            format!("({URL}). Then\n"),
            format!("<a href=\"{URL}\">\n"),
            format!("{{\"url\": \"{}\"}}", URL.replace('&', "\\u0026")),
            format!("{URL}\r\n"),
            format!("`{URL}`"),
        ] {
            assert_eq!(Scan::new(ORIGIN).feed(text.as_bytes()), [URL], "{text}");
        }
        let elsewhere = URL.replace(":9/", ":8/");
        assert!(Scan::new(ORIGIN).feed(format!("{elsewhere}\n").as_bytes()).is_empty());
    }

    #[test]
    fn a_url_without_an_end_is_given_once_when_all_is_quiet() {
        let mut scan = Scan::new(ORIGIN);
        assert_eq!(scan.quiet(), None);
        assert!(scan.feed(&URL.as_bytes()[..40]).is_empty());
        assert_eq!(scan.quiet(), None, "no URL yet");
        assert!(scan.feed(&URL.as_bytes()[40..]).is_empty());
        assert_eq!(scan.quiet().as_deref(), Some(URL));
        assert_eq!(scan.quiet(), None);
        assert!(scan.feed(b"\n").is_empty(), "it was given");
        assert!(scan.feed(URL.as_bytes()).is_empty());
        assert_eq!(scan.quiet().as_deref(), Some(URL));
        assert_eq!(scan.feed(b"&nonce=n\n"), [format!("{URL}&nonce=n")], "it was not whole");
        assert_eq!(scan.feed(format!("{URL}\n").as_bytes()), [URL], "another one");
    }

    #[test]
    fn endless_output_is_not_kept() {
        let mut scan = Scan::new(ORIGIN);
        for _ in 0..100 {
            scan.feed(format!("{URL}{}", "x".repeat(10_000)).as_bytes());
            assert!(scan.rest.len() <= LONGEST + 20_000);
        }
        scan.feed("\n".repeat(100_000).as_bytes());
        assert!(scan.rest.is_empty());
    }
}
