//! The columns of sheets, remembered: they seldom change, and every write by title needs them.

use std::sync::Arc;
use std::time::Duration;

use connectors_core::provider::{CacheKey, Failed, Fetched};
use connectors_core::{CacheOutcome, CachePolicy, Error, ErrorKind, RequestOptions, Result};

use crate::SmartsheetClient;
use crate::model::{ColumnMap, SheetId};

const TTL: Duration = Duration::from_secs(600);

/// For how long a sheet that is not there is not asked for again: bulk work would otherwise ask once per row. Short,
/// because the sheet may be shared with us any moment.
const MISSING_TTL: Duration = Duration::from_secs(5);

/// What a column weighs in the cache, with its share of the map.
const COLUMN_BYTES: usize = 512;

/// The columns of a sheet, and whether they were fetched just now.
pub(crate) async fn columns(
    client: &SmartsheetClient,
    sheet: SheetId,
    policy: CachePolicy,
) -> Result<(Arc<ColumnMap>, bool)> {
    let fetch = {
        let client = client.clone();
        async move {
            let value = ColumnMap::new(client.columns().list(sheet).await.map_err(failed)?);
            let bytes = value.len() * COLUMN_BYTES;
            Ok::<_, Failed>(Fetched { value, bytes, ttl: TTL })
        }
    };
    let core = client.core();
    let key = CacheKey::new(core.partition(), format!("sheet/{sheet}/columns"), &[]);
    let deadline = core.deadline(&RequestOptions::default());
    let cached = core.cache().get_or_fetch(key, policy, deadline, fetch).await?;
    Ok((cached.value, cached.outcome != CacheOutcome::Hit))
}

fn failed(error: Error) -> Failed {
    let ttl = if error.kind() == ErrorKind::NotFound { MISSING_TTL } else { Duration::ZERO };
    Failed { error, ttl }
}
