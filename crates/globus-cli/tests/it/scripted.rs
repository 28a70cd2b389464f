//! A service that answers what it was told to, down to the byte.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

/// A service on a port of this machine, until it is dropped.
pub(crate) struct Scripted {
    url: String,
    requests: Arc<Mutex<Vec<String>>>,
    stopping: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Scripted {
    /// Gives every request the same answer, and then closes the connection.
    pub(crate) fn answering(answer: impl Into<Vec<u8>>) -> Self {
        Self::start(answer.into(), Duration::ZERO)
    }

    /// Takes its time for every answer.
    pub(crate) fn hesitating(time: Duration) -> Self {
        Self::start(Vec::new(), time)
    }

    fn start(answer: Vec<u8>, delay: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let stopping = Arc::new(AtomicBool::new(false));
        let (heard, stop) = (requests.clone(), stopping.clone());
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if stop.load(Ordering::SeqCst) {
                    return;
                }
                // A client may hang up whenever it likes.
                let _ = stream.and_then(|stream| exchange(stream, &answer, delay, &heard));
            }
        });
        Self {
            url,
            requests,
            stopping,
            thread: Some(thread),
        }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// First lines of the requests, such as `GET /v2/groups/my_groups HTTP/1.1`.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        self.stopping.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.url.trim_start_matches("http://").trim_end_matches('/'));
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

fn exchange(stream: TcpStream, answer: &[u8], delay: Duration, heard: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut first = String::new();
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 || line.trim().is_empty() {
            break;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
        if first.is_empty() {
            line.trim().clone_into(&mut first);
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    heard.lock().unwrap().push(first);
    std::thread::sleep(delay);
    reader.get_mut().write_all(answer)
}

/// The bytes of an answer.
pub(crate) fn answer(status: &str, content_type: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\ncontent-type: {content_type}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}")
        .into_bytes()
}
