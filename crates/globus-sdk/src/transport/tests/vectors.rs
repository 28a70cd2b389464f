//! The recorded retry cases: each is played against an exchange, and what was sent, the waits and the result are
//! compared with the recording, or with what a rule of `conformance/differences.toml` says instead.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::Request;
use serde_json::Value;
use url::Url;

use super::differences::Rules;
use super::scripted::{SHAPE, Scripted, Step, authorization, plan};
use crate::authorizers::{
    AccessTokenAuthorizer, Authorizer, BasicAuthorizer, NullAuthorizer, Renewal, RenewingAuthorizer, TokenSource,
};
use crate::error::{Error, ErrorKind, Result};
use crate::operation::Idempotency;
use crate::transport::{
    Ambient, Exchange, FixedRandom, MAX_ANSWER_BYTES, ManualClock, RetryConfig, Settings, TransientRule,
    TransportErrorKind as Kind,
};

const VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../conformance/vectors/retry.jsonl");
const TOKEN_URL: &str = "https://auth.globus.org/v2/oauth2/token";
const NOW: u64 = 1_700_000_000;
const CLIENT_ID: &str = "c11e0000-0000-4000-8000-00000000c11e";

/// What happened: resource requests and token requests, waits, and the last result.
#[derive(Debug, PartialEq)]
struct Story {
    sent: Vec<Sent>,
    sleeps: Vec<f64>,
    end: End,
}

#[derive(Debug, Clone, PartialEq)]
struct Sent {
    method: String,
    url: String,
    authorization: Option<String>,
    form: Vec<(String, String)>,
}

#[derive(Debug, Clone, PartialEq)]
enum End {
    Status(u64),
    Kind(ErrorKind),
}

/// Fetches tokens as the recorded authorizers do, from the same script.
#[derive(Debug)]
struct Tokens {
    exchange: Exchange,
    form: Vec<(&'static str, String)>,
    refresh_token: std::sync::Mutex<Option<String>>,
    now: SystemTime,
}

impl TokenSource for Tokens {
    fn fetch(&self) -> BoxFuture<'_, Result<Renewal>> {
        Box::pin(async {
            let mut form = self.form.clone();
            if let Some(token) = &*self.refresh_token.lock().unwrap() {
                form.insert(0, ("refresh_token", token.clone()));
            }
            let body = url::form_urlencoded::Serializer::new(String::new())
                .extend_pairs(form)
                .finish();
            let request = Request::post(TOKEN_URL).body(Bytes::from(body)).unwrap();
            let answer = self
                .exchange
                .fetch(request, &plan(Idempotency::Repeatable))
                .await?
                .collect(None)
                .await?;
            let token: Value = serde_json::from_slice(&answer.body).unwrap();
            if token["other_tokens"]
                .as_array()
                .is_some_and(|others| !others.is_empty())
            {
                return Err(Error::validation("scopes", "tokens of several services"));
            }
            if let Some(refresh_token) = token["refresh_token"].as_str() {
                *self.refresh_token.lock().unwrap() = Some(refresh_token.to_owned());
            }
            let expiry = self.now + Duration::from_secs(token["expires_in"].as_u64().unwrap());
            Ok(Renewal::new(token["access_token"].as_str().unwrap(), expiry))
        })
    }
}

fn steps(case: &Value) -> Vec<Step> {
    case["script"].as_array().unwrap().iter().map(step).collect()
}

