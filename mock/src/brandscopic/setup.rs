//! What the fake begins with, besides what nobody asks for.

use chrono::{DateTime, Utc};
use connectors_core::{Error, Result, TimeZone};
use serde::{Deserialize, Serialize};

use super::event_setup::EventSetup;
use super::seed;
use super::state::{FakePlace, FakeProject, State};
use crate::snapshot::is_default;

/// How many past events there are at most, which is three centuries of them.
const MOST: u32 = 100_000;

/// How a fake begins.
#[derive(Debug)]
pub(super) struct Origin {
    pub(super) seed: u64,
    pub(super) zone: TimeZone,
    pub(super) tenant: Option<String>,
    pub(super) initial: Vec<BrandscopicSetup>,
}

impl Origin {
    /// The world at the beginning, at another seed where one is given.
    pub(super) fn begin(&self, seed: Option<u64>, now: DateTime<Utc>) -> Result<State> {
        let mut state = seed::state(seed.unwrap_or(self.seed), self.zone, self.tenant.clone());
        self.initial.iter().try_for_each(|setup| setup.apply(&mut state, now))?;
        Ok(state)
    }
}

/// What a [`FakeBrandscopic`](crate::FakeBrandscopic) holds from the beginning besides what nobody asks for, or is given
/// on the way: from code or from JSON. All of it is optional.
///
/// ```
/// use connectors_mock::{BrandscopicSetup, CampaignSetup, MockBrandscopic, VenueSetup};
///
/// let setup = BrandscopicSetup::new()
///     .campaign(CampaignSetup::new("Cold Brew Summer"))
///     .venue(VenueSetup::new("Dock 9", "Boston", "US"))
///     .past_events(12);
/// let mock = MockBrandscopic::builder().initial(setup).build()?;
///
/// let from_json = MockBrandscopic::builder().initial_json(
///     r#"{
///         "campaigns": [{"name": "Cold Brew Summer"}],
///         "venues": [{"name": "Dock 9", "city": "Boston", "country": "US"}],
///         "past_events": 12
///     }"#,
/// )?;
/// assert_eq!(from_json.build()?.backend().save()?, mock.backend().save()?);
///
/// let error = mock.backend().add(r#"{"events": [{"campaign": "Iced Tea", "start": "2026-06-05T16:00:00Z"}]}"#);
/// assert_eq!(error.unwrap_err().field(), Some("events[0].campaign"));
/// # Ok::<(), connectors_core::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BrandscopicSetup {
    #[serde(skip_serializing_if = "is_default")]
    campaigns: Vec<CampaignSetup>,
    #[serde(skip_serializing_if = "is_default")]
    venues: Vec<VenueSetup>,
    #[serde(skip_serializing_if = "is_default")]
    users: Vec<CompanyUserSetup>,
    #[serde(skip_serializing_if = "is_default")]
    events: Vec<EventSetup>,
    #[serde(skip_serializing_if = "is_default")]
    past_events: u32,
}

impl BrandscopicSetup {
    /// Nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// A further campaign, which a gateway calls a project.
    pub fn campaign(mut self, campaign: CampaignSetup) -> Self {
        self.campaigns.push(campaign);
        self
    }

    /// A further venue of the company, or place that Google knows.
    pub fn venue(mut self, venue: VenueSetup) -> Self {
        self.venues.push(venue);
        self
    }

    /// A further user of the company.
    pub fn user(mut self, user: CompanyUserSetup) -> Self {
        self.users.push(user);
        self
    }

    /// A further event, in a campaign and at a venue that are there.
    pub fn event(mut self, event: EventSetup) -> Self {
        self.events.push(event);
        self
    }

    /// So many events of the past weeks, in one of the campaigns that nobody asks for.
    pub fn past_events(mut self, count: u32) -> Self {
        self.past_events = count;
        self
    }

    pub(super) fn apply(&self, state: &mut State, now: DateTime<Utc>) -> Result<()> {
        if self.past_events > MOST {
            return Err(Error::invalid("past_events", format!("must be at most {MOST}")));
        }
        for (at, campaign) in self.campaigns.iter().enumerate() {
            campaign.apply(state).map_err(refused("campaigns", at))?;
        }
        for (at, venue) in self.venues.iter().enumerate() {
            venue.apply(state).map_err(refused("venues", at))?;
        }
        for (at, user) in self.users.iter().enumerate() {
            user.apply(state).map_err(refused("users", at))?;
        }
        for (at, event) in self.events.iter().enumerate() {
            event.apply(state).map_err(refused("events", at))?;
        }
        seed::history(state, self.past_events, now);
        Ok(())
    }
}

