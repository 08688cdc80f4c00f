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
use crate::meter::Meter;
use crate::model::{
    AggregateFootfall, AggregateRequest, AvailabilityPolicy, Footfall, FootfallRequest, Movement, MovementRequest,
    VenueId,
};
use crate::native::distinct;
use crate::native::report::Manner;
use crate::{PROVIDER, PlacerClient, PlacerCode, PlacerErrorExt, PlacerService};

#[async_trait]
#[deny(clippy::missing_trait_methods)]
impl PlacerService for PlacerClient {
    async fn footfall(&self, request: FootfallRequest) -> Result<Footfall> {
        let named = |error: Error| error.with_origin(PROVIDER, "footfall");
        self.services().check_venue(&request.venue).map_err(named)?;
        let manner = self.manner(request.cache, request.ttl);
        let query = FootfallQuery {
            venues: vec![request.venue],
            range: request.range,
            fidelity: request.fidelity,
            segment: request.segment,
            manner: manner.clone(),
        };
        let (_, mut footfalls) = self.available(query, request.availability).await.map_err(named)?;
        let mut footfall = footfalls.pop().unwrap_or_else(unanswered).map_err(named)?;
        footfall.cost = manner.meter.cost();
        Ok(footfall)
    }

    async fn movement(&self, request: MovementRequest) -> Result<Movement> {
        let range = || {
            self.services().check_venue(&request.venue)?;
            let latest = self.services().latest_day(self.today());
            let Some(range) = request.range else { return DateRange::last_days(MOVEMENT_DAYS, latest) };
            check_past(range, self.today())?;
            AvailabilityPolicy::Clamp.apply(range, latest)
        };
        let named = |error: Error| error.with_origin(PROVIDER, "movement");
        let range = range().map_err(named)?;
        let (chosen, manner) = (request.range.is_some(), self.manner(request.cache, request.ttl));
        let query = MovementQuery { venue: request.venue, chosen, range, manner };
        self.services().movement(self, &query).await.map_err(named)
    }

    async fn aggregate_footfall(&self, request: AggregateRequest) -> Result<AggregateFootfall> {
        let venues = distinct(request.venues);
        let (mut known, mut outcomes) = (Vec::new(), HashMap::<VenueId, Result<Footfall>>::new());
        for venue in &venues {
            match self.services().check_venue(venue) {
                Ok(()) => known.push(venue.clone()),
                Err(error) => drop(outcomes.insert(venue.clone(), Err(error))),
            }
        }
        let manner = self.manner(request.cache, request.ttl);
        let query = FootfallQuery {
            venues: known.clone(),
            range: request.range,
            fidelity: request.fidelity,
            segment: request.segment,
            manner: manner.clone(),
        };
        let named = |error: Error| error.with_origin(PROVIDER, "aggregate_footfall");
        let (range, footfalls) = self.bulk().available(query, request.availability).await.map_err(named)?;
        outcomes.extend(known.into_iter().zip(footfalls));
        let outcomes = venues.iter().map(|venue| outcomes.remove(venue).unwrap_or_else(unanswered)).collect();
        Ok(aggregate(venues, outcomes, request.dwell_weighting, range, manner.meter.cost()))
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
    fn manner(&self, cache: CachePolicy, ttl: Option<Duration>) -> Manner {
        let mut options = RequestOptions::default();
        options.cache = cache;
        Manner { options, ttl: self.ttl(ttl), meter: Meter::default() }
    }

    /// Asks for the days that there is data for, as the policy says; gives them with the answers.
    async fn available(
        &self,
        mut query: FootfallQuery,
        policy: AvailabilityPolicy,
    ) -> Result<(DateRange, Vec<Result<Footfall>>)> {
        check_past(query.range, self.today())?;
        let asked = policy.apply(query.range, self.services().latest_day(self.today()))?;
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

fn unanswered<T>() -> Result<T> {
    Err(Error::new(ErrorKind::NotFound, "there is no answer for the venue"))
}

/// Nothing was found, and some of it because of its arguments. Placer has one code for all of them; ids were checked,
/// so that it is most likely the days.
fn dates_refused(answers: &[Result<Footfall>]) -> bool {
    let refused = |error: &Error| error.placer_code() == Some(PlacerCode::InvalidArguments);
    answers.iter().all(Result::is_err) && answers.iter().filter_map(|answer| answer.as_ref().err()).any(refused)
}
