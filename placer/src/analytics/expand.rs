//! The stores of a chain, of a collection, or in a complex.

use std::collections::HashSet;

use connectors_core::{Error, Result};

use super::Analytics;
use super::work::{Work, question};
use crate::model::{EntityType, Expansion, VenueId};
use crate::native::listing::Listing;
use crate::native::plan::Planner;
use crate::native::report::Manner;

/// A question for the parts of a chain, collection or complex, in the making.
#[must_use = "a question is asked when it is awaited"]
#[derive(Debug, Clone)]
pub struct ExpandRequest {
    work: Work,
    of: VenueId,
    regional: bool,
}

question!(ExpandRequest => Expansion);

impl Analytics {
    /// The stores of a chain, of a collection ([`TagId::entity`](crate::TagId::entity)) or in a complex: each once,
    /// those apart that reports fail on. One call, whose answer is cached as reports are. Only on the native contract.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> connectors_core::Result<()> {
    /// # use connectors_core::DateRange;
    /// # use connectors_mock::{MockPlacer, placer::CHAIN};
    /// # use connectors_placer::{AggregateRequest, PlacerService, VenueId};
    /// # let placer = MockPlacer::new().client().clone();
    /// # let (chain, week) = (VenueId::new(CHAIN)?, DateRange::last_days(7, "2026-02-26".parse().expect("a date"))?);
    /// let chain = placer.analytics().expand(chain).await?;
    /// assert_eq!((chain.stores.len(), chain.flagged.len()), (2, 0));
    /// let footfall = placer.aggregate_footfall(AggregateRequest::new(chain.ids(), week)).await?;
    /// assert_eq!(footfall.by_venue.len(), 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn expand(&self, of: VenueId) -> ExpandRequest {
        ExpandRequest { work: Work::new(&self.0), of, regional: false }
    }
}

impl ExpandRequest {
    /// The regional chains of a nationwide one as well.
    pub fn include_regional_chains(mut self) -> Self {
        self.regional = true;
        self
    }

    fn manner(&self) -> Manner {
        self.work.manner(1)
    }

    fn listing(&self) -> Result<Listing<crate::model::Entity>> {
        self.work.check_native("analytics.expand", &self.of)?;
        if matches!(self.of.entity_type(), Some(EntityType::Venue | EntityType::Billboard)) {
            let error = Error::invalid("venueId", format!("{} is a single place", self.of));
            return Err(error.with_hint("expand a chain, a complex or a tag"));
        }
        Ok(self.work.client.pois().listed_entities(&self.of, self.regional))
    }

    #[expect(clippy::unused_async, reason = "as all questions are planned")]
    async fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        self.listing()?.plan(planner);
        Ok(())
    }

    async fn find(self) -> Result<Expansion> {
        let manner = self.manner();
        let entities = self.listing()?.find(&self.work.client, &manner).await?;
        let mut seen = HashSet::from([self.of.clone()]);
        let mut found = Expansion {
            of: self.of,
            stores: Vec::new(),
            flagged: Vec::new(),
            chains: Vec::new(),
            cost: manner.meter.cost(),
        };
        for entity in entities.iter().filter(|entity| seen.insert(entity.api_id.clone())) {
            let list = match entity.kind() {
                Some(EntityType::Chain) => &mut found.chains,
                _ if entity.is_reportable() => &mut found.stores,
                _ => &mut found.flagged,
            };
            list.push(entity.clone());
        }
        Ok(found)
    }
}
