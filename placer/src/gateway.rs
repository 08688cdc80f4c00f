//! The contract that integration gateways speak: two GETs with a bearer token.
//!
//! `GET {base}/venues/{id}/footfall?start&end` and `GET {base}/venues/{id}/movement`. Rows come complete. Some gateways
//! are asked by `?date` instead, and have `/venues/{id}/demographics` and `/health` besides. Some answer with a list,
//! some with one object, some write hours as `12:00 PM`, some as `12:00`: all of it is read.

mod api;
mod read;

use std::future::Future;

use async_trait::async_trait;
use bytes::Bytes;
use chrono::NaiveDate;
use connectors_core::provider::{CacheKey, Call, Fetched, Operation, decode_json};
use connectors_core::{CachePolicy, DateRange, Error, ErrorKind, Response, Result, ServiceSummary};
use futures_util::{StreamExt, stream};
use http::Method;

pub(crate) use self::api::GATEWAY_OPERATIONS;
pub use self::api::GatewayApi;
use self::read::{Day, Pattern, days};
use crate::contract::{FootfallQuery, MovementQuery, Services};
use crate::model::{Cost, Fidelity, Footfall, FootfallDay, GatewayDates, Movement, VenueId};
use crate::native::node::{Members, Node};
use crate::native::plan::Planner;
use crate::native::report::Manner;
use crate::{PROVIDER, PlacerClient};

static FOOTFALL: Operation = Operation::new(PROVIDER, "venues.footfall", Method::GET, "/venues/{id}/footfall");
static MOVEMENT: Operation = Operation::new(PROVIDER, "venues.movement", Method::GET, "/venues/{id}/movement");

/// A venue that no gateway has: being told so is the cheapest proof that the key is accepted.
const NO_VENUE: &str = "connection-test";

/// The gateway contract.
#[derive(Debug)]
pub(crate) struct Gateway;

fn lacks(operation: &'static str, what: &str) -> Error {
    Error::unsupported(PROVIDER, operation, format!("the gateway contract has no {what}"))
        .with_hint("use the native contract: a key of Placer's own API, and no PLACER_API_CONTRACT")
}

#[async_trait]
impl Services for Gateway {
    fn latest_day(&self, today: NaiveDate) -> NaiveDate {
        // How late a gateway's data is, is not known: it may have today's.
        today
    }

    fn check_venue(&self, _: &VenueId) -> Result<()> {
        Ok(())
    }

    fn offers(&self, operation: &'static str) -> Result<()> {
        if GATEWAY_OPERATIONS.contains(&operation) {
            return Ok(());
        }
        Err(lacks(operation, "such operation: only footfall and movement"))
    }

    async fn footfall(&self, client: &PlacerClient, query: &FootfallQuery) -> Result<Vec<Result<Footfall>>> {
        check_footfall(query)?;
        let days = query.venues.iter().cloned().map(|venue| footfall(client, venue, query));
        Ok(stream::iter(days).buffered(client.settings().concurrency).collect().await)
    }

    async fn movement(&self, client: &PlacerClient, query: &MovementQuery) -> Result<Movement> {
        let range = check_movement(client, query)?;
        let (venue, config) = (query.venue.clone(), client.settings().movement.clone());
        let read = move |members: Vec<Pattern>| {
            let told = members.into_iter().next().and_then(|pattern| pattern.into_movement(venue));
            told.map(|told| told.pattern(&config))
        };
        let call = Ask { operation: &MOVEMENT, venue: &query.venue, range, manner: &query.manner };
        let movement = call.cached(client, move |members| Ok(read(members)), Option::is_none).await?;
        movement.ok_or_else(|| crate::derive::movement::no_visits(query.venue.as_str(), query.range))
    }

