//! The list of stores, and which of Placer's places they are.

use std::collections::HashMap;

use connectors_core::Result;
use connectors_placer::{Cost, MatchStatus, PlacerClient, StoreMatch, VenueId};
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

const COLUMNS: [&str; 6] = ["id", "name", "address", "city", "state", "zip"];

/// Reads the list. An error says in which line something is wrong, and what to do.
pub fn read(csv: &[u8]) -> std::result::Result<Vec<Store>, String> {
    let mut lines = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(csv);
    let headers = lines.headers().map_err(|error| unreadable(&error))?.clone();
    let lacking: Vec<_> = COLUMNS.into_iter().filter(|name| !headers.iter().any(|header| header == *name)).collect();
    if !lacking.is_empty() {
        return Err(format!(
            "the first line lacks {}: it has to name {} and perhaps placer_id, with commas between them",
            lacking.join(", "),
            COLUMNS.join(", ")
        ));
    }
    let mut known = HashMap::new();
    let mut stores = Vec::new();
    for record in lines.records() {
        let record = record.map_err(|error| unreadable(&error))?;
        let line = record.position().map_or(0, csv::Position::line);
        let store: Store = record.deserialize(Some(&headers)).map_err(|error| unreadable(&error))?;
        if store.id.is_empty() || (store.name.is_empty() && store.placer_id.is_none()) {
            return Err(format!("line {line}: a store needs an id, and a name to be looked for by, or its placer_id"));
        }
        if let Some(first) = known.insert(store.id.clone(), line) {
            return Err(format!("line {line}: the id {} is that of line {first}; give each store its own", store.id));
        }
        stores.push(store);
    }
    if stores.is_empty() {
        return Err("there is no store in it: add one line for each".to_owned());
    }
    Ok(stores)
}

fn unreadable(error: &csv::Error) -> String {
    let line = error.position().map_or(0, csv::Position::line);
    match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => format!(
            "line {line}: {len} fields instead of {expected_len}; a text with a comma in it has to stand in quotes"
        ),
        csv::ErrorKind::Utf8 { .. } => format!("line {line} is not UTF-8: save the list as \"CSV UTF-8\""),
        _ => error.to_string(),
    }
}

/// Which of Placer's places the stores are.
#[derive(Debug)]
pub struct Located {
    /// Each place once.
    pub places: Vec<(Store, VenueId)>,
    /// The stores that have none of their own, with the reason.
    pub missing: Vec<(Store, String)>,
    /// What looking for them cost.
    pub cost: Cost,
}

/// Which places the stores are. Those without an id are looked for by name and address.
pub async fn locate(placer: &PlacerClient, stores: Vec<Store>) -> Result<Located> {
    let wanted = |store: &Store| {
        let wanted = connectors_placer::Store::new(&store.id, &store.name).address(&store.address);
        wanted.city(&store.city, &store.state).zip(&store.zip)
    };
    let unknown: Vec<_> = stores.iter().filter(|store| store.placer_id.is_none()).map(wanted).collect();
    let found = placer.analytics().match_stores(unknown).await?;
    let mut located = Located { places: Vec::new(), missing: Vec::new(), cost: found.cost };
    let (mut matches, mut taken) = (found.stores.into_iter(), HashMap::new());
    for store in stores {
        let place = match &store.placer_id {
            Some(id) => VenueId::new(id.as_str()).map_err(|error| error.to_string()),
            None => matches.next().map_or_else(|| Err("not looked for".to_owned()), |found| place(&found)),
        };
        let place = place.and_then(|venue| match taken.get(&venue) {
            Some(first) => Err(format!("the same place as {first}")),
            None => Ok(venue),
        });
        match place {
            Ok(venue) => {
                taken.insert(venue.clone(), store.id.clone());
                located.places.push((store, venue));
            }
            Err(reason) => located.missing.push((store, reason)),
        }
    }
    Ok(located)
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
