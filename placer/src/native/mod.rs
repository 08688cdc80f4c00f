//! The contract that Placer itself serves: `https://papi.placer.ai/v1`, with the key in `x-api-key`.

mod account;
mod body;
mod bulk;
mod days;
mod dwell_time;
mod footfall;
mod hours;
pub(crate) mod node;
mod pois;
pub(crate) mod report;
mod venue_report;
mod visit_metrics;
mod visit_trends;
mod visit_trends_single;

pub use self::account::Account;
pub use self::bulk::BulkReport;
pub(crate) use self::bulk::distinct;
pub use self::days::DaysRequest;
pub use self::dwell_time::DwellTimeRequest;
pub use self::hours::HoursRequest;
pub use self::pois::{PoiSearch, Pois};
pub use self::venue_report::VenueReport;
pub use self::visit_metrics::VisitMetricsRequest;
pub use self::visit_trends::VisitTrendsRequest;
pub use self::visit_trends_single::VisitTrendsSingleRequest;

pub(crate) use self::footfall::Native;

use crate::PlacerClient;

/// The rate group of the reports.
pub(crate) const REPORTS: &str = "reports";

/// The rate group of searching and listing places.
pub(crate) const POIS: &str = "pois";

/// The rate group of rankings. None of them is typed yet; the limit is documented.
pub(crate) const RANKING: &str = "ranking";

/// The native reports, each a builder to be awaited: [`PlacerClient::reports`].
///
/// All of them are computed when they are first asked for. The client asks again until they are there, at most for the
/// call's deadline; then the error is of kind [`Pending`](connectors_core::ErrorKind::Pending), the polls were free,
/// and the same call later continues. Finished reports are cached for an hour, the answer that there is no data for
/// five minutes.
#[derive(Debug, Clone)]
pub struct Reports(pub(crate) PlacerClient);
