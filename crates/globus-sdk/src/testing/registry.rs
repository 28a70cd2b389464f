//! The network of clients under test.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::{Request, Response};

use super::{RegisteredResponse, collection};
use crate::error::Result;
use crate::operation::Operation;
use crate::transport::{AnswerBody, Transport, TransportError, TransportErrorKind};

/// Answers operations with what was registered for them, and keeps the requests.
///
/// Give it to a client's [`transport`](crate::client::ClientBuilder::transport). Nothing is shared between registries.
#[derive(Debug, Default)]
pub struct ResponseRegistry(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// By the key of the operation; the empty key is for requests of no declared operation.
    answers: HashMap<String, VecDeque<RegisteredResponse>>,
    requests: Vec<Request<Bytes>>,
}

impl ResponseRegistry {
    /// A registry that answers nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Answers an operation, such as `groups.get_group`. Registered more than once, the answers come in turn, and the
    /// last one again and again.
    ///
    /// # Errors
    /// There is no operation of this key.
    pub fn register(&self, operation: &str, response: RegisteredResponse) -> Result<()> {
        let key = collection::known(operation)?.key();
        self.lock().answers.entry(key).or_default().push_back(response);
        Ok(())
    }

    /// Answers requests that are no declared operation, such as `client.get("/path")`.
    pub fn register_plain(&self, response: RegisteredResponse) {
        self.lock()
            .answers
            .entry(String::new())
            .or_default()
            .push_back(response);
    }

    /// Answers an operation from the SDK's collection, in place of what was registered before. `case` is one of
    /// [`cases`](super::cases), usually `default`.
    ///
    /// # Errors
    /// There is no such operation, or the collection has no such answer.
    pub fn load_response(&self, operation: &str, case: &str) -> Result<()> {
        let key = collection::known(operation)?.key();
        let answers = collection::load(operation, case)?;
        self.lock().answers.insert(key, answers.into());
        Ok(())
    }

    /// What was sent last; `None` before the first request. The body is in one piece, and secrets are as they were.
    pub fn get_last_request(&self) -> Option<Request<Bytes>> {
        self.lock().requests.last().cloned()
    }

    /// What was sent, in order.
    pub fn requests(&self) -> Vec<Request<Bytes>> {
        self.lock().requests.clone()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn answer(&mut self, request: &Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let operation = request.extensions().get::<&'static Operation>();
        let key = operation.map(|operation| operation.key()).unwrap_or_default();
        let answers = self.answers.get_mut(&key);
        let next = answers.and_then(|answers| {
            if answers.len() > 1 {
                answers.pop_front()
            } else {
                answers.front().cloned()
            }
        });
        next.map(RegisteredResponse::into_http).ok_or_else(|| {
            let what = if key.is_empty() {
                "plain requests".to_owned()
            } else {
                format!("`{key}`")
            };
            TransportError::new(
                TransportErrorKind::Invalid,
                format!("no answer is registered for {what}"),
            )
        })
    }
}

impl Transport for ResponseRegistry {
    fn send(
        &self,
        request: Request<Bytes>,
        _: Option<Duration>,
    ) -> BoxFuture<'_, Result<Response<AnswerBody>, TransportError>> {
        let mut state = self.lock();
        let answer = state.answer(&request);
        state.requests.push(request);
        Box::pin(async move { Ok(answer?.map(AnswerBody::from)) })
    }
}
