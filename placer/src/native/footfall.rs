//! The services on the native contract: which reports answer which question.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use async_trait::async_trait;
use chrono::NaiveDate;
use connectors_core::provider::{CacheKey, Fetched};
use connectors_core::{DateRange, Error, ErrorKind, Result, ServiceSummary};
use futures_util::future::join;
use futures_util::{StreamExt, stream};

use super::plan::Planner;
use super::report::{Ask, Manner, kept, reports};
use super::visits::{DWELL_TIME, HOURS, TRENDS_SINGLE, check_segment, daily_trends, visit_metrics};
use crate::contract::{FootfallQuery, MovementQuery, Services};
use crate::dates::latest_complete_day;
use crate::derive::{footfall as derive, movement};
use crate::gateway::GATEWAY_OPERATIONS;
use crate::model::{
    Cost, DayFailure, DwellTime, Fidelity, Footfall, Granularity, HourlyVisits, Movement, NoData, Outcome, VenueId,
    VisitMetrics, VisitTrend,
};
use crate::{PROVIDER, PlacerClient};

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

    fn offers(&self, operation: &'static str) -> Result<()> {
        if !GATEWAY_OPERATIONS.contains(&operation) {
            return Ok(());
        }
        let error = Error::unsupported(PROVIDER, operation, "the native contract has no such operation");
        Err(error.with_hint("gateways have it; here, the service and the reports answer the same questions"))
    }

    async fn footfall(&self, client: &PlacerClient, query: &FootfallQuery) -> Result<Vec<Result<Footfall>>> {
        check_segment(query.segment.as_ref())?;
        let trends = Trends { client, query }.daily().await;
        let mut footfalls: Vec<_> =
            trends.into_iter().zip(&query.venues).map(|(trend, venue)| found(&trend?, venue, query.range)).collect();
        let with_data: Vec<_> = footfalls
            .iter()
            .flatten()
            .map(|footfall| (footfall.venue.clone(), footfall.rows.iter().map(|row| row.date).collect()))
            .collect();
        let mut details = details(client, &query.manner, further(client, query, &with_data)).await;
        for slot in &mut footfalls {
            let details = slot.as_ref().ok().and_then(|footfall| details.remove(&footfall.venue));
            if let (Ok(footfall), Some(details)) = (slot.as_mut(), details)
                && let Err(error) = add(footfall, query.fidelity, details)
            {
                *slot = Err(error);
            }
        }
        Ok(footfalls)
    }

    async fn movement(&self, client: &PlacerClient, query: &MovementQuery) -> Result<Movement> {
        let venues = [query.venue.clone()];
        let hours = reports::<HourlyVisits>(client, &Ask::one(&HOURS, query.range), &venues, &query.manner).await.pop();
        let hours = hours.transpose()?;
        if let Some(Outcome::NoData(reason @ NoData::Flagged)) = hours {
            return Err(reason.into_error());
        }
        let hours = hours.and_then(Outcome::into_option);
        let hours = hours.ok_or_else(|| movement::no_visits(query.venue.as_str(), query.range))?;
        movement::movement(&hours, query.range, &client.settings().movement)
    }

    async fn plan_footfall(&self, query: &FootfallQuery, planner: &mut Planner<'_>) -> Result<()> {
        check_segment(query.segment.as_ref())?;
        let client = planner.client();
        let with_data = Trends { client, query }.plan(planner).await;
        for Further { range, venues } in further(client, query, &with_data) {
            let (metrics, dwells) = metrics_and_dwells(range);
            planner.reports::<VisitMetrics>(&metrics, &venues).await;
            planner.reports::<DwellTime>(&dwells, &venues).await;
        }
        Ok(())
    }

    async fn plan_movement(&self, query: &MovementQuery, planner: &mut Planner<'_>) -> Result<()> {
        planner.reports::<HourlyVisits>(&Ask::one(&HOURS, query.range), std::slice::from_ref(&query.venue)).await;
        Ok(())
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

/// No data is an answer without rows. A flagged place will never have any, which should be seen.
fn found(trend: &Outcome<VisitTrend>, venue: &VenueId, range: DateRange) -> Result<Footfall> {
    if trend.no_data() == Some(&NoData::Flagged) {
        return Err(NoData::Flagged.into_error());
    }
    Ok(Footfall {
        venue: venue.clone(),
        rows: trend.found().map(|trend| derive::rows(trend)).unwrap_or_default(),
        period: None,
        effective_range: range,
        segment: trend.found().and_then(|trend| trend.segment.clone()),
        failed_days: Vec::new(),
        cost: Cost::default(),
    })
}

/// Daily visits. The bulk report does not take custom places and does not say so: what looks like one is asked for by
/// the single report when the bulk one fails, and from then on at once.
struct Trends<'a> {
    client: &'a PlacerClient,
    query: &'a FootfallQuery,
}

