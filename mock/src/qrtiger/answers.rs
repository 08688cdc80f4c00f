//! What the provider answers, in its many forms.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Timelike, Utc};
use connectors_core::TimeZone;
use http::{HeaderValue, StatusCode, header};
use serde_json::{Map, Value, json};

use super::scans::Scan;
use super::state::{FakeCode, State};
use super::{image, uploads};
use crate::fake::{self, Reply};

/// An error in the words of the campaign endpoints.
pub(super) fn failure(status: StatusCode, message: &str) -> Reply {
    fake::json(status, &json!({"status": status.as_u16(), "message": message}))
}

pub(super) fn created(state: &State, code: &FakeCode, now: DateTime<Utc>) -> Reply {
    let mut campaign = campaign(state, code, now);
    let mut body = Map::new();
    if state.quirk(code, "id at the top", 2) {
        body.extend(campaign.remove_entry("qrId"));
    }
    let image = campaign.remove("qrImage").unwrap_or_default();
    if state.quirk(code, "image at the top", 2) {
        body.insert("imageUrl".to_owned(), image);
    } else {
        let png = image::base64(&image::picture("png", &code.id));
        campaign.insert("qrImage".to_owned(), format!("data:image/png;base64,{png}").into());
    }
    body.insert("data".to_owned(), campaign.into());
    fake::json(StatusCode::OK, &body)
}

pub(super) fn edited(state: &State, code: &FakeCode) -> Reply {
    fake::json(StatusCode::OK, &json!({"data": {"id": object_id(state, code)}}))
}

pub(super) fn listed(state: &State, codes: &[&FakeCode], now: DateTime<Utc>) -> Reply {
    let campaigns = codes.iter().map(|code| campaign(state, code, now).into()).collect();
    let body = if state.seed.is_multiple_of(2) { Value::Array(campaigns) } else { json!({"data": campaigns}) };
    fake::json(StatusCode::OK, &body)
}

/// A static code: base64, a data URI, or the plain picture.
pub(super) fn rendered(state: &State, format: &str, picture: &bytes::Bytes) -> Reply {
    let media_type = image::media_type(format);
    let text = image::base64(picture);
    let data = match state.seed % 3 {
        0 => {
            let mut reply = Reply::new(picture.clone());
            reply.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
            return reply;
        }
        1 => text,
        _ => format!("data:{media_type};base64,{text}"),
    };
    fake::json(StatusCode::OK, &json!({"data": data, "url": format!("qr_{}.{format}", picture.len())}))
}

pub(super) fn data(
    state: &mut State,
    id: &str,
    query: Result<BTreeMap<String, String>, String>,
    now: DateTime<Utc>,
) -> Reply {
    // Errors of this endpoint come inside of 200.
    let failed = |status: u16, message: &str| {
        fake::json(StatusCode::OK, &json!({"status": status, "data": {"message": message}}))
    };
    let span = match query.and_then(|parameters| Span::read(&parameters, now)) {
        Ok(span) => span,
        Err(message) => return failed(400, &message),
    };
    let Some(code) = state.find(id).cloned() else { return failed(404, "QR code not found") };
    let scans = state.scans(&code, now);
    let counted: Vec<_> = scans.iter().filter(|scan| span.contains(scan.at)).collect();
    let firsts: Vec<_> = counted.iter().copied().filter(|scan| scan.first).collect();
    let total = scans.len();
    let mut campaign = campaign(state, &code, now);
    // Lists do not have it.
    campaign.insert("svgImage".to_owned(), vectors(state, &code).into());
    let body = json!({
        "scans": if state.quirk(&code, "numbers as text", 3) { json!(total.to_string()) } else { json!(total) },
        "totalUniqueScan": scans.iter().filter(|scan| scan.first).count(),
        "totalScanByDate": counted.len(),
        "totalUniqueScanByDate": firsts.len(),
        "data": grouped(&counted, |s| (&s.device, &s.country, &s.city), |(device, loc, city)| {
            json!({"device": device, "loc": loc, "city": city})
        }),
        "device": grouped(&counted, |scan| &scan.device, |device| json!({"device": device})),
        "country": grouped(&counted, |scan| &scan.country, |loc| json!({"loc": loc})),
        "city": grouped(&counted, |scan| &scan.city, |city| json!({"city": city})),
        "graph": grouped(&counted, |scan| span.tick(scan.at), Tick::json),
        "unique": grouped(&firsts, |scan| span.tick(scan.at), Tick::json),
        "smediaActivity": [],
        "campaign": campaign,
    });
    fake::json(StatusCode::OK, &json!({"data": body}))
}

/// How many scans share a key. What nobody did is not there.
fn grouped<'a, K: Ord>(scans: &[&'a Scan], key: impl Fn(&'a Scan) -> K, id: impl Fn(K) -> Value) -> Vec<Value> {
    let mut groups = BTreeMap::<K, u64>::new();
    for scan in scans {
        *groups.entry(key(scan)).or_default() += 1;
    }
    groups.into_iter().map(|(key, count)| json!({"_id": id(key), "count": count})).collect()
}

