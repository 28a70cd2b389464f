//! [`LocalGlobusConnectPersonal`].

use std::path::PathBuf;
use std::sync::OnceLock;

use super::{GlobusConnectPersonalOwnerInfo, read};
use crate::error::{Error, Result, quoted};
use crate::models::EndpointId;

/// Globus Connect Personal of the user who runs this program.
#[derive(Debug)]
pub struct LocalGlobusConnectPersonal {
    config_dir: Option<PathBuf>,
    machine: Machine,
    endpoint_id: OnceLock<EndpointId>,
}

/// What decides where the files are.
#[derive(Debug, Clone)]
pub(super) struct Machine {
    pub(super) windows: bool,
    pub(super) local_app_data: Option<PathBuf>,
    pub(super) home: Option<PathBuf>,
}

impl Machine {
    fn this() -> Self {
        Self {
            windows: cfg!(windows),
            local_app_data: std::env::var_os("LOCALAPPDATA").map(PathBuf::from),
            home: std::env::home_dir(),
        }
    }
}

impl Default for LocalGlobusConnectPersonal {
    fn default() -> Self {
        Self::new()
    }
}

impl LocalGlobusConnectPersonal {
    /// The installation with its files in the usual folder: `~/.globusonline`, on Windows `%LOCALAPPDATA%\Globus Connect`.
    pub fn new() -> Self {
        Self::on(Machine::this(), None)
    }

    /// The installation with its files in another folder, which on Linux was given to Globus Connect Personal as `-dir`.
    pub fn with_config_dir(config_dir: impl Into<PathBuf>) -> Self {
        Self::on(Machine::this(), Some(config_dir.into()))
    }

    pub(super) fn on(machine: Machine, config_dir: Option<PathBuf>) -> Self {
        Self {
            config_dir: config_dir.filter(|folder| !folder.as_os_str().is_empty()),
            machine,
            endpoint_id: OnceLock::new(),
        }
    }

    /// The folder of its settings.
    ///
    /// # Errors
    /// [`Error::Usage`] without a home folder, on Windows without `LOCALAPPDATA`.
    pub fn config_dir(&self) -> Result<PathBuf> {
        if let Some(folder) = &self.config_dir {
            return Ok(folder.clone());
        }
        let Machine {
            windows,
            local_app_data,
            home,
        } = &self.machine;
        if *windows {
            let data = local_app_data.as_ref().map(|data| data.join("Globus Connect"));
            return data.ok_or_else(|| {
                Error::usage("LOCALAPPDATA is not set; set it, or name the folder with `with_config_dir`")
            });
        }
        let folder = home.as_ref().map(|home| home.join(".globusonline"));
        folder.ok_or_else(|| Error::usage("there is no home folder; name the folder with `with_config_dir`"))
    }

    fn file(&self, name: &str) -> Result<PathBuf> {
        let folder = self.config_dir()?;
        Ok(if self.machine.windows {
            folder.join(name)
        } else {
            folder.join("lta").join(name)
        })
    }

    /// Id of its collection; `None` when it is not set up. It is read once: see
    /// [`forget_endpoint_id`](Self::forget_endpoint_id).
    ///
    /// # Errors
    /// [`Error::Usage`] for a file that cannot be read, and those of [`config_dir`](Self::config_dir).
    pub fn endpoint_id(&self) -> Result<Option<EndpointId>> {
        if let Some(id) = self.endpoint_id.get() {
            return Ok(Some(id.clone()));
        }
        let path = self.file("client-id.txt")?;
        let Some(content) = read(&path)? else {
            return Ok(None);
        };
        let text = String::from_utf8(content).map_err(|_| {
            let path = quoted(&path.to_string_lossy());
            Error::usage(format!("{path} is no text; set Globus Connect Personal up again"))
        })?;
        Ok(Some(self.endpoint_id.get_or_init(|| text.trim().into()).clone()))
    }

    /// Reads the id of its collection anew when it is next asked for.
    pub fn forget_endpoint_id(&mut self) {
        self.endpoint_id = OnceLock::new();
    }

    /// Who owns it; `None` when it is not set up, or its file says nothing that is understood.
    ///
    /// # Errors
    /// [`Error::Usage`] for a file that cannot be read, and those of [`config_dir`](Self::config_dir).
    pub fn get_owner_info(&self) -> Result<Option<GlobusConnectPersonalOwnerInfo>> {
        let gridmap = read(&self.file("gridmap")?)?;
        let text = gridmap.and_then(|content| String::from_utf8(content).ok());
        Ok(text.and_then(|text| GlobusConnectPersonalOwnerInfo::of_gridmap(&text)))
    }
}
