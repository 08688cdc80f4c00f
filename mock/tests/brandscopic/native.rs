//! What is peculiar to the native contract.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use connectors_brandscopic::native::{Activity, EventDraft, Recap, RemoteEventId};
use connectors_brandscopic::{
    BrandscopicClient, BrandscopicService, BulkSync, Contract, CreateProject, EventStatusRequest, SyncEvent,
    SyncOutcome,
};
use connectors_core::testing::VirtualClock;
use connectors_core::{
    CampaignEvent, ConnectionStatus, ErrorKind, HttpRequest, HttpResponse, Remote, Transport, TransportError, Venue,
};
use connectors_mock::{FakeBrandscopic, FakeRecap, InProcess, MockBrandscopic};
use http::{HeaderValue, Method, StatusCode, header};
use serde_json::Value;

use crate::{builder, campaign, mock, with_project};

fn first() -> CampaignEvent {
    campaign().events.remove(0)
}

/// A client of the same fake with settings of its own.
fn client(
    mock: &MockBrandscopic,
    set: impl FnOnce(connectors_brandscopic::BrandscopicBuilder) -> connectors_brandscopic::BrandscopicBuilder,
) -> BrandscopicClient {
    let builder =
        BrandscopicClient::builder().native("brandscopic.test", FakeBrandscopic::EMAIL, FakeBrandscopic::PASSWORD);
    let transport = Arc::new(InProcess::new(mock.backend().clone()));
    set(builder).transport(transport).clock(Arc::clone(mock.backend().clock())).build().unwrap()
}

#[tokio::test]
async fn it_logs_in_once_and_again_when_the_token_is_refused() {
    let mock = mock(Contract::Native);
    let (one, other) = tokio::join!(mock.summary(), mock.summary());
    assert!(one.is_ok() && other.is_ok());
    assert_eq!(mock.backend().count("sessions.create"), 1);
    mock.fake().expire_token();
    mock.summary().await.unwrap();
    assert_eq!(mock.backend().count("sessions.create"), 2);
    assert_eq!(mock.backend().count("sessions.destroy"), 0);
    let headers = mock.backend().journal().last().unwrap().headers.clone();
    assert_eq!(
        (&headers["x-user-email"], &headers["x-company-id"]),
        (&FakeBrandscopic::EMAIL.parse().unwrap(), &"7".parse().unwrap())
    );
}

#[tokio::test]
async fn a_company_that_is_not_the_users_is_no_matter_of_the_password() {
    let mock = mock(Contract::Native);
    let elsewhere = client(&mock, |builder| builder.company_id(99));
    let report = elsewhere.test_connection().await.unwrap();
    assert_eq!(report.status, ConnectionStatus::MissingPermission, "{report}");
    assert_eq!(mock.backend().count("sessions.create"), 1, "a login would not help");
    let other = client(&mock, |builder| builder.company_id(12)).test_connection().await.unwrap();
    assert_eq!(other.identity.as_deref(), Some("field@example.com of Brightside Canada"));
}

#[tokio::test]
async fn connection_tests_tell_what_is_wrong() {
    let mock = mock(Contract::Native);
    let test = |builder: connectors_brandscopic::BrandscopicBuilder| {
        let transport = Arc::new(InProcess::new(mock.backend().clone()));
        let client = builder.transport(transport).clock(Arc::new(VirtualClock::default())).build().unwrap();
        async move { client.test_connection().await.unwrap().status }
    };
    let native =
        |password: &str| BrandscopicClient::builder().native("brandscopic.test", FakeBrandscopic::EMAIL, password);
    assert_eq!(test(native("wrong")).await, ConnectionStatus::BadKey);
    assert_eq!(test(native(FakeBrandscopic::PASSWORD)).await, ConnectionStatus::Connected);
    let elsewhere = BrandscopicClient::builder().native("https://brandscopic.test/app", FakeBrandscopic::EMAIL, "x");
    assert_eq!(test(elsewhere).await, ConnectionStatus::WrongUrl);
    let gateway = |key: &str, url: &str| BrandscopicClient::builder().gateway(key).api_url(url);
    assert_eq!(test(gateway("wrong", "https://brandscopic.test/v1")).await, ConnectionStatus::BadKey);
    assert_eq!(
        test(gateway(FakeBrandscopic::API_KEY, "https://brandscopic.test/v1")).await,
        ConnectionStatus::Connected
    );
    assert_eq!(
        test(gateway(FakeBrandscopic::API_KEY, "https://brandscopic.test/v2")).await,
        ConnectionStatus::WrongUrl
    );
}

