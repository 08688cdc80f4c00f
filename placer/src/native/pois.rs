//! `GET /v1/poi` and what lists places.

use connectors_core::provider::{Call, Operation};
use connectors_core::{Cursor, Error, Page, Pager, Request, RequestOptions, Response, Result};
use http::Method;
use serde::de::DeserializeOwned;

use super::listing::Listing;
use super::request::within;
use super::{POIS, plain};
use crate::flags::{Flagged, Flags};
use crate::model::{Entity, EntityType, Poi, VenueId};
use crate::{PROVIDER, PlacerClient};

static SEARCH: Operation = Operation::new(PROVIDER, "pois.search", Method::GET, "/v1/poi").group(POIS);
static ENTITIES: Operation =
    Operation::new(PROVIDER, "pois.entities", Method::GET, "/v1/poi/{id}/entities").group(POIS);
static MY_PROPERTIES: Operation =
    Operation::new(PROVIDER, "pois.my_properties", Method::GET, "/v1/poi/my-properties").group(POIS);

/// Only so many matches can be reached.
const REACHABLE: usize = 1000;

/// The most that one page holds.
const MAX_PAGE: usize = 100;

/// What a list of the parts of a chain may weigh: there are chains of many thousands, at some 300 bytes each.
const ENTITIES_CAP: usize = 256 << 20;

