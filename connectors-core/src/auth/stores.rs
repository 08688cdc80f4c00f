//! Places to keep a token in.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use secrecy::{ExposeSecret, SecretString};

use super::{Token, TokenStore};
use crate::error::Result;
use crate::files::{Readers, off_thread, replace_file};

/// Keeps a token for as long as the process lives: for tests, and for tokens that are kept elsewhere. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct MemoryTokenStore(Arc<Mutex<Option<Token>>>);

impl MemoryTokenStore {
    /// A store that holds this token.
    pub fn holding(token: Token) -> Self {
        Self(Arc::new(Mutex::new(Some(token))))
    }
}

#[async_trait]
impl TokenStore for MemoryTokenStore {
    async fn load(&self) -> Result<Option<Token>> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }

    async fn save(&self, token: &Token) -> Result<()> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(token.clone());
        Ok(())
    }
}

/// Keeps a token in a file, for programs that run on one machine.
///
/// The file is readable by its owner alone (on unix) and replaced as a whole: after a crash it holds the old token or
/// the new one, never a part. Its text is not encrypted.
#[derive(Clone)]
pub struct FileTokenStore(Arc<Path>);

impl FileTokenStore {
    /// A store in the file at `path`, whose directory exists. The file comes with the first token.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into().into())
    }
}

#[async_trait]
impl TokenStore for FileTokenStore {
    async fn load(&self) -> Result<Option<Token>> {
        let text = off_thread("read the token file", self.0.to_path_buf(), |path| match fs::read_to_string(path) {
            Ok(text) => Ok(Some(SecretString::from(text))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        });
        text.await?.as_ref().map(Token::from_text).transpose()
    }

    async fn save(&self, token: &Token) -> Result<()> {
        let text = token.to_text();
        let write = move |path: &Path| replace_file(path, text.expose_secret().as_bytes(), Readers::Owner);
        off_thread("write the token file", self.0.to_path_buf(), write).await
    }
}

impl fmt::Debug for FileTokenStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("FileTokenStore").field(&self.0).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[tokio::test]
    async fn a_token_outlives_the_store_and_only_its_owner_reads_it() {
        let path = std::env::temp_dir().join(format!("token-{}", std::process::id()));
        let store = FileTokenStore::new(&path);
        assert!(store.load().await.unwrap().is_none());
        let ends = chrono::DateTime::from_timestamp(1_800_000_000, 5).unwrap();
        for number in 1..=2 {
            let token = Token::bearer(&format!("access-{number}"), Some(ends)).with_refresh_token("refresh \"1\"");
            store.save(&token).await.unwrap();
            let read = FileTokenStore::new(&path).load().await.unwrap().unwrap();
            assert!(read.is_same(&token) && read.expires_at() == Some(ends), "{number}");
        }
        #[cfg(unix)]
        {
            let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&path).unwrap().permissions());
            assert_eq!(mode & 0o777, 0o600);
        }
        fs::write(&path, "{\"headers\":[[\"secret-canary").unwrap();
        let error = store.load().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Storage);
        assert!(!format!("{error:#?}").contains("canary"));
        fs::remove_file(&path).unwrap();
        let nowhere = FileTokenStore::new(path.join("no/such"));
        assert_eq!(nowhere.save(&Token::bearer("a", None)).await.unwrap_err().kind(), ErrorKind::Storage);
    }
}
