//! The two ways to use a client.

use std::sync::Arc;

use super::{Core, Runtime};
use crate::error::Result;

/// How the calls of a client are made: [`Async`] or [`Blocking`].
pub trait Mode: sealed::Sealed + std::fmt::Debug + Clone + Copy + Send + Sync + Unpin + 'static {
    #[doc(hidden)]
    const BLOCKING: bool;
    /// What drives futures on the caller's thread, where that is needed.
    #[doc(hidden)]
    type Runtime: std::fmt::Debug + Clone + Send + Sync + Unpin + 'static;
    #[doc(hidden)]
    fn runtime() -> Result<Self::Runtime>;
    /// That of a client in this mode.
    #[doc(hidden)]
    fn runtime_of(core: &Core) -> Self::Runtime;
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
    type Runtime = ();
    fn runtime() -> Result<Self::Runtime> {
        Ok(())
    }
    fn runtime_of(_: &Core) -> Self::Runtime {}
}

impl Mode for Blocking {
    const BLOCKING: bool = true;
    type Runtime = Arc<Runtime>;
    fn runtime() -> Result<Self::Runtime> {
        Runtime::new().map(Arc::new)
    }
    fn runtime_of(core: &Core) -> Self::Runtime {
        core.runtime().clone()
    }
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Async {}
    impl Sealed for super::Blocking {}
}
