//! Retries, redirects and renewals of whole clients against real sockets.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

use futures_util::future::{BoxFuture, join_all};
use globus_sdk::authorizers::{AccessTokenAuthorizer, Authorizer, Renewal, RenewingAuthorizer, TokenSource};
use globus_sdk::error::{Error, ErrorKind};
use globus_sdk::transport::{Backoff, RetryConfig};
use globus_sdk::{GroupsClient, blocking};

use crate::transport::{answer, server};

const OK: &str =
    "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}";
const BUSY: &str = "HTTP/1.1 503 Busy\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
const REFUSED: &str = "HTTP/1.1 401 No\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
const CUT: &str = "HTTP/1.1 200 OK\r\ncontent-length: 9\r\nconnection: close\r\n\r\n{";
const NOTHING: &str = "";

/// A server that answers one text after the other, and the last one for ever.
fn script(texts: &'static [&'static str]) -> (u16, std::sync::mpsc::Receiver<String>) {
    let next = AtomicU32::new(0);
    server(move |stream| {
        let index = next.fetch_add(1, Ordering::Relaxed) as usize;
        answer(texts[index.min(texts.len() - 1)])(stream);
    })
}

fn quick() -> RetryConfig {
    RetryConfig::default().with_backoff(Backoff::constant(Duration::from_millis(1)))
}

fn client(port: u16, authorizer: impl Authorizer + 'static) -> GroupsClient {
    GroupsClient::builder()
        .base_url(format!("http://127.0.0.1:{port}/"))
        .authorizer(authorizer)
        .retry_config(quick())
        .build()
        .unwrap()
}

fn token() -> AccessTokenAuthorizer {
    AccessTokenAuthorizer::new("TOKEN")
}

#[tokio::test]
async fn reads_are_repeated() {
    let (port, requests) = script(&[BUSY, NOTHING, CUT, OK]);
    client(port, token()).get("/thing").await.unwrap();
    assert_eq!(requests.try_iter().count(), 4);
}

#[tokio::test]
async fn what_may_have_been_done_is_not() {
    for failure in [&[BUSY, OK], &[NOTHING, OK], &[CUT, OK]] {
        let (port, requests) = script(failure);
        client(port, token()).post("/thing").await.unwrap_err();
        assert_eq!(requests.try_iter().count(), 1);
    }
}

#[test]
fn a_blocking_client_does_the_same() {
    let (port, requests) = script(&[BUSY, CUT, OK]);
    let client = blocking::GroupsClient::builder()
        .base_url(format!("http://127.0.0.1:{port}/"))
        .retry_config(quick())
        .build()
        .unwrap();
    client.get("/thing").send().unwrap();
    assert_eq!(requests.try_iter().count(), 3);
}

#[tokio::test]
async fn credentials_do_not_follow_to_another_origin() {
    let (other, elsewhere) = script(&[OK]);
    let moved = format!("HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:{other}/x\r\ncontent-length: 0\r\n\r\n");
    let (port, requests) = server(answer(moved.leak()));
    client(port, token()).get("/thing").await.unwrap();
    assert!(requests.recv().unwrap().contains("authorization: Bearer TOKEN"));
    assert!(!elsewhere.recv().unwrap().to_ascii_lowercase().contains("authorization"));
}

#[tokio::test]
async fn credentials_are_not_sent_to_another_address() {
    let (port, requests) = script(&[OK]);
    let error = client(9, token())
        .get(format!("http://127.0.0.1:{port}/x"))
        .await
        .unwrap_err();
    assert_eq!((error.kind(), requests.try_iter().count()), (ErrorKind::Usage, 0));
}

/// Tokens `T1`, `T2` and so on.
#[derive(Debug, Default)]
struct Numbered(AtomicU32);

impl TokenSource for Numbered {
    fn fetch(&self) -> BoxFuture<'_, Result<Renewal, Error>> {
        Box::pin(async {
            tokio::time::sleep(Duration::from_millis(20)).await;
            let number = self.0.fetch_add(1, Ordering::SeqCst) + 1;
            Ok(Renewal::new(
                format!("T{number}"),
                SystemTime::now() + Duration::from_secs(3600),
            ))
        })
    }
}

#[tokio::test]
async fn many_refusals_one_renewal() {
    // Refuses the first token as often as it comes.
    let (port, _requests) = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (sender, requests) = std::sync::mpsc::channel::<String>();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let request = crate::transport::head(&mut stream);
                answer(if request.contains("Bearer T1\r") { REFUSED } else { OK })(&mut stream);
                let _ = sender.send(request);
            }
        });
        (port, requests)
    };
    let source = Arc::new(Numbered::default());
    let client = client(port, RenewingAuthorizer::new(source.clone()));
    for result in join_all((0..64).map(|_| client.get("/thing").into_future())).await {
        result.unwrap();
    }
    assert_eq!(source.0.load(Ordering::SeqCst), 2);
}

#[test]
fn many_threads_one_fetch() {
    let (port, _requests) = script(&[OK]);
    let source = Arc::new(Numbered::default());
    let client = blocking::GroupsClient::builder()
        .base_url(format!("http://127.0.0.1:{port}/"))
        .authorizer(RenewingAuthorizer::new(source.clone()))
        .build()
        .unwrap();
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| client.get("/thing").send().unwrap());
        }
    });
    assert_eq!(source.0.load(Ordering::SeqCst), 1);
}
