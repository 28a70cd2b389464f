//! Files where systems differ.

use std::io;

use cap_std::fs::{Dir, Metadata, OpenOptions};

/// Opens a file to read it, and waits for nothing: what was a file may be a pipe by now.
pub(crate) fn open_file(dir: &Dir, path: &str) -> io::Result<std::fs::File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use cap_std::fs::OpenOptionsExt as _;
        options.custom_flags(rustix::fs::OFlags::NONBLOCK.bits().cast_signed());
    }
    let file = dir.open_with(path, &options)?;
    if file.metadata()?.is_file() {
        Ok(file.into_std())
    } else {
        Err(io::Error::other("not a file"))
    }
}

/// What tells a file from all others, where the system says.
#[cfg(unix)]
#[allow(clippy::unnecessary_wraps, reason = "other systems do not say")]
pub(crate) fn identity(metadata: &Metadata) -> Option<(u64, u64)> {
    use cap_std::fs::MetadataExt as _;
    Some((metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
pub(crate) fn identity(_: &Metadata) -> Option<(u64, u64)> {
    None
}

#[cfg(unix)]
pub(crate) fn make_link(dir: &Dir, contents: &std::path::Path, link: &str) -> io::Result<()> {
    dir.symlink_contents(contents, link)
}

#[cfg(not(unix))]
pub(crate) fn make_link(_: &Dir, _: &std::path::Path, _: &str) -> io::Result<()> {
    Err(io::Error::new(
        io::ErrorKind::Unsupported,
        "no symbolic links on this system",
    ))
}

/// Whether links lead to each other without end.
#[cfg(unix)]
pub(crate) fn is_loop(error: &io::Error) -> bool {
    error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error())
}

/// Whether links lead to each other without end; where links are rare, that is one error of many.
#[cfg(not(unix))]
pub(crate) const fn is_loop(_: &io::Error) -> bool {
    false
}
