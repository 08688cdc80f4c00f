//! How many came, computed from the curves.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate, Weekday};
use serde_json::{Value, json};

use super::answer::{Members, Outcome, object, shown};
use super::curve::{Curve, DWELL_BINS};
use super::fake::Dialect;
use super::place::{FakeVenue, Standing};
use super::refusal::Refusal;
use super::request::Question;
use super::{cbgs, pois};

/// The members of one of the visit reports.
pub(super) fn report(view: &View<'_>, question: &Question, dialect: Dialect) -> Outcome {
    Ok(match question.operation.name {
        "reports.visits.metrics" => {
            let metadata = question.flag("includeMetadata").unwrap_or(true);
            view.metrics(metadata.then(|| pois::poi(view.venue)))
        }
        "reports.visits.trends" => view.trends(granularity(question)?, true, dialect),
        "reports.visits.trends_single" => view.trends(granularity(question)?, false, dialect),
        "reports.visits.hours" => view.hours(),
        "reports.visits.days" => view.days(),
        "reports.visits.dwell_time" => view.dwell()?,
        "reports.visits.cbgs" => cbgs::report(view, question)?,
        _ => return Err(question.unknown()),
    })
}

/// Whether the request as a whole is about something that the report does not take.
pub(super) fn check(question: &Question, venues: &[&FakeVenue]) -> Result<(), Refusal> {
    let bulk = ["reports.visits.trends", "reports.visits.cbgs"].contains(&question.operation.name);
    if bulk && venues.iter().any(|venue| venue.standing == Standing::Custom) {
        return Err(Refusal::arguments("custom POIs are not supported by this report"));
    }
    Ok(())
}

/// The length of bins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Granularity {
    Day,
    Week,
    Month,
}

pub(super) fn granularity(question: &Question) -> Result<Granularity, Refusal> {
    Ok(match question.text_of("granularity", &["day", "week", "month"])? {
        Some("week") => Granularity::Week,
        Some("month") => Granularity::Month,
        _ => Granularity::Day,
    })
}

/// One place through the filters of a question.
pub(super) struct View<'a> {
    pub(super) venue: &'a FakeVenue,
    pub(super) curve: Curve<'a>,
    /// The visits of each day.
    pub(super) days: Vec<(NaiveDate, u64)>,
    pub(super) segment: String,
    /// The visits of each hour, where only some hours count.
    hours: Option<[u64; 24]>,
}

impl<'a> View<'a> {
    pub(super) fn new(seed: u64, venue: &'a FakeVenue, question: &Question) -> Self {
        let asked = question.text("visitDurationSegmentation").filter(|segment| *segment != "default");
        let segment = asked.unwrap_or(venue.profile.segment()).to_owned();
        let counted = match (segment.as_str(), venue.profile.segment()) {
            (asked, own) if asked == own => 1.0,
            ("allVisits", _) => 1.15,
            ("under10Min", _) => 0.15,
            _ => 0.85,
        };
        let share = counted * question.filters.share() * if question.nearby { 1.4 } else { 1.0 };
        let curve = venue.curve(seed);
        let range = question.range.into_iter().flat_map(connectors_core::DateRange::days);
        let days = range.filter(|day| question.filters.counts_on(day.weekday().number_from_monday()));
        let mut days: Vec<_> = days.map(|day| (day, curve.visits(day, share))).collect();
        let hours = question.filters.counts_in().map(|counts| keep_hours(&curve, &mut days, counts));
        Self { venue, curve, days, segment, hours }
    }

    /// All of them.
    pub(super) fn visits(&self) -> u64 {
        self.days.iter().map(|(_, visits)| visits).sum()
    }

    fn metrics(&self, metadata: Option<Value>) -> Members {
        let visits = self.visits();
        let first = self.days.first().map(|(day, _)| *day).unwrap_or_default();
        let visitors = self.curve.visitors(visits, self.days.len(), first);
        let (panel, panel_visitors) = (Curve::panel(visits), Curve::panel(visitors));
        // A sample of a handful tells visits and no people.
        let visitors = (panel >= 5).then_some(visitors);
        let mut members = object(json!({
            "visits": visits, "visitors": visitors, "panelVisits": panel, "panelVisitors": panel_visitors,
        }));
        if let Some(metadata) = metadata {
            members.insert("metadata".to_owned(), metadata);
        }
        members
    }

