//! Nothing is lost and nothing is doubled, whatever goes wrong. The fake's state is the judge.

use std::collections::HashSet;
use std::time::Duration;

use connectors_core::ErrorKind;
use connectors_mock::{Fault, MockSmartsheet};
use connectors_smartsheet::{
    CellWrite, ErrorCode, NewRow, RowLocation, RowUpdate, SmartsheetErrorExt, SmartsheetService, UpdateEventRow,
    UpsertOutcome, tracker,
};

use crate::{event, held, row, rows, tracker_of};

fn unique(events: &[String]) -> usize {
    events.iter().collect::<HashSet<_>>().len()
}

#[tokio::test]
async fn an_add_whose_answer_is_lost_is_looked_up_and_not_repeated() {
    for fault in [Fault::ResetAfter, Fault::Truncated, Fault::Oversized(40)] {
        let mock = MockSmartsheet::new();
        let sheet = mock.template_id();
        mock.backend().script("rows.add", [fault]);
        let report = mock.upsert_event_rows(rows(sheet, 30)).await.unwrap();
        assert_eq!(report.created(), 30, "{fault:?}");
        assert_eq!(mock.backend().count("rows.add"), 1, "{fault:?}");
        assert_eq!(held(&mock, sheet).len(), 30, "{fault:?}");
        for (number, item) in report.items.iter().enumerate() {
            assert_eq!(item.outcome.row().unwrap().row_number as usize, number + 1);
        }
    }
}

#[tokio::test]
async fn an_add_that_did_not_run_is_sent_again() {
    let ambiguous = [Fault::ResetBefore, Fault::Status(500), Fault::HtmlPage(504), Fault::ResetBefore];
    let refused = [Fault::Refused, Fault::Throttle(None), Fault::Status(503)];
    for faults in [ambiguous[..2].to_vec(), ambiguous[2..].to_vec(), refused.to_vec()] {
        let mock = MockSmartsheet::new();
        let sheet = mock.template_id();
        mock.backend().script("rows.add", faults.clone());
        let report = mock.upsert_event_rows(rows(sheet, 30)).await.unwrap();
        assert_eq!((report.created(), held(&mock, sheet).len()), (30, 30), "{faults:?}");
    }
}

#[tokio::test]
async fn what_stays_unknown_is_said_and_the_next_call_finds_out() {
    let mock = MockSmartsheet::new();
    let sheet = mock.template_id();
    mock.backend().script("rows.add", [Fault::ResetBefore; 4]);
    let report = mock.upsert_event_rows(rows(sheet, 10)).await.unwrap();
    assert!(
        report.items.iter().all(|item| matches!(&item.outcome, UpsertOutcome::Unknown(error) if error.maybe_applied()))
    );
    assert_eq!(report.failures().count(), 10);

    let again = mock.upsert_event_rows(rows(sheet, 10)).await.unwrap();
    assert_eq!((again.created(), held(&mock, sheet).len()), (10, 10));
}

#[tokio::test]
async fn an_add_that_times_out_is_never_repeated() {
    let mock = MockSmartsheet::new();
    let sheet = mock.template_id();
    mock.backend().script("rows.add", [Fault::Slow(Duration::from_secs(3600))]);
    let report = mock.upsert_event_rows(rows(sheet, 5)).await.unwrap();
    assert_eq!(report.created(), 5, "they are there, although the answer never came");
    assert_eq!((mock.backend().count("rows.add"), held(&mock, sheet).len()), (1, 5));
}

#[tokio::test]
async fn a_slow_sheet_is_waited_for() {
    let mock = MockSmartsheet::new();
    mock.backend().script("rows.add", [Fault::Slow(Duration::from_secs(392))]);
    let report = mock.upsert_event_rows(rows(mock.template_id(), 500)).await.unwrap();
    assert_eq!((report.created(), mock.backend().count("sheets.get")), (500, 1), "no need to look");
}

