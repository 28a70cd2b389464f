//! A server of JSON documents on this machine.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::Value;

/// What came.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) method: String,
    /// Path and query.
    pub(crate) target: String,
    pub(crate) body: Vec<u8>,
}

/// A server that answers one request after the other, each on a connection of its own, until the test ends.
#[derive(Debug)]
pub(crate) struct HttpServer {
    port: u16,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl HttpServer {
    /// Answers with a status and a document.
    pub(crate) fn start(mut answer: impl FnMut(&Asked) -> (u16, Value) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let kept = asked.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                // A client may hang up before it asks anything.
                let Some((stream, request)) = stream.ok().and_then(read) else {
                    continue;
                };
                let (status, document) = answer(&request);
                kept.lock().expect("no panic while it was held").push(request);
                write(stream, status, &document);
            }
        });
        Self { port, asked }
    }

    /// Answers with these documents in order, and then with 410.
    pub(crate) fn script(documents: Vec<Value>) -> Self {
        let mut documents = documents.into_iter();
        Self::start(move |_| documents.next().map_or((410, Value::Null), |document| (200, document)))
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port)
    }

    /// What came so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().expect("no panic while it was held").clone()
    }
}

fn read(stream: TcpStream) -> Option<(TcpStream, Asked)> {
    let mut reader = BufReader::new(stream);
    let mut first = String::new();
    reader.read_line(&mut first).ok()?;
    let mut words = first.split_ascii_whitespace().map(str::to_owned);
    let (method, target) = (words.next()?, words.next()?);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((reader.into_inner(), Asked { method, target, body }))
}

fn write(mut stream: TcpStream, status: u16, document: &Value) {
    let body = if status == 204 {
        String::new()
    } else {
        document.to_string()
    };
    let length = body.len();
    let answer = format!(
        "HTTP/1.1 {status} Answer\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
    );
    // The client may have gone.
    drop(stream.write_all(answer.as_bytes()));
}
