//! How places compare, and what is sold in them.

use connectors_placer::{PeriodPreset, RankingRegion};

use super::Walk;
use crate::{last_days, venue};

pub async fn walk(walk: &mut Walk) {
    let (reports, month, last) = (walk.client().reports(), last_days(28), PeriodPreset::LastMonth);
    let (ranking, journey, retail) = (reports.ranking(), reports.journey(), reports.retail());
    walk.call("reports.ranking.overview", ranking.overview(venue(3), month)).await;
    walk.call("reports.ranking.overview_multi", ranking.overview_multi([venue(3)], last.clone())).await;
    walk.call("reports.ranking.top", ranking.top(venue(3), RankingRegion::Nationwide, last.clone())).await;
    walk.call("reports.ranking.closely_ranked", ranking.closely_ranked(venue(3), RankingRegion::Nationwide, last))
        .await;
    walk.call("reports.journey.favorite_places", journey.favorite_places(venue(4), month)).await;
    walk.call("reports.journey.favorite_chains", journey.favorite_chains(venue(4), month)).await;
    walk.call("reports.retail.sales_trends", retail.sales_trends(venue(0), month)).await;
    walk.call("reports.retail.overview", retail.overview(venue(0), month)).await;
    walk.call("reports.retail.days", retail.days(venue(0), month)).await;
    walk.call("reports.retail.transaction_trends", retail.transaction_trends(venue(0), month)).await;
    walk.call("reports.retail.ticket_size_trends", retail.ticket_size_trends(venue(0), month)).await;
}
