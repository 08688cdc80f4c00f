//! One tracker per campaign, whatever happens.

use std::sync::Arc;

use connectors_core::{ErrorKind, MemoryLinkStore};
use connectors_mock::{Fault, MockSmartsheet};
use connectors_smartsheet::{
    CopyInclude, CreateSheet, Destination, EventRow, NewSheet, SmartsheetService, Template, UpsertEventRows, tracker,
};

use crate::{campaign, client, event, tracker_of};

fn named(mock: &MockSmartsheet, name: &str) -> usize {
    mock.fake().sheets().iter().filter(|sheet| sheet.name == name).count()
}

#[tokio::test]
async fn a_lost_answer_neither_loses_nor_doubles_the_sheet() {
    for fault in [
        Fault::ResetAfter,
        Fault::Truncated,
        Fault::ResetBefore,
        Fault::Status(500),
        Fault::HtmlPage(502),
        Fault::Oversized(40),
    ] {
        let mock = MockSmartsheet::new();
        mock.backend().script("sheets.create_in_workspace", [fault]);
        let sheet = mock.create_sheet(tracker_of(&mock, "summer")).await.unwrap();
        assert!(sheet.is_new, "{fault:?}");
        assert_eq!(named(&mock, "Summer Tour tracker"), 1, "{fault:?}");
        assert!(!sheet.permalink.is_empty(), "{fault:?}");
    }
}

#[tokio::test]
async fn a_create_that_times_out_is_found_by_the_same_call() {
    let mock = MockSmartsheet::new();
    mock.backend().script("sheets.create_in_workspace", [Fault::Slow(std::time::Duration::from_secs(1000))]);
    // The sheet is there at once, only the answer is late.
    let sheet = mock.create_sheet(tracker_of(&mock, "summer")).await.unwrap();
    assert!(sheet.is_new);
    assert_eq!(mock.backend().count("sheets.create_in_workspace"), 1);
    assert_eq!(named(&mock, "Summer Tour tracker"), 1);
}

#[tokio::test]
async fn sheets_of_the_same_name_that_are_not_ours_are_left_alone() {
    let mock = MockSmartsheet::new();
    let (sheets, workspace) = (mock.client().sheets(), mock.workspace_id());
    let old = NewSheet::with_columns("Summer Tour tracker", tracker::columns());
    let old = sheets.create_in_workspace(workspace, old).await.unwrap().result.id;
    mock.backend().advance(std::time::Duration::from_secs(86_400));

    mock.backend().script("sheets.create_in_workspace", [Fault::ResetBefore]);
    let ours = mock.create_sheet(tracker_of(&mock, "summer")).await.unwrap();
    assert_ne!(ours.id, old, "it was there before we meant to create one");
    assert_eq!(named(&mock, "Summer Tour tracker"), 2);

    // Another campaign of the same name: the sheet of the first is taken.
    mock.backend().script("sheets.create_in_workspace", [Fault::ResetAfter]);
    let other = mock.create_sheet(tracker_of(&mock, "summer-again")).await.unwrap();
    assert!(other.id != ours.id && other.is_new);
    assert_eq!(named(&mock, "Summer Tour tracker"), 3);
}

#[tokio::test]
async fn several_sheets_that_may_be_ours_are_not_guessed_among() {
    let mock = MockSmartsheet::new();
    let twin = NewSheet::with_columns("Summer Tour tracker", tracker::columns());
    mock.client().sheets().create_in_workspace(mock.workspace_id(), twin).await.unwrap();
    mock.backend().script("sheets.create_in_workspace", [Fault::ResetAfter]);
    let error = mock.create_sheet(tracker_of(&mock, "summer")).await.unwrap_err();
    assert!(error.maybe_applied(), "{error}");
    let again = mock.create_sheet(tracker_of(&mock, "summer")).await.unwrap_err();
    assert_eq!(again.kind(), ErrorKind::Ambiguous, "{again}");
    assert_eq!(named(&mock, "Summer Tour tracker"), 2, "nothing more was created");
}

