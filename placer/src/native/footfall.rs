//! The services on the native contract: which reports answer which question.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use async_trait::async_trait;
use chrono::NaiveDate;
use connectors_core::provider::{CacheKey, Fetched};
use connectors_core::{DateRange, Error, ErrorKind, Result, ServiceSummary};
use futures_util::future::join;
use futures_util::{StreamExt, stream};
use http::StatusCode;

use super::body::Body;
use super::report::{Ask, Manner, reports};
use super::visits::{DWELL_TIME, HOURS, TRENDS_SINGLE, check_segment, daily_trends, visit_metrics};
use crate::PlacerClient;
use crate::contract::{FootfallQuery, MovementQuery, Services};
use crate::dates::latest_complete_day;
use crate::derive::{footfall as derive, movement};
use crate::model::{
    Cost, DwellTime, EntityType, Fidelity, Footfall, Granularity, HourlyVisits, Movement, Outcome, PeriodTotals,
    VenueId, VisitMetrics, VisitTrend,
};

/// The native contract.
#[derive(Debug)]
pub(crate) struct Native;

#[async_trait]
impl Services for Native {
    fn latest_day(&self, today: NaiveDate) -> NaiveDate {
        latest_complete_day(today)
    }

    fn check_venue(&self, venue: &VenueId) -> Result<()> {
        venue.check_native()
    }

    fn offers(&self, _: &'static str) -> Result<()> {
        Ok(())
    }

    async fn footfall(&self, client: &PlacerClient, query: &FootfallQuery) -> Result<Vec<Result<Footfall>>> {
        check_segment(query.segment.as_ref())?;
        let trends = Trends { client, query }.daily().await;
        let mut footfalls: Vec<_> =
            trends.into_iter().zip(&query.venues).map(|(trend, venue)| Ok(found(trend?, venue, query.range))).collect();
        match query.fidelity {
            Fidelity::VisitsOnly => {}
            Fidelity::WithPeriodTotals => add_periods(client, query, &mut footfalls).await,
            Fidelity::Estimate => {
                add_periods(client, query, &mut footfalls).await;
                for footfall in footfalls.iter_mut().flatten() {
                    if let Some(period) = &footfall.period {
                        derive::estimate(&mut footfall.rows, period);
                    }
                }
            }
            Fidelity::PerDay => add_days(client, query, &mut footfalls).await,
        }
        Ok(footfalls)
    }

    async fn movement(&self, client: &PlacerClient, query: &MovementQuery) -> Result<Movement> {
        let ask = Ask { operation: &HOURS, body: Body::new(query.range), chunk: None };
        let venues = [query.venue.clone()];
        let hours: Option<Result<Outcome<HourlyVisits>>> = reports(client, &ask, &venues, &query.manner).await.pop();
        let hours = hours.transpose()?.and_then(Outcome::into_option);
        let hours = hours.ok_or_else(|| movement::no_visits(query.venue.as_str(), query.range))?;
        movement::movement(&hours, query.range, &client.settings().movement)
    }

    async fn probe(&self, client: &PlacerClient) -> Result<String> {
        let usage = client.account().usage_status().await?;
        Ok(format!("a key with {} calls and {} places this week", usage.used_quota, usage.queried_pois))
    }

    async fn summary(&self, client: &PlacerClient) -> Result<ServiceSummary> {
        let usage = client.account().usage_status().await?;
        Ok(ServiceSummary::new([("calls this week", usage.used_quota), ("places this week", usage.queried_pois)]))
    }
}

/// No data is an answer without rows.
fn found(trend: Outcome<VisitTrend>, venue: &VenueId, range: DateRange) -> Footfall {
    Footfall {
        venue: venue.clone(),
        rows: trend.found().map(|trend| derive::rows(trend)).unwrap_or_default(),
        period: None,
        effective_range: range,
        segment: trend.found().and_then(|trend| trend.segment.clone()),
        cost: Cost::default(),
    }
}

