//! What every implementation of [`PlacerService`] does.

use std::time::Duration;

use chrono::{Days, NaiveDate};
use connectors_core::{CachePolicy, DateRange, Error, ErrorKind, Result};
use connectors_placer::{
    AggregateRequest, AvailabilityPolicy, Contract, DwellWeighting, Fidelity, Footfall, FootfallRequest,
    MovementRequest, PlacerService, Quality, VenueId, VisitSegment, latest_complete_day,
};

use super::report::Report;
use super::run::{Checked, Failure, Run, connected, denied, ensure, ensure_eq, given, refusal, refused};

/// The whole suite, with two venues that have data, and are large enough for reports of one day. `today` is the date of
/// the service's clock, on which it has not been asked anything yet. It changes nothing, but asks for some 80 reports.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// use connectors_mock::{MockPlacer, conformance};
/// use connectors_placer::Contract;
///
/// let mock = MockPlacer::new();
/// let mut venues = MockPlacer::venue_ids();
/// let venues = [venues.remove(0), venues.remove(0)];
/// let today = mock.backend().clock().now_utc().date_naive();
/// conformance::placer(&mock, Contract::Native, venues, today).await.assert();
/// # }
/// ```
pub async fn placer(service: &dyn PlacerService, contract: Contract, venues: [VenueId; 2], today: NaiveDate) -> Report {
    let mut run = Run::new("placer");
    let [venue, other] = venues;
    let suite = Suite { service, native: contract == Contract::Native, venue, today };
    let first = suite.cheap(&mut run).await;
    let first = || given(first.as_ref());
    run.check("a deadline is no other question, and what is asked afresh is paid for again", async {
        suite.paid_again(first()?).await
    })
    .await;
    run.check("with the days' own reports, every day tells its visitors and dwell", suite.per_day()).await;
    run.check("with the period's reports, the period tells its visitors and dwell", suite.per_period()).await;
    run.check("where people are estimated, the rows say so", suite.estimated()).await;
    run.check("days that are not available yet are cut off, refused or shifted, as asked", suite.availability()).await;
    run.check("a mix of segments, and an id of another kind, are refused", suite.odd_questions()).await;
    run.check("movement of chosen days is told, or denied", suite.chosen_movement()).await;
    let all = run.check("several venues are told each once, in the order of the question", suite.aggregate(&other));
    let all = all.await;
    run.check("what is known of several venues is not asked for again", async {
        suite.aggregate_again(&other, *given(all.as_ref())?).await
    })
    .await;
    run.check("no venues are an empty answer, for nothing", async {
        let none = service.aggregate_footfall(AggregateRequest::new(Vec::new(), suite.week()?)).await?;
        ensure_eq!((none.total_visits, none.rows.len(), none.cost.calls), (0, 0, 0), "nothing is asked");
        Ok(())
    })
    .await;
    run.finish()
}

/// The cheap part, with a venue that has data: the connection test, a week of visits, a movement pattern, a venue that
/// does not exist (twice), and the summary. On the native contract that is at most 8 calls of the weekly quota, and polls
/// for what is not ready; on a gateway at most 17. Ask [`PlacerClient::estimate`](connectors_placer::PlacerClient::estimate)
/// what the week and the pattern are going to cost with the client at hand.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// use connectors_mock::{MockPlacer, conformance};
/// use connectors_placer::Contract;
///
/// let mock = MockPlacer::new();
/// let venue = MockPlacer::venue_ids().remove(0);
/// let today = mock.backend().clock().now_utc().date_naive();
/// conformance::placer_read_only(&mock, Contract::Native, venue, today).await.assert();
/// assert!(mock.fake().used_quota() <= 8);
/// # }
/// ```
pub async fn placer_read_only(
    service: &dyn PlacerService,
    contract: Contract,
    venue: VenueId,
    today: NaiveDate,
) -> Report {
    let mut run = Run::new("placer, cheap part");
    let suite = Suite { service, native: contract == Contract::Native, venue, today };
    suite.cheap(&mut run).await;
    run.finish()
}

struct Suite<'a> {
    service: &'a dyn PlacerService,
    native: bool,
    venue: VenueId,
    today: NaiveDate,
}

