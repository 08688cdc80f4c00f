//! The contract that Placer itself serves: `https://papi.placer.ai/v1`, with the key in `x-api-key`.

mod account;
pub(crate) mod body;
mod bulk;
mod custom_pois;
mod fetch;
mod footfall;
mod journey;
pub(crate) mod listing;
mod loyalty;
pub(crate) mod node;
mod plain;
pub(crate) mod plan;
mod pois;
mod progress;
mod ranking;
pub(crate) mod report;
mod reports;
pub(crate) mod request;
mod retail;
mod tags;
mod trade_area;
pub(crate) mod visits;

use connectors_core::{Error, Result};

use crate::PlacerClient;
use crate::model::VenueId;

pub use self::account::Account;
pub use self::bulk::BulkReport;
pub use self::custom_pois::*;
pub use self::journey::*;
pub use self::loyalty::*;
pub use self::pois::*;
pub use self::progress::{Pending, PendingReport, Progress};
pub use self::ranking::*;
pub use self::reports::Reports;
pub use self::retail::*;
pub use self::tags::*;
pub use self::trade_area::*;
pub use self::visits::*;

pub(crate) use self::account::{USAGE_STATUS, usage_status};
pub(crate) use self::bulk::distinct;
pub(crate) use self::footfall::Native;
pub(crate) use self::visits::{holds_bin, takes_cbgs, uneven};

/// The rate group of the reports.
pub(crate) const REPORTS: &str = "reports";

/// The rate group of searching, listing and making places.
pub(crate) const POIS: &str = "pois";

/// The rate group of rankings.
pub(crate) const RANKING: &str = "ranking";

/// A write about this place has been sent: unless it certainly had no effect, what is cached of the place is forgotten.
pub(crate) async fn after_write<T>(client: &PlacerClient, outcome: &Result<T>, place: &VenueId) {
    if outcome.as_ref().err().is_none_or(Error::maybe_applied) {
        client.core().cache().invalidate_resource(client.core().partition(), place.as_str());
        if let Some(archive) = client.archive() {
            archive.changed(client.core(), place).await;
        }
    }
}
