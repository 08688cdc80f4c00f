//! Which place of theirs a venue is, with a choice where that is not clear.

use std::fmt;
use std::future::IntoFuture;

use connectors_core::provider::Remote;
use connectors_core::{BoxFuture, Error, ErrorKind, LinkKey, Result, Venue};

use super::places::{described, fitting, leads, same, text};
use super::{Native, PlaceReference, VenueMatch};
use crate::PROVIDER;
use crate::dialect::Dialect;

/// The attribute of a place's link that tells that a person chose it.
pub(super) const CHOSEN: &str = "chosen";

/// What to look for: a venue of ours, or what somebody typed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum VenueQuery {
    /// A venue, by its name and city, and by its state and address as far as these are needed.
    Venue(Venue),
    /// A name.
    Term(String),
}

impl From<&Venue> for VenueQuery {
    fn from(venue: &Venue) -> Self {
        Self::Venue(venue.clone())
    }
}

impl From<Venue> for VenueQuery {
    fn from(venue: Venue) -> Self {
        Self::Venue(venue)
    }
}

impl From<&str> for VenueQuery {
    fn from(term: &str) -> Self {
        Self::Term(term.to_owned())
    }
}

impl From<String> for VenueQuery {
    fn from(term: String) -> Self {
        Self::Term(term)
    }
}

/// A place that somebody may have meant.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct VenueCandidate {
    /// What to set an event's place by, and to [record](Native::record_place) if it is chosen.
    pub reference: PlaceReference,
    /// Its name.
    pub name: String,
    /// Its name and address in one line.
    pub label: String,
    /// How far it is from where the search was to be near, in the server's unit, probably kilometres.
    pub distance: Option<f64>,
    /// Whether the user may hold events there.
    pub valid: bool,
}

impl From<&VenueMatch> for VenueCandidate {
    fn from(hit: &VenueMatch) -> Self {
        Self {
            reference: hit.id.clone(),
            name: hit.value.clone(),
            label: text(hit).to_owned(),
            distance: hit.location.as_ref().and_then(|location| location.distance),
            valid: hit.valid,
        }
    }
}

