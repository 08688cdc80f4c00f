//! Over the week: by hour and weekday, and by weekday alone.

use chrono::{Datelike, Weekday};
use connectors_core::{DateRange, Result};
use futures_util::{StreamExt, stream};

use super::Analytics;
use super::work::{Work, question};
use crate::derive::movement;
use crate::model::{
    AvailabilityPolicy, DayOfWeek, Filters, HourlyVisits, MovementConfig, Outcome, VenueId, WeekHour, WeekPattern,
    WeekdayFailure, WeekdayMovement, WeekdayRow, WeekdayVisits,
};
use crate::native::plan::Planner;
use crate::native::report::Manner;
use crate::native::request::Asks as _;
use crate::native::{DaysRequest, HoursRequest};

const WEEK: [Weekday; 7] =
    [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

/// A question for the pattern of a week, in the making.
#[must_use = "a question is asked when it is awaited"]
#[derive(Debug, Clone)]
pub struct WeekPatternRequest {
    work: Work,
    venue: VenueId,
    range: DateRange,
}

/// A question for the visits by weekday, in the making.
#[must_use = "a question is asked when it is awaited"]
#[derive(Debug, Clone)]
pub struct DayOfWeekRequest {
    work: Work,
    venue: VenueId,
    range: DateRange,
}

question!(WeekPatternRequest => WeekPattern);
question!(DayOfWeekRequest => DayOfWeek);

impl Analytics {
    /// How the visits of a venue are spread over the hours of the week, for heat maps: one call for each weekday that
    /// the range has, so at most seven. Days later than the latest complete one are left out.
    ///
    /// A weekday that fails does not fail the others. Without any data it is
    /// [`NotFound`](connectors_core::ErrorKind::NotFound). Only on the native contract.
    pub fn week_pattern(&self, venue: VenueId, range: DateRange) -> WeekPatternRequest {
        WeekPatternRequest { work: Work::new(&self.0), venue, range }
    }

    /// How the visits of a venue are spread over the days of the week, for one call. Days later than the latest complete
    /// one are left out.
    ///
    /// Without data it is [`NotFound`](connectors_core::ErrorKind::NotFound). Only on the native contract.
    pub fn day_of_week(&self, venue: VenueId, range: DateRange) -> DayOfWeekRequest {
        DayOfWeekRequest { work: Work::new(&self.0), venue, range }
    }
}

impl WeekPatternRequest {
    fn manner(&self) -> Manner {
        self.work.manner(WEEK.len())
    }

    fn range(&self) -> Result<DateRange> {
        self.work.check_native("analytics.week_pattern", &self.venue)?;
        self.work.client.first_range(self.range, AvailabilityPolicy::Clamp)
    }

    /// The reports to ask for.
    fn asks(&self, range: DateRange) -> impl Iterator<Item = (Weekday, u32, HoursRequest)> {
        let visits = self.work.client.reports().visits();
        let venue = self.venue.clone();
        WEEK.into_iter().filter_map(move |weekday| {
            let days = count(range, weekday);
            let hours = visits.hours(venue.clone(), range).filters(Filters::new().days([weekday]));
            (days > 0).then_some((weekday, days, hours))
        })
    }

    async fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        for (_, _, hours) in self.asks(self.range()?) {
            planner.reports::<HourlyVisits>(hours.ask(), std::slice::from_ref(&self.venue)).await;
        }
        Ok(())
    }

    async fn find(self) -> Result<WeekPattern> {
        let (range, manner) = (self.range()?, self.manner());
        let (work, venue) = (&self.work, &self.venue);
        let find = |(weekday, days, hours): (Weekday, u32, HoursRequest)| {
            let manner = &manner;
            async move { (weekday, days, work.find(&hours, venue, manner).await) }
        };
        let asks: Vec<_> = self.asks(range).map(find).collect();
        let found: Vec<_> = stream::iter(asks).buffered(work.client.settings().concurrency).collect().await;
        let (mut week, mut failures) = (Vec::new(), Vec::new());
        for (weekday, days, outcome) in found {
            match outcome.map(Outcome::into_option) {
                Ok(Some(hours)) => week.push((weekday, days, HourlyVisits::clone(&hours).on(weekday))),
                Ok(None) => {}
                Err(error) => failures.push(WeekdayFailure { weekday, error }),
            }
        }
        if week.is_empty() {
            let error = failures.into_iter().next().map(|failure| failure.error);
            return Err(error.unwrap_or_else(|| movement::no_visits(venue.as_str(), range)));
        }
        let config = &work.client.settings().movement;
        let of_day = |(weekday, _, hours): &(Weekday, u32, HourlyVisits)| {
            let movement = movement::movement(hours, range, config).ok()?;
            Some(WeekdayMovement { weekday: *weekday, movement })
        };
        Ok(WeekPattern {
            venue: venue.clone(),
            range,
            weekdays: week.iter().filter_map(of_day).collect(),
            rows: rows(&week, config),
            failures,
            segment: week.first().and_then(|(_, _, hours)| hours.segment.clone()),
            cost: manner.meter.cost(),
        })
    }
}

impl HourlyVisits {
    /// Those of one weekday. On a day of which no opening hours are told, perhaps because it is closed, the hours with
    /// visits count, and not those of other days.
    fn on(mut self, weekday: Weekday) -> Self {
        self.opening_hours.retain(|hours| hours.day == weekday);
        self
    }
}

