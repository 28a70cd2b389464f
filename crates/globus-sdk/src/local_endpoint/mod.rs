//! Globus Connect on this machine: which endpoint it is, and whose.
//!
//! Only files are read, and what they say is not checked: whoever may write them can make them name another endpoint or
//! another owner.
//!
//! ```
//! use globus_sdk::local_endpoint::LocalGlobusConnectPersonal;
//!
//! # fn main() -> globus_sdk::Result<()> {
//! let personal = LocalGlobusConnectPersonal::new();
//! match personal.endpoint_id()? {
//!     Some(id) => println!("this machine is {id}"),
//!     None => println!("Globus Connect Personal is not set up here"),
//! }
//! # Ok(())
//! # }
//! ```

mod owner;
mod personal;
mod server;

#[cfg(test)]
mod tests;

use std::io::ErrorKind;
use std::path::Path;

pub use owner::GlobusConnectPersonalOwnerInfo;
pub use personal::LocalGlobusConnectPersonal;
pub use server::LocalGlobusConnectServer;

use crate::error::{Error, Result, quoted};

/// The content of a file; `None` when there is no such file.
fn read(path: &Path) -> Result<Option<Vec<u8>>> {
    match std::fs::read(path) {
        Ok(content) => Ok(Some(content)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::usage(format!(
            "cannot read {}: {error}; run as the user to whom Globus Connect belongs",
            quoted(&path.to_string_lossy())
        ))),
    }
}
