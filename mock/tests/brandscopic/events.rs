use std::sync::Arc;

use connectors_brandscopic::native::{
    Activity, EventDraft, Events, LocalTimes, ModuleName, PhaseName, PlaceId, PlaceReference, Recap, RemoteCampaignId,
    RemoteEventId, StepName, VisitId,
};
use connectors_brandscopic::{BrandscopicClient, Contract};
use connectors_core::{DateRange, ErrorKind, HttpRequest, HttpResponse, Result, TimeZone, Transport, TransportError};
use connectors_mock::{FakeBrandscopic, FakeRecap, Fault, InProcess, MockBrandscopic};
use serde_json::Value;

use crate::native::Ignoring;

fn mock(past: u32) -> (MockBrandscopic, Events) {
    let mock = MockBrandscopic::builder().contract(Contract::Native).past_events(past).build().unwrap();
    let events = mock.client().native().unwrap().events();
    (mock, events)
}

fn draft(mock: &MockBrandscopic) -> EventDraft {
    let (start, end) = ("2026-05-02T17:00:00".parse().unwrap(), "2026-05-02T20:00:00".parse().unwrap());
    let place = PlaceReference::Place(PlaceId::new(mock.fake().venues()[0].place_id));
    EventDraft::new(mock.fake().projects()[0].id.into(), start, end).place(place)
}

#[tokio::test]
async fn the_same_filters_mean_the_same_in_the_address_and_in_the_body() -> Result<()> {
    let (mock, events) = mock(70);
    let there = mock.fake().events();
    let day = events.list().await?.results[3].start.date();
    let (campaign, place) = (RemoteCampaignId::new(there[0].project), PlaceId::new(there[0].place.unwrap()));
    for (list, expected) in [
        (events.list(), events.filter()),
        (events.list().page(3), events.filter().page(3)),
        (events.list().on(day), events.filter().on(day)),
        (events.list().campaigns([campaign]).places([place]), events.filter().campaigns([campaign]).places([place])),
        (events.list().brands([]), events.filter().brands([])),
        (events.list().campaigns([RemoteCampaignId::new(5)]), events.filter().campaigns([RemoteCampaignId::new(5)])),
        (
            events.list().status([Activity::Active]).event_status([Recap::Late, Recap::Due]),
            events.filter().status([Activity::Active]).event_status([Recap::Late, Recap::Due]),
        ),
    ] {
        assert_eq!(list.await?, expected.await?);
    }
    let sent = mock.backend().journal().last().unwrap().json::<Value>();
    assert_eq!(sent, serde_json::json!({"status": ["Active"], "event_status": ["Late", "Due"]}));
    let narrowed = events.list().places([place]).await?;
    assert!(
        narrowed.total < 70 && narrowed.total == there.iter().filter(|e| e.place == Some(place.get())).count() as u64
    );
    assert_eq!(events.list().campaigns([campaign]).await?.filters[0].name, format!("campaign:{campaign}"));
    Ok(())
}

#[tokio::test]
async fn a_range_of_days_includes_its_last() -> Result<()> {
    let (_mock, events) = mock(20);
    let all = events.list().await?.results;
    let days = DateRange::new(all[4].start.date(), all[9].start.date())?;
    let expected = all.iter().filter(|event| (days.start()..=days.end()).contains(&event.start.date())).count();
    let found = events.filter().between(days).await?;
    assert_eq!(found.results.len(), expected);
    assert_eq!(found.results.last().unwrap().start.date(), days.end());
    Ok(())
}

#[tokio::test]
async fn a_filter_reads_and_is_repeated() -> Result<()> {
    let (mock, events) = mock(3);
    mock.backend().script("events.filter", [Fault::ResetAfter, Fault::Status(503)]);
    assert_eq!(events.filter().await?.total, 3);
    Ok(())
}

