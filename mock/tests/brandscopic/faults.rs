//! When things go wrong on the way: nothing is lost, nothing is doubled. The fake's state is the judge.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chrono::TimeDelta;
use connectors_brandscopic::{
    BrandscopicService, BulkSync, Contract, CreateProject, EventStatusRequest, SyncEvent, SyncOutcome, SyncResult,
};
use connectors_core::{CampaignEvent, ErrorKind, Remote, Venue};
use connectors_mock::{Fault, MockBrandscopic};

use crate::{BOTH, campaign, long_campaign, mock, with_project};

const DAY: TimeDelta = TimeDelta::days(1);

fn first() -> CampaignEvent {
    campaign().events.remove(0)
}

/// How many events of each name there are.
fn named(mock: &MockBrandscopic) -> BTreeMap<String, usize> {
    mock.fake().events().into_iter().fold(BTreeMap::new(), |mut names, event| {
        *names.entry(event.name).or_default() += 1;
        names
    })
}

#[tokio::test]
async fn a_fault_before_the_create_ran_only_costs_time() {
    for contract in BOTH {
        for fault in [Fault::Throttle(Some(Duration::from_secs(3))), Fault::Throttle(None), Fault::Refused] {
            let (mock, project) = with_project(contract).await;
            mock.backend().script("events.create", [fault]);
            let synced = mock.sync_event(SyncEvent::new(&project, first())).await.unwrap();
            assert_eq!(synced.outcome, SyncOutcome::Created, "{contract:?} {fault:?}");
            assert_eq!(mock.fake().events().len(), 1);
        }
    }
}

#[tokio::test]
async fn the_native_contract_looks_up_what_became_of_a_create() {
    for (fault, outcome) in [
        (Fault::ResetAfter, SyncOutcome::Recovered),
        (Fault::Truncated, SyncOutcome::Recovered),
        (Fault::Slow(Duration::from_secs(40)), SyncOutcome::Recovered),
        (Fault::Oversized(40), SyncOutcome::Recovered),
        (Fault::ResetBefore, SyncOutcome::Created),
        (Fault::Status(500), SyncOutcome::Created),
        (Fault::Status(503), SyncOutcome::Created),
        (Fault::HtmlPage(502), SyncOutcome::Created),
        (Fault::HtmlPage(200), SyncOutcome::Created),
    ] {
        let (mock, project) = with_project(Contract::Native).await;
        mock.backend().script("events.create", [fault]);
        let synced = mock.sync_event(SyncEvent::new(&project, first())).await.unwrap();
        assert_eq!(synced.outcome, outcome, "{fault:?}");
        let ids: Vec<_> = mock.fake().events().iter().map(|event| event.id.to_string()).collect();
        assert_eq!(ids, [synced.remote_id.as_str()], "{fault:?}");
        let again = mock.sync_event(SyncEvent::new(&project, first())).await.unwrap();
        assert_eq!((again.remote_id, again.outcome), (synced.remote_id, SyncOutcome::Unchanged));
    }
}

#[tokio::test]
async fn a_gateway_cannot_be_asked_so_the_event_is_reported_and_left_alone() {
    for (fault, applied) in
        [(Fault::ResetAfter, 1), (Fault::Truncated, 1), (Fault::ResetBefore, 0), (Fault::Status(503), 0)]
    {
        let (mock, project) = with_project(Contract::Gateway).await;
        mock.backend().script("events.create", [fault]);
        let report = mock.bulk_sync_events(BulkSync::new(&project, vec![first()])).await.unwrap();
        assert!(matches!(&report.items[0].result, SyncResult::Unknown(error) if error.maybe_applied()), "{report:?}");
        let json = serde_json::to_value(&report).unwrap();
        assert_eq!((&json["failedCount"], &json["errors"][0]["unknown"]), (&1.into(), &true.into()));

        let again = mock.bulk_sync_events(BulkSync::new(&project, vec![first()])).await.unwrap();
        assert!(matches!(&again.items[0].result, SyncResult::Unknown(_)), "{again:?}");
        assert_eq!(mock.fake().events().len(), applied, "never repeated");

        // A person looks, and says what became of it.
        let key = mock.client().event_key(&project.id, &first().id).await.unwrap();
        match mock.fake().events().first() {
            Some(event) => drop(mock.client().links().record(&key, Remote::new(event.id.to_string())).await.unwrap()),
            None => mock.client().links().forget(&key).await.unwrap(),
        }
        let resolved = mock.bulk_sync_events(BulkSync::new(&project, vec![first()])).await.unwrap();
        assert!(resolved.is_success());
        assert_eq!(mock.fake().events().len(), 1);
    }
}