#[tokio::test]
async fn a_campaign_must_be_there_under_exactly_one_name() {
    let none = MockBrandscopic::builder().contract(Contract::Native).build().unwrap();
    let error = none.create_project(CreateProject::new(&campaign())).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert!(
        error.to_string().contains("Conformance Tour") && error.hint().unwrap().contains("create the campaign"),
        "{error}"
    );
    let two = builder(Contract::Native).campaign("Conformance Tour").build().unwrap();
    let error = two.create_project(CreateProject::new(&campaign())).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Ambiguous);
}

#[tokio::test]
async fn an_event_is_written_in_the_users_time_zone() {
    let (mock, project) = with_project(Contract::Native).await;
    for event in campaign().events {
        let id = mock.sync_event(SyncEvent::new(&project, event.clone())).await.unwrap().remote_id;
        let there = mock.fake().events().into_iter().find(|there| there.id.to_string() == id).unwrap();
        assert_eq!((there.start, there.end), (event.starts_at_utc(), event.ends_at_utc()));
        assert_eq!((there.name.as_str(), there.venue.as_str()), (event.name.as_str(), event.venue.name.as_str()));
    }
    let sent: Vec<serde_json::Value> = mock.backend().journal().bodies("events.create");
    assert_eq!(sent[0]["event"]["start_date"], "05/02/2026");
    assert_eq!(sent[0]["event"]["start_time"], "5:00 PM", "17:00 in New York, where the user is too");
    assert_eq!(sent[2]["event"]["start_time"], "11:00 AM", "17:00 in Berlin");
}

#[tokio::test]
async fn without_a_zone_the_clocks_at_the_venue_count() {
    let mock = mock(Contract::Native);
    let client = client(&mock, |builder| builder);
    let project = client.create_project(CreateProject::new(&campaign())).await.unwrap();
    let berlin = campaign().events.remove(2);
    client.sync_event(SyncEvent::new(&project, berlin.clone())).await.unwrap();
    let sent = mock.backend().journal().last().unwrap().json::<serde_json::Value>();
    assert_eq!(sent["event"]["start_time"], "5:00 PM");
    // The status is told by the same clocks: at 17:00 in Berlin it has begun.
    let status = async || {
        client.event_status(EventStatusRequest::new(&project, berlin.id.clone())).await.unwrap().status.to_string()
    };
    assert_eq!(status().await, "pending");
    let clock = mock.backend().clock();
    clock.sleep((berlin.starts_at_utc() - clock.now_utc()).to_std().unwrap()).await;
    assert_eq!(status().await, "active");
}

#[tokio::test]
async fn the_clocks_of_an_event_that_was_linked_by_hand_are_learned_by_a_sync() {
    let mock = mock(Contract::Native);
    let client = client(&mock, |builder| builder);
    let project = client.create_project(CreateProject::new(&campaign())).await.unwrap();
    let berlin = campaign().events.remove(2);
    let id = client.sync_event(SyncEvent::new(&project, berlin.clone())).await.unwrap().remote_id;
    let key = client.event_key(&project.id, &berlin.id).await.unwrap();
    client.links().record(&key, Remote::new(id)).await.unwrap();

    let clock = mock.backend().clock();
    clock.sleep((berlin.starts_at_utc() - clock.now_utc()).to_std().unwrap()).await;
    let status = async || {
        client.event_status(EventStatusRequest::new(&project, berlin.id.clone())).await.unwrap().status.to_string()
    };
    assert_eq!(status().await, "pending", "as Brandscopic has it, while nobody knows whose 17:00 is meant");
    let outcome = client.sync_event(SyncEvent::new(&project, berlin.clone())).await.unwrap().outcome;
    assert_eq!((outcome, status().await.as_str()), (SyncOutcome::Unchanged, "active"));
}

