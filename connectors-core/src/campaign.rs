//! The campaign: what all providers are told about, in words that belong to none of them.

mod file;
mod problem;

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use chrono::{DateTime, NaiveDateTime, Utc};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::wire::check_id;
use crate::zone::TimeZone;

pub use problem::{CampaignErrors, Problem};

crate::string_id! {
    /// Our id of a campaign.
    pub struct CampaignId("campaignId");
}

crate::string_id! {
    /// Our id of an event; unique within its campaign.
    pub struct EventId("eventId");
}

/// A place where events happen.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Venue {
    /// Our id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// The city.
    pub city: String,
    /// The country, as its name or its ISO 3166-1 code.
    pub country: String,
    /// The state or province.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Street and number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The id under which Placer.ai counts its visits, such as `venue:5f0c1de2a9b84c7d3e6f0a11`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placer_id: Option<String>,
}

impl Venue {
    /// A venue of which nothing else is known.
    pub fn new(
        id: impl Into<String>,
        name: impl Into<String>,
        city: impl Into<String>,
        country: impl Into<String>,
    ) -> Self {
        let (id, name, city, country) = (id.into(), name.into(), city.into(), country.into());
        Self { id, name, city, country, state: None, address: None, placer_id: None }
    }

    /// What is wrong with it, with paths such as `venue.name` when it is called `venue`.
    fn check(&self, path: &str, problems: &mut Vec<Problem>) {
        require_id(path, "id", &self.id, problems);
        if let Some(id) = &self.placer_id {
            require_id(path, "placerId", id, problems);
        }
        for (name, value) in [("name", &self.name), ("city", &self.city), ("country", &self.country)] {
            require_text(path, name, value, problems);
        }
    }
}

/// One event of a campaign: a place, a time, and the page that its QR code leads to.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CampaignEvent {
    /// Our id.
    pub id: EventId,
    /// What people call it.
    pub name: String,
    /// When it begins, on the clocks of `time_zone`.
    pub starts_at: NaiveDateTime,
    /// When it ends, on the clocks of `time_zone`.
    pub ends_at: NaiveDateTime,
    /// The time zone of the venue.
    pub time_zone: TimeZone,
    /// Where it happens.
    pub venue: Venue,
    /// The page that the event's QR code leads to, `http` or `https`.
    #[serde(with = "url_text")]
    pub destination: Url,
    /// Who is responsible for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
}

impl CampaignEvent {
    /// An event from `starts_at` to `ends_at` on the clocks of `time_zone`.
    pub fn new(
        id: EventId,
        name: impl Into<String>,
        venue: Venue,
        time_zone: TimeZone,
        starts_at: NaiveDateTime,
        ends_at: NaiveDateTime,
        destination: Url,
    ) -> Self {
        Self { id, name: name.into(), starts_at, ends_at, time_zone, venue, destination, owner: None }
    }

    /// What is wrong with the event and its venue, nothing if it can be launched.
    pub fn validate(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        self.check("", &mut problems);
        self.venue.check("venue", &mut problems);
        problems
    }

    /// When it begins.
    pub fn starts_at_utc(&self) -> DateTime<Utc> {
        self.time_zone.to_utc(self.starts_at)
    }

    /// When it ends.
    pub fn ends_at_utc(&self) -> DateTime<Utc> {
        self.time_zone.to_utc(self.ends_at)
    }

    fn check(&self, path: &str, problems: &mut Vec<Problem>) {
        require_text(path, "name", &self.name, problems);
        require_order(path, self.starts_at, self.ends_at, problems);
        require_web_page(path, &self.destination, problems);
    }
}

/// A campaign and all its events.
///
/// Its serde form is the one in memory, each event with its venue; people write the form that
/// [`Campaign::from_json`] reads.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Campaign {
    /// Our id.
    pub id: CampaignId,
    /// What people call it.
    pub name: String,
    /// For whom it is run.
    pub client: String,
    /// Where it is run, in the client's words.
    pub region: String,
    /// The moment that the campaign is looked at from, for runs that must give the same answer at any time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<DateTime<Utc>>,
    /// What happens, in the order of the file.
    pub events: Vec<CampaignEvent>,
}

impl Campaign {
    /// A campaign as of now.
    pub fn new(
        id: CampaignId,
        name: impl Into<String>,
        client: impl Into<String>,
        region: impl Into<String>,
        events: Vec<CampaignEvent>,
    ) -> Self {
        let (name, client, region) = (name.into(), client.into(), region.into());
        Self { id, name, client, region, as_of: None, events }
    }