/// A bar of the graph: a month, a day or an hour.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Tick {
    date: NaiveDate,
    hour: Option<u32>,
    finest: Finest,
}

impl Tick {
    fn json(self) -> Value {
        let (year, month, day) = (self.date.year(), self.date.month(), self.date.day());
        match self.finest {
            Finest::Month => json!({"year": year, "month": month}),
            Finest::Day => json!({"year": year, "month": month, "day": day}),
            Finest::Hour => json!({"year": year, "month": month, "day": day, "hour": self.hour}),
        }
    }
}

/// What statistics are asked for.
struct Span {
    start: DateTime<Utc>,
    end: DateTime<Utc>,
    zone: TimeZone,
    finest: Finest,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Finest {
    Month,
    Day,
    Hour,
}

impl Span {
    fn read(parameters: &BTreeMap<String, String>, now: DateTime<Utc>) -> Result<Self, String> {
        let zone = parameters
            .get("tz")
            .map_or(Ok(TimeZone::UTC), |name| TimeZone::new(name).map_err(|e| e.message().to_owned()))?;
        let instant = |name: &str| match parameters.get(name) {
            Some(text) => {
                let seconds = text.parse().ok().and_then(|seconds| DateTime::<Utc>::from_timestamp(seconds, 0));
                seconds.map(Some).ok_or_else(|| format!("{name} must be in seconds since 1970"))
            }
            None => Ok(None),
        };
        let (start, end) = (instant("timestamp")?, instant("endTimestamp")?);
        let day = zone.to_local(start.unwrap_or(now)).date();
        let from = |days: u64| zone.start_of_day(day.checked_sub_days(Days::new(days)).unwrap_or(day));
        let end_of_day = zone.start_of_day(day.checked_add_days(Days::new(1)).unwrap_or(day)) - TimeDelta::seconds(1);
        let (start, end, finest) = match parameters.get("period").map(String::as_str) {
            None | Some("daysAll") => (DateTime::UNIX_EPOCH, now, Finest::Day),
            Some("day") => (from(0), end_of_day, Finest::Hour),
            Some("week") => (from(6), end_of_day, Finest::Day),
            Some("month") => (from(29), end_of_day, Finest::Day),
            Some("months" | "year") => (DateTime::UNIX_EPOCH, now, Finest::Month),
            Some("custom") => {
                let (start, end) = start.zip(end).ok_or("custom needs timestamp and endTimestamp")?;
                (start, end, Finest::Day)
            }
            Some(other) => return Err(format!("period {other} is not supported")),
        };
        Ok(Self { start, end, zone, finest })
    }

    fn contains(&self, at: DateTime<Utc>) -> bool {
        (self.start..=self.end).contains(&at)
    }

    fn tick(&self, at: DateTime<Utc>) -> Tick {
        let local = self.zone.to_local(at);
        let date = if self.finest == Finest::Month { local.date().with_day(1) } else { None };
        let hour = (self.finest == Finest::Hour).then(|| local.hour());
        Tick { date: date.unwrap_or(local.date()), hour, finest: self.finest }
    }
}

fn campaign(state: &State, code: &FakeCode, now: DateTime<Utc>) -> Map<String, Value> {
    let object_id = object_id(state, code);
    let iso = |at: DateTime<Utc>| at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
    let short_url = match &state.served_at {
        Some(face) => format!("{face}/qr/{}", code.id),
        None if state.quirk(code, "short link", 3) => format!("qr1.be/{}", code.id),
        None => format!("https://qr1.be/{}", code.id),
    };
    let members = json!({
        "_id": object_id,
        "id": object_id,
        "qrId": code.id,
        "qrName": code.name,
        "qrType": "qr2",
        "qrCategory": code.category,
        "shortUrl": short_url,
        "redirectUrl": code.destination,
        "murlData": [],
        "qrImage": uploads::address(state, code, "png"),
        "qrConfig": code.design,
        "owner": "64f0c1de2a9b84c7d3e6f0a1",
        "scans": state.scan_count(code, now),
        "scanLoop": false,
        "archive": code.archived,
        "bulk": false,
        "blocked": code.blocked,
        "lock": {"active": code.locked},
        "expiryDate": code.expires_at.map(iso),
        "expiryScans": code.expires_after_scans,
        "createdAt": iso(code.created_at),
        "updatedAt": iso(code.updated_at),
        "urlUpdatedAt": code.url_updated_at.map(iso),
        "__v": 0,
    });
    let Value::Object(mut campaign) = members else { return Map::new() };
    if state.served_at.is_none() && state.quirk(code, "no short link", 5) {
        campaign.remove("shortUrl");
    }
    campaign
}

/// The code as vectors: somewhere, or here.
fn vectors(state: &State, code: &FakeCode) -> String {
    if state.quirk(code, "vectors inside", 2) {
        format!("data:image/svg+xml;base64,{}", image::base64(&image::picture("svg", &code.id)))
    } else {
        uploads::address(state, code, "svg")
    }
}

fn object_id(state: &State, code: &FakeCode) -> String {
    let mut random = super::scans::random(state.seed, &code.id, 99);
    format!("{:08x}{:016x}", random.u32(..), random.u64(..))
}
