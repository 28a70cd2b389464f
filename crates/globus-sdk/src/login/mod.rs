//! stub
use crate::error::Result;
use crate::services::auth::AuthorizationFlow;
use futures_util::future::BoxFuture;
#[allow(missing_docs)]
pub trait LoginFlowManager: Send + Sync + std::fmt::Debug {
    fn run_login_flow<'a>(&'a self, flow: &'a AuthorizationFlow, url: &'a str) -> BoxFuture<'a, Result<String>>;
}
#[allow(missing_docs)]
#[derive(Debug, Default)]
pub struct CommandLineLoginFlowManager;
impl CommandLineLoginFlowManager {
    #[allow(missing_docs)]
    pub fn new() -> Self {
        Self
    }
}
impl LoginFlowManager for CommandLineLoginFlowManager {
    fn run_login_flow<'a>(&'a self, _: &'a AuthorizationFlow, _: &'a str) -> BoxFuture<'a, Result<String>> {
        Box::pin(async { Ok(String::new()) })
    }
}
