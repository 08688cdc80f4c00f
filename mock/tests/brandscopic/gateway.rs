//! What gateways are like, in the variants that they are found in.

use connectors_brandscopic::gateway::{GatewayLocation, NewEvent, NewProject};
use connectors_brandscopic::{
    BrandscopicClient, BrandscopicService, BulkSync, Contract, CreateProject, EventStatusRequest, SyncEvent,
    SyncOutcome, SyncResult,
};
use connectors_core::{ErrorKind, Result};
use connectors_mock::{Fault, GatewayVariant, MockBrandscopic};
use http::StatusCode;
use serde_json::json;

use crate::calls::Calls;
use crate::{builder, campaign, with_project};

const LIST: &str = include_str!("../../src/brandscopic/gateway.csv");

fn mock(variant: GatewayVariant) -> MockBrandscopic {
    builder(Contract::Gateway).gateway_variant(variant).build().unwrap()
}

fn new_event(project: &str) -> NewEvent {
    let start = "2026-06-05T18:00:00-04:00".parse().unwrap();
    NewEvent::new(project, "Opening night", start, GatewayLocation::new("New York", "US"), "The Copper Kettle")
}

#[tokio::test]
async fn every_operation_of_the_list_is_called_in_every_variant_that_has_it() {
    let mut whole = 0;
    for variant in GatewayVariant::ALL {
        let mock = mock(variant);
        let mut calls = Calls::new(mock.backend());
        let gateway = mock.client().gateway().unwrap();
        let project = NewProject::new("Summer Tour", "Fizz", "East Coast");
        let project = calls.call("projects.create", gateway.projects().create(&project)).await;
        let event = calls.call("events.create", gateway.events().create(&new_event(&project.id))).await;
        let status = calls.call("events.status", gateway.events().status(&event.id)).await;
        assert_eq!(status.status.as_str(), "pending", "{variant:?}");
        if variant == GatewayVariant::StatusOnly {
            let refused = gateway.events().get(&event.id).await.unwrap_err();
            assert_eq!(refused.status(), Some(StatusCode::METHOD_NOT_ALLOWED));
            assert_eq!(gateway.health().await.unwrap_err().kind(), ErrorKind::NotFound);
            continue;
        }
        let read = calls.call("events.get", gateway.events().get(&event.id)).await;
        assert_eq!(read, event, "{variant:?}");
        assert_eq!(read.location, Some("New York, US".into()), "{variant:?}");
        assert!(calls.call("health", gateway.health()).await.healthy, "{variant:?}");
        calls.assert_complete(LIST, "brandscopic");
        whole += 1;
    }
    assert_eq!(whole, 3);
}

#[tokio::test]
async fn a_gateway_is_sent_what_it_takes() -> Result<()> {
    let sent = async |variant| {
        let mock = mock(variant);
        let project = mock.create_project(CreateProject::new(&campaign())).await?;
        let synced = mock.sync_event(SyncEvent::new(&project, campaign().events.remove(0))).await?;
        let kept = mock.fake().external_id(synced.remote_id.parse().unwrap());
        let body = mock.backend().journal().last().unwrap().json::<serde_json::Value>();
        Ok::<_, connectors_core::Error>((body, kept))
    };
    let (body, kept) = sent(GatewayVariant::Plain).await?;
    assert_eq!((&body["location"], body.get("externalId"), kept), (&json!("New York, US"), None, None));
    let (body, kept) = sent(GatewayVariant::Structured).await?;
    let location = json!({"city": "New York", "country": "US", "address": "214 Bowery"});
    assert_eq!((&body["location"], &body["externalId"]), (&location, &json!("event-1")));
    assert_eq!(kept.as_deref(), Some("event-1"));
    Ok(())
}

#[tokio::test]
async fn the_gateways_own_word_is_kept() {
    for (variant, word) in [(GatewayVariant::Plain, "pending"), (GatewayVariant::Wrapped, "PENDING")] {
        let mock = mock(variant);
        let project = mock.create_project(CreateProject::new(&campaign())).await.unwrap();
        mock.sync_event(SyncEvent::new(&project, campaign().events.remove(0))).await.unwrap();
        let report = mock.event_status(EventStatusRequest::new(&project, "event-1".parse().unwrap())).await.unwrap();
        assert_eq!((report.status.as_str(), report.raw.as_str()), ("pending", word));
    }
}

#[tokio::test]
async fn a_status_is_asked_for_alone_where_the_event_is_not_to_be_had() {
    let mock = mock(GatewayVariant::StatusOnly);
    let project = mock.create_project(CreateProject::new(&campaign())).await.unwrap();
    mock.sync_event(SyncEvent::new(&project, campaign().events.remove(0))).await.unwrap();
    let request = EventStatusRequest::new(&project, "event-1".parse().unwrap());
    assert_eq!(mock.event_status(request.clone()).await.unwrap().status.as_str(), "pending");
    // A trouble with that is told, not the one with the event.
    mock.backend().script("events.status", [Fault::Status(403)]);
    let error = mock.event_status(request).await.unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::PermissionDenied, "events.status"));
    // An event that is gone is gone on both paths.
    let key = mock.client().event_key(&project.id, &"gone".parse().unwrap()).await.unwrap();
    mock.client().links().record(&key, connectors_core::Remote::new("424242")).await.unwrap();
    let gone = EventStatusRequest::new(&project, "gone".parse().unwrap());
    assert_eq!(mock.event_status(gone).await.unwrap_err().operation(), "events.get");
}

