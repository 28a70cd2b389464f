//! The body of an answer.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;

use super::{TransportError, TransportErrorKind};

/// The body of an answer: all of it at once, or piece by piece as it comes.
pub struct AnswerBody {
    inner: Inner,
}

enum Inner {
    Whole(Bytes),
    /// The mutex is only ever used through `&mut self`; it makes the stream, which need not be `Sync`, so.
    Stream(Mutex<BoxStream<'static, Result<Bytes, TransportError>>>),
}

impl AnswerBody {
    /// A body that is still on its way.
    pub fn from_stream(stream: impl Stream<Item = Result<Bytes, TransportError>> + Send + 'static) -> Self {
        Self {
            inner: Inner::Stream(Mutex::new(stream.boxed())),
        }
    }

    /// An empty body.
    pub const fn empty() -> Self {
        Self {
            inner: Inner::Whole(Bytes::new()),
        }
    }

    /// The next piece, or `None` at the end. Pieces are never empty.
    ///
    /// # Errors
    /// When the connection breaks, the body is cut short, or nothing comes within the request's timeout.
    pub async fn chunk(&mut self) -> Option<Result<Bytes, TransportError>> {
        match &mut self.inner {
            Inner::Whole(bytes) if bytes.is_empty() => None,
            Inner::Whole(bytes) => Some(Ok(std::mem::take(bytes))),
            Inner::Stream(stream) => loop {
                match stream.get_mut().unwrap_or_else(PoisonError::into_inner).next().await? {
                    Ok(bytes) if bytes.is_empty() => {}
                    other => return Some(other),
                }
            },
        }
    }

    /// Everything that has not been read yet, however long it is.
    ///
    /// # Errors
    /// As [`AnswerBody::chunk`].
    pub async fn collect(self) -> Result<Bytes, TransportError> {
        self.collect_up_to(usize::MAX).await
    }

    /// Everything that has not been read yet, if it has no more than `limit` bytes (after decompression).
    ///
    /// # Errors
    /// As [`AnswerBody::chunk`], and [`TransportErrorKind::TooLarge`] as soon as there is more.
    pub async fn collect_up_to(mut self, limit: usize) -> Result<Bytes, TransportError> {
        let Some(first) = self.chunk().await.transpose()? else {
            return Ok(Bytes::new());
        };
        check(first.len(), limit)?;
        let Some(second) = self.chunk().await.transpose()? else {
            return Ok(first);
        };
        check(first.len().saturating_add(second.len()), limit)?;
        let mut all = BytesMut::with_capacity((first.len() + second.len()) * 2);
        all.extend_from_slice(&first);
        all.extend_from_slice(&second);
        while let Some(piece) = self.chunk().await.transpose()? {
            check(all.len().saturating_add(piece.len()), limit)?;
            all.extend_from_slice(&piece);
        }
        Ok(all.freeze())
    }

    /// The first `limit` bytes of what has not been read yet, or as many as come before something breaks.
    pub(super) async fn beginning(mut self, limit: usize) -> Bytes {
        let mut all = BytesMut::new();
        while let Some(Ok(piece)) = self.chunk().await {
            let room = limit - all.len();
            all.extend_from_slice(&piece[..piece.len().min(room)]);
            if piece.len() >= room {
                break;
            }
        }
        all.freeze()
    }
}

fn check(length: usize, limit: usize) -> Result<(), TransportError> {
    if length <= limit {
        return Ok(());
    }
    let message = format!("its body has more than the {limit} bytes that are allowed");
    Err(TransportError::new(TransportErrorKind::TooLarge, message))
}

impl From<Bytes> for AnswerBody {
    fn from(bytes: Bytes) -> Self {
        Self {
            inner: Inner::Whole(bytes),
        }
    }
}

impl From<Vec<u8>> for AnswerBody {
    fn from(bytes: Vec<u8>) -> Self {
        Bytes::from(bytes).into()
    }
}

impl From<&'static str> for AnswerBody {
    fn from(text: &'static str) -> Self {
        Bytes::from_static(text.as_bytes()).into()
    }
}

impl fmt::Debug for AnswerBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.inner {
            Inner::Whole(bytes) => write!(f, "AnswerBody({} bytes)", bytes.len()),
            Inner::Stream(_) => f.write_str("AnswerBody(stream)"),
        }
    }
}