#[tokio::test]
async fn statuses_are_counted_even_if_there_are_none() -> Result<()> {
    let (mock, events) = mock(9);
    for event in mock.fake().events() {
        mock.fake().set_recap(event.id, FakeRecap::Submitted);
    }
    let facets = events.status_facets().await?;
    let counts: Vec<_> = facets.iter().map(|facet| (facet.event_status.as_str(), facet.count)).collect();
    assert_eq!(counts, [("Late", 0), ("Due", 0), ("Submitted", 9), ("Rejected", 0), ("Approved", 0)]);
    let nowhere = events.status_facets().places([PlaceId::new(1)]).await?;
    assert!(nowhere.iter().all(|facet| facet.count == 0));
    Ok(())
}

/// Answers every list with its first page.
#[derive(Debug)]
struct NoPaging(InProcess);

#[async_trait::async_trait]
impl Transport for NoPaging {
    async fn send(&self, mut request: HttpRequest) -> Result<HttpResponse, TransportError> {
        if let Some((path, _)) = request.uri().to_string().split_once("?page=") {
            *request.uri_mut() = path.parse().unwrap();
        }
        self.0.send(request).await
    }
}

#[tokio::test]
async fn a_server_that_ignores_the_page_is_found_out() {
    let builder = MockBrandscopic::builder().contract(Contract::Native).past_events(70);
    let mock = (0..40).fold(builder, |b, n| b.venue(&format!("Bar {n}"), "Berlin", "DE")).build().unwrap();
    let client = BrandscopicClient::builder()
        .native("brandscopic.test", FakeBrandscopic::EMAIL, FakeBrandscopic::PASSWORD)
        .transport(Arc::new(NoPaging(InProcess::new(mock.backend().clone()))))
        .clock(Arc::clone(mock.backend().clock()))
        .build()
        .unwrap();
    let mut pager = client.native().unwrap().events().list().pager();
    for _ in 0..30 {
        pager.next().await.unwrap().unwrap();
    }
    let error = pager.next().await.unwrap().unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Decode, "events.list"));
    assert!(pager.next().await.is_none());
    let error = client.native().unwrap().venues().list().pager().collect_all().await.unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Decode, "venues.list"));
}

#[tokio::test]
async fn an_event_is_shown_whole() -> Result<()> {
    let (mock, events) = mock(1);
    let id = RemoteEventId::new(mock.fake().events()[0].id);
    mock.fake().set_recap(id.get(), FakeRecap::Unsent);
    mock.fake().limit(mock.fake().events()[0].project, "photos", Some(2), None);
    let shown = events.get(id).await?;
    let phases = shown.phases.clone().unwrap();
    assert_eq!((phases.current, phases.next_step.unwrap().id), (Some(PhaseName::Execute), StepName::PostEventRecap));
    assert_eq!(phases.phases[0].name, PhaseName::Execute, "in the order of the answer");
    assert_eq!(shown.module(&ModuleName::Photos).unwrap().range_min, Some(2.0));
    assert_eq!(shown.module(&ModuleName::Videos), None);
    assert_eq!((shown.tasks_late_count, shown.tasks_due_today_count), (Some(0), Some(0)));
    let rejection = shown.rejection.unwrap();
    assert!(rejection.reason.is_none() && rejection.ago.is_some(), "words, though it was never rejected");

    let listed = events.list().await?.results.remove(0);
    assert_eq!((listed.modules.len(), listed.rejection, listed.tasks_late_count), (0, None, None));
    let (listed, shown) = (listed.place.unwrap(), shown.place.unwrap());
    assert_eq!((&listed.state, listed.state_code), (&shown.state, None));
    assert_eq!(shown.state_code.unwrap().len(), 2);
    assert!(shown.latitude.is_some() && shown.longitude.is_some_and(|degrees| degrees < -70.0), "a number and a text");
    Ok(())
}