#[tokio::test]
async fn a_change_that_cannot_be_made_is_not_claimed() -> Result<()> {
    let (mock, project) = with_project(Contract::Gateway).await;
    let event = campaign().events.remove(0);
    let synced = mock.sync_event(SyncEvent::new(&project, event.clone())).await?;
    let (mut renamed, mut longer) = (event.clone(), event.clone());
    "Grand tasting".clone_into(&mut renamed.name);
    // The contract has no end, and the moment is the same in another zone, so there is nothing to change.
    longer.ends_at += chrono::TimeDelta::hours(1);
    (longer.time_zone, longer.starts_at) = (connectors_core::TimeZone::UTC, event.starts_at_utc().naive_utc());
    assert_eq!(mock.sync_event(SyncEvent::new(&project, longer)).await?.outcome, SyncOutcome::Unchanged);
    let error = mock.sync_event(SyncEvent::new(&project, renamed.clone())).await.unwrap_err();
    assert_eq!((error.kind(), error.field(), error.attempts()), (ErrorKind::Unsupported, Some("name"), 0));
    assert!(!error.maybe_applied());
    let report = mock.bulk_sync_events(BulkSync::new(&project, vec![renamed.clone()])).await?;
    assert!(matches!(&report.items[0].result, SyncResult::Failed(_)), "{report:?}");

    // Somebody changed it there by hand, and says so.
    let key = mock.client().event_key(&project.id, &event.id).await?;
    mock.client().links().record(&key, connectors_core::Remote::new(&synced.remote_id)).await?;
    assert_eq!(mock.sync_event(SyncEvent::new(&project, renamed)).await?.outcome, SyncOutcome::Unchanged);
    assert_eq!(mock.backend().count("events.create"), 1);
    Ok(())
}

#[tokio::test]
async fn all_that_a_gateway_was_told_of_a_location_counts_as_changed() {
    for (variant, told) in [(GatewayVariant::Plain, false), (GatewayVariant::Structured, true)] {
        let mock = mock(variant);
        let project = mock.create_project(CreateProject::new(&campaign())).await.unwrap();
        let mut event = campaign().events.remove(0);
        mock.sync_event(SyncEvent::new(&project, event.clone())).await.unwrap();
        event.venue.address = Some("1 Another Street".to_owned());
        let outcome = mock.sync_event(SyncEvent::new(&project, event)).await;
        let field = outcome.err().and_then(|error| error.field().map(str::to_owned));
        assert_eq!(field.as_deref(), told.then_some("location"), "{variant:?}");
    }
}

#[tokio::test]
async fn what_cannot_be_right_is_not_sent() {
    let mock = mock(GatewayVariant::Plain);
    let gateway = mock.client().gateway().unwrap();
    let good = new_event("1001");
    for (field, change) in [
        ("projectId", Box::new(|event: &mut NewEvent| event.project_id.clear()) as Box<dyn Fn(&mut NewEvent)>),
        ("name", Box::new(|event| " ".clone_into(&mut event.name))),
        ("location", Box::new(|event| event.location.country.clear())),
        ("venue", Box::new(|event| event.venue.clear())),
    ] {
        let mut bad = good.clone();
        change(&mut bad);
        let error = gateway.events().create(&bad).await.unwrap_err();
        assert_eq!((error.field(), error.attempts()), (Some(field), 0));
        let error = gateway.events().create(&bad).skip_validation().await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidRequest, 1), "{field}");
    }
    let error = gateway.projects().create(&NewProject::new(" ", "Fizz", "North")).await.unwrap_err();
    assert_eq!((error.field(), error.attempts()), (Some("name"), 0));
    assert!(gateway.events().get("").await.unwrap_err().attempts() == 0);
}

#[tokio::test]
async fn a_gateway_that_is_told_wrong_says_so() {
    // Objects to one that takes texts, and our ids to one that does not keep them.
    let mock = mock(GatewayVariant::Plain);
    let wrong = |builder: connectors_brandscopic::BrandscopicBuilder| {
        let transport = std::sync::Arc::new(connectors_mock::InProcess::new(mock.backend().clone()));
        builder.transport(transport).clock(std::sync::Arc::clone(mock.backend().clock())).build().unwrap()
    };
    let gateway = || BrandscopicClient::builder().gateway(connectors_mock::FakeBrandscopic::API_KEY);
    let objects = wrong(gateway().gateway_location(connectors_brandscopic::gateway::LocationForm::Object));
    let project = objects.create_project(CreateProject::new(&campaign())).await.unwrap();
    let error = objects.sync_event(SyncEvent::new(&project, campaign().events.remove(0))).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(error.message().contains("City, Country") && !error.maybe_applied(), "{error}");
    let ids = wrong(gateway().gateway_external_ids(true));
    let error = ids.create_project(CreateProject::new(&campaign())).await.unwrap_err();
    assert!(error.message().contains("externalId"), "{error}");
}
