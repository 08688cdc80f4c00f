//! The services, on whichever contract the client speaks.

use std::collections::HashMap;
use std::time::Duration;

use async_trait::async_trait;
use connectors_core::{
    CachePolicy, ConnectionReport, DateRange, Error, ErrorKind, RequestOptions, Result, ServiceSummary,
};

use crate::contract::{FootfallQuery, MovementQuery};
use crate::dates::{MOVEMENT_DAYS, check_past, months_back};
use crate::derive::aggregate::aggregate;
use crate::model::{
    AggregateFootfall, AggregateRequest, AvailabilityPolicy, Estimate, Fidelity, Footfall, FootfallRequest, Movement,
    MovementRequest, Question, VenueId,
};
use crate::native::distinct;
use crate::native::plan::Planner;
use crate::native::report::Manner;
use crate::{PROVIDER, PlacerClient, PlacerCode, PlacerErrorExt, PlacerService};

#[async_trait]
#[deny(clippy::missing_trait_methods)]
impl PlacerService for PlacerClient {
    async fn footfall(&self, request: FootfallRequest) -> Result<Footfall> {
        let named = |error: Error| error.with_origin(PROVIDER, "footfall");
        let (query, policy) = self.footfall_query(request).map_err(named)?;
        let meter = query.manner.meter.clone();
        let (_, mut footfalls) = self.available(query, policy).await.map_err(named)?;
        let mut footfall = footfalls.pop().unwrap_or_else(unanswered).map_err(named)?;
        footfall.cost = meter.cost();
        Ok(footfall)
    }

    async fn movement(&self, request: MovementRequest) -> Result<Movement> {
        let named = |error: Error| error.with_origin(PROVIDER, "movement");
        let query = self.movement_query(request).map_err(named)?;
        self.services().movement(self, &query).await.map_err(named)
    }

    async fn aggregate_footfall(&self, request: AggregateRequest) -> Result<AggregateFootfall> {
        let (venues, weighting, policy) = (request.venues.clone(), request.dwell_weighting, request.availability);
        let (query, mut outcomes) = self.aggregate_query(request);
        let (known, meter) = (query.venues.clone(), query.manner.meter.clone());
        let named = |error: Error| error.with_origin(PROVIDER, "aggregate_footfall");
        let (range, footfalls) = self.bulk().available(query, policy).await.map_err(named)?;
        outcomes.extend(known.into_iter().zip(footfalls));
        let venues = distinct(venues);
        let outcomes = venues.iter().map(|venue| outcomes.remove(venue).unwrap_or_else(unanswered)).collect();
        Ok(aggregate(venues, outcomes, weighting, range, meter.cost()))
    }

    async fn test_connection(&self) -> Result<ConnectionReport> {
        let started = self.core().clock().now();
        let outcome = self.services().probe(self).await;
        let elapsed = self.core().clock().now().saturating_duration_since(started);
        Ok(ConnectionReport::new(PROVIDER, elapsed, outcome))
    }

    async fn summary(&self) -> Result<ServiceSummary> {
        self.services().summary(self).await
    }
}

