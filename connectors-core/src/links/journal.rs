//! The blocking half of the file store: an append-only journal, one JSON record a line.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{Link, LinkKey, Table};
use crate::error::{Error, ErrorKind, Result};

/// One line of the journal.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Record {
    Put { key: LinkKey, link: Link },
    Remove { key: LinkKey },
}

pub(super) struct Journal {
    path: PathBuf,
    file: File,
    /// Bytes of the records that are known to be on disk.
    length: u64,
    /// Whether the file may go on after `length` with what a failed write left.
    dirty: bool,
    /// How often the disk was waited for.
    #[cfg(test)]
    pub(super) writes: usize,
    pub(super) table: Table,
}

impl Journal {
    /// Replays the journal at `path`, and rewrites it when that pays.
    pub(super) fn open(path: PathBuf) -> Result<Self> {
        let failed = |error| storage(&path, "cannot open", error);
        let text = fs::read(&path).map_err(failed)?;
        let (table, rewrite) = replay(&path, &text)?;
        let length = if rewrite { compact(&path, &table).map_err(failed)? } else { text.len() as u64 };
        let file = create(&path).map_err(failed)?;
        sync_directory(&path).map_err(failed)?;
        Ok(Self {
            path,
            file,
            length,
            dirty: false,
            #[cfg(test)]
            writes: 0,
            table,
        })
    }

    /// Makes the records durable, then true: all of them or none, by one write.
    pub(super) fn append(&mut self, records: Vec<Record>) -> Result<()> {
        let lines = records.iter().map(line).collect::<io::Result<Vec<_>>>();
        let written = lines.and_then(|lines| self.write(&lines.concat()));
        written.map_err(|error| storage(&self.path, "cannot write to", error))?;
        for record in records {
            self.table.apply(record);
        }
        Ok(())
    }

    fn write(&mut self, lines: &[u8]) -> io::Result<()> {
        if self.dirty {
            self.file.set_len(self.length)?;
            self.dirty = false;
        }
        // The standard library of our oldest supported compiler has no file locks, so a second process is not kept
        // out; what it wrote is noticed here, before more harm is done.
        if fs::metadata(&self.path)?.len() != self.length {
            return Err(io::Error::other("another process changed it: only one at a time may use it"));
        }
        self.dirty = true;
        self.file.write_all(lines)?;
        self.file.sync_data()?;
        self.dirty = false;
        self.length += lines.len() as u64;
        #[cfg(test)]
        {
            self.writes += 1;
        }
        Ok(())
    }
}

impl Table {
    fn apply(&mut self, record: Record) {
        match record {
            Record::Put { key, link } => self.0.insert(key, link),
            Record::Remove { key } => self.0.remove(&key),
        };
    }
}

/// Opens the journal for appending, makes it if need be, and keeps other users of the machine out.
pub(super) fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    // The mode above is for a new file only.
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    Ok(file)
}

pub(super) fn storage(path: &Path, problem: &str, source: io::Error) -> Error {
    let message = format!("{problem} the link file {}: {source}", path.display());
    Error::new(ErrorKind::Storage, message).with_source(source)
}

/// What the records add up to, and whether to write that down in place of them.
fn replay(path: &Path, text: &[u8]) -> Result<(Table, bool)> {
    let mut table = Table::default();
    let mut records = 0;
    let mut torn = false;
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        records += 1;
        // A line without its end was never acknowledged, so whether it counts is all one.
        torn = !line.ends_with(b"\n");
        match serde_json::from_slice(line) {
            Ok(record) => table.apply(record),
            Err(_) if torn => {}
            Err(error) => return Err(storage(path, &format!("line {records} is damaged in"), error.into())),
        }
    }
    let mostly_dead = table.0.len() * 2 < records;
    Ok((table, torn || mostly_dead))
}

/// Puts a journal of the live links alone in the place of the old one; a crash leaves one of the two.
fn compact(path: &Path, table: &Table) -> io::Result<u64> {
    let mut text = Vec::new();
    for (key, link) in &table.0 {
        text.extend(line(&Record::Put { key: key.clone(), link: link.clone() })?);
    }
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    let new = Path::new(&name);
    // What a crash left there must not be appended to.
    fs::remove_file(new).or_else(|error| if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) })?;
    let mut file = create(new)?;
    file.write_all(&text)?;
    file.sync_all()?;
    fs::rename(new, path)?;
    Ok(text.len() as u64)
}

fn line(record: &Record) -> io::Result<Vec<u8>> {
    let mut line = serde_json::to_vec(record)?;
    line.push(b'\n');
    Ok(line)
}

/// A new name in a directory is durable only once the directory is; elsewhere than on unix the system sees to it.
#[cfg_attr(not(unix), expect(clippy::unnecessary_wraps))]
fn sync_directory(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    if let Some(directory) = path.parent() {
        File::open(directory)?.sync_all()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    #[test]
    fn what_a_failed_write_left_is_cut_off_by_the_next() {
        let path = std::env::temp_dir().join(format!("journal-{}.jsonl", std::process::id()));
        create(&path).unwrap();
        let mut journal = Journal::open(path.clone()).unwrap();
        let record = |id: &str| Record::Put {
            key: LinkKey::new("smartsheet", "row", "sheet-1", id),
            link: Link::intended(DateTime::UNIX_EPOCH),
        };
        journal.append(vec![record("a")]).unwrap();
        journal.dirty = true;
        journal.file.write_all(b"{\"put\":{\"ke").unwrap();
        journal.append(vec![record("b")]).unwrap();
        drop(journal);
        let reopened = Journal::open(path.clone()).unwrap();
        fs::remove_file(&path).unwrap();
        assert_eq!(reopened.table.0.len(), 2);
    }
}
