//! What goes into a copy, what a filter hides, and writes that meet at one sheet.

use std::future::IntoFuture;
use std::time::Duration;

use connectors_mock::MockSmartsheet;
use connectors_smartsheet::{
    CellWrite, CopyInclude, NewRow, RowLocation, SheetExclude, SheetId, SightId, SmartsheetErrorExt,
};

#[tokio::test]
async fn a_copy_holds_what_is_asked_for_and_rows_keep_their_parents() {
    let mock = MockSmartsheet::new();
    let (client, stores) = (mock.client(), mock.store_list_id());
    let held = client.sheets().get(stores).await.unwrap();
    let (parent, title) = (held.rows[0].id, held.columns[0].id);
    let below = NewRow::new([CellWrite::value(title, "Annexe")]);
    client.rows().add(stores, [below]).location(RowLocation::FirstChildOf(parent)).await.unwrap();

    let all = [CopyInclude::Data, CopyInclude::Attachments, CopyInclude::Discussions, CopyInclude::Filters];
    let full = client.sheets().copy(stores, mock.workspace_id(), "Full").include(all).await.unwrap().result.id;
    let bare = client.sheets().copy(stores, mock.workspace_id(), "Bare").await.unwrap().result.id;
    for (copy, attachments, discussions, filters) in [(stores, 2, 1, 2), (full, 2, 1, 2), (bare, 0, 0, 0)] {
        assert_eq!(client.attachments().list(copy).await.unwrap().data.len(), attachments);
        assert_eq!(client.discussions().list(copy).await.unwrap().data.len(), discussions);
        assert_eq!(client.filters().list(copy).await.unwrap().data.len(), filters);
    }
    let copied = client.sheets().get(full).await.unwrap();
    assert_eq!(copied.rows[1].parent_id, Some(copied.rows[0].id), "a parent in the copy");
    assert_eq!(client.attachments().of_row(full, copied.rows[0].id).await.unwrap().data.len(), 1);
}

#[tokio::test]
async fn a_filter_marks_or_leaves_out_what_it_hides() {
    let mock = MockSmartsheet::new();
    let (sheets, stores) = (mock.client().sheets(), mock.store_list_id());
    let filters = mock.client().filters().list(stores).await.unwrap().data;
    let berlin = filters.iter().find(|filter| filter.name == "Berlin").unwrap().id;
    let marked = sheets.get(stores).filter(berlin).await.unwrap().rows;
    let seen = marked.iter().filter(|row| row.filtered_out == Some(false)).count();
    assert!(seen > 0 && seen < marked.len(), "{seen} of {}", marked.len());
    let left = sheets.get(stores).filter(berlin).exclude([SheetExclude::FilteredOutRows]).await.unwrap().rows;
    assert_eq!(left.len(), seen);
}

#[tokio::test]
async fn reports_and_dashboards_are_copied_with_their_workspace_and_are_about_the_copies() {
    let mock = MockSmartsheet::new();
    let client = mock.client();
    let workspaces = client.workspaces().list().pager().collect_all().await.unwrap();
    let ours = workspaces.iter().map(|held| held.id).find(|id| *id != mock.workspace_id()).unwrap();
    let report = client.reports().list().await.unwrap().data[0].id;

    let copy = client.workspaces().copy(ours, "Next year").include([CopyInclude::All]).await.unwrap().id;
    let children = client.workspaces().children(copy).pager().collect_all().await.unwrap();
    let id_of = |name: &str| children.iter().find(|child| child.name == name).map(|child| child.id).unwrap();
    let stores = SheetId::new(id_of("Store list"));
    let copied = client.reports().list().await.unwrap().data.into_iter().map(|held| held.id).find(|id| *id != report);
    let scope = client.reports().scope(copied.unwrap()).await.unwrap().data;
    assert_eq!(scope[0].asset_id, stores.get());
    let copied = client.dashboards().get(SightId::new(id_of("Stores at a glance"))).await.unwrap();
    assert!(format!("{copied:?}").contains(&stores.get().to_string()), "{copied:?}");
}

#[tokio::test]
async fn a_second_write_to_a_sheet_is_turned_away_while_the_first_is_under_way() {
    let mock = MockSmartsheet::new();
    // Another client of the same account, which knows nothing of the first one's queue.
    let other = {
        let transport = connectors_mock::InProcess::new(mock.backend().clone());
        let builder = connectors_smartsheet::SmartsheetClient::builder().access_token("mock-key");
        let builder = builder.api_url("https://api.smartsheet.test/2.0").transport(std::sync::Arc::new(transport));
        let never = connectors_core::RetryPolicy::never();
        builder.clock(std::sync::Arc::clone(mock.backend().clock())).retry(never).build().unwrap()
    };
    mock.backend().latency(Duration::from_secs(2));
    let (sheet, title) = (mock.template_id(), mock.client().columns().list(mock.template_id()).await.unwrap()[0].id);
    let row = || [NewRow::new([CellWrite::value(title, "x")])];
    let (ours, theirs) = (mock.client().rows(), other.rows());
    let (first, second) =
        futures_util::join!(ours.add(sheet, row()).into_future(), theirs.add(sheet, row()).into_future());
    first.unwrap();
    assert_eq!(second.unwrap_err().smartsheet_code().map(connectors_smartsheet::ErrorCode::get), Some(4004));
    assert_eq!(mock.fake().rows(sheet).len(), 1, "what is turned away is not done");

    let adds = futures_util::join!(ours.add(sheet, row()).into_future(), ours.add(sheet, row()).into_future());
    assert!(adds.0.is_ok() && adds.1.is_ok(), "one client writes one after the other");
    assert_eq!(mock.backend().count("rows.add"), 4, "and none of its writes is turned away");
}

#[tokio::test]
async fn thirty_heavy_calls_are_a_minutes_worth() {
    let mock = MockSmartsheet::builder().client(|client| client.limits(connectors_core::RateLimits::none()));
    let mock = mock.build().unwrap();
    let copy = || mock.client().sheets().copy(mock.template_id(), mock.workspace_id(), "Copy");
    for _ in 0..30 {
        copy().await.unwrap();
    }
    copy().await.unwrap();
    let refused = mock.backend().journal().iter().filter(|entry| entry.status.is_some_and(|s| s == 429)).count();
    assert!(refused > 0, "the thirty-first had to wait");
}