/// A place that only the single report takes.
struct SingleOnly;

/// Which of its days have data, by venue.
type WithData = Vec<(VenueId, Vec<NaiveDate>)>;

/// Whether the account made the place, as far as that was found out.
pub(super) fn is_known_as_custom(client: &PlacerClient, venue: &VenueId) -> bool {
    venue.may_be_custom() && client.core().cache().get::<SingleOnly>(&single_only(client, venue)).is_some()
}

fn single_only(client: &PlacerClient, venue: &VenueId) -> CacheKey {
    CacheKey::new(client.core().partition(), venue.as_str(), b"single only")
}

impl Trends<'_> {
    /// Those that only the single report takes, as far as that is known, and the others.
    fn split(&self) -> (Vec<VenueId>, Vec<VenueId>) {
        self.query.venues.iter().cloned().partition(|venue| is_known_as_custom(self.client, venue))
    }

    /// Says what is going to be asked, and for which days it will tell something: all that are not known not to.
    async fn plan(&self, planner: &mut Planner<'_>) -> WithData {
        let mut with_data = WithData::new();
        let (single, bulk) = self.split();
        for (ask, venues) in [(self.bulk_ask(), bulk), (self.single_ask(), single)] {
            planner.reports::<VisitTrend>(&ask, &venues).await;
            let kept = kept::<VisitTrend>(self.client, &ask, &venues, &self.query.manner);
            for (venue, kept) in venues.into_iter().zip(kept) {
                let days = match kept.as_deref() {
                    Some(trend) => trend.found().map(|trend| trend.points.iter().map(|point| point.date).collect()),
                    None => Some(self.query.range.days().collect()),
                };
                with_data.push((venue, days.unwrap_or_default()));
            }
        }
        with_data
    }

    async fn daily(&self) -> Vec<Result<Outcome<VisitTrend>>> {
        let (single, bulk) = self.split();
        let mut outcomes: HashMap<VenueId, _> = bulk.iter().cloned().zip(self.bulk(&bulk).await).collect();
        let mut again: Vec<_> = bulk
            .into_iter()
            .filter(|v| {
                v.may_be_custom()
                    && outcomes.get(v).is_some_and(|o| fails(o, &[ErrorKind::InvalidRequest, ErrorKind::NotFound]))
            })
            .collect();
        again.extend(single);
        for (venue, outcome) in again.iter().zip(self.singles(&again).await) {
            if outcome.is_ok() {
                let ttl = self.client.ttl(None).open;
                self.client
                    .core()
                    .cache()
                    .insert(single_only(self.client, venue), Fetched { value: SingleOnly, bytes: 0, ttl });
            }
            outcomes.insert(venue.clone(), outcome);
        }
        let missing = || Err(Error::new(ErrorKind::NotFound, "the answer leaves this venue out"));
        self.query.venues.iter().map(|venue| outcomes.remove(venue).unwrap_or_else(missing)).collect()
    }

    async fn bulk(&self, venues: &[VenueId]) -> Vec<Result<Outcome<VisitTrend>>> {
        reports(self.client, &self.bulk_ask(), venues, &self.query.manner).await
    }

    async fn singles(&self, venues: &[VenueId]) -> Vec<Result<Outcome<VisitTrend>>> {
        reports(self.client, &self.single_ask(), venues, &self.query.manner).await
    }

    fn bulk_ask(&self) -> Ask {
        daily_trends(self.query.range, self.query.segment.clone(), self.client.settings().trends_chunk)
    }

    fn single_ask(&self) -> Ask {
        let ask = Ask::one(&TRENDS_SINGLE, self.query.range);
        Ask { body: ask.body.with("granularity", Granularity::Day), ..ask }
    }
}

