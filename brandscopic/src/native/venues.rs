//! Venues, and places to make venues of.

use connectors_core::provider::Operation;
use connectors_core::wire::lenient;
use connectors_core::{Error, Pager, Request, Result, request};
use http::Method;
use serde::{Deserialize, Serialize};

use super::pages;
use super::request::{CallExt, not_blank, operation, resource};
use super::{
    AreaId, BrandId, CompanyUserId, NewVenue, PlaceId, RemoteCampaignId, SuggestionGroup, TeamId, Venue, VenueAnalysis,
    VenueComment, VenueId, VenueMatch, VenuePhoto, VenueType,
};

static LIST: Operation = operation(Method::GET, "venues.list", "/venues.json");
static GET: Operation = operation(Method::GET, "venues.get", "/venues/{id}.json");
static CREATE: Operation = operation(Method::POST, "venues.create", "/venues.json");
static SEARCH: Operation = operation(Method::GET, "venues.search", "/venues/search.json");
static TYPES: Operation = operation(Method::GET, "venues.types", "/venues/types.json");
static AUTOCOMPLETE: Operation = operation(Method::GET, "venues.autocomplete", "/venues/autocomplete.json");
static ANALYSIS: Operation = operation(Method::GET, "venues.analysis", "/venues/{id}/analysis.json");
static PHOTOS: Operation = operation(Method::GET, "venues.photos", "/venues/{id}/photos.json");
static COMMENTS: Operation = operation(Method::GET, "venues.comments", "/venues/{id}/comments.json");

/// One page of venues.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct VenuePage {
    /// Its number, from 1.
    #[serde(deserialize_with = "lenient::number")]
    pub page: u64,
    /// How many venues there are on all pages.
    #[serde(deserialize_with = "lenient::number")]
    pub total: u64,
    /// The venues; at most 30.
    pub results: Vec<Venue>,
}

impl VenuePage {
    /// How many pages there are.
    pub fn pages(&self) -> u64 {
        pages::count(None, self.total)
    }
}

resource! {
    /// The endpoints of venues: [`Native::venues`](super::Native::venues).
    ///
    /// A place is an address that all companies share. A venue is a place within a company, with an id of its own and
    /// with what happened there. Events are set by places.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// # use connectors_brandscopic::{Contract, native::NewVenue};
    /// # let mock = connectors_mock::MockBrandscopic::builder().contract(Contract::Native).past_events(40).build()?;
    /// let venues = mock.client().native()?.venues();
    /// let all = venues.list().near(40.72, -73.99, 2.0).pager().collect_all().await?;
    /// let kettle = venues.get(all[0].id).await?;
    /// assert_eq!(kettle.name.as_deref(), Some("The Copper Kettle"));
    /// assert!(venues.analysis(kettle.id).await?.overview.is_some());
    /// assert!(!venues.photos(kettle.id).await?.is_empty());
    /// assert!(!venues.comments(kettle.id).await?.is_empty());
    ///
    /// let bars = venues.types().await?.into_iter().find(|kind| kind.name == "Bar").unwrap();
    /// let new = NewVenue::new("Night Owl", "Chicago", "Illinois", "US").street("12", "Oak Street").types([bars.value]);
    /// let place = venues.create(&new).await?;
    /// let hits = venues.search("night owl").await?;
    /// assert_eq!(hits[0].id.place_id(), Some(place), "what an event is set by");
    /// assert_eq!(venues.autocomplete("owl").await?[0].suggestions[0].label, "Night Owl");
    /// # Ok(())
    /// # }
    /// ```
    pub struct Venues;
}

#[derive(Serialize)]
struct Body<'a> {
    venue: &'a NewVenue,
}

/// What is told of a new venue is its place: the id is one of a place.
#[derive(Deserialize)]
struct Created {
    id: PlaceId,
}

impl From<Created> for PlaceId {
    fn from(created: Created) -> Self {
        created.id
    }
}

impl Venues {
    /// The venues of the company. Await it for one page, or read all through its pager.
    pub fn list(&self) -> ListVenues {
        ListVenues(Request::new(self.0.call(&LIST)))
    }

    /// One venue, whole.
    pub fn get(&self, venue: VenueId) -> Request<Venue> {
        Request::new(self.0.call(&GET).id("id", venue.get()))
    }