    async fn plan_footfall(&self, query: &FootfallQuery, planner: &mut Planner<'_>) -> Result<()> {
        check_footfall(query)?;
        for venue in &query.venues {
            for range in requests(query.range, planner.client().settings().gateway_dates) {
                let ask = Ask { operation: &FOOTFALL, venue, range: Some(range), manner: &query.manner };
                ask.plan::<Vec<FootfallDay>>(planner);
            }
        }
        Ok(())
    }

    async fn plan_movement(&self, query: &MovementQuery, planner: &mut Planner<'_>) -> Result<()> {
        let range = check_movement(planner.client(), query)?;
        let ask = Ask { operation: &MOVEMENT, venue: &query.venue, range, manner: &query.manner };
        ask.plan::<Option<Movement>>(planner);
        Ok(())
    }

    async fn probe(&self, client: &PlacerClient) -> Result<String> {
        if client.settings().gateway_health {
            let health = client.gateway().health().await?;
            if !health.healthy {
                let status = health.status.unwrap_or_default();
                return Err(Error::new(ErrorKind::Server, format!("the gateway says that it is `{status}`")));
            }
        }
        let accepted = || Ok(format!("the bearer of a key to the gateway {}", client.core().base()));
        match client.core().call(&MOVEMENT).path("id", NO_VENUE).send_bytes().await {
            Ok(_) => accepted(),
            // A page instead of JSON is what a server says that is no gateway.
            Err(error)
                if error.kind() == ErrorKind::NotFound && error.body_snippet().is_some_and(|b| b.starts_with('{')) =>
            {
                accepted()
            }
            Err(error) => Err(error),
        }
    }

    async fn summary(&self, _: &PlacerClient) -> Result<ServiceSummary> {
        Err(lacks("summary", "counts of usage"))
    }
}

fn check_footfall(query: &FootfallQuery) -> Result<()> {
    if query.fidelity == Fidelity::WithPeriodTotals {
        return Err(lacks("footfall", "totals of a period"));
    }
    if query.segment.is_some() {
        return Err(lacks("footfall", "choice of visit segments"));
    }
    Ok(())
}

/// The day to ask for; `None` where the gateway decides.
fn check_movement(client: &PlacerClient, query: &MovementQuery) -> Result<Option<DateRange>> {
    let by_day = client.settings().gateway_dates == GatewayDates::SingleDay && query.range.len() == 1;
    if query.chosen && !by_day {
        return Err(lacks("movement", "range for movement: it has its own"));
    }
    Ok(query.chosen.then_some(query.range))
}

/// The days of each request.
fn requests(range: DateRange, dates: GatewayDates) -> Vec<DateRange> {
    match dates {
        GatewayDates::Range => vec![range],
        GatewayDates::SingleDay => range.days().map(DateRange::single).collect(),
    }
}

async fn footfall(client: &PlacerClient, venue: VenueId, query: &FootfallQuery) -> Result<Footfall> {
    let range = query.range;
    let rows = ask_all(client, range, |range| rows(client, &venue, range, query)).await?;
    Ok(Footfall {
        venue,
        rows,
        period: None,
        effective_range: range,
        segment: None,
        failed_days: Vec::new(),
        cost: Cost::default(),
    })
}

/// The rows of one request.
async fn rows(
    client: &PlacerClient,
    venue: &VenueId,
    range: DateRange,
    query: &FootfallQuery,
) -> Result<Vec<FootfallDay>> {
    let call = Ask { operation: &FOOTFALL, venue, range: Some(range), manner: &query.manner };
    let owner = venue.clone();
    let read = move |read: Vec<Day>| days(read, &owner, range);
    call.cached(client, move |members| Ok(read(members)?.into_iter().map(FootfallDay::from).collect()), Vec::is_empty)
        .await
}