/// Daily visits. The bulk report does not take custom places and does not say so: what looks like one is asked for by
/// the single report when the bulk one fails, and from then on at once.
struct Trends<'a> {
    client: &'a PlacerClient,
    query: &'a FootfallQuery,
}

/// A place that only the single report takes.
struct SingleOnly;

impl Trends<'_> {
    async fn daily(&self) -> Vec<Result<Outcome<VisitTrend>>> {
        let maybe_custom = |venue: &VenueId| venue.entity_type() == Some(EntityType::Complex);
        let known = |venue: &VenueId| self.client.core().cache().get::<SingleOnly>(&self.key(venue)).is_some();
        let (single, bulk): (Vec<_>, Vec<_>) =
            self.query.venues.iter().cloned().partition(|venue| maybe_custom(venue) && known(venue));
        let mut outcomes: HashMap<VenueId, _> = bulk.iter().cloned().zip(self.bulk(&bulk).await).collect();
        let mut again: Vec<_> = bulk
            .into_iter()
            .filter(|v| {
                maybe_custom(v)
                    && outcomes.get(v).is_some_and(|o| fails(o, &[ErrorKind::InvalidRequest, ErrorKind::NotFound]))
            })
            .collect();
        if !again.is_empty() {
            // A custom place can spoil the whole request: the others get a second one without it.
            let spoiled: Vec<_> = outcomes
                .iter()
                .filter(|(v, o)| !maybe_custom(v) && is_refused_whole(o))
                .map(|(v, _)| v.clone())
                .collect();
            outcomes.extend(spoiled.iter().cloned().zip(self.bulk(&spoiled).await));
        }
        again.extend(single);
        for (venue, outcome) in again.iter().zip(self.singles(&again).await) {
            if outcome.is_ok() {
                let ttl = self.client.ttl(None);
                self.client.core().cache().insert(self.key(venue), Fetched { value: SingleOnly, bytes: 0, ttl });
            }
            outcomes.insert(venue.clone(), outcome);
        }
        let missing = || Err(Error::new(ErrorKind::NotFound, "the answer leaves this venue out"));
        self.query.venues.iter().map(|venue| outcomes.remove(venue).unwrap_or_else(missing)).collect()
    }

    async fn bulk(&self, venues: &[VenueId]) -> Vec<Result<Outcome<VisitTrend>>> {
        let ask = daily_trends(self.query.range, self.query.segment.clone(), self.client.settings().trends_chunk);
        reports(self.client, &ask, venues, &self.query.manner).await
    }

    async fn singles(&self, venues: &[VenueId]) -> Vec<Result<Outcome<VisitTrend>>> {
        let body = Body::new(self.query.range).with("granularity", Granularity::Day);
        let ask = Ask { operation: &TRENDS_SINGLE, body, chunk: None };
        reports(self.client, &ask, venues, &self.query.manner).await
    }

    fn key(&self, venue: &VenueId) -> CacheKey {
        CacheKey::new(self.client.core().partition(), venue.as_str(), b"single only")
    }
}

/// Whether the request was refused, not this venue in it.
fn is_refused_whole(outcome: &Result<Outcome<VisitTrend>>) -> bool {
    outcome.as_ref().err().is_some_and(|error| error.status() == Some(StatusCode::BAD_REQUEST))
}

fn fails(outcome: &Result<Outcome<VisitTrend>>, kinds: &[ErrorKind]) -> bool {
    outcome.as_ref().err().is_some_and(|error| kinds.contains(&error.kind()))
}

/// The venues that have rows, as far as they are not failed.
fn with_rows(footfalls: &[Result<Footfall>]) -> Vec<VenueId> {
    footfalls
        .iter()
        .flatten()
        .filter(|footfall| !footfall.rows.is_empty())
        .map(|footfall| footfall.venue.clone())
        .collect()
}

