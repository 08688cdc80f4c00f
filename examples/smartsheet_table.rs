//! A sheet as a table: a program's own structs go in and come out, by the titles of the columns.
//!
//! Runs on the mock, without key or network: `cargo run --example smartsheet_table`. For the real service, swap the
//! mock's client for `SmartsheetClient::from_env()?`, and name a sheet of your own.

use connectors_core::Result;
use connectors_mock::{Fault, MockSmartsheet};
use connectors_smartsheet::Table;
use serde::{Deserialize, Serialize};

/// One row. Fields are columns; an `Option` is an empty cell, a list a column of several values.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Store {
    #[serde(rename = "Store")]
    name: String,
    #[serde(rename = "City")]
    city: String,
    #[serde(rename = "Area (m²)")]
    area: Option<f64>,
    #[serde(rename = "Teams", default)]
    teams: Vec<String>,
}

#[tokio::main]
async fn main() -> Result<()> {
    let mock = MockSmartsheet::new();
    let table = mock.client().table(mock.store_list_id()).key("Store");

    let mut stores: Vec<Store> = table.read().await?;
    for store in &stores {
        println!(
            "{:16} {:14} {:>9} m²  {}",
            store.name,
            store.city,
            store.area.unwrap_or(0.0),
            store.teams.join(" + ")
        );
    }

    // One store has grown, and there is a new one. The answer to the add is lost on the way, so the rows are looked
    // for, not added twice.
    if let Some(alexa) = stores.iter_mut().find(|store| store.name == "Alexa") {
        alexa.area = Some(57_000.0);
    }
    stores.push(Store { name: "Elbe".into(), city: "Hamburg".into(), area: None, teams: vec!["Crew C".into()] });
    mock.backend().script("rows.add", [Fault::ResetAfter]);
    save(&table, &stores).await?;
    save(&table, &stores).await?;

    // Found by key. The second time only the sheet's version is asked for.
    let mut finder = table.finder();
    for name in ["Elbe", "Spree"] {
        match finder.find(name).await? {
            Some(row) => println!("{name} is row {row}"),
            None => println!("{name} has no row"),
        }
    }

    // What cannot be right is refused before it is sent, by row and column.
    stores.retain(|store| store.name == "Elbe");
    for store in &mut stores {
        store.city = "x".repeat(5_000);
    }
    if let Err(error) = table.upsert(&stores).await {
        println!("{error}");
    }
    Ok(())
}

async fn save(table: &Table, stores: &[Store]) -> Result<()> {
    let report = table.upsert(stores).await?;
    let (created, updated, unchanged) = (report.created(), report.updated(), report.unchanged());
    println!("{created} added, {updated} changed, {unchanged} as they were");
    for (store, error) in report.failures() {
        println!("{store}: {error}");
    }
    Ok(())
}
