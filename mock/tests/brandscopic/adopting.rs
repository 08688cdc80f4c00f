//! Events that somebody made by hand are taken over instead of being doubled.

use std::collections::BTreeSet;

use connectors_brandscopic::native::{Activity, EventDraft, PlaceReference, RemoteEventId};
use connectors_brandscopic::{
    BrandscopicService, BulkSync, Contract, CreateProject, Project, SyncEvent, SyncOutcome, SyncedEvent,
};
use connectors_core::{CampaignEvent, ErrorKind, Result};
use connectors_mock::{Fault, MockBrandscopic};

use crate::{campaign, long_campaign, with_project};

fn first() -> CampaignEvent {
    campaign().events.remove(0)
}

/// Somebody plans an event at the place and time of ours.
async fn by_hand(mock: &MockBrandscopic, project: &Project, event: &CampaignEvent, name: &str) -> RemoteEventId {
    let native = mock.client().native().unwrap();
    let zone: connectors_core::TimeZone = "America/New_York".parse().unwrap();
    let (start, end) = (zone.to_local(event.starts_at_utc()), zone.to_local(event.ends_at_utc()));
    let campaign = project.id.as_str().parse().unwrap();
    let place = native.resolve_venue(&event.venue).await.unwrap().place().cloned();
    let place = place.unwrap_or(PlaceReference::Place(1_004.into()));
    let draft = EventDraft::new(campaign, start, end).place(place).description(name);
    native.events().create(&draft).await.unwrap().id
}

async fn adopt(mock: &MockBrandscopic, project: &Project, event: CampaignEvent) -> Result<SyncedEvent> {
    mock.sync_event(SyncEvent::new(project, event).adopt_existing()).await
}

#[tokio::test]
async fn one_made_by_hand_is_taken_over_and_brought_up_to_date() {
    let (mock, project) = with_project(Contract::Native).await;
    let theirs = by_hand(&mock, &project, &first(), "tbd").await;
    let synced = adopt(&mock, &project, first()).await.unwrap();
    assert_eq!((synced.outcome, synced.remote_id), (SyncOutcome::Adopted, theirs.to_string()));
    assert_eq!(mock.fake().events().iter().map(|event| event.name.as_str()).collect::<Vec<_>>(), ["Tasting 1"]);
    let again = adopt(&mock, &project, first()).await.unwrap();
    assert_eq!((again.outcome, again.remote_id), (SyncOutcome::Unchanged, theirs.to_string()));
    // Nobody asked for it: then it is none of ours.
    let (mock, project) = with_project(Contract::Native).await;
    by_hand(&mock, &project, &first(), "tbd").await;
    let synced = mock.sync_event(SyncEvent::new(&project, first())).await.unwrap();
    assert_eq!((synced.outcome, mock.fake().events().len()), (SyncOutcome::Created, 2));
}

#[tokio::test]
async fn of_several_the_one_of_our_name_is_taken_else_nobody_guesses() {
    let (mock, project) = with_project(Contract::Native).await;
    let one = by_hand(&mock, &project, &first(), "Staff party").await;
    let other = by_hand(&mock, &project, &first(), "tbd").await;
    let error = adopt(&mock, &project, first()).await.unwrap_err();
    assert_eq!((error.kind(), error.field()), (ErrorKind::Ambiguous, Some("event")));
    for named in [format!("{one} (`Staff party`)"), format!("{other} (`tbd`)")] {
        assert!(error.message().contains(&named), "{error}");
    }
    assert_eq!(mock.fake().events().len(), 2, "nothing was created");
    let ours = by_hand(&mock, &project, &first(), "tasting 1 ").await;
    assert_eq!(adopt(&mock, &project, first()).await.unwrap().remote_id, ours.to_string());
}