    /// Everything that is wrong with it, nothing if it can be launched: blank names, no events, event ids that come
    /// twice, ends before starts, ids that cannot be ids, destinations that are no web pages.
    pub fn validate(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (name, value) in [("name", &self.name), ("client", &self.client), ("region", &self.region)] {
            require_text("", name, value, &mut problems);
        }
        if self.events.is_empty() {
            problems.push(Problem::new("events", EMPTY));
        }
        for (index, event) in self.events.iter().enumerate() {
            let path = format!("events[{index}]");
            event.check(&path, &mut problems);
            event.venue.check(&problem::member(&path, "venue"), &mut problems);
        }
        let ids = self.events.iter().map(|event| event.id.as_str()).enumerate();
        unique(ids.map(|(index, id)| (format!("events[{index}]"), id)), &mut problems);
        problems
    }

    /// Reads a campaign file, or says everything that is wrong with it, with lines: a syntax error alone, else every
    /// value that cannot be read, every member that is missing, unknown or there twice, and what
    /// [`Campaign::validate`] finds.
    ///
    /// The file names venues once, with their time zones, and events refer to them; `asOf`, `state`, `address`,
    /// `placerId` and `owner` may be left out, the rest may not. Event times are those of the venue's clocks.
    ///
    /// ```
    /// use connectors_core::Campaign;
    ///
    /// let campaign = Campaign::from_json(r#"{
    ///     "id": "summer-26", "name": "Summer Tour", "client": "Fizz", "region": "DACH", "asOf": "2026-06-01T06:00:00Z",
    ///     "venues": [{
    ///         "id": "alex", "name": "Alexanderplatz", "city": "Berlin", "country": "DE", "timeZone": "Europe/Berlin",
    ///         "placerId": "venue:5f0c1de2a9b84c7d3e6f0a11"
    ///     }],
    ///     "events": [{
    ///         "id": "e1", "name": "Tasting", "venue": "alex", "destination": "https://fizz.example/berlin",
    ///         "startsAt": "2026-06-05T11:00", "endsAt": "2026-06-05T18:00"
    ///     }]
    /// }"#)?;
    /// assert_eq!(campaign.events[0].venue.city, "Berlin");
    ///
    /// let errors = Campaign::from_json("{\n  \"id\": \"a/b\"\n}").unwrap_err();
    /// assert_eq!(errors.problems()[0].line, Some(1));
    /// assert_eq!(errors.problems()[0].message, "`name` is missing");
    /// # Ok::<(), connectors_core::CampaignErrors>(())
    /// ```
    pub fn from_json(text: &str) -> Result<Self, CampaignErrors> {
        file::read(text)
    }
}

const EMPTY: &str = "must not be empty";

fn require_text(path: &str, name: &str, value: &str, problems: &mut Vec<Problem>) {
    if value.trim().is_empty() {
        problems.push(Problem::new(problem::member(path, name), "must not be blank"));
    }
}

fn require_id(path: &str, name: &str, value: &str, problems: &mut Vec<Problem>) {
    if let Err(error) = check_id(name, value) {
        problems.push(Problem::new(problem::member(path, name), error.message()));
    }
}

fn require_order(path: &str, start: NaiveDateTime, end: NaiveDateTime, problems: &mut Vec<Problem>) {
    if end < start {
        let message = format!("ends at {end}, before it starts at {start}");
        problems.push(Problem::new(problem::member(path, "endsAt"), message));
    }
}

fn require_web_page(path: &str, url: &Url, problems: &mut Vec<Problem>) {
    if !matches!(url.scheme(), "http" | "https") {
        problems.push(Problem::new(problem::member(path, "destination"), "must be an http or https URL"));
    }
}

/// Reports each id that has come before; ids come with the path of what they belong to.
fn unique<'a>(ids: impl Iterator<Item = (String, &'a str)>, problems: &mut Vec<Problem>) {
    let mut seen = HashMap::new();
    for (path, id) in ids {
        match seen.entry(id) {
            Entry::Occupied(first) => {
                let message = format!("`{id}` is the id of {} already", first.get());
                problems.push(Problem::new(problem::member(&path, "id"), message));
            }
            Entry::Vacant(free) => _ = free.insert(path),
        }
    }
}

mod url_text {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};
    use url::Url;

    pub(super) fn serialize<S: Serializer>(url: &Url, target: S) -> Result<S::Ok, S::Error> {
        target.serialize_str(url.as_str())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(source: D) -> Result<Url, D::Error> {
        let text = String::deserialize(source)?;
        text.parse().map_err(|reason| D::Error::custom(format_args!("not a URL: {reason}")))
    }
}
