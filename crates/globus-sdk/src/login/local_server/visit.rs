//! One connection to the local server: what it asks, and what it is answered.

use std::time::Duration;

use futures_util::future::{Either, select};
use secrecy::SecretString;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::page::{Shown, Template};
use crate::error::{Error, LoginErrorKind, Result};
use crate::services::auth::AuthorizationFlow;
use crate::transport::Clock;

/// Longest request that is read, in bytes: addresses are longer than one thinks, cookies of other local servers too.
const LONGEST: usize = 64 * 1024;
/// How many headers a request may have.
const HEADERS: usize = 128;
/// How long a visitor may take to ask, and to hear the answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// What visitors are measured by.
#[derive(Clone, Copy)]
pub(super) struct Visit<'a> {
    pub(super) flow: &'a AuthorizationFlow,
    pub(super) template: &'a Template,
    pub(super) path: &'a str,
    pub(super) clock: &'a dyn Clock,
}

/// What is answered, and how the login ended if it did.
struct Answer {
    status: &'static str,
    shown: Shown,
    end: Option<Result<SecretString>>,
}

impl Answer {
    const fn stray(status: &'static str, shown: Shown) -> Self {
        let end = None;
        Self { status, shown, end }
    }
}

impl Visit<'_> {
    /// Reads the request and answers it. `None` for whoever does not bring the answer to this login.
    pub(super) async fn receive(self, mut stream: TcpStream) -> Option<Result<SecretString>> {
        let head = Box::pin(read_head(&mut stream));
        let Either::Left((head, _)) = select(head, self.clock.alarm(PATIENCE)).await else {
            return None;
        };
        let answer = self.judge(head?);
        let body = self.template.page(&answer.shown);
        let text = format!(
            "HTTP/1.1 {}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n\
             Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\n\r\n{body}",
            answer.status,
            body.len()
        );
        let told = Box::pin(async {
            // A visitor who goes away early has still brought what it brought.
            if stream.write_all(text.as_bytes()).await.is_ok() {
                let _ = stream.shutdown().await;
            }
        });
        select(told, self.clock.alarm(PATIENCE)).await;
        answer.end
    }

    fn judge(&self, head: Head) -> Answer {
        let target = match head {
            Head::Get(target) => target,
            Head::Other => return Answer::stray("405 Method Not Allowed", Shown::nothing_here()),
            Head::Garbage => return Answer::stray("400 Bad Request", Shown::nothing_here()),
        };
        let (path, query) = target.split_once('?').unwrap_or((&target, ""));
        if path != self.path || query.is_empty() {
            return Answer::stray("404 Not Found", Shown::nothing_here());
        }
        match self.flow.code_from_redirect(&target) {
            Ok(code) => Answer {
                status: "200 OK",
                shown: Shown::logged_in(),
                end: Some(Ok(code)),
            },
            Err(Error::Login(error)) if error.kind() == LoginErrorKind::StateMismatch => {
                Answer::stray("404 Not Found", Shown::another_login())
            }
            Err(error) => Answer {
                status: "403 Forbidden",
                shown: Shown::refused(&error),
                end: Some(Err(error)),
            },
        }
    }
}

/// The head of a request.
#[derive(Debug, PartialEq)]
enum Head {
    Get(String),
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
        Ok(httparse::Status::Complete(_)) => Some(match (request.method, request.path) {
            (Some("GET"), Some(target)) => Head::Get(target.to_owned()),
            _ => Head::Other,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads() {
        assert_eq!(parse(b"GET /?a=b HTTP/1.1\r\nHost: x\r\n"), None);
        let whole = parse(b"GET /?a=b HTTP/1.1\r\nHost: x\r\n\r\n");
        assert_eq!(whole, Some(Head::Get("/?a=b".to_owned())));
        assert_eq!(parse(b"HEAD /?a=b HTTP/1.1\r\n\r\n"), Some(Head::Other));
        assert_eq!(
            parse(b"\x16\x03\x01\x02\x00\x01"),
            Some(Head::Garbage),
            "the beginning of TLS"
        );
        assert_eq!(parse(b"nonsense\r\n\r\n"), Some(Head::Garbage));
    }
}
