//! What the fake holds: one state behind both faces.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use connectors_core::{Error, TimeZone};
use serde::{Deserialize, Serialize};

use super::native::Stores;
use super::storage::Storage;

/// A company.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Company {
    pub(super) id: i64,
    pub(super) name: String,
}

/// A campaign, which the gateway calls a project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FakeProject {
    /// Its id on both faces.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// What it is about; only a gateway stores it.
    pub description: Option<String>,
    /// Whom it is for; only a gateway stores it.
    pub client: Option<String>,
    /// Where it runs; only a gateway stores it.
    pub region: Option<String>,
}

/// A place, with the venue that the company has there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FakePlace {
    /// The place's id. Venue ids are counted apart, so that a mix-up shows.
    pub place_id: i64,
    /// Its name.
    pub name: String,
    /// House number and street.
    pub street: String,
    /// City.
    pub city: String,
    /// State or region.
    pub state: String,
    /// Postal code.
    pub zipcode: String,
    /// The country's two-letter code.
    pub country: String,
    /// Whether Google alone knows it until an event takes place there.
    pub google_only: bool,
}

impl FakeProject {
    /// A project with nothing but a name.
    pub(super) fn named(name: &str) -> Self {
        Self { id: 0, name: name.to_owned(), description: None, client: None, region: None }
    }
}

impl FakePlace {
    pub(super) fn venue_id(&self) -> i64 {
        self.place_id + 50_000
    }

    /// What a search gives to refer to it.
    pub(super) fn reference(&self) -> String {
        format!("CmRb{0:06}||ChIJ{0:06}", self.place_id)
    }

    pub(super) fn location(&self) -> String {
        format!("{}, {}", self.city, self.country)
    }

    pub(super) fn address(&self) -> String {
        let parts = [&self.street, &self.city, &self.state, &self.country];
        let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).map(String::as_str).collect();
        parts.join(", ")
    }

    pub(super) fn is_at(&self, name: &str, city: &str) -> bool {
        self.name.eq_ignore_ascii_case(name) && self.city.eq_ignore_ascii_case(city)
    }
}

/// How far an event's recap has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FakeRecap {
    /// Not handed in.
    Unsent,
    /// Waits for approval.
    Submitted,
    /// Approved.
    Approved,
    /// To be reworked.
    Rejected,
}

/// An event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FakeEvent {
    /// Its id on both faces.
    pub id: i64,
    /// Its campaign or project.
    pub project: i64,
    /// Its name; the native face has it as the description.
    pub name: String,
    /// When it starts.
    pub start: DateTime<Utc>,
    /// When it ends; a gateway does not ask, so two hours later there.
    pub end: DateTime<Utc>,
    /// The place's id, if it is known.
    pub place: Option<i64>,
    /// Where it happens, as it was written.
    pub venue: String,
    /// City and country, as it was written.
    pub location: String,
    /// Whether it was deactivated.
    pub inactive: bool,
    /// What the field staff did about the recap; `None` leaves it to the time.
    pub recap: Option<FakeRecap>,
}

impl FakeEvent {
    /// How far the recap has come at `now`: staff hand in a day after the end, most are approved another two days
    /// later, one in nine has to be reworked, and one in seven is never handed in.
    pub(super) fn recap_at(&self, now: DateTime<Utc>) -> FakeRecap {
        let over = now - self.end;
        match self.recap {
            Some(recap) => recap,
            None if over < TimeDelta::days(1) || self.id % 7 == 0 => FakeRecap::Unsent,
            None if over < TimeDelta::days(3) => FakeRecap::Submitted,
            None if self.id % 9 == 0 => FakeRecap::Rejected,
            None => FakeRecap::Approved,
        }
    }

    /// The native face's word for it.
    pub(super) fn native_status(&self, now: DateTime<Utc>) -> &'static str {
        match self.recap_at(now) {
            FakeRecap::Unsent if now < self.end => "Scheduled",
            FakeRecap::Unsent if now - self.end < TimeDelta::days(2) => "Due",
            FakeRecap::Unsent => "Late",
            FakeRecap::Submitted => "Submitted",
            FakeRecap::Approved => "Approved",
            FakeRecap::Rejected => "Rejected",
        }
    }

    /// The gateway's word for it.
    pub(super) fn gateway_status(&self, now: DateTime<Utc>) -> &'static str {
        match self.recap_at(now) {
            _ if self.inactive => "cancelled",
            FakeRecap::Unsent if now < self.start => "pending",
            FakeRecap::Unsent | FakeRecap::Rejected => "active",
            FakeRecap::Submitted | FakeRecap::Approved => "completed",
        }
    }
}

/// Everything.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct State {
    /// What the past that was made up depends on.
    pub(super) seed: u64,
    pub(super) companies: Vec<Company>,
    /// The user's token; a new number makes a new one.
    pub(super) token: u32,
    /// The zone of the user's profile.
    pub(super) zone: TimeZone,
    pub(super) tenant: Option<String>,
    pub(super) projects: Vec<FakeProject>,
    pub(super) venues: Vec<FakePlace>,
    pub(super) events: Vec<FakeEvent>,
    /// What gateways keep for others, by the id of a project or an event.
    pub(super) external_ids: BTreeMap<i64, String>,
    pub(super) next_id: i64,
    /// What only the native face shows.
    pub(super) stores: Stores,
    /// What was put into the storage.
    pub(super) storage: Storage,
}

impl State {
    /// The user's own id, which is not that of the membership in a company.
    pub(super) const USER: i64 = 31;
    /// The id of the user's membership in the company.
    pub(super) const COMPANY_USER: i64 = 907;

    /// Whether what was read can be gone on from; an error names what cannot be.
    pub(super) fn check(&self) -> connectors_core::Result<()> {
        let is_possible = (0..1 << 53).contains(&self.next_id);
        if is_possible { Ok(()) } else { Err(Error::invalid("state.next_id", "is no id that could come next")) }
    }

    pub(super) fn fresh_id(&mut self) -> i64 {
        self.next_id += 1;
        self.next_id
    }

    pub(super) fn token(&self) -> String {
        format!("mock-token-{}", self.token)
    }

    /// Gives the new project its id.
    pub(super) fn add_project(&mut self, mut project: FakeProject) -> i64 {
        project.id = self.fresh_id();
        self.projects.push(project);
        self.next_id
    }

    /// The place at this address; a new one unless there is one already, as Google recognises places too.
    pub(super) fn add_venue(&mut self, mut venue: FakePlace) -> i64 {
        if let Some(known) =
            self.venues.iter_mut().find(|v| v.is_at(&venue.name, &venue.city) && v.street == venue.street)
        {
            known.google_only = false;
            return known.place_id;
        }
        venue.place_id = self.fresh_id();
        let id = venue.place_id;
        self.venues.push(venue);
        id
    }

    pub(super) fn venue(&self, place: i64) -> Option<&FakePlace> {
        self.venues.iter().find(|venue| venue.place_id == place)
    }

    pub(super) fn event(&self, id: i64) -> Option<&FakeEvent> {
        self.events.iter().find(|event| event.id == id)
    }

    /// What the user's clocks show.
    pub(super) fn local(&self, at: DateTime<Utc>) -> NaiveDateTime {
        self.zone.to_local(at)
    }
}
