//! stub
use crate::error::Result;
#[allow(missing_docs)]
#[derive(Debug, Clone)]
pub struct Config;
#[allow(missing_docs)]
impl Config {
    pub fn from_env() -> Result<Self> {
        Ok(Self)
    }
    pub fn with_environment(self, _: impl Into<String>) -> Self {
        self
    }
    pub fn service_url(&self, _: &str) -> Result<url::Url> {
        Err(crate::error::Error::usage("x"))
    }
    pub fn http_timeout(&self) -> Option<std::time::Duration> {
        None
    }
}
#[allow(missing_docs)]
#[derive(Debug, Clone, Default)]
pub struct ClientInfo;
#[allow(missing_docs)]
impl ClientInfo {
    pub fn is_empty(&self) -> bool {
        true
    }
    pub fn format(&self) -> String {
        String::new()
    }
}
#[allow(missing_docs)]
pub fn user_agent(_: Option<&str>) -> String {
    String::new()
}