#[tokio::test]
async fn a_throttle_without_retry_after_is_outlasted() {
    let mock = MockSmartsheet::new();
    let start = mock.backend().clock().now();
    mock.backend().script("users.me", [Fault::Throttle(None); 6]);
    mock.client().users().me().await.unwrap();
    let waited = mock.backend().clock().now() - start;
    assert!(waited >= Duration::from_secs(60) && waited <= Duration::from_secs(180), "{waited:?}");
}

#[tokio::test]
async fn our_own_limit_keeps_us_below_the_quota() {
    let mock = MockSmartsheet::new();
    let calls = (0..700).map(|_| async { mock.client().users().me().await });
    futures_util::future::try_join_all(calls).await.unwrap();
    let journal = mock.backend().journal();
    assert_eq!(journal.len(), 700);
    assert!(journal.iter().all(|entry| entry.status.is_some_and(|status| status.is_success())), "no 429");
}

#[tokio::test]
async fn a_busy_sheet_is_tried_again_by_every_method() {
    let mock = MockSmartsheet::new();
    let sheet = mock.template_id();
    mock.fake().failure_code(ErrorCode::BUSY);
    mock.backend().script("rows.add", [Fault::Status(500), Fault::Status(500)]);
    let report = mock.upsert_event_rows(rows(sheet, 3)).await.unwrap();
    assert_eq!((report.created(), mock.backend().count("sheets.get")), (3, 1), "it was turned away: no need to look");
}

#[tokio::test]
async fn while_an_add_may_still_run_a_busy_sheet_is_looked_at_before_the_next_try() {
    let mock = MockSmartsheet::new();
    let sheet = mock.template_id();
    mock.fake().failure_code(ErrorCode::BUSY);
    mock.backend().script("rows.add", [Fault::Status(504), Fault::Status(500), Fault::Throttle(None)]);
    let report = mock.upsert_event_rows(rows(sheet, 3)).await.unwrap();
    assert_eq!((report.created(), held(&mock, sheet).len()), (3, 3), "{report:?}");
    let order: Vec<_> = mock.backend().journal().iter().filter_map(|entry| entry.operation).collect();
    let adds: Vec<_> =
        order.iter().enumerate().filter(|(_, name)| **name == "rows.add").map(|(place, _)| place).collect();
    assert_eq!(adds.len(), 4);
    assert!(adds.windows(2).all(|pair| order[pair[0] + 1..pair[1]].contains(&"sheets.get")), "{order:?}");
}

#[tokio::test]
async fn an_unexpected_failure_is_not_repeated() {
    let mock = MockSmartsheet::new();
    mock.fake().failure_code(ErrorCode::UNEXPECTED);
    mock.backend().script("users.me", [Fault::Status(500)]);
    let error = mock.client().users().me().await.unwrap_err();
    assert_eq!((error.smartsheet_code(), error.attempts()), (Some(ErrorCode::UNEXPECTED), 1));
    assert!(error.request_id().is_some(), "the reference to quote");
}

#[tokio::test]
async fn a_native_add_of_unknown_outcome_is_left_to_the_caller() {
    let mock = MockSmartsheet::new();
    let sheet = mock.template_id();
    let column = mock.client().columns().list(sheet).await.unwrap()[0].id;
    mock.backend().script("rows.add", [Fault::ResetAfter]);
    let add = mock.client().rows().add(sheet, [NewRow::new([CellWrite::value(column, "x")])]);
    let error = add.await.unwrap_err();
    assert!(error.maybe_applied() && error.kind() == ErrorKind::Interrupted, "{error}");
    assert_eq!(mock.fake().rows(sheet).len(), 1);
}