impl PlacerClient {
    /// What the answer to this request is going to cost; fails as that would before anything is sent.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// use connectors_core::DateRange;
    /// use connectors_mock::MockPlacer;
    /// use connectors_placer::{AggregateRequest, Fidelity, PlacerService};
    ///
    /// let placer = MockPlacer::new().client().clone();
    /// let days = DateRange::last_days(30, "2026-02-26".parse().expect("a date"))?;
    /// let venues = MockPlacer::venue_ids()[..9].to_vec();
    /// let request = AggregateRequest::new(venues, days).fidelity(Fidelity::PerDay);
    /// let estimate = placer.estimate(&request).await?;
    /// assert_eq!((estimate.calls, estimate.places), (301, 9));
    /// assert_eq!(placer.aggregate_footfall(request).await?.cost.calls, 301);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn estimate<'a>(&self, question: impl Into<Question<'a>> + Send) -> Result<Estimate> {
        match question.into() {
            Question::Footfall(request) => {
                let (query, policy) = self.footfall_query(request.clone())?;
                self.estimate_footfall(query, policy).await
            }
            Question::Aggregate(request) => {
                let (query, _) = self.aggregate_query(request.clone());
                self.estimate_footfall(query, request.availability).await
            }
            Question::Movement(request) => {
                let query = self.movement_query(request.clone())?;
                let mut planner = Planner::new(self, &query.manner);
                self.services().plan_movement(&query, &mut planner).await?;
                Ok(planner.estimate())
            }
        }
    }

    /// Says what the answer to this request is going to ask for.
    pub(crate) async fn plan_aggregate(&self, request: AggregateRequest, planner: &mut Planner<'_>) -> Result<()> {
        let policy = request.availability;
        let (mut query, _) = self.aggregate_query(request);
        query.range = self.first_range(query.range, policy)?;
        self.services().plan_footfall(&query, planner).await
    }

    async fn estimate_footfall(&self, mut query: FootfallQuery, policy: AvailabilityPolicy) -> Result<Estimate> {
        query.range = self.first_range(query.range, policy)?;
        let mut planner = Planner::new(self, &query.manner);
        self.services().plan_footfall(&query, &mut planner).await?;
        Ok(planner.estimate())
    }

    fn footfall_query(&self, request: FootfallRequest) -> Result<(FootfallQuery, AvailabilityPolicy)> {
        self.services().check_venue(&request.venue)?;
        let most = reports_at_most(request.fidelity, 1, request.range);
        let query = FootfallQuery {
            venues: vec![request.venue],
            range: request.range,
            fidelity: request.fidelity,
            segment: request.segment,
            manner: self.manner(request.cache, request.ttl, request.timeout, most),
        };
        Ok((query, request.availability))
    }

    /// The question about the venues that can be asked about, and what is wrong with the others.
    fn aggregate_query(&self, request: AggregateRequest) -> (FootfallQuery, HashMap<VenueId, Result<Footfall>>) {
        let (mut known, mut outcomes) = (Vec::new(), HashMap::new());
        for venue in distinct(request.venues) {
            match self.services().check_venue(&venue) {
                Ok(()) => known.push(venue),
                Err(error) => drop(outcomes.insert(venue, Err(error))),
            }
        }
        let most = reports_at_most(request.fidelity, known.len(), request.range);
        let query = FootfallQuery {
            venues: known,
            range: request.range,
            fidelity: request.fidelity,
            segment: request.segment,
            manner: self.manner(request.cache, request.ttl, request.timeout, most),
        };
        (query, outcomes)
    }

    fn movement_query(&self, request: MovementRequest) -> Result<MovementQuery> {
        self.services().check_venue(&request.venue)?;
        let latest = self.services().latest_day(self.today());
        let range = match request.range {
            Some(range) => self.first_range(range, AvailabilityPolicy::Clamp)?,
            None => DateRange::last_days(MOVEMENT_DAYS, latest)?,
        };
        let manner = self.manner(request.cache, request.ttl, request.timeout, 1);
        Ok(MovementQuery { venue: request.venue, chosen: request.range.is_some(), range, manner })
    }

    /// How to ask for an answer that takes so many reports at the most.
    pub(crate) fn manner(
        &self,
        cache: CachePolicy,
        ttl: Option<Duration>,
        timeout: Option<Duration>,
        reports: usize,
    ) -> Manner {
        let mut options = RequestOptions::default();
        options.cache = cache;
        let times = u32::try_from(reports.div_ceil(REPORTS_PER_TIMEOUT).max(1)).unwrap_or(u32::MAX);
        let timeout = timeout.unwrap_or_else(|| self.core().timeout().saturating_mul(times));
        let now = self.core().clock().now();
        let until = now.checked_add(timeout).or_else(|| now.checked_add(FOREVER));
        Manner { until, ..Manner::new(self, options, ttl) }
    }

    /// The days to ask for first.
    pub(crate) fn first_range(&self, range: DateRange, policy: AvailabilityPolicy) -> Result<DateRange> {
        check_past(range, self.today())?;
        policy.apply(range, self.services().latest_day(self.today()))
    }

    /// Asks for the days that there is data for, as the policy says; gives them with the answers.
    async fn available(
        &self,
        mut query: FootfallQuery,
        policy: AvailabilityPolicy,
    ) -> Result<(DateRange, Vec<Result<Footfall>>)> {
        let asked = self.first_range(query.range, policy)?;
        query.range = asked;
        let mut months = 0;
        loop {
            let answers = self.services().footfall(self, &query).await?;
            if months == policy.max_shifts() || !dates_refused(&answers) {
                return Ok((query.range, answers));
            }
            months += 1;
            query.range = months_back(asked, months)?;
        }
    }
}

/// How many reports about one venue are to be had within the client's timeout, however they are queued.
const REPORTS_PER_TIMEOUT: usize = 50;

/// What a clock can be wound forward by in any case.
const FOREVER: Duration = Duration::from_secs(365 * 86_400);

fn reports_at_most(fidelity: Fidelity, venues: usize, range: DateRange) -> usize {
    let each = match fidelity {
        Fidelity::VisitsOnly => 1,
        Fidelity::WithPeriodTotals | Fidelity::Estimate => 3,
        Fidelity::PerDay => range.len().saturating_mul(2).saturating_add(1),
    };
    venues.saturating_mul(each)
}

fn unanswered<T>() -> Result<T> {
    Err(Error::new(ErrorKind::NotFound, "there is no answer for the venue"))
}

/// Nothing was found, and some of it because of its arguments. Placer has one code for all of them; ids were checked,
/// so that it is most likely the days.
pub(crate) fn dates_refused(answers: &[Result<Footfall>]) -> bool {
    let refused = |error: &Error| error.placer_code() == Some(PlacerCode::InvalidArguments);
    answers.iter().all(Result::is_err) && answers.iter().filter_map(|answer| answer.as_ref().err()).any(refused)
}
