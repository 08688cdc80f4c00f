//! The list of stores, and which of Placer's places they are.

use connectors_core::Result;
use connectors_placer::{EntityType, PlacerClient, VenueId};
use serde::Deserialize;

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Store {
    pub id: String,
    pub name: String,
    pub address: String,
    pub city: String,
    pub state: String,
    pub zip: String,
    /// Placer's id; a store without is searched for.
    pub placer_id: Option<String>,
}

/// Reads the list; an error names the line.
pub fn read(csv: &[u8]) -> std::result::Result<Vec<Store>, csv::Error> {
    csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(csv).deserialize().collect()
}

/// The place that the store is; `None` where there is none of its name and postal code.
pub async fn locate(placer: &PlacerClient, store: &Store) -> Result<Option<VenueId>> {
    if let Some(id) = &store.placer_id {
        return VenueId::new(id.as_str()).map(Some);
    }
    let found = placer.pois().search().query(&store.name).entity_types([EntityType::Venue]).await?;
    let here = found.into_iter().find(|poi| {
        let zip = poi.address.as_ref().and_then(|address| address.zip_code.as_deref());
        zip == Some(store.zip.as_str()) && poi.is_permitted != Some(false)
    });
    Ok(here.map(|poi| poi.api_id))
}