/// A member, and what is wrong with it.
pub(super) type Problem = (&'static str, String);

fn refused(list: &'static str, at: usize) -> impl Fn(Problem) -> Error {
    move |(member, message)| Error::invalid(format!("{list}[{at}].{member}"), message)
}

fn not_blank(member: &'static str, text: &str) -> Result<(), Problem> {
    if text.trim().is_empty() { Err((member, "must not be blank".to_owned())) } else { Ok(()) }
}

/// A campaign that is there from the beginning; in JSON, it needs a `name`. What it is about, whom it is for and where
/// it runs only a gateway shows.
///
/// ```
/// use connectors_mock::CampaignSetup;
///
/// let campaign = CampaignSetup::new("Cold Brew Summer").client("Example Drinks").region("Northeast").external_id("c-7");
/// assert_eq!(
///     serde_json::to_string(&campaign)?,
///     r#"{"name":"Cold Brew Summer","client":"Example Drinks","region":"Northeast","external_id":"c-7"}"#
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CampaignSetup {
    name: String,
    #[serde(default, skip_serializing_if = "is_default")]
    description: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    client: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    region: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    external_id: Option<String>,
}

impl CampaignSetup {
    /// A campaign with nothing but a name.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), description: None, client: None, region: None, external_id: None }
    }

    /// What it is about.
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.description = Some(text.into());
        self
    }

    /// Whom it is for.
    pub fn client(mut self, name: impl Into<String>) -> Self {
        self.client = Some(name.into());
        self
    }

    /// Where it runs.
    pub fn region(mut self, name: impl Into<String>) -> Self {
        self.region = Some(name.into());
        self
    }

    /// What a gateway was told as its external id.
    pub fn external_id(mut self, id: impl Into<String>) -> Self {
        self.external_id = Some(id.into());
        self
    }

    fn apply(&self, state: &mut State) -> Result<(), Problem> {
        not_blank("name", &self.name)?;
        let (description, client, region) = (self.description.clone(), self.client.clone(), self.region.clone());
        let id = state.add_project(FakeProject { description, client, region, ..FakeProject::named(&self.name) });
        state.external_ids.extend(self.external_id.clone().map(|external| (id, external)));
        Ok(())
    }
}

/// A place that is there from the beginning; in JSON, it needs a `name`, a `city` and a `country`.
///
/// ```
/// use connectors_mock::VenueSetup;
///
/// let venue = VenueSetup::new("Dock 9", "Boston", "US").street("9 Long Wharf").state("Massachusetts").zipcode("02110");
/// assert_eq!(
///     serde_json::to_string(&venue)?,
///     r#"{"name":"Dock 9","street":"9 Long Wharf","city":"Boston","state":"Massachusetts","zipcode":"02110","country":"US"}"#
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VenueSetup {
    name: String,
    #[serde(default = "VenueSetup::square")]
    street: String,
    city: String,
    #[serde(default, skip_serializing_if = "is_default")]
    state: String,
    #[serde(default, skip_serializing_if = "is_default")]
    zipcode: String,
    country: String,
    #[serde(default, skip_serializing_if = "is_default")]
    google_only: bool,
}

impl VenueSetup {
    /// A venue of the company, at the market square of a city.
    pub fn new(name: impl Into<String>, city: impl Into<String>, country: impl Into<String>) -> Self {
        let (name, city, country) = (name.into(), city.into(), country.into());
        let (state, zipcode) = (String::new(), String::new());
        Self { name, street: Self::square(), city, state, zipcode, country, google_only: false }
    }

    fn square() -> String {
        "1 Market Square".to_owned()
    }

    /// House number and street.
    pub fn street(mut self, street: impl Into<String>) -> Self {
        self.street = street.into();
        self
    }

    /// State or region.
    pub fn state(mut self, state: impl Into<String>) -> Self {
        self.state = state.into();
        self
    }

    /// Postal code.
    pub fn zipcode(mut self, code: impl Into<String>) -> Self {
        self.zipcode = code.into();
        self
    }

    /// Google alone knows it until an event takes place there.
    pub fn google_only(mut self) -> Self {
        self.google_only = true;
        self
    }

    fn apply(&self, state: &mut State) -> Result<(), Problem> {
        not_blank("name", &self.name)?;
        let Self { name, street, city, state: region, zipcode, country, google_only } = self.clone();
        state.add_venue(FakePlace { place_id: 0, name, street, city, state: region, zipcode, country, google_only });
        Ok(())
    }
}

/// A user of the company who is there from the beginning; in JSON, it needs a `first_name` and a `last_name`.
///
/// ```
/// use connectors_mock::CompanyUserSetup;
///
/// let user = CompanyUserSetup::new("Dee", "Park").role("Field Manager").team("Lake Crew").email("dee@example.com");
/// assert_eq!(
///     serde_json::to_string(&user)?,
///     r#"{"first_name":"Dee","last_name":"Park","role":"Field Manager","team":"Lake Crew","email":"dee@example.com"}"#
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompanyUserSetup {
    first_name: String,
    last_name: String,
    #[serde(default = "CompanyUserSetup::ambassador")]
    role: String,
    #[serde(default, skip_serializing_if = "is_default")]
    team: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    email: Option<String>,
}

impl CompanyUserSetup {
    /// A brand ambassador in no team, whose e-mail address is made of the name.
    pub fn new(first_name: impl Into<String>, last_name: impl Into<String>) -> Self {
        let (first_name, last_name) = (first_name.into(), last_name.into());
        Self { first_name, last_name, role: Self::ambassador(), team: None, email: None }
    }

    fn ambassador() -> String {
        "Brand Ambassador".to_owned()
    }

    /// In this role: `Administrator`, `Field Manager` or `Brand Ambassador`.
    pub fn role(mut self, role: impl Into<String>) -> Self {
        self.role = role.into();
        self
    }

    /// In this team: `East Coast Crew` or `Lake Crew`.
    pub fn team(mut self, team: impl Into<String>) -> Self {
        self.team = Some(team.into());
        self
    }

    /// With this e-mail address.
    pub fn email(mut self, email: impl Into<String>) -> Self {
        self.email = Some(email.into());
        self
    }

    fn apply(&self, state: &mut State) -> Result<(), Problem> {
        not_blank("first_name", &self.first_name)?;
        not_blank("last_name", &self.last_name)?;
        let ids = (state.fresh_id(), state.fresh_id());
        let name = (self.first_name.as_str(), self.last_name.as_str());
        state.stores.users.join(ids, name, &self.role, self.team.as_deref(), self.email.as_deref())
    }
}