    fn trends(&self, granularity: Granularity, panel: bool, dialect: Dialect) -> Members {
        let mut bins = BTreeMap::<NaiveDate, u64>::new();
        for (day, visits) in &self.days {
            *bins.entry(first_of(*day, granularity)).or_default() += visits;
        }
        let name = match granularity {
            Granularity::Day => "day",
            Granularity::Week => "week",
            Granularity::Month => "month",
        };
        let (dates, visits): (Vec<_>, Vec<_>) = bins.into_iter().unzip();
        let mut members = object(json!({"dates": dates, "visits": visits}));
        if dialect == Dialect::Documented {
            members.insert("granularity".to_owned(), json!(name));
        }
        if panel {
            members
                .insert("panelVisits".to_owned(), json!(visits.iter().map(|v| Curve::panel(*v)).collect::<Vec<_>>()));
        }
        members
    }

    fn hours(&self) -> Members {
        let hours = self.hourly();
        let names = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
        let opening = (0_u8..).zip(names).filter_map(|(day, name)| {
            let (from, to) = self.venue.profile.opening(Weekday::try_from(day).ok()?)?;
            Some(json!({"day": name, "fromHour": shown(from), "toHour": shown(to)}))
        });
        let opening: Vec<_> = opening.collect();
        object(json!({"bins": (0..24).collect::<Vec<_>>(), "estimatedFoottraffic": hours, "openingHours": opening}))
    }

    fn hourly(&self) -> [u64; 24] {
        self.hours.unwrap_or_else(|| sum_hours(&self.curve, &self.days))
    }

    fn days(&self) -> Members {
        let mut week = [0; 7];
        for (day, visits) in &self.days {
            if let Some(slot) = week.get_mut(day.weekday().num_days_from_monday() as usize) {
                *slot += visits;
            }
        }
        object(json!({"bins": [0, 1, 2, 3, 4, 5, 6], "estimatedFoottraffic": week}))
    }

    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an average weighted by counts of people, told in whole minutes"
    )]
    fn dwell(&self) -> Outcome {
        let visits = self.visits();
        if Curve::panel(visits) < 5 {
            return Err(Refusal::no_content());
        }
        let minutes: f64 = self.days.iter().map(|(day, visits)| self.curve.dwell(*day) * *visits as f64).sum();
        let average = (minutes / visits as f64).round();
        let bins = Curve::dwell_bins(visits, average);
        let (average, median) = (average as u64, (average * 0.85).round() as u64);
        Ok(object(json!({"bins": DWELL_BINS, "estimatedFoottraffic": bins, "average": average, "median": median})))
    }
}

pub(super) fn sum_hours(curve: &Curve<'_>, days: &[(NaiveDate, u64)]) -> [u64; 24] {
    let mut hours = [0; 24];
    for (day, visits) in days {
        for (slot, count) in hours.iter_mut().zip(curve.hourly(*day, *visits)) {
            *slot += count;
        }
    }
    hours
}

/// Leaves the visits of the hours that count, and tells those of each hour.
fn keep_hours(curve: &Curve<'_>, days: &mut [(NaiveDate, u64)], counts: impl Fn(u32) -> bool) -> [u64; 24] {
    let mut hours = [0; 24];
    for (day, visits) in days {
        let of_day = curve.hourly(*day, *visits);
        *visits = 0;
        for ((hour, slot), count) in (0..).zip(&mut hours).zip(of_day) {
            if !counts(hour) {
                continue;
            }
            *slot += count;
            *visits += count;
        }
    }
    hours
}

pub(super) fn first_of(day: NaiveDate, granularity: Granularity) -> NaiveDate {
    match granularity {
        Granularity::Day => day,
        Granularity::Week => day.week(chrono::Weekday::Mon).first_day(),
        Granularity::Month => day.with_day(1).unwrap_or(day),
    }
}