#[tokio::test]
async fn only_what_differs_is_changed() {
    let (mock, project) = with_project(Contract::Native).await;
    let id = mock.sync_event(SyncEvent::new(&project, first())).await.unwrap().remote_id.parse().unwrap();
    let start = mock.fake().events()[0].start;
    mock.fake().edit(id, |event| event.start += TimeDelta::hours(1));
    let sync = async || mock.sync_event(SyncEvent::new(&project, first())).await.unwrap().outcome;
    assert_eq!(sync().await, SyncOutcome::Updated);
    assert_eq!(mock.fake().events()[0].start, start);
    let sent = mock.backend().journal().last().unwrap().json::<serde_json::Value>();
    let fields: Vec<_> = sent["event"].as_object().unwrap().keys().cloned().collect();
    assert_eq!(fields, ["end_date", "end_time", "start_date", "start_time"]);
    assert_eq!(sync().await, SyncOutcome::Unchanged);

    let mut moved = first();
    moved.venue = Venue::new("hall", "Lakeside Hall", "Chicago", "US");
    assert_eq!(mock.sync_event(SyncEvent::new(&project, moved)).await.unwrap().outcome, SyncOutcome::Updated);
    assert_eq!(mock.fake().events()[0].venue, "Lakeside Hall");
    let sent = mock.backend().journal().last().unwrap().json::<serde_json::Value>();
    assert_eq!(sent["event"].as_object().unwrap().keys().collect::<Vec<_>>(), ["place_reference"]);
}

#[tokio::test]
async fn a_venue_is_found_added_or_asked_about() {
    let (mock, project) = with_project(Contract::Native).await;
    let sync = async |id: &str, venue: Venue| {
        let mut event = first();
        (event.id, event.venue) = (id.parse().unwrap(), venue);
        mock.sync_event(SyncEvent::new(&project, event)).await
    };
    // Known by its name and city; of two of that name, the state decides.
    let mut corner = Venue::new("corner", "The Corner Bar", "Springfield", "US");
    let error = sync("a", corner.clone()).await.unwrap_err();
    assert_eq!((error.kind(), error.field()), (ErrorKind::Ambiguous, Some("venue")));
    assert!(error.message().contains("Illinois") && error.message().contains("Massachusetts"), "{error}");
    corner.state = Some("Illinois".to_owned());
    sync("a", corner).await.unwrap();
    // Known to Google alone.
    sync("b", Venue::new("pier", "Pier Nine Rooftop", "San Francisco", "US")).await.unwrap();
    assert!(mock.fake().events()[1].place.is_some());
    // Unknown: added by its address, once.
    let mut new = Venue::new("new", "Werkhalle", "Berlin", "Germany");
    let error = sync("c", new.clone()).await.unwrap_err();
    assert_eq!((error.kind(), error.field()), (ErrorKind::InvalidRequest, Some("venue.address")));
    new.address = Some("Kantstraße 7, 10623".to_owned());
    sync("c", new.clone()).await.unwrap();
    sync("d", new.clone()).await.unwrap();
    assert_eq!(mock.backend().count("venues.create"), 1);
    let added = mock.fake().venues().pop().unwrap();
    assert_eq!(
        (added.street.as_str(), added.zipcode.as_str(), added.country.as_str()),
        ("7 Kantstraße", "10623", "DE")
    );
    // In a country that nobody knows.
    (new.name, new.country) = ("Weltraumbar".to_owned(), "Utopia".to_owned());
    assert_eq!(sync("e", new).await.unwrap_err().field(), Some("venue.country"));
}

