//! A transport that answers from a script and keeps what it was sent.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use globus_sdk::transport::{AnswerBody, Transport, TransportError};
use serde_json::Value;

/// Answers requests in order; an exhausted script repeats its last answer.
#[derive(Clone, Default)]
pub(crate) struct Scripted(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    answers: VecDeque<http::Response<Bytes>>,
    requests: Vec<http::Request<Bytes>>,
}

impl Scripted {
    /// A script of JSON answers with status 200.
    pub(crate) fn json(answers: impl IntoIterator<Item = Value>) -> Arc<Self> {
        Self::answers(answers.into_iter().map(|body| json_answer(200, &body)))
    }

    /// A script of any answers.
    pub(crate) fn answers(answers: impl IntoIterator<Item = http::Response<Bytes>>) -> Arc<Self> {
        let state = State {
            answers: answers.into_iter().collect(),
            requests: Vec::new(),
        };
        Arc::new(Self(Arc::new(Mutex::new(state))))
    }

    /// What was sent so far.
    pub(crate) fn requests(&self) -> Vec<http::Request<Bytes>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).requests.clone()
    }

    /// Path and query of each request so far.
    pub(crate) fn targets(&self) -> Vec<String> {
        let target = |request: http::Request<Bytes>| request.uri().path_and_query().map(ToString::to_string);
        self.requests().into_iter().filter_map(target).collect()
    }

    /// JSON body of the request at `index`.
    pub(crate) fn body(&self, index: usize) -> Value {
        serde_json::from_slice(self.requests()[index].body()).expect("a JSON body")
    }
}

/// Without the script, so that what a client shows is its own.
impl fmt::Debug for Scripted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Scripted")
    }
}

/// A JSON answer.
pub(crate) fn json_answer(status: u16, body: &Value) -> http::Response<Bytes> {
    http::Response::builder()
        .status(status)
        .header("content-type", "application/json")
        .body(Bytes::from(body.to_string()))
        .expect("a valid answer")
}

impl Transport for Scripted {
    fn send(
        &self,
        request: http::Request<Bytes>,
        _timeout: Option<Duration>,
    ) -> BoxFuture<'_, Result<http::Response<AnswerBody>, TransportError>> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.requests.push(request);
        let answer = if state.answers.len() > 1 {
            state.answers.pop_front()
        } else {
            state.answers.front().cloned()
        };
        let answer = answer.expect("a script has at least one answer");
        Box::pin(async move { Ok(answer.map(AnswerBody::from)) })
    }
}
