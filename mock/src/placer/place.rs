//! A place of the fake, and how reports on it go.
#![expect(clippy::ref_option_ref, clippy::trivially_copy_pass_by_ref, reason = "what serde makes of a member")]

use serde::{Deserialize, Serialize};

use super::curve::Curve;
use super::profile::Profile;
use super::venues::{CHAIN, SeedVenue, VENUES};
use crate::snapshot::is_default;

/// How Placer answers about a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Standing {
    /// As usual.
    #[default]
    Normal,
    /// There is never any data: 204, or code 3006.
    NoData,
    /// Its data is too thin: searches hide it and reports fail with code 2002.
    Flagged,
    /// The contract does not include it: code 1008.
    NotPermitted,
    /// Withheld for privacy: code 1025.
    Undeliverable,
    /// It touches an area that nothing is told about: code 1016.
    Restricted,
    /// As usual, but the contract does not include its demographics: code 1001 there.
    WithoutDemographics,
    /// As usual, but the contract does not include its sales: code 1000 there.
    WithoutSales,
    /// The account made it: the bulk trends refuse the whole request, the single ones take it.
    Custom,
}

/// A place to add to the fake: [`MockPlacerBuilder::venue`](crate::MockPlacerBuilder::venue), or
/// [`PlacerSetup::venue`](super::PlacerSetup::venue). In JSON, it needs an `id` and a `name`.
///
/// ```
/// use connectors_mock::{MockPlacer, placer::{FakeVenue, Standing}};
///
/// let kiosk = FakeVenue::new("venue:00000000000000000000abcd", "Kiosk").standing(Standing::NotPermitted);
/// let mock = MockPlacer::builder().venue(kiosk).build()?;
/// # Ok::<(), connectors_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FakeVenue {
    pub(super) id: String,
    pub(super) name: String,
    #[serde(default = "market")]
    pub(super) profile: Profile,
    #[serde(default = "usual")]
    pub(super) daily_visits: u32,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) standing: Standing,
    /// Where it is, for those that were there from the beginning.
    #[serde(rename = "at", default, with = "seeded", skip_serializing_if = "Option::is_none")]
    pub(super) seed: Option<&'static SeedVenue>,
}

impl FakeVenue {
    /// A market with 1200 visits a day.
    pub fn new(id: impl Into<String>, name: impl Into<String>) -> Self {
        let (id, name) = (id.into(), name.into());
        Self { id, name, profile: market(), daily_visits: usual(), standing: Standing::Normal, seed: None }
    }

    /// Its days go like this.
    pub fn profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }

    /// So many come on an average day.
    pub fn daily_visits(mut self, visits: u32) -> Self {
        self.daily_visits = visits;
        self
    }

    /// At the address, and in the categories, of one of the places that are there from the beginning.
    pub fn at(mut self, place: &'static SeedVenue) -> Self {
        self.seed = Some(place);
        self
    }

    /// Reports on it go like this.
    pub fn standing(mut self, standing: Standing) -> Self {
        self.standing = standing;
        self
    }

    /// The places that are there from the beginning.
    pub(super) fn seeds() -> impl Iterator<Item = Self> {
        VENUES.iter().map(|seed| {
            let place = Self::new(seed.id, seed.name).profile(seed.profile).daily_visits(seed.daily_visits);
            Self { seed: Some(seed), ..place }
        })
    }

    pub(super) fn curve(&self, seed: u64) -> Curve<'_> {
        Curve::new(seed, &self.id, self.city(), self.profile, self.daily_visits)
    }

    /// Its city, which decides on its weather; places that are nowhere share theirs.
    fn city(&self) -> &str {
        self.seed.map_or("", |seed| seed.city)
    }

    /// How far it is to another place, in miles; `None` when one of them is nowhere.
    pub(super) fn miles_to(&self, other: &Self) -> Option<f64> {
        let (from, to) = (self.seed?, other.seed?);
        let (from_lat, to_lat) = (from.latitude.to_radians(), to.latitude.to_radians());
        let (north, east) = (to_lat - from_lat, (to.longitude - from.longitude).to_radians());
        let half = (north / 2.0).sin().powi(2) + from_lat.cos() * to_lat.cos() * (east / 2.0).sin().powi(2);
        Some(2.0 * 3958.8 * half.sqrt().asin())
    }

    /// How large it is: for so many people, more or less.
    pub(super) fn square_feet(&self, seed: u64) -> f64 {
        let room = 4.0 + 8.0 * self.curve(seed).chance("room", chrono::NaiveDate::default());
        (f64::from(self.daily_visits) * room).round().max(400.0)
    }

    pub(super) fn entity_type(&self) -> &str {
        self.id.split(':').next().unwrap_or_default()
    }

    pub(super) fn hex(&self) -> &str {
        self.id.split(':').nth(1).unwrap_or_default()
    }

    pub(super) fn chain(&self) -> Option<&'static str> {
        self.name.ends_with("Market").then_some(CHAIN)
    }
}

fn market() -> Profile {
    Profile::Market
}

fn usual() -> u32 {
    1200
}

/// The places of the beginning by their ids.
mod seeded {
    use serde::de::Error as _;
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

    use super::{SeedVenue, VENUES};

    pub(super) fn serialize<S: Serializer>(place: &Option<&'static SeedVenue>, target: S) -> Result<S::Ok, S::Error> {
        place.map(|place| place.id).serialize(target)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(source: D) -> Result<Option<&'static SeedVenue>, D::Error> {
        static PLACES: [SeedVenue; VENUES.len()] = VENUES;
        let Some(id) = Option::<String>::deserialize(source)? else { return Ok(None) };
        let place = PLACES.iter().find(|place| place.id == id);
        place.map(Some).ok_or_else(|| D::Error::custom(format!("no place of the beginning is {id}")))
    }
}
