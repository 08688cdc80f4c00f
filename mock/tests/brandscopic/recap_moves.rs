use connectors_brandscopic::Contract;
use connectors_brandscopic::native::{Events, Recap, RemoteEventId};
use connectors_core::{ErrorKind, Result, RetryPolicy};
use connectors_mock::{FakeRecap, Fault, MockBrandscopic};

/// A past event without a recap.
fn unsent() -> (MockBrandscopic, Events, RemoteEventId) {
    let mock = MockBrandscopic::builder().contract(Contract::Native).past_events(1).build().unwrap();
    let id = mock.fake().events()[0].id;
    mock.fake().set_recap(id, FakeRecap::Unsent);
    let events = mock.client().native().unwrap().events();
    (mock, events, RemoteEventId::new(id))
}

async fn recap(events: &Events, id: RemoteEventId) -> Recap {
    events.get(id).await.unwrap().event_status
}

#[tokio::test]
async fn a_recap_goes_its_way_and_no_other() -> Result<()> {
    let (_mock, events, id) = unsent();
    let early = events.approve(id).await.unwrap_err();
    assert_eq!(
        (early.kind(), early.message()),
        (ErrorKind::Conflict, "Event 'approve' cannot transition from 'unsent'")
    );
    assert!(!early.is_retryable() && !early.maybe_applied());
    events.submit(id).await?;
    assert_eq!(events.submit(id).await.unwrap_err().kind(), ErrorKind::Conflict, "somebody did that already");
    events.reject(id, "How many samples?").await?;
    let rejected = events.get(id).await?;
    assert_eq!(rejected.event_status, Recap::Rejected);
    let rejection = rejected.rejection.unwrap();
    assert_eq!(
        (rejection.reason.as_deref(), rejection.ago.as_deref()),
        (Some("How many samples?"), Some("less than an hour"))
    );
    events.submit(id).await?;
    events.approve(id).await?;
    assert_eq!(events.reject(id, "Too late").await.unwrap_err().kind(), ErrorKind::Conflict);
    assert_eq!(recap(&events, id).await, Recap::Approved);
    Ok(())
}

#[tokio::test]
async fn a_rejection_needs_a_reason() {
    let (_mock, events, id) = unsent();
    events.submit(id).await.unwrap();
    let refused = events.reject(id, " ").await.unwrap_err();
    assert_eq!((refused.field(), refused.attempts()), (Some("reason"), 0));
    let refused = events.reject(id, " ").skip_validation().await.unwrap_err();
    assert_eq!((refused.kind(), refused.message()), (ErrorKind::Conflict, "Reason can't be blank"));
}

#[tokio::test]
async fn a_recap_that_lacks_what_the_campaign_asks_for_is_refused_in_the_servers_words() -> Result<()> {
    let (mock, events, id) = unsent();
    let campaign = mock.fake().events()[0].project;
    mock.fake().limit(campaign, "comments", Some(1), Some(1));
    let refused = events.submit(id).await.unwrap_err();
    assert_eq!((refused.kind(), refused.message()), (ErrorKind::Conflict, "At least 1 comments required"));
    let counters = events.details_counters(id).await?;
    assert_eq!((counters.comments.count, counters.comments.min), (0, Some(1)));

    let comments = mock.client().native()?.comments();
    comments.create_on_event(id, "Nice crowd").await?;
    let full = comments.create_on_event(id, "Very nice crowd").await.unwrap_err();
    assert_eq!((full.kind(), full.field()), (ErrorKind::InvalidRequest, Some("base")));
    events.submit(id).await
}

#[tokio::test]
async fn a_step_whose_answer_was_lost_is_known_to_be_taken() -> Result<()> {
    let (mock, events, id) = unsent();
    for step in ["events.submit", "events.reject", "events.approve"] {
        mock.backend().script(step, [Fault::ResetAfter]);
    }
    events.submit(id).await?;
    events.reject(id, " How many samples? ").await?;
    assert_eq!(mock.backend().count("events.reject"), 2, "repeated, and refused the second time");
    events.submit(id).await?;
    events.approve(id).await?;
    assert_eq!(recap(&events, id).await, Recap::Approved);
    // Without a repetition as well.
    let (mock, events, id) = unsent();
    mock.backend().script("events.submit", [Fault::Truncated]);
    events.submit(id).retry(RetryPolicy::never()).await?;
    assert_eq!(mock.backend().count("events.submit"), 1);
    Ok(())
}

#[tokio::test]
async fn what_was_not_taken_is_not_taken_for_it() -> Result<()> {
    // The first request never arrived, and the second is refused for good.
    let (mock, events, id) = unsent();
    mock.fake().limit(mock.fake().events()[0].project, "comments", Some(1), None);
    mock.backend().script("events.submit", [Fault::ResetBefore]);
    let refused = events.submit(id).await.unwrap_err();
    assert_eq!((refused.kind(), refused.maybe_applied()), (ErrorKind::Conflict, false), "{refused}");

    // Somebody else rejected it meanwhile, for a reason of theirs.
    let (mock, events, id) = unsent();
    events.submit(id).await?;
    events.reject(id, "No photos").await?;
    mock.backend().script("events.reject", [Fault::ResetBefore]);
    let refused = events.reject(id, "How many samples?").await.unwrap_err();
    assert_eq!((refused.kind(), refused.maybe_applied()), (ErrorKind::Conflict, true), "{refused}");

    // Nothing answers, not even the question.
    mock.backend()
        .script("events.submit", [Fault::ResetAfter, Fault::Status(503), Fault::Status(503), Fault::Status(503)]);
    mock.backend().script("events.get", [Fault::Status(503); 4]);
    let unknown = events.submit(id).await.unwrap_err();
    assert!(unknown.maybe_applied() && unknown.operation() == "events.submit", "{unknown}");
    Ok(())
}
