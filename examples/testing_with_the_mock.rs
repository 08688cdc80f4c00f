//! How an application that uses the services is tested: against the mock, in virtual time, without a network.
//!
//! The functions below `main` would be `#[tokio::test]`s in a test suite of yours:
//! `cargo run --example testing_with_the_mock`

use std::sync::Arc;
use std::time::Duration;

use connectors_core::testing::VirtualClock;
use connectors_core::{CampaignId, EventId, Result};
use connectors_mock::{Fault, MockQrTiger};
use connectors_qrtiger::{GenerateQrCode, Period, QrStatus, QrTigerService, ScanStatsRequest, UpdateQrCode};
use url::Url;

/// The application: it prints posters, and takes codes out of service that nobody scans. It knows the service trait
/// alone, so that a test can give it the mock.
struct PosterShop {
    qr: Arc<dyn QrTigerService>,
    campaign: CampaignId,
}

impl PosterShop {
    /// What to print on the posters of these events; what failed comes with its event.
    async fn posters(&self, events: &[(EventId, Url)]) -> Vec<(EventId, Result<Url>)> {
        let mut posters = Vec::new();
        for (event, page) in events {
            let code = self.qr.generate_qr_code(GenerateQrCode::new(&self.campaign, event, page.clone())).await;
            posters.push((event.clone(), code.map(|code| code.short_url)));
        }
        posters
    }

    /// Pauses the event's code if it was scanned less than `least` times in a week.
    async fn retire(&self, event: &EventId, page: &Url, least: u64) -> Result<QrStatus> {
        let code = self.qr.generate_qr_code(GenerateQrCode::new(&self.campaign, event, page.clone())).await?;
        let week = self.qr.scan_stats(ScanStatsRequest::new(code.id.clone(), Period::LastDays(7))).await?;
        if week.scans_in_period >= least {
            return Ok(code.status);
        }
        Ok(self.qr.update_qr_code(UpdateQrCode::new(code.id, QrStatus::Paused)).await?.status)
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    posters_survive_a_bad_connection().await?;
    posters_are_not_made_twice().await?;
    a_long_outage_is_reported_and_costs_no_wall_time().await?;
    quiet_codes_are_paused().await?;
    println!("4 tests passed");
    Ok(())
}

/// What is under test, in front of a mock. A clone of the mock looks at the same fake.
fn shop() -> Result<(PosterShop, MockQrTiger)> {
    let mock = MockQrTiger::builder().seed(42).build()?;
    Ok((PosterShop { qr: Arc::new(mock.clone()), campaign: CampaignId::new("summer")? }, mock))
}

fn events(count: usize) -> Result<Vec<(EventId, Url)>> {
    let page = |n| Url::parse(&format!("https://example.com/tasting/{n}")).unwrap_or_else(|e| unreachable!("{e}"));
    (1..=count).map(|n| Ok((EventId::new(format!("tasting-{n}"))?, page(n)))).collect()
}

async fn posters_survive_a_bad_connection() -> Result<()> {
    let (shop, mock) = shop()?;
    // Faults are scripted by operation, one for each request to come.
    mock.backend()
        .script("campaigns.create", [Fault::ResetAfter, Fault::Status(503), Fault::Throttle(None)])
        .script("campaigns.edit", [Fault::Truncated]);
    let posters = shop.posters(&events(3)?).await;
    assert!(posters.iter().all(|(_, poster)| poster.is_ok()), "{posters:?}");
    // The judge is what the provider holds in the end, not what the client says.
    assert_eq!(mock.fake().codes().len(), 3, "a code each, although answers were lost");
    Ok(())
}

async fn posters_are_not_made_twice() -> Result<()> {
    let (shop, mock) = shop()?;
    shop.posters(&events(2)?).await;
    shop.posters(&events(2)?).await;
    // The journal has every request that the provider received.
    assert_eq!(mock.backend().count("campaigns.create"), 2);
    let journal = mock.backend().journal();
    let edits = journal.iter().filter(|entry| entry.operation == Some("campaigns.edit"));
    let names: Vec<_> =
        edits.filter_map(|entry| Some(entry.json::<serde_json::Value>().get("qrName")?.to_string())).collect();
    assert_eq!(names, [r#""event:tasting-1 campaign:summer""#, r#""event:tasting-2 campaign:summer""#]);
    Ok(())
}

async fn a_long_outage_is_reported_and_costs_no_wall_time() -> Result<()> {
    let clock = VirtualClock::default();
    let mock = MockQrTiger::builder().clock(Arc::new(clock.clone())).build()?;
    mock.backend().script("campaigns.list", [Fault::Slow(Duration::from_secs(300)); 10]);
    let report = mock.test_connection().await?;
    assert!(!report.is_connected() && report.elapsed > Duration::from_secs(60), "{report}");
    assert_eq!(report.elapsed, clock.elapsed(), "minutes of waiting, in virtual time");
    Ok(())
}

async fn quiet_codes_are_paused() -> Result<()> {
    let (shop, mock) = shop()?;
    for (event, page) in events(1)? {
        assert_eq!(shop.retire(&event, &page, 1).await?, QrStatus::Active, "the fake's codes have scans");
        assert_eq!(shop.retire(&event, &page, u64::MAX).await?, QrStatus::Paused);
    }
    assert!(mock.fake().codes().iter().all(|code| code.destination.starts_with("https://pages.test/paused?")));
    Ok(())
}