#[tokio::test]
async fn each_venue_is_looked_for_once() {
    let (mock, project) = with_project(Contract::Native).await;
    mock.bulk_sync_events(BulkSync::new(&project, campaign().events)).await.unwrap();
    assert_eq!(mock.backend().count("venues.search"), 3);
}

#[tokio::test]
async fn the_pages_of_a_list_are_read_one_after_the_other() {
    let mock = builder(Contract::Native).past_events(70).build().unwrap();
    let events = mock.client().native().unwrap().events();
    let page = events.list().page(2).await.unwrap();
    assert_eq!((page.page, page.total_pages, page.total, page.results.len()), (2, Some(3), 70, 30));
    let all = events.list().pager().collect_all().await.unwrap();
    assert_eq!(all.len(), 70);
    assert!(all.windows(2).all(|pair| pair[0].start <= pair[1].start));
    let mut resumed = events.list().page(3).pager();
    assert_eq!(resumed.next().await.unwrap().unwrap().id, all[60].id);
    let late =
        events.list().event_status([Recap::Late]).status([Activity::Active]).pager().collect_all().await.unwrap();
    assert!(!late.is_empty() && late.iter().all(|event| event.event_status == Recap::Late));
    // A list and a single event disagree on what a place's id is.
    let place = all[0].place.clone().unwrap();
    let whole = events.get(all[0].id).await.unwrap().place.unwrap();
    assert_eq!((place.place_id, place.venue_id), (None, whole.venue_id));
    assert!(whole.place_id.is_some() && whole.venue_id.is_some());
}

#[tokio::test]
async fn statuses_follow_the_clock_and_the_staff() {
    let (mock, project) = with_project(Contract::Native).await;
    let event = first();
    let id: i64 = mock.sync_event(SyncEvent::new(&project, event.clone())).await.unwrap().remote_id.parse().unwrap();
    let status = async || {
        let report = mock.event_status(EventStatusRequest::new(&project, event.id.clone())).await.unwrap();
        format!("{} ({})", report.status, report.raw)
    };
    let clock = mock.backend().clock();
    let until = async |at: DateTime<Utc>| clock.sleep((at - clock.now_utc()).to_std().unwrap()).await;
    assert_eq!(status().await, "pending (Scheduled)");
    until(event.starts_at_utc()).await;
    assert_eq!(status().await, "active (Scheduled)");
    until(event.ends_at_utc()).await;
    assert_eq!(status().await, "active (Due)");
    for (recap, expected) in [
        (FakeRecap::Submitted, "completed (Submitted)"),
        (FakeRecap::Rejected, "active (Rejected)"),
        (FakeRecap::Approved, "completed (Approved)"),
    ] {
        mock.fake().set_recap(id, recap);
        assert_eq!(status().await, expected);
    }
    mock.fake().deactivate(id);
    assert_eq!(status().await, "cancelled (Inactive)");
}

#[tokio::test]
async fn a_write_that_failed_with_200_is_an_error() {
    let (mock, project) = with_project(Contract::Native).await;
    let id = mock.sync_event(SyncEvent::new(&project, first())).await.unwrap().remote_id;
    let comment = |text: &str| {
        let body = serde_json::json!({"comment": {"content": text}});
        mock.client().request(&Method::POST, &format!("/events/{id}/comments.json")).json(&body).send::<Value>()
    };
    let error = comment("").await.unwrap_err();
    assert_eq!(
        (error.kind(), error.field(), error.status()),
        (ErrorKind::InvalidRequest, Some("content"), Some(StatusCode::OK))
    );
    assert_eq!(comment("Nice crowd").await.unwrap()["content"], "Nice crowd");
}

