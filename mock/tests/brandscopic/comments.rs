use connectors_brandscopic::Contract;
use connectors_brandscopic::native::{CommentId, RemoteEventId};
use connectors_core::{ErrorKind, Result};
use connectors_mock::{Fault, MockBrandscopic};

fn mock() -> (MockBrandscopic, RemoteEventId) {
    let mock = MockBrandscopic::builder().contract(Contract::Native).past_events(1).build().unwrap();
    let event = RemoteEventId::new(mock.fake().events()[0].id);
    (mock, event)
}

#[tokio::test]
async fn a_comment_that_was_not_saved_is_an_error_though_the_status_is_200() -> Result<()> {
    let (mock, event) = mock();
    let comments = mock.client().native()?.comments();
    let refused = comments.create_on_event(event, " ").await.unwrap_err();
    assert_eq!((refused.field(), refused.attempts()), (Some("content"), 0), "before it is sent");
    let refused = comments.create_on_event(event, " ").skip_validation().await.unwrap_err();
    assert_eq!((refused.kind(), refused.field()), (ErrorKind::InvalidRequest, Some("content")));
    assert_eq!(refused.status().map(|status| status.as_u16()), Some(200));
    assert!(!refused.maybe_applied() && comments.of_event(event).await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn a_comment_is_made_once_whatever_happens_to_the_answer() -> Result<()> {
    let (mock, event) = mock();
    let comments = mock.client().native()?.comments();
    mock.backend().script("comments.create_on_event", [Fault::ResetAfter]);
    let lost = comments.create_on_event(event, "Twelve dozen left").await.unwrap_err();
    assert!(lost.maybe_applied());
    assert_eq!(comments.of_event(event).await?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn comments_keep_to_their_event() -> Result<()> {
    let (mock, event) = mock();
    let comments = mock.client().native()?.comments();
    let made = comments.create_on_event(event, "Twelve dozen left").await?;
    let elsewhere = comments.delete_on_event(RemoteEventId::new(event.get() + 1), made.id).await.unwrap_err();
    assert_eq!(elsewhere.kind(), ErrorKind::NotFound);
    let nonsense = comments.delete_on_event(event, CommentId::new(0)).await.unwrap_err();
    assert_eq!((nonsense.field(), nonsense.attempts()), (Some("id"), 0));
    Ok(())
}
