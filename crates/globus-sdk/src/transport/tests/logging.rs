//! What the log says, and what it never says.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use tracing_subscriber::fmt::MakeWriter;

use super::scripted::{Bench, Step, answer, get, status};
use crate::authorizers::{AccessTokenAuthorizer, Authorizer, BasicAuthorizer};
use crate::operation::Idempotency::Repeatable;
use crate::transport::{RetryConfig, TransportErrorKind};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn nothing_secret() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
        .with_ansi(false)
        .with_writer(log.clone())
        .finish();
    let guard = tracing::subscriber::set_default(subscriber);
    let authorizers: [Arc<dyn Authorizer>; 2] = [
        Arc::new(AccessTokenAuthorizer::new("hush-token")),
        Arc::new(BasicAuthorizer::new("someone", "hush-password")),
    ];
    let mut errors = String::new();
    for authorizer in authorizers {
        let cookie = answer(500, &[("set-cookie", "hush-cookie")], "hush-body");
        let elsewhere = answer(302, &[("location", "https://b.example/p?code=hush-code")], "");
        let steps = [
            cookie,
            Step::Fail(TransportErrorKind::Interrupted),
            elsewhere,
            status(404),
        ];
        let bench = Bench::with(steps, Some(authorizer), RetryConfig::default());
        let error = bench
            .run(get("/thing?access_token=hush-query"), Repeatable)
            .await
            .unwrap_err();
        errors += &error.to_string();
        let _ = write!(errors, "{error:?}");
    }
    drop(guard);
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    for expected in [
        "globus_sdk::transport",
        "svc.example.org",
        "/thing",
        "status=404",
        "attempts=3",
        "sending again",
    ] {
        assert!(log.contains(expected), "{expected} in {log}");
    }
    let encoded = base64::engine::general_purpose::STANDARD.encode("someone:hush-password");
    for secret in ["hush", &encoded] {
        assert!(!log.contains(secret), "{log}");
        assert!(!errors.contains(secret), "{errors}");
    }
}
