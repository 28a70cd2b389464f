//! [`LocalGlobusConnectServer`].

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use serde_json::{Map, Value};

use super::read;
use crate::error::Result;
use crate::models::EndpointId;

/// Where a node keeps what it knows about its endpoint.
const INFO: &str = "/var/lib/globus-connect-server/info.json";

/// The Globus Connect Server node that this machine is.
#[derive(Debug)]
pub struct LocalGlobusConnectServer {
    info_path: PathBuf,
    info: OnceLock<Map<String, Value>>,
}

impl Default for LocalGlobusConnectServer {
    fn default() -> Self {
        Self::new()
    }
}

impl LocalGlobusConnectServer {
    /// The node with its file in the usual place, `/var/lib/globus-connect-server/info.json`.
    pub fn new() -> Self {
        Self::with_info_path(INFO)
    }

    /// The node with its file in another place, for example the host's as a container sees it.
    pub fn with_info_path(info_path: impl Into<PathBuf>) -> Self {
        Self {
            info_path: info_path.into(),
            info: OnceLock::new(),
        }
    }

    /// The file that is read.
    pub fn info_path(&self) -> &Path {
        &self.info_path
    }

    /// What the file says; `None` when there is none, or it is no JSON object. It is read once: see
    /// [`forget_info`](Self::forget_info).
    ///
    /// # Errors
    /// [`Error::Usage`](crate::Error::Usage) for a file that cannot be read.
    pub fn info_dict(&self) -> Result<Option<&Map<String, Value>>> {
        if self.info.get().is_none() && self.info_path.is_file() {
            let content = read(&self.info_path)?.unwrap_or_default();
            if let Ok(Value::Object(info)) = serde_json::from_slice(&content) {
                // Somebody else may have been faster, with the same.
                let _ = self.info.set(info);
            }
        }
        Ok(self.info.get())
    }

    /// Reads the file anew when it is next asked for.
    pub fn forget_info(&mut self) {
        self.info = OnceLock::new();
    }

    /// Id of the endpoint; `None` when the file does not say it.
    ///
    /// # Errors
    /// Those of [`info_dict`](Self::info_dict).
    pub fn endpoint_id(&self) -> Result<Option<EndpointId>> {
        Ok(self.text("endpoint_id")?.map(Into::into))
    }

    /// Host name of the endpoint; `None` when the file does not say it.
    ///
    /// # Errors
    /// Those of [`info_dict`](Self::info_dict).
    pub fn domain_name(&self) -> Result<Option<String>> {
        Ok(self.text("domain_name")?.map(ToOwned::to_owned))
    }

    fn text(&self, name: &str) -> Result<Option<&str>> {
        Ok(self.info_dict()?.and_then(|info| info.get(name)?.as_str()))
    }
}
