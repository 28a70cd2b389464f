//! What is wrong with a task before it is sent.

use super::{DeleteData, TransferData};

/// Characters that a label may have.
const LONGEST_LABEL: usize = 128;

pub(super) fn transfer(data: &TransferData) -> Result<(), String> {
    label(data.label.as_deref())?;
    for (index, item) in data.data.iter().enumerate() {
        path(index, "source_path", item.source_path.as_deref())?;
        path(index, "destination_path", item.destination_path.as_deref())?;
        if item.recursive == Some(true) && item.external_checksum.is_some() {
            return Err(format!(
                "item {index} is a folder and has an `external_checksum`; only a file can have one"
            ));
        }
    }
    Ok(())
}

pub(super) fn delete(data: &DeleteData) -> Result<(), String> {
    label(data.label.as_deref())?;
    let mut items = data.data.iter().enumerate();
    items.try_for_each(|(index, item)| path(index, "path", item.path.as_deref()))
}

fn label(label: Option<&str>) -> Result<(), String> {
    let Some(label) = label else { return Ok(()) };
    let length = label.chars().count();
    if length > LONGEST_LABEL {
        return Err(format!(
            "`label` has {length} characters; shorten it to {LONGEST_LABEL}"
        ));
    }
    if label.contains('\n') {
        return Err("`label` has a line break; write it on one line".to_owned());
    }
    Ok(())
}

/// Collections take no line breaks in paths.
fn path(index: usize, name: &str, path: Option<&str>) -> Result<(), String> {
    // Looked for as bytes, and one after the other: for a million paths that is several times as fast.
    let breaks = |path: &str| path.as_bytes().contains(&b'\n') || path.as_bytes().contains(&b'\r');
    if path.is_some_and(breaks) {
        return Err(format!(
            "`{name}` of item {index} has a line break, which no path on a collection may have"
        ));
    }
    Ok(())
}