fn step(item: &Value) -> Step {
    if let Some(exception) = item["exception"].as_str() {
        return match exception {
            "TooManyRedirects" => Step::Loop,
            "ConnectionError" => Step::Fail(Kind::Interrupted),
            "ProxyError" => Step::Fail(Kind::Connect),
            "SSLError" => Step::Fail(Kind::Tls),
            "ConnectTimeout" => Step::Fail(Kind::ConnectTimeout),
            "Timeout" | "ReadTimeout" => Step::Fail(Kind::Timeout),
            "ChunkedEncodingError" | "ContentDecodingError" => Step::Fail(Kind::Body),
            "RequestException" | "HTTPError" | "RetryError" => Step::Fail(Kind::Other),
            _ => Step::Fail(Kind::Invalid),
        };
    }
    let mut headers: Vec<(String, String)> = Vec::new();
    for (name, value) in item["headers"].as_object().into_iter().flatten() {
        headers.push((name.clone(), value.as_str().unwrap().to_owned()));
    }
    let body = match (&item["body"], &item["body_text"]) {
        (Value::Null, Value::String(text)) => text.clone(),
        (body, _) => {
            headers.push(("Content-Type".into(), "application/json".into()));
            body.to_string()
        }
    };
    Step::Answer(
        u16::try_from(item["status"].as_u64().unwrap()).unwrap(),
        headers,
        body.into_bytes(),
    )
}

fn config(case: &Value) -> RetryConfig {
    let given = &case["retry_config"];
    let statuses = |name: &str| -> Option<Vec<u16>> { serde_json::from_value(given.get(name)?.clone()).ok() };
    let mut config = RetryConfig::default();
    if let Some(retries) = given["max_retries"].as_u64() {
        config = config.with_max_retries(u32::try_from(retries).unwrap());
    }
    if let Some(seconds) = given["max_sleep"].as_f64() {
        config = config.with_max_sleep(Duration::from_secs_f64(seconds));
    }
    if let Some(statuses) = statuses("transient_error_status_codes") {
        config = config.with_transient_statuses(statuses);
    }
    if let Some(statuses) = statuses("retry_after_status_codes") {
        config = config.with_retry_after_statuses(statuses);
    }
    if let Some(statuses) = statuses("expired_authorization_status_codes") {
        config = config.with_expired_authorization_statuses(statuses);
    }
    config
}

fn authorizer(case: &Value, transport: &Arc<Scripted>, clock: &ManualClock) -> Option<Arc<dyn Authorizer>> {
    let given = &case["authorizer"];
    let kind = given["kind"].as_str()?;
    let confidential = kind == "ClientCredentialsAuthorizer" || given["auth_client"] == "ConfidentialAppAuthClient";
    let form = match kind {
        "AccessTokenAuthorizer" => return Some(Arc::new(AccessTokenAuthorizer::new("TOKEN"))),
        "NullAuthorizer" => return Some(Arc::new(NullAuthorizer)),
        "BasicAuthorizer" => return Some(Arc::new(BasicAuthorizer::new("u", "p"))),
        "ClientCredentialsAuthorizer" => {
            vec![
                ("grant_type", "client_credentials".into()),
                ("scope", given["scopes"].as_str().unwrap().into()),
            ]
        }
        _ if confidential => vec![("grant_type", "refresh_token".into())],
        _ => vec![("grant_type", "refresh_token".into()), ("client_id", CLIENT_ID.into())],
    };
    let basic: Option<Arc<dyn Authorizer>> =
        confidential.then(|| Arc::new(BasicAuthorizer::new(CLIENT_ID, "secret")) as Arc<dyn Authorizer>);
    let source = Tokens {
        exchange: exchange(
            case,
            "https://auth.globus.org/",
            transport,
            clock,
            basic,
            RetryConfig::default(),
        ),
        form,
        refresh_token: std::sync::Mutex::new(given["refresh_token"].as_str().map(str::to_owned)),
        now: SystemTime::UNIX_EPOCH + Duration::from_secs(NOW),
    };
    let time = clock.clone();
    let mut builder = RenewingAuthorizer::builder(source).now(move || crate::transport::Clock::now(&time));
    if let (Some(token), Some(expiry)) = (given["access_token"].as_str(), given["expires_at"].as_u64()) {
        builder = builder.token(token, SystemTime::UNIX_EPOCH + Duration::from_secs(expiry));
    }
    Some(Arc::new(builder.build()))
}

