//! Copying files and folders from one collection to another.

use std::collections::BTreeSet;
use std::io::{self, Read as _, Seek as _, Write as _};
use std::time::{Duration, SystemTime};

use cap_std::fs::{Dir, Metadata, OpenOptions};

use super::checksum::{self, Algorithm};
use super::report::{AWAY, Outcome, Report, Side, Trouble, fatal, of_io, passing};
use super::{Done, Item, Options, Place, Symlinks, SyncLevel, Unit, Work, passes, remove};
use crate::services::transfer::path::FilePath;
use crate::services::transfer::system::{identity, make_link, open_file};

/// How much is copied at a time, and how much memory a task takes for it.
const CHUNK: usize = 1024 * 1024;
/// How deep folders may lie in each other; a link to a folder above makes them endless.
const DEEPEST: usize = 200;

/// One attempt at a transfer.
struct Copy<'a> {
    source: &'a Place,
    destination: &'a Place,
    from: Dir,
    to: Dir,
    items: &'a [Item],
    options: &'a Options,
    report: &'a Report<'a>,
    /// Folders that this attempt made for items: what is in them is not a source.
    made: BTreeSet<(u64, u64)>,
    buffer: Vec<u8>,
    /// As many zeros.
    nothing: Vec<u8>,
    /// What has changed at the destination from then on may be what a former emulator left in the middle of this task.
    since: Option<SystemTime>,
}

/// Works on what is left of a transfer.
pub(super) fn run(work: &Work, report: &Report<'_>) -> Result<(), Trouble> {
    let Work::Transfer {
        source,
        destination,
        items,
        options,
    } = work
    else {
        return Ok(());
    };
    let (mut first, mut since, mut waiting) = (None, None, BTreeSet::new());
    report.tell(|task| {
        let next = task.units.last();
        first = next.map(|unit| (unit.source.clone(), unit.destination.clone()));
        since = task.since;
        waiting = task
            .units
            .iter()
            .filter(|unit| unit.top)
            .map(|unit| unit.item)
            .collect();
    })?;
    let first = first.or_else(|| {
        items
            .first()
            .map(|item| (item.source.clone(), item.destination.clone()))
    });
    let Some(first) = first else { return Ok(()) };
    let storage = &report.inner.storage;
    let open = |place: &Place, path: &FilePath, side| place.open(storage).map_err(|error| of_io(side, path, &error));
    let from = open(source, &first.0, Side::Destination);
    let opened = from.and_then(|from| Ok((from, open(destination, &first.1, Side::Destination)?)));
    let (from, to) = match opened {
        Ok(opened) => opened,
        Err(Trouble::Failed(failure)) => return report.fault(&failure),
        Err(trouble) => return Err(trouble),
    };
    let mut copy = Copy {
        source,
        destination,
        from,
        to,
        items,
        options,
        report,
        made: BTreeSet::new(),
        buffer: vec![0; CHUNK],
        nothing: vec![0; CHUNK],
        // The clocks of file systems are coarse.
        since: since.and_then(|since| SystemTime::from(since).checked_sub(Duration::from_secs(1))),
    };
    copy.made_before(&waiting);
    copy.all()
}

