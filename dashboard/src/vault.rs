//! Secrets at rest: AES-256-GCM.

use std::fmt;
use std::fs;
use std::io::{Read, Write};
use std::path::Path;

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Key, Nonce};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use connectors_core::{Error, ErrorKind, Result};
use secrecy::{ExposeSecret, SecretSlice, SecretString};

/// The form of what is sealed: this byte, 12 bytes of nonce, the text with its tag.
const VERSION: u8 = 1;
const NONCE: usize = 12;
const KEY: usize = 32;

/// Seals and opens what must not be readable in the database.
pub struct Vault(Aes256Gcm);

impl Vault {
    /// With this key: 32 bytes in Base64.
    pub fn new(key: &SecretString) -> Result<Self> {
        let bad = || {
            Error::config("CONNECTORS_DASHBOARD_KEY", "is not 32 bytes in Base64")
                .with_hint("make one: head -c 32 /dev/urandom | base64")
        };
        let bytes = STANDARD.decode(key.expose_secret().trim()).map_err(|_| bad())?;
        Self::of(SecretSlice::from(bytes)).ok_or_else(bad)
    }

    /// With the key in this file, made if it is not there. Fails if others may read it.
    pub fn with_key_file(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let failed = |what: &str| Error::new(ErrorKind::Storage, format!("the key file {} {what}", path.display()));
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        match options.open(path) {
            Ok(mut file) => {
                let text = SecretString::from(STANDARD.encode(random::<KEY>()?));
                file.write_all(text.expose_secret().as_bytes())
                    .and_then(|()| file.sync_all())
                    .map_err(|error| failed(&format!("cannot be written: {error}")))?;
                Self::new(&text)
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                let mut file = fs::File::open(path).map_err(|error| failed(&format!("cannot be read: {error}")))?;
                #[cfg(unix)]
                {
                    let mode = file.metadata().map(|meta| std::os::unix::fs::PermissionsExt::mode(&meta.permissions()));
                    if mode.is_ok_and(|mode| mode & 0o077 != 0) {
                        return Err(failed("can be read by others").with_hint("take that away: chmod 600"));
                    }
                }
                let mut text = String::new();
                file.read_to_string(&mut text).map_err(|error| failed(&format!("cannot be read: {error}")))?;
                Self::new(&text.into()).map_err(|_| {
                    failed("does not hold 32 bytes in Base64")
                        .with_hint("bring back the right file; without it, what is kept cannot be read")
                })
            }
            Err(error) => Err(failed(&format!("cannot be made: {error}"))),
        }
    }

    /// With a key that ends with the program.
    pub fn ephemeral() -> Result<Self> {
        Self::of(SecretSlice::from(random::<KEY>()?.to_vec())).ok_or_else(|| Error::new(ErrorKind::Storage, "no key"))
    }

    fn of(key: SecretSlice<u8>) -> Option<Self> {
        let key: [u8; KEY] = key.expose_secret().try_into().ok()?;
        Some(Self(Aes256Gcm::new(&Key::<Aes256Gcm>::from(key))))
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
            String::from_utf8(opened).ok()
        });
        opened.map(SecretString::from).ok_or_else(|| {
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

/// Bytes that nobody can guess.
pub(crate) fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)
        .map_err(|error| Error::new(ErrorKind::Storage, format!("the system gives no random bytes: {error}")))?;
    Ok(bytes)
}
