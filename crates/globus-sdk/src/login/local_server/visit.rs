//! One connection to the local server: what it asks, and what it is answered.

use std::fmt;
use std::time::Duration;

use futures_util::future::{Either, select};
use secrecy::SecretString;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::oneshot;

use super::page::{Shown, Template};
use crate::error::{Error, LoginErrorKind, Result};
use crate::services::auth::AuthorizationFlow;
use crate::transport::Clock;

/// Longest request that is read, in bytes: addresses are longer than one thinks, cookies of other local servers too.
const LONGEST: usize = 64 * 1024;
/// How many headers a request may have.
const HEADERS: usize = 128;
/// How long a visitor may take to ask, and to hear that it is at the wrong place.
const TO_ASK: Duration = Duration::from_secs(10);
/// How long the browser may take to hear how the login ended.
const TO_HEAR: Duration = Duration::from_secs(5);

/// What visitors are measured by.
#[derive(Clone, Copy)]
pub(super) struct Visit<'l, 'm> {
    pub(super) flow: &'l AuthorizationFlow,
    pub(super) door: &'l Address,
    pub(super) template: &'m Template,
    pub(super) clock: &'m dyn Clock,
}

/// Where the server is, as a browser names it.
#[derive(Debug)]
pub(super) struct Address {
    pub(super) port: u16,
    pub(super) path: String,
}

impl Address {
    /// Whether a request was meant for this server. A page elsewhere can lead its own name to this machine, and would then
    /// be allowed to read what is answered.
    fn is_named_by(&self, host: &str) -> bool {
        let (name, port) = match host.rsplit_once(':') {
            Some((name, port)) if !port.ends_with(']') => (name, port.parse().ok()),
            _ => (host, Some(80)),
        };
        let is_here = ["127.0.0.1", "[::1]", "localhost"]
            .iter()
            .any(|here| name.eq_ignore_ascii_case(here));
        is_here && port == Some(self.port)
    }
}

/// What a request turns out to be.
enum Found {
    /// One that has nothing to do with this login, and what it is answered.
    Stray(&'static str, Shown),
    /// The answer to this login.
    Answer(Result<SecretString>),
}

/// A browser that brought the answer to this login, and waits for a page. One that is dropped gets a page too.
pub(super) struct Guest<'m> {
    stream: Option<TcpStream>,
    template: &'m Template,
    clock: &'m dyn Clock,
}

impl Guest<'_> {
    /// Answers the browser.
    pub(super) async fn show(mut self, status: &str, shown: &Shown) {
        let Some(mut stream) = self.stream.take() else { return };
        let text = response(status, self.template, shown);
        // A visitor who goes away early has still brought what it brought.
        select(Box::pin(send(&mut stream, &text)), self.clock.alarm(TO_HEAR)).await;
    }
}

impl Drop for Guest<'_> {
    fn drop(&mut self) {
        if let Some(stream) = self.stream.take() {
            let _ = stream.try_write(response("503 Service Unavailable", self.template, &Shown::given_up()).as_bytes());
        }
    }
}

impl fmt::Debug for Guest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a browser that waits")
    }
}

impl<'m> Visit<'_, 'm> {
    /// Reads the request. `None` for whoever does not bring the answer to this login, which is then answered here, and
    /// for whoever has to go before it has said what it wants.
    pub(super) async fn receive(
        self,
        mut stream: TcpStream,
        leave: oneshot::Receiver<()>,
    ) -> Option<(Result<SecretString>, Guest<'m>)> {
        let talk = Box::pin(self.talk(&mut stream));
        let time_is_up = select(self.clock.alarm(TO_ASK), leave);
        let Either::Left((answer, _)) = select(talk, time_is_up).await else {
            return None;
        };
        let guest = Guest {
            stream: Some(stream),
            template: self.template,
            clock: self.clock,
        };
        Some((answer?, guest))
    }

    async fn talk(&self, stream: &mut TcpStream) -> Option<Result<SecretString>> {
        match self.judge(&read_head(stream).await?) {
            Found::Answer(answer) => Some(answer),
            Found::Stray(status, shown) => {
                send(stream, &response(status, self.template, &shown)).await;
                None
            }
        }
    }

    fn judge(&self, head: &Head) -> Found {
        let stray = |status| Found::Stray(status, Shown::nothing_here());
        let (target, host) = match head {
            Head::Get { target, host } => (target, host),
            Head::Other => return stray("405 Method Not Allowed"),
            Head::Garbage => return stray("400 Bad Request"),
        };
        if !self.door.is_named_by(host) {
            return stray("421 Misdirected Request");
        }
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        if path != self.door.path || query.is_empty() {
            return stray("404 Not Found");
        }
        match self.flow.code_from_redirect(target) {
            Err(Error::Login(error)) if error.kind() == LoginErrorKind::StateMismatch => {
                Found::Stray("404 Not Found", Shown::another_login())
            }
            answer => Found::Answer(answer),
        }
    }
}

