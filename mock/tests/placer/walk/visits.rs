//! How many came.

use connectors_placer::Granularity;

use super::Walk;
use crate::{last_days, venue};

pub async fn walk(walk: &mut Walk) {
    let (visits, week) = (walk.client().reports().visits(), last_days(7));
    walk.call("reports.visits.metrics", visits.metrics([venue(0)], week)).await;
    walk.call("reports.visits.trends", visits.trends([venue(0)], week, Granularity::Day)).await;
    walk.call("reports.visits.trends_single", visits.trends_single(venue(0), week, Granularity::Day)).await;
    walk.call("reports.visits.hours", visits.hours(venue(0), week)).await;
    walk.call("reports.visits.days", visits.days(venue(0), week)).await;
    walk.call("reports.visits.dwell_time", visits.dwell_time(venue(0), week)).await;
}
