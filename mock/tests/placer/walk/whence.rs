//! Where people come from, how often, and where else they go.

use super::Walk;
use crate::{last_days, venue};

pub async fn walk(walk: &mut Walk) {
    let (reports, month) = (walk.client().reports(), last_days(28));
    walk.call("reports.loyalty.visits_frequency", reports.loyalty().visits_frequency(venue(0), month)).await;
}
