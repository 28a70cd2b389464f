//! [`Items`]: the rows of all pages.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_util::future::BoxFuture;
use serde::de::DeserializeOwned;

use super::Pages;
use crate::engine::{Async, Blocking, Mode};
use crate::error::Result;

/// The rows of a listing, fetched page by page as they are asked for.
///
/// Async: `next()`, `try_collect()`, and a [`Stream`](futures_core::Stream). Blocking: an [`Iterator`].
#[must_use = "nothing is fetched until a row is asked for"]
pub struct Items<T, M: Mode = Async> {
    pages: Option<Pages<T, M>>,
    rows: std::vec::IntoIter<T>,
    fetching: Option<Fetch<T, M>>,
}

type Fetch<T, M> = BoxFuture<'static, (Pages<T, M>, Option<Result<Vec<T>>>)>;

impl<T, M: Mode> std::fmt::Debug for Items<T, M> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Items")
            .field("rows_at_hand", &self.rows.len())
            .finish_non_exhaustive()
    }
}

impl<T, M: Mode> Items<T, M> {
    pub(super) fn new(pages: Pages<T, M>) -> Self {
        Self {
            pages: Some(pages),
            rows: Vec::new().into_iter(),
            fetching: None,
        }
    }

    /// Ends without an error where the service gives no more rows though it may have some.
    pub fn with_truncation(mut self) -> Self {
        self.pages = self.pages.map(Pages::with_truncation);
        self
    }
}

impl<T: DeserializeOwned + Send + 'static> Items<T, Async> {
    /// The next row; `None` after the last. Cancel safe: a page that is under way is not lost.
    ///
    /// # Errors
    /// What the operation answers, and a truncation where the service stops giving rows.
    pub async fn next(&mut self) -> Option<Result<T>> {
        std::future::poll_fn(|context| self.poll_row(context)).await
    }

    /// All rows.
    ///
    /// # Errors
    /// The first error of [`next`](Self::next).
    pub async fn try_collect<C: Default + Extend<T>>(mut self) -> Result<C> {
        let mut rows = C::default();
        while let Some(row) = self.next().await {
            rows.extend(Some(row?));
        }
        Ok(rows)
    }

    fn poll_row(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        loop {
            if let Some(row) = self.rows.next() {
                return Poll::Ready(Some(Ok(row)));
            }
            if self.fetching.is_none() {
                let Some(mut pages) = self.pages.take() else {
                    return Poll::Ready(None);
                };
                self.fetching = Some(Box::pin(async move {
                    let page = pages.next().await.map(|page| page.map(|page| page.into_inner().items));
                    (pages, page)
                }));
            }
            let Some(fetching) = &mut self.fetching else { continue };
            let (pages, page) = ready!(fetching.as_mut().poll(context));
            self.fetching = None;
            self.pages = Some(pages);
            match page {
                None => return Poll::Ready(None),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                Some(Ok(rows)) => self.rows = rows.into_iter(),
            }
        }
    }
}

impl<T: DeserializeOwned + Send + Unpin + 'static> futures_core::Stream for Items<T, Async> {
    type Item = Result<T>;
    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_row(context)
    }
}

impl<T: DeserializeOwned + Send + 'static> Iterator for Items<T, Blocking> {
    type Item = Result<T>;
    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(row) = self.rows.next() {
                return Some(Ok(row));
            }
            match self.pages.as_mut()?.next()? {
                Ok(page) => self.rows = page.into_inner().items.into_iter(),
                Err(error) => return Some(Err(error)),
            }
        }
    }
}
