//! Which places the stores of one's own list are.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use connectors_core::provider::CacheKey;
use connectors_core::{Error, Result};
use futures_util::{StreamExt, stream};

use super::Analytics;
use super::work::{Work, question};
use crate::derive::matching::{Taste, Wanted, choose, without_number};
use crate::model::{EntityType, MatchStatus, Poi, Prefer, Store, StoreMatch, StoreMatches};
use crate::native::listing::Listing;
use crate::native::plan::Planner;
use crate::native::report::Manner;
use crate::native::request::within;

/// How many places one search gives at most.
const PAGE: usize = 100;

/// A question for the places of a store list, in the making.
#[must_use = "a question is asked when it is awaited"]
#[derive(Debug, Clone)]
pub struct MatchStoresRequest {
    work: Work,
    stores: Vec<Store>,
    miles: f64,
    taste: Taste,
}

question!(MatchStoresRequest => StoreMatches);

impl Analytics {
    /// Which places the stores of one's own list are. For each there is one search, by its name and around its location
    /// if that is known; equal searches are made once, and are cached as reports are. What is found is compared by name
    /// and address. A store that cannot be searched for does not fail the others.
    ///
    /// Without a location a name that thousands of stores share is rarely found, as a search gives 100 places:
    /// [`truncated`](StoreMatch::truncated) says so. Only on the native contract.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// # let placer = connectors_mock::MockPlacer::new().client().clone();
    /// use connectors_placer::{MatchStatus, Point, Store};
    ///
    /// let list = [
    ///     Store::new("17", "Pike Street #17").address("85 Pike Street").city("Seattle", "WA").zip("98101"),
    ///     Store::new("18", "Harbor Point Market").location(Point::new(42.3554, -71.0466)).zip("2210"),
    ///     Store::new("19", "Harbor Tacos").city("Long Beach", "CA"),
    /// ];
    /// let question = placer.analytics().match_stores(list).radius(0.5);
    /// assert_eq!(question.estimate().await?.calls, 3);
    /// let matches = question.await?;
    /// for row in matches.rows() {
    ///     println!("{} is {:?}, {:?} sure", row.store_name, row.venue_name, row.confidence);
    /// }
    /// assert_eq!((matches.ids().len(), matches.with(MatchStatus::NotFound).count()), (2, 1));
    /// # Ok(())
    /// # }
    /// ```
    pub fn match_stores(&self, stores: impl IntoIterator<Item = Store>) -> MatchStoresRequest {
        let taste = Taste { prefer: Prefer::Venue, accept: 0.75, keep: 3 };
        MatchStoresRequest { work: Work::new(&self.0), stores: stores.into_iter().collect(), miles: 1.0, taste }
    }
}

impl MatchStoresRequest {
    /// Searches so many miles around a location, 0.01 to 2000; 1 unless set.
    pub fn radius(mut self, miles: f64) -> Self {
        self.miles = miles;
        self
    }

    /// Which of a venue and a complex is meant where both would do; the venue unless set.
    pub fn prefer(mut self, prefer: Prefer) -> Self {
        self.taste.prefer = prefer;
        self
    }

    /// How sure a match has to be, from 0.5 to 1; 0.75 unless set. What is less sure is
    /// [`Ambiguous`](MatchStatus::Ambiguous).
    pub fn accept(mut self, confidence: f64) -> Self {
        self.taste.accept = confidence;
        self
    }

    /// How many further candidates to tell for each store; 3 unless set.
    pub fn candidates(mut self, count: usize) -> Self {
        self.taste.keep = count;
        self
    }

    fn manner(&self) -> Manner {
        self.work.manner(self.stores.len())
    }

    fn check(&self) -> Result<()> {
        self.work.client.services().offers("analytics.match_stores")?;
        within("radius", self.miles, 0.01..=2000.0)?;
        within("accept", self.taste.accept, 0.5..=1.0)
    }

    /// The search for a store; refused when there is nothing to search for.
    fn search(&self, store: &Store) -> Result<Listing<Poi>> {
        let name = without_number(&store.name);
        if name.is_empty() {
            return Err(Error::invalid("name", "must not be blank"));
        }
        let name: String = name.chars().take(256).collect();
        let search = self.work.client.pois().search().query(name).page_size(PAGE).include_flagged();
        let search = search.entity_types([EntityType::Venue, EntityType::Complex]);
        match store.location {
            Some(place) if !place.is_valid() => {
                let message = "must have a latitude from -90 to 90 and a longitude from -180 to 180";
                Err(Error::invalid("location", message))
            }
            Some(place) => Ok(search.near(place.latitude, place.longitude, self.miles).listed()),
            None => Ok(search.listed()),
        }
    }

    #[expect(clippy::unused_async, reason = "as all questions are planned")]
    async fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        self.check()?;
        for search in self.stores.iter().filter_map(|store| self.search(store).ok()) {
            search.plan(planner);
        }
        Ok(())
    }

    async fn find(self) -> Result<StoreMatches> {
        self.check()?;
        let manner = self.manner();
        let client = self.work.client.bulk();
        // Equal searches are made once, also past the cache.
        let (mut searches, mut wanted) = (BTreeMap::new(), Vec::new());
        let mut numbers = HashMap::<CacheKey, usize>::new();
        for (position, store) in self.stores.iter().enumerate() {
            let search = self.search(store).map(|search| {
                let number = *numbers.entry(search.key.clone()).or_insert(position);
                searches.entry(number).or_insert(search);
                number
            });
            wanted.push(search);
        }
        let (client, manner_of_all) = (&client, &manner);
        let finds = searches
            .into_iter()
            .map(|(number, search)| async move { (number, search.find(client, manner_of_all).await) });
        let finds: Vec<_> = finds.collect();
        let found = stream::iter(finds).buffer_unordered(client.settings().concurrency);
        let found: HashMap<usize, Result<Arc<Vec<Poi>>>> = found.collect().await;
        let mut stores: Vec<StoreMatch> = Vec::with_capacity(self.stores.len());
        let mut taken = HashMap::new();
        for (store, search) in self.stores.into_iter().zip(wanted) {
            let unanswered = || Err(Error::invalid("name", "was not searched for"));
            let places = search.and_then(|number| found.get(&number).cloned().unwrap_or_else(unanswered));
            let mut matched = matched(store, places, self.taste);
            if let Some(place) = matched.matched().cloned() {
                let first = taken.entry(place).or_insert_with(|| matched.store.id.clone());
                matched.shared_with = Some(first.clone()).filter(|first| *first != matched.store.id);
            }
            stores.push(matched);
        }
        Ok(StoreMatches { stores, cost: manner.meter.cost() })
    }
}

fn matched(store: Store, places: Result<Arc<Vec<Poi>>>, taste: Taste) -> StoreMatch {
    let mut outcome = StoreMatch {
        store,
        status: MatchStatus::Failed,
        best: None,
        runners_up: Vec::new(),
        skipped: Vec::new(),
        searched: 0,
        truncated: false,
        shared_with: None,
        error: None,
    };
    match places {
        Err(error) => outcome.error = Some(error.with_origin(crate::PROVIDER, "analytics.match_stores")),
        Ok(places) => {
            let choice = choose(&Wanted::new(&outcome.store), &places, taste);
            (outcome.status, outcome.best) = (choice.status, choice.best);
            (outcome.runners_up, outcome.skipped) = (choice.runners_up, choice.skipped);
            (outcome.searched, outcome.truncated) = (places.len(), places.len() >= PAGE);
        }
    }
    outcome
}
