//! The list of stores, and which of Placer's places they are.

use connectors_core::Result;
use connectors_placer::{MatchStatus, PlacerClient, StoreMatch, VenueId};
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

/// Stores with their places, and those that have none, with the reason.
pub type Located = (Vec<(Store, VenueId)>, Vec<(Store, String)>);

/// Which places the stores are. Those without an id are looked for by name and address.
pub async fn locate(placer: &PlacerClient, stores: Vec<Store>) -> Result<Located> {
    let wanted = |store: &Store| {
        let wanted = connectors_placer::Store::new(&store.id, &store.name).address(&store.address);
        wanted.city(&store.city, &store.state).zip(&store.zip)
    };
    let unknown: Vec<_> = stores.iter().filter(|store| store.placer_id.is_none()).map(wanted).collect();
    let mut matches = placer.analytics().match_stores(unknown).await?.stores.into_iter();
    let (mut located, mut missing) = (Vec::new(), Vec::new());
    for store in stores {
        let place = match &store.placer_id {
            Some(id) => VenueId::new(id.as_str()).map_err(|error| error.to_string()),
            None => matches.next().map_or_else(|| Err("not looked for".to_owned()), |found| place(&found)),
        };
        match place {
            Ok(venue) => located.push((store, venue)),
            Err(reason) => missing.push((store, reason)),
        }
    }
    Ok((located, missing))
}

fn place(found: &StoreMatch) -> std::result::Result<VenueId, String> {
    let best = found.best.as_ref().and_then(|best| best.name.as_deref()).unwrap_or("a place");
    match (found.matched(), found.status, &found.error) {
        (Some(venue), _, _) => Ok(venue.clone()),
        (None, MatchStatus::Ambiguous, _) => Err(format!("may be {best}, or may not: set its placer_id")),
        (None, _, Some(error)) => Err(error.to_string()),
        (None, _, None) => Err("Placer knows no such place".to_owned()),
    }
}