fn exchange(
    case: &Value,
    origin: &str,
    transport: &Arc<Scripted>,
    clock: &ManualClock,
    authorizer: Option<Arc<dyn Authorizer>>,
    config: RetryConfig,
) -> Exchange {
    let rule = match case["client"].as_str().unwrap() {
        "TransferClient" => TransientRule::Transfer,
        "TransferClientV2" => TransientRule::TransferV2,
        _ => TransientRule::Standard,
    };
    let ambient = Ambient::new(clock.clone(), FixedRandom::new(case["random"].as_f64().unwrap()));
    let origin = Url::parse(origin).unwrap();
    Exchange::new(Settings {
        transport: transport.clone(),
        authorizer,
        retry: config,
        ambient,
        shape: &SHAPE,
        transient: rule,
        origin,
        hook: None,
        max_answer_bytes: MAX_ANSWER_BYTES,
    })
}

/// Plays a case; `more` is what the script goes on with where we send more than was recorded.
async fn play(case: &Value, more: Vec<Step>) -> (Story, Result<()>) {
    let transport = Scripted::new(steps(case).into_iter().chain(more));
    let clock = ManualClock::at_unix(NOW);
    let home = match case["client"].as_str().unwrap() {
        "TransferClient" | "TransferClientV2" => "https://transfer.api.globus.org/",
        _ => "https://svc.example.org/",
    };
    let authorizer = authorizer(case, &transport, &clock);
    let exchange = exchange(case, home, &transport, &clock, authorizer, config(case));
    let mut end = End::Status(0);
    let mut result = Ok(());
    for _ in 0..case["calls"].as_u64().unwrap_or(1) {
        let request = Request::get(format!("{home}thing")).body(Bytes::new()).unwrap();
        let answered = exchange.fetch(request, &plan(Idempotency::Repeatable)).await;
        end = match &answered {
            Ok(answered) => End::Status(answered.status().as_u16().into()),
            Err(Error::Api(error)) => End::Status(error.http_status().as_u16().into()),
            Err(error) => End::Kind(error.kind()),
        };
        result = answered.map(drop);
    }
    let sent = transport.sent().iter().map(sent).collect();
    let sleeps = clock.sleeps().iter().map(Duration::as_secs_f64).collect();
    (Story { sent, sleeps, end }, result)
}

fn sent(request: &Request<Bytes>) -> Sent {
    let form = url::form_urlencoded::parse(request.body());
    Sent {
        method: request.method().to_string(),
        url: request.uri().to_string(),
        authorization: authorization(request),
        form: form
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect(),
    }
}

