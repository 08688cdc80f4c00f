//! A store list of one's own, and the places that it is about.

use connectors_core::Error;
use serde::{Deserialize, Serialize};

use super::{Cost, EntityType, Point, VenueId};

/// A store in a list of one's own. The more is known of it, the surer it is found.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Store {
    /// One's own id of it.
    pub id: String,
    /// The name on its front; a store number such as `#123` in it, or four digits and more at its end, does not matter.
    pub name: String,
    /// Street and number.
    pub address: Option<String>,
    /// The city.
    pub city: Option<String>,
    /// The state, by name or by its two letters.
    pub state: Option<String>,
    /// The postal code.
    pub zip: Option<String>,
    /// Where it is, if that is known.
    pub location: Option<Point>,
}

impl Store {
    /// A store by one's own id and its name.
    pub fn new(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self { id: id.into(), name: name.into(), ..Self::default() }
    }

    /// Its street and number.
    pub fn address(mut self, address: impl Into<String>) -> Self {
        self.address = Some(address.into());
        self
    }

    /// Its city and state; the state by name or by its two letters.
    pub fn city(mut self, city: impl Into<String>, state: impl Into<String>) -> Self {
        (self.city, self.state) = (Some(city.into()), Some(state.into()));
        self
    }

    /// Its postal code. Zeros in front that were lost do not matter.
    pub fn zip(mut self, zip: impl Into<String>) -> Self {
        self.zip = Some(zip.into());
        self
    }

    /// Where it is: then only places around are searched.
    pub fn location(mut self, location: Point) -> Self {
        self.location = Some(location);
        self
    }
}

/// Which of a venue and a complex is meant where both would do: their numbers differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Prefer {
    /// The venue: one store.
    #[default]
    Venue,
    /// The complex: the mall or area.
    Complex,
    /// Neither: two that fit alike are ambiguous.
    Neither,
}

/// Whether a store was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum MatchStatus {
    /// One place fits, and no other nearly as well.
    Matched,
    /// Some place may be meant; look at the candidates.
    Ambiguous,
    /// No place fits that reports could be asked for.
    NotFound,
    /// It could not be searched for.
    Failed,
}

/// In which ways a place is like the store, each from 0 to 1; `None` where one side does not tell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MatchReasons {
    /// The names.
    pub name: f64,
    /// The postal codes.
    pub zip: Option<f64>,
    /// The numbers in the street.
    pub street_number: Option<f64>,
    /// The streets.
    pub street_name: Option<f64>,
    /// The cities.
    pub city: Option<f64>,
    /// The states.
    pub state: Option<f64>,
}

/// A place that may be the store.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MatchCandidate {
    /// What to ask for it by.
    pub api_id: VenueId,
    /// Its name.
    pub name: Option<String>,
    /// What kind of place it is.
    pub entity_type: Option<EntityType>,
    /// Its address in one line.
    pub address: Option<String>,
    /// How sure it is to be the store, from 0 to 1: the weighted mean of the reasons, lower where little is known or an
    /// important one speaks against it.
    pub confidence: f64,
    /// Why.
    pub reasons: MatchReasons,
    /// Whether its data is too thin: reports on it fail.
    pub flagged: bool,
    /// Whether the contract includes it, as far as is told.
    pub permitted: bool,
}

/// What came of one store.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct StoreMatch {
    /// The store.
    pub store: Store,
    /// Whether it was found.
    pub status: MatchStatus,
    /// The place that fits best, when it is matched or ambiguous.
    pub best: Option<MatchCandidate>,
    /// The next best ones, also those that do not fit.
    pub runners_up: Vec<MatchCandidate>,
    /// Places that fit, but are flagged or not in the contract, so that reports on them fail.
    pub skipped: Vec<MatchCandidate>,
    /// How many places the search found.
    pub searched: usize,
    /// Whether the search found more than it gives: the right place may not be among them. A location helps.
    pub truncated: bool,
    /// One's own id of an earlier store in the list that was matched with the same place.
    pub shared_with: Option<String>,
    /// Why it failed.
    pub error: Option<Error>,
}

