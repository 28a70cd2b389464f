//! Documents of files and folders, as `ls` and `stat` give them.

use std::io;

use cap_std::fs::{Dir, FileType, Metadata};
use jiff::Timestamp;
use serde_json::{Value, json};

/// The largest number of entries of a folder that is listed.
pub(crate) const LARGEST: usize = 100_000;

/// The documents of all that is in a folder, in no order; none if there are too many.
pub(crate) fn folder(root: &Dir, path: &str, user: &str, hidden: bool) -> io::Result<Option<Vec<Value>>> {
    let mut rows = Vec::new();
    for entry in root.read_dir(path)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if !hidden && name.starts_with('.') {
            continue;
        }
        if rows.len() == LARGEST {
            return Ok(None);
        }
        match document(root, &format!("{path}/{name}"), &name, user) {
            Ok(row) => rows.push(row),
            // It went away meanwhile.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(Some(rows))
}

/// The document of a file, a folder or a link. What a link leads to counts, if it leads somewhere within the collection.
pub(crate) fn document(root: &Dir, path: &str, name: &str, user: &str) -> io::Result<Value> {
    let own = root.symlink_metadata(path)?;
    let link = own.is_symlink();
    let target = if link { root.metadata(path).ok() } else { None };
    let shown = target.as_ref().unwrap_or(&own);
    let kind = if link && target.is_none() {
        "invalid_symlink"
    } else {
        kind(shown.file_type())
    };
    let contents = link.then(|| root.read_link_contents(path).ok()).flatten();
    Ok(json!({
        "DATA_TYPE": "file",
        "name": name,
        "type": kind,
        "size": shown.len(),
        "last_modified": modified(shown),
        "permissions": permissions(shown),
        "user": user,
        "group": user,
        "link_target": contents.map(|target| target.to_string_lossy().into_owned()),
        "link_last_modified": link.then(|| modified(&own)),
        "link_size": link.then(|| own.len()),
        "link_user": link.then_some(user),
        "link_group": link.then_some(user),
    }))
}

fn kind(file_type: FileType) -> &'static str {
    #[cfg(unix)]
    {
        use cap_std::fs::FileTypeExt as _;
        if file_type.is_char_device() {
            return "chr";
        }
        if file_type.is_block_device() {
            return "blk";
        }
        if file_type.is_fifo() {
            return "pipe";
        }
    }
    if file_type.is_dir() {
        "dir"
    } else if file_type.is_file() {
        "file"
    } else {
        "other"
    }
}

fn modified(metadata: &Metadata) -> Option<String> {
    let time = metadata.modified().ok()?.into_std();
    let time = Timestamp::try_from(time).ok()?;
    Some(time.strftime("%Y-%m-%d %H:%M:%S+00:00").to_string())
}

#[cfg(unix)]
fn permissions(metadata: &Metadata) -> String {
    use cap_std::fs::MetadataExt as _;
    format!("{:04o}", metadata.mode() & 0o7777)
}

#[cfg(not(unix))]
fn permissions(metadata: &Metadata) -> String {
    let folder = if metadata.is_dir() { 0o111 } else { 0 };
    let write = if metadata.permissions().readonly() { 0 } else { 0o200 };
    format!("{:04o}", 0o444 | folder | write)
}
