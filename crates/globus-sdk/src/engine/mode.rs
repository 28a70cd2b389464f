//! The two ways to use a client.

/// How the calls of a client are made: [`Async`] or [`Blocking`].
pub trait Mode: sealed::Sealed + std::fmt::Debug + Clone + Copy + Send + Sync + Unpin + 'static {
    #[doc(hidden)]
    const BLOCKING: bool;
}

/// Calls are futures: `client.list_flows().await`.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Async;

/// Calls block the thread: `client.list_flows().send()`.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Blocking;

impl Mode for Async {
    const BLOCKING: bool = false;
}

impl Mode for Blocking {
    const BLOCKING: bool = true;
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Async {}
    impl Sealed for super::Blocking {}
}
