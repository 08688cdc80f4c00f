//! How visits have changed: with one question for all the days that it takes.

use chrono::{Days, NaiveDate};
use connectors_core::{DateRange, Error, Result};
use futures_util::future::join_all;

use super::Analytics;
use super::work::{Work, question};
use crate::PlacerService;
use crate::derive::compare::{AlertRule, Trailing, compare_all};
use crate::model::{
    Against, AggregateRequest, Alert, AlertReport, AvailabilityPolicy, Comparison, Cost, Footfall, TrailingReport,
    VenueFailure, VenueId, VisitSegment,
};
use crate::native::plan::Planner;
use crate::native::report::Manner;

/// Two ranges are asked for at once unless so many days lie between them: what counts are calls, not days.
const FAR_APART: i64 = 366;

/// A question how visits have changed, in the making.
#[must_use = "a question is asked when it is awaited"]
#[derive(Debug, Clone)]
pub struct ComparisonRequest {
    work: Work,
    about: About,
    range: DateRange,
    against: Against,
}

/// A question for moving sums and averages, in the making.
#[must_use = "a question is asked when it is awaited"]
#[derive(Debug, Clone)]
pub struct TrailingRequest {
    work: Work,
    about: About,
    range: DateRange,
    trailing: Trailing,
}

/// A question for venues that are unlike before, in the making.
#[must_use = "a question is asked when it is awaited"]
#[derive(Debug, Clone)]
pub struct AlertsRequest {
    work: Work,
    about: About,
    rule: AlertRule,
    until: Option<NaiveDate>,
}

question!(ComparisonRequest => Comparison);
question!(TrailingRequest => TrailingReport);
question!(AlertsRequest => AlertReport);

/// What visits are meant.
#[derive(Debug, Clone)]
struct About {
    venues: Vec<VenueId>,
    segment: Option<VisitSegment>,
}

/// What was found out about them.
struct Found {
    footfalls: Vec<Footfall>,
    failures: Vec<VenueFailure>,
    cost: Cost,
}

impl About {
    fn new(venues: impl IntoIterator<Item = VenueId>) -> Self {
        Self { venues: venues.into_iter().collect(), segment: None }
    }

    fn request(&self, work: &Work, range: DateRange) -> AggregateRequest {
        let mut request = AggregateRequest::new(self.venues.clone(), range).cache(work.cache);
        (request.segment, request.ttl, request.timeout) = (self.segment.clone(), work.ttl, work.timeout);
        request
    }

    async fn plan(&self, work: &Work, ranges: Vec<DateRange>, planner: &mut Planner<'_>) -> Result<()> {
        for range in ranges {
            work.client.plan_aggregate(self.request(work, range), planner).await?;
        }
        Ok(())
    }

    async fn find(&self, work: &Work, ranges: Vec<DateRange>) -> Result<Found> {
        let ask = |range| work.client.aggregate_footfall(self.request(work, range));
        let mut found = Found { footfalls: Vec::new(), failures: Vec::new(), cost: Cost::default() };
        for answer in join_all(ranges.into_iter().map(ask)).await {
            let answer = answer?;
            found.footfalls.extend(answer.by_venue);
            for failure in answer.failures {
                if found.failures.iter().all(|known| known.venue != failure.venue) {
                    found.failures.push(failure);
                }
            }
            found.cost.calls += answer.cost.calls;
            found.cost.polls += answer.cost.polls;
            found.cost.cached += answer.cost.cached;
        }
        // Half of a comparison is none.
        found.footfalls.retain(|footfall| found.failures.iter().all(|failure| failure.venue != footfall.venue));
        Ok(found)
    }
}

impl Analytics {
    /// How the visits of some venues in these days differ from those in others, for one call for every 20 venues; for
    /// two when more than a year lies between them. Days later than the latest complete one are left out.
    pub fn compare(
        &self,
        venues: impl IntoIterator<Item = VenueId>,
        range: DateRange,
        against: Against,
    ) -> ComparisonRequest {
        ComparisonRequest { work: Work::new(&self.0), about: About::new(venues), range, against }
    }

    /// How the visits of these days differ from those one week earlier: as [`compare`](Self::compare).
    pub fn week_over_week(&self, venues: impl IntoIterator<Item = VenueId>, range: DateRange) -> ComparisonRequest {
        self.compare(venues, range, Against::WeekBefore)
    }

    /// How the visits of these days differ from those 364 days earlier, which are the same weekdays: as
    /// [`compare`](Self::compare).
    pub fn year_over_year(&self, venues: impl IntoIterator<Item = VenueId>, range: DateRange) -> ComparisonRequest {
        self.compare(venues, range, Against::YearBefore)
    }

