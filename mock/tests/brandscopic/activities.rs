use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use connectors_brandscopic::native::{
    Activities, ActivityChange, ActivityDraft, ActivityId, ActivitySubject, ActivityTypeId, CreatedActivity,
    RemoteEventId, VenueId,
};
use connectors_brandscopic::{BrandscopicClient, Contract};
use connectors_core::{ErrorKind, HttpRequest, HttpResponse, Result, Transport, TransportError};
use connectors_mock::{FakeBrandscopic, Fault, InProcess, MockBrandscopic};

fn mock() -> (MockBrandscopic, RemoteEventId) {
    let mock = MockBrandscopic::builder().contract(Contract::Native).past_events(1).build().unwrap();
    let event = RemoteEventId::new(mock.fake().events()[0].id);
    (mock, event)
}

const BAR_SPEND: ActivityTypeId = ActivityTypeId::new(301);

async fn draft(activities: &Activities) -> ActivityDraft {
    let form = activities.blank(BAR_SPEND).await.unwrap();
    let amount = form.named("Amount spent").unwrap().answer(85.5).unwrap();
    form.draft().unwrap().answer(amount)
}

#[tokio::test]
async fn an_activity_that_cannot_be_read_back_was_made_all_the_same() -> Result<()> {
    let (mock, event) = mock();
    let activities = mock.client().native()?.activities();
    let draft = draft(&activities).await;
    mock.backend().script("activities.get", [Fault::Status(404)]);
    let made = activities.create_on_event(event, &draft).await?;
    let CreatedActivity::Unread(id, error) = &made else { panic!("{made:?}") };
    assert_eq!((made.id(), error.kind()), (Some(*id), ErrorKind::NotFound));
    let counters = mock.client().native()?.events().details_counters(event).await?;
    assert_eq!(counters.activities.count, 1);
    let listed = activities.of_event(event).await?;
    assert_eq!(listed.iter().map(|activity| activity.id).collect::<Vec<_>>(), [*id]);
    let whole = activities.get(*id).await?;
    assert_eq!(whole.subject, Some(ActivitySubject::Event(event)));
    assert_eq!(whole.activity_date, Some(draft.activity_date));
    Ok(())
}

#[tokio::test]
async fn an_activity_is_made_once_whatever_happens_to_the_answer() -> Result<()> {
    let (mock, event) = mock();
    let activities = mock.client().native()?.activities();
    let draft = draft(&activities).await;
    mock.backend().script("activities.create_on_event", [Fault::ResetAfter]);
    let lost = activities.create_on_event(event, &draft).await.unwrap_err();
    assert!(lost.maybe_applied());
    assert_eq!(activities.of_event(event).await?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn making_and_reading_share_a_deadline() -> Result<()> {
    let (mock, event) = mock();
    let activities = mock.client().native()?.activities();
    let draft = draft(&activities).await;
    mock.backend().script("activities.get", [Fault::Slow(Duration::from_secs(60))]);
    let (clock, limit) = (mock.backend().clock().clone(), Duration::from_secs(5));
    let began = clock.now();
    let made = activities.create_on_event(event, &draft).timeout(limit).await?;
    let CreatedActivity::Unread(_, error) = &made else { panic!("{made:?}") };
    assert_eq!((error.kind(), clock.now() - began), (ErrorKind::Timeout, limit));
    Ok(())
}

#[tokio::test]
async fn deactivating_is_a_write_though_it_is_a_get() -> Result<()> {
    let (mock, event) = mock();
    let activities = mock.client().native()?.activities();
    let id = activities.create_on_event(event, &draft(&activities).await).await?.id().unwrap();
    mock.backend().script("activities.deactivate_on_event", [Fault::ResetAfter]);
    let lost = activities.deactivate_on_event(event, id).await.unwrap_err();
    assert!(lost.maybe_applied() && !lost.is_retryable());
    assert_eq!(mock.backend().count("activities.deactivate_on_event"), 1, "it is not repeated");
    assert!(activities.of_event(event).await?.is_empty());
    let missing = activities.deactivate_on_event(event, ActivityId::new(1)).await.unwrap_err();
    assert_eq!((missing.kind(), missing.maybe_applied()), (ErrorKind::NotFound, false));
    Ok(())
}

#[tokio::test]
async fn what_a_form_does_not_take_is_refused_on_either_side() -> Result<()> {
    let (mock, event) = mock();
    let activities = mock.client().native()?.activities();
    let form = activities.blank(BAR_SPEND).await?;
    let bare = form.draft().unwrap();
    let required = activities.create_on_event(event, &bare).await.unwrap_err();
    assert_eq!((required.field(), required.status().map(|s| s.as_u16())), (Some("results.value"), Some(422)));
    let elsewhere = activities.create_on_venue(VenueId::new(1), 0.into(), &draft(&activities).await).await.unwrap_err();
    assert_eq!((elsewhere.field(), elsewhere.attempts()), (Some("campaign_id"), 0));
    // The fields of a form that nobody has begun have no ids to be changed under.
    let id = activities.create_on_event(event, &draft(&activities).await).await?.id().unwrap();
    let blank = form.named("Amount spent").unwrap().answer(1)?;
    for change in [ActivityChange::new(), ActivityChange::new().answer(blank)] {
        let refused = activities.update_on_event(event, id, &change).await.unwrap_err();
        assert_eq!((refused.kind(), refused.attempts()), (ErrorKind::InvalidRequest, 0));
    }
    Ok(())
}

/// Says something else than the fake on some paths.
#[derive(Debug)]
struct Mumbling(InProcess);

#[async_trait::async_trait]
impl Transport for Mumbling {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let (creates, path) = (request.method() == "POST", request.uri().path().to_owned());
        let mut answer = self.0.send(request).await?;
        if path.ends_with("/deactivate.json") {
            *answer.body_mut() = Bytes::from_static(b"ok").into();
        } else if creates && path.ends_with("/activities.json") {
            *answer.body_mut() = Bytes::new().into();
        }
        Ok(answer)
    }
}

#[tokio::test]
async fn servers_that_tell_nothing_of_what_they_made_are_understood() -> Result<()> {
    let (mock, event) = mock();
    let client = BrandscopicClient::builder()
        .native("brandscopic.test", FakeBrandscopic::EMAIL, FakeBrandscopic::PASSWORD)
        .transport(Arc::new(Mumbling(InProcess::new(mock.backend().clone()))))
        .clock(Arc::clone(mock.backend().clock()))
        .build()?;
    let activities = client.native()?.activities();
    let made = activities.create_on_event(event, &draft(&activities).await).await?;
    assert!(matches!(made, CreatedActivity::Unnamed));
    let id = activities.of_event(event).await?[0].id;
    activities.deactivate_on_event(event, id).await?;
    assert!(activities.of_event(event).await?.is_empty());
    Ok(())
}
