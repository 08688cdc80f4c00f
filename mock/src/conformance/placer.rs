//! What every implementation of [`PlacerService`] does.

use chrono::{Days, NaiveDate};
use connectors_core::{CachePolicy, DateRange, Error, ErrorKind, Result};
use connectors_placer::{
    AggregateRequest, AvailabilityPolicy, Contract, DwellWeighting, Fidelity, FootfallRequest, MovementRequest,
    PlacerService, Quality, VenueId, VisitSegment, latest_complete_day,
};

/// Runs the suite with two venues that have data, and are large enough for reports of one day. `today` is the date of
/// the service's clock, on which it has not been asked anything yet.
///
/// # Panics
///
/// When the service does not behave.
pub async fn placer(
    service: &dyn PlacerService,
    contract: Contract,
    venues: [VenueId; 2],
    today: NaiveDate,
) -> Result<()> {
    assert!(service.test_connection().await?.is_connected());
    let suite = Suite { service, native: contract == Contract::Native, venues, today };
    suite.footfall().await?;
    suite.fidelity().await?;
    suite.availability().await?;
    suite.bad_input().await?;
    suite.movement().await?;
    suite.aggregate().await?;
    suite.summary().await
}

struct Suite<'a> {
    service: &'a dyn PlacerService,
    native: bool,
    venues: [VenueId; 2],
    today: NaiveDate,
}

