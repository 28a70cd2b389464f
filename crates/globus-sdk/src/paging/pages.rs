//! [`Pages`]: one answer after the other.

use std::marker::PhantomData;
use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::next::{Next, circle, first, next, place};
use super::trail::Trail;
use super::{Items, Page};
use crate::engine::{Async, Blocking, Core, Mode};
use crate::error::{Error, Result};
use crate::operation::Call;
use crate::response::Response;

/// The pages of a listing, fetched as they are asked for.
///
/// Async: `next()` and `try_collect()`. Blocking: an [`Iterator`].
#[derive(Debug)]
#[must_use = "nothing is fetched until a page is asked for"]
pub struct Pages<T, M: Mode = Async> {
    pub(super) state: State,
    kind: PhantomData<fn() -> (T, M)>,
}

/// The position in a listing.
#[derive(Debug)]
pub(super) struct State {
    pub(super) core: Arc<Core>,
    next: Option<Result<Call>>,
    trail: Trail,
    truncation_allowed: bool,
}

impl<T, M: Mode> Pages<T, M> {
    pub(crate) fn new(core: Arc<Core>, mut call: Call) -> Self {
        let next = Some(first(&mut call).map(|()| call));
        Self {
            state: State {
                core,
                next,
                trail: Trail::default(),
                truncation_allowed: false,
            },
            kind: PhantomData,
        }
    }

    /// Ends without an error when the service has more rows than it ever gives.
    pub fn with_truncation(mut self) -> Self {
        self.state.truncation_allowed = true;
        self
    }

    /// The rows of all pages.
    pub fn items(self) -> Items<T, M> {
        Items::new(self)
    }
}

impl State {
    /// Fetches the next page. An error ends the listing.
    pub(super) async fn advance<T: DeserializeOwned>(&mut self) -> Option<Result<Response<Page<T>>>> {
        let call = match self.next.take()? {
            Ok(call) => call,
            Err(error) => return Some(Err(error)),
        };
        let key = call.operation.answer.rows.unwrap_or_default();
        let fetched = async {
            let raw = self.core.clone().send(call.clone()).await?;
            let page = Page::<T>::decode(&raw, key)?;
            Ok(Response::new(page, raw))
        };
        let page: Result<Response<Page<T>>> = fetched.await;
        if let Ok(page) = &page {
            self.next = match next(&call, page) {
                Ok(Next::Truncated { cap }) if !self.truncation_allowed => Some(Err(Error::Truncated {
                    operation: call.operation.key().into(),
                    rows: cap,
                })),
                Ok(Next::End | Next::Truncated { .. }) => None,
                Ok(Next::Call(call)) => {
                    let returns = place(&call).is_some_and(|place| self.trail.leads_back_to(place));
                    Some(if returns { Err(circle(&call)) } else { Ok(*call) })
                }
                Err(error) => Some(Err(error)),
            };
        }
        Some(page)
    }
}

impl<T: DeserializeOwned> Pages<T, Async> {
    /// The next page; `None` after the last.
    ///
    /// # Errors
    /// What the operation answers, and [`Error::Truncated`](crate::Error) where the service stops giving rows.
    pub async fn next(&mut self) -> Option<Result<Response<Page<T>>>> {
        self.state.advance().await
    }

    /// All pages.
    ///
    /// # Errors
    /// The first error of [`next`](Self::next).
    pub async fn try_collect(mut self) -> Result<Vec<Response<Page<T>>>> {
        let mut pages = Vec::new();
        while let Some(page) = self.next().await {
            pages.push(page?);
        }
        Ok(pages)
    }
}

impl<T: DeserializeOwned + Send + 'static> Iterator for Pages<T, Blocking> {
    type Item = Result<Response<Page<T>>>;
    fn next(&mut self) -> Option<Self::Item> {
        let core = self.state.core.clone();
        core.block_on(self.state.advance())
    }
}