#[tokio::test]
async fn a_record_that_is_refused_names_its_fields() {
    let mock = mock(Contract::Native);
    let events = mock.client().native().unwrap().events();
    let at = "2026-05-01T10:00:00".parse().unwrap();
    let error = events.create(&EventDraft::new(424_242.into(), at, at)).await.unwrap_err();
    assert_eq!((error.kind(), error.field()), (ErrorKind::InvalidRequest, Some("campaign_id, place_reference")));
    let error = events.get(RemoteEventId::new(1)).await.unwrap_err();
    assert_eq!((error.kind(), error.message()), (ErrorKind::NotFound, "Record not found"));
    let error = events.create(&EventDraft::new(1.into(), at, at - TimeDelta::days(1))).await.unwrap_err();
    assert_eq!((error.field(), error.attempts()), (Some("end_date"), 0), "refused before it was sent");
    let error = events.update(RemoteEventId::new(1), &EventDraft::change()).await.unwrap_err();
    assert_eq!((error.field(), error.attempts()), (Some("event"), 0));
    let error = events.list().page(0).await.unwrap_err();
    assert_eq!((error.field(), error.attempts()), (Some("page"), 0));
    let error = mock.client().native().unwrap().venues().search(" ").await.unwrap_err();
    assert_eq!((error.field(), error.attempts()), (Some("term"), 0));
}

#[tokio::test]
async fn the_passthrough_meets_the_quirks() {
    let mock = mock(Contract::Native);
    let page = HeaderValue::from_static("text/html");
    let refused = mock.client().request(&Method::GET, "/companies").header(header::ACCEPT, page).send_bytes().await;
    assert_eq!(refused.unwrap_err().status(), Some(StatusCode::NOT_ACCEPTABLE));
    let logout = mock.client().request(&Method::DELETE, "/sessions.json?id=nobodys").send_bytes().await.unwrap_err();
    assert_eq!((logout.kind(), logout.message()), (ErrorKind::NotFound, "Invalid token."));
}

#[tokio::test]
async fn an_event_that_somebody_removed_is_not_found() {
    let (mock, project) = with_project(Contract::Native).await;
    let key = mock.client().event_key(&project.id, &first().id).await.unwrap();
    let nobodys = Remote::new("999999");
    mock.client().links().record(&key, nobodys).await.unwrap();
    let error = mock.sync_event(SyncEvent::new(&project, first())).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(error.hint().unwrap().contains("forget"), "{error}");
}

/// Takes every change and makes none, as Brandscopic does for roles that may not edit.
#[derive(Debug)]
pub struct Ignoring(pub InProcess);

#[async_trait::async_trait]
impl Transport for Ignoring {
    async fn send(&self, mut request: HttpRequest) -> Result<HttpResponse, TransportError> {
        if request.method() == Method::PUT {
            *request.method_mut() = Method::GET;
        }
        self.0.send(request).await
    }
}

#[tokio::test]
async fn a_change_that_is_ignored_is_noticed() {
    let (mock, project) = with_project(Contract::Native).await;
    let transport = Arc::new(Ignoring(InProcess::new(mock.backend().clone())));
    let client = BrandscopicClient::builder()
        .native("brandscopic.test", FakeBrandscopic::EMAIL, FakeBrandscopic::PASSWORD)
        .transport(transport)
        .clock(Arc::clone(mock.backend().clock()))
        .build()
        .unwrap();
    client.sync_event(SyncEvent::new(&project, first())).await.unwrap();
    let (mut renamed, mut moved) = (first(), first());
    renamed.name = "Grand tasting".to_owned();
    moved.venue = Venue::new("hall", "Lakeside Hall", "Chicago", "US");
    for changed in [renamed, moved] {
        let error = client.sync_event(SyncEvent::new(&project, changed)).await.unwrap_err();
        assert_eq!((error.kind(), error.operation()), (ErrorKind::PermissionDenied, "sync_event"));
    }
}
