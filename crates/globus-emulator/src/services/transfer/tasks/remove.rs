//! Deleting files and folders.

use std::path::PathBuf;

use cap_std::fs::Dir;

use super::Work;
use super::report::{AWAY, Outcome, Report, Side, Trouble, fatal, of_io};
use crate::services::transfer::glob;
use crate::services::transfer::path::FilePath;

/// Works on what is left of a delete task; says what is left then.
pub(super) fn run(work: &Work, report: &Report<'_>) -> Result<(), Trouble> {
    let Work::Delete {
        place,
        recursive,
        ignore_missing,
        interpret_globs,
        ..
    } = work
    else {
        return Ok(());
    };
    let Some(first) = report.next()? else { return Ok(()) };
    let dir = place.open(&report.inner.storage);
    let dir = dir.map_err(|error| of_io(Side::Destination, &first.source, &error));
    let dir = match dir {
        Ok(dir) => dir,
        Err(Trouble::Failed(failure)) if !failure.fatal => {
            return report.fault(&failure);
        }
        Err(trouble) => return Err(trouble),
    };
    while let Some(unit) = report.next()? {
        let found = |()| {
            if *interpret_globs {
                expand(&dir, &place.home, &unit.source)
            } else {
                Ok(vec![unit.source.clone()])
            }
        };
        let mishap = || report.mishap(place, &unit.source, Side::Source, false);
        let outcome = report
            .reach()
            .and_then(|()| mishap())
            .and_then(found)
            .and_then(|found| {
                if found.is_empty() && !ignore_missing {
                    return Err(missing(&unit.source));
                }
                found
                    .iter()
                    .try_for_each(|path| delete(&dir, &place.home, path, *recursive, *ignore_missing, report))
            });
        match outcome {
            Ok(()) => report.done(1, Outcome::default())?,
            Err(Trouble::Failed(failure)) if !failure.fatal => {
                report.later(unit, &failure)?;
                if failure.code == AWAY {
                    break;
                }
            }
            Err(Trouble::Rest) => break,
            Err(trouble) => return Err(trouble),
        }
    }
    Ok(())
}

fn missing(path: &FilePath) -> Trouble {
    fatal("FILE_NOT_FOUND", format!("No such file or directory: {}", path.text()))
}

/// What a path with a pattern in its last name stands for.
fn expand(dir: &Dir, home: &str, path: &FilePath) -> Result<Vec<FilePath>, Trouble> {
    let (Some(parent), Some(pattern)) = (path.parent(), path.name()) else {
        return Ok(vec![path.clone()]);
    };
    let entries = match dir.read_dir(parent.relative(home)) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(of_io(Side::Source, &parent, &error)),
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| of_io(Side::Source, &parent, &error))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        // As in shells: what is hidden is named.
        if glob::fits(pattern, &name) && (pattern.starts_with('.') || !name.starts_with('.')) {
            found.push(parent.child(&name));
        }
    }
    found.sort_by_key(FilePath::text);
    Ok(found)
}

fn delete(
    dir: &Dir,
    home: &str,
    path: &FilePath,
    recursive: bool,
    ignore_missing: bool,
    report: &Report<'_>,
) -> Result<(), Trouble> {
    if path.absolute(home).is_empty() {
        return Err(fatal(
            "PERMISSION_DENIED",
            "The top of a collection cannot be deleted".to_owned(),
        ));
    }
    let place = path.relative(home);
    match dir.symlink_metadata(&place) {
        Ok(found) if found.is_dir() && !recursive => {
            let details = format!("{} is a directory, and the delete is not recursive", path.text());
            Err(fatal("ENDPOINT_ERROR", details))
        }
        Ok(found) if found.is_dir() => tree(dir, &place, path, report, true),
        Ok(_) => {
            dir.remove_file(&place)
                .map_err(|error| of_io(Side::Source, path, &error))?;
            report.tell(|task| task.counts.files += 1)
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && ignore_missing => Ok(()),
        Err(error) => Err(of_io(Side::Source, path, &error)),
    }
}

/// Deletes a folder with all that is in it, which may be what the task is for. Links in it are deleted, never followed.
pub(super) fn tree(dir: &Dir, top: &str, path: &FilePath, report: &Report<'_>, counted: bool) -> Result<(), Trouble> {
    let failed = |error: std::io::Error| of_io(Side::Destination, path, &error);
    // Folders, and whether what is in them is gone.
    let mut stack = vec![(PathBuf::from(top), false)];
    while let Some((place, empty)) = stack.pop() {
        report.go_on()?;
        if counted {
            report.reach()?;
        }
        if empty {
            dir.remove_dir(&place).map_err(failed)?;
            report.tell(|task| task.counts.directories += u64::from(counted))?;
            continue;
        }
        let entries = dir.read_dir(&place).map_err(failed)?;
        stack.push((place.clone(), true));
        for entry in entries {
            let entry = entry.map_err(failed)?;
            let below = place.join(entry.file_name());
            if entry.file_type().map_err(failed)?.is_dir() {
                stack.push((below, false));
            } else {
                entry.remove_file().map_err(failed)?;
                report.tell(|task| task.counts.files += u64::from(counted))?;
            }
        }
    }
    Ok(())
}
