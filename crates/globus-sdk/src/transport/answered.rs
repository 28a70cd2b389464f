//! A successful answer, on its way to the caller.

use bytes::Bytes;
use http::{HeaderMap, Response, StatusCode};

use super::{AnswerBody, TransportError, failure};
use crate::error::{RequestSummary, Result};
use crate::response::Raw;

/// An answer of 200 to 399. It is 3xx only when redirects are off or there is no `Location`.
#[derive(Debug)]
pub(crate) struct Answered {
    response: Response<AnswerBody>,
    request: RequestSummary,
}

impl Answered {
    pub(super) const fn new(response: Response<AnswerBody>, request: RequestSummary) -> Self {
        Self { response, request }
    }

    pub(crate) fn status(&self) -> StatusCode {
        self.response.status()
    }

    pub(crate) fn headers(&self) -> &HeaderMap {
        self.response.headers()
    }

    /// The next piece of the body; `None` at its end.
    pub(crate) async fn chunk(&mut self) -> Option<Result<Bytes>> {
        let piece = self.response.body_mut().chunk().await?;
        Some(piece.map_err(|error| broken(error, self.request.clone())))
    }

    /// Everything that is left of the body.
    pub(crate) async fn collect(self, model: Option<&'static str>) -> Result<Raw> {
        let Self { response, request } = self;
        let (parts, body) = response.into_parts();
        match body.collect().await {
            Ok(body) => Ok(Raw {
                envelope: None,
                model,
                request,
                status: parts.status,
                headers: parts.headers,
                body,
                received: None,
                by_name: None,
            }),
            Err(error) => Err(broken(error, request)),
        }
    }
}

fn broken(error: TransportError, request: RequestSummary) -> crate::error::Error {
    failure::network(error, request, None)
}
