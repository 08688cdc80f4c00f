//! Watches a client at work: a line per call, made up by an [`Observer`] as the call goes on.
//!
//! `cargo run --example live_calls`

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use connectors_core::{DateRange, Event, Observer, Result};
use connectors_mock::{MockPlacer, MockSmartsheet};
use connectors_placer::{FootfallRequest, PlacerService, latest_complete_day};
use connectors_smartsheet::{SheetDataRequest, SmartsheetService};

/// Prints each call when it ends, with what happened on the way.
#[derive(Debug, Default)]
struct LiveLine {
    /// What is known of the call so far. One is enough here: these calls come one after the other.
    story: Mutex<Vec<String>>,
}

impl Observer for LiveLine {
    fn on_event(&self, event: &Event<'_>) {
        let mut story = self.story.lock().unwrap_or_else(PoisonError::into_inner);
        match event {
            Event::Attempt { status: Some(status), elapsed, .. } => {
                story.push(format!("{} in {} ms", status.as_u16(), elapsed.as_millis()));
            }
            Event::Attempt { .. } => story.push("no answer".to_owned()),
            Event::Wait { reason, duration, .. } => story.push(format!("{reason:?} {:.1} s", duration.as_secs_f64())),
            Event::Throttled { .. } => story.push("throttled".to_owned()),
            Event::Authenticated { .. } => story.push("new credentials".to_owned()),
            Event::Cache { provider, resource, outcome, stats, .. } => {
                let hits = 100.0 * stats.hit_ratio();
                say(&format!("{provider:10} {resource:32} cache: {outcome:?} ({hits:.0} % hits)"));
            }
            Event::Finished { operation, error, .. } => {
                let outcome = error.map_or("ok", |error| error.kind().as_str());
                let story = std::mem::take(&mut *story).join(", ");
                say(&format!("{:10} {:32} {outcome}: {story}", operation.provider, operation.name));
            }
            // Events may be added.
            _ => {}
        }
    }
}

fn say(line: &str) {
    // An observer is called in line: a closed pipe must not end the call.
    let _ = writeln!(io::stdout(), "{line}");
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let observer = Arc::new(LiveLine::default());
    let watched = Arc::clone(&observer);
    let placer = MockPlacer::builder().client(move |client| client.observer(watched)).build()?;
    let day = latest_complete_day(placer.backend().clock().now_utc().date_naive());
    let [venue, other, ..] = &MockPlacer::venue_ids()[..] else { return Ok(()) };
    for venue in [venue, other, venue] {
        // The third is a hit.
        placer.footfall(FootfallRequest::new(venue.clone(), DateRange::last_days(7, day)?)).await?;
    }

    let smartsheet = MockSmartsheet::builder().client(move |client| client.observer(observer)).build()?;
    // A provider that is not well: watch the client get through.
    smartsheet.backend().chaos(7);
    for _ in 0..8 {
        smartsheet.sheet_data(SheetDataRequest::new(smartsheet.template_id())).await?;
    }
    Ok(())
}
