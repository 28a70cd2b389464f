//! [`Bound`]: a call together with the client that makes it.

use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use serde::de::DeserializeOwned;

use super::{Async, Core, Mode, Streamed};
use crate::error::{Error, Result};
use crate::models::Model;
use crate::operation::{Arg, Body, Call, Operation};
use crate::paging::{Page, Pages};
use crate::response::{Raw, Response};
use crate::transport::RetryConfig;

/// What every builder holds. It owns its client, so a builder outlives the variable the client stood in.
#[derive(Debug, Clone)]
pub struct Bound<M: Mode = Async> {
    core: Arc<Core>,
    call: Call,
    mode: PhantomData<M>,
}

impl<M: Mode> Bound<M> {
    pub(crate) fn new(core: &Arc<Core>, operation: &'static Operation) -> Self {
        Self::of(core.clone(), Call::new(operation))
    }

    pub(crate) const fn of(core: Arc<Core>, call: Call) -> Self {
        Self {
            core,
            call,
            mode: PhantomData,
        }
    }

    pub(crate) fn set(&mut self, index: usize, arg: Arg) {
        self.call.set(index, arg);
    }

    pub(crate) const fn call_mut(&mut self) -> &mut Call {
        &mut self.call
    }

    pub(crate) fn timeout(&mut self, timeout: Option<Duration>) {
        self.call.options.timeout = Some(timeout);
    }

    pub(crate) fn retry(&mut self, retry: RetryConfig) {
        self.call.options.retry = Some(retry);
    }

    pub(crate) fn header(&mut self, name: &str, value: &str) {
        if let Err(error) = self.call.options.header(name, value) {
            self.call.error.get_or_insert(error);
        }
    }

    pub(crate) fn query_param(&mut self, name: String, value: impl serde::Serialize) {
        self.call.query.push((name, Arg::json(&value)));
    }

    pub(crate) fn field(&mut self, name: String, value: impl serde::Serialize) {
        if self.call.operation.body == Body::None {
            let message = format!(
                "`{}` has no body for `{name}`; see `with_query_param`",
                self.call.operation
            );
            self.call.error.get_or_insert(Error::usage(message));
            return;
        }
        self.call.fields.push((name, Arg::json(&value)));
    }

    pub(crate) fn into_request(self) -> Result<http::Request<bytes::Bytes>> {
        self.core.export(self.call)
    }

    pub(crate) async fn raw(self) -> Result<Raw> {
        self.core.send(self.call).await
    }

    pub(crate) async fn one<T: Model>(self) -> Result<Response<T>> {
        let raw = self.raw().await?;
        let mut value: T = raw.decode()?;
        if let Some(at) = raw.received {
            value.received(at);
        }
        Ok(Response::new(value, raw))
    }

    pub(crate) async fn list<T: DeserializeOwned>(self) -> Result<Response<Page<T>>> {
        let operation = self.call.operation;
        let raw = self.raw().await?;
        Ok(Response::new(Page::decode(&raw, operation)?, raw))
    }

    pub(crate) fn pages<T>(self) -> Pages<T, M> {
        Pages::new(self.core, self.call)
    }

    pub(crate) async fn stream(self) -> Result<Streamed<M>> {
        let answer = self.core.open(self.call).await?;
        Ok(Streamed::new(self.core, answer))
    }

    pub(crate) fn core(&self) -> Arc<Core> {
        self.core.clone()
    }
}
