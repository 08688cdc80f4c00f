//! The services' bulk methods, run again and again while things go wrong: in the end everything is there once, and every
//! report accounts for every item once.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use connectors_brandscopic::{BrandscopicService, BulkSync, Contract, CreateProject};
use connectors_core::{BulkOptions, CampaignId, Error, EventId, MemoryLinkStore, RateLimits, Result};
use connectors_mock::{Backend, Chaos, MockBrandscopic, MockQrTiger, MockSmartsheet, conformance};
use connectors_qrtiger::{CodeOutcome, NewCode};
use connectors_smartsheet::{EventRow, SmartsheetService, UpsertEventRows, tracker};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::{cases, run};

/// What goes wrong in a run.
#[derive(Debug, Clone)]
struct Round {
    /// The items of the run, from the first on.
    items: usize,
    concurrency: usize,
    chaos: Option<(u64, f64)>,
    rules: Vec<(usize, u8, u32, u32)>,
}

fn rounds() -> impl Strategy<Value = Vec<Round>> {
    let rule = (0..5_usize, 0..8_u8, 1..4_u32, 0..4_u32);
    let round = (1..13_usize, 1..5_usize, proptest::option::of((any::<u64>(), 0.0..0.6)), vec(rule, 0..4));
    vec(round.prop_map(|(items, concurrency, chaos, rules)| Round { items, concurrency, chaos, rules }), 1..4)
}

impl Round {
    fn disturb(&self, backend: &Backend, operations: &[&str]) {
        backend.calm();
        if let Some((seed, ratio)) = self.chaos {
            backend.chaos(Chaos::new(seed).ratio(ratio));
        }
        for (operation, how, times, after) in &self.rules {
            let rule = backend.on(operations[operation % operations.len()]).times(*times).after(*after);
            match how {
                0 => rule.status(500),
                1 => rule.status(503).retry_after(Duration::from_secs(2)),
                2 => rule.throttle(),
                3 => rule.refuse(),
                4 => rule.reset_before(),
                5 => rule.reset_after(),
                6 => rule.truncate(),
                _ => rule.html(502),
            };
        }
    }

    fn options(&self) -> BulkOptions {
        BulkOptions::default().concurrency(self.concurrency)
    }
}

/// A run that fails as a whole says why; nothing else is allowed.
fn report<T>(outcome: Result<T>) -> Option<T> {
    outcome.map_err(|error: Error| assert!(!error.message().is_empty())).ok()
}

fn once(keys: impl Iterator<Item = String>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for key in keys {
        *counts.entry(key).or_default() += 1;
    }
    counts
}

fn expected(names: &[String]) -> BTreeMap<String, usize> {
    names.iter().map(|name| (name.clone(), 1)).collect()
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn every_event_has_one_row(rounds in rounds()) {
        run(async {
            let mock = MockSmartsheet::new();
            let sheet = mock.template_id();
            let names: Vec<_> = (0..12).map(|n| format!("e-{n}")).collect();
            let rows = |items: usize| {
                let row = |name: &String| EventRow::new(name.parse().unwrap()).set(tracker::SCANS, 7);
                UpsertEventRows::new(sheet, names[..items].iter().map(row).collect())
            };
            for round in &rounds {
                round.disturb(mock.backend(), &["rows.add", "rows.update", "sheets.get", "columns.list", "*"]);
                if let Some(report) = report(mock.upsert_event_rows(rows(round.items).options(round.options())).await) {
                    let told: Vec<_> = report.items.iter().map(|item| item.key.to_string()).collect();
                    assert_eq!(told, names[..round.items]);
                }
            }
            mock.backend().calm();
            assert!(mock.upsert_event_rows(rows(12)).await.unwrap().is_complete());
            let held = mock.fake().rows(sheet);
            assert_eq!(once(held.iter().map(|row| row.cell(tracker::EVENT_ID).unwrap().to_owned())), expected(&names));
            assert!(held.iter().all(|row| row.cell(tracker::SCANS) == Some("7")));
            assert_eq!(mock.upsert_event_rows(rows(12)).await.unwrap().unchanged(), 12);
        });
    }

    #[test]
    fn every_event_has_one_code(rounds in rounds()) {
        run(async {
            let builder = MockQrTiger::builder().link_store(Arc::new(MemoryLinkStore::default()));
            let mock = builder.client(|client| client.limits(RateLimits::none())).build().unwrap();
            let campaign = CampaignId::new("summer").unwrap();
            let pages: Vec<_> = (0..12).map(|n| format!("https://example.com/{n}")).collect();
            let codes = |items: usize| {
                let code = |(n, page): (usize, &String)| {
                    NewCode::link(page.parse().unwrap()).event(&campaign, &EventId::new(format!("e{n}")).unwrap())
                };
                pages[..items].iter().enumerate().map(code).collect::<Vec<_>>()
            };
            let campaigns = mock.client().campaigns();
            for round in &rounds {
                round.disturb(mock.backend(), &["campaigns.create", "campaigns.edit", "campaigns.list", "tracking.data", "*"]);
                let outcomes = campaigns.create_many(codes(round.items)).options(round.options()).await;
                if let Some(outcomes) = report(outcomes) {
                    assert_eq!(outcomes.len(), round.items);
                }
            }
            mock.backend().calm();
            let last = campaigns.create_many(codes(12)).await.unwrap();
            assert!(last.iter().all(|outcome| matches!(outcome, CodeOutcome::Done(_))), "{last:?}");
            let held = mock.fake().codes();
            assert_eq!(once(held.into_iter().map(|code| code.destination)), expected(&pages));
        });
    }

    #[test]
    fn every_event_is_synced_once(rounds in rounds()) {
        run(async {
            let builder = MockBrandscopic::builder().contract(Contract::Native).campaign("Conformance Tour");
            let mock = builder.link_store(Arc::new(MemoryLinkStore::default())).build().unwrap();
            let campaign = conformance::brandscopic_campaign("2026-05-01".parse().unwrap()).unwrap();
            let project = mock.create_project(CreateProject::new(&campaign)).await.unwrap();
            let ids: Vec<_> = campaign.events.iter().map(|event| event.id.to_string()).collect();
            for round in &rounds {
                let items = round.items.min(ids.len());
                round.disturb(mock.backend(), &["events.create", "events.list", "events.update", "venues.search", "*"]);
                let bulk = BulkSync::new(&project, campaign.events[..items].to_vec()).options(round.options());
                if let Some(report) = report(mock.bulk_sync_events(bulk).await) {
                    let told: Vec<_> = report.items.iter().map(|item| item.event_id.to_string()).collect();
                    assert_eq!(told, ids[..items]);
                }
            }
            mock.backend().calm();
            let last = mock.bulk_sync_events(BulkSync::new(&project, campaign.events.clone())).await.unwrap();
            assert!(last.is_success(), "{last:?}");
            let remote: Vec<_> = last.items.iter().map(|item| item.synced().unwrap().remote_id.clone()).collect();
            let held = mock.fake().events().into_iter().map(|event| event.id.to_string());
            assert_eq!(once(held), expected(&remote));
        });
    }
}