impl fmt::Display for VenueCandidate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` ({})", self.label, self.reference)
    }
}

/// Which place a venue is.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum VenueResolution {
    /// The one that is on record: it was chosen, or found by an earlier sync. Nothing was asked.
    Recorded(PlaceReference),
    /// This one: nothing else fits.
    Found(VenueCandidate),
    /// One of these, the best first: all of them fit.
    Ambiguous(Vec<VenueCandidate>),
    /// None. These are what the search gave nevertheless, the best first. A sync would add the venue by its address.
    Unknown(Vec<VenueCandidate>),
}

impl VenueResolution {
    /// The place, if it is clear.
    pub fn place(&self) -> Option<&PlaceReference> {
        match self {
            Self::Recorded(place) => Some(place),
            Self::Found(found) => Some(&found.reference),
            Self::Ambiguous(_) | Self::Unknown(_) => None,
        }
    }

    /// What there is to choose from; nothing if the place is on record.
    pub fn candidates(&self) -> &[VenueCandidate] {
        match self {
            Self::Recorded(_) => &[],
            Self::Found(found) => std::slice::from_ref(found),
            Self::Ambiguous(candidates) | Self::Unknown(candidates) => candidates,
        }
    }
}

/// A venue to be resolved: [`Native::resolve_venue`]. Await it.
#[must_use = "a request does nothing until it is awaited"]
#[derive(Debug, Clone)]
pub struct ResolveVenue {
    native: Native,
    query: VenueQuery,
    near: Option<(f64, f64)>,
}

impl ResolveVenue {
    /// Offers what is near first, and tells how far it is. In degrees.
    pub fn near(mut self, latitude: f64, longitude: f64) -> Self {
        self.near = Some((latitude, longitude));
        self
    }

    async fn resolve(self) -> Result<VenueResolution> {
        let Self { native, query, near } = self;
        if let VenueQuery::Venue(venue) = &query {
            let recorded = native.core.links().get(&native.place_key(venue).await?).await?;
            if let Some(place) = recorded.filter(connectors_core::Link::is_linked).and_then(|link| link.remote_id) {
                return Ok(VenueResolution::Recorded(PlaceReference::new(&place)));
            }
        }
        native.search_for(&query, near).await
    }
}

impl IntoFuture for ResolveVenue {
    type Output = Result<VenueResolution>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.resolve())
    }
}

impl Native {
    /// Which place of theirs a venue of ours is, or what somebody typed: the one on record, else the one that a search
    /// finds by its name and city, else a choice for a person.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// use connectors_brandscopic::{Contract, native::VenueResolution};
    /// use connectors_core::Venue;
    /// use connectors_mock::MockBrandscopic;
    ///
    /// let mock = MockBrandscopic::builder().contract(Contract::Native).build()?;
    /// let native = mock.client().native()?;
    /// let bar = Venue::new("bar", "The Corner Bar", "Springfield", "US");
    /// let VenueResolution::Ambiguous(offered) = native.resolve_venue(&bar).await? else { panic!("there are two") };
    /// assert_eq!(offered[0].label, "The Corner Bar, 12 Elm Street, Springfield, Illinois, US");
    ///
    /// // From now on, events at this venue of ours are held there.
    /// native.record_place(&bar, &offered[0].reference).await?;
    /// assert_eq!(native.resolve_venue(&bar).await?.place(), Some(&offered[0].reference));
    /// # Ok(())
    /// # }
    /// ```
    pub fn resolve_venue(&self, venue: impl Into<VenueQuery>) -> ResolveVenue {
        ResolveVenue { native: self.clone(), query: venue.into(), near: None }
    }

    /// Records that a venue of ours is this place, for every sync from now on, whatever they are called. Events that were
    /// synced before move there with their next sync.
    pub async fn record_place(&self, venue: &Venue, place: &PlaceReference) -> Result<()> {
        let remote = Remote::new(place.to_string()).with(CHOSEN, "yes");
        self.core.links().record(&self.place_key(venue).await?, remote).await.map(drop)
    }

    /// Forgets which place a venue of ours is: the next sync looks for it again.
    pub async fn forget_place(&self, venue: &Venue) -> Result<()> {
        self.core.links().forget(&self.place_key(venue).await?).await
    }

    pub(super) async fn place_key(&self, venue: &Venue) -> Result<LinkKey> {
        Ok(LinkKey::new(PROVIDER, "place", self.scope().await?, described(venue)))
    }

    pub(super) async fn search_for(&self, query: &VenueQuery, near: Option<(f64, f64)>) -> Result<VenueResolution> {
        let term = match query {
            VenueQuery::Venue(venue) => &venue.name,
            VenueQuery::Term(term) => term,
        };
        let search = self.venues().search(term);
        let search = if let Some((latitude, longitude)) = near { search.near(latitude, longitude) } else { search };
        let hits = search.await?;
        let fitting = match query {
            VenueQuery::Venue(venue) => fitting(&hits, venue),
            VenueQuery::Term(term) => {
                let named = |hit: &&VenueMatch| hit.valid && (same(&hit.value, term) || leads(text(hit), term));
                hits.iter().filter(named).collect()
            }
        };
        Ok(match fitting.as_slice() {
            [] => VenueResolution::Unknown(hits.iter().map(VenueCandidate::from).collect()),
            [one] => VenueResolution::Found((*one).into()),
            _ => VenueResolution::Ambiguous(fitting.into_iter().map(VenueCandidate::from).collect()),
        })
    }
}

/// Candidates in words, the first few of them.
pub(super) fn in_words(candidates: &[VenueCandidate]) -> String {
    let words: Vec<_> = candidates.iter().take(10).map(ToString::to_string).collect();
    words.join(", ")
}

pub(super) fn ambiguous(venue: &Venue, candidates: &[VenueCandidate]) -> Error {
    let message = format!("{} venues fit `{}`: {}", candidates.len(), described(venue), in_words(candidates));
    Error::new(ErrorKind::Ambiguous, message)
        .with_field("venue")
        .with_hint("give the venue its state and address, as they are in Brandscopic, or choose one by `record_place`")
}
