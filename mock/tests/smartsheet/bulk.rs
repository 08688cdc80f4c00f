use connectors_core::{BulkOptions, ErrorKind};
use connectors_mock::{Fault, MockSmartsheet};
use connectors_smartsheet::{
    CellInput, CellWrite, ColumnId, Deletion, ErrorCode, NewRow, RowId, RowLocation, RowUpdate, SmartsheetErrorExt,
    tracker,
};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::held;

async fn column(mock: &MockSmartsheet, title: &str) -> ColumnId {
    mock.client().table(mock.template_id()).columns().await.unwrap().require(title).unwrap().id
}

fn named(column: ColumnId, names: std::ops::Range<usize>) -> Vec<NewRow> {
    names.map(|n| NewRow::new([CellWrite::value(column, format!("e-{n}"))])).collect()
}

#[tokio::test]
async fn rows_beyond_one_request_keep_their_order_wherever_they_go() {
    for location in [RowLocation::Top, RowLocation::Bottom] {
        let mock = MockSmartsheet::new();
        let (sheet, key) = (mock.template_id(), column(&mock, tracker::EVENT_ID).await);
        mock.fake().add_row(sheet, &[(tracker::EVENT_ID, "old".into())]);
        let rows = mock.client().rows();
        let report = rows.add_all(sheet, named(key, 0..1050)).location(location).await.unwrap();
        assert!(report.is_complete());
        assert_eq!((report.items.len(), mock.backend().count("rows.add")), (1050, 3));
        let mut expected: Vec<_> = (0..1050).map(|n| format!("e-{n}")).collect();
        expected.insert(if location == RowLocation::Top { 1050 } else { 0 }, "old".to_owned());
        assert_eq!(held(&mock, sheet), expected);
        let ids: Vec<_> = report.done().map(|row| row.cell(key).unwrap().to_string()).collect();
        assert_eq!((ids[0].as_str(), ids[1049].as_str()), ("e-0", "e-1049"));
    }
}

#[tokio::test]
async fn what_is_refused_is_named_by_its_place_in_the_call_and_the_rest_is_written() {
    let mock = MockSmartsheet::new();
    let (sheet, key, starts) =
        (mock.template_id(), column(&mock, tracker::EVENT_ID).await, column(&mock, tracker::STARTS).await);
    let mut rows = named(key, 0..12);
    for bad in [3, 8] {
        rows[bad].cells.push(CellWrite::value(starts, "soon"));
    }
    let seen = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&seen);
    let options = BulkOptions::default().on_progress(move |p| told.lock().unwrap().push((p.done, p.failed)));
    let report = mock.client().rows().add_all(sheet, rows).chunk_rows(5).options(options).await.unwrap();
    let failures: Vec<_> = report.failures().map(|(place, error)| (place, error.field().unwrap().to_owned())).collect();
    assert_eq!(failures, [(3, "rows[3]".to_owned()), (8, "rows[8]".to_owned())]);
    assert!(report.failures().all(|(_, error)| error.smartsheet_code() == Some(ErrorCode::VALUE_DOES_NOT_FIT)));
    assert_eq!(mock.fake().rows(sheet).len(), 10);
    let seen = seen.lock().unwrap();
    assert_eq!((seen.len(), seen[11]), (12, (12, 2)), "each row is told once");
}

#[tokio::test]
async fn a_lost_answer_leaves_its_rows_open_and_the_later_ones_unsent() {
    let mock = MockSmartsheet::new();
    let (sheet, key) = (mock.template_id(), column(&mock, tracker::EVENT_ID).await);
    mock.backend().script("rows.add", [Fault::Slow(Duration::ZERO), Fault::ResetAfter]);
    let report = mock.client().rows().add_all(sheet, named(key, 0..12)).chunk_rows(4).await.unwrap();
    let open: Vec<_> =
        report.items.iter().map(|item| item.as_ref().err().map(connectors_core::Error::maybe_applied)).collect();
    assert_eq!(open, [vec![None; 4], vec![Some(true); 4], vec![Some(false); 4]].concat());
    assert_eq!(mock.backend().count("rows.add"), 2, "an add is not repeated");
    assert_eq!(mock.fake().rows(sheet).len(), 8);
}

