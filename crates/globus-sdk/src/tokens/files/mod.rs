//! What the storages in files have in common: who may reach a file, locks beside it, what happens to a corrupt one.

pub(super) mod access;
pub(super) mod lock;
mod place;
mod waiting;

pub(super) use place::{Place, Unseen, make_folder};

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::error::{Error, StorageError};

/// Which SDK wrote a file last. Readers want a text there and ignore it.
pub(super) const OURS: &str = concat!("rust-", env!("CARGO_PKG_VERSION"));
/// How long a change waits for those of other processes, each of which takes some milliseconds.
const CHANGE_TIMEOUT: Duration = Duration::from_secs(60);
/// How long a storage waits for another process that renews a token.
pub(super) const LOCK_TIMEOUT: Duration = Duration::from_secs(120);
/// How often, and how long apart, an unreadable file is looked at before it counts as corrupt: a program that does not
/// replace but rewrites it may be doing so.
pub(super) const LOOKS: (u32, Duration) = (6, Duration::from_millis(20));
/// Length of the random part in the names of new files.
const RANDOM: usize = 8;
/// How many corrupt files are kept.
const KEPT: u32 = 1000;

/// `path` with `suffix` after its file name.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// The file itself, where `path` is a link to it: replacing must not replace the link.
fn target(path: &Path) -> PathBuf {
    let is_link = fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink());
    if is_link && let Ok(target) = fs::canonicalize(path) {
        return target;
    }
    path.to_owned()
}

/// The folder of a file.
pub(super) fn folder(target: &Path) -> &Path {
    target.parent().unwrap_or(Path::new(""))
}

/// The part of a lock file's name that tells what is locked, whatever characters that has.
fn lock_name(namespace: &str, key: &str) -> String {
    format!(".{:016x}.lock", number_of(namespace, key))
}

/// A number that stands for a key within a namespace.
pub(super) fn number_of(namespace: &str, key: &str) -> u64 {
    use sha2::Digest as _;
    let digest = sha2::Sha256::digest(format!("{namespace}\0{key}"));
    digest[..8]
        .iter()
        .fold(0, |number: u64, byte| number << 8 | u64::from(*byte))
}

/// An empty file beside `target`, closed to others, that will take its place; it goes when it is dropped.
pub(super) fn new_file(target: &Path) -> io::Result<tempfile::NamedTempFile> {
    let (prefix, suffix) = affixes(target);
    let mut builder = tempfile::Builder::new();
    builder.prefix(&prefix).suffix(suffix).rand_bytes(RANDOM);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600));
    builder.tempfile_in(folder(target))
}

/// Removes new files of processes that died before they could use them. Only for whoever holds the lock: everybody who
/// makes such files holds it.
pub(super) fn remove_leftovers(target: &Path) {
    let (prefix, suffix) = affixes(target);
    for entry in fs::read_dir(folder(target)).into_iter().flatten().flatten() {
        let name = entry.file_name();
        // A database that is being made may have a journal.
        let random = name.to_str().and_then(|name| {
            let name = name.strip_suffix("-journal").unwrap_or(name);
            name.strip_prefix(&prefix)?.strip_suffix(suffix)
        });
        if random
            .is_some_and(|random| random.len() == RANDOM && random.bytes().all(|byte| byte.is_ascii_alphanumeric()))
        {
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn affixes(target: &Path) -> (String, &'static str) {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    (format!(".{name}."), ".tmp")
}

/// Moves a corrupt file aside, with the files beside it that have one of the suffixes `sides`, and adds to the error
/// where it is now.
pub(super) fn kept_aside(corrupt: StorageError, target: &Path, sides: &[&str]) -> StorageError {
    match keep_aside(target, sides) {
        Ok(kept) => corrupt
            .kept_at(kept)
            .with_hint("log in again: the next call begins with an empty file"),
        Err(error) => corrupt.with_hint(format!("move the file away; doing so automatically failed: {error}")),
    }
}

/// Renames a corrupt file to the first name that is free.
fn keep_aside(target: &Path, sides: &[&str]) -> io::Result<PathBuf> {
    for number in 1..=KEPT {
        let kept = beside(target, &format!(".corrupt-{number}"));
        if kept.exists() {
            continue;
        }
        // First, so that they are never taken for those of the file that comes next.
        for side in sides {
            let _ = fs::rename(beside(target, side), beside(&kept, side));
        }
        // Linking, unlike renaming, never replaces what is there.
        match fs::hard_link(target, &kept) {
            Ok(()) => return fs::remove_file(target).map(|()| kept),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(_) if !kept.exists() => return fs::rename(target, &kept).map(|()| kept),
            Err(_) => {}
        }
    }
    Err(io::Error::new(
        io::ErrorKind::AlreadyExists,
        format!("there are {KEPT} corrupt files already"),
    ))
}

/// Adds the file to an error of its content.
pub(super) fn placed(error: Error, path: &Path) -> Error {
    match error {
        Error::Storage(error) if error.path().is_none() => error.at(path).into(),
        other => other,
    }
}
