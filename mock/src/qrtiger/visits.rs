//! Scans that somebody makes: short links that lead on, and count.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use connectors_core::HttpRequest;
use http::{HeaderValue, Method, StatusCode, header};
use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize, Serializer};

use super::fake::FakeQrTiger;
use super::scans::{self, Scan};
use super::state::{FakeCode, State};
use crate::fake::{self, MountedAt, Reply};

/// A scan that somebody made.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Visit {
    code: String,
    visitor: Option<String>,
    scan: Scan,
}

/// All of them, found by their codes.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(from = "Vec<Visit>")]
pub(super) struct Visits {
    /// In the order of their arrival.
    all: Vec<Visit>,
    codes: HashMap<String, Visited>,
}

/// Who scanned a code.
#[derive(Debug, Clone, Default)]
struct Visited {
    /// Where the visits are, by the time of the scans.
    places: Vec<usize>,
    visitors: HashSet<String>,
}

impl Visits {
    /// The scans of a code by now, the first one first.
    pub(super) fn of(&self, code: &str, now: DateTime<Utc>) -> impl Iterator<Item = &Scan> {
        let places = self.codes.get(code).map_or(&[][..], |visited| &visited.places);
        places.iter().filter_map(|place| self.scan(*place)).take_while(move |scan| scan.at <= now)
    }

    /// How many they are.
    pub(super) fn count(&self, code: &str, now: DateTime<Utc>) -> usize {
        self.codes.get(code).map_or(0, |visited| self.place(visited, now))
    }

    /// Where a scan at this time comes among the others of a code: after those that were there before.
    fn place(&self, visited: &Visited, at: DateTime<Utc>) -> usize {
        visited.places.partition_point(|place| self.scan(*place).is_some_and(|scan| scan.at <= at))
    }

    fn scan(&self, place: usize) -> Option<&Scan> {
        self.all.get(place).map(|visit| &visit.scan)
    }

    fn was_there(&self, code: &str, visitor: &str) -> bool {
        self.codes.get(code).is_some_and(|visited| visited.visitors.contains(visitor))
    }

    fn push(&mut self, visit: Visit) {
        let mut visited = self.codes.remove(&visit.code).unwrap_or_default();
        visited.places.insert(self.place(&visited, visit.scan.at), self.all.len());
        visited.visitors.extend(visit.visitor.clone());
        self.codes.insert(visit.code.clone(), visited);
        self.all.push(visit);
    }
}

impl From<Vec<Visit>> for Visits {
    fn from(all: Vec<Visit>) -> Self {
        let mut visits = Self::default();
        for visit in all {
            visits.push(visit);
        }
        visits
    }
}

impl Serialize for Visits {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.all.serialize(serializer)
    }
}

/// Who scans a code, when and where: for [`FakeQrTiger::scan`]. What is not set is plausible, and depends on seed and
/// visitor.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> connectors_core::Result<()> {
/// use connectors_mock::{Landing, MockQrTiger, ScanContext};
///
/// let mock = MockQrTiger::new();
/// let code = mock.client().campaigns().create("https://example.com/menu").await?;
/// let now = mock.backend().clock().now_utc();
/// let ann = ScanContext::new(now).visitor("Ann").device("iOS").place("Germany", "Ulm");
///
/// let before = mock.client().tracking().data(&code.id).await?;
/// let landing = mock.fake().scan(code.short_url.as_str(), ann);
/// assert_eq!(landing, Landing::Address("https://example.com/menu".to_owned()));
/// assert_eq!(mock.client().tracking().data(&code.id).await?.scans, before.scans + 1);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ScanContext {
    /// When; a scan in the future counts from then on.
    pub at: DateTime<Utc>,
    /// Who: the same visitor of the same code is counted once among the different ones. Nobody in particular is new.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visitor: Option<String>,
    /// What device, in the words of the statistics: `iOS`, `Android`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// What country.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// What city.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
}

impl ScanContext {
    /// A new visitor, somewhere, at this time.
    pub fn new(at: DateTime<Utc>) -> Self {
        Self { at, visitor: None, device: None, country: None, city: None }
    }

    /// This visitor, who may have been there before.
    pub fn visitor(mut self, name: impl Into<String>) -> Self {
        self.visitor = Some(name.into());
        self
    }

    /// With this device.
    pub fn device(mut self, label: impl Into<String>) -> Self {
        self.device = Some(label.into());
        self
    }

    /// In this country and city.
    pub fn place(mut self, country: impl Into<String>, city: impl Into<String>) -> Self {
        (self.country, self.city) = (Some(country.into()), Some(city.into()));
        self
    }
}

