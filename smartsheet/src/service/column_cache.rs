//! The columns of sheets, remembered: they seldom change, and every write by title needs them.

use std::sync::Arc;
use std::time::Duration;

use connectors_core::provider::{CacheKey, Fetched};
use connectors_core::{CacheOutcome, CachePolicy, Result};

use crate::SmartsheetClient;
use crate::model::{ColumnMap, SheetId};

const TTL: Duration = Duration::from_secs(600);

/// What a column weighs in the cache, with its share of the map.
const COLUMN_BYTES: usize = 512;

/// The columns of a sheet, and whether they were fetched just now.
pub(super) async fn columns(
    client: &SmartsheetClient,
    sheet: SheetId,
    policy: CachePolicy,
) -> Result<(Arc<ColumnMap>, bool)> {
    let fetch = {
        let client = client.clone();
        async move {
            let value = ColumnMap::new(client.columns().list(sheet).await?);
            let bytes = value.len() * COLUMN_BYTES;
            Ok(Fetched { value, bytes, ttl: TTL })
        }
    };
    let core = client.core();
    let key = CacheKey::new(core.partition(), format!("sheet/{sheet}/columns"), &[]);
    let cached = core.cache().get_or_fetch(key, policy, fetch).await?;
    Ok((cached.value, cached.outcome != CacheOutcome::Hit))
}
