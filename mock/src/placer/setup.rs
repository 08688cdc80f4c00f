//! What the fake begins with, besides the places that are always there.

use std::collections::HashSet;
use std::sync::Arc;

use connectors_core::{Error, Result};
use serde::{Deserialize, Serialize};

use super::custom_pois::FakeCustomPoi;
use super::fake::State;
use super::place::FakeVenue;
use super::tags;
use crate::snapshot::is_default;

/// How many corner stores there are at most.
const MOST: usize = 1_000_000;

/// What a [`FakePlacer`](crate::FakePlacer) holds from the beginning besides [`VENUES`](super::VENUES), or is given on
/// the way: from code or from JSON, whose members are those of the methods. All of it is optional.
///
/// ```
/// use connectors_mock::placer::{FakeVenue, PlacerSetup, Profile};
/// use connectors_mock::MockPlacer;
///
/// let kiosk = FakeVenue::new("venue:00000000000000000000abcd", "Kiosk").profile(Profile::Coffee).daily_visits(90);
/// let mock = MockPlacer::builder().initial(PlacerSetup::new().venue(kiosk).corner_stores(40)).build()?;
///
/// let from_json = MockPlacer::builder().initial_json(
///     r#"{
///         "venues": [{"id": "venue:00000000000000000000abcd", "name": "Kiosk", "profile": "coffee", "daily_visits": 90}],
///         "corner_stores": 40
///     }"#,
/// )?;
/// assert_eq!(from_json.build()?.backend().save()?, mock.backend().save()?);
///
/// let error = mock.backend().add(r#"{"tags": [{"name": "Ours", "places": ["venue:00000000000000000000ffff"]}]}"#);
/// assert_eq!(error.unwrap_err().field(), Some("tags[0].places[0]"));
/// # Ok::<(), connectors_core::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PlacerSetup {
    #[serde(skip_serializing_if = "is_default")]
    venues: Vec<FakeVenue>,
    #[serde(skip_serializing_if = "is_default")]
    corner_stores: usize,
    #[serde(skip_serializing_if = "is_default")]
    custom_pois: Vec<FakeCustomPoi>,
    #[serde(skip_serializing_if = "is_default")]
    tags: Vec<FakeTag>,
}

/// A collection of places.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FakeTag {
    name: String,
    #[serde(default, skip_serializing_if = "is_default")]
    places: Vec<String>,
}

impl PlacerSetup {
    /// Nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// A further place.
    pub fn venue(mut self, venue: FakeVenue) -> Self {
        self.venues.push(venue);
        self
    }

    /// So many further places, called `Corner Store 1` and so on: for searches of many pages.
    pub fn corner_stores(mut self, count: usize) -> Self {
        self.corner_stores += count;
        self
    }

    /// A place of the account's own making.
    ///
    /// ```
    /// use connectors_mock::placer::{FakeCustomPoi, PlacerSetup};
    ///
    /// let pier = FakeCustomPoi::circle("Pier 4", [-71.04, 42.35], 0.1).sub_category("Plaza").city("Boston");
    /// let setup = PlacerSetup::new().custom_poi(pier);
    /// assert_eq!(
    ///     serde_json::to_string(&setup)?,
    ///     r#"{"custom_pois":[{"name":"Pier 4","area":{"circle":{"center":[-71.04,42.35],"miles":0.1}},"sub_category":"Plaza","city":"Boston"}]}"#
    /// );
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn custom_poi(mut self, poi: FakeCustomPoi) -> Self {
        self.custom_pois.push(poi);
        self
    }

    /// A collection of places, by their ids; in JSON `{"name": .., "places": [..]}`.
    pub fn tag(mut self, name: impl Into<String>, places: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.tags.push(FakeTag { name: name.into(), places: places.into_iter().map(Into::into).collect() });
        self
    }

    pub(super) fn apply(&self, state: &mut State) -> Result<()> {
        if self.corner_stores > MOST {
            return Err(Error::invalid("corner_stores", format!("must be at most {MOST}")));
        }
        let mut known: HashSet<_> = state.venues.iter().map(|venue| venue.id.clone()).collect();
        for (at, venue) in self.venues.iter().enumerate() {
            let refuse = |member: &str, message: &str| Err(Error::invalid(format!("venues[{at}].{member}"), message));
            // What is no id of Placer's may be one of a gateway's.
            if venue.id.trim().is_empty() {
                return refuse("id", "must not be blank");
            }
            if !known.insert(venue.id.clone()) {
                return refuse("id", "is that of another place");
            }
            if venue.name.trim().is_empty() {
                return refuse("name", "must not be blank");
            }
            state.venues.push(Arc::new(venue.clone()));
        }
        let stores = (1_usize..).map(|n| (n, format!("venue:{n:024x}"))).filter(|(_, id)| !known.contains(id));
        let store = |(n, id)| Arc::new(FakeVenue::new(id, format!("Corner Store {n}")).daily_visits(300));
        state.venues.extend(stores.take(self.corner_stores).map(store));
        for (at, poi) in self.custom_pois.iter().enumerate() {
            let refused = |(member, message)| Error::invalid(format!("custom_pois[{at}].{member}"), message);
            poi.apply(state).map_err(refused)?;
        }
        for (at, tag) in self.tags.iter().enumerate() {
            if !tags::is_name(&tag.name) {
                return Err(Error::invalid(format!("tags[{at}].name"), "must have 1 to 150 characters"));
            }
            if let Some(unknown) = tag.places.iter().position(|id| !state.is_entity(id)) {
                return Err(Error::invalid(format!("tags[{at}].places[{unknown}]"), "is no place that is there"));
            }
            state.tags.make(state.seed, &tag.name, tag.places.clone());
        }
        Ok(())
    }
}