#[tokio::test]
async fn children_are_looked_through_page_by_page() {
    let mock = MockSmartsheet::new();
    mock.fake().page_cap(1);
    let folder = Destination::Folder(mock.folder_id());
    for number in 0..4 {
        let sheet = NewSheet::with_columns(format!("Other {number}"), tracker::columns());
        mock.client().sheets().create_in_folder(mock.folder_id(), sheet).await.unwrap();
    }
    mock.backend().script("sheets.create_in_folder", [Fault::ResetAfter]);
    let request = CreateSheet::new(&campaign("summer"), Template::event_tracker(), folder);
    let sheet = mock.create_sheet(request).await.unwrap();
    assert!(sheet.is_new);
    assert_eq!(mock.backend().count("folders.children"), 5);
}

#[tokio::test]
async fn the_store_keeps_campaigns_and_destinations_apart() {
    let mock = MockSmartsheet::new();
    let store = Arc::new(MemoryLinkStore::default());
    let run = |store: Arc<MemoryLinkStore>| client(mock.backend(), move |builder| builder.link_store(store));
    let first = run(Arc::clone(&store)).create_sheet(tracker_of(&mock, "summer")).await.unwrap();
    let second = run(Arc::clone(&store)).create_sheet(tracker_of(&mock, "summer")).await.unwrap();
    assert_eq!((second.id, second.is_new), (first.id, false), "another client with the same store");

    let folder = CreateSheet::new(&campaign("summer"), Template::event_tracker(), mock.folder_id());
    let elsewhere = run(Arc::clone(&store)).create_sheet(folder).await.unwrap();
    assert!(elsewhere.is_new && elsewhere.id != first.id, "another destination");
}

#[tokio::test]
async fn a_template_is_copied_with_what_was_asked_for() {
    let mock = MockSmartsheet::new();
    let row = EventRow::new(event("starter")).set(tracker::EVENT, "Starter");
    mock.upsert_event_rows(UpsertEventRows::new(mock.template_id(), vec![row])).await.unwrap();
    let request = |id: &str| CreateSheet::new(&campaign(id), Template::Sheet(mock.template_id()), mock.workspace_id());
    let bare = mock.create_sheet(request("bare")).await.unwrap();
    let full = mock.create_sheet(request("full").include([CopyInclude::Data])).await.unwrap();
    assert_eq!((mock.fake().rows(bare.id).len(), mock.fake().rows(full.id).len()), (0, 1));
    let (template, copy) = (mock.client().columns().list(mock.template_id()).await.unwrap(), bare.columns);
    assert!(
        template.iter().all(|column| copy.get(&column.title).is_some_and(|own| own.id != column.id)),
        "columns of its own"
    );
}

#[tokio::test]
async fn what_a_template_lacks_is_said_before_anything_is_made() {
    let mock = MockSmartsheet::new();
    let request =
        CreateSheet::new(&campaign("summer"), Template::Sheet(mock.fake().store_list_id()), mock.workspace_id());
    let error = mock.create_sheet(request.clone()).await.unwrap_err();
    assert_eq!((error.kind(), error.field()), (ErrorKind::InvalidRequest, Some("template")));
    assert_eq!(mock.backend().count("sheets.create_in_workspace"), 0);
    let created = mock.create_sheet(request.key_column("Store")).await.unwrap();
    assert!(created.columns.get("Store").is_some());
}

#[tokio::test]
async fn a_destination_that_does_not_exist_is_named() {
    let mock = MockSmartsheet::new();
    let nowhere = Destination::Folder(connectors_smartsheet::FolderId::new(404));
    for template in [Template::event_tracker(), Template::Sheet(mock.template_id())] {
        let error = mock.create_sheet(CreateSheet::new(&campaign("summer"), template, nowhere)).await.unwrap_err();
        assert_eq!((error.kind(), error.field()), (ErrorKind::NotFound, Some("destination")), "{error}");
    }
}

#[tokio::test]
async fn a_linked_sheet_that_was_deleted_is_not_silently_replaced() {
    let mock = MockSmartsheet::new();
    let sheet = mock.create_sheet(tracker_of(&mock, "summer")).await.unwrap();
    assert!(mock.fake().delete_sheet(sheet.id));
    let error = mock.create_sheet(tracker_of(&mock, "summer")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(error.hint().unwrap().contains("forget"), "{error}");
}