    /// Moving sums and averages of the visits of some venues, one row for each day of the range: also the days before
    /// the range that its first windows take are asked for. One call for every 20 venues.
    pub fn trailing(
        &self,
        venues: impl IntoIterator<Item = VenueId>,
        range: DateRange,
        trailing: Trailing,
    ) -> TrailingRequest {
        TrailingRequest { work: Work::new(&self.0), about: About::new(venues), range, trailing }
    }

    /// Which of the venues are unlike before by this rule, on the latest complete day: one row for each that is. One
    /// call for every 20 venues.
    pub fn alerts(&self, venues: impl IntoIterator<Item = VenueId>, rule: AlertRule) -> AlertsRequest {
        AlertsRequest { work: Work::new(&self.0), about: About::new(venues), rule, until: None }
    }
}

macro_rules! about {
    ($($request:ident),+) => {$(
        impl $request {
            /// Counts these visits at every venue instead of those that Placer would choose.
            pub fn segment(mut self, segment: VisitSegment) -> Self {
                self.about.segment = Some(segment);
                self
            }

            fn manner(&self) -> Manner {
                self.work.manner(self.about.venues.len())
            }
        }
    )+};
}

about!(ComparisonRequest, TrailingRequest, AlertsRequest);

impl ComparisonRequest {
    /// The days with data.
    fn ranges(&self) -> Result<(DateRange, DateRange)> {
        let clamp = |range| self.work.client.first_range(range, AvailabilityPolicy::Clamp);
        let current = clamp(self.range)?;
        Ok((current, clamp(self.against.counterpart(current)?)?))
    }

    /// The days to ask for.
    fn asked(current: DateRange, previous: DateRange) -> Result<Vec<DateRange>> {
        let (first, last) = if current.start() <= previous.start() { (current, previous) } else { (previous, current) };
        if last.start().signed_duration_since(first.end()).num_days() > FAR_APART {
            return Ok(vec![current, previous]);
        }
        DateRange::new(first.start(), first.end().max(last.end())).map(|all| vec![all])
    }

    async fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        let (current, previous) = self.ranges()?;
        self.about.plan(&self.work, Self::asked(current, previous)?, planner).await
    }

    async fn find(self) -> Result<Comparison> {
        let (current, previous) = self.ranges()?;
        let found = self.about.find(&self.work, Self::asked(current, previous)?).await?;
        let listed = crate::native::distinct(found.footfalls.iter().map(|footfall| footfall.venue.clone()));
        let rows = found.footfalls.iter().flat_map(|footfall| &footfall.rows);
        let compared = compare_all(&listed, rows, current, previous);
        Ok(Comparison { failures: found.failures, cost: found.cost, ..compared })
    }
}

impl TrailingRequest {
    /// The days to ask for.
    fn asked(&self) -> Result<DateRange> {
        let range = self.work.client.first_range(self.range, AvailabilityPolicy::Clamp)?;
        let before = Days::new(u64::from(self.trailing.days().saturating_sub(1)));
        let start = range.start().checked_sub_days(before);
        let start = start.ok_or_else(|| Error::invalid("days", "reach back beyond the calendar"))?;
        DateRange::new(start, range.end())
    }

    async fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        self.about.plan(&self.work, vec![self.asked()?], planner).await
    }

    async fn find(self) -> Result<TrailingReport> {
        let asked = self.asked()?;
        let found = self.about.find(&self.work, vec![asked]).await?;
        let mut rows = self.trailing.of(found.footfalls.iter().flat_map(|footfall| &footfall.rows));
        rows.retain(|row| self.range.contains(row.date));
        Ok(TrailingReport { rows, failures: found.failures, cost: found.cost })
    }
}

impl AlertsRequest {
    /// Judges this day instead of the latest complete one.
    pub fn on(mut self, date: NaiveDate) -> Self {
        self.until = Some(date);
        self
    }

    /// The days to ask for.
    fn asked(&self) -> Result<DateRange> {
        let client = &self.work.client;
        let until = self.until.unwrap_or_else(|| crate::latest_complete_day(client.today()));
        client.first_range(DateRange::last_days(self.rule.span(), until)?, AvailabilityPolicy::Fail)
    }

    async fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        self.about.plan(&self.work, vec![self.asked()?], planner).await
    }

    async fn find(self) -> Result<AlertReport> {
        let asked = self.asked()?;
        let found = self.about.find(&self.work, vec![asked]).await?;
        let on_the_day = |alert: &Alert| alert.date == asked.end();
        let alerts = self.rule.of(found.footfalls.iter().flat_map(|footfall| &footfall.rows));
        let judged = |footfall: &&Footfall| footfall.rows.len() < asked.len();
        Ok(AlertReport {
            date: asked.end(),
            alerts: alerts.into_iter().filter(on_the_day).collect(),
            not_judged: found.footfalls.iter().filter(judged).map(|footfall| footfall.venue.clone()).collect(),
            failures: found.failures,
            cost: found.cost,
        })
    }
}