/// Changes each footfall by what was found out about its venue, or fails it.
fn apply<T>(
    footfalls: &mut [Result<Footfall>],
    mut found: HashMap<VenueId, Result<T>>,
    change: impl Fn(&mut Footfall, T),
) {
    for slot in footfalls {
        let Ok(footfall) = slot else { continue };
        match found.remove(&footfall.venue) {
            Some(Ok(value)) => change(footfall, value),
            Some(Err(error)) => *slot = Err(error),
            None => {}
        }
    }
}

async fn add_periods(client: &PlacerClient, query: &FootfallQuery, footfalls: &mut [Result<Footfall>]) {
    let venues = with_rows(footfalls);
    let (metrics, dwells) = metrics_and_dwells(client, query.range, &venues, &query.manner).await;
    let period = |(metrics, dwell): (Result<Outcome<_>>, Result<Outcome<_>>)| -> Result<PeriodTotals> {
        Ok(derive::period(metrics?.into_option().as_deref(), dwell?.into_option().as_deref()))
    };
    let periods = metrics.into_iter().zip(dwells).map(period);
    apply(footfalls, venues.into_iter().zip(periods).collect(), |footfall, period| footfall.period = Some(period));
}

type Day = (Outcome<VisitMetrics>, Outcome<DwellTime>);

async fn add_days(client: &PlacerClient, query: &FootfallQuery, footfalls: &mut [Result<Footfall>]) {
    let mut venues_by_day = BTreeMap::<NaiveDate, Vec<VenueId>>::new();
    for footfall in footfalls.iter().flatten() {
        for row in &footfall.rows {
            venues_by_day.entry(row.date).or_default().push(footfall.venue.clone());
        }
    }
    let days = venues_by_day.into_iter().map(|(date, venues)| one_day(client, &query.manner, date, venues));
    let days: Vec<_> = stream::iter(days).buffered(client.settings().concurrency).collect().await;
    let mut found: HashMap<VenueId, Result<HashMap<NaiveDate, Day>>> = HashMap::new();
    for (date, venue, outcome) in days.into_iter().flatten() {
        let entry = found.entry(venue).or_insert_with(|| Ok(HashMap::new()));
        match (entry.as_mut(), outcome) {
            (Ok(days), Ok(day)) => drop(days.insert(date, day)),
            (Ok(_), Err(error)) => *entry = Err(error),
            (Err(_), _) => {}
        }
    }
    apply(footfalls, found, |footfall, days| {
        for row in &mut footfall.rows {
            let Some((metrics, dwell)) = days.get(&row.date) else { continue };
            derive::fill(row, metrics.found().map(Arc::as_ref), dwell.found().map(Arc::as_ref));
        }
    });
}

async fn one_day(
    client: &PlacerClient,
    manner: &Manner,
    date: NaiveDate,
    venues: Vec<VenueId>,
) -> Vec<(NaiveDate, VenueId, Result<Day>)> {
    let range = client.settings().one_day(date);
    let (metrics, dwells) = metrics_and_dwells(client, range, &venues, manner).await;
    let day = |(metrics, dwell): (Result<Outcome<_>>, Result<Outcome<_>>)| Ok((metrics?, dwell?));
    let days = metrics.into_iter().zip(dwells).map(day);
    venues.into_iter().zip(days).map(|(venue, day)| (date, venue, day)).collect()
}

async fn metrics_and_dwells(
    client: &PlacerClient,
    range: DateRange,
    venues: &[VenueId],
    manner: &Manner,
) -> (Vec<Result<Outcome<VisitMetrics>>>, Vec<Result<Outcome<DwellTime>>>) {
    let (metrics, dwells) = (visit_metrics(range), Ask { operation: &DWELL_TIME, body: Body::new(range), chunk: None });
    join(reports(client, &metrics, venues, manner), reports(client, &dwells, venues, manner)).await
}