/// All hours of these weekdays, compared with the mean of the open ones.
fn rows(week: &[(Weekday, u32, HourlyVisits)], config: &MovementConfig) -> Vec<WeekHour> {
    let mut rows: Vec<WeekHour> = Vec::new();
    for (weekday, days, visits) in week {
        rows.extend(movement::hours(visits, config).into_iter().map(|hour| WeekHour {
            venue: hour.venue,
            weekday: *weekday,
            hour: hour.hour,
            visits: hour.visits,
            days: *days,
            average: average(hour.visits, *days),
            open: hour.open,
            score: None,
            level: None,
        }));
    }
    let open = rows.iter().filter(|row| row.open).map(|row| row.average);
    if let Some(mean) = mean(open) {
        for row in rows.iter_mut().filter(|row| row.open) {
            row.score = Some(row.average / mean);
            row.level = row.score.map(|score| config.hour_level(score));
        }
    }
    rows
}

impl DayOfWeekRequest {
    fn manner(&self) -> Manner {
        self.work.manner(1)
    }

    fn range(&self) -> Result<DateRange> {
        self.work.check_native("analytics.day_of_week", &self.venue)?;
        self.work.client.first_range(self.range, AvailabilityPolicy::Clamp)
    }

    fn days(&self, range: DateRange) -> DaysRequest {
        self.work.client.reports().visits().days(self.venue.clone(), range)
    }

    async fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        let days = self.days(self.range()?);
        planner.reports::<WeekdayVisits>(days.ask(), std::slice::from_ref(&self.venue)).await;
        Ok(())
    }

    async fn find(self) -> Result<DayOfWeek> {
        let (range, manner) = (self.range()?, self.manner());
        let found = self.work.find(&self.days(range), &self.venue, &manner).await?.into_option();
        let found = found.ok_or_else(|| movement::no_visits(self.venue.as_str(), range))?;
        let rows = weekdays(&found, range, &self.work.client.settings().movement);
        let (segment, cost) = (found.segment.clone(), manner.meter.cost());
        Ok(DayOfWeek { venue: self.venue, range, rows, segment, cost })
    }
}

/// The weekdays of the range, each compared with the mean of all.
pub(super) fn weekdays(visits: &WeekdayVisits, range: DateRange, config: &MovementConfig) -> Vec<WeekdayRow> {
    let of_range = WEEK.into_iter().zip(visits.days).filter_map(|(weekday, visits)| {
        let days = count(range, weekday);
        (days > 0).then(|| (weekday, visits, days, average(visits, days)))
    });
    let of_range: Vec<_> = of_range.collect();
    let mean = mean(of_range.iter().map(|(_, _, _, average)| *average));
    let row = |(weekday, count, days, average): (Weekday, u64, u32, f64)| {
        let score = mean.map(|mean| average / mean);
        WeekdayRow {
            venue: visits.venue.clone(),
            weekday,
            visits: count,
            days,
            average,
            score,
            level: score.map(|score| config.hour_level(score)),
        }
    };
    of_range.into_iter().map(row).collect()
}

/// How often the range has this weekday.
fn count(range: DateRange, weekday: Weekday) -> u32 {
    let days = u32::try_from(range.len()).unwrap_or(u32::MAX);
    let first = (weekday.num_days_from_monday() + 7 - range.start().weekday().num_days_from_monday()) % 7;
    days.saturating_sub(first).div_ceil(7)
}

#[expect(clippy::cast_precision_loss, reason = "an average of counts of people")]
fn average(visits: u64, days: u32) -> f64 {
    visits as f64 / f64::from(days.max(1))
}

/// The mean; `None` when it is nothing to be compared with.
fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (count, sum) = values.fold((0.0, 0.0), |(count, sum), value| (count + 1.0, sum + value));
    (sum > 0.0).then(|| sum / count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::OpeningHours;

    #[test]
    fn a_closed_day_is_no_quiet_day() {
        let of = |weekday: Weekday, visits: u64| {
            let (mut hours, venue) = ([0; 24], VenueId::new("venue:5f0c1de2a9b84c7d3e6f0a11").unwrap());
            (hours[10], hours[11]) = (visits, 3 * visits);
            let opening_hours = vec![OpeningHours::new(Weekday::Mon, 10, 12)];
            (weekday, 1, HourlyVisits { venue, hours, opening_hours, segment: None }.on(weekday))
        };
        let rows = rows(&[of(Weekday::Mon, 20), of(Weekday::Sun, 0)], &MovementConfig::default());
        let scores: Vec<_> = rows.iter().filter_map(|row| Some((row.weekday, row.score?))).collect();
        assert_eq!(scores, [(Weekday::Mon, 0.5), (Weekday::Mon, 1.5)], "nobody comes on Sunday, nor could they");
    }

    #[test]
    fn a_range_has_each_weekday_so_many_times() {
        let range = DateRange::new("2026-02-05".parse().unwrap(), "2026-02-22".parse().unwrap()).unwrap();
        for weekday in WEEK {
            let counted = range.days().filter(|day| day.weekday() == weekday).count();
            assert_eq!(count(range, weekday) as usize, counted, "{weekday}");
        }
        let one = DateRange::single("2026-02-05".parse().unwrap());
        assert_eq!((count(one, Weekday::Thu), count(one, Weekday::Wed)), (1, 0));
    }
}