/// What somebody who scans a code gets to see. Only an address or a content is a scan that counts.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Landing {
    /// They are sent to this address. So are those of an archived code: archiving tidies up the dashboard.
    Address(String),
    /// They are shown a text or a business card.
    Content(String),
    /// They are asked for a password.
    Locked,
    /// They are told that the code was blocked.
    Blocked,
    /// They are told that the code has expired.
    Expired,
    /// There is no such code.
    Missing,
}

impl FakeQrTiger {
    /// Somebody scans the code with this short link, or this id.
    pub fn scan(&self, link: &str, context: ScanContext) -> Landing {
        let path = link.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
        let id = path.rsplit('/').next().unwrap_or_default();
        self.state().visit(id, context)
    }

    /// Somebody opens a short link in a browser.
    pub(super) fn visit(&self, id: &str, request: &HttpRequest, now: DateTime<Utc>) -> Reply {
        let agent = fake::header(request, "user-agent").unwrap_or_default();
        let address = fake::header(request, "x-forwarded-for").unwrap_or_default();
        let context = ScanContext { device: Some(device(agent).to_owned()), ..ScanContext::new(now) };
        let landing = self.state().visit(id, context.visitor(format!("{address} {agent}")));
        let status = match &landing {
            Landing::Address(address) => {
                let mut reply = fake::empty(StatusCode::FOUND);
                if let Ok(address) = HeaderValue::from_str(address) {
                    reply.headers_mut().insert(header::LOCATION, address);
                }
                return reply;
            }
            Landing::Content(text) => return fake::file("text/plain; charset=utf-8", text.clone().into()),
            Landing::Locked => StatusCode::UNAUTHORIZED,
            Landing::Blocked => StatusCode::FORBIDDEN,
            Landing::Expired => StatusCode::GONE,
            Landing::Missing => StatusCode::NOT_FOUND,
        };
        fake::html(status)
    }

    /// Makes short links lead to the face that a request came in by.
    pub(super) fn served_at(&self, request: &HttpRequest) {
        if let Some(MountedAt(face)) = request.extensions().get() {
            let mut state = self.state();
            if state.served_at.as_ref() != Some(face) {
                state.served_at = Some(face.clone());
            }
        }
    }
}

impl State {
    pub(super) fn visit(&mut self, id: &str, context: ScanContext) -> Landing {
        let Some(code) = self.find(id).cloned() else { return Landing::Missing };
        let landing = self.landing(&code, context.at);
        if matches!(landing, Landing::Address(_) | Landing::Content(_)) {
            let first = context.visitor.as_ref().is_none_or(|visitor| !self.visits.was_there(id, visitor));
            let who = context.visitor.clone().unwrap_or_else(|| self.visits.all.len().to_string());
            let someone = scans::anyone(&mut scans::random(self.seed, &who, 0), context.at);
            let is_placed = context.country.is_some() || context.city.is_some();
            let place = |known: Option<String>, other| if is_placed { known.map(Cow::Owned) } else { other };
            self.visits.push(Visit {
                code: code.id,
                visitor: context.visitor,
                scan: Scan {
                    device: context.device.map(Cow::Owned).or(someone.device).filter(|label| !label.is_empty()),
                    country: place(context.country, someone.country),
                    city: place(context.city, someone.city),
                    at: context.at,
                    first,
                },
            });
        }
        landing
    }

    fn landing(&self, code: &FakeCode, at: DateTime<Utc>) -> Landing {
        let is_over = code.expires_at.is_some_and(|end| end <= at);
        let is_used_up = || code.expires_after_scans.is_some_and(|end| self.scan_count(code, at) as u64 >= end);
        match code {
            FakeCode { blocked: true, .. } => Landing::Blocked,
            _ if is_over || is_used_up() => Landing::Expired,
            FakeCode { locked: true, .. } => Landing::Locked,
            FakeCode { category, destination, .. } if category == "url" => Landing::Address(destination.clone()),
            code => Landing::Content(code.destination.clone()),
        }
    }
}

/// The code whose short link is asked for.
pub(super) fn short_link(request: &HttpRequest) -> Option<String> {
    let id = request.uri().path().strip_prefix("/qr/")?.trim_end_matches('/');
    let is_visit = request.method() == Method::GET && !id.is_empty() && !id.contains('/');
    is_visit.then(|| percent_decode_str(id).decode_utf8_lossy().into_owned())
}

/// The statistics' word for the device of a browser; empty where it does not tell.
fn device(agent: &str) -> &'static str {
    const SIGNS: [(&str, &str); 7] = [
        ("iPhone", "iOS"),
        ("iPad", "iOS"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Macintosh", "macOS"),
        ("CrOS", "Chrome OS"),
        ("Linux", "Linux"),
    ];
    SIGNS.into_iter().find(|(sign, _)| agent.contains(sign)).map_or("", |(_, label)| label)
}