#[tokio::test]
async fn one_broken_event_does_not_stop_the_others() {
    let (mock, project) = with_project(Contract::Native).await;
    let mut events = campaign().events;
    events[2].venue.name = "Nowhere in Particular".to_owned();
    events[2].venue.address = None;
    let report = mock.bulk_sync_events(BulkSync::new(&project, events)).await.unwrap();
    assert_eq!((report.synced_count(), report.failed_count()), (5, 1));
    let (id, error) = report.errors().next().unwrap();
    assert_eq!(
        (id.as_str(), error.kind(), error.field()),
        ("event-3", ErrorKind::InvalidRequest, Some("venue.address"))
    );
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(
        (&json["success"], &json["syncedCount"], &json["errors"][0]["unknown"]),
        (&false.into(), &5.into(), &().into())
    );
}

#[tokio::test]
async fn a_second_run_does_only_what_is_left() {
    for contract in BOTH {
        let (mock, project) = with_project(contract).await;
        mock.backend().script("events.create", [Fault::Throttle(Some(Duration::from_secs(900))); 3]);
        let request = || BulkSync::new(&project, campaign().events);
        let report = mock.bulk_sync_events(request()).await.unwrap();
        assert_eq!((report.synced_count(), report.failed_count()), (3, 3), "{contract:?}: {report:?}");
        let created = mock.backend().count("events.create");
        assert!(mock.bulk_sync_events(request()).await.unwrap().is_success());
        assert_eq!(mock.backend().count("events.create") - created, 3);
        assert_eq!(mock.fake().events().len(), 6);
    }
}

#[tokio::test]
async fn events_of_one_place_and_time_are_not_taken_for_each_other() {
    let (mock, project) = with_project(Contract::Native).await;
    let (one, mut other) = (first(), first());
    other.id = "event-b".parse().unwrap();
    other.name = "Another tasting".to_owned();
    mock.backend().script("events.create", [Fault::ResetAfter, Fault::ResetBefore]);
    let report = mock.bulk_sync_events(BulkSync::new(&project, vec![one, other])).await.unwrap();
    assert!(report.is_success(), "{report:?}");
    let linked: BTreeSet<_> = report.items.iter().map(|item| item.synced().unwrap().remote_id.clone()).collect();
    assert_eq!(linked.len(), 2);
    assert!(named(&mock).into_iter().eq([("Another tasting".to_owned(), 1), ("Tasting 1".to_owned(), 1)]));
}

#[tokio::test]
async fn what_somebody_else_planned_there_is_not_taken_for_ours() {
    for name in ["Board meeting", ""] {
        let (mock, project) = with_project(Contract::Native).await;
        let (ours, mut theirs) = (first(), first());
        theirs.id = "theirs".parse().unwrap();
        let synced = mock.sync_event(SyncEvent::new(&project, theirs.clone())).await.unwrap();
        let key = mock.client().event_key(&project.id, &theirs.id).await.unwrap();
        mock.client().links().forget(&key).await.unwrap();
        mock.fake().edit(synced.remote_id.parse().unwrap(), |event| name.clone_into(&mut event.name));

        mock.backend().script("events.create", [Fault::ResetBefore]);
        let error = mock.sync_event(SyncEvent::new(&project, ours)).await.unwrap_err();
        assert!(error.maybe_applied(), "there is one, but not of our name: {error}");
        assert_eq!(mock.fake().events().len(), 1);
    }
}

#[tokio::test]
async fn an_event_that_has_changed_since_its_create_broke_off_is_found_and_changed() {
    let changes: [fn(&mut CampaignEvent); 4] = [
        |event| (event.starts_at, event.ends_at) = (event.starts_at + DAY, event.ends_at + DAY),
        |event| event.ends_at += DAY,
        |event| event.name = "Grand tasting".to_owned(),
        |event| event.venue = Venue::new("hall", "Lakeside Hall", "Chicago", "US"),
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let (mock, project) = with_project(Contract::Native).await;
        mock.backend().script("events.create", [Fault::ResetAfter]);
        mock.backend().script("events.list", [Fault::Status(503); 4]);
        let lost = mock.sync_event(SyncEvent::new(&project, first())).await.unwrap_err();
        assert!(lost.maybe_applied() && mock.fake().events().len() == 1, "{lost}");
        let mut wanted = first();
        change(&mut wanted);
        let synced = mock.sync_event(SyncEvent::new(&project, wanted.clone())).await.unwrap();
        assert_eq!(synced.outcome, SyncOutcome::Recovered, "change {number}");
        let there = mock.fake().events();
        assert_eq!(there.len(), 1, "change {number}");
        assert_eq!((there[0].start, there[0].end), (wanted.starts_at_utc(), wanted.ends_at_utc()), "{number}");
        assert_eq!((&there[0].name, &there[0].venue), (&wanted.name, &wanted.venue.name), "change {number}");
    }
}

