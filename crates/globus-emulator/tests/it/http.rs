//! A client that knows just enough HTTP to be beyond suspicion: one request for each connection.

use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use globus_emulator::{Emulator, seed};
use serde_json::Value;

pub(crate) const GROUPS: &str = "urn:globus:auth:scope:groups.api.globus.org:all";
pub(crate) const TRANSFER: &str = "urn:globus:auth:scope:transfer.api.globus.org:all";

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The document, once the status is the wanted one.
    #[track_caller]
    pub(crate) fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", String::from_utf8_lossy(&self.body));
        self.json()
    }

    /// That it is an error of a kind: the `code`, wherever its service writes it.
    #[track_caller]
    pub(crate) fn refused(&self, status: u16, code: &str) {
        let document = self.expect(status);
        let found = document
            .get("code")
            .or_else(|| document.pointer("/errors/0/code"))
            .or_else(|| document.get("error"));
        assert_eq!(found.and_then(Value::as_str), Some(code), "{document}");
    }
}

/// Sends a request; an answer that ends too early is an error.
pub(crate) fn send(url: &str, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> io::Result<Answer> {
    let host = url.trim_start_matches("http://").trim_end_matches('/');
    let mut head = format!("{method} {path} HTTP/1.1\r\nconnection: close\r\n");
    if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
        head.push_str(&format!("host: {host}\r\n"));
    }
    if !body.is_empty() {
        head.push_str(&format!("content-length: {}\r\n", body.len()));
    }
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    raw(host, &[head.as_bytes(), body].concat(), method == "HEAD")
}

pub(crate) fn raw(host: &str, request: &[u8], headless: bool) -> io::Result<Answer> {
    let mut stream = TcpStream::connect(host)?;
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    // A server that has seen enough may close before it has read all.
    let _ = stream.write_all(request);
    let mut all = Vec::new();
    stream.read_to_end(&mut all)?;
    let broken = || io::Error::new(io::ErrorKind::UnexpectedEof, "half an answer");
    let end = all.windows(4).position(|four| four == b"\r\n\r\n").ok_or_else(broken)?;
    let head = String::from_utf8_lossy(&all[..end]).into_owned();
    let mut lines = head.split("\r\n");
    let status = lines
        .next()
        .and_then(|line| line.split(' ').nth(1)?.parse().ok())
        .ok_or_else(broken)?;
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let answer = Answer {
        status,
        headers,
        body: all[end + 4..].to_vec(),
    };
    match answer
        .header("content-length")
        .and_then(|text| text.parse::<usize>().ok())
    {
        Some(length) if !headless && length != answer.body.len() => Err(broken()),
        _ => Ok(answer),
    }
}

/// An emulator and a way to ask it.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) emulator: Emulator,
}

pub(crate) fn basic(user: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{user}:{password}")))
}

impl World {
    pub(crate) fn new() -> Self {
        Self {
            emulator: Emulator::builder().start_now().expect("an emulator"),
        }
    }

    pub(crate) fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        send(self.emulator.url(), method, path, headers, body).expect("an answer")
    }

    /// A call with a token.
    pub(crate) fn call(&self, token: &str, method: &str, path: &str, body: Option<Value>) -> Answer {
        let authorization = format!("Bearer {token}");
        let mut headers = vec![("authorization", authorization.as_str())];
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        if !body.is_empty() {
            headers.push(("content-type", "application/json"));
        }
        self.send(method, path, &headers, body.as_bytes())
    }

    pub(crate) fn get(&self, token: &str, path: &str) -> Answer {
        self.call(token, "GET", path, None)
    }

    /// A form with the credentials of a client.
    pub(crate) fn form(&self, client: (&str, &str), path: &str, form: &str) -> Answer {
        let authorization = basic(client.0, client.1);
        let form_type = ("content-type", "application/x-www-form-urlencoded");
        self.send(
            "POST",
            path,
            &[("authorization", &authorization), form_type],
            form.as_bytes(),
        )
    }

    /// The document of a client credentials grant for the seeded program.
    pub(crate) fn tokens(&self, scope: &str) -> Answer {
        let scope: String = url_encode(scope);
        let form = format!("grant_type=client_credentials&scope={scope}");
        self.form((seed::CLIENT_ID, seed::CLIENT_SECRET), "/v2/oauth2/token", &form)
    }

    pub(crate) fn client_token(&self, scope: &str) -> String {
        self.tokens(scope).expect(200)["access_token"]
            .as_str()
            .expect("a token")
            .to_owned()
    }

    pub(crate) fn user_token(&self, identity: &str, scope: &str) -> String {
        self.emulator.mint_token(identity, &[scope]).expect("a token")
    }
}

pub(crate) fn url_encode(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
