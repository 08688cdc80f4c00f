//! The main job under faults: whatever goes wrong on the wire, no event, row or code is lost or doubled.

#![allow(clippy::unwrap_used, reason = "also the helpers of the tests are tests")]

use std::collections::HashMap;

use connectors_core::Campaign;
use connectors_examples::campaign_launch::args::Args;
use connectors_examples::campaign_launch::launch::launch;
use connectors_examples::campaign_launch::progress::Steps;
use connectors_examples::campaign_launch::report::LaunchReport;
use connectors_examples::campaign_launch::services::Services;

fn campaign() -> Campaign {
    Campaign::from_json(include_str!("../data/summer_tour.json")).unwrap()
}

async fn run(args: &Args) -> (LaunchReport, Services) {
    let campaign = campaign();
    let services = Services::new(args, &campaign, false).unwrap();
    let report = launch(&campaign, &services, &Steps::new(0, true)).await;
    services.keep().unwrap();
    (report, services)
}

fn counted<T: std::hash::Hash + Eq>(things: impl IntoIterator<Item = T>) -> HashMap<T, usize> {
    let mut counts = HashMap::new();
    things.into_iter().for_each(|thing| *counts.entry(thing).or_default() += 1);
    counts
}

#[tokio::test]
async fn the_bundled_campaign_is_as_large_as_promised_and_launches_without_a_failure() {
    let campaign = campaign();
    let venues = counted(campaign.events.iter().map(|e| e.venue.id.clone()));
    let cities = counted(campaign.events.iter().map(|e| e.venue.city.clone()));
    let first = campaign.events.iter().map(|e| e.starts_at).min().unwrap();
    let last = campaign.events.iter().map(|e| e.ends_at).max().unwrap();
    assert!(campaign.events.len() >= 24 && venues.len() >= 8 && cities.len() >= 6);
    assert!((last - first).num_days() >= 28, "five weeks");

    let (report, services) = run(&Args::default()).await;
    assert!(report.failures.is_empty(), "{:?}", report.failures);
    let t = &report.totals;
    let n = campaign.events.len();
    assert_eq!((t.events, t.synced, t.rows, t.codes), (n, n, n, n));
    assert_eq!(t.created, 1 + 3 * n, "a sheet, and an event, a row and a code each; the project was there");
    assert!(
        report.events.iter().all(|e| e.expected_footfall.is_some() && !e.peak_hours.is_empty() && e.scans.is_some())
    );
    let throttled =
        services.fakes.iter().flat_map(|fake| fake.backend.journal()).filter(|e| e.status.is_some_and(|s| s == 429));
    assert_eq!(throttled.count(), 0, "the quotas are respected before they bite");
}

#[tokio::test]
async fn the_same_file_gives_the_same_answer() {
    let once = serde_json::to_value(run(&Args::default()).await.0).unwrap();
    let twice = serde_json::to_value(run(&Args::default()).await.0).unwrap();
    assert_eq!(once, twice);
}

#[tokio::test]
async fn whatever_goes_wrong_every_event_is_accounted_for_and_nothing_is_doubled() {
    let expected: Vec<_> = campaign().events.iter().map(|e| e.id.to_string()).collect();
    let (mut disturbed_calls, mut failed_calls) = (0, 0);
    for seed in 1..=20 {
        let (report, services) = run(&Args { faults: Some(seed), ..Args::default() }).await;
        let told: Vec<_> = report.events.iter().map(|e| e.event_id.clone()).collect();
        assert_eq!(told, expected, "seed {seed}");

        let there = services.state();
        for (kind, things) in [("event", &there.events), ("row", &there.rows), ("code", &there.codes)] {
            for (thing, count) in counted(things) {
                assert_eq!(count, 1, "seed {seed}: {kind} {thing} exists {count} times");
            }
        }
        assert!(there.sheets <= 1, "seed {seed}: {there:?}");

        // What the report calls done is there, and what is not there is among the failures.
        for (event, told) in campaign().events.iter().zip(&report.events) {
            let id = event.id.to_string();
            let failed = |service: &str| {
                report.failures.iter().any(|f| f.service == service && f.event_id.as_ref().is_none_or(|e| *e == id))
            };
            let at = |things: &[String], key: &str| things.iter().any(|thing| thing == key);
            let page = event.destination.to_string();
            let start_and_name = format!("{} {}", event.starts_at_utc().to_rfc3339(), event.name);
            assert!(
                told.brandscopic_id.is_none() || at(&there.events, &start_and_name),
                "seed {seed}: {id} is not at Brandscopic"
            );
            assert!(told.sheet_row.is_none() || at(&there.rows, &id), "seed {seed}: {id} has no row");
            assert!(told.short_link.is_none() || at(&there.codes, &page), "seed {seed}: {id} has no code");
            assert!(told.brandscopic_id.is_some() || failed("brandscopic"), "seed {seed}: {id} is lost at Brandscopic");
            assert!(told.sheet_row.is_some() || failed("smartsheet"), "seed {seed}: {id} is lost at Smartsheet");
            assert!(told.short_link.is_some() || failed("qrtiger"), "seed {seed}: {id} is lost at QR TIGER");
        }

        for fake in &services.fakes {
            let journal = fake.backend.journal();
            let disturbed = journal.iter().filter(|e| e.fault.is_some()).count();
            assert!(
                disturbed * 100 >= journal.len() * 15,
                "seed {seed}: {} of {} at {}",
                disturbed,
                journal.len(),
                fake.name
            );
            let kinds = fake.backend.fault_counts();
            for kind in ["throttled", "server error", "slow answer", "truncated answer"] {
                assert!(kinds.contains_key(kind), "seed {seed}: nothing {kind} at {}: {kinds:?}", fake.name);
            }
            if fake.name != "placer" {
                let lost = journal.iter().any(|e| e.write && e.applied && e.status.is_none());
                assert!(lost, "seed {seed}: no write lost its answer at {}", fake.name);
            }
            disturbed_calls += disturbed;
        }
        failed_calls += report.failures.len();
    }
    assert!(
        failed_calls * 5 < disturbed_calls,
        "most disturbed calls recover: {failed_calls} failures of {disturbed_calls} faults"
    );
}

#[tokio::test]
async fn a_second_run_with_the_same_links_creates_nothing() {
    for faults in [None, Some(3)] {
        let folder =
            std::env::temp_dir().join(format!("connectors-launch-{}-{}", std::process::id(), faults.unwrap_or(0)));
        std::fs::create_dir_all(&folder).unwrap();
        let links = Some(folder.join("launch.links.jsonl"));
        let (first, services) = run(&Args { links: links.clone(), faults, ..Args::default() }).await;
        let before = services.state();
        drop(services);
        let (second, services) = run(&Args { links, ..Args::default() }).await;
        let after = services.state();
        std::fs::remove_dir_all(&folder).unwrap();
        assert!(second.failures.is_empty(), "{:?}", second.failures);
        if first.failures.is_empty() {
            assert_eq!(second.totals.created, 0);
            assert_eq!(before, after);
        }
        let n = campaign().events.len();
        assert_eq!((after.events.len(), after.rows.len(), after.codes.len()), (n, n, n));
    }
}
