//! Many events in one call.

use std::collections::HashSet;

use connectors_core::provider::run_bounded;
use connectors_core::{Error, Result};

use crate::client::named;
use crate::dialect::Dialect;
use crate::model::{BulkSync, SyncEvent, SyncItem, SyncReport};

/// As many as the provider's own clients have in flight.
const CONCURRENCY: usize = 4;

pub(crate) async fn sync(dialect: &dyn Dialect, request: BulkSync) -> Result<SyncReport> {
    check(&request)?;
    let dialect = dialect.bulk(&request).await?;
    let dialect = &*dialect;
    let BulkSync { project, events, options, adopt_existing } = request;
    let ids: Vec<_> = events.iter().map(|event| event.id.clone()).collect();
    let concurrency = options.concurrency.unwrap_or(CONCURRENCY);
    let outcomes = run_bounded(events, concurrency, options.progress.as_ref(), |_, event| {
        let request = SyncEvent { project: project.clone(), event, adopt_existing };
        async move { dialect.sync_event(&request).await.map_err(named("sync_event")) }
    });
    let items = ids.into_iter().zip(outcomes.await).map(|(id, outcome)| SyncItem::new(id, outcome)).collect();
    Ok(SyncReport { items })
}

/// Says everything that is wrong with the events, in one error.
fn check(request: &BulkSync) -> Result<()> {
    let mut problems = Vec::new();
    let mut fields = Vec::new();
    let mut seen = HashSet::new();
    for (index, event) in request.events.iter().enumerate() {
        let mut report = |member: &str, message: &str| {
            fields.push(format!("events[{index}].{member}"));
            problems.push(format!("events[{index}] (`{}`): {member} {message}", event.id));
        };
        for problem in event.validate() {
            report(&problem.path, &problem.message);
        }
        if !seen.insert(&event.id) {
            report("id", "comes twice");
        }
    }
    match fields.into_iter().next() {
        None => Ok(()),
        Some(first) => Err(Error::invalid(first, problems.join("; "))
            .with_hint("nothing was sent: correct these events and call again")),
    }
}
