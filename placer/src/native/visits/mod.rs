//! How many came, when, for how long, and from where.

mod cbgs;
mod days;
mod dwell_time;
mod hours;
mod metrics;
mod trends;
mod trends_single;

pub use self::cbgs::*;
pub use self::days::DaysRequest;
pub use self::dwell_time::DwellTimeRequest;
pub use self::hours::HoursRequest;
pub use self::metrics::MetricsRequest;
pub use self::trends::TrendsRequest;
pub use self::trends_single::TrendsSingleRequest;

pub(crate) use self::dwell_time::DWELL_TIME;
pub(crate) use self::hours::{HOURS, uneven};
pub(crate) use self::metrics::visit_metrics;
pub(crate) use self::trends::{check_segment, daily_trends};
pub(crate) use self::trends_single::TRENDS_SINGLE;

use crate::PlacerClient;

/// The reports on visits: [`Reports::visits`](crate::Reports::visits).
#[derive(Debug, Clone)]
pub struct Visits(pub(crate) PlacerClient);
