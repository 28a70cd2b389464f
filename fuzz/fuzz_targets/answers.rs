//! Answers of any status with any `Retry-After`, `Location` and body: the call ends, after few requests, and no
//! credentials go to another origin.
#![no_main]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use globus_sdk::transport::{Ambient, AnswerBody, FixedRandom, ManualClock, Transport, TransportError};
use globus_sdk::{AccessTokenAuthorizer, GroupsClient};
use http::{HeaderValue, Request, Response, StatusCode, header};
use libfuzzer_sys::fuzz_target;

/// Gives the same answer to every request.
#[derive(Debug)]
struct Always {
    status: u16,
    retry_after: Vec<u8>,
    location: Vec<u8>,
    body: Vec<u8>,
    sent: AtomicUsize,
}

impl Transport for Always {
    fn send(
        &self,
        request: Request<Bytes>,
        _timeout: Option<Duration>,
    ) -> BoxFuture<'_, Result<Response<AnswerBody>, TransportError>> {
        let ours = request.uri().host() == Some("groups.api.globus.org");
        assert!(ours || !request.headers().contains_key(header::AUTHORIZATION));
        self.sent.fetch_add(1, Ordering::SeqCst);
        let mut answer = Response::new(AnswerBody::from(Bytes::from(self.body.clone())));
        *answer.status_mut() = StatusCode::from_u16(200 + self.status % 400).unwrap_or_default();
        for (name, value) in [
            (header::RETRY_AFTER, &self.retry_after),
            (header::LOCATION, &self.location),
        ] {
            if let Ok(value) = HeaderValue::from_bytes(value) {
                answer.headers_mut().insert(name, value);
            }
        }
        Box::pin(async move { Ok(answer) })
    }
}

fuzz_target!(|input: (u16, Vec<u8>, Vec<u8>, Vec<u8>)| {
    let (status, retry_after, location, body) = input;
    let sent = AtomicUsize::new(0);
    let transport = Arc::new(Always {
        status,
        retry_after,
        location,
        body,
        sent,
    });
    let groups = GroupsClient::builder()
        .config(globus_sdk::Config::default())
        .authorizer(AccessTokenAuthorizer::new("a-token"))
        .transport(transport.clone())
        .ambient(Ambient {
            clock: Arc::new(ManualClock::at_unix(1_700_000_000)),
            random: Arc::new(FixedRandom::new(0.5)),
        })
        .build()
        .expect("a client");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let answer = runtime
        .expect("a runtime")
        .block_on(async { groups.get_my_groups().await });
    let _ = format!("{answer:?}");
    assert!(transport.sent.load(Ordering::SeqCst) < 200, "it ran on");
});
