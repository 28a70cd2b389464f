//! `globus-bench load`: how many small requests an emulator answers, how fast, and whether it grows.

use std::io::{self, BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufStream};
use tokio::net::TcpStream;

use crate::error::Result;
use crate::measure::Latencies;

/// How many ask at once.
const CLIENTS: usize = 64;
/// How long they ask, before and after the size is looked at first.
const SECONDS: u64 = 60;

/// The scope of the token with which each path is asked.
const PATHS: [(&str, &str); 4] = [
    (
        "/v2/groups/my_groups",
        "urn:globus:auth:scope:groups.api.globus.org:all",
    ),
    ("/v2/preferences", "urn:globus:auth:scope:groups.api.globus.org:all"),
    ("/v0.10/task_list", "urn:globus:auth:scope:transfer.api.globus.org:all"),
    ("/v2/oauth2/userinfo", "openid"),
];

/// An emulator, which ends with this.
struct Emulator(Child);

impl Drop for Emulator {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts an emulator, asks it for twice a minute, and prints one line of JSON.
pub(crate) fn print(program: &str, arguments: &[&str]) -> Result<()> {
    let seconds = std::env::var("BENCH_SECONDS").ok().and_then(|text| text.parse().ok());
    let span = Duration::from_secs(seconds.unwrap_or(SECONDS));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let began = Instant::now();
    let child = Command::new(program)
        .args(["serve", "--port", "0", "--json"])
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut emulator = Emulator(child);
    let mut line = String::new();
    if let Some(out) = emulator.0.stdout.take() {
        BufReader::new(out).read_line(&mut line)?;
    }
    let told: Value = serde_json::from_str(&line)?;
    let host = told["url"].as_str().unwrap_or_default();
    let host = host.trim_start_matches("http://").trim_end_matches('/').to_owned();
    let measured = runtime.block_on(async {
        Connection::open(&host).await?.ask("GET", "/jwk.json", "", "").await?;
        let started = began.elapsed();
        let mut requests = Vec::new();
        for (path, scope) in PATHS {
            let body = json!({"identity": "alice", "scopes": [scope]}).to_string();
            let minted = Connection::open(&host)
                .await?
                .ask("POST", "/_emulator/tokens", "", &body)
                .await?;
            let minted: Value = serde_json::from_slice(&minted)?;
            requests.push((path, minted["access_token"].as_str().unwrap_or_default().to_owned()));
        }
        let first = spend(&host, &requests, span).await?;
        let before = resident(emulator.0.id());
        let second = spend(&host, &requests, span).await?;
        let after = resident(emulator.0.id());
        let rate = |times: &[Duration]| f64::from(u32::try_from(times.len()).unwrap_or(u32::MAX)) / span.as_secs_f64();
        Ok::<_, crate::error::Error>(json!({
            "clients": CLIENTS,
            "seconds": span.as_secs_f64(),
            "start_ms": started.as_secs_f64() * 1_000.0,
            "requests_per_second": [rate(&first), rate(&second)],
            "latencies": [Latencies::of(first), Latencies::of(second)],
            "rss_kb": [before, after],
        }))
    })?;
    writeln!(io::stdout(), "{measured}")?;
    Ok(())
}

/// Lets all clients ask one request after the other for a while; gives how long each took.
async fn spend(host: &str, requests: &[(&'static str, String)], span: Duration) -> Result<Vec<Duration>> {
    let end = Instant::now() + span;
    let clients = (0..CLIENTS).map(async |number| {
        let mut connection = Connection::open(host).await?;
        let mut times = Vec::new();
        for (path, token) in requests.iter().cycle().skip(number) {
            let began = Instant::now();
            if began >= end {
                break;
            }
            connection.ask("GET", path, token, "").await?;
            times.push(began.elapsed());
        }
        Ok::<_, crate::error::Error>(times)
    });
    Ok(futures_util::future::try_join_all(clients).await?.concat())
}

/// A connection that is used again and again, with as little work as can be: the client shares the machine.
struct Connection {
    stream: BufStream<TcpStream>,
    host: String,
}

impl Connection {
    async fn open(host: &str) -> Result<Self> {
        let stream = TcpStream::connect(host).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream: BufStream::new(stream),
            host: host.to_owned(),
        })
    }

    /// Asks, and gives the body of the answer, which is to be a success.
    async fn ask(&mut self, method: &str, path: &str, token: &str, body: &str) -> Result<Vec<u8>> {
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {token}\r\ncontent-length: {}\r\n\r\n{body}",
            self.host,
            body.len()
        );
        self.stream.write_all(request.as_bytes()).await?;
        self.stream.flush().await?;
        let mut line = String::new();
        self.stream.read_line(&mut line).await?;
        if line.split(' ').nth(1) != Some("200") {
            return Err(format!("{method} {path} was answered with {}", line.trim()).into());
        }
        let mut length = 0;
        loop {
            line.clear();
            self.stream.read_line(&mut line).await?;
            match line.trim_end().split_once(':') {
                None => break,
                Some((name, value)) if name.eq_ignore_ascii_case("content-length") => length = value.trim().parse()?,
                Some(_) => {}
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).await?;
        Ok(body)
    }
}

/// Resident size of a process, where the system tells it.
fn resident(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse().ok()
}
