//! The transport against real sockets.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use bytes::Bytes;
use globus_sdk::config::{Config, VerifySsl};
use globus_sdk::transport::{AnswerBody, HttpTransport, Transport as _, TransportError, TransportErrorKind as Kind};
use http::{Request, Response};

/// A server that does the same with every connection; the requests it reads come out of the channel.
pub(crate) fn server(serve: impl Fn(&mut TcpStream) + Send + 'static) -> (u16, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (sender, requests) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let request = head(&mut stream);
            if sender.send(request).is_err() {
                return;
            }
            serve(&mut stream);
        }
    });
    (port, requests)
}

pub(crate) fn head(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    let mut byte = [0];
    while !text.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|length| length == 1) {
        text.push(byte[0]);
    }
    String::from_utf8_lossy(&text).into_owned()
}

pub(crate) fn answer(text: &'static str) -> impl Fn(&mut TcpStream) + Send + 'static {
    move |stream| drop(stream.write_all(text.as_bytes()))
}

fn fine() -> impl Fn(&mut TcpStream) + Send + 'static {
    answer("HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok")
}

fn transport() -> HttpTransport {
    HttpTransport::builder().environment(|_| None).build()
}

fn get(url: &str) -> Request<Bytes> {
    Request::get(url).body(Bytes::new()).unwrap()
}

async fn send(
    transport: &HttpTransport,
    url: &str,
    timeout: Option<u64>,
) -> Result<Response<AnswerBody>, TransportError> {
    transport.send(get(url), timeout.map(Duration::from_millis)).await
}

fn local(port: u16) -> String {
    format!("http://127.0.0.1:{port}/thing?secret=abc")
}

#[tokio::test]
async fn an_answer() {
    let (port, requests) = server(fine());
    let mut request = get(&local(port));
    request.headers_mut().insert("x-test", "1".parse().unwrap());
    let response = transport().send(request, None).await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.into_body().collect().await.unwrap(), "ok");
    let sent = requests.recv().unwrap();
    assert!(sent.starts_with("GET /thing?secret=abc HTTP/1.1\r\n"), "{sent}");
    assert!(
        sent.contains("x-test: 1") && sent.contains("accept-encoding: gzip"),
        "{sent}"
    );
}

#[tokio::test]
async fn an_empty_post_says_so_once() {
    for method in ["POST", "PUT", "DELETE"] {
        let (port, requests) = server(fine());
        let request = Request::builder()
            .method(method)
            .uri(local(port))
            .header("content-length", "0");
        transport()
            .send(request.body(Bytes::new()).unwrap(), None)
            .await
            .unwrap();
        let sent = requests.recv().unwrap().to_ascii_lowercase();
        assert_eq!(sent.matches("content-length: 0").count(), 1, "{sent}");
    }
}

#[tokio::test]
async fn redirects_and_errors_are_answers() {
    let (port, _requests) = server(answer(
        "HTTP/1.1 302 Found\r\nlocation: /x\r\ncontent-length: 0\r\n\r\n",
    ));
    assert_eq!(send(&transport(), &local(port), None).await.unwrap().status(), 302);
    let (port, _requests) = server(answer("HTTP/1.1 503 No\r\ncontent-length: 0\r\n\r\n"));
    assert_eq!(send(&transport(), &local(port), None).await.unwrap().status(), 503);
}

#[tokio::test]
async fn compressed_answers_are_read() {
    const HELLO: &[u8] = &[
        31, 139, 8, 0, 0, 0, 0, 0, 2, 255, 203, 72, 205, 201, 201, 7, 0, 134, 166, 16, 54, 5, 0, 0, 0,
    ];
    let (port, _requests) = server(|stream| {
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n",
            HELLO.len()
        );
        let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(HELLO));
    });
    let response = send(&transport(), &local(port), None).await.unwrap();
    assert_eq!(response.into_body().collect().await.unwrap(), "hello");
}

/// The failure of a request, which must name the other side and nothing secret.
async fn failure(url: &str, timeout: Option<u64>) -> TransportError {
    let error = send(&transport(), url, timeout).await.expect_err("no answer");
    let text = format!("{error} {error:?}");
    assert!(!text.contains("secret") && text.contains("127.0.0.1:"), "{text}");
    error
}

#[tokio::test]
async fn a_closed_port() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let error = failure(&local(port), None).await;
    assert_eq!((error.kind(), error.is_surely_unprocessed()), (Kind::Connect, true));
    assert!(error.to_string().contains("refused"), "{error}");
}

#[tokio::test]
async fn an_unknown_host() {
    let error = send(&transport(), "http://no-such-host.invalid/", None)
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.peer()),
        (Kind::Connect, Some("no-such-host.invalid:80"))
    );
}

#[tokio::test]
async fn a_connection_that_breaks() {
    let (port, _requests) = server(|_| {});
    let error = failure(&local(port), None).await;
    assert_eq!(
        (error.kind(), error.is_surely_unprocessed()),
        (Kind::Interrupted, false)
    );
}

#[tokio::test]
async fn a_slow_answer() {
    let (port, _requests) = server(|_| std::thread::sleep(Duration::from_secs(3)));
    let begin = Instant::now();
    let error = failure(&local(port), Some(100)).await;
    assert_eq!((error.kind(), error.is_surely_unprocessed()), (Kind::Timeout, false));
    assert!(begin.elapsed() < Duration::from_secs(2));
}

#[tokio::test]
async fn a_body_that_stops() {
    let (port, _requests) = server(|stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhal");
        std::thread::sleep(Duration::from_secs(3));
    });
    let mut response = send(&transport(), &local(port), Some(200)).await.unwrap();
    assert_eq!(response.body_mut().chunk().await.unwrap().unwrap(), "hal");
    let error = response.body_mut().chunk().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), Kind::Timeout);
    assert!(response.body_mut().chunk().await.is_none());
}

