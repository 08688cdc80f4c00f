//! What is known of a venue, at a glance.

use std::sync::Arc;

use chrono::NaiveDate;
use chrono::Weekday;
use connectors_core::{DateRange, Error, Result};
use serde::{Serialize, Serializer};

use super::footfall::range;
use super::week::busiest;
use super::{
    Cost, Demographics, DwellTime, Movement, NoData, Outcome, TradeArea, VenueId, VisitMetrics, VisitsFrequency,
    WeekdayRow, hour_label,
};

/// What a [`VenueProfile`] is made of: one report each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum ProfilePart {
    /// Visits, visitors and the sample behind them.
    Visits,
    /// When people come on a day.
    Movement,
    /// On which weekdays they come.
    Weekdays,
    /// How long they stay.
    Dwell,
    /// How often the same people come.
    Loyalty,
    /// Where they come from.
    TradeArea,
    /// Who lives there.
    Demographics,
}

impl ProfilePart {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Visits, Self::Movement, Self::Weekdays, Self::Dwell, Self::Loyalty, Self::TradeArea, Self::Demographics];
}

/// One part of a profile, which may be missing without the others.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Part<T> {
    /// What was found.
    Found(Arc<T>),
    /// Placer has nothing to tell, and why.
    NoData(NoData),
    /// It failed, and why: with [`PermissionDenied`](connectors_core::ErrorKind::PermissionDenied) when the contract
    /// does not include it.
    Failed(Error),
    /// It was not asked for.
    NotAsked,
}

impl<T> Part<T> {
    /// What was found.
    pub fn found(&self) -> Option<&T> {
        match self {
            Self::Found(value) => Some(value),
            _ => None,
        }
    }

    /// Why it failed.
    pub fn error(&self) -> Option<&Error> {
        match self {
            Self::Failed(error) => Some(error),
            _ => None,
        }
    }

    /// Goes on with what was found; `None` is no data.
    pub(crate) fn map<U>(self, change: impl FnOnce(&T) -> Option<U>) -> Part<U> {
        match self {
            Self::Found(value) => {
                change(&value).map_or(Part::NoData(NoData::NoContent), |value| Part::Found(Arc::new(value)))
            }
            Self::NoData(reason) => Part::NoData(reason),
            Self::Failed(error) => Part::Failed(error),
            Self::NotAsked => Part::NotAsked,
        }
    }
}

impl<T> From<Result<Outcome<T>>> for Part<T> {
    fn from(outcome: Result<Outcome<T>>) -> Self {
        match outcome {
            Ok(Outcome::Ready(value)) => Self::Found(value),
            Ok(Outcome::NoData(reason)) => Self::NoData(reason),
            Err(error) => Self::Failed(error),
        }
    }
}

/// Serialises as what was found, as `{"noData": reason}` or `{"error": text}`, or as null.
impl<T: Serialize> Serialize for Part<T> {
    fn serialize<S: Serializer>(&self, target: S) -> std::result::Result<S::Ok, S::Error> {
        match self {
            Self::Found(value) => value.serialize(target),
            Self::NoData(reason) => target.collect_map([("noData", reason)]),
            Self::Failed(error) => target.collect_map([("error", error.to_string())]),
            Self::NotAsked => target.serialize_none(),
        }
    }
}

/// What is known of a venue, at a glance. Each part comes from a report of its own, and may be missing without the
/// others.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct VenueProfile {
    /// Where.
    #[serde(rename = "venueId")]
    pub venue: VenueId,
    /// The days that it is about.
    #[serde(serialize_with = "range")]
    pub range: DateRange,
    /// Visits, visitors and the sample behind them.
    pub visits: Part<VisitMetrics>,
    /// When people come on a day.
    pub movement: Part<Movement>,
    /// On which weekdays they come, from Monday on.
    pub weekdays: Part<Vec<WeekdayRow>>,
    /// How long they stay.
    pub dwell: Part<DwellTime>,
    /// How often the same people come.
    pub loyalty: Part<VisitsFrequency>,
    /// Where they come from.
    pub trade_area: Part<TradeArea>,
    /// Who lives there.
    pub demographics: Part<Demographics>,
    /// What it cost.
    pub cost: Cost,
}