#[tokio::test]
async fn what_was_called_off_or_is_elsewhere_is_left_alone() {
    let (mock, project) = with_project(Contract::Native).await;
    let off = by_hand(&mock, &project, &first(), "tbd").await;
    mock.fake().deactivate(off.get());
    let mut later = first();
    later.starts_at += chrono::TimeDelta::minutes(30);
    by_hand(&mock, &project, &later, "tbd").await;
    let mut elsewhere = first();
    elsewhere.venue = campaign().events[1].venue.clone();
    by_hand(&mock, &project, &elsewhere, "tbd").await;
    assert_eq!(adopt(&mock, &project, first()).await.unwrap().outcome, SyncOutcome::Created);
    let there = mock.client().native().unwrap().events().get(off).await.unwrap();
    assert_eq!((there.status, there.description.as_deref()), (Activity::Inactive, Some("tbd")));
}

#[tokio::test]
async fn two_of_ours_never_take_one_of_theirs() {
    for fault in [None, Some(Fault::ResetAfter), Some(Fault::ResetBefore)] {
        let (mock, project) = with_project(Contract::Native).await;
        by_hand(&mock, &project, &first(), "tbd").await;
        mock.backend().script("events.create", fault);
        let mut other = first();
        (other.id, other.name) = ("event-b".parse().unwrap(), "Another tasting".to_owned());
        let both = BulkSync::new(&project, vec![first(), other]).adopt_existing();
        let report = mock.bulk_sync_events(both).await.unwrap();
        assert!(report.is_success(), "{fault:?}: {report:?}");
        let linked: BTreeSet<_> = report.items.iter().map(|item| item.synced().unwrap().remote_id.clone()).collect();
        assert_eq!((linked.len(), mock.fake().events().len()), (2, 2), "{fault:?}: {report:?}");
    }
}

#[tokio::test]
async fn an_event_that_broke_off_can_be_taken_over_under_another_name() {
    let (mock, project) = with_project(Contract::Native).await;
    by_hand(&mock, &project, &first(), "Renamed since").await;
    mock.backend().script("events.create", [Fault::ResetBefore]);
    let lost = mock.sync_event(SyncEvent::new(&project, first())).await.unwrap_err();
    assert!(lost.maybe_applied(), "there is one, but not of our name: {lost}");
    assert_eq!(adopt(&mock, &project, first()).await.unwrap().outcome, SyncOutcome::Adopted);
    assert_eq!(mock.fake().events().len(), 1);
}

#[tokio::test]
async fn bulk_work_lists_once_and_looks_again_only_where_something_is() {
    let (mock, project) = with_project(Contract::Native).await;
    let events = long_campaign().events;
    let theirs = by_hand(&mock, &project, &events[3], "tbd").await;
    let before = mock.backend().count("events.list");
    let report = mock.bulk_sync_events(BulkSync::new(&project, events.clone()).adopt_existing()).await.unwrap();
    let outcome = |index: usize| report.items[index].synced().unwrap().outcome;
    assert_eq!(report.items[3].synced().unwrap().remote_id, theirs.to_string());
    assert!(
        (0..24).all(|index| outcome(index) == if index == 3 { SyncOutcome::Adopted } else { SyncOutcome::Created })
    );
    assert_eq!(mock.fake().events().len(), 24);
    let lists = mock.backend().count("events.list") - before;
    assert!(lists <= 3, "one for all, and one for each that starts at the same time: {lists}");
    // A second run finds nothing that is not linked.
    let before = mock.backend().count("events.list");
    assert!(mock.bulk_sync_events(BulkSync::new(&project, events).adopt_existing()).await.unwrap().is_success());
    assert_eq!(mock.backend().count("events.list") - before, 1);
}

#[tokio::test]
async fn a_gateway_that_cannot_list_says_so_before_anything_is_sent() {
    let mock = crate::mock(Contract::Gateway);
    let project = mock.create_project(CreateProject::new(&campaign())).await.unwrap();
    let before = mock.backend().journal().len();
    let error = adopt(&mock, &project, first()).await.unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Unsupported, "adopt_events"));
    let bulk = mock.bulk_sync_events(BulkSync::new(&project, campaign().events).adopt_existing()).await.unwrap_err();
    assert_eq!((bulk.kind(), bulk.operation()), (ErrorKind::Unsupported, "adopt_events"));
    assert_eq!(mock.backend().journal().len(), before);
}