#[tokio::test]
async fn changes_and_deletions_are_accounted_for_by_row() {
    let mock = MockSmartsheet::new();
    let (sheet, key) = (mock.template_id(), column(&mock, tracker::EVENT_ID).await);
    let rows = mock.client().rows();
    let added = rows.add_all(sheet, named(key, 0..7)).await.unwrap();
    let ids: Vec<RowId> = added.done().map(|row| row.id).collect();
    let nowhere = RowId::new(77);
    let changes = ids.iter().chain([&nowhere]).map(|id| RowUpdate::new(*id, [CellWrite::value(key, "x")]));
    let report = rows.update_all(sheet, changes).chunk_rows(3).await.unwrap();
    assert_eq!(report.failures().map(|(place, _)| place).collect::<Vec<_>>(), [7]);
    assert_eq!(report.done().map(|row| row.id).collect::<Vec<_>>(), ids);

    // The answer is lost, the rows are gone: asked again, Smartsheet does not know them any more.
    mock.backend().script("rows.delete", [Fault::ResetAfter]);
    let report = rows.delete_all(sheet, [ids[0], nowhere]).await.unwrap();
    assert_eq!(report.items.into_iter().map(Result::unwrap).collect::<Vec<_>>(), [Deletion::Missing; 2]);
    let report = rows.delete_all(sheet, [ids[1], nowhere]).await.unwrap();
    let deletions: Vec<_> = report.items.into_iter().map(Result::unwrap).collect();
    assert_eq!(deletions, [Deletion::Deleted, Deletion::Missing]);
    assert_eq!(mock.fake().rows(sheet).len(), 5);
}

#[tokio::test]
async fn what_cannot_be_right_is_refused_before_anything_is_sent() {
    let mock = MockSmartsheet::new();
    let (sheet, key) = (mock.template_id(), column(&mock, tracker::EVENT_ID).await);
    let rows = mock.client().rows();
    let before = mock.backend().journal().len();
    let wide = (0..30).map(|n| CellWrite::value(ColumnId::new(n + 1), 1)).collect::<Vec<_>>();
    let many = (0..20_000).map(|_| NewRow::new(wide.iter().cloned()));
    let error = rows.add_all(sheet, many).await.unwrap_err();
    assert!(error.message().contains("600000 cells"), "{error}");
    let twice = [RowUpdate::new(RowId::new(5), []), RowUpdate::new(RowId::new(5), [])];
    assert_eq!(rows.update_all(sheet, twice).await.unwrap_err().field(), Some("rows[1].id"));
    let link = connectors_smartsheet::CellLink::new(sheet, RowId::new(1), key);
    let mixed = [
        RowUpdate::new(RowId::new(5), [CellWrite::value(key, 1)]),
        RowUpdate::new(RowId::new(6), [CellWrite::link(key, link)]),
    ];
    let error = rows.update(sheet, mixed).await.unwrap_err();
    assert_eq!((error.field(), error.smartsheet_code()), (Some("rows[1]"), Some(ErrorCode::LINKS_AND_VALUES)));
    let both = CellInput::attributes(&serde_json::json!({ "formula": "=1", "value": "20" })).unwrap();
    let error = rows.add(sheet, [NewRow::new([CellWrite::value(key, both)])]).await.unwrap_err();
    let code = Some(ErrorCode::FORMULA_AND_VALUE);
    assert_eq!((error.field(), error.smartsheet_code()), (Some("rows[0].cells[0].formula"), code));
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert_eq!(mock.backend().journal().len(), before);
    assert!(rows.add_all(sheet, []).await.unwrap().is_complete(), "nothing to add is done");
}

#[tokio::test]
async fn known_columns_refuse_what_they_do_not_take_by_row_and_title() {
    let mock = MockSmartsheet::new();
    let sheet = mock.store_list_id();
    let columns = mock.client().table(sheet).columns().await.unwrap();
    let id = |title: &str| columns.require(title).unwrap().id;
    let before = mock.backend().journal().len();
    let refused = async |column: ColumnId, input: CellInput| {
        let rows = [NewRow::new([]), NewRow::new([CellWrite::value(column, input)])];
        let error = mock.client().rows().add(sheet, rows).checked_by(&columns).await.unwrap_err();
        (error.field().unwrap().to_owned(), error.smartsheet_code().unwrap())
    };
    assert_eq!(
        refused(ColumnId::new(9), 1.into()).await,
        ("rows[1].cells[0].columnId".to_owned(), ErrorCode::INVALID_COLUMN_ID)
    );
    assert_eq!(refused(id("Added"), 1.into()).await, ("rows[1].Added".to_owned(), ErrorCode::SYSTEM_COLUMN));
    assert_eq!(refused(id("Opened"), "soon".into()).await.1, ErrorCode::VALUE_DOES_NOT_FIT);
    assert_eq!(refused(id("Power on site"), "yes".into()).await.1, ErrorCode::VALUE_DOES_NOT_FIT);
    assert_eq!(refused(id("Store"), "x".repeat(4001).into()).await.1, ErrorCode::TOO_LONG);
    assert_eq!(refused(id("Store"), 1e17.into()).await.1, ErrorCode::NUMBER_OUT_OF_RANGE);
    assert_eq!(mock.backend().journal().len(), before);
}