impl Suite<'_> {
    fn venue(&self) -> VenueId {
        self.venues[0].clone()
    }

    fn week(&self) -> Result<DateRange> {
        DateRange::last_days(7, latest_complete_day(self.today))
    }

    fn days_ago(&self, days: u64) -> NaiveDate {
        self.today.checked_sub_days(Days::new(days)).unwrap_or_default()
    }

    async fn footfall(&self) -> Result<()> {
        let week = self.week()?;
        let request = || FootfallRequest::new(self.venue(), week);
        let first = self.service.footfall(request()).await?;
        assert_eq!((first.rows.len(), first.effective_range, &first.venue), (7, week, &self.venues[0]));
        assert!(first.rows.iter().map(|row| row.date).eq(week.days()), "one row per day, in order");
        assert!(
            first.rows.iter().all(|row| row.visits > 0 && row.venue == first.venue && row.quality == Quality::Reported)
        );
        let calls = first.cost.calls;
        assert!(
            calls == 1 || calls == 7 && !self.native,
            "visits of a week are one call, or one for each day: {calls}"
        );
        assert!(first.failed_days.is_empty(), "{:?}", first.failed_days);
        let in_time = self.service.footfall(request().timeout(std::time::Duration::from_secs(600))).await?;
        assert_eq!((&in_time.rows, in_time.cost.calls), (&first.rows, 0), "a deadline is not another question");
        let again = self.service.footfall(request()).await?;
        assert_eq!(
            (&again.rows, again.cost.calls, again.cost.cached),
            (&first.rows, 0, calls),
            "the second time, it is cached"
        );
        let fresh = self.service.footfall(request().cache(CachePolicy::Refresh)).await?;
        assert_eq!((&fresh.rows, fresh.cost.calls), (&first.rows, calls));
        Ok(())
    }

    async fn fidelity(&self) -> Result<()> {
        let request = |fidelity| self.week().map(|week| FootfallRequest::new(self.venue(), week).fidelity(fidelity));
        let days = self.service.footfall(request(Fidelity::PerDay)?).await?;
        for row in &days.rows {
            assert!(row.unique_visitors.is_some_and(|uniques| 0 < uniques && uniques <= row.visits), "{row:?}");
            assert!(row.avg_dwell_minutes.is_some_and(|minutes| minutes > 0.0), "{row:?}");
            assert_eq!(row.quality, Quality::Reported);
        }
        assert_eq!(days.cost.calls, if self.native { 14 } else { 0 }, "two reports for each day, or none");

        let periods = self.service.footfall(request(Fidelity::WithPeriodTotals)?).await;
        if self.native {
            let footfall = periods?;
            let period = footfall.period.clone().unwrap_or_default();
            assert!(period.visitors.is_some_and(|visitors| visitors < footfall.total_visits()), "{period:?}");
            assert!(period.avg_dwell_minutes.is_some() && period.median_dwell_minutes.is_some(), "{period:?}");
            assert!(footfall.rows.iter().all(|row| row.unique_visitors.is_none() && row.avg_dwell_minutes.is_none()));
        } else {
            assert_eq!(kind(periods), ErrorKind::Unsupported);
        }

        let estimated = self.service.footfall(request(Fidelity::Estimate)?).await?;
        let quality = if self.native { Quality::Estimated } else { Quality::Reported };
        assert!(estimated.rows.iter().all(|row| row.unique_visitors.is_some() && row.quality == quality));
        Ok(())
    }

    async fn availability(&self) -> Result<()> {
        let to_today = DateRange::new(self.days_ago(9), self.today)?;
        let request = |policy| FootfallRequest::new(self.venue(), to_today).availability(policy);
        let clamped = self.service.footfall(request(AvailabilityPolicy::Clamp)).await?;
        assert!(!clamped.rows.is_empty() && clamped.rows.iter().all(|row| clamped.effective_range.contains(row.date)));
        if self.native {
            assert_eq!(clamped.effective_range.end(), latest_complete_day(self.today));
            let refused = self.service.footfall(request(AvailabilityPolicy::Fail)).await;
            assert_eq!(field(refused).as_deref(), Some("range"));
            let shifted = self.service.footfall(request(AvailabilityPolicy::ShiftBack { max_months: 2 })).await?;
            assert!(shifted.effective_range.end() < latest_complete_day(self.today) && !shifted.rows.is_empty());
        }
        Ok(())
    }

    async fn bad_input(&self) -> Result<()> {
        let tomorrow = self.today.checked_add_days(Days::new(1)).unwrap_or_default();
        let future = DateRange::new(self.days_ago(9), tomorrow)?;
        assert_eq!(
            field(self.service.footfall(FootfallRequest::new(self.venue(), future)).await).as_deref(),
            Some("range")
        );
        assert_eq!(
            field(self.service.movement(MovementRequest::new(self.venue()).range(future)).await).as_deref(),
            Some("range")
        );
        let aggregate = self.service.aggregate_footfall(AggregateRequest::new(self.venues.to_vec(), future)).await;
        assert_eq!(field(aggregate).as_deref(), Some("range"));
        let unknown = FootfallRequest::new(unknown()?, self.week()?);
        assert_eq!(kind(self.service.footfall(unknown).await), ErrorKind::NotFound);
        let mixed = FootfallRequest::new(self.venue(), self.week()?).segment(VisitSegment::Mixed);
        let refused = kind(self.service.footfall(mixed).await);
        assert_eq!(refused, if self.native { ErrorKind::InvalidRequest } else { ErrorKind::Unsupported });
        if self.native {
            let opaque = FootfallRequest::new(VenueId::new("harbor-tacos")?, self.week()?);
            assert_eq!(field(self.service.footfall(opaque).await).as_deref(), Some("venueId"));
        }
        Ok(())
    }

    async fn movement(&self) -> Result<()> {
        let movement = self.service.movement(MovementRequest::new(self.venue())).await?;
        assert!(!movement.time_of_day.is_empty() && movement.traffic_level.is_known(), "{movement:?}");
        assert!(movement.peak_hours.is_sorted() && movement.peak_hours.iter().all(|hour| *hour < 24), "{movement:?}");
        assert!(!movement.peak_hours.is_empty(), "{movement:?}");
        let json = serde_json::to_value(&movement).unwrap_or_default();
        let members: Vec<_> = json.as_object().into_iter().flat_map(serde_json::Map::keys).collect();
        assert_eq!(members, ["peakHours", "timeOfDay", "trafficLevel", "venueId"], "as gateways write it");
        if !movement.hours.is_empty() {
            let rows = movement.peak_hours.iter().filter_map(|hour| movement.hours.get(usize::from(*hour)));
            let busiest: Vec<_> = rows.collect();
            assert!(busiest.iter().all(|hour| hour.open && hour.intensity >= Some(0)), "{busiest:?}");
            assert!(movement.quiet_hours.iter().all(|hour| !movement.peak_hours.contains(hour)), "{movement:?}");
            assert!((movement.hours.iter().map(|hour| hour.share).sum::<f64>() - 1.0).abs() < 1e-6, "{movement:?}");
            assert!(movement.surge.most_come.is_some() && movement.surge.most_leave.is_some(), "{movement:?}");
        }
        let chosen = self.service.movement(MovementRequest::new(self.venue()).range(self.week()?)).await;
        if self.native {
            let of_week = chosen?;
            assert_eq!((of_week.range, of_week.hours.len()), (Some(self.week()?), 24));
            let busiest = movement.dayparts.iter().map(|part| part.score).fold(0.0, f64::max);
            let named = movement.dayparts.iter().find(|part| part.name == movement.time_of_day);
            assert!(named.is_some_and(|part| part.score >= busiest), "{movement:?}");
        } else {
            assert_eq!(kind(chosen), ErrorKind::Unsupported);
        }
        assert_eq!(kind(self.service.movement(MovementRequest::new(unknown()?)).await), ErrorKind::NotFound);
        Ok(())
    }

    async fn aggregate(&self) -> Result<()> {
        let [first, second] = self.venues.clone();
        let asked = vec![second.clone(), first.clone(), second.clone(), unknown()?];
        let request = AggregateRequest::new(asked, self.week()?).fidelity(Fidelity::PerDay);
        let all = self.service.aggregate_footfall(request.clone()).await?;
        let found: Vec<_> = all.by_venue.iter().map(|footfall| footfall.venue.clone()).collect();
        assert_eq!(found, [second, first], "each once, in the order of the question");
        assert_eq!(all.failures.len(), 1);
        assert!(all.failures.iter().all(|failure| failure.error.kind() == ErrorKind::NotFound), "{:?}", all.failures);
        assert_eq!(all.total_visits, all.by_venue.iter().map(connectors_placer::Footfall::total_visits).sum::<u64>());
        assert_eq!(all.rows.iter().map(|row| row.visits).sum::<u64>(), all.total_visits);
        assert!(all.unique_visitors_upper_bound.is_some_and(|bound| bound <= all.total_visits));
        for row in &all.rows {
            let of_day = all.by_venue.iter().flat_map(|footfall| &footfall.rows).filter(|day| day.date == row.date);
            let dwells: Vec<f64> = of_day.filter_map(|day| day.avg_dwell_minutes).collect();
            let (low, high) =
                dwells.iter().fold((f64::MAX, f64::MIN), |(low, high), dwell| (low.min(*dwell), high.max(*dwell)));
            assert!(row.avg_dwell_minutes.is_some_and(|dwell| low <= dwell && dwell <= high), "{row:?} of {dwells:?}");
        }
        let simple = self.service.aggregate_footfall(request.dwell_weighting(DwellWeighting::Simple)).await?;
        assert_eq!(simple.total_visits, all.total_visits);
        assert!(
            simple.cost.calls <= if self.native { 1 } else { 7 },
            "only the unknown venue is asked for again: {:?}",
            simple.cost
        );
        let none = self.service.aggregate_footfall(AggregateRequest::new(Vec::new(), self.week()?)).await?;
        assert_eq!((none.total_visits, none.rows.len(), none.cost.calls), (0, 0, 0));
        Ok(())
    }

    async fn summary(&self) -> Result<()> {
        let summary = self.service.summary().await;
        if self.native {
            assert!(summary?.counts.iter().all(|(_, count)| *count > 0));
        } else {
            assert_eq!(kind(summary), ErrorKind::Unsupported);
        }
        Ok(())
    }
}

/// Well formed, and nowhere.
fn unknown() -> Result<VenueId> {
    VenueId::new("venue:ffffffffffffffffffffffff")
}

fn kind<T>(outcome: Result<T>) -> ErrorKind {
    refusal(outcome).kind()
}

fn field<T>(outcome: Result<T>) -> Option<String> {
    let error = refusal(outcome);
    assert_eq!(
        (error.kind(), error.attempts()),
        (ErrorKind::InvalidRequest, 0),
        "refused before anything is sent: {error:?}"
    );
    error.field().map(str::to_owned)
}

fn refusal<T>(outcome: Result<T>) -> Error {
    outcome.err().unwrap_or_else(|| unreachable!("it should have been refused"))
}
