//! The contract that integration gateways speak: two GETs with a bearer token.
//!
//! `GET {base}/venues/{id}/footfall?start&end` and `GET {base}/venues/{id}/movement`. Rows come complete. Some gateways
//! answer with a list, some with one object, some write hours as `12:00 PM`, some as `12:00`: all of it is read.

use async_trait::async_trait;
use bytes::Bytes;
use chrono::NaiveDate;
use connectors_core::provider::{CacheKey, Fetched, Operation, decode_json};
use connectors_core::{CachePolicy, DateRange, Error, ErrorKind, Response, Result, ServiceSummary};
use futures_util::{StreamExt, stream};
use http::Method;
use serde::Deserialize;
use serde::de::MapAccess;

use crate::contract::{FootfallQuery, MovementQuery, Services};
use crate::model::{Cost, Fidelity, Footfall, FootfallDay, Movement, Quality, TrafficLevel, VenueId, parse_hour};
use crate::native::node::{Count, Measure, Members, Node, Text};
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
        Err(lacks(operation, "such operation: only footfall and movement"))
    }

    async fn footfall(&self, client: &PlacerClient, query: &FootfallQuery) -> Result<Vec<Result<Footfall>>> {
        check_footfall(query)?;
        let days = query.venues.iter().cloned().map(|venue| footfall(client, venue, query));
        Ok(stream::iter(days).buffered(client.settings().concurrency).collect().await)
    }

    async fn movement(&self, client: &PlacerClient, query: &MovementQuery) -> Result<Movement> {
        check_movement(query)?;
        let venue = query.venue.clone();
        let read =
            move |members: Vec<Pattern>| members.into_iter().next().and_then(|pattern| pattern.into_movement(venue));
        let call = Ask { operation: &MOVEMENT, venue: &query.venue, range: None, manner: &query.manner };
        let movement = call.cached(client, move |members| Ok(read(members))).await?;
        movement.ok_or_else(|| crate::derive::movement::no_visits(query.venue.as_str(), query.range))
    }

    async fn plan_footfall(&self, query: &FootfallQuery, planner: &mut Planner<'_>) -> Result<()> {
        check_footfall(query)?;
        for venue in &query.venues {
            let ask = Ask { operation: &FOOTFALL, venue, range: Some(query.range), manner: &query.manner };
            ask.plan::<Vec<FootfallDay>>(planner);
        }
        Ok(())
    }

    async fn plan_movement(&self, query: &MovementQuery, planner: &mut Planner<'_>) -> Result<()> {
        check_movement(query)?;
        let ask = Ask { operation: &MOVEMENT, venue: &query.venue, range: None, manner: &query.manner };
        ask.plan::<Option<Movement>>(planner);
        Ok(())
    }

    async fn probe(&self, client: &PlacerClient) -> Result<String> {
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

fn check_movement(query: &MovementQuery) -> Result<()> {
    if query.chosen {
        return Err(lacks("movement", "range for movement: it has its own"));
    }
    Ok(())
}

async fn footfall(client: &PlacerClient, venue: VenueId, query: &FootfallQuery) -> Result<Footfall> {
    let range = query.range;
    let call = Ask { operation: &FOOTFALL, venue: &venue, range: Some(range), manner: &query.manner };
    let owner = venue.clone();
    let rows = call
        .cached(client, move |days: Vec<Day>| {
            let rows: Result<Vec<_>> =
                days.into_iter().filter_map(|day| day.into_row(&owner, range).transpose()).collect();
            rows.and_then(in_order)
        })
        .await?;
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

/// The rows by day. A row may be repeated; which of two different ones is right, nobody can tell.
fn in_order(mut rows: Vec<FootfallDay>) -> Result<Vec<FootfallDay>> {
    rows.sort_by_key(|row| row.date);
    rows.dedup();
    let twice = rows.iter().zip(rows.iter().skip(1)).find(|(one, next)| one.date == next.date);
    match twice {
        Some((row, _)) => Err(unreadable(format!("{} has several rows that differ", row.date))),
        None => Ok(rows),
    }
}

fn unreadable(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Decode, message).with_json_path("date")
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

    /// The answer from the cache, or fetched and read.
    async fn cached<M, T>(
        &self,
        client: &PlacerClient,
        read: impl FnOnce(Vec<M>) -> Result<T> + Send + 'static,
    ) -> Result<T>
    where
        M: Members + Send,
        T: Clone + Send + Sync + 'static,
    {
        let core = client.core();
        let key = self.key(client);
        let manner = self.manner.clone();
        let call = core.call(self.operation).path("id", self.venue).options(manner.options.clone());
        let call = match self.range {
            Some(range) => call.query("start", range.start()).query("end", range.end()),
            None => call,
        };
        let operation = self.operation;
        let (policy, deadline) = (manner.options.cache, manner.deadline(client));
        let meter = manner.meter.clone();
        let fetch = async move {
            let answer = call.watch(manner.meter.watch()).until(manner.until).send_bytes().await;
            manner.meter.call(&answer);
            let answer = answer?;
            let value = decode(&answer).and_then(read).map_err(|error| error.with_origin(PROVIDER, operation.name))?;
            Ok::<_, Error>(Fetched { value, bytes: answer.len(), ttl: manner.ttl })
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

/// A row as gateways write it.
#[derive(Debug, Default)]
struct Day {
    date: Option<String>,
    visits: Count,
    unique_visitors: Count,
    dwell: Measure,
}

impl Members for Day {
    fn read<'de, A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<bool, A::Error> {
        match name {
            "date" => self.date = map.next_value::<Text>()?.0,
            "visits" => self.visits = map.next_value()?,
            "uniqueVisitors" => self.unique_visitors = map.next_value()?,
            "avgDwellTime" => self.dwell = map.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl Day {
    /// The row; `None` when it has no visits or is not of the range. What has no date is no row, but perhaps an error.
    fn into_row(self, venue: &VenueId, range: DateRange) -> Result<Option<FootfallDay>> {
        // An instant begins with its day.
        let date = self.date.as_deref().and_then(|text| text.get(..10)?.parse().ok());
        let date = date.ok_or_else(|| unreadable("a row has no date, or not one written YYYY-MM-DD"))?;
        let Some(visits) = self.visits.0 else { return Ok(None) };
        Ok(range.contains(date).then(|| FootfallDay {
            venue: venue.clone(),
            date,
            visits,
            unique_visitors: self.unique_visitors.0,
            avg_dwell_minutes: self.dwell.0,
            panel_visits: None,
            segment: None,
            quality: Quality::Reported,
        }))
    }
}

/// A pattern as gateways write it.
#[derive(Debug, Default)]
struct Pattern {
    time_of_day: Option<String>,
    traffic_level: Option<String>,
    peak_hours: Vec<Text>,
    traffic_by_hour: Vec<Hour>,
}

#[derive(Debug, Deserialize)]
struct Hour {
    hour: Text,
    visits: Count,
}

impl Members for Pattern {
    fn read<'de, A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<bool, A::Error> {
        match name {
            "timeOfDay" => self.time_of_day = map.next_value::<Text>()?.0,
            "trafficLevel" => self.traffic_level = map.next_value::<Text>()?.0,
            "peakHours" => self.peak_hours = map.next_value::<Option<_>>()?.unwrap_or_default(),
            "trafficByHour" => self.traffic_by_hour = map.next_value::<Option<_>>()?.unwrap_or_default(),
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl Pattern {
    /// The pattern; `None` when it says nothing.
    fn into_movement(self, venue: VenueId) -> Option<Movement> {
        let hour_of = |text: &Text| text.0.as_deref().and_then(parse_hour);
        let mut peak_hours: Vec<u8> = self.peak_hours.iter().filter_map(hour_of).collect();
        peak_hours.sort_unstable();
        peak_hours.dedup();
        let mut hourly = [0; 24];
        for entry in &self.traffic_by_hour {
            if let Some(slot) = hour_of(&entry.hour).and_then(|hour| hourly.get_mut(usize::from(hour))) {
                *slot = entry.visits.0.unwrap_or_default();
            }
        }
        Some(Movement {
            venue,
            range: None,
            time_of_day: self.time_of_day?,
            traffic_level: TrafficLevel::from(self.traffic_level?.as_str()),
            peak_hours,
            dayparts: Vec::new(),
            hourly,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members<M: Members>(body: &str) -> Vec<M> {
        serde_json::from_str::<Node<M>>(body).unwrap().into_entries().into_iter().map(|entry| entry.members).collect()
    }

    #[test]
    fn rows_come_as_a_list_or_alone_and_dates_as_days_or_instants() {
        let venue = VenueId::new("harbor-tacos").unwrap();
        let range = DateRange::single("2026-02-01".parse().unwrap());
        for body in [
            r#"[{"venueId":"harbor-tacos","date":"2026-02-01","visits":610,"uniqueVisitors":580,"avgDwellTime":38.5}]"#,
            r#"{"date":"2026-02-01T00:00:00.000Z","visits":"610","uniqueVisitors":580.0,"avgDwellTime":38.5,"peakHour":"12:00"}"#,
        ] {
            let row = members::<Day>(body).remove(0).into_row(&venue, range).unwrap().unwrap();
            assert_eq!(
                (row.visits, row.unique_visitors, row.avg_dwell_minutes),
                (610, Some(580), Some(38.5)),
                "{body}"
            );
        }
        let outside = members::<Day>(r#"{"date":"2026-02-02","visits":1}"#).remove(0);
        assert!(outside.into_row(&venue, range).unwrap().is_none());
    }

    #[test]
    fn what_is_no_row_or_contradicts_another_is_an_error_instead_of_a_missing_day() {
        let venue = VenueId::new("harbor-tacos").unwrap();
        let range = DateRange::single("2026-02-01".parse().unwrap());
        for body in [r#"{"error":"quota"}"#, r#"[{"visits":610}]"#, r#"[{"date":"1 Feb","visits":610}]"#] {
            assert_eq!(members::<Day>(body).remove(0).into_row(&venue, range).unwrap_err().kind(), ErrorKind::Decode);
        }
        let rows = |visits: [u64; 2]| {
            let row =
                |visits| Day { date: Some("2026-02-01".to_owned()), visits: Count(Some(visits)), ..Day::default() };
            in_order(visits.map(|visits| row(visits).into_row(&venue, range).unwrap().unwrap()).to_vec())
        };
        assert_eq!(rows([610, 610]).unwrap().len(), 1);
        assert_eq!(rows([610, 705]).unwrap_err().json_path(), Some("date"));
    }

    #[test]
    fn hours_come_in_both_ways() {
        let venue = VenueId::new("harbor-tacos").unwrap();
        for hours in [r#"["12:00 PM","1:00 PM"]"#, r#"["12:00","13:00"]"#] {
            let body = format!(r#"{{"timeOfDay":"Afternoon","trafficLevel":"High","peakHours":{hours}}}"#);
            let movement = members::<Pattern>(&body).remove(0).into_movement(venue.clone()).unwrap();
            assert_eq!((movement.peak_hours, movement.traffic_level), (vec![12, 13], TrafficLevel::High));
        }
        assert!(members::<Pattern>("{}").remove(0).into_movement(venue).is_none());
    }
}