#[tokio::test]
async fn to_indent_is_not_repeated_but_to_update_is() {
    let mock = MockSmartsheet::new();
    let sheet = mock.template_id();
    mock.upsert_event_rows(rows(sheet, 1)).await.unwrap();
    let (row, column) = (mock.fake().rows(sheet)[0].id, mock.client().columns().list(sheet).await.unwrap()[1].id);
    let update = || mock.client().rows().update(sheet, [RowUpdate::new(row, [CellWrite::value(column, "y")])]);
    mock.backend().script("rows.update", [Fault::ResetBefore]);
    assert!(update().location(RowLocation::Indent).await.unwrap_err().maybe_applied());
    mock.backend().script("rows.update", [Fault::ResetAfter]);
    let done = update().send().await.unwrap();
    assert_eq!((done.meta().attempts, done.result.len()), (2, 1));
}

#[tokio::test]
async fn chaos_loses_and_doubles_nothing() {
    for seed in 1..=20 {
        let mock = MockSmartsheet::builder().seed(seed).build().unwrap();
        mock.backend().chaos(seed);
        let sheet = mock.create_sheet(tracker_of(&mock, "summer")).await;
        let sheet = sheet.unwrap_or_else(|error| panic!("seed {seed}: one call is enough: {error:#}")).id;
        let mut created = 0;
        for round in 0..6 {
            let mut request = rows(sheet, 60).chunk_rows(15);
            for (number, row) in request.rows.iter_mut().enumerate() {
                *row = row.clone().set(tracker::SCANS, number + round);
            }
            match mock.upsert_event_rows(request).await {
                Ok(report) => created += report.created(),
                Err(error) => assert!(error.is_retryable(), "seed {seed}: {error:#}"),
            }
            let events = held(&mock, sheet);
            assert_eq!(unique(&events), events.len(), "seed {seed}: no event twice");
        }
        mock.backend().calm();
        let last = mock.upsert_event_rows(rows(sheet, 60)).await.unwrap();
        assert!(last.is_complete(), "seed {seed}");
        assert_eq!(held(&mock, sheet).len(), 60, "seed {seed}: no event lost");
        assert!(created <= 60, "seed {seed}: no row is reported as created twice");
        let trackers = mock.fake().sheets().iter().filter(|sheet| sheet.name == "Summer Tour tracker").count();
        assert_eq!(trackers, 1, "seed {seed}: one sheet");
        let (disturbed, all) = (mock.backend().fault_counts().values().sum::<u32>(), mock.backend().journal().len());
        assert!(disturbed as usize * 100 >= all * 10, "seed {seed}: {disturbed} of {all}");
    }
}

#[tokio::test]
async fn chaos_leaves_single_updates_right() {
    let mock = MockSmartsheet::new();
    let sheet = mock.template_id();
    mock.upsert_event_rows(rows(sheet, 5)).await.unwrap();
    mock.backend().chaos(3);
    for scans in 0..30 {
        let update = UpdateEventRow::new(sheet, event("e-2")).set(tracker::SCANS, scans);
        if mock.update_event_row(update).await.is_ok() {
            assert_eq!(mock.fake().rows(sheet)[2].cell(tracker::SCANS), Some(scans.to_string().as_str()));
        }
    }
    assert_eq!(held(&mock, sheet).len(), 5);
}

#[tokio::test]
async fn a_row_that_fails_for_good_does_not_hide_the_others() {
    let mock = MockSmartsheet::new();
    let sheet = mock.template_id();
    mock.upsert_event_rows(rows(sheet, 4)).await.unwrap();
    let mut request = rows(sheet, 4);
    request.rows[1] = row("e-1").set(tracker::STARTS, "never");
    request.rows[2] = row("e-2").set(tracker::SCANS, 9);
    let report = mock.upsert_event_rows(request).await.unwrap();
    assert_eq!((report.updated(), report.unchanged(), report.failures().count()), (1, 2, 1));
    let (_, error) = report.failures().next().unwrap();
    assert_eq!(error.smartsheet_code(), Some(ErrorCode::VALUE_DOES_NOT_FIT));
}