#[tokio::test]
async fn what_a_place_of_google_is_called_by_then_decides_nothing() {
    let (mock, project) = with_project(Contract::Native).await;
    let native = mock.client().native().unwrap();
    let pier = native.resolve_venue(Venue::new("pier", "Pier Nine Rooftop", "San Francisco", "US")).await.unwrap();
    let mut event = first();
    event.venue = Venue::new("roof", "Our Roof", "San Francisco", "US");
    native.record_place(&event.venue, pier.place().unwrap()).await.unwrap();
    mock.backend().script("events.create", [Fault::ResetAfter]);
    for _ in 0..2 {
        let error = mock.sync_event(SyncEvent::new(&project, event.clone())).await.unwrap_err();
        assert!(error.maybe_applied(), "{error}");
        assert_eq!(mock.fake().events().len(), 1, "nobody can tell whether that is the one: {error}");
    }
}

#[tokio::test]
async fn reads_and_updates_are_repeated() {
    let (mock, project) = with_project(Contract::Native).await;
    mock.sync_event(SyncEvent::new(&project, first())).await.unwrap();
    mock.backend().script("events.get", [Fault::Status(503), Fault::Truncated]);
    mock.backend().script("events.update", [Fault::ResetAfter, Fault::HtmlPage(502)]);
    let mut renamed = first();
    renamed.name = "Grand tasting".to_owned();
    let synced = mock.sync_event(SyncEvent::new(&project, renamed)).await.unwrap();
    assert_eq!(synced.outcome, SyncOutcome::Updated);
    assert!(named(&mock).into_iter().eq([("Grand tasting".to_owned(), 1)]));
}

#[tokio::test]
async fn an_update_that_fails_is_no_unknown_create() {
    let (mock, project) = with_project(Contract::Native).await;
    mock.sync_event(SyncEvent::new(&project, first())).await.unwrap();
    mock.backend().script("events.update", [Fault::Status(503); 4]);
    let mut renamed = first();
    renamed.name = "Grand tasting".to_owned();
    let report = mock.bulk_sync_events(BulkSync::new(&project, vec![renamed])).await.unwrap();
    assert!(matches!(&report.items[0].result, SyncResult::Failed(error) if error.is_retryable()), "{report:?}");
}

#[tokio::test]
async fn a_project_of_unknown_outcome_is_not_created_twice() {
    let mock = mock(Contract::Gateway);
    mock.backend().script("projects.create", [Fault::ResetAfter]);
    let before = mock.fake().projects().len();
    for _ in 0..2 {
        let error = mock.create_project(CreateProject::new(&campaign())).await.unwrap_err();
        assert!(error.maybe_applied(), "{error}");
    }
    assert_eq!(mock.fake().projects().len(), before + 1);
}

#[tokio::test]
async fn whatever_happens_no_event_is_lost_or_doubled() {
    let campaign = long_campaign();
    for contract in BOTH {
        for seed in 1..=20 {
            let (mock, project) = with_project(contract).await;
            let request = || BulkSync::new(&project, campaign.events.clone());
            mock.backend().chaos(seed);
            let report = mock.bulk_sync_events(request()).await.unwrap();
            let case = format!("{contract:?}, seed {seed}");
            assert_eq!(report.items.len(), 24, "{case}");
            assert!(named(&mock).values().all(|count| *count == 1), "{case}: doubled in {:?}", named(&mock));
            assert!(mock.backend().fault_counts().values().sum::<u32>() > 0, "{case}");

            mock.backend().calm();
            let second = mock.bulk_sync_events(request()).await.unwrap();
            let unknown = second.items.iter().filter(|item| matches!(item.result, SyncResult::Unknown(_))).count();
            let there = mock.fake().events().len();
            assert!(named(&mock).values().all(|count| *count == 1), "{case}: doubled in {:?}", named(&mock));
            assert_eq!(second.synced_count() + unknown, 24, "{case}: {second:?}");
            if contract == Contract::Native {
                assert_eq!((unknown, there), (0, 24), "{case}: {second:?}");
            }
            let ids: BTreeSet<_> = mock.fake().events().iter().map(|event| event.id.to_string()).collect();
            let linked: BTreeSet<_> =
                second.items.iter().filter_map(|item| Some(item.synced()?.remote_id.clone())).collect();
            assert_eq!(linked.len(), second.synced_count(), "{case}: two of ours are linked to one of theirs");
            assert!(linked.is_subset(&ids), "{case}");
        }
    }
}

#[tokio::test]
async fn bulk_work_keeps_its_slots_full() {
    let (mock, project) = with_project(Contract::Gateway).await;
    mock.backend().latency(Duration::from_secs(1));
    let started = mock.backend().clock().now();
    mock.bulk_sync_events(BulkSync::new(&project, long_campaign().events)).await.unwrap();
    assert_eq!(mock.backend().clock().now() - started, Duration::from_secs(24 / 4));
}

#[tokio::test]
async fn a_status_survives_faults() {
    for contract in BOTH {
        let (mock, project) = with_project(contract).await;
        mock.sync_event(SyncEvent::new(&project, first())).await.unwrap();
        mock.backend().script("events.get", [Fault::ResetBefore, Fault::Throttle(None), Fault::Truncated]);
        let status = mock.event_status(EventStatusRequest::new(&project, first().id)).await.unwrap();
        assert_eq!(status.status.as_str(), "pending");
    }
}
