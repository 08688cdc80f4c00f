//! Where people come from, how often, and where else they go.

use connectors_placer::CbgGranularity;

use super::Walk;
use crate::{last_days, venue};

pub async fn walk(walk: &mut Walk) {
    let (reports, month) = (walk.client().reports(), last_days(28));
    let origins = reports.visits().cbgs([venue(0)], last_days(35), CbgGranularity::Month);
    walk.call("reports.visits.cbgs", origins).await;
    walk.call("reports.loyalty.visits_frequency", reports.loyalty().visits_frequency(venue(0), month)).await;
    let areas = reports.trade_area();
    walk.call("reports.trade_area.true_trade_area", areas.true_trade_area(venue(0), month)).await;
    walk.call("reports.trade_area.drive_time", areas.drive_time(venue(0), month)).await;
    walk.call("reports.trade_area.demographics", areas.demographics(venue(0), month)).await;
}
