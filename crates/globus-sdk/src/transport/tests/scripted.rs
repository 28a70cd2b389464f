//! A transport that plays a script and writes down what it is asked to send.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::header::AUTHORIZATION;
use http::{Request, Response, StatusCode};
use url::Url;

use crate::authorizers::Authorizer;
use crate::error::{ErrorShape, Result};
use crate::operation::Idempotency;
use crate::transport::{
    Ambient, AnswerBody, Answered, Exchange, FixedRandom, MAX_ANSWER_BYTES, ManualClock, Plan, RetryConfig, Settings,
    TransientRule, Transport, TransportError, TransportErrorKind,
};

pub(super) static SHAPE: ErrorShape = ErrorShape::COMMON;

/// One step of a script.
#[derive(Debug, Clone)]
pub(super) enum Step {
    Answer(u16, Vec<(String, String)>, Vec<u8>),
    Cut(u16),
    Fail(TransportErrorKind),
    /// Redirects to the same place without end.
    Loop,
}

pub(super) fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Step {
    let headers = headers
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Step::Answer(status, headers.collect(), body.into())
}

pub(super) fn status(status: u16) -> Step {
    answer(
        status,
        &[("content-type", "application/json")],
        r#"{"code": "c", "message": "m"}"#,
    )
}

#[derive(Debug, Default)]
pub(super) struct Scripted {
    steps: Mutex<VecDeque<Step>>,
    sent: Mutex<Vec<Request<Bytes>>>,
}

impl Scripted {
    pub(super) fn new(steps: impl IntoIterator<Item = Step>) -> Arc<Self> {
        Arc::new(Self {
            steps: Mutex::new(steps.into_iter().collect()),
            sent: Mutex::default(),
        })
    }

    /// Everything that was sent, repetitions inside a loop left out.
    pub(super) fn sent(&self) -> Vec<Request<Bytes>> {
        self.sent.lock().unwrap().clone()
    }

    pub(super) fn left(&self) -> usize {
        self.steps.lock().unwrap().len()
    }
}

impl Transport for Scripted {
    fn send(
        &self,
        request: Request<Bytes>,
        _: Option<Duration>,
    ) -> BoxFuture<'_, Result<Response<AnswerBody>, TransportError>> {
        Box::pin(async move {
            let mut steps = self.steps.lock().unwrap();
            let in_loop = request.uri().query().is_some_and(|query| query.starts_with("hop"));
            if let (true, Some(Step::Loop)) = (in_loop, steps.front()) {
                return Ok(redirect_to("/thing?hop"));
            }
            if in_loop {
                steps.pop_front();
            }
            self.sent.lock().unwrap().push(request);
            match steps.front().cloned() {
                Some(Step::Loop) => Ok(redirect_to("/thing?hop")),
                Some(step) => {
                    steps.pop_front();
                    play(step)
                }
                None => Err(TransportError::new(TransportErrorKind::Invalid, "the script is over")),
            }
        })
    }
}

fn redirect_to(location: &str) -> Response<AnswerBody> {
    let response = Response::builder().status(302).header("location", location);
    response.body(AnswerBody::empty()).unwrap()
}

fn play(step: Step) -> Result<Response<AnswerBody>, TransportError> {
    match step {
        Step::Fail(kind) => Err(TransportError::new(kind, "as the script says")),
        Step::Cut(status) => {
            let cut = TransportError::new(TransportErrorKind::Body, "as the script says");
            let body = AnswerBody::from_stream(futures_util::stream::iter([Ok(Bytes::from("{")), Err(cut)]));
            Ok(Response::builder().status(status).body(body).unwrap())
        }
        Step::Answer(status, headers, body) => {
            let mut response = Response::builder().status(StatusCode::from_u16(status).unwrap());
            for (name, value) in headers {
                response = response.header(name, value);
            }
            Ok(response.body(body.into()).unwrap())
        }
        Step::Loop => unreachable!(),
    }
}

/// A client's exchange over a script.
pub(super) struct Bench {
    pub(super) transport: Arc<Scripted>,
    pub(super) clock: ManualClock,
    pub(super) exchange: Exchange,
}

impl Bench {
    pub(super) fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        Self::with(steps, None, RetryConfig::default())
    }

    pub(super) fn with(
        steps: impl IntoIterator<Item = Step>,
        authorizer: Option<Arc<dyn Authorizer>>,
        retry: RetryConfig,
    ) -> Self {
        let transport = Scripted::new(steps);
        let clock = ManualClock::at_unix(1_700_000_000);
        let exchange = exchange(&transport, &clock, 0.5, authorizer, retry, TransientRule::Standard);
        Self {
            transport,
            clock,
            exchange,
        }
    }

    pub(super) async fn run(&self, request: Request<Bytes>, idempotency: Idempotency) -> Result<Answered> {
        self.exchange.fetch(request, &plan(idempotency)).await
    }

    pub(super) fn sleeps(&self) -> Vec<f64> {
        self.clock.sleeps().iter().map(Duration::as_secs_f64).collect()
    }

    /// The `Authorization` headers that were sent.
    pub(super) fn credentials(&self) -> Vec<Option<String>> {
        let sent = self.transport.sent();
        sent.iter().map(authorization).collect()
    }
}

pub(super) fn exchange(
    transport: &Arc<Scripted>,
    clock: &ManualClock,
    random: f64,
    authorizer: Option<Arc<dyn Authorizer>>,
    retry: RetryConfig,
    transient: TransientRule,
) -> Exchange {
    let ambient = Ambient::new(clock.clone(), FixedRandom::new(random));
    let origin = Url::parse("https://svc.example.org/").unwrap();
    Exchange::new(Settings {
        transport: transport.clone(),
        authorizer,
        retry,
        ambient,
        shape: &SHAPE,
        transient,
        origin,
        hook: None,
        max_answer_bytes: MAX_ANSWER_BYTES,
    })
}

pub(super) fn plan(idempotency: Idempotency) -> Plan {
    Plan {
        idempotency,
        authorization: true,
        redirects: true,
        timeout: None,
        retry: None,
        resend: true,
    }
}

pub(super) fn get(path: &str) -> Request<Bytes> {
    let uri = if path.starts_with('/') {
        format!("https://svc.example.org{path}")
    } else {
        path.to_owned()
    };
    Request::get(uri).body(Bytes::new()).unwrap()
}

pub(super) fn post(path: &str) -> Request<Bytes> {
    Request::post(format!("https://svc.example.org{path}"))
        .body(Bytes::from("{}"))
        .unwrap()
}

pub(super) fn authorization<B>(request: &Request<B>) -> Option<String> {
    request
        .headers()
        .get(AUTHORIZATION)
        .map(|value| value.to_str().unwrap().to_owned())
}
