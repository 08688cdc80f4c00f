//! A dynamic code for an event, and how often it was scanned.
//!
//! Runs on the mock, or on the real service when `QRTIGER_API_KEY` is set:
//! `cargo run --example qrtiger_scan_stats`. There, the file [`LINKS`] remembers the code, so that a second run makes no
//! second one.

use std::error::Error;
use std::sync::Arc;

use connectors_core::{CampaignId, EventId, FileLinkStore, TimeZone};
use connectors_mock::MockQrTiger;
use connectors_qrtiger::{Count, GenerateQrCode, Period, QrTigerBuilder, QrTigerService, ScanStatsRequest};

const LINKS: &str = "qrtiger_scan_stats.links.jsonl";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let qr: Arc<dyn QrTigerService> = match std::env::var_os("QRTIGER_API_KEY") {
        Some(_) => Arc::new(QrTigerBuilder::from_env()?.link_store(Arc::new(FileLinkStore::open(LINKS)?)).build()?),
        None => Arc::new(MockQrTiger::new()),
    };

    // Asked for twice, the same event gets the same code.
    let (campaign, event) = (CampaignId::new("cold-brew-summer")?, EventId::new("tasting-001")?);
    let request = GenerateQrCode::new(&campaign, &event, "https://example.com/cold-brew?event=tasting-001".parse()?);
    let code = qr.generate_qr_code(request).await?;
    println!("{} ({}) leads to {}", code.short_url, code.name, code.destination.map_or_else(String::new, Into::into));

    // Two weeks of days as people in Chicago count them; days without scans are there, too.
    let request = ScanStatsRequest::new(code.id, Period::LastDays(14)).time_zone(TimeZone::new("America/Chicago")?);
    let stats = qr.scan_stats(request).await?;
    println!(
        "{} scans in all, {} in two weeks by {} visitors\n",
        stats.total_scans, stats.scans_in_period, stats.unique_in_period
    );
    for day in &stats.by_day {
        let bar = "#".repeat(usize::try_from(day.scans.min(60))?);
        println!("{} {:>3} {bar}", day.date.format("%a %d %b"), day.scans);
    }
    println!("\nby device:  {}", listed(&stats.by_device));
    println!("by country: {}", listed(&stats.by_country));
    println!("by city:    {}", listed(&stats.by_city));
    Ok(())
}

fn listed(counts: &[Count]) -> String {
    counts.iter().map(|count| format!("{} {}", count.label, count.scans)).collect::<Vec<_>>().join(", ")
}
