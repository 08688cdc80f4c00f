//! The file that everything is kept in.

use std::fs;
use std::path::Path;

use connectors_core::ErrorKind;
use connectors_dashboard::Store;
use rusqlite::Connection;

/// Why a file is refused; it must name the file, and leave it as it is.
fn refused(path: &Path) -> String {
    let before = fs::read(path).unwrap();
    let error = Store::open(path).unwrap_err();
    let text = format!("{error} ({})", error.hint().unwrap_or_default());
    assert_eq!(error.kind(), ErrorKind::Storage, "{text}");
    assert!(text.contains(&*path.display().to_string()), "{text}");
    assert_eq!(fs::read(path).unwrap(), before, "{text}");
    text
}

#[test]
fn a_file_has_one_user_and_is_free_when_the_last_handle_has_gone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("dashboard.db");
    let first = Store::open(&path).unwrap();
    let error = Store::open(&path).unwrap_err();
    assert!(error.to_string().contains("is used by another process"), "{error}");
    assert!(error.to_string().contains("dashboard.db") && error.hint().unwrap().contains("end the other"), "{error}");
    let second = first.clone();
    drop(first);
    assert!(Store::open(&path).is_err());
    drop(second);
    Store::open(&path).unwrap();
}

#[cfg(unix)]
#[test]
fn a_new_file_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path().join("dashboard.db")).unwrap();
    for file in fs::read_dir(folder.path()).unwrap() {
        let file = file.unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o077, 0, "{:?}", file.path());
    }
    drop(store);
}

#[test]
fn what_is_none_of_ours_is_refused_by_name_and_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("other.db");

    fs::write(&path, "These are the notes of somebody who names files as he likes. ".repeat(100)).unwrap();
    assert!(refused(&path).contains("is no database"));
    fs::remove_file(&path).unwrap();

    let foreign = Connection::open(&path).unwrap();
    foreign.execute_batch("CREATE TABLE songs (title TEXT); INSERT INTO songs VALUES ('Blue')").unwrap();
    foreign.close().unwrap();
    assert!(refused(&path).contains("another program"));
    fs::remove_file(&path).unwrap();

    drop(Store::open(&path).unwrap());
    let later = opened(&path);
    later.pragma_update(None, "user_version", 99).unwrap();
    later.close().unwrap();
    assert!(refused(&path).contains("later version"));

    let missing = Store::open(folder.path().join("none/dashboard.db")).unwrap_err();
    assert!(missing.to_string().contains("none/dashboard.db cannot be made"), "{missing}");
    assert!(Store::open(folder.path()).unwrap_err().to_string().contains("cannot be"));
}

#[test]
fn a_damaged_file_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("dashboard.db");
    drop(Store::open(&path).unwrap());
    opened(&path).execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    let mut bytes = fs::read(&path).unwrap();
    for byte in bytes.iter_mut().skip(100).take(2000) {
        *byte ^= 0x5a;
    }
    fs::write(&path, bytes).unwrap();
    assert!(refused(&path).contains("damaged"), "{}", refused(&path));
}

/// The database, once its thread has let go of it.
fn opened(path: &Path) -> Connection {
    let connection = Connection::open(path).unwrap();
    connection.busy_timeout(std::time::Duration::from_secs(5)).unwrap();
    connection.execute_batch("PRAGMA journal_mode = DELETE").unwrap();
    connection
}
