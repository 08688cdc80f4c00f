//! What reports come to when they are put together. One file per question.

mod compare;
mod expand;
mod latest;
mod match_stores;
mod overlap;
mod profile;
mod week;
mod work;

pub use self::compare::{AlertsRequest, ComparisonRequest, TrailingRequest};
pub use self::expand::ExpandRequest;
pub use self::latest::LatestDayRequest;
pub use self::match_stores::MatchStoresRequest;
pub use self::overlap::CbgOverlapRequest;
#[cfg(feature = "geo")]
pub use self::overlap::OverlapRequest;
pub use self::profile::ProfileRequest;
pub use self::week::{DayOfWeekRequest, WeekPatternRequest};

use crate::PlacerClient;

/// Answers that are made of several reports, or computed from rows: [`PlacerClient::analytics`].
///
/// Each is a question to be awaited, and tells before what it is going to cost. All rows are flat, for tables. What is
/// computed from the days of venues is also to be had for rows that are there already: [`compare`](crate::compare),
/// [`Trailing`](crate::Trailing), [`AlertRule`](crate::AlertRule).
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> connectors_core::Result<()> {
/// use chrono::Weekday;
/// use connectors_mock::MockPlacer;
/// use connectors_placer::{AlertRule, Trailing, last_full_weeks};
///
/// let (analytics, venues) = (MockPlacer::new().client().analytics(), MockPlacer::venue_ids());
/// let market = || venues[0].clone();
/// let latest = analytics.latest_available(market()).await?.date.expect("a market with data");
/// let (week, month) = (last_full_weeks(1, latest)?, last_full_weeks(4, latest)?);
///
/// let heat_map = analytics.week_pattern(market(), month).await?.matrix();
/// let saturday = analytics.day_of_week(market(), month).await?.busiest().map(|day| day.weekday);
/// assert_eq!(saturday, Some(Weekday::Sat));
/// assert!(heat_map[5][12] > heat_map[0][12], "lunch on Saturday, and on Monday");
///
/// let year = analytics.year_over_year(venues.clone(), week).await?;
/// assert_eq!((year.total.days, year.total.missing), (70, 0), "ten venues, seven days");
/// let cheap = analytics.week_over_week([market()], week).estimate().await?;
/// assert_eq!(cheap.calls, 1);
/// assert_eq!(analytics.trailing([market()], week, Trailing::new(28)).await?.rows.len(), 7);
/// assert!(analytics.alerts(venues.clone(), AlertRule::new(80.0)).await?.alerts.is_empty());
///
/// let profile = analytics.profile(market(), month).await?;
/// println!("busiest at {:?}, {:?} minutes", profile.row().peak_hours, profile.row().avg_dwell_minutes);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Analytics(pub(crate) PlacerClient);
