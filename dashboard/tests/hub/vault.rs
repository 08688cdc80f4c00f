//! The key that settings are sealed with.

use std::fs;

use connectors_core::{ErrorKind, Result};
use connectors_dashboard::Vault;

const KEY: &str = "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=";

fn refused(vault: Result<Vault>) -> (ErrorKind, String) {
    let error = vault.unwrap_err();
    (error.kind(), format!("{error} ({})", error.hint().unwrap_or_default()))
}

#[test]
fn a_key_is_32_bytes_in_base64_and_is_never_repeated_in_an_error() {
    assert!(Vault::new(&format!("  {KEY}\n").into()).is_ok());
    for bad in ["", "hunter2-hunter2", "AAAA", &KEY[4..], &format!("{KEY}{KEY}")] {
        let (kind, text) = refused(Vault::new(&bad.to_owned().into()));
        assert_eq!(kind, ErrorKind::Config);
        assert!(bad.is_empty() || !text.contains(bad), "{text}");
        assert!(text.contains("CONNECTORS_DASHBOARD_KEY") || text.contains("32 bytes"), "{text}");
    }
    assert_eq!(format!("{:?}", Vault::new(&KEY.into()).unwrap()), "Vault");
}

#[cfg(unix)]
#[test]
fn a_key_file_is_made_for_its_owner_alone_and_found_again() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("dashboard.key");
    Vault::with_key_file(&path).unwrap();
    let made = fs::read(&path).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(Vault::new(&String::from_utf8(made.clone()).unwrap().into()).is_ok());
    Vault::with_key_file(&path).unwrap();
    assert_eq!(fs::read(&path).unwrap(), made, "the key stays");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left lying about");

    for mode in [0o640, 0o604, 0o660, 0o644] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let (kind, text) = refused(Vault::with_key_file(&path));
        assert!(kind == ErrorKind::Storage && text.contains("dashboard.key") && text.contains("chmod 600"), "{text}");
    }
}

#[cfg(unix)]
#[test]
fn what_is_no_key_file_is_refused_and_stays_as_it_is() {
    use std::os::unix::fs::{PermissionsExt, symlink};

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("some.key");
    for content in ["", "not a key", "\u{0}\u{ff}", &"A".repeat(100_000)] {
        fs::write(&path, content).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        let (kind, text) = refused(Vault::with_key_file(&path));
        assert!(kind == ErrorKind::Storage && text.contains("some.key") && text.contains("bring back"), "{text}");
        assert_eq!(fs::read_to_string(&path).unwrap(), content);
    }
    assert!(refused(Vault::with_key_file(folder.path())).1.contains("is no file"));
    assert!(refused(Vault::with_key_file("/dev/null")).1.contains("is no file"));
    assert!(refused(Vault::with_key_file(folder.path().join("none/at.key"))).1.contains("cannot be made"));

    // A link that leads nowhere is not followed to make a file there.
    let (link, target) = (folder.path().join("link.key"), folder.path().join("elsewhere"));
    symlink(&target, &link).unwrap();
    assert_eq!(refused(Vault::with_key_file(&link)).0, ErrorKind::Storage);
    assert!(!target.exists());
}

#[test]
fn many_who_make_the_key_file_at_once_agree_on_one_key() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("dashboard.key");
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| Vault::with_key_file(&path).unwrap());
        }
    });
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}
