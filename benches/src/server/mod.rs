//! A neutral server: one thread, answers that are prepared once, the same for every program.

mod documents;

use std::collections::HashMap;
use std::io::{self, Write as _};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};

use crate::error::Result;
use crate::scenarios::{Fault, Scenario, Work};

/// How long a token takes when it is renewed.
const RENEWAL: Duration = Duration::from_millis(50);

/// One request of this many meets a fault, where there are faults.
const FAULT_RATE: u64 = 5;

type Answer = Response<Full<Bytes>>;

/// Serves until the process ends; the first line on standard output is the base URL.
pub(crate) fn serve(scenario: Option<Scenario>) -> Result<()> {
    let port = match std::env::var("BENCH_PORT") {
        Ok(port) => port
            .parse()
            .map_err(|_| format!("BENCH_PORT is `{port}`; give a number"))?,
        Err(_) => 0,
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind(("127.0.0.1", port)).await?;
        let server = Arc::new(Server::new(scenario));
        writeln!(io::stdout(), "http://{}", listener.local_addr()?)?;
        loop {
            let (stream, _) = listener.accept().await?;
            tokio::spawn(converse(stream, server.clone()));
        }
    })
}

/// Answers the requests of one connection.
async fn converse(stream: TcpStream, server: Arc<Server>) {
    let _ = stream.set_nodelay(true);
    if server.fault == Fault::Reset {
        let _ = stream.set_zero_linger();
    }
    let answer = service_fn(|request| server.answer(request));
    // A client that goes away, or a fault that is wanted.
    let _ = hyper::server::conn::http1::Builder::new()
        .serve_connection(TokioIo::new(stream), answer)
        .await;
}

struct Server {
    fault: Fault,
    /// Whether a refresh token is good only once.
    rotating: bool,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    prepared: HashMap<String, Bytes>,
    /// Refresh tokens used so far.
    refreshes: usize,
    /// What decides which request meets a fault.
    random: u64,
}

impl Server {
    fn new(scenario: Option<Scenario>) -> Self {
        let fault = match scenario.map(|scenario| scenario.work) {
            Some(Work::Faults(fault)) => fault,
            _ => Fault::None,
        };
        let server = Self {
            fault,
            rotating: scenario.is_some_and(|scenario| scenario.name.ends_with("_rotating")),
            state: Mutex::default(),
        };
        // Large answers are made before anybody waits for them.
        if let Some(Scenario {
            work: Work::Listing,
            count,
            ..
        }) = scenario
        {
            server.prepared(&format!("n={count}"), || documents::listing(count));
        }
        server
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An error closes the connection without an answer.
    async fn answer(&self, request: Request<Incoming>) -> Result<Answer> {
        let (head, body) = request.into_parts();
        let query = head.uri.query().unwrap_or_default();
        match head.uri.path() {
            "/v2/groups/my_groups" => self.groups(&head.headers, query),
            "/flows" => {
                let page = param(query, "marker").unwrap_or(0);
                Ok(json(self.prepared(&format!("page={page}"), || documents::flows(page))))
            }
            "/v2/oauth2/token" => {
                let form = body.collect().await?.to_bytes();
                Ok(self.token(&String::from_utf8_lossy(&form)).await)
            }
            "/bench/refreshes" => Ok(json(self.lock().refreshes.to_string())),
            path if path.starts_with("/v0.10/operation/endpoint/") && path.ends_with("/ls") => {
                let count = param(query, "n").unwrap_or(100);
                Ok(json(self.prepared(&format!("n={count}"), || documents::listing(count))))
            }
            _ => Ok(refusal(StatusCode::NOT_FOUND, "NotFound")),
        }
    }

    fn groups(&self, headers: &HeaderMap, query: &str) -> Result<Answer> {
        match headers.get(AUTHORIZATION).map(http::HeaderValue::as_bytes) {
            None => return Ok(refusal(StatusCode::UNAUTHORIZED, "AuthenticationRequired")),
            Some(token) if token.starts_with(b"Bearer expired") => {
                return Ok(refusal(StatusCode::UNAUTHORIZED, "ExpiredToken"));
            }
            Some(_) => {}
        }
        if self.fault != Fault::None && self.is_unlucky() {
            return match self.fault {
                Fault::Reset => Err("reset".into()),
                Fault::TooMany => {
                    let mut answer = refusal(StatusCode::TOO_MANY_REQUESTS, "TooManyRequests");
                    answer
                        .headers_mut()
                        .insert(RETRY_AFTER, http::HeaderValue::from_static("1"));
                    Ok(answer)
                }
                _ => Ok(refusal(StatusCode::SERVICE_UNAVAILABLE, "ServiceUnavailable")),
            };
        }
        let count = param(query, "n").unwrap_or(10);
        Ok(json(
            self.prepared(&format!("groups={count}"), || documents::groups(count)),
        ))
    }

    /// Tokens for programs at once; tokens for refresh tokens after a while.
    async fn token(&self, form: &str) -> Answer {
        let Some(given) = form.split('&').find_map(|pair| pair.strip_prefix("refresh_token=")) else {
            return json(documents::token("access", None));
        };
        let number = {
            let mut state = self.lock();
            if self.rotating && given != format!("rt{}", state.refreshes) {
                return refusal(StatusCode::BAD_REQUEST, "invalid_grant");
            }
            state.refreshes += 1;
            state.refreshes
        };
        tokio::time::sleep(RENEWAL).await;
        let next = self.rotating.then(|| format!("rt{number}"));
        json(documents::token(&format!("access-{number}"), next.as_deref()))
    }

    fn is_unlucky(&self) -> bool {
        let mut state = self.lock();
        // Knuth's linear congruential generator: the same sequence every time.
        state.random = state
            .random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state.random >> 33).is_multiple_of(FAULT_RATE)
    }

    fn prepared(&self, key: &str, make: impl FnOnce() -> String) -> Bytes {
        let mut state = self.lock();
        if let Some(known) = state.prepared.get(key) {
            return known.clone();
        }
        let made = Bytes::from(make());
        state.prepared.insert(key.to_owned(), made.clone());
        made
    }
}

/// A number in a query.
fn param(query: &str, name: &str) -> Option<usize> {
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(key, _)| *key == name)?.1.parse().ok()
}

fn json(body: impl Into<Bytes>) -> Answer {
    let mut answer = Response::new(Full::new(body.into()));
    answer
        .headers_mut()
        .insert(CONTENT_TYPE, http::HeaderValue::from_static("application/json"));
    answer
}

fn refusal(status: StatusCode, code: &str) -> Answer {
    let mut answer = json(format!("{{\"code\":\"{code}\",\"error\":\"{code}\"}}"));
    *answer.status_mut() = status;
    answer
}
