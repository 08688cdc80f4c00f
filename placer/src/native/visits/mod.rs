//! How many came, when, for how long, and from where.

mod cbgs;
mod days;
mod dwell_time;
mod hours;
mod metrics;
mod trends;
mod trends_single;

pub use self::cbgs::CbgsRequest;
pub use self::days::DaysRequest;
pub use self::dwell_time::DwellTimeRequest;
pub use self::hours::HoursRequest;
pub use self::metrics::MetricsRequest;
pub use self::trends::TrendsRequest;
pub use self::trends_single::TrendsSingleRequest;

pub(crate) use self::cbgs::{holds_bin, takes as takes_cbgs};
pub(crate) use self::dwell_time::DWELL_TIME;
pub(crate) use self::hours::{HOURS, uneven};
pub(crate) use self::metrics::visit_metrics;
pub(crate) use self::trends::{check_segment, daily_trends};
pub(crate) use self::trends_single::TRENDS_SINGLE;

use crate::PlacerClient;

/// The reports on visits: [`Reports::visits`](crate::Reports::visits).
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> connectors_core::Result<()> {
/// # use connectors_core::DateRange;
/// # use connectors_mock::MockPlacer;
/// # let (mock, venue) = (MockPlacer::new(), MockPlacer::venue_ids().remove(0));
/// # let placer = mock.client().clone();
/// # let month = DateRange::new("2026-01-26".parse().expect("a date"), "2026-02-26".parse().expect("a date"))?;
/// use connectors_placer::{CbgGranularity, Granularity};
///
/// let visits = placer.reports().visits();
/// let total = visits.metrics([venue.clone()], month).await?.found[0].visits;
/// let trend = visits.trends([venue.clone()], month, Granularity::Day).await?.found.remove(0);
/// assert_eq!(trend.points.iter().map(|day| day.visits).sum::<u64>(), total);
/// let weeks = visits.trends_single(venue.clone(), month, Granularity::Week).await?.required()?;
/// assert_eq!(weeks.points.iter().map(|week| week.visits).sum::<u64>(), total);
///
/// let hours = visits.hours(venue.clone(), month).await?.required()?;
/// let days = visits.days(venue.clone(), month).await?.required()?;
/// assert_eq!(hours.hours.iter().sum::<u64>(), days.days.iter().sum::<u64>());
/// let stay = visits.dwell_time(venue.clone(), month).await?.required()?;
/// assert!(stay.average_minutes > Some(10.0));
///
/// let origins = visits.cbgs([venue], month, CbgGranularity::Month).await?.found.remove(0);
/// let (home, _) = origins.by_cbg()[0];
/// assert_eq!(home.state(), "25", "most people come from Massachusetts");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Visits(pub(crate) PlacerClient);
