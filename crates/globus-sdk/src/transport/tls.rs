//! Whom to trust.

use std::path::{Path, PathBuf};

use reqwest::{Certificate, ClientBuilder};

use super::{TransportError, TransportErrorKind};

/// Which certificates a service may show.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) enum Trust {
    /// Those that the operating system trusts.
    #[default]
    System,
    /// Those of the authorities in these files (PEM), or in the files of these folders.
    Files(Vec<PathBuf>),
    /// Any.
    Anyone,
}

impl Trust {
    /// What `SSL_CERT_FILE` and `SSL_CERT_DIR` say, in place of the operating system's authorities.
    pub(super) fn from_lookup(lookup: &dyn Fn(&str) -> Option<String>) -> Self {
        let value = |name| lookup(name).filter(|value| !value.is_empty());
        let mut files: Vec<PathBuf> = value("SSL_CERT_FILE").map(PathBuf::from).into_iter().collect();
        if let Some(folders) = value("SSL_CERT_DIR") {
            files.extend(std::env::split_paths(&folders));
        }
        if files.is_empty() {
            Self::System
        } else {
            Self::Files(files)
        }
    }

    /// Adds the authorities to a client. Reading them takes milliseconds, so it is done for the first secure
    /// connection only.
    pub(super) fn apply(&self, builder: ClientBuilder) -> Result<ClientBuilder, TransportError> {
        match self {
            Self::System => Ok(builder),
            Self::Anyone => Ok(builder.tls_danger_accept_invalid_certs(true)),
            Self::Files(paths) => {
                let mut certificates = Vec::new();
                for path in paths {
                    certificates.extend(read(path)?);
                }
                if certificates.is_empty() {
                    let names: Vec<_> = paths.iter().map(|path| path.display().to_string()).collect();
                    return Err(unusable(&names.join(", "), "no certificate in it"));
                }
                Ok(builder.tls_certs_only(certificates))
            }
        }
    }
}

fn read(path: &Path) -> Result<Vec<Certificate>, TransportError> {
    let name = path.display().to_string();
    if !path.is_dir() {
        let pem = std::fs::read(path).map_err(|error| unusable(&name, &error.to_string()))?;
        return Certificate::from_pem_bundle(&pem).map_err(|_| unusable(&name, "it is not PEM"));
    }
    let mut certificates = Vec::new();
    for entry in std::fs::read_dir(path)
        .map_err(|error| unusable(&name, &error.to_string()))?
        .flatten()
    {
        // A folder of certificates also holds other files; they are left alone.
        if let Ok(pem) = std::fs::read(entry.path()) {
            certificates.extend(Certificate::from_pem_bundle(&pem).unwrap_or_default());
        }
    }
    Ok(certificates)
}

fn unusable(name: &str, why: &str) -> TransportError {
    TransportError::new(
        TransportErrorKind::Invalid,
        format!("cannot use the certificate authorities in {name}: {why}"),
    )
}
