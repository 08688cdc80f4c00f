//! Bulk work and a user's call at the same time.

use std::time::Duration;

use connectors_brandscopic::{BrandscopicService, BulkSync, CreateProject, EventStatusRequest, SyncEvent};
use connectors_core::{BulkOptions, RateLimits};

use crate::{BOTH, builder, campaign, long_campaign};

const LATENCY: Duration = Duration::from_secs(1);

#[tokio::test]
async fn a_users_call_waits_for_one_turn_of_the_bulk_work_at_most() {
    for contract in BOTH {
        let limits = RateLimits::none().in_flight(2);
        let mock = builder(contract).client(|client| client.limits(limits)).build().unwrap();
        let clock = mock.backend().clock();
        let project = mock.create_project(CreateProject::new(&campaign())).await.unwrap();
        let first = campaign().events.remove(0);
        mock.sync_event(SyncEvent::new(&project, first.clone())).await.unwrap();
        mock.backend().latency(LATENCY);
        let user = async || {
            let started = clock.now();
            mock.event_status(EventStatusRequest::new(&project, first.id.clone())).await.unwrap();
            clock.now() - started
        };
        let alone = user().await;
        // More at a time than there are places, so that a queue of them is always ahead.
        let options = BulkOptions::default().concurrency(12);
        let bulk = async {
            let report = mock.bulk_sync_events(BulkSync::new(&project, long_campaign().events).options(options)).await;
            (report.unwrap().items.len(), clock.now())
        };
        let amid = async {
            clock.sleep(LATENCY * 7 / 2).await;
            (user().await, clock.now())
        };
        let ((synced, bulk_ended), (amid, user_ended)) = tokio::join!(bulk, amid);
        assert_eq!(synced, long_campaign().events.len());
        assert!(user_ended < bulk_ended, "{contract:?}: both were at work");
        // Each of its requests waits until one of those under way is answered.
        assert!(amid <= 2 * alone, "{contract:?}: {amid:?} instead of {alone:?}");
    }
}
