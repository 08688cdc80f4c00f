//! Files that are written whole or not at all.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use tokio::task::spawn_blocking;

use crate::error::{Error, ErrorKind, Result};

/// Who may read a file, on unix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Readers {
    Owner,
    /// Whoever the process lets by default.
    Usual,
}

/// Writes `bytes` to the file at `path`, in place of what was there. After a crash it holds the old bytes or the new
/// ones, never a part. Runs on the threads for blocking work. A failure is a [`Storage`](ErrorKind::Storage) error.
pub async fn replace_file(path: PathBuf, bytes: Bytes) -> Result<()> {
    let written = spawn_blocking(move || replace(&path, &bytes, Readers::Usual).map_err(|error| (path, error)));
    let failed = |path: &Path, error: io::Error| {
        let message = format!("cannot write {}: {}", path.display(), error.kind());
        Error::new(ErrorKind::Storage, message).with_source(error)
    };
    match written.await {
        Ok(outcome) => outcome.map_err(|(path, error)| failed(&path, error)),
        Err(panicked) => Err(failed(Path::new("the file"), io::Error::other(panicked))),
    }
}

/// Writes beside the file and puts that in its place.
pub(crate) fn replace(path: &Path, bytes: &[u8], readers: Readers) -> io::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let beside = PathBuf::from(beside);
    // One left by a crash may have been made by anybody, readable by anybody.
    match fs::remove_file(&beside) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if readers == Readers::Owner {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    #[cfg(not(unix))]
    let _ = readers;
    let mut file = options.open(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&beside, path)?;
    // The new name is durable once its directory is; not every system can open one.
    let directory = path.parent().filter(|directory| !directory.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if let Ok(directory) = File::open(directory) {
        directory.sync_all()?;
    }
    Ok(())
}