/// A [`VenueProfile`] as one row of a table. What is not known is empty.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ProfileRow {
    /// Where.
    #[serde(rename = "venueId")]
    pub venue: VenueId,
    /// The first day that it is about.
    pub start: NaiveDate,
    /// The last day that it is about.
    pub end: NaiveDate,
    /// Visits.
    pub visits: Option<u64>,
    /// Different people.
    pub visitors: Option<u64>,
    /// The visits in the sample: the more, the surer.
    pub panel_visits: Option<u64>,
    /// The weekday with the most visits on average.
    pub peak_weekday: Option<Weekday>,
    /// The hours with the most visits, such as `12:00 PM, 1:00 PM`.
    pub peak_hours: Option<String>,
    /// How long people stay on average, in minutes.
    #[serde(rename = "avgDwellTime")]
    pub avg_dwell_minutes: Option<f64>,
    /// How long half of them stay at least, in minutes.
    #[serde(rename = "medianDwellTime")]
    pub median_dwell_minutes: Option<f64>,
    /// Visits per person, on average.
    pub visits_per_visitor: Option<f64>,
    /// The share of the people who came twice or more often, in percent.
    pub returning_percent: Option<f64>,
    /// How far the trade area reaches, in miles: the radius of a circle of its size.
    pub trade_area_radius_miles: Option<f64>,
    /// How large the trade area is.
    pub trade_area_square_miles: Option<f64>,
    /// How many people live there.
    pub population: Option<f64>,
    /// How many households there are.
    pub households: Option<f64>,
    /// What half of the households have at least, in dollars a year.
    pub median_household_income: Option<f64>,
    /// How old half of the people are at least, in years.
    pub median_age: Option<f64>,
    /// The parts that failed, by their names: `demographics, tradeArea`. Empty when none did.
    pub failed: String,
}

impl VenueProfile {
    /// The parts that failed, and why.
    pub fn failures(&self) -> Vec<(ProfilePart, &Error)> {
        let errors = [
            self.visits.error(),
            self.movement.error(),
            self.weekdays.error(),
            self.dwell.error(),
            self.loyalty.error(),
            self.trade_area.error(),
            self.demographics.error(),
        ];
        ProfilePart::ALL.into_iter().zip(errors).filter_map(|(part, error)| Some((part, error?))).collect()
    }

    /// The profile as one row of a table.
    pub fn row(&self) -> ProfileRow {
        let (visits, dwell, loyalty) = (self.visits.found(), self.dwell.found(), self.loyalty.found());
        let area = self.trade_area.found().map(|found| &found.area);
        let hours = |movement: &Movement| {
            movement.peak_hours.iter().map(|hour| hour_label(*hour)).collect::<Vec<_>>().join(", ")
        };
        let person = |names: &[&str]| self.demographics.found().and_then(|found| variable(found, names));
        let failed = self.failures().into_iter().map(|(part, _)| part.name());
        ProfileRow {
            venue: self.venue.clone(),
            start: self.range.start(),
            end: self.range.end(),
            visits: visits.map(|found| found.visits),
            visitors: visits.and_then(|found| found.visitors),
            panel_visits: visits.and_then(|found| found.panel_visits),
            peak_weekday: self.weekdays.found().and_then(|rows| busiest(rows)).map(|row| row.weekday),
            peak_hours: self.movement.found().map(hours),
            avg_dwell_minutes: dwell.and_then(|found| found.average_minutes),
            median_dwell_minutes: dwell.and_then(|found| found.median_minutes),
            visits_per_visitor: loyalty.and_then(|found| found.average_visits),
            returning_percent: loyalty.filter(|found| found.visitors() > 0).map(|found| found.share_with_at_least(2)),
            trade_area_radius_miles: area.map(super::Area::radius_miles),
            trade_area_square_miles: area.map(super::Area::area_square_miles),
            population: person(&["Population", "Total Population"]),
            households: person(&["Households", "Total Households"]),
            median_household_income: person(&["Household Median Income", "Median Household Income"]),
            median_age: person(&["Median Age"]),
            failed: failed.collect::<Vec<_>>().join(", "),
        }
    }
}

impl ProfilePart {
    fn name(self) -> &'static str {
        match self {
            Self::Visits => "visits",
            Self::Movement => "movement",
            Self::Weekdays => "weekdays",
            Self::Dwell => "dwell",
            Self::Loyalty => "loyalty",
            Self::TradeArea => "tradeArea",
            Self::Demographics => "demographics",
        }
    }
}

/// The variable by one of the names that data sets give it, whatever its group.
fn variable(found: &Demographics, names: &[&str]) -> Option<f64> {
    let of_name = |name: &&str| found.rows.iter().find(|row| row.variable.eq_ignore_ascii_case(name));
    names.iter().find_map(of_name).map(|row| row.value)
}