/// The story as it was recorded.
fn recorded(case: &Value) -> Story {
    let sent = case["attempts"].as_array().unwrap().iter().map(|attempt| Sent {
        method: attempt["method"].as_str().unwrap().to_owned(),
        url: attempt["raw_url"].as_str().unwrap().to_owned(),
        authorization: attempt["authorization"].as_str().map(str::to_owned),
        form: serde_json::from_value(attempt.get("form").cloned().unwrap_or_else(|| serde_json::json!([]))).unwrap(),
    });
    let result = &case["result"];
    let end = match (result["http_status"].as_u64(), result["error"].as_str()) {
        (Some(status), _) => End::Status(status),
        (None, Some("GlobusConnectionTimeoutError")) => End::Kind(ErrorKind::ConnectTimeout),
        (None, Some("GlobusTimeoutError")) => End::Kind(ErrorKind::Timeout),
        (None, Some("GlobusConnectionError" | "NetworkError")) => End::Kind(ErrorKind::Connection),
        (None, _) => End::Kind(ErrorKind::Validation),
    };
    let sleeps = case["sleeps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|sleep| sleep.as_f64().unwrap());
    Story {
        sent: sent.collect(),
        sleeps: sleeps.collect(),
        end,
    }
}

/// Recorded sends and waits, one list per position: what was sent, what came, and the wait before the next.
struct Turn {
    sent: Sent,
    status: Option<u64>,
    retry_after: Option<String>,
    sleep: Option<f64>,
}

impl Turn {
    fn is_token(&self) -> bool {
        self.sent.url == TOKEN_URL
    }
}

/// Puts the recorded waits where they were: after each request for the resource that was followed by another one
/// of the same call.
fn turns(case: &Value) -> Vec<Turn> {
    let story = recorded(case);
    let script = case["script"].as_array().unwrap();
    let mut sleeps: VecDeque<f64> = story.sleeps.into();
    let mut turns: Vec<Turn> = Vec::new();
    for (sent, item) in story.sent.into_iter().zip(script) {
        let status = item["status"].as_u64();
        let retry_after = item["headers"].as_object().and_then(|headers| {
            let found = headers
                .iter()
                .find(|(name, _)| name.eq_ignore_ascii_case("retry-after"));
            found.and_then(|(_, value)| value.as_str().map(str::to_owned))
        });
        let failed = status.is_none_or(|status| status >= 400);
        let sleep = if failed { sleeps.pop_front() } else { None };
        turns.push(Turn {
            sent,
            status,
            retry_after,
            sleep,
        });
    }
    turns
}

/// The wait that our rules put after a failure: the header's, or the backoff.
fn wait_after(case: &Value, turn: &Turn, repetitions: i32) -> f64 {
    let config = if turn.is_token() {
        RetryConfig::default()
    } else {
        config(case)
    };
    let asked = turn.retry_after.as_deref().map(str::trim).and_then(|text| {
        let date = || {
            Some(
                httpdate::parse_http_date(text)
                    .ok()?
                    .duration_since(SystemTime::UNIX_EPOCH)
                    .ok()?
                    .as_secs(),
            )
        };
        let wait = date().map(|at| at.saturating_sub(NOW));
        text.parse()
            .ok()
            .or(wait.map(|wait| Duration::from_secs(wait).as_secs_f64()))
    });
    let status = turn.status.and_then(|status| u16::try_from(status).ok());
    let counts = status.is_some_and(|status| config.retry_after_statuses.contains(&status));
    asked
        .filter(|wait: &f64| counts && *wait > 0.0 && wait.fract() == 0.0)
        .unwrap_or_else(|| {
            let backoff = (0.25 + 0.5 * case["random"].as_f64().unwrap()) * 2f64.powi(repetitions);
            backoff.min(config.max_sleep.as_secs_f64())
        })
}

/// The recorded story with our waits: none before a request with a renewed token, all of `Retry-After`, and nothing
/// that would pass the deadline.
fn with_our_waits(case: &Value) -> Story {
    let mut story = recorded(case);
    let turns = turns(case);
    let mut sleeps = Vec::new();
    let (mut resource, mut token) = (0, 0);
    for (index, turn) in turns.iter().enumerate() {
        let repetitions = if turn.is_token() { &mut token } else { &mut resource };
        if turn.sleep.is_none() {
            *repetitions = 0;
            continue;
        }
        let renewed = !turn.is_token() && turns.get(index + 1).is_some_and(Turn::is_token);
        if !renewed {
            let wait = wait_after(case, turn, *repetitions);
            if sleeps.iter().sum::<f64>() + wait > 300.0 {
                story.sent.truncate(index + 1);
                story.end = End::Status(turn.status.unwrap());
                break;
            }
            sleeps.push(wait);
        }
        *repetitions += 1;
    }
    story.sleeps = sleeps;
    story
}

async fn check(case: &Value, expect: Option<&str>) -> std::result::Result<(), String> {
    let compare = |ours: Story, expected: Story| {
        if ours == expected {
            Ok(())
        } else {
            Err(format!("expected {expected:#?}\nfound {ours:#?}"))
        }
    };
    match expect {
        None => {
            let (ours, result) = play(case, Vec::new()).await;
            compare(ours, recorded(case))?;
            same_document(case, &result)
        }
        Some("our-waits") => compare(play(case, Vec::new()).await.0, with_our_waits(case)),
        Some("our-waits-refresh-token-kept") => {
            let mut expected = with_our_waits(case);
            let mut known = case["authorizer"]["refresh_token"].as_str().unwrap().to_owned();
            for (sent, item) in expected.sent.iter_mut().zip(case["script"].as_array().unwrap()) {
                if sent.url != TOKEN_URL {
                    continue;
                }
                sent.form.retain(|(name, _)| name != "refresh_token");
                sent.form.insert(0, ("refresh_token".into(), known.clone()));
                if let Some(new) = item["body"]["refresh_token"].as_str() {
                    new.clone_into(&mut known);
                }
            }
            compare(play(case, Vec::new()).await.0, expected)
        }
        Some("renewed-after-all") => {
            let token = r#"{"access_token": "NEW", "expires_in": 3600, "other_tokens": []}"#;
            let more = [token, "{}"].map(|body| Step::Answer(200, Vec::new(), body.into()));
            let (ours, _) = play(case, more.into()).await;
            let recorded = recorded(case);
            let [before @ .., token, last] = ours.sent.as_slice() else {
                return Err("too little was sent".into());
            };
            let fine = before == recorded.sent
                && token.url == TOKEN_URL
                && last.authorization.as_deref() == Some("Bearer NEW")
                && ours.sleeps == recorded.sleeps
                && ours.end == End::Status(200);
            if fine { Ok(()) } else { Err(format!("{ours:#?}")) }
        }
        Some("not-sent-again") => {
            let (ours, _) = play(case, Vec::new()).await;
            let lasting = |item: &Value| item["exception"].as_str().is_some_and(|name| LASTING.contains(&name));
            let position = case["script"].as_array().unwrap().iter().position(lasting).unwrap();
            let fine = ours.sent.len() == position + 1 && matches!(ours.end, End::Kind(_));
            if fine { Ok(()) } else { Err(format!("{ours:#?}")) }
        }
        Some("no-crash") => {
            let (ours, _) = play(case, Vec::new()).await;
            let script = case["script"].as_array().unwrap();
            let end = End::Status(script.last().unwrap()["status"].as_u64().unwrap());
            let fine = ours.sent.len() == script.len() && ours.end == end;
            if fine { Ok(()) } else { Err(format!("{ours:#?}")) }
        }
        Some(other) => Err(format!("unknown expectation {other}")),
    }
}

const LASTING: [&str; 6] = [
    "InvalidURL",
    "InvalidProxyURL",
    "TooManyRedirects",
    "MissingSchema",
    "InvalidSchema",
    "InvalidHeader",
];

/// Code and messages of an ordinary error document.
fn same_document(case: &Value, result: &Result<()>) -> std::result::Result<(), String> {
    let recorded = &case["result"];
    match result {
        Err(Error::Api(error))
            if recorded["error"] == "GlobusAPIError"
                && (error.code() != recorded["code"].as_str()
                    || serde_json::json!(error.messages()) != recorded["messages"]) =>
        {
            Err(error.to_string())
        }
        _ => Ok(()),
    }
}

/// Whether what a rule says about a case holds. `*` stands for any element of a list; a table says

#[tokio::test]
async fn recorded_cases() {
    let rules = Rules::load("retry");
    let mut failed = Vec::new();
    let cases = std::fs::read_to_string(VECTORS).unwrap();
    for line in cases.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let expect = rules.find(&case);
        if let Err(why) = check(&case, expect).await {
            failed.push(format!("{line}\nexpected {expect:?}: {why}"));
        }
    }
    assert!(cases.lines().count() > 50, "cases were read");
    assert!(
        failed.is_empty(),
        "{} cases failed:\n{}",
        failed.len(),
        failed.join("\n\n")
    );
    rules.assert_all_used();
}
