//! [`Streamed`]: an answer whose body is read piece by piece.

use std::marker::PhantomData;
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use super::{Async, Blocking, Core, Mode};
use crate::error::Result;
use crate::transport::Answered;

/// An answer whose body is still on the wire. Dropping it closes the connection.
#[derive(Debug)]
pub struct Streamed<M: Mode = Async> {
    core: Arc<Core>,
    answer: Answered,
    mode: PhantomData<M>,
}

impl<M: Mode> Streamed<M> {
    pub(super) const fn new(core: Arc<Core>, answer: Answered) -> Self {
        Self {
            core,
            answer,
            mode: PhantomData,
        }
    }

    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        self.answer.status()
    }

    /// The headers of the answer.
    pub fn headers(&self) -> &HeaderMap {
        self.answer.headers()
    }
}

impl Streamed<Async> {
    /// The next piece of the body; `None` at its end.
    ///
    /// # Errors
    /// A connection that breaks, or a body shorter than announced.
    pub async fn chunk(&mut self) -> Option<Result<Bytes>> {
        self.answer.chunk().await
    }
}

impl Streamed<Blocking> {
    /// The next piece of the body; `None` at its end.
    ///
    /// # Errors
    /// A connection that breaks, or a body shorter than announced.
    pub fn chunk(&mut self) -> Option<Result<Bytes>> {
        self.core.block_on(self.answer.chunk())
    }
}
