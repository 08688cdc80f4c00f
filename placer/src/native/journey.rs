//! Where else the same people go.

use std::collections::BTreeSet;

use connectors_core::provider::Operation;
use connectors_core::{DateRange, Error, Result};

use super::body::Body;
use super::node::{Entry, Head, Raw, State};
use super::report::{Kind, operation};
use super::request::{Asking, report};
use crate::PlacerClient;
use crate::model::{FavoriteChains, FavoritePlaces, NoData, Outcome, VenueId};

static FAVORITE_PLACES: Operation = operation("reports.journey.favorite_places", "/v1/reports/favorites-places");
static FAVORITE_CHAINS: Operation = operation("reports.journey.favorite_chains", "/v1/reports/favorites-chains");

/// Where else the same people go: [`Reports::journey`](crate::Reports::journey).
///
/// Placer ignores the names of categories that it does not recognise, and lists *all* categories when it recognises
/// none. Names must be exactly Placer's, such as `Fast Food & QSR`. Look at
/// [`ignored_categories`](FavoritePlaces::ignored_categories) and [`is_unfiltered`](FavoritePlaces::is_unfiltered)
/// before relying on what is listed.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> connectors_core::Result<()> {
/// # use connectors_core::DateRange;
/// # use connectors_mock::MockPlacer;
/// # let (mock, arena) = (MockPlacer::new(), MockPlacer::venue_ids().remove(4));
/// # let placer = mock.client().clone();
/// # let month = DateRange::last_days(28, "2026-02-26".parse().expect("a date"))?;
/// let journey = placer.reports().journey();
/// let places = journey.favorite_places(arena.clone(), month).limit(3).await?.required()?;
/// assert_eq!(places.places[0].name.as_deref(), Some("Lakeshore Galleria"));
/// assert!(places.places[0].distance_miles < Some(5.0));
///
/// let misspelt = journey.favorite_places(arena.clone(), month).categories(["Grocery"]).await?.required()?;
/// assert!(misspelt.is_unfiltered());
/// assert_eq!(misspelt.ignored_categories, ["Grocery"]);
///
/// let chains = journey.favorite_chains(arena, month).minimal_frequency(2).await?.required()?;
/// assert_eq!(chains.chains[0].name.as_deref(), Some("Street Markets"));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Journey(pub(crate) PlacerClient);

report! {
    /// A report of the places that the same people visit, in the making.
    pub struct FavoritePlacesRequest => FavoritePlaces, of one;
    /// Only people who came to the place so many times, 0 to 99; once unless set.
    within minimal_frequency: u32 = "minimalVisitFrequency", 0..=99;
    /// Lists so many places instead of 50, at most 50.
    within limit: u32 = "limit", 0..=50;
    filters "filters";
    nearby;
}

report! {
    /// A report of the chains that the same people visit, in the making.
    pub struct FavoriteChainsRequest => FavoriteChains, of one;
    /// Only people who came to the place so many times, 0 to 99; once unless set.
    within minimal_frequency: u32 = "minimalVisitFrequency", 0..=99;
    /// Lists so many chains instead of 50, at most 50.
    within limit: u32 = "limit", 0..=50;
    filters "filters";
    nearby;
}

impl Journey {
    /// The places that the visitors of a place visit as well, over the whole range.
    /// Counts in the group `reports`; see [the endpoint](https://docs.placer.ai/reference/post_v1-reports-favorites-places-1).
    pub fn favorite_places(&self, venue: VenueId, range: DateRange) -> FavoritePlacesRequest {
        FavoritePlacesRequest(Asking::one(&self.0, &FAVORITE_PLACES, venue, range))
    }

    /// The chains that the visitors of a place visit as well, over the whole range.
    /// Counts in the group `reports`; see [the endpoint](https://docs.placer.ai/reference/post_v1-reports-favorites-chains-1).
    pub fn favorite_chains(&self, venue: VenueId, range: DateRange) -> FavoriteChainsRequest {
        FavoriteChainsRequest(Asking::one(&self.0, &FAVORITE_CHAINS, venue, range))
    }
}

impl FavoritePlacesRequest {
    /// Lists places of these categories only, by Placer's exact names; all when there are none. Names that Placer does
    /// not recognise are ignored, and when it recognises none, places of all categories are listed: see
    /// [`FavoritePlaces::is_unfiltered`].
    pub fn categories<S: Into<String>>(self, names: impl IntoIterator<Item = S>) -> Self {
        Self(categories(self.0, names.into_iter().map(Into::into).collect()))
    }
}

impl FavoriteChainsRequest {
    /// Lists chains of these categories only, by Placer's exact names; all when there are none. Names that Placer does
    /// not recognise are ignored, and when it recognises none, chains of all categories are listed: see
    /// [`FavoriteChains::is_unfiltered`].
    pub fn categories<S: Into<String>>(self, names: impl IntoIterator<Item = S>) -> Self {
        Self(categories(self.0, names.into_iter().map(Into::into).collect()))
    }
}

// In the order of the names, so that equal questions are equal bytes.
fn categories<R>(asking: Asking<R>, names: BTreeSet<String>) -> Asking<R> {
    let blank = names.iter().any(|name| name.trim().is_empty());
    let refused = || Error::invalid("categories", "must not be blank: it would not be recognised, and all be listed");
    let checked = asking.check(if blank { Err(refused()) } else { Ok(()) });
    if names.is_empty() { checked } else { checked.set("categories", names) }
}

/// The rows may stand in the answer without a report around them.
fn whole(entries: Vec<Entry<Raw>>, list: &str) -> Vec<Entry<Raw>> {
    let is_row = |entry: &Entry<Raw>| {
        entry.head.state() == State::Ready && entry.members.has("name") && !entry.members.has(list)
    };
    if entries.is_empty() || !entries.iter().all(is_row) {
        return entries;
    }
    let segment = entries.iter().find_map(|entry| entry.head.segment.clone());
    vec![Entry { head: Head { segment, ..Head::default() }, members: Raw::list(list, entries) }]
}

fn asked_categories(asked: &Body) -> Vec<String> {
    asked.read("categories").unwrap_or_default()
}

impl Kind for FavoritePlaces {
    type Members = Raw;

    fn whole(entries: Vec<Entry<Raw>>) -> Vec<Entry<Raw>> {
        whole(entries, "favoritesPlacesArray")
    }

    fn build(asked: &Body, venue: &VenueId, entry: Entry<Raw>) -> Result<Outcome<Self>> {
        if !entry.members.has("favoritesPlacesArray") {
            return Ok(Outcome::NoData(NoData::NoContent));
        }
        let written = entry.members.read_as()?;
        Ok(Outcome::ready(Self::read(venue, written, asked_categories(asked), entry.head.segment)))
    }
}

impl Kind for FavoriteChains {
    type Members = Raw;

    fn whole(entries: Vec<Entry<Raw>>) -> Vec<Entry<Raw>> {
        whole(entries, "favoritesChainsArray")
    }

    fn build(asked: &Body, venue: &VenueId, entry: Entry<Raw>) -> Result<Outcome<Self>> {
        if !entry.members.has("favoritesChainsArray") {
            return Ok(Outcome::NoData(NoData::NoContent));
        }
        let written = entry.members.read_as()?;
        Ok(Outcome::ready(Self::read(venue, written, asked_categories(asked), entry.head.segment)))
    }
}