#[tokio::test]
async fn a_body_that_is_cut_short() {
    for text in [
        "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhal",
        "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 4\r\n\r\nhalf",
    ] {
        let (port, _requests) = server(answer(text));
        let response = send(&transport(), &local(port), None).await.unwrap();
        let error = response.into_body().collect().await.unwrap_err();
        assert_eq!(
            (error.kind(), error.is_surely_unprocessed()),
            (Kind::Body, false),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn a_server_that_does_not_speak_tls() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream
            .read(&mut [0; 4096])
            .and_then(|_| stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n"));
    });
    let insecure = HttpTransport::builder().danger_accept_invalid_certificates().build();
    let error = send(&insecure, &format!("https://127.0.0.1:{port}/"), None)
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.is_surely_unprocessed()),
        (Kind::Tls, true),
        "{error:?}"
    );
}

#[tokio::test]
async fn settings_that_do_not_work() {
    let transport = HttpTransport::builder().ca_bundle("/no/such/file.pem").build();
    let error = send(&transport, "https://service.invalid/", None).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Invalid);
    assert!(error.to_string().contains("/no/such/file.pem"), "{error}");

    let config = Config::default().with_verify_ssl(VerifySsl::CaBundle("/no/such/bundle.pem".into()));
    let error = send(&HttpTransport::new(&config), "https://service.invalid/", None)
        .await
        .unwrap_err();
    assert!(error.to_string().contains("/no/such/bundle.pem"), "{error}");

    let lookup = |name: &str| (name == "SSL_CERT_FILE").then(|| "/no/such/roots.pem".to_owned());
    let transport = HttpTransport::builder().environment(lookup).build();
    let error = send(&transport, "https://service.invalid/", None).await.unwrap_err();
    assert!(error.to_string().contains("/no/such/roots.pem"), "{error}");

    // A request that needs none of it is not disturbed.
    let (port, _requests) = server(fine());
    send(&transport, &local(port), None).await.unwrap();
}

fn through(variables: &[(&'static str, String)]) -> HttpTransport {
    let variables = variables.to_vec();
    let lookup = move |name: &str| {
        variables
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value.clone())
    };
    HttpTransport::builder().environment(lookup).build()
}

#[tokio::test]
async fn proxies() {
    let (port, requests) = server(fine());
    let proxy = format!("http://user:pass@127.0.0.1:{port}");
    for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY"] {
        let transport = through(&[(name, proxy.clone())]);
        assert!(!format!("{transport:?}").contains("pass"));
        assert_eq!(
            send(&transport, "http://service.invalid/x", None)
                .await
                .unwrap()
                .status(),
            200
        );
        let sent = requests.recv().unwrap();
        assert!(sent.starts_with("GET http://service.invalid/x HTTP/1.1\r\n"), "{sent}");
        assert!(
            sent.to_ascii_lowercase()
                .contains("proxy-authorization: basic dXNlcjpwYXNz".to_ascii_lowercase().as_str())
        );
    }
    for exception in [("NO_PROXY", "invalid".to_owned()), ("REQUEST_METHOD", "GET".to_owned())] {
        let transport = through(&[("HTTP_PROXY", proxy.clone()), exception]);
        assert_eq!(
            send(&transport, "http://service.invalid/x", None)
                .await
                .unwrap_err()
                .kind(),
            Kind::Connect
        );
    }
    let transport = through(&[("HTTPS_PROXY", proxy.clone())]);
    assert!(send(&transport, "https://service.invalid/x", None).await.is_err());
    assert!(
        requests
            .recv()
            .unwrap()
            .starts_with("CONNECT service.invalid:443 HTTP/1.1\r\n")
    );

    let transport = through(&[("HTTP_PROXY", "http://user:pass@[".to_owned())]);
    let error = send(&transport, "http://service.invalid/", None).await.unwrap_err();
    assert!(
        error.to_string().contains("HTTP_PROXY") && !error.to_string().contains("pass"),
        "{error}"
    );
}

#[tokio::test]
async fn this_machine_is_never_behind_a_proxy() {
    let (port, requests) = server(fine());
    let transport = through(&[("ALL_PROXY", "http://127.0.0.1:9".to_owned())]);
    for host in ["127.0.0.1", "localhost"] {
        send(&transport, &format!("http://{host}:{port}/thing"), None)
            .await
            .unwrap();
        assert!(requests.recv().unwrap().starts_with("GET /thing HTTP/1.1\r\n"));
    }
}

#[test]
fn one_transport_in_several_runtimes() {
    let (port, requests) = server(|stream| {
        // Keeps the connection, so that the next request would use it.
        for _ in 0..4 {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
            if head(stream).is_empty() {
                return;
            }
        }
    });
    let transport = transport();
    for _ in 0..3 {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        for _ in 0..2 {
            let sent = async {
                send(&transport, &local(port), Some(2000))
                    .await
                    .unwrap()
                    .into_body()
                    .collect()
                    .await
            };
            assert_eq!(runtime.block_on(sent).unwrap(), "ok");
        }
    }
    drop(transport);
    assert_eq!(requests.try_iter().count(), 3, "one connection per runtime");
}

#[test]
fn without_a_runtime_there_is_an_error() {
    let sent = futures_util::FutureExt::now_or_never(transport().send(get("http://127.0.0.1:9/"), None).as_mut());
    assert_eq!(sent.unwrap().unwrap_err().kind(), Kind::Invalid);
}
