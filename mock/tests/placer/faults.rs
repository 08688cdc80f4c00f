use std::time::Duration;

use connectors_core::{ErrorKind, RetryPolicy};
use connectors_mock::placer::VENUES;
use connectors_mock::{Fault, MockPlacer};
use connectors_placer::{Contract, Fidelity, PlacerService};

use super::{BOTH, builder, week_at, week_at_all};

fn operation(contract: Contract) -> &'static str {
    if contract == Contract::Native { "reports.visits.trends" } else { "venues.footfall" }
}

fn judge(mock: &MockPlacer, all: &connectors_placer::AggregateFootfall) {
    for footfall in &all.by_venue {
        for row in &footfall.rows {
            assert_eq!(mock.fake().visits(row.venue.as_str(), row.date), Some(row.visits), "{row:?}");
        }
    }
}

#[tokio::test]
async fn every_single_fault_is_recovered_from() {
    let faults = [
        Fault::Throttle(None),
        Fault::Throttle(Some(Duration::from_secs(3))),
        Fault::Status(500),
        Fault::Status(502),
        Fault::Status(503),
        Fault::Status(504),
        Fault::HtmlPage(502),
        Fault::HtmlPage(200),
        Fault::Slow(Duration::from_secs(40)),
        Fault::Slow(Duration::from_secs(300)),
        Fault::Refused,
        Fault::ResetBefore,
        Fault::ResetAfter,
        Fault::Truncated,
    ];
    for contract in BOTH {
        for fault in faults {
            let mock = builder(contract).build().unwrap();
            mock.backend().script(operation(contract), [fault]);
            let footfall =
                mock.footfall(week_at(0)).await.unwrap_or_else(|error| panic!("{contract:?} {fault:?}: {error:?}"));
            assert_eq!(footfall.rows.len(), 7, "{contract:?} {fault:?}");
        }
    }
}

#[tokio::test]
async fn an_outage_is_an_error_that_says_so() {
    for (fault, kind) in [
        (Fault::Throttle(None), ErrorKind::RateLimited),
        (Fault::Status(500), ErrorKind::Server),
        (Fault::ResetBefore, ErrorKind::Interrupted),
        (Fault::Refused, ErrorKind::Connect),
        (Fault::Oversized(40), ErrorKind::BodyTooLarge),
        (Fault::Throttle(Some(Duration::from_secs(900))), ErrorKind::RateLimited),
        (Fault::Status(504), ErrorKind::Pending),
    ] {
        let mock = MockPlacer::builder().polls(0).build().unwrap();
        mock.backend().script("reports.visits.trends", vec![fault; 60]);
        let error = mock.footfall(week_at(0)).await.unwrap_err();
        assert_eq!((error.kind(), error.maybe_applied()), (kind, false), "{fault:?}: {error:?}");
        assert_eq!((error.provider(), error.operation()), ("placer", "reports.visits.trends"));
    }
}

#[tokio::test]
async fn chaos_loses_nothing() {
    let (mut failures, mut disturbed) = (0, 0);
    for seed in 1..=20 {
        for contract in BOTH {
            let mock =
                builder(contract).seed(seed).client(|c| c.retry(RetryPolicy::default().attempts(6))).build().unwrap();
            mock.backend().chaos(seed);
            let all = mock.aggregate_footfall(week_at_all().fidelity(Fidelity::PerDay)).await.unwrap();
            assert_eq!(
                all.by_venue.len() + all.failures.len(),
                VENUES.len(),
                "seed {seed}: every venue is accounted for"
            );
            assert!(all.failures.iter().all(|failure| failure.error.is_retryable()), "seed {seed}: {:?}", all.failures);
            judge(&mock, &all);
            failures += all.failures.len();
            disturbed += mock.backend().fault_counts().values().sum::<u32>() as usize;
            mock.backend().calm();
            let calm = mock.aggregate_footfall(week_at_all().fidelity(Fidelity::PerDay)).await.unwrap();
            assert_eq!(
                (calm.by_venue.len(), calm.failures.len()),
                (VENUES.len(), 0),
                "seed {seed}: the same call continues"
            );
            judge(&mock, &calm);
        }
    }
    assert!(failures * 10 < disturbed, "most calls recover: {failures} failures of {disturbed} disturbed requests");
}
