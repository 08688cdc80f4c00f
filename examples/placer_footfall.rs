//! How many people come to a place, and when: `cargo run --example placer_footfall`
//!
//! Runs on the mock. For the real service, replace `MockPlacer::new()` by `PlacerClient::from_env()?`, set
//! `PLACER_API_KEY`, and search for places that exist.

use connectors_core::{DateRange, Result};
use connectors_mock::MockPlacer;
use connectors_placer::{
    AggregateRequest, Fidelity, FootfallRequest, MovementRequest, PlacerService, Quality, hour_label,
    latest_complete_day,
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let placer = MockPlacer::new();
    println!("{}\n", placer.test_connection().await?);

    // Placer knows places by ids; a search finds them by name. It is part of the client's native API.
    let found = placer.client().pois().search().query("market").await?;
    for poi in &found {
        let city = poi.address.as_ref().and_then(|address| address.city.as_deref()).unwrap_or("?");
        println!("{}  {} in {city}", poi.api_id, poi.name.as_deref().unwrap_or("?"));
    }
    let venues: Vec<_> = found.into_iter().map(|poi| poi.api_id).collect();
    let Some(venue) = venues.first().cloned() else { return Ok(()) };

    // Data comes some days late; the latest complete day is the last one worth asking for.
    let today = placer.backend().clock().now_utc().date_naive();
    let week = DateRange::last_days(7, latest_complete_day(today))?;

    // Visits alone are one call. Visitors and dwell time of each day take two more per day: the caller decides.
    let footfall = placer.footfall(FootfallRequest::new(venue.clone(), week).fidelity(Fidelity::PerDay)).await?;
    println!("\n{}, {} calls and {} free polls", footfall.effective_range, footfall.cost.calls, footfall.cost.polls);
    println!("{:<15} {:>7} {:>9} {:>8}", "day", "visits", "visitors", "minutes");
    for row in &footfall.rows {
        let day = row.date.format("%a %Y-%m-%d");
        let visitors = row.unique_visitors.map_or_else(|| "?".to_owned(), |n| n.to_string());
        let minutes = row.avg_dwell_minutes.map_or_else(|| "?".to_owned(), |n| format!("{n:.0}"));
        let mark = if row.quality == Quality::Reported { "" } else { " (estimated)" };
        println!("{day:<15} {:>7} {visitors:>9} {minutes:>8}{mark}", row.visits);
    }

    // The levels compare the place with itself, not with others.
    let movement = placer.movement(MovementRequest::new(venue)).await?;
    let peaks: Vec<_> = movement.peak_hours.iter().map(|hour| hour_label(*hour)).collect();
    println!("\nbusiest in the {} ({}), at {}", movement.time_of_day, movement.traffic_level, peaks.join(", "));
    for part in &movement.dayparts {
        println!("{:<10} {:>5.0} % of its average, {}", part.name, part.score * 100.0, part.level);
    }

    // What was asked before comes from the cache; a place that fails would be listed instead of failing the rest.
    let all = placer.aggregate_footfall(AggregateRequest::new(venues, week)).await?;
    println!(
        "\nall {} markets: {} visits, for {} calls ({} cached)",
        all.by_venue.len(),
        all.total_visits,
        all.cost.calls,
        all.cost.cached
    );
    for failure in &all.failures {
        println!("without {}: {}", failure.venue, failure.error);
    }
    Ok(())
}
