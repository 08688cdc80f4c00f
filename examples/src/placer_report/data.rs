//! What is asked, and what the page tells.

use std::collections::BTreeMap;
use std::io;
use std::time::Duration;

use chrono::{NaiveDate, Weekday};
use connectors_core::{DateRange, Result};
use connectors_placer::{
    Against, AggregateRequest, Cost, FootfallDay, PlacerClient, PlacerService, VenueId, VisitSegment, WeekdayFailure,
    compare, latest_complete_day,
};
use serde::Serialize;

use super::stores::{Store, locate};

pub const WEEK: [Weekday; 7] =
    [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

/// Everything on the page.
#[derive(Debug)]
pub struct FootfallReport {
    pub range: DateRange,
    /// By the visits of the last seven days, most first.
    pub stores: Vec<StoreFootfall>,
    /// The stores that nothing is told of, and why.
    pub missing: Vec<(Store, String)>,
    /// By how many percent the last seven days of all stores differ from the seven before.
    pub change: Option<f64>,
    /// The hours of the store with the most visits.
    pub week: Option<WeekMap>,
    /// What else there is to know, such as hours that are missing.
    pub notes: Vec<String>,
    pub cost: Cost,
}

/// One store's days.
#[derive(Debug)]
pub struct StoreFootfall {
    pub store: Store,
    pub days: Vec<FootfallDay>,
    /// The visits of the last seven days, and of the seven before.
    pub this_week: u64,
    pub week_before: u64,
    /// By how many percent the one differs from the other, as far as both have data.
    pub change: Option<f64>,
}

/// The average visits of each hour, from Monday on.
#[derive(Debug)]
pub struct WeekMap {
    pub store: String,
    /// Which visits count, which is Placer's choice for hours.
    pub segment: Option<VisitSegment>,
    pub hours: [[f64; 24]; 7],
}

/// The stores that are places, and the days to ask for.
#[derive(Debug)]
pub struct Plan {
    places: Vec<(Store, VenueId)>,
    missing: Vec<(Store, String)>,
    range: DateRange,
    /// What looking for the stores cost.
    pub searches: Cost,
}

/// What it is going to take.
#[derive(Debug, Clone, Copy)]
pub struct Estimated {
    pub calls: u32,
    pub places: u32,
    pub duration: Duration,
}

impl Plan {
    /// Finds the places of the stores.
    pub async fn new(placer: &PlacerClient, stores: Vec<Store>, weeks: u32, today: NaiveDate) -> Result<Self> {
        let range = DateRange::last_days(weeks * 7, latest_complete_day(today))?;
        let found = locate(placer, stores).await?;
        Ok(Self { places: found.places, missing: found.missing, range, searches: found.cost })
    }

    /// The same visits count everywhere: others could be neither added up nor ranked.
    fn request(&self) -> AggregateRequest {
        let venues = self.places.iter().map(|(_, venue)| venue.clone()).collect();
        AggregateRequest::new(venues, self.range).segment(VisitSegment::AllVisits)
    }

    /// What the report takes from here on: the days of all, and the hours of one.
    pub async fn estimate(&self, placer: &PlacerClient) -> Result<Estimated> {
        let days = placer.estimate(&self.request()).await?;
        let mut total = Estimated { calls: days.calls, places: days.places, duration: days.duration };
        if let Some((_, venue)) = self.places.first() {
            let hours = placer.analytics().week_pattern(venue.clone(), self.range).estimate().await?;
            total.calls += hours.calls;
            total.duration += hours.duration;
        }
        Ok(total)
    }
}

impl FootfallReport {
    /// Asks Placer.
    pub async fn collect(placer: &PlacerClient, plan: Plan) -> Result<Self> {
        let answer = placer.aggregate_footfall(plan.request()).await?;
        let (range, mut cost) = (answer.effective_range, answer.cost);
        let mut days: BTreeMap<_, _> = answer.by_venue.into_iter().map(|one| (one.venue, one.rows)).collect();
        let mut reasons: BTreeMap<_, _> =
            answer.failures.into_iter().map(|failure| (failure.venue, failure.error.to_string())).collect();
        let (mut stores, mut missing) = (Vec::new(), plan.missing);
        for (store, venue) in plan.places {
            match days.remove(&venue).filter(|days| !days.is_empty()) {
                Some(days) => stores.push((venue, StoreFootfall::new(store, days, range)?)),
                None => missing.push((store, reasons.remove(&venue).unwrap_or_else(|| "no data".to_owned()))),
            }
        }
        stores.sort_by_key(|(_, store)| std::cmp::Reverse(store.this_week));
        let change = change(stores.iter().flat_map(|(_, store)| &store.days), range)?;
        let (mut week, mut notes) = (None, Vec::new());
        if let Some((venue, store)) = stores.first() {
            let name = &store.store.name;
            // What was paid for is told, whatever becomes of the hours.
            match placer.analytics().week_pattern(venue.clone(), range).await {
                Ok(pattern) => {
                    cost.calls += pattern.cost.calls;
                    cost.polls += pattern.cost.polls;
                    cost.cached += pattern.cost.cached;
                    let missing =
                        |day: &WeekdayFailure| format!("without {} in the week at {name}: {}", day.weekday, day.error);
                    notes.extend(pattern.failures.iter().map(missing));
                    week = Some(WeekMap {
                        store: name.clone(),
                        segment: pattern.segment.clone(),
                        hours: pattern.matrix(),
                    });
                }
                Err(error) => notes.push(format!("without the week at {name}: {error}")),
            }
        }
        let stores = stores.into_iter().map(|(_, store)| store).collect();
        Ok(Self { range, stores, missing, change, week, notes, cost })
    }

    /// The visits of all stores by day.
    pub fn total(&self) -> BTreeMap<NaiveDate, u64> {
        let mut total = BTreeMap::new();
        for day in self.stores.iter().flat_map(|store| &store.days) {
            *total.entry(day.date).or_default() += day.visits;
        }
        total
    }

    /// The last day that there is data for.
    pub fn last_day(&self) -> Option<NaiveDate> {
        self.stores.iter().flat_map(|store| &store.days).map(|day| day.date).max()
    }

    /// One line for each store and day.
    pub fn write_csv(&self, target: impl io::Write) -> std::result::Result<(), csv::Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Line<'a> {
            store_id: &'a str,
            store: &'a str,
            venue_id: &'a str,
            date: NaiveDate,
            visits: u64,
            panel_visits: Option<u64>,
            segment: Option<String>,
        }
        let mut lines = csv::Writer::from_writer(target);
        for store in &self.stores {
            for day in &store.days {
                lines.serialize(Line {
                    store_id: &store.store.id,
                    store: &store.store.name,
                    venue_id: day.venue.as_str(),
                    date: day.date,
                    visits: day.visits,
                    panel_visits: day.panel_visits,
                    segment: day.segment.as_ref().map(ToString::to_string),
                })?;
            }
        }
        Ok(lines.flush()?)
    }
}

impl StoreFootfall {
    fn new(store: Store, days: Vec<FootfallDay>, range: DateRange) -> Result<Self> {
        let of_week = |back: i64| {
            let days = days.iter().filter(|day| (range.end() - day.date).num_days() / 7 == back);
            days.map(|day| day.visits).sum()
        };
        Ok(Self { this_week: of_week(0), week_before: of_week(1), change: change(&days, range)?, store, days })
    }
}

/// By how many percent the last seven days differ from the seven before, where both have data.
fn change<'a>(days: impl IntoIterator<Item = &'a FootfallDay>, range: DateRange) -> Result<Option<f64>> {
    let week = DateRange::last_days(7, range.end())?;
    Ok(compare(days, week, Against::WeekBefore.counterpart(week)?).total.change_percent)
}
