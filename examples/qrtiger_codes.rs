//! The codes of a campaign: made at once, drawn in its design, scanned, counted, paused.
//!
//! Runs on the mock: `cargo run --example qrtiger_codes`. The pictures go to the folder `target/qr-codes`, or to the one that is
//! named: `cargo run --example qrtiger_codes -- FOLDER`.

use std::error::Error;
use std::fs;
use std::path::PathBuf;

use connectors_core::{CampaignId, EventId, TimeZone};
use connectors_mock::{Landing, MockQrTiger, ScanContext};
use connectors_qrtiger::{
    Color, DataPattern, Design, EyeOuter, Frame, Gradient, NewCode, Period, QrTigerService, ScanStatsRequest, Utm,
};
use url::Url;

const EVENTS: [&str; 3] = ["portland-market", "seattle-pier", "boise-park"];

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "target/qr-codes".to_owned()));
    // `QrTigerClient::from_env()?` is the real thing.
    let mock = MockQrTiger::new();
    let qrtiger = mock.client();

    let design = Design::new()
        .size(1_000)
        .gradient(Gradient::Diagonal1, Color::new("#1d3557")?, Color::new("#8d1b3d")?)
        .pattern(DataPattern(1))
        .eye_outer(EyeOuter(3))
        .frame(Frame(2), "TASTE IT");
    if let Some(ratio) = design.contrast() {
        println!("contrast {ratio:.1} : 1");
    }

    // One code per event; a second run with the same link store would find them and make none.
    let campaign = CampaignId::new("cold-brew-summer")?;
    let page: Url = "https://example.com/cold-brew".parse()?;
    let mut codes = Vec::new();
    for event in EVENTS {
        let destination = Utm::new("poster", "qr").campaign(campaign.as_str()).content(event).apply(&page)?;
        codes.push(NewCode::link(destination).event(&campaign, &EventId::new(event)?).design(design.clone()));
    }
    let work = qrtiger.campaigns().create_many(codes);
    println!("{} codes take {} requests of the month's quota\n", EVENTS.len(), work.estimate().await?);

    fs::create_dir_all(&folder)?;
    let mut made = Vec::new();
    for (event, outcome) in EVENTS.into_iter().zip(work.await?) {
        let Some(code) = outcome.code() else { return Err(format!("{event}: {outcome:?}").into()) };
        // Drawn here: it takes no request, and is as sharp as print wants it.
        let picture = folder.join(format!("{event}.svg"));
        fs::write(&picture, code.render(&design).svg()?)?;
        println!("{event:<16} {}  {}", code.short_url, picture.display());
        made.push(code.clone());
    }

    // Two people at the poster in Portland; on the fake they can be made up.
    let Some(code) = made.first() else { return Ok(()) };
    println!();
    let now = mock.backend().clock().now_utc();
    for (visitor, device) in [("Ann", "iOS"), ("Ben", "Android"), ("Ann", "iOS")] {
        let scan = ScanContext::new(now).visitor(visitor).device(device).place("United States", "Portland");
        if let Landing::Address(address) = mock.fake().scan(code.short_url.as_str(), scan) {
            println!("{visitor} scans, and gets to {address}");
        }
    }
    let today = ScanStatsRequest::new(code.id.clone(), Period::LastDays(1)).time_zone(TimeZone::new("America/Boise")?);
    let stats = qrtiger.scan_stats(today).await?;
    println!("\ntoday: {} scans by {} people", stats.scans_in_period, stats.unique_in_period);

    // Printed codes cannot be taken back, but lead elsewhere.
    let paused = qrtiger.pause(&code.id).await?;
    let scan = mock.fake().scan(code.short_url.as_str(), ScanContext::new(now));
    if let Landing::Address(address) = scan {
        println!("{} is {}: it leads to {address}", paused.short_url, paused.status);
    }
    let resumed = qrtiger.resume(&code.id).await?;
    println!("and {} again, to {}", resumed.status, resumed.destination.map_or_else(String::new, Into::into));
    Ok(())
}
