//! Whatever goes wrong, every event is in exactly one bucket, and nothing is made twice.

use connectors_dashboard::model::{ItemState, SyncState};
use connectors_mock::Rule;
use proptest::prelude::*;

use crate::support::{ALL, World, accounted, campaign};

/// Goes wrong from the so-manieth request on, for so many of them.
#[derive(Debug, Clone)]
struct Trouble {
    after: u32,
    times: u32,
    kind: u8,
}

impl Trouble {
    fn plan(&self, rule: Rule) {
        let rule = rule.after(self.after).times(self.times);
        match self.kind {
            0 => rule.status(503),
            1 => rule.status(500),
            2 => rule.status(401),
            3 => rule.status(404),
            4 => rule.reset_before(),
            5 => rule.reset_after(),
            6 => rule.truncate(),
            7 => rule.refuse(),
            8 => rule.throttle(),
            _ => rule.html(502),
        };
    }
}

fn trouble() -> impl Strategy<Value = Trouble> {
    (0_u32..40, 1_u32..8, 0_u8..10).prop_map(|(after, times, kind)| Trouble { after, times, kind })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, ..ProptestConfig::default() })]

    #[test]
    fn every_event_is_accounted_for(which in 0_usize..4, troubles in proptest::collection::vec(trouble(), 1..5)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (integration, campaign) = (ALL[which], campaign(10));
            let world = World::new(campaign.clone()).await;
            for trouble in &troubles {
                trouble.plan(world.backend(integration).on("*"));
            }
            let sync = world.sync(integration).await;
            accounted(&world.hub, &sync, &campaign).await;
            world.backend(integration).calm();

            let sync = if sync.state == SyncState::Succeeded { sync } else { world.resume(&sync).await };
            let items = accounted(&world.hub, &sync, &campaign).await;
            let held = world.held(integration).await;
            for item in items.iter().filter(|_| integration != "placer") {
                let times = held.get(item.event.as_str()).copied().unwrap_or_default();
                match item.state {
                    ItemState::Unknown => assert!(times <= 1, "{item:?}"),
                    ItemState::Created | ItemState::Updated | ItemState::Unchanged => assert_eq!(times, 1, "{item:?}"),
                    // The create of a project behind a gateway cannot be looked up either.
                    _ => assert_eq!(times, 0, "{item:?}"),
                }
            }
            if integration != "brandscopic" {
                assert_eq!(sync.state, SyncState::Succeeded, "all is well again: {sync:?} {items:?}");
            }
        });
    }
}
