//! Secrets at rest: AES-256-GCM.

use std::fmt;
use std::fs;
use std::io::{self, Read, Write};
use std::path::Path;

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use connectors_core::{Error, ErrorKind, Result};
use secrecy::{ExposeSecret, SecretSlice, SecretString};
use zeroize::Zeroizing;

/// The form of what is sealed: this byte, 12 bytes of nonce, the text with its tag.
const VERSION: u8 = 1;
const NONCE: usize = 12;
const KEY: usize = 32;

/// A key file is not larger than this; whatever is, is something else.
const LARGEST: u64 = 1024;

/// Seals and opens what must not be readable in the database.
///
/// ```
/// use connectors_dashboard::Vault;
///
/// assert!(Vault::new(&"q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=".into()).is_ok());
/// assert!(Vault::new(&"too short".into()).is_err());
/// ```
pub struct Vault(Aes256Gcm);

impl Vault {
    /// With this key: 32 bytes in Base64.
    pub fn new(key: &SecretString) -> Result<Self> {
        let bad = || {
            Error::config("CONNECTORS_DASHBOARD_KEY", "is not 32 bytes in Base64")
                .with_hint("make one: head -c 32 /dev/urandom | base64")
        };
        let bytes = STANDARD.decode(key.expose_secret().trim()).map_err(|_| bad())?;
        Self::of(&SecretSlice::from(bytes)).ok_or_else(bad)
    }

    /// With the key in this file, made if it is not there: whole, and for its owner alone. Fails if others may read it,
    /// or if it holds something else; whatever is there stays as it is.
    pub fn with_key_file(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        match fs::metadata(path) {
            Ok(known) => Self::of_file(path, &known),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let key = SecretString::from(STANDARD.encode(*Zeroizing::new(random::<KEY>()?)));
                match make(path, &key) {
                    Ok(()) => Self::new(&key),
                    // Somebody else was faster.
                    Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                        let known =
                            fs::metadata(path).map_err(|error| unusable(path, &format!("cannot be read: {error}")))?;
                        Self::of_file(path, &known)
                    }
                    Err(error) => Err(unusable(path, &format!("cannot be made: {error}"))),
                }
            }
            Err(error) => Err(unusable(path, &format!("cannot be read: {error}"))),
        }
    }

    fn of_file(path: &Path, known: &fs::Metadata) -> Result<Self> {
        // Before it is opened: opening what is no file may wait for ever.
        if !known.is_file() {
            return Err(unusable(path, "is no file"));
        }
        let unread = |error: io::Error| unusable(path, &format!("cannot be read: {error}"));
        let file = fs::File::open(path).map_err(unread)?;
        #[cfg(unix)]
        {
            let mode = std::os::unix::fs::PermissionsExt::mode(&file.metadata().map_err(unread)?.permissions());
            if mode & 0o077 != 0 {
                return Err(unusable(path, "can be read by others").with_hint("take that away: chmod 600"));
            }
        }
        let mut text = Zeroizing::new(String::new());
        let other = || {
            unusable(path, "does not hold 32 bytes in Base64")
                .with_hint("bring back the right file; without it, what is kept cannot be read")
        };
        match file.take(LARGEST).read_to_string(&mut text) {
            Ok(_) => Self::new(&SecretString::from(text.as_str())).map_err(|_| other()),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => Err(other()),
            Err(error) => Err(unread(error)),
        }
    }

    /// With a key that ends with the program.
    pub fn ephemeral() -> Result<Self> {
        Self::of(&SecretSlice::from(random::<KEY>()?.to_vec())).ok_or_else(|| Error::new(ErrorKind::Storage, "no key"))
    }

    fn of(key: &SecretSlice<u8>) -> Option<Self> {
        Aes256Gcm::new_from_slice(key.expose_secret()).ok().map(Self)
    }

    /// Seals `text`; it opens only as what it was sealed as.
    pub(crate) fn seal(&self, what: &str, text: &str) -> Result<Vec<u8>> {
        let nonce = random::<NONCE>()?;
        let payload = Payload { msg: text.as_bytes(), aad: what.as_bytes() };
        let sealed = self.0.encrypt(&Nonce::from(nonce), payload);
        let sealed = sealed.map_err(|_| Error::new(ErrorKind::Storage, format!("{what} cannot be sealed")))?;
        Ok([&[VERSION][..], &nonce, &sealed].concat())
    }

    /// Opens what was sealed as `what`.
    pub(crate) fn open(&self, what: &str, sealed: &[u8]) -> Result<SecretString> {
        let parts = sealed.strip_prefix(&[VERSION]).and_then(<[u8]>::split_first_chunk::<NONCE>);
        let opened = parts.and_then(|(nonce, text)| {
            let opened = self.0.decrypt(&Nonce::from(*nonce), Payload { msg: text, aad: what.as_bytes() }).ok()?;
            let opened = Zeroizing::new(opened);
            Some(SecretString::from(std::str::from_utf8(&opened).ok()?))
        });
        opened.ok_or_else(|| {
            Error::new(ErrorKind::Storage, format!("{what} cannot be opened with this key"))
                .with_hint("bring back the key that it was sealed with, or enter it again")
        })
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault")
    }
}

fn unusable(path: &Path, what: &str) -> Error {
    Error::new(ErrorKind::Storage, format!("the key file {} {what}", path.display()))
}

/// Makes a file for its owner alone. It is there with all that belongs into it, or not at all.
fn make(path: &Path, key: &SecretString) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(key.expose_secret().as_bytes())?;
    file.as_file().sync_all()?;
    file.persist_noclobber(path).map(drop).map_err(|refused| refused.error)
}

/// Bytes that nobody can guess.
pub(crate) fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)
        .map_err(|error| Error::new(ErrorKind::Storage, format!("the system gives no random bytes: {error}")))?;
    Ok(bytes)
}