impl Suite<'_> {
    fn week(&self) -> Result<DateRange> {
        DateRange::last_days(7, latest_complete_day(self.today))
    }

    fn days_ago(&self, days: u64) -> NaiveDate {
        self.today.checked_sub_days(Days::new(days)).unwrap_or_default()
    }

    fn question(&self) -> Result<FootfallRequest> {
        self.week().map(|week| FootfallRequest::new(self.venue.clone(), week))
    }

    /// What asks for little. Gives the week.
    async fn cheap(&self, run: &mut Run) -> Option<Footfall> {
        let service = self.service;
        run.check("the connection test says that it is connected", async {
            connected(&service.test_connection().await?)
        })
        .await;
        let first = run.check("a week of visits has one row for each day, for one call or one a day", self.visits());
        let first = first.await;
        run.check("the second time, it is cached", async {
            let first = given(first.as_ref())?;
            let again = service.footfall(self.question()?).await?;
            ensure_eq!(again.rows, first.rows, "the rows are the same");
            ensure_eq!((again.cost.calls, again.cost.cached), (0, first.cost.calls), "nothing is asked again");
            Ok(())
        })
        .await;
        run.check("what reaches into the future is refused before anything is sent", self.future()).await;
        run.check("the visits of a venue that does not exist are not found", async {
            let nowhere = FootfallRequest::new(unknown()?, self.week()?);
            refused(service.footfall(nowhere).await, ErrorKind::NotFound, None, "an unknown venue")
        })
        .await;
        run.check("a movement pattern names the busy hours, and how busy they are", self.movement()).await;
        run.check("the movement of a venue that does not exist is not found", async {
            let nowhere = MovementRequest::new(unknown()?);
            refused(service.movement(nowhere).await, ErrorKind::NotFound, None, "an unknown venue")
        })
        .await;
        run.check("the summary counts what was used this week, or is denied", async {
            let summary = service.summary().await;
            if !self.native {
                return denied(summary, "a summary of a gateway");
            }
            let counts = summary?.counts;
            ensure!(!counts.is_empty() && counts.iter().all(|(_, count)| *count > 0), "it counts", of counts);
            Ok(())
        })
        .await;
        first
    }

    async fn visits(&self) -> Checked<Footfall> {
        let week = self.week()?;
        let first = self.service.footfall(self.question()?).await?;
        ensure_eq!((first.effective_range, &first.venue), (week, &self.venue), "it is what was asked for");
        ensure!(first.rows.iter().map(|row| row.date).eq(week.days()), "one row per day, in order", of first.rows);
        let sound = |row: &connectors_placer::FootfallDay| {
            row.visits > 0 && row.venue == first.venue && row.quality == Quality::Reported
        };
        ensure!(first.rows.iter().all(sound), "every day has visits, as they were reported", of first.rows);
        let calls = first.cost.calls;
        let cheap = calls == 1 || calls == 7 && !self.native;
        ensure!(cheap, "visits of a week are one call, or one for each day", of first.cost);
        ensure!(first.failed_days.is_empty(), "no day fails", of first.failed_days);
        Ok(first)
    }

    async fn paid_again(&self, first: &Footfall) -> Checked {
        let in_time = self.service.footfall(self.question()?.timeout(Duration::from_secs(600))).await?;
        ensure_eq!((&in_time.rows, in_time.cost.calls), (&first.rows, 0), "a deadline is not another question");
        let fresh = self.service.footfall(self.question()?.cache(CachePolicy::Refresh)).await?;
        ensure_eq!((&fresh.rows, fresh.cost.calls), (&first.rows, first.cost.calls), "asked afresh");
        Ok(())
    }

    async fn per_day(&self) -> Checked {
        let days = self.service.footfall(self.question()?.fidelity(Fidelity::PerDay)).await?;
        for row in &days.rows {
            let people = row.unique_visitors.is_some_and(|uniques| 0 < uniques && uniques <= row.visits);
            ensure!(people, "a day has visitors, and no more than visits", of row);
            ensure!(row.avg_dwell_minutes.is_some_and(|minutes| minutes > 0.0), "people stay for a while", of row);
            ensure_eq!(row.quality, Quality::Reported, "it is reported");
        }
        ensure_eq!(days.cost.calls, if self.native { 14 } else { 0 }, "two reports for each day, or none");
        Ok(())
    }

    async fn per_period(&self) -> Checked {
        let periods = self.service.footfall(self.question()?.fidelity(Fidelity::WithPeriodTotals)).await;
        if !self.native {
            return denied(periods, "the totals of a period");
        }
        let footfall = periods?;
        let period = footfall.period.clone().unwrap_or_default();
        let fewer = period.visitors.is_some_and(|visitors| visitors < footfall.total_visits());
        ensure!(fewer, "who comes twice is one visitor", of period);
        let dwells = period.avg_dwell_minutes.is_some() && period.median_dwell_minutes.is_some();
        ensure!(dwells, "the dwell is told", of period);
        let bare =
            |row: &connectors_placer::FootfallDay| row.unique_visitors.is_none() && row.avg_dwell_minutes.is_none();
        ensure!(footfall.rows.iter().all(bare), "the days are not told what is known of the period", of footfall.rows);
        Ok(())
    }

    async fn estimated(&self) -> Checked {
        let estimated = self.service.footfall(self.question()?.fidelity(Fidelity::Estimate)).await?;
        let quality = if self.native { Quality::Estimated } else { Quality::Reported };
        let marked = |row: &connectors_placer::FootfallDay| row.unique_visitors.is_some() && row.quality == quality;
        ensure!(estimated.rows.iter().all(marked), format!("every row is {quality:?}"), of estimated.rows);
        Ok(())
    }

    async fn availability(&self) -> Checked {
        let to_today = DateRange::new(self.days_ago(9), self.today)?;
        let request = |policy| FootfallRequest::new(self.venue.clone(), to_today).availability(policy);
        let clamped = self.service.footfall(request(AvailabilityPolicy::Clamp)).await?;
        let within = clamped.rows.iter().all(|row| clamped.effective_range.contains(row.date));
        ensure!(!clamped.rows.is_empty() && within, "the rows are of the days that it says", of clamped);
        if self.native {
            let latest = latest_complete_day(self.today);
            ensure_eq!(clamped.effective_range.end(), latest, "it ends at the latest complete day");
            unsent(self.service.footfall(request(AvailabilityPolicy::Fail)).await, "range")?;
            let shifted = self.service.footfall(request(AvailabilityPolicy::ShiftBack { max_months: 2 })).await?;
            let earlier = shifted.effective_range.end() < latest && !shifted.rows.is_empty();
            ensure!(earlier, "it lies earlier, and has rows", of shifted);
        }
        Ok(())
    }

    async fn future(&self) -> Checked {
        let tomorrow = self.today.checked_add_days(Days::new(1)).unwrap_or_default();
        let future = DateRange::new(self.days_ago(9), tomorrow)?;
        let venue = || self.venue.clone();
        unsent(self.service.footfall(FootfallRequest::new(venue(), future)).await, "range")?;
        unsent(self.service.movement(MovementRequest::new(venue()).range(future)).await, "range")?;
        unsent(self.service.aggregate_footfall(AggregateRequest::new(vec![venue()], future)).await, "range")
    }

    async fn odd_questions(&self) -> Checked {
        let mixed = self.service.footfall(self.question()?.segment(VisitSegment::Mixed)).await;
        if !self.native {
            return denied(mixed, "a mix of segments");
        }
        refused(mixed, ErrorKind::InvalidRequest, None, "a mix of segments")?;
        let opaque = FootfallRequest::new(VenueId::new("harbor-tacos")?, self.week()?);
        unsent(self.service.footfall(opaque).await, "venueId")
    }

    async fn movement(&self) -> Checked {
        let movement = self.service.movement(MovementRequest::new(self.venue.clone())).await?;
        let told = !movement.time_of_day.is_empty() && movement.traffic_level.is_known();
        ensure!(told, "the busy time and its level are told", of movement);
        let peaks = &movement.peak_hours;
        let sound = !peaks.is_empty() && peaks.is_sorted() && peaks.iter().all(|hour| *hour < 24);
        ensure!(sound, "the peak hours are hours of the day, in order", of movement);
        let json = serde_json::to_value(&movement).unwrap_or_default();
        let members: Vec<_> = json.as_object().into_iter().flat_map(serde_json::Map::keys).collect();
        ensure_eq!(members, ["peakHours", "timeOfDay", "trafficLevel", "venueId"], "as gateways write it");
        if !movement.hours.is_empty() {
            let rows = peaks.iter().filter_map(|hour| movement.hours.get(usize::from(*hour)));
            let busiest: Vec<_> = rows.collect();
            let open = busiest.iter().all(|hour| hour.open && hour.intensity >= Some(0));
            ensure!(open, "the peak hours are open and busier than the others", of busiest);
            let apart = movement.quiet_hours.iter().all(|hour| !peaks.contains(hour));
            ensure!(apart, "no hour is quiet and busy", of movement);
            let whole = (movement.hours.iter().map(|hour| hour.share).sum::<f64>() - 1.0).abs() < 1e-6;
            ensure!(whole, "the shares of the hours are a whole", of movement.hours);
            let surges = movement.surge.most_come.is_some() && movement.surge.most_leave.is_some();
            ensure!(surges, "it is told when most come and leave", of movement.surge);
        }
        let busiest = movement.dayparts.iter().map(|part| part.score).fold(0.0, f64::max);
        let named = movement.dayparts.iter().find(|part| part.name == movement.time_of_day);
        let busiest = movement.dayparts.is_empty() || named.is_some_and(|part| part.score >= busiest);
        ensure!(busiest, "the busy time is the busiest part of the day", of movement);
        Ok(())
    }

    async fn chosen_movement(&self) -> Checked {
        let week = self.week()?;
        let chosen = self.service.movement(MovementRequest::new(self.venue.clone()).range(week)).await;
        if !self.native {
            return denied(chosen, "movement of chosen days");
        }
        let of_week = chosen?;
        ensure_eq!((of_week.range, of_week.hours.len()), (Some(week), 24), "it is of those days");
        Ok(())
    }

    fn all(&self, other: &VenueId) -> Result<AggregateRequest> {
        let (first, second) = (self.venue.clone(), other.clone());
        let asked = vec![second.clone(), first, second, unknown()?];
        Ok(AggregateRequest::new(asked, self.week()?).fidelity(Fidelity::PerDay))
    }

    /// Gives the visits of all.
    async fn aggregate(&self, other: &VenueId) -> Checked<u64> {
        let all = self.service.aggregate_footfall(self.all(other)?).await?;
        let found: Vec<_> = all.by_venue.iter().map(|footfall| &footfall.venue).collect();
        ensure_eq!(found, [other, &self.venue], "each once, in the order of the question");
        let kinds: Vec<_> = all.failures.iter().map(|failure| failure.error.kind()).collect();
        ensure_eq!(kinds, [ErrorKind::NotFound], "the unknown one is told, and fails no other");
        let sum = all.by_venue.iter().map(Footfall::total_visits).sum::<u64>();
        ensure_eq!(all.total_visits, sum, "the total is the sum of the venues");
        ensure_eq!(all.rows.iter().map(|row| row.visits).sum::<u64>(), sum, "and of the days");
        let bound = all.unique_visitors_upper_bound;
        ensure!(bound.is_some_and(|bound| bound <= sum), "no more visitors than visits", of bound);
        for row in &all.rows {
            let of_day = all.by_venue.iter().flat_map(|footfall| &footfall.rows).filter(|day| day.date == row.date);
            let dwells: Vec<f64> = of_day.filter_map(|day| day.avg_dwell_minutes).collect();
            let (low, high) =
                dwells.iter().fold((f64::MAX, f64::MIN), |(low, high), dwell| (low.min(*dwell), high.max(*dwell)));
            let between = row.avg_dwell_minutes.is_some_and(|dwell| low <= dwell && dwell <= high);
            ensure!(between, "an average lies between what it is of", of(row, &dwells));
        }
        Ok(all.total_visits)
    }

    async fn aggregate_again(&self, other: &VenueId, visits: u64) -> Checked {
        let request = self.all(other)?.dwell_weighting(DwellWeighting::Simple);
        let simple = self.service.aggregate_footfall(request).await?;
        ensure_eq!(simple.total_visits, visits, "the visits are the same");
        let calls = simple.cost.calls;
        ensure!(calls <= if self.native { 1 } else { 7 }, "only the unknown venue is asked for again", of simple.cost);
        Ok(())
    }
}

/// Well formed, and nowhere.
pub(super) fn unknown() -> Result<VenueId> {
    VenueId::new("venue:ffffffffffffffffffffffff")
}

/// It is refused by this field before anything is sent.
#[track_caller]
fn unsent<T: std::fmt::Debug>(outcome: Result<T>, field: &str) -> Checked {
    let error: Error = refusal(outcome, "what cannot be asked")?;
    if (error.kind(), error.field(), error.attempts()) == (ErrorKind::InvalidRequest, Some(field), 0) {
        return Ok(());
    }
    let claim = format!("it is refused by its {field:?} before anything is sent");
    Err(Failure::broken(&claim, &format!("after {} attempts: {error:#}", error.attempts())))
}