fn response(status: &str, template: &Template, shown: &Shown) -> String {
    let body = template.page(shown);
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {length}\r\n\
         Connection: close\r\nCache-Control: no-store\r\nReferrer-Policy: no-referrer\r\n\
         X-Content-Type-Options: nosniff\r\n\r\n{body}"
    )
}

async fn send(stream: &mut TcpStream, text: &str) {
    if stream.write_all(text.as_bytes()).await.is_ok() {
        let _ = stream.shutdown().await;
    }
}

/// The head of a request.
#[derive(Debug, PartialEq)]
enum Head {
    Get { target: String, host: String },
    Other,
    Garbage,
}

/// Reads the head of a request; `None` when it does not come whole.
async fn read_head(stream: &mut TcpStream) -> Option<Head> {
    let mut bytes = Vec::new();
    loop {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
        if let Some(head) = parse(&bytes) {
            return Some(head);
        }
        if bytes.len() > LONGEST {
            return Some(Head::Garbage);
        }
    }
}

/// `None` while the end has not come.
fn parse(bytes: &[u8]) -> Option<Head> {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS];
    let mut request = httparse::Request::new(&mut headers);
    match request.parse(bytes) {
        Ok(httparse::Status::Partial) => None,
        Err(_) => Some(Head::Garbage),
        Ok(httparse::Status::Complete(_)) => Some(match (request.method, request.path, host(request.headers)) {
            (Some("GET"), Some(target), Some(host)) => Head::Get {
                target: target.to_owned(),
                host: host.to_owned(),
            },
            (Some("GET"), ..) => Head::Garbage,
            _ => Head::Other,
        }),
    }
}

/// The one `Host` of a request (RFC 9112, section 3.2).
fn host<'a>(headers: &[httparse::Header<'a>]) -> Option<&'a str> {
    let mut hosts = headers.iter().filter(|header| header.name.eq_ignore_ascii_case("host"));
    let host = hosts.next().filter(|_| hosts.next().is_none())?;
    std::str::from_utf8(host.value).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads() {
        assert_eq!(parse(b"GET /?a=b HTTP/1.1\r\nHost: x\r\n"), None);
        let whole = parse(b"GET /?a=b HTTP/1.1\r\nhOsT: x\r\n\r\n");
        let get = |target: &str, host: &str| Head::Get {
            target: target.to_owned(),
            host: host.to_owned(),
        };
        assert_eq!(whole, Some(get("/?a=b", "x")));
        for hosts in ["", "Host: x\r\nHost: x\r\n", "Host: \u{e9}\r\nHost: x\r\n"] {
            let garbage = parse(format!("GET / HTTP/1.1\r\n{hosts}\r\n").as_bytes());
            assert_eq!(garbage, Some(Head::Garbage), "{hosts:?}");
        }
        assert_eq!(parse(b"HEAD /?a=b HTTP/1.1\r\n\r\n"), Some(Head::Other));
        assert_eq!(
            parse(b"\x16\x03\x01\x02\x00\x01"),
            Some(Head::Garbage),
            "the beginning of TLS"
        );
        assert_eq!(parse(b"nonsense\r\n\r\n"), Some(Head::Garbage));
    }

    #[test]
    fn only_names_of_this_machine_are_ours() {
        let at = |port| Address {
            port,
            path: "/".to_owned(),
        };
        for host in ["127.0.0.1:9", "[::1]:9", "localhost:9", "LocalHost:9"] {
            assert!(at(9).is_named_by(host), "{host}");
        }
        for host in [
            "127.0.0.1",
            "127.0.0.1:10",
            "[::1]",
            "::1:9",
            "evil.example.org:9",
            "localhost.evil.example.org:9",
            "localhost:",
            "localhost:9:9",
            "127.0.0.1:9@evil.example.org",
            "0.0.0.0:9",
            "",
        ] {
            assert!(!at(9).is_named_by(host), "{host}");
        }
        assert!(at(80).is_named_by("localhost") && at(80).is_named_by("[::1]") && at(80).is_named_by("127.0.0.1:80"));
    }
}