impl StoreMatch {
    /// The place, if exactly one fits.
    pub fn matched(&self) -> Option<&VenueId> {
        let best = self.best.as_ref().filter(|_| self.status == MatchStatus::Matched);
        best.map(|candidate| &candidate.api_id)
    }

    /// As one flat row.
    pub fn row(&self) -> MatchRow {
        let (best, next) = (self.best.as_ref(), self.runners_up.first());
        let reasons = best.map(|best| best.reasons).unwrap_or_default();
        MatchRow {
            store_id: self.store.id.clone(),
            store_name: self.store.name.clone(),
            status: self.status,
            venue_id: best.map(|best| best.api_id.clone()),
            venue_name: best.and_then(|best| best.name.clone()),
            venue_type: best.and_then(|best| best.entity_type.clone()),
            venue_address: best.and_then(|best| best.address.clone()),
            confidence: best.map(|best| best.confidence),
            name_similarity: best.map(|best| best.reasons.name),
            zip: reasons.zip,
            street_number: reasons.street_number,
            street_name: reasons.street_name,
            city: reasons.city,
            state: reasons.state,
            runner_up_id: next.map(|next| next.api_id.clone()),
            runner_up_confidence: next.map(|next| next.confidence),
            skipped_id: self.skipped.first().map(|skipped| skipped.api_id.clone()),
            truncated: self.truncated,
            shared_with: self.shared_with.clone(),
            error: self.error.as_ref().map(ToString::to_string),
        }
    }
}

/// What came of one store, flat: for CSV and JSON.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MatchRow {
    /// One's own id of the store.
    pub store_id: String,
    /// Its name in one's own list.
    pub store_name: String,
    /// Whether it was found.
    pub status: MatchStatus,
    /// The place that fits best.
    pub venue_id: Option<VenueId>,
    /// Its name.
    pub venue_name: Option<String>,
    /// What kind of place it is.
    pub venue_type: Option<EntityType>,
    /// Its address.
    pub venue_address: Option<String>,
    /// How sure it is, from 0 to 1.
    pub confidence: Option<f64>,
    /// How alike the names are, from 0 to 1, as all of the following.
    pub name_similarity: Option<f64>,
    /// The postal codes.
    pub zip: Option<f64>,
    /// The numbers in the street.
    pub street_number: Option<f64>,
    /// The streets.
    pub street_name: Option<f64>,
    /// The cities.
    pub city: Option<f64>,
    /// The states.
    pub state: Option<f64>,
    /// The next best place.
    pub runner_up_id: Option<VenueId>,
    /// How sure that one is.
    pub runner_up_confidence: Option<f64>,
    /// A place that fits, and that reports fail on.
    pub skipped_id: Option<VenueId>,
    /// Whether the search found more than it gives.
    pub truncated: bool,
    /// An earlier store that was matched with the same place.
    pub shared_with: Option<String>,
    /// Why it failed.
    pub error: Option<String>,
}

/// What came of a store list: each store once, in its order.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct StoreMatches {
    /// The stores.
    pub stores: Vec<StoreMatch>,
    /// What it cost.
    pub cost: Cost,
}

impl StoreMatches {
    /// The places of all stores that were matched, each once.
    pub fn ids(&self) -> Vec<VenueId> {
        crate::native::distinct(self.stores.iter().filter_map(StoreMatch::matched).cloned())
    }

    /// The stores with this status.
    pub fn with(&self, status: MatchStatus) -> impl Iterator<Item = &StoreMatch> {
        self.stores.iter().filter(move |store| store.status == status)
    }

    /// All stores as flat rows.
    pub fn rows(&self) -> Vec<MatchRow> {
        self.stores.iter().map(StoreMatch::row).collect()
    }
}