impl Copy<'_> {
    /// Finds the folders again that attempts before this one have made for items.
    fn made_before(&mut self, waiting: &BTreeSet<usize>) {
        let items = self.items.iter().enumerate();
        let begun = items.filter(|(number, item)| item.recursive != Some(false) && !waiting.contains(number));
        for (_, item) in begun {
            let made = self.to.metadata(item.destination.relative(&self.destination.home)).ok();
            let made = made.filter(Metadata::is_dir);
            self.made.extend(made.as_ref().and_then(identity));
        }
    }

    fn all(&mut self) -> Result<(), Trouble> {
        let mut is_complete = true;
        while let Some(mut unit) = self.report.next()? {
            match self.report.reach().and_then(|()| self.one(&mut unit)) {
                Ok(outcome) => self.report.done(1 + u64::from(unit.top), outcome)?,
                Err(Trouble::Failed(failure)) if failure.skippable && self.options.skip_source_errors => {
                    self.report.skip(&unit, &failure)?;
                }
                Err(Trouble::Failed(failure)) => {
                    let full = failure.code == "QUOTA_EXCEEDED" && self.options.fail_on_quota_errors;
                    if failure.fatal || full {
                        return Err(Trouble::Failed(failure));
                    }
                    self.report.later(unit, &failure)?;
                    is_complete = false;
                    if failure.code == AWAY {
                        break;
                    }
                }
                Err(Trouble::Rest) => {
                    self.report.rest(unit)?;
                    is_complete = false;
                    break;
                }
                Err(Trouble::Stop) => return Err(Trouble::Stop),
            }
        }
        if is_complete && self.options.delete_destination_extra {
            self.prune()?;
        }
        Ok(())
    }

    /// Does what a unit is for, or finds the units below it.
    fn one(&mut self, unit: &mut Unit) -> Result<Outcome, Trouble> {
        let item = &self.items[unit.item];
        self.report.mishap(self.source, &unit.source, Side::Source, false)?;
        self.report
            .mishap(self.destination, &unit.destination, Side::Destination, false)?;
        let path = unit.source.relative(&self.source.home);
        let failed = |error: io::Error| of_io(Side::Source, &unit.source, &error);
        let own = self.from.symlink_metadata(&path).map_err(failed)?;
        if item.symlink && unit.top && !own.is_symlink() {
            let details = format!("{} is no symbolic link", unit.source.text());
            return Err(fatal("ENDPOINT_ERROR", details));
        }
        if own.is_symlink() {
            let keep = !unit.top && self.options.symlinks == Symlinks::Keep;
            if (item.symlink && unit.top) || keep {
                self.count(unit, |counts| counts.symlinks += 1)?;
                return self.link(unit, &path).map(|()| Outcome::default());
            }
        }
        let found = self.from.metadata(&path).map_err(failed)?;
        if found.is_dir() {
            unit.source.is_folder = true;
            if unit.top && item.recursive == Some(false) {
                let details = format!("{} is a directory, and the item is not recursive", unit.source.text());
                return Err(fatal("ENDPOINT_ERROR", details));
            }
            if own.is_symlink() && self.leads_up(unit, &found) {
                let details = format!("{} leads to a directory it is in", unit.source.text());
                return Err(fatal("ENDPOINT_ERROR", details));
            }
            self.count(unit, |counts| counts.directories += 1)?;
            self.folder(unit, &path, &found)
        } else if found.is_file() {
            if unit.top && item.recursive == Some(true) {
                let details = format!("{} is not a directory, and the item is recursive", unit.source.text());
                return Err(fatal("ENDPOINT_ERROR", details));
            }
            self.count(unit, |counts| counts.files += 1)?;
            self.file(unit, &path, &found)
        } else {
            Err(fatal(
                "ENDPOINT_ERROR",
                format!("{} is no file and no directory", unit.source.text()),
            ))
        }
    }

    /// Whether the folder behind a link is one of those in which the link lies.
    fn leads_up(&self, unit: &Unit, found: &Metadata) -> bool {
        let mut above = std::iter::successors(unit.source.parent(), FilePath::parent);
        above.any(|folder| {
            let folder = self.from.metadata(folder.relative(&self.source.home)).ok();
            let folder = folder.as_ref().and_then(identity);
            folder.is_some() && folder == identity(found)
        })
    }

    /// Counts what was found, once.
    fn count(&self, unit: &mut Unit, change: impl FnOnce(&mut super::Counts)) -> Result<(), Trouble> {
        if std::mem::replace(&mut unit.known, true) {
            return Ok(());
        }
        self.report.tell(|task| {
            change(&mut task.counts);
            task.counts.total += u64::from(unit.top);
            if let Some(next) = task.units.last_mut() {
                next.known = true;
            }
        })
    }

    /// Makes a folder, and finds out what goes into it.
    fn folder(&mut self, unit: &Unit, path: &str, found: &Metadata) -> Result<Outcome, Trouble> {
        if identity(found).is_some_and(|identity| self.made.contains(&identity)) {
            let details = format!("{} is in the directory it is transferred from", unit.destination.text());
            return Err(fatal("ENDPOINT_ERROR", details));
        }
        if path.split('/').count() > DEEPEST {
            return Err(fatal("ENDPOINT_ERROR", format!("{} lies too deep", unit.source.text())));
        }
        let target = unit.destination.relative(&self.destination.home);
        self.make_folder(unit, &target)?;
        if unit.top {
            let made = self.to.metadata(&target).ok();
            self.made.extend(made.as_ref().and_then(identity));
        }
        let failed = |error: io::Error| of_io(Side::Source, &unit.source, &error);
        let mut below = Vec::new();
        for entry in self.from.read_dir(path).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let kind = entry.file_type().map_err(failed)?;
            let Ok(name) = entry.file_name().into_string() else {
                let details = format!("A name in {} is not UTF-8", unit.source.folder_text());
                return Err(fatal("ENDPOINT_ERROR", details));
            };
            let special = !(kind.is_dir() || kind.is_file() || kind.is_symlink());
            let ignored = kind.is_symlink() && self.options.symlinks == Symlinks::Ignore;
            let rules = self.options.filter_rules.as_deref().unwrap_or_default();
            if !special && !ignored && passes(rules, &name, kind.is_dir()) {
                below.push(name);
            }
        }
        below.sort_unstable_by(|one, other| other.cmp(one));
        let below = below.iter().map(|name| Unit {
            item: unit.item,
            source: unit.source.child(name),
            destination: unit.destination.child(name),
            top: false,
            known: false,
            begun: false,
        });
        Ok(Outcome {
            below: below.collect(),
            ..Outcome::default()
        })
    }

    fn make_folder(&self, unit: &Unit, target: &str) -> Result<(), Trouble> {
        let failed = |error: io::Error| of_io(Side::Destination, &unit.destination, &error);
        match self.to.metadata(target) {
            Ok(there) if there.is_dir() => return Ok(()),
            Ok(_) if self.options.delete_destination_extra && !unit.top => {
                self.to.remove_file(target).map_err(failed)?;
            }
            Ok(_) => {
                let details = format!("{} is not a directory", unit.destination.text());
                return Err(fatal("ENDPOINT_ERROR", details));
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(failed(error)),
        }
        self.to.create_dir_all(target).map_err(failed)
    }

    /// Makes the folders above a file or a link, and makes place for it.
    fn make_place(&self, unit: &Unit, target: &str) -> Result<(), Trouble> {
        let failed = |error: io::Error| of_io(Side::Destination, &unit.destination, &error);
        if unit.top {
            if unit.destination.is_folder {
                let details = format!("The destination {} is a directory", unit.destination.text());
                return Err(fatal("ENDPOINT_ERROR", details));
            }
            if let Some((parent, _)) = target.rsplit_once('/') {
                match self.to.metadata(parent) {
                    Ok(_) => {}
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {
                        self.to.create_dir_all(parent).map_err(failed)?;
                    }
                    Err(error) => return Err(failed(error)),
                }
            }
        }
        match self.to.symlink_metadata(target) {
            Ok(there) if there.is_dir() && self.options.delete_destination_extra && !unit.top => {
                remove::tree(&self.to, target, &unit.destination, self.report, false)
            }
            Ok(there) if there.is_dir() => {
                let details = format!("The destination {} is a directory", unit.destination.text());
                Err(fatal("ENDPOINT_ERROR", details))
            }
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed(error)),
            _ => Ok(()),
        }
    }

    /// Makes a link like the source, whatever it leads to.
    fn link(&self, unit: &Unit, path: &str) -> Result<(), Trouble> {
        let contents = self.from.read_link_contents(path);
        let contents = contents.map_err(|error| of_io(Side::Source, &unit.source, &error))?;
        let target = unit.destination.relative(&self.destination.home);
        self.make_place(unit, &target)?;
        let failed = |error: io::Error| of_io(Side::Destination, &unit.destination, &error);
        match self.to.remove_file(&target) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
            _ => {}
        }
        make_link(&self.to, &contents, &target).map_err(failed)
    }

    fn file(&mut self, unit: &mut Unit, path: &str, found: &Metadata) -> Result<Outcome, Trouble> {
        let target = unit.destination.relative(&self.destination.home);
        self.make_place(unit, &target)?;
        if !unit.begun && !self.may_be_begun(&target) && self.is_in_step(unit, path, &target, found)? {
            return Ok(Outcome {
                in_step: true,
                ..Outcome::default()
            });
        }
        let at_source = |error: io::Error| of_io(Side::Source, &unit.source, &error);
        let at_destination = |error: io::Error| of_io(Side::Destination, &unit.destination, &error);
        let mut from = open_file(&self.from, path).map_err(at_source)?;
        let mut options = OpenOptions::new();
        // Not changed before it is known not to be the source.
        options.read(true).write(true).create(true);
        let to = self.to.open_with(&target, &options).map_err(at_destination)?;
        let there = to.metadata().map_err(at_destination)?;
        if identity(&there).is_some_and(|there| identity(found) == Some(there)) {
            let details = format!(
                "{} and {} are the same file",
                unit.source.text(),
                unit.destination.text()
            );
            return Err(fatal("ENDPOINT_ERROR", details));
        }
        let mut to = to.into_std();
        unit.begun = true;
        let mut size = 0;
        let poured = self.pour(unit, &mut from, &mut to, there.len(), &mut size);
        if poured.is_err() {
            // What is left of the former file goes. That the file cannot be cut either is told by the next attempt.
            let _ = to.set_len(size);
        }
        let sum = poured?;
        self.report.mishap(self.source, &unit.source, Side::Source, true)?;
        self.report
            .mishap(self.destination, &unit.destination, Side::Destination, true)?;
        self.verify(unit, found, &mut to, size, sum.as_ref())?;
        let done = Done {
            source: unit.source.clone(),
            destination: unit.destination.clone(),
            size,
            checksum: sum.map(|sum| (self.items[unit.item].algorithm, sum)),
        };
        Ok(Outcome {
            done: Some(done),
            ..Outcome::default()
        })
    }

    /// Whether a file may be what is left of a copy that an emulator was at when it ended.
    fn may_be_begun(&self, target: &str) -> bool {
        let Some(since) = self.since else { return false };
        let changed = self.to.metadata(target).and_then(|there| there.modified());
        changed.is_ok_and(|changed| changed.into_std() >= since)
    }

    /// Writes what is in a file over what is in another, and cuts that where the first ends. It is not emptied before:
    /// file systems write out at once what replaces a file that was emptied, and that takes long.
    fn pour(
        &mut self,
        unit: &Unit,
        from: &mut std::fs::File,
        to: &mut std::fs::File,
        mut former: u64,
        size: &mut u64,
    ) -> Result<Option<String>, Trouble> {
        let item = &self.items[unit.item];
        let at_source = |error: io::Error| of_io(Side::Source, &unit.source, &error);
        let at_destination = |error: io::Error| of_io(Side::Destination, &unit.destination, &error);
        let wanted = self.options.verify_checksum || item.checksum.is_some();
        let mut digest = wanted.then(|| item.algorithm.start());
        loop {
            let read = from.read(&mut self.buffer).map_err(at_source)?;
            if read == 0 {
                break;
            }
            self.report.reach()?;
            let bytes = &self.buffer[..read];
            if let Some(digest) = &mut digest {
                digest.update(bytes);
            }
            // What is empty takes no place.
            let step = i64::try_from(read).unwrap_or_default();
            if bytes == &self.nothing[..read] {
                if *size < former {
                    to.set_len(*size).map_err(at_destination)?;
                    former = *size;
                }
                to.seek_relative(step).map_err(at_destination)?;
            } else {
                to.write_all(bytes).map_err(at_destination)?;
            }
            *size += read as u64;
            self.report.tell(|task| task.counts.bytes_transferred += read as u64)?;
        }
        to.set_len(*size).map_err(at_destination)?;
        Ok(digest.map(checksum::finish))
    }

    /// Compares what was written with its source.
    fn verify(
        &mut self,
        unit: &Unit,
        found: &Metadata,
        to: &mut std::fs::File,
        size: u64,
        sum: Option<&String>,
    ) -> Result<(), Trouble> {
        let item = &self.items[unit.item];
        let at_source = |error: io::Error| of_io(Side::Source, &unit.source, &error);
        let at_destination = |error: io::Error| of_io(Side::Destination, &unit.destination, &error);
        if size != found.len() {
            return Err(passing(
                "FILE_SIZE_CHANGED",
                format!("{} has changed", unit.source.text()),
            ));
        }
        if let Some(sum) = sum {
            to.rewind().map_err(at_destination)?;
            let written = self.sum(to, item.algorithm, false)?.map_err(at_destination)?;
            if written != *sum {
                let details = format!("{} has checksum {written}, its source {sum}", unit.destination.text());
                return Err(passing("VERIFY_CHECKSUM", details));
            }
            if let Some(known) = item.checksum.as_ref().filter(|known| !known.eq_ignore_ascii_case(sum)) {
                let details = format!("{} has checksum {sum}, not {known}", unit.source.text());
                return Err(fatal("VERIFY_CHECKSUM", details));
            }
        }
        if self.options.preserve_timestamp {
            let time = found.modified().map_err(at_source)?.into_std();
            to.set_modified(time).map_err(at_destination)?;
        }
        Ok(())
    }

    /// Whether the destination is like the source as far as the sync level looks.
    fn is_in_step(&mut self, unit: &Unit, path: &str, target: &str, found: &Metadata) -> Result<bool, Trouble> {
        let Some(level) = self.options.sync_level else {
            return Ok(false);
        };
        let at_source = |error: io::Error| of_io(Side::Source, &unit.source, &error);
        let at_destination = |error: io::Error| of_io(Side::Destination, &unit.destination, &error);
        let there = match self.to.metadata(target) {
            Ok(there) => there,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(at_destination(error)),
        };
        Ok(match level {
            SyncLevel::Exists => true,
            SyncLevel::Size => there.len() == found.len(),
            SyncLevel::Modified => {
                let (ours, theirs) = (
                    found.modified().map_err(at_source)?,
                    there.modified().map_err(at_destination)?,
                );
                ours <= theirs
            }
            SyncLevel::Checksum if there.len() != found.len() => false,
            SyncLevel::Checksum => {
                let algorithm = self.items[unit.item].algorithm;
                let mut file = open_file(&self.from, path).map_err(at_source)?;
                let ours = self.sum(&mut file, algorithm, true)?.map_err(at_source)?;
                let mut file = open_file(&self.to, target).map_err(at_destination)?;
                ours == self.sum(&mut file, algorithm, false)?.map_err(at_destination)?
            }
        })
    }

    /// The checksum of the rest of a file.
    fn sum(
        &mut self,
        file: &mut std::fs::File,
        algorithm: Algorithm,
        counted: bool,
    ) -> Result<io::Result<String>, Trouble> {
        let mut digest = algorithm.start();
        loop {
            let read = match file.read(&mut self.buffer) {
                Ok(0) => return Ok(Ok(checksum::finish(digest))),
                Ok(read) => read,
                Err(error) => return Ok(Err(error)),
            };
            digest.update(&self.buffer[..read]);
            let counted = if counted { read as u64 } else { 0 };
            self.report.tell(|task| task.counts.bytes_checksummed += counted)?;
        }
    }

    /// Deletes what recursive items have at the destination and not at the source.
    fn prune(&self) -> Result<(), Trouble> {
        let mut skipped = false;
        self.report.tell(|task| skipped = !task.skipped.is_empty())?;
        if skipped {
            let now = self.report.inner.time.now();
            return self.report.tell(|task| {
                let details = "errors at the source were skipped".to_owned();
                task.add_event("DELETE_DESTINATION_EXTRA_SKIPPED", false, details, now);
            });
        }
        for item in self.items {
            let is_folder = self
                .from
                .metadata(item.source.relative(&self.source.home))
                .is_ok_and(|found| found.is_dir());
            if !is_folder {
                continue;
            }
            let mut pairs = vec![(item.source.clone(), item.destination.clone())];
            while let Some((source, destination)) = pairs.pop() {
                self.report.go_on()?;
                self.prune_folder(&source, &destination, &mut pairs)?;
            }
        }
        Ok(())
    }

    fn prune_folder(
        &self,
        source: &FilePath,
        destination: &FilePath,
        pairs: &mut Vec<(FilePath, FilePath)>,
    ) -> Result<(), Trouble> {
        let place = destination.relative(&self.destination.home);
        let failed = |error: io::Error| of_io(Side::Destination, destination, &error);
        for entry in self.to.read_dir(&place).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let is_folder = entry.file_type().map_err(failed)?.is_dir();
            let (source, below) = (source.child(&name), destination.child(&name));
            let at_source = self.from.symlink_metadata(source.relative(&self.source.home));
            if at_source.is_ok() {
                if is_folder {
                    pairs.push((source, below));
                }
            } else if is_folder {
                remove::tree(
                    &self.to,
                    &below.relative(&self.destination.home),
                    &below,
                    self.report,
                    false,
                )?;
            } else {
                entry.remove_file().map_err(failed)?;
            }
        }
        Ok(())
    }
}
