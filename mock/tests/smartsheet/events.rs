//! What happened, and how confidential it is.

use chrono::TimeDelta;
use connectors_core::{Cursor, ErrorKind};
use connectors_mock::MockSmartsheet;
use connectors_smartsheet::{
    ClassificationLabelId, ErrorCode, EventAction, EventObjectType, EventSource, EventStart, NewUser,
    SmartsheetErrorExt,
};

use crate::rows;

#[tokio::test]
async fn what_happens_is_told_and_followed() {
    let mock = MockSmartsheet::new();
    let (events, sheet) = (mock.client().events(), mock.template_id());
    let long_ago = mock.backend().clock().now_utc() - TimeDelta::days(400);
    let history = events.list(long_ago).await.unwrap();
    assert!(history.data.len() > 5 && !history.more_available);
    let odd = history.data.iter().find(|event| event.object_id == Some(-1)).unwrap();
    assert_eq!(odd.object().as_deref(), Some("token-for-nightly-export"));

    connectors_smartsheet::SmartsheetService::upsert_event_rows(&mock, rows(sheet, 1)).await.unwrap();
    let kim = mock.client().users().add(NewUser::new("kim@example.com")).await.unwrap();
    mock.client().sheets().delete(sheet).await.unwrap();
    mock.client().sheets().delete(sheet).await.unwrap_err();
    let news = events.list(history.next().unwrap()).await.unwrap();
    let told: Vec<_> = news.data.iter().map(|e| (e.object_type.clone(), e.action.clone(), e.object_id)).collect();
    let expected = [
        (EventObjectType::Sheet, EventAction::Update, sheet.get()),
        (EventObjectType::User, EventAction::AddToAccount, kim.id.get()),
        (EventObjectType::Sheet, EventAction::Delete, sheet.get()),
    ];
    assert_eq!(told, expected.map(|(kind, action, id)| (Some(kind), Some(action), Some(id))));
    assert_eq!(news.data[0].source, Some(EventSource::ApiUndefinedApp));
    assert_eq!(news.data[0].additional_details.text("emailAddress").as_deref(), Some("mona.mock@example.com"));
    assert!(events.list(news.next().unwrap()).await.unwrap().data.is_empty());
}

#[tokio::test]
async fn the_stream_is_read_piece_by_piece_and_from_anywhere() {
    let mock = MockSmartsheet::new();
    let (events, start) = (mock.client().events(), mock.backend().clock().now_utc() - TimeDelta::days(400));
    let all = events.list(start).pager().collect_all().await.unwrap();
    let mut pager = events.list(start).max_count(3).pager();
    let first: Vec<_> = [pager.next().await, pager.next().await, pager.next().await, pager.next().await]
        .map(|event| event.unwrap().unwrap().event_id)
        .into();
    let again = pager.cursor().unwrap().clone();
    let rest = events.list(again).max_count(3).pager().collect_all().await.unwrap();
    assert_eq!((first[3].as_str(), rest.len()), (rest[0].event_id.as_str(), all.len() - 3));
    let ids: std::collections::BTreeSet<_> = all.iter().map(|event| &event.event_id).collect();
    assert_eq!(ids.len(), all.len());
    for entry in mock.backend().journal() {
        let query = entry.query.as_ref().unwrap();
        assert!(query.contains("since=") != query.contains("streamPosition="), "{query}");
    }
    let until = events.list(start).until(start + TimeDelta::days(390)).await.unwrap();
    assert!(!until.data.is_empty() && until.data.len() < all.len());
    for nowhere in ["posffffffffffffffff", "pos", "x"] {
        let error = events.list(Cursor::new(nowhere)).await.unwrap_err();
        assert_eq!(error.smartsheet_code(), Some(ErrorCode::INVALID_PARAMETER), "{nowhere}");
    }
    for count in [0, 10_001] {
        let error = events.list(EventStart::Since(start)).max_count(count).await.unwrap_err();
        assert_eq!((error.kind(), error.field()), (ErrorKind::InvalidRequest, Some("maxCount")));
    }
}

#[tokio::test]
async fn sheets_are_classified() {
    let mock = MockSmartsheet::new();
    let (sheets, sheet) = (mock.client().sheets(), mock.store_list_id());
    let label = ClassificationLabelId::new("no-such-label").unwrap();
    let error = sheets.classify(sheet, &label).await.unwrap_err();
    assert_eq!(error.smartsheet_code(), Some(ErrorCode::INVALID_ATTRIBUTE));
    let settings = mock.client().governance().data_classification(mock.fake().plan_id()).await.unwrap();
    sheets.classify(sheet, &settings.labels[1].id).await.unwrap();
    let shown = async || sheets.get(sheet).await.unwrap().data_classification;
    assert_eq!(shown().await.as_deref(), Some("Internal"));
    sheets.declassify(sheet).await.unwrap();
    assert_eq!(shown().await, None);
    let other = mock.client().governance().data_classification(9.into()).await.unwrap_err();
    assert_eq!(other.kind(), ErrorKind::NotFound);
}