fn fails(outcome: &Result<Outcome<VisitTrend>>, kinds: &[ErrorKind]) -> bool {
    outcome.as_ref().err().is_some_and(|error| kinds.contains(&error.kind()))
}

/// What is to be found out besides the visits: about some venues, in these days at once.
struct Further {
    range: DateRange,
    venues: Vec<VenueId>,
}

/// What the fidelity asks for, about days with data.
fn further(client: &PlacerClient, query: &FootfallQuery, with_data: &[(VenueId, Vec<NaiveDate>)]) -> Vec<Further> {
    let mut by_range = BTreeMap::<NaiveDate, Further>::new();
    for (venue, days) in with_data {
        let ranges = match query.fidelity {
            Fidelity::VisitsOnly => Vec::new(),
            Fidelity::WithPeriodTotals | Fidelity::Estimate => days.first().map(|_| query.range).into_iter().collect(),
            Fidelity::PerDay => days.iter().map(|day| client.settings().one_day(*day)).collect(),
        };
        for range in ranges {
            let further = by_range.entry(range.start()).or_insert_with(|| Further { range, venues: Vec::new() });
            further.venues.push(venue.clone());
        }
    }
    by_range.into_values().collect()
}

fn metrics_and_dwells(range: DateRange) -> (Ask, Ask) {
    (visit_metrics(range), Ask::one(&DWELL_TIME, range))
}

/// What was found out about a venue from this day on.
struct Detail {
    from: NaiveDate,
    metrics: Result<Outcome<VisitMetrics>>,
    dwell: Result<Outcome<DwellTime>>,
}

async fn details(client: &PlacerClient, manner: &Manner, further: Vec<Further>) -> HashMap<VenueId, Vec<Detail>> {
    let find = |Further { range, venues }: Further| async move {
        let (metrics, dwells) = metrics_and_dwells(range);
        let found = join(reports(client, &metrics, &venues, manner), reports(client, &dwells, &venues, manner)).await;
        (range.start(), venues, found)
    };
    let mut found = stream::iter(further.into_iter().map(find)).buffered(client.settings().concurrency);
    let mut details = HashMap::<VenueId, Vec<Detail>>::new();
    while let Some((from, venues, (metrics, dwells))) = found.next().await {
        for (venue, (metrics, dwell)) in venues.into_iter().zip(metrics.into_iter().zip(dwells)) {
            details.entry(venue).or_default().push(Detail { from, metrics, dwell });
        }
    }
    details
}

/// Adds what was found out; fails when that is nothing.
fn add(footfall: &mut Footfall, fidelity: Fidelity, details: Vec<Detail>) -> Result<()> {
    if fidelity == Fidelity::PerDay {
        return add_days(footfall, details);
    }
    for Detail { metrics, dwell, .. } in details {
        let period = derive::period(metrics?.into_option().as_deref(), dwell?.into_option().as_deref());
        if fidelity == Fidelity::Estimate {
            derive::estimate(&mut footfall.rows, &period);
        }
        footfall.period = Some(period);
    }
    Ok(())
}

fn add_days(footfall: &mut Footfall, details: Vec<Detail>) -> Result<()> {
    let (mut any, asked) = (false, !details.is_empty());
    let mut days: HashMap<_, _> = details.into_iter().map(|detail| (detail.from, detail)).collect();
    for row in &mut footfall.rows {
        let Some(Detail { metrics, dwell, .. }) = days.remove(&row.date) else { continue };
        any |= metrics.is_ok() || dwell.is_ok();
        let found = (metrics.as_ref().ok().and_then(Outcome::found), dwell.as_ref().ok().and_then(Outcome::found));
        derive::fill(row, found.0.map(Arc::as_ref), found.1.map(Arc::as_ref));
        if let Some(error) = metrics.err().or(dwell.err()) {
            footfall.failed_days.push(DayFailure { date: row.date, error });
        }
    }
    match footfall.failed_days.first() {
        Some(failure) if asked && !any => Err(failure.error.clone()),
        _ => Ok(()),
    }
}