/// Sends all requests that these days take, so many at a time. Days that are not found are left out; when none of the
/// first is, the venue is not known, and the others are not asked for.
async fn ask_all<T, F: Future<Output = Result<Vec<T>>>>(
    client: &PlacerClient,
    range: DateRange,
    ask: impl Fn(DateRange) -> F,
) -> Result<Vec<T>> {
    let (dates, concurrency) = (client.settings().gateway_dates, client.settings().concurrency);
    let requests = requests(range, dates);
    let (first, rest) = requests.split_at(requests.len().min(concurrency));
    let (mut found, mut known) = (Vec::new(), false);
    for batch in [first, rest] {
        let mut missing = None;
        let mut answers = stream::iter(batch.iter().copied().map(&ask)).buffered(concurrency);
        while let Some(answer) = answers.next().await {
            match answer {
                Ok(rows) => {
                    known = true;
                    found.extend(rows);
                }
                Err(error) if error.kind() == ErrorKind::NotFound => missing = Some(error),
                Err(error) => return Err(error),
            }
        }
        if let Some(error) = missing.filter(|_| !known) {
            return Err(error);
        }
    }
    Ok(found)
}

/// Says which days are meant, as the gateway wants to be told.
fn dated(call: Call, range: Option<DateRange>, dates: GatewayDates) -> Call {
    match (range, dates) {
        (None, _) => call,
        (Some(range), GatewayDates::Range) => call.query("start", range.start()).query("end", range.end()),
        (Some(range), GatewayDates::SingleDay) => call.query("date", range.start()),
    }
}

/// One GET about a venue.
struct Ask<'a> {
    operation: &'static Operation,
    venue: &'a VenueId,
    range: Option<DateRange>,
    manner: &'a Manner,
}

impl Ask<'_> {
    fn key(&self, client: &PlacerClient) -> CacheKey {
        let fingerprint = format!("{} {:?}", self.operation.name, self.range);
        CacheKey::new(client.core().partition(), self.venue.as_str(), fingerprint.as_bytes())
    }

    /// Says that it is going to be asked, unless the answer is there.
    fn plan<T: Send + Sync + 'static>(&self, planner: &mut Planner<'_>) {
        let kept = self.manner.options.cache == CachePolicy::Use
            && planner.client().core().cache().holds::<T>(&self.key(planner.client()));
        if !kept {
            planner.place(self.operation, self.venue);
        }
    }

    /// The answer from the cache, or fetched and read. One that says nothing is not kept for long.
    async fn cached<M, T>(
        &self,
        client: &PlacerClient,
        read: impl FnOnce(Vec<M>) -> Result<T> + Send + 'static,
        is_nothing: fn(&T) -> bool,
    ) -> Result<T>
    where
        M: Members + Send,
        T: Clone + Send + Sync + 'static,
    {
        let core = client.core();
        let key = self.key(client);
        let manner = self.manner.clone();
        let call = core.call(self.operation).path("id", self.venue).options(manner.options.clone());
        let call = dated(call, self.range, client.settings().gateway_dates);
        let operation = self.operation;
        let (policy, deadline) = (manner.options.cache, manner.deadline(client));
        let meter = manner.meter.clone();
        let fetch = async move {
            let answer = call.watch(manner.meter.watch()).until(manner.until).send_bytes().await;
            manner.meter.call(&answer);
            let answer = answer?;
            let value = decode(&answer).and_then(read).map_err(|error| error.with_origin(PROVIDER, operation.name))?;
            let ttl = if is_nothing(&value) { manner.ttl.no_data } else { manner.ttl.open };
            Ok::<_, Error>(Fetched { value, bytes: answer.len(), ttl })
        };
        let cached = core.cache().get_or_fetch(key, policy, deadline, fetch).await;
        meter.value(&cached);
        cached.map(|cached| T::clone(&cached.value))
    }
}

/// The entries of an answer; none when there is no content.
fn decode<M: Members>(answer: &Response<Bytes>) -> Result<Vec<M>> {
    if answer.trim_ascii().is_empty() {
        return Ok(Vec::new());
    }
    let node: Node<M> = decode_json(answer)?;
    Ok(node.into_entries().into_iter().map(|entry| entry.members).collect())
}
