//! Files that are written whole or not at all.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use tokio::runtime::Handle;

use crate::error::{Error, ErrorKind, Result};

/// Who may read a file, on unix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readers {
    /// Its owner alone.
    Owner,
    /// Whoever the process lets by default.
    Usual,
}

/// Does `work` on the file at `path`, on the threads for blocking work. It goes on to its end if the caller does not wait
/// for it. A failure is a [`Storage`](ErrorKind::Storage) error that names the file, and says that it could not `what`.
pub async fn off_thread<T: Send + 'static>(
    what: &str,
    path: PathBuf,
    work: impl FnOnce(&Path) -> io::Result<T> + Send + 'static,
) -> Result<T> {
    let named = path.display().to_string();
    let runtime = Handle::try_current().map_err(io::Error::other);
    let outcome = match runtime {
        Ok(runtime) => {
            let done = runtime.spawn_blocking(move || work(&path)).await;
            done.unwrap_or_else(|error| Err(io::Error::other(error)))
        }
        Err(error) => Err(error),
    };
    outcome.map_err(|error| {
        // What an error of ours says is not in its kind.
        let why = if error.kind() == io::ErrorKind::InvalidData { error.to_string() } else { error.kind().to_string() };
        Error::new(ErrorKind::Storage, format!("cannot {what} {named}: {why}")).with_source(error)
    })
}

/// Writes `bytes` to the file at `path`, in place of what was there. After a crash it holds the old bytes or the new
/// ones, never a part: they are written beside it first. The writes of a process take turns; two processes must not
/// write the same file.
pub fn replace_file(path: &Path, bytes: &[u8], readers: Readers) -> io::Result<()> {
    // What is written beside it has one name, so that a crash leaves at most one.
    static TURN: Mutex<()> = Mutex::new(());
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writers_at_once_leave_what_one_of_them_wrote() {
        let path = std::env::temp_dir().join(format!("connectors-files-{}", std::process::id()));
        std::thread::scope(|scope| {
            for byte in 0..8_u8 {
                let path = &path;
                scope.spawn(move || replace_file(path, &vec![byte; 100_000], Readers::Owner).unwrap());
            }
        });
        let left = fs::read(&path).unwrap();
        fs::remove_file(&path).unwrap();
        assert!(left.len() == 100_000 && left.iter().all(|byte| *byte == left[0]));
    }
}
