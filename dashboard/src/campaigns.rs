//! Where the campaign that is synced comes from.

use std::fmt::Debug;
use std::path::PathBuf;

use async_trait::async_trait;
use connectors_core::{Campaign, Error, ErrorKind, Result};

/// Knows the campaign that is synced. Asked at the beginning of each sync.
#[async_trait]
pub trait CampaignSource: Debug + Send + Sync + 'static {
    /// The campaign as it stands now.
    async fn campaign(&self) -> Result<Campaign>;

    /// Whether it is made up: then it is synced with sample data alone, and never with what is set up by a key.
    fn is_sample(&self) -> bool {
        false
    }
}

#[async_trait]
impl CampaignSource for Campaign {
    async fn campaign(&self) -> Result<Campaign> {
        Ok(self.clone())
    }
}

/// A campaign file, read anew for each sync: see [`Campaign::from_json`].
#[derive(Debug, Clone)]
pub struct CampaignFile(PathBuf);

impl CampaignFile {
    /// The campaign in this file. It is not read yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }
}

#[async_trait]
impl CampaignSource for CampaignFile {
    async fn campaign(&self) -> Result<Campaign> {
        let path = self.0.clone();
        let read = tokio::task::spawn_blocking(move || std::fs::read_to_string(path)).await;
        let file = self.0.display();
        let text = read
            .map_err(|error| Error::new(ErrorKind::Storage, error.to_string()))?
            .map_err(|error| Error::config("campaign", format!("{file} cannot be read: {error}")))?;
        Campaign::from_json(&text).map_err(|errors| Error::config("campaign", format!("{file}: {errors}")))
    }
}