#[tokio::test]
async fn what_an_event_lacks_is_refused_before_it_is_sent() {
    let (mock, events) = mock(0);
    let whole = draft(&mock);
    let spoilt = |spoil: fn(&mut EventDraft)| {
        let mut draft = whole.clone();
        spoil(&mut draft);
        draft
    };
    for (draft, field) in [
        (spoilt(|draft| draft.campaign = None), "campaign_id"),
        (spoilt(|draft| draft.campaign = Some(RemoteCampaignId::new(0))), "campaign_id"),
        (spoilt(|draft| draft.start = None), "start_date"),
        (spoilt(|draft| draft.end = None), "end_date"),
        (spoilt(|draft| draft.place = Some(PlaceReference::Place(PlaceId::new(-1)))), "place_reference"),
        (spoilt(|draft| draft.visit = Some(VisitId::new(0))), "visit_id"),
    ] {
        let refused = events.create(&draft).await.unwrap_err();
        assert_eq!((refused.field(), refused.attempts()), (Some(field), 0));
    }
    assert!(mock.fake().events().is_empty());
}

#[tokio::test]
async fn an_event_is_made_once_whatever_happens_to_the_answer() {
    let (mock, events) = mock(0);
    mock.backend().script("events.create", [Fault::ResetAfter]);
    let lost = events.create(&draft(&mock)).await.unwrap_err();
    assert!(lost.maybe_applied() && mock.fake().events().len() == 1);
}

#[tokio::test]
async fn the_times_of_a_venue_are_written_by_the_clocks_of_the_user() -> Result<()> {
    let (mock, events) = mock(0);
    let (berlin, user) = (TimeZone::new("Europe/Berlin")?, TimeZone::new("America/New_York")?);
    let (start, end) = ("2026-05-02T17:00:00".parse().unwrap(), "2026-05-02T20:00:00".parse().unwrap());
    let times = LocalTimes::new(start, end, berlin);
    let mut draft = draft(&mock);
    (draft.start, draft.end) = times.in_zone(user).map(|(start, end)| (Some(start), Some(end)))?;
    let made = events.create(&draft).await?;
    let there = mock.fake().events().remove(0);
    assert_eq!((there.start, there.end), (berlin.to_utc(start), berlin.to_utc(end)));
    assert_eq!(user.to_utc(made.start), there.start);
    Ok(())
}

#[tokio::test]
async fn an_event_that_was_not_deactivated_is_not_said_to_be() -> Result<()> {
    let (mock, events) = mock(1);
    let id = RemoteEventId::new(mock.fake().events()[0].id);
    assert_eq!(events.deactivate(id).await?.status, Activity::Inactive);
    let sent = mock.backend().journal().last().unwrap().json::<Value>();
    assert_eq!(sent, serde_json::json!({"event": {"active": "false"}}));
    assert_eq!(events.activate(id).await?.status, Activity::Active);

    let client = BrandscopicClient::builder()
        .native("brandscopic.test", FakeBrandscopic::EMAIL, FakeBrandscopic::PASSWORD)
        .transport(Arc::new(Ignoring(InProcess::new(mock.backend().clone()))))
        .clock(Arc::clone(mock.backend().clock()))
        .build()?;
    let ignored = client.native()?.events().deactivate(id).await.unwrap_err();
    assert_eq!((ignored.kind(), ignored.operation()), (ErrorKind::PermissionDenied, "events.update"));
    Ok(())
}

#[tokio::test]
async fn suggestions_are_shown_without_marks() -> Result<()> {
    let (_mock, events) = mock(0);
    let groups = events.autocomplete("copper").await?;
    let [places] = groups.as_slice() else { panic!("{groups:?}") };
    let hit = &places.suggestions[0];
    assert_eq!((hit.label.as_str(), hit.filter.as_str()), ("The Copper Kettle", "venue"));
    assert!(events.autocomplete("no such thing").await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn attention_is_due_to_some() -> Result<()> {
    let (mock, events) = mock(40);
    for event in mock.fake().events() {
        mock.fake().set_recap(event.id, FakeRecap::Approved);
    }
    assert!(events.requiring_attention().await?.is_empty());
    for event in mock.fake().events() {
        mock.fake().set_recap(event.id, FakeRecap::Rejected);
    }
    assert_eq!(events.requiring_attention().await?.len(), 30, "of 40");
    Ok(())
}
