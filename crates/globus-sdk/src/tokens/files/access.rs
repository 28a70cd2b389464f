//! Whose a file is, and who may reach it.

use std::fs::Metadata;
use std::io;
use std::path::Path;

use crate::error::{Result, StorageError};
use crate::tokens::warning::Warnings;

/// An error of the system at `path`, with advice where the path tells more than the error.
pub(crate) fn io_error(tried: &'static str, path: &Path, error: io::Error) -> StorageError {
    use io::ErrorKind::{FileTooLarge, PermissionDenied, QuotaExceeded, ReadOnlyFilesystem, StorageFull};
    let kind = error.kind();
    let error = StorageError::io(tried, error).at(path);
    match (kind, owner(path)) {
        (PermissionDenied, Some(owner)) => error.with_hint(format!(
            "the file belongs to user {owner}: remove it as that user, or keep the tokens in another file"
        )),
        (PermissionDenied, None) => error.with_hint("check the permissions of the file and its folder"),
        (ReadOnlyFilesystem, _) => error.with_hint("keep the tokens on a disk that is not read-only"),
        (StorageFull | QuotaExceeded | FileTooLarge, _) => {
            error.with_hint("make room, or keep the tokens on another disk; what was stored before is still there")
        }
        _ => error,
    }
}

/// Refuses the file of another user.
pub(crate) fn check_owner(path: &Path, metadata: &Metadata) -> Result<()> {
    #[cfg(unix)]
    return unix::check_owner(path, metadata);
    #[cfg(not(unix))]
    {
        let _ = (path, metadata);
        Ok(())
    }
}

/// Refuses the file of another user, and closes a file that others can reach.
pub(crate) fn check(path: &Path, metadata: &Metadata, warnings: &Warnings) -> Result<()> {
    #[cfg(unix)]
    return unix::check(path, metadata, warnings);
    // On Windows the folders of a user are closed to others, and files inherit that.
    #[cfg(not(unix))]
    {
        let _ = (path, metadata, warnings);
        Ok(())
    }
}

/// Closes a folder that holds nothing but tokens. Of any other it only tells who may put files there.
pub(crate) fn check_folder(path: &Path, own: bool, warnings: &Warnings) {
    #[cfg(unix)]
    unix::check_folder(path, own, warnings);
    #[cfg(not(unix))]
    let _ = (path, own, warnings);
}

/// Makes the folders on the way to a file, closed to others.
pub(crate) fn make_folders(path: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Makes what has been renamed in a folder durable.
pub(crate) fn sync_folder(path: &Path) {
    // Some file systems cannot do it, and the renaming itself has succeeded.
    #[cfg(unix)]
    if let Err(error) = std::fs::File::open(path).and_then(|folder| folder.sync_all()) {
        tracing::debug!("{} cannot be synchronized: {error}", path.display());
    }
    #[cfg(not(unix))]
    let _ = path;
}

/// The number of the user to whom the file belongs, if that is somebody else.
fn owner(path: &Path) -> Option<u32> {
    #[cfg(unix)]
    return unix::other_owner(&std::fs::symlink_metadata(path).ok()?);
    #[cfg(not(unix))]
    {
        let _ = path;
        None
    }
}

#[cfg(unix)]
mod unix {
    use std::fs::{Metadata, Permissions};
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
    use std::path::Path;

    use crate::error::{Result, StorageError, StorageProblem};
    use crate::tokens::StorageWarning;
    use crate::tokens::warning::Warnings;

    pub(super) fn check_owner(path: &Path, metadata: &Metadata) -> Result<()> {
        if let Some(owner) = stranger(metadata) {
            // Whoever can put a file here could make this program act as another person. And writing it would lock
            // its owner out.
            let own = rustix::process::geteuid().as_raw();
            let message = format!("it belongs to user {owner}, and this program runs as user {own}");
            return Err(StorageError::new(StorageProblem::Access, "read", message)
                .at(path)
                .with_hint("run the program as the user who logged in, or keep the tokens in another file")
                .into());
        }
        Ok(())
    }

    pub(super) fn check(path: &Path, metadata: &Metadata, warnings: &Warnings) -> Result<()> {
        check_owner(path, metadata)?;
        let mode = metadata.mode() & 0o7777;
        if mode & 0o077 != 0 {
            let repaired = std::fs::set_permissions(path, Permissions::from_mode(0o600)).is_ok();
            warnings.add(StorageWarning::OpenToOthers {
                path: path.to_owned(),
                mode,
                repaired,
            });
        }
        Ok(())
    }

    pub(super) fn check_folder(path: &Path, own: bool, warnings: &Warnings) {
        let Ok(metadata) = std::fs::metadata(path) else { return };
        let mode = metadata.mode() & 0o7777;
        let sticky = mode & 0o1000 != 0;
        let open = if own {
            mode & 0o077 != 0
        } else {
            mode & 0o022 != 0 && !sticky
        };
        if !open {
            return;
        }
        let repaired = own && std::fs::set_permissions(path, Permissions::from_mode(0o700)).is_ok();
        warnings.add(StorageWarning::FolderOpenToOthers {
            path: path.to_owned(),
            mode,
            repaired,
        });
    }

    pub(super) fn other_owner(metadata: &Metadata) -> Option<u32> {
        Some(metadata.uid()).filter(|owner| *owner != rustix::process::geteuid().as_raw())
    }

    /// The owner of a file that is neither this user's nor root's.
    fn stranger(metadata: &Metadata) -> Option<u32> {
        other_owner(metadata).filter(|owner| *owner != 0)
    }
}
