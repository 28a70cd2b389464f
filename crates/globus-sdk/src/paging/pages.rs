//! [`Pages`]: one answer after the other.

use std::marker::PhantomData;
use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::next::{Next, circle, first, next, place};
use super::trail::Trail;
use super::{Items, Page};
use crate::engine::{Async, Blocking, Core, Mode};
use crate::error::{Error, Result};
use crate::operation::{Call, Operation};
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
    operation: &'static Operation,
    next: Result<Next>,
    trail: Trail,
    truncation_allowed: bool,
}

impl<T, M: Mode> Pages<T, M> {
    pub(crate) fn new(core: Arc<Core>, call: Call) -> Self {
        Self {
            state: State {
                core,
                operation: call.operation,
                next: first(call),
                trail: Trail::default(),
                truncation_allowed: false,
            },
            kind: PhantomData,
        }
    }

    /// Ends without an error where the service gives no more rows though it may have some.
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
        let call = match std::mem::replace(&mut self.next, Ok(Next::End)) {
            Ok(Next::Call(call)) => *call,
            Ok(Next::Truncated(rows)) if !self.truncation_allowed => {
                let operation = self.operation.key().into();
                return Some(Err(Error::Truncated { operation, rows }));
            }
            Ok(Next::End | Next::Truncated(_)) => return None,
            Err(error) => return Some(Err(error)),
        };
        let fetched = async {
            let raw = self.core.clone().send(call.clone()).await?;
            let page = Page::<T>::decode(&raw, call.operation)?;
            Ok(Response::new(page, raw))
        };
        let page: Result<Response<Page<T>>> = fetched.await;
        if let Ok(page) = &page {
            self.next = next(&call, page).and_then(|next| self.forwards(next));
        }
        Some(page)
    }

    /// What follows, unless it was there before.
    fn forwards(&mut self, next: Next) -> Result<Next> {
        match &next {
            Next::Call(call) if place(call).is_some_and(|place| self.trail.leads_back_to(place)) => Err(circle(call)),
            _ => Ok(next),
        }
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