/// Places to ask about: [`PlacerClient::pois`].
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> connectors_core::Result<()> {
/// # let mock = connectors_mock::MockPlacer::new();
/// # let placer = mock.client().clone();
/// let pois = placer.pois();
/// let found = pois.search().query("market").near(47.61, -122.34, 2.0).only_reportable().await?;
/// assert_eq!(found[0].name.as_deref(), Some("Pike Street Market"));
///
/// let chain = &found[0].parent_chains[0];
/// let stores = pois.entities(&chain.api_id).await?;
/// assert!(stores.iter().any(|store| store.api_id == found[0].api_id));
///
/// let mine = pois.my_properties().await?;
/// assert!(!mine.is_empty());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Pois(pub(crate) PlacerClient);

connectors_core::request! {
    /// A list of the parts of a chain, complex or tag, in the making: [`Pois::entities`].
    pub struct ListEntities => Vec<Entity>;
    /// The regional chains of a nationwide one as well.
    flag include_regional_chains = "includeRegionalChains";
}

impl Pois {
    /// Searches places by name and surroundings. Names are those on the front, not the companies behind.
    /// Counts in the group `pois`; see [the endpoint](https://docs.placer.ai/reference/get_v1-poi-1).
    pub fn search(&self) -> PoiSearch {
        PoiSearch {
            client: self.0.clone(),
            query: None,
            near: None,
            categories: [None, None, None],
            entity_types: Vec::new(),
            page_size: MAX_PAGE,
            skip: 0,
            include_flagged: false,
            only_reportable: false,
            options: RequestOptions::default(),
        }
    }

    /// The parts of a chain, complex or tag. A chain may have thousands; answers of up to 256 MiB are taken. See
    /// [`Analytics::expand`](crate::Analytics::expand) for the stores among them.
    /// Counts in the group `pois`; see [the endpoint](https://docs.placer.ai/reference/get_v1-poi-id-entities-1).
    pub fn entities(&self, id: &VenueId) -> ListEntities {
        let call = self.0.native(&ENTITIES).path("id", id).body_cap(ENTITIES_CAP);
        let request = Request::with(call, |call| Box::pin(places(&ENTITIES, call)));
        ListEntities(request.check(id.check_native()))
    }

    /// As [`entities`](Self::entities), to be kept.
    pub(crate) fn listed_entities(&self, id: &VenueId, regional: bool) -> Listing<Entity> {
        let list = self.entities(id);
        let list = if regional { list.include_regional_chains() } else { list };
        Listing::new(&self.0, &ENTITIES, list.0.into_call(), id.as_str(), if regional { "regional" } else { "" })
    }

    /// The account's portfolio.
    /// Counts in the group `pois`; see [the endpoint](https://docs.placer.ai/reference/get_v1-poi-my-properties-1).
    pub fn my_properties(&self) -> Request<Vec<Poi>> {
        let call = self.0.native(&MY_PROPERTIES).body_cap(ENTITIES_CAP);
        Request::with(call, |call| Box::pin(places(&MY_PROPERTIES, call)))
    }
}

/// A list of places, which of them are flagged is remembered.
pub(super) async fn places<P: Flagged + DeserializeOwned>(
    operation: &'static Operation,
    call: Call,
) -> Result<Response<Vec<P>>> {
    let core = call.core().clone();
    let found = plain::list(operation, call).await?;
    Flags(&core).saw(found.iter());
    Ok(found)
}

/// A search for places, in the making. Await it for the first page, or take [`all`](Self::all) pages.
#[must_use = "a search begins when it is awaited, sent or paged"]
#[derive(Debug, Clone)]
pub struct PoiSearch {
    client: PlacerClient,
    query: Option<String>,
    near: Option<Near>,
    categories: [Option<String>; 3],
    entity_types: Vec<EntityType>,
    page_size: usize,
    skip: usize,
    include_flagged: bool,
    only_reportable: bool,
    options: RequestOptions,
}

#[derive(Debug, Clone, Copy)]
struct Near {
    latitude: f64,
    longitude: f64,
    miles: f64,
}

impl PoiSearch {
    /// Whose name is like this; 1 to 256 characters.
    pub fn query(mut self, name: impl Into<String>) -> Self {
        self.query = Some(name.into());
        self
    }

    /// In the square around a circle of 0.01 to 2000 miles. Finds no chains.
    pub fn near(mut self, latitude: f64, longitude: f64, miles: f64) -> Self {
        self.near = Some(Near { latitude, longitude, miles });
        self
    }

    /// In this group of categories, such as `Dining`, by Placer's exact name.
    pub fn group(mut self, name: impl Into<String>) -> Self {
        self.categories[0] = Some(name.into());
        self
    }

    /// In this category, such as `Restaurants`, by Placer's exact name.
    pub fn category(mut self, name: impl Into<String>) -> Self {
        self.categories[1] = Some(name.into());
        self
    }

    /// In this subcategory, such as `Mexican Restaurant`, by Placer's exact name.
    pub fn sub_category(mut self, name: impl Into<String>) -> Self {
        self.categories[2] = Some(name.into());
        self
    }

    /// Only these types; venues, complexes and chains otherwise.
    pub fn entity_types(mut self, types: impl IntoIterator<Item = EntityType>) -> Self {
        self.entity_types = types.into_iter().collect();
        self
    }

    /// So many per page, 1 to 100; 100 otherwise.
    pub fn page_size(mut self, size: usize) -> Self {
        self.page_size = size;
        self
    }

    /// Leaves out the first matches; at most 999.
    pub fn skip(mut self, matches: usize) -> Self {
        self.skip = matches;
        self
    }

    /// Also finds places whose data is too thin to report on.
    pub fn include_flagged(mut self) -> Self {
        self.include_flagged = true;
        self
    }

    /// Leaves out the places found that reports would fail on: those that are flagged or that the contract does not
    /// include. A page may then have fewer places than there are further ones.
    pub fn only_reportable(mut self) -> Self {
        self.only_reportable = true;
        self
    }

    /// Fetches one page.
    pub async fn send(self) -> Result<Response<Vec<Poi>>> {
        let only_reportable = self.only_reportable;
        let found = self.page().await?;
        Ok(found.map(|mut pois| {
            pois.retain(|poi| !only_reportable || poi.is_reportable());
            pois
        }))
    }

    /// One page as Placer gives it.
    async fn page(self) -> Result<Response<Vec<Poi>>> {
        places(&SEARCH, self.call()).await
    }

    /// One page, to be kept.
    pub(crate) fn listed(self) -> Listing<Poi> {
        let Self { query, near, categories, entity_types, page_size, skip, include_flagged, .. } = &self;
        let told = (query, near, categories, entity_types, page_size, skip, include_flagged);
        let (client, parameters) = (self.client.clone(), format!("{told:?}"));
        Listing::new(&client, &SEARCH, self.call(), "search", &parameters)
    }

    fn call(self) -> Call {
        let checked = if self.options.skip_validation { Ok(()) } else { self.check() };
        let [group, category, sub_category] = self.categories;
        let near = self.near;
        let mut call = self.client.native(&SEARCH).check(checked).options(self.options);
        for entity_type in &self.entity_types {
            call = call.query("entityType", entity_type);
        }
        if self.include_flagged {
            call = call.query("includeFlaggedEntities", true);
        }
        call.query_opt("query", self.query)
            .query_opt("lat", near.map(|near| near.latitude))
            .query_opt("lng", near.map(|near| near.longitude))
            .query_opt("radius", near.map(|near| near.miles))
            .query_opt("groupCategory", group)
            .query_opt("category", category)
            .query_opt("subCategory", sub_category)
            .query("limit", self.page_size)
            .query("skip", self.skip)
    }

    /// All matches, page by page, up to the 1000 that Placer lets anyone reach.
    pub fn all(self) -> Pager<Poi> {
        let first = Some(Cursor::new(self.skip.to_string()));
        Pager::new(first, move |cursor| {
            let skip = cursor.and_then(|cursor| cursor.as_str().parse().ok()).unwrap_or(0_usize);
            let size = self.page_size.min(REACHABLE.saturating_sub(skip));
            let page = self.clone().skip(skip).page_size(size);
            let only_reportable = self.only_reportable;
            async move {
                let mut found = page.page().await?.into_inner();
                let next = skip + found.len();
                let more = found.len() == size && next < REACHABLE;
                found.retain(|poi| !only_reportable || poi.is_reportable());
                Ok(Page::new(found, more.then(|| Cursor::new(next.to_string()))))
            }
        })
    }

    fn check(&self) -> Result<()> {
        if self.query.as_ref().is_some_and(|query| query.trim().is_empty() || query.chars().count() > 256) {
            return Err(Error::invalid("query", "must have 1 to 256 characters"));
        }
        if let Some(near) = self.near {
            within("lat", near.latitude, -90.0..=90.0)?;
            within("lng", near.longitude, -180.0..=180.0)?;
            within("radius", near.miles, 0.01..=2000.0)?;
        }
        if self.skip >= REACHABLE {
            return Err(Error::invalid("skip", format!("must be below {REACHABLE}")));
        }
        if !(1..=MAX_PAGE).contains(&self.page_size) {
            return Err(Error::invalid("limit", format!("must be from 1 to {MAX_PAGE}")));
        }
        let blank = |name: &Option<String>| name.as_ref().is_some_and(|name| name.trim().is_empty());
        let mut named = ["groupCategory", "category", "subCategory"].into_iter().zip(&self.categories);
        if let Some((field, _)) = named.find(|(_, name)| blank(name)) {
            return Err(Error::invalid(field, "must not be blank"));
        }
        Ok(())
    }
}

connectors_core::request_options!(PoiSearch => Vec<Poi>);
