//! An event that the fake begins with.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::setup::Problem;
use super::state::{FakeEvent, FakePlace, FakeRecap, State};
use crate::snapshot::{self, is_default};

/// An event that is there from the beginning; in JSON, it needs a `campaign` and a `start`.
///
/// ```
/// use chrono::{TimeZone, Utc};
/// use connectors_mock::{BrandscopicSetup, CampaignSetup, EventSetup, FakeRecap, MockBrandscopic};
///
/// let start = Utc.with_ymd_and_hms(2026, 6, 5, 16, 0, 0).unwrap();
/// let event = EventSetup::new("Cold Brew Summer", start).name("Tasting").venue("Lakeside Hall").recap(FakeRecap::Submitted);
/// assert_eq!(
///     serde_json::to_string(&event)?,
///     r#"{"campaign":"Cold Brew Summer","start":"2026-06-05T16:00:00Z","name":"Tasting","venue":"Lakeside Hall","recap":"submitted"}"#
/// );
/// let setup = BrandscopicSetup::new().campaign(CampaignSetup::new("Cold Brew Summer")).event(event);
/// let mock = MockBrandscopic::builder().initial(setup).build()?;
/// assert_eq!(mock.fake().events()[0].location, "Chicago, US");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventSetup {
    campaign: String,
    start: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "is_default")]
    end: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "is_default")]
    name: String,
    #[serde(default, skip_serializing_if = "is_default")]
    venue: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    city: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    inactive: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    recap: Option<FakeRecap>,
    #[serde(default, skip_serializing_if = "is_default")]
    external_id: Option<String>,
}

impl EventSetup {
    /// An event of the campaign with this name, which takes two hours.
    pub fn new(campaign: impl Into<String>, start: DateTime<Utc>) -> Self {
        Self {
            campaign: campaign.into(),
            start,
            end: None,
            name: String::new(),
            venue: None,
            city: None,
            inactive: false,
            recap: None,
            external_id: None,
        }
    }

    /// Ends then.
    pub fn end(mut self, end: DateTime<Utc>) -> Self {
        self.end = Some(end);
        self
    }

    /// Has this name.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// Takes place at the first venue with this name.
    pub fn venue(mut self, name: impl Into<String>) -> Self {
        self.venue = Some(name.into());
        self
    }

    /// At that in this city, where several venues have the same name.
    pub fn city(mut self, city: impl Into<String>) -> Self {
        self.city = Some(city.into());
        self
    }

    /// Was deactivated.
    pub fn inactive(mut self) -> Self {
        self.inactive = true;
        self
    }

    /// What the field staff did about the recap; left to the time unless set.
    pub fn recap(mut self, recap: FakeRecap) -> Self {
        self.recap = Some(recap);
        self
    }

    /// What a gateway was told as its external id.
    pub fn external_id(mut self, id: impl Into<String>) -> Self {
        self.external_id = Some(id.into());
        self
    }

    pub(super) fn apply(&self, state: &mut State) -> Result<(), Problem> {
        let project = state.projects.iter().find(|project| project.name == self.campaign).map(|project| project.id);
        let project = project.ok_or_else(|| ("campaign", format!("there is no campaign {:?}", self.campaign)))?;
        if !snapshot::is_of_our_time(self.start) {
            return Err(("start", "must be from 2000 to 2099".to_owned()));
        }
        let end = self.end.unwrap_or(self.start + TimeDelta::hours(2));
        if end < self.start || !snapshot::is_of_our_time(end) {
            return Err(("end", "must not be before the start, nor long after it".to_owned()));
        }
        let found = |name: &String| {
            let is_there = |city: &String| state.venues.iter().find(|venue| venue.is_at(name, city));
            let anywhere = || state.venues.iter().find(|venue| venue.name.eq_ignore_ascii_case(name));
            let venue = self.city.as_ref().map_or_else(anywhere, is_there).cloned();
            venue.ok_or_else(|| ("venue", format!("there is no venue {name:?} there")))
        };
        let venue = self.venue.as_ref().map(found).transpose()?;
        let id = state.fresh_id();
        state.events.push(FakeEvent {
            id,
            project,
            name: self.name.clone(),
            start: self.start,
            end,
            place: venue.as_ref().map(|venue| venue.place_id),
            location: venue.as_ref().map(FakePlace::location).unwrap_or_default(),
            venue: venue.map(|venue| venue.name).unwrap_or_default(),
            inactive: self.inactive,
            recap: self.recap,
        });
        state.external_ids.extend(self.external_id.clone().map(|external| (id, external)));
        Ok(())
    }
}