    /// Adds a venue, and gives the place that events are set by. A place that Google knows is reused. An address that
    /// nobody knows is refused.
    pub fn create(&self, venue: &NewVenue) -> Request<PlaceId> {
        Request::mapped::<Created>(self.0.call(&CREATE).json(&Body { venue })).check(venue.check())
    }

    /// Searches venues and Google's places by name: up to ten, those this user may use first.
    pub fn search(&self, term: impl Into<String>) -> SearchVenues {
        let term = term.into();
        let checked = not_blank("term", &term);
        SearchVenues(Request::new(self.0.call(&SEARCH)).check(checked).set("term", term))
    }

    /// The kinds of venues, for [`NewVenue::types`].
    pub fn types(&self) -> Request<Vec<VenueType>> {
        Request::new(self.0.call(&TYPES))
    }

    /// What lists could be narrowed by that fits what somebody has typed.
    pub fn autocomplete(&self, typed: &str) -> Request<Vec<SuggestionGroup>> {
        Request::new(self.0.call(&AUTOCOMPLETE).query("q", typed))
    }

    /// What a venue's events came to. What the user may not see is missing.
    pub fn analysis(&self, venue: VenueId) -> Request<VenueAnalysis> {
        Request::new(self.0.call(&ANALYSIS).id("id", venue.get()))
    }

    /// Photos of a venue, its events' and Google's: ten at most.
    pub fn photos(&self, venue: VenueId) -> Request<Vec<VenuePhoto>> {
        Request::new(self.0.call(&PHOTOS).id("id", venue.get()))
    }

    /// Comments on a venue, its events' and Google's.
    pub fn comments(&self, venue: VenueId) -> Request<Vec<VenueComment>> {
        Request::new(self.0.call(&COMMENTS).id("id", venue.get()))
    }
}

request! {
    /// Searches venues by name: [`Venues::search`].
    pub struct SearchVenues => Vec<VenueMatch>;
}

impl SearchVenues {
    /// Orders the hits by their distance from here, in degrees.
    pub fn near(self, latitude: f64, longitude: f64) -> Self {
        let checked = on_earth(latitude, longitude);
        Self(self.0.check(checked).set("location", format_args!("{latitude},{longitude}")))
    }
}

request! {
    /// Lists venues: [`Venues::list`]. Filters of one kind add up, those of different kinds narrow each other.
    pub struct ListVenues => VenuePage;
    /// Only venues of events of these campaigns.
    each campaigns: RemoteCampaignId = "campaign[]";
    /// Only these venues.
    each venues: VenueId = "venue[]";
    /// Only venues in these areas.
    each areas: AreaId = "area[]";
    /// Only venues of events of these members of the company.
    each users: CompanyUserId = "user[]";
    /// Only venues of events of these teams.
    each teams: TeamId = "team[]";
    /// Only venues of events of these brands.
    each brands: BrandId = "brand[]";
    /// Only venues at these places.
    each places: PlaceId = "place[]";
}

impl ListVenues {
    /// Only venues around here, in degrees, within about this radius. Its unit is not certain: probably kilometres.
    pub fn near(self, latitude: f64, longitude: f64, radius: f64) -> Self {
        let positive = radius > 0.0 && radius.is_finite();
        let checked = if positive { Ok(()) } else { Err(Error::invalid("radius", "must be more than 0")) };
        let request = self.0.check(on_earth(latitude, longitude)).check(checked);
        Self(request.set("location", format_args!("{latitude},{longitude}")).set("radius", radius))
    }

    /// This page, from 1, instead of the first.
    pub fn page(self, number: u64) -> Self {
        Self(pages::at(self.0, number))
    }

    /// All venues from this page on, one after the other. A cursor is the number of a page.
    ///
    /// Fails with [`Decode`](connectors_core::ErrorKind::Decode) if the server sends the same page again, which would
    /// leave the others out.
    pub fn pager(self) -> Pager<Venue> {
        pages::all(
            &LIST,
            self.0,
            |venue: &Venue| venue.id.get(),
            |page: VenuePage| {
                let pages = page.pages();
                (page.results, pages)
            },
        )
    }
}

fn on_earth(latitude: f64, longitude: f64) -> Result<()> {
    if (-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude) {
        return Ok(());
    }
    Err(Error::invalid("location", "must be a latitude up to 90 degrees and a longitude up to 180"))
}
