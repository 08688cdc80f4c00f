//! Sheets as a whole, folders, workspaces, favorites and search.

use chrono::TimeDelta;
use connectors_core::ErrorKind;
use connectors_mock::{Fault, MockSmartsheet};
use connectors_smartsheet::{
    CellFormat, CellInput, CopyInclude, CreateSheet, Destination, Email, FavoriteObject, FolderId, NewSheet, PaperSize,
    PathNode, ProjectSettings, PublishAudience, ResourceType, RowLocation, RowUpdate, SearchResult, SearchScope, Sheet,
    SheetEmail, SheetId, SheetInclude, SheetPublishUpdate, SheetUpdate, SheetUserSettings, SmartsheetErrorExt,
    SmartsheetService, SortCriterion, Template, WorkingDay, WorkspaceId, tracker,
};

use crate::campaign;

fn new(name: &str) -> NewSheet {
    NewSheet::with_columns(name, tracker::columns())
}

async fn names_in(mock: &MockSmartsheet, workspace: WorkspaceId) -> Vec<String> {
    let children = mock.client().workspaces().children(workspace).pager().collect_all().await.unwrap();
    children.into_iter().map(|child| child.name).collect()
}

#[tokio::test]
async fn what_is_in_a_folder_goes_with_it() {
    let mock = MockSmartsheet::new();
    let (sheets, folders, workspace) = (mock.client().sheets(), mock.client().folders(), mock.workspace_id());
    let tours = folders.create_in_workspace(workspace, "Tours").await.unwrap().id;
    let summer = folders.create_in_folder(tours, "Summer").await.unwrap().id;
    let plan = sheets.create_in_folder(summer, new("Plan")).await.unwrap().result.id;
    mock.fake().add_row(plan, &[(tracker::VENUE, "Alexanderplatz".into())]);

    let bare = folders.copy(tours, workspace, "Bare").await.unwrap();
    let full = folders.copy(tours, tours, "Full").include([CopyInclude::Data]).await.unwrap();
    for (copy, path, rows) in
        [(bare.id, "/Field marketing/Bare/Summer/Plan", 0), (full.id, "/Field marketing/Tours/Full/Summer/Plan", 1)]
    {
        let inner = folders.children(copy).await.unwrap().data.remove(0).id;
        let inside = folders.children(FolderId::new(inner)).types([ResourceType::Sheet]).await.unwrap().data;
        let copied = SheetId::new(inside[0].id);
        assert_ne!(copied, plan);
        assert_eq!(sheets.path(copied).await.unwrap().to_path(), path);
        assert_eq!(mock.fake().rows(copied).len(), rows, "rows are copied only if they are asked for");
    }

    folders.move_to(summer, bare.id).await.unwrap();
    assert_eq!(sheets.path(plan).await.unwrap().to_path(), "/Field marketing/Bare/Summer/Plan");
    folders.delete(bare.id).await.unwrap();
    assert_eq!(sheets.version(plan).await.unwrap_err().kind(), ErrorKind::NotFound);
    let error = folders.move_to(tours, full.id).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest, "not into itself: {error}");
}

#[tokio::test]
async fn a_workspace_is_copied_and_deleted_whole() {
    let mock = MockSmartsheet::new();
    let (workspaces, ours) = (mock.client().workspaces(), mock.workspace_id());
    let before = mock.fake().sheets().len();
    mock.client().sheets().create_in_folder(mock.folder_id(), new("Plan")).await.unwrap();
    let copy = workspaces.copy(ours, "Next year").await.unwrap();
    assert_eq!(names_in(&mock, copy.id).await, names_in(&mock, ours).await);
    workspaces.delete(ours).await.unwrap();
    assert_eq!(mock.fake().sheets().len(), before + 1, "the copies are left, of the template and the plan");
    assert_eq!(workspaces.metadata(ours).await.unwrap_err().kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn too_many_sheets_at_once_are_refused_with_how_many_may_be() {
    let mock = MockSmartsheet::new();
    let folder = mock.folder_id();
    for number in 0..101 {
        mock.client().sheets().create_in_folder(folder, new(&format!("Sheet {number}"))).await.unwrap();
    }
    let before = mock.client().folders().children(folder).pager().collect_all().await.unwrap().len();
    let error = mock.client().folders().copy(folder, folder, "Again").await.unwrap_err();
    assert_eq!(error.smartsheet_code().map(connectors_smartsheet::ErrorCode::get), Some(1120), "{error}");
    let after = mock.client().folders().children(folder).pager().collect_all().await.unwrap().len();
    assert_eq!(after, before, "nothing was begun");
}

#[tokio::test]
async fn a_lost_answer_is_asked_for_again_only_where_that_does_no_harm() {
    let mock = MockSmartsheet::new();
    let (sheets, folders) = (mock.client().sheets(), mock.client().folders());
    mock.backend().script("sheets.move_to", [Fault::ResetAfter]);
    mock.backend().script("favorites.add", [Fault::ResetAfter]);
    sheets.move_to(mock.template_id(), mock.folder_id()).await.unwrap();
    mock.client().favorites().add([mock.template_id()]).await.unwrap();

    for operation in
        ["folders.copy", "folders.create_in_workspace", "workspaces.create", "workspaces.copy", "sheets.send"]
    {
        mock.backend().script(operation, [Fault::ResetAfter]);
    }
    let email = SheetEmail::excel(Email::to(["crew@example.com"]));
    let errors = [
        folders.copy(mock.folder_id(), mock.workspace_id(), "Copy").await.unwrap_err(),
        folders.create_in_workspace(mock.workspace_id(), "New").await.unwrap_err(),
        mock.client().workspaces().create("New").await.unwrap_err(),
        mock.client().workspaces().copy(mock.workspace_id(), "Copy").await.unwrap_err(),
        sheets.send(mock.template_id(), email).await.unwrap_err(),
    ];
    assert!(errors.iter().all(connectors_core::Error::maybe_applied), "{errors:#?}");
    assert_eq!(mock.backend().count("folders.copy"), 1);
}

#[tokio::test]
async fn what_smartsheet_would_refuse_is_not_sent() {
    let mock = MockSmartsheet::new();
    let (sheets, sheet) = (mock.client().sheets(), mock.store_list_id());
    let column = mock.client().columns().list(sheet).await.unwrap()[0].id;
    let sent = mock.backend().journal().len();
    let to_nobody = SheetEmail::pdf(Email::to(Vec::<String>::new().iter().map(String::as_str)), PaperSize::A4);
    let excel_on_paper = SheetEmail::excel(Email::to(["crew@example.com"])).paper_size(PaperSize::A4);
    let long_day = ProjectSettings::new().length_of_day(25);
    let mixed: [FavoriteObject; 2] = [sheet.into(), mock.folder_id().into()];
    let twice = [SortCriterion::ascending(column), SortCriterion::descending(column)];
    let errors = [
        ("name", sheets.copy(sheet, mock.workspace_id(), " ").await.unwrap_err()),
        ("destination", sheets.move_to(sheet, FolderId::new(0)).await.unwrap_err()),
        ("update", sheets.update(sheet, SheetUpdate::new()).await.unwrap_err()),
        ("name", sheets.update(sheet, SheetUpdate::new().name("")).await.unwrap_err()),
        (
            "projectSettings.lengthOfDay",
            sheets.update(sheet, SheetUpdate::new().project_settings(long_day)).await.unwrap_err(),
        ),
        ("sortCriteria", sheets.sort(sheet, []).await.unwrap_err()),
        ("sortCriteria[1].columnId", sheets.sort(sheet, twice).await.unwrap_err()),
        ("sendTo", sheets.send(sheet, to_nobody).await.unwrap_err()),
        ("formatDetails", sheets.send(sheet, excel_on_paper).await.unwrap_err()),
        ("update", sheets.publish(sheet, SheetPublishUpdate::new()).await.unwrap_err()),
        ("name", mock.client().workspaces().create("\t").await.unwrap_err()),
        ("name", mock.client().workspaces().copy(mock.workspace_id(), "").await.unwrap_err()),
        ("favorites", mock.client().favorites().add(Vec::<SheetId>::new()).await.unwrap_err()),
        ("objectIds[1]", mock.client().favorites().remove_many(mixed).await.unwrap_err()),
        ("query", mock.client().search().everywhere(" ").await.unwrap_err()),
    ];
    for (field, error) in errors {
        assert_eq!((error.kind(), error.field()), (ErrorKind::InvalidRequest, Some(field)), "{error}");
    }
    assert_eq!(mock.backend().journal().len(), sent);
}

#[tokio::test]
async fn settings_and_whereabouts_come_with_the_sheet() {
    let mock = MockSmartsheet::new();
    let (sheets, stores) = (mock.client().sheets(), mock.store_list_id());
    let project = ProjectSettings::new().length_of_day(7).working_days([WorkingDay::Monday, WorkingDay::Friday]);
    let update = SheetUpdate::new().name("Shops").project_settings(project.clone());
    let update = update.user_settings(SheetUserSettings::new().critical_path_enabled(true));
    let version = sheets.version(stores).await.unwrap();
    sheets.update(stores, update).await.unwrap();
    mock.client().favorites().add([stores]).await.unwrap();

    let sheet = sheets.get(stores).include([SheetInclude::OwnerInfo]).await.unwrap();
    assert_eq!((sheet.name.as_str(), sheet.version), ("Shops", Some(version + 1)));
    assert_eq!(sheet.project_settings, Some(project));
    assert_eq!(sheet.user_settings.unwrap().critical_path_enabled, Some(true));
    assert_eq!((sheet.workspace.unwrap().name.as_str(), sheet.favorite), ("Operations", Some(true)));
    assert!(sheet.owner.is_some() && sheet.owner_id.is_some());
}

#[tokio::test]
async fn publishing_gives_addresses_and_takes_them_back() {
    let mock = MockSmartsheet::new();
    let (sheets, stores) = (mock.client().sheets(), mock.store_list_id());
    let update = SheetPublishUpdate::new().read_only_full_enabled(true).read_write_enabled(true);
    let update = update.read_write_accessible_by(PublishAudience::Org);
    let published = sheets.publish(stores, update).await.unwrap();
    assert!(published.read_only_full_url.is_some() && published.read_write_url.is_some());
    assert_eq!(published.read_write_accessible_by, Some(PublishAudience::Org));
    sheets.publish(stores, SheetPublishUpdate::new().read_write_enabled(false)).await.unwrap();
    let left = sheets.publish_status(stores).await.unwrap();
    assert!(left.read_only_full_enabled && !left.read_write_enabled && left.read_write_url.is_none());
}

#[tokio::test]
async fn rows_are_sorted_within_their_parents_and_blanks_come_last() {
    let mock = MockSmartsheet::new();
    let (client, plan) = (mock.client().clone(), mock.template_id());
    for (venue, scans) in [("b", Some(2)), ("a", Some(10)), ("c", None), ("A", Some(1))] {
        let scans: CellInput = scans.map_or_else(CellInput::clear, CellInput::from);
        mock.fake().add_row(plan, &[(tracker::VENUE, venue.into()), (tracker::SCANS, scans)]);
    }
    let columns = client.columns().list(plan).await.unwrap();
    let id = |title: &str| columns.iter().find(|column| column.title == title).unwrap().id;
    let (venue, scans) = (id(tracker::VENUE), id(tracker::SCANS));
    let rows = client.sheets().get(plan).await.unwrap().rows;
    let child = RowUpdate::new(rows[3].id, []);
    client.rows().update(plan, [child]).location(RowLocation::FirstChildOf(rows[0].id)).await.unwrap();

    let shown = |sheet: &Sheet| -> Vec<String> {
        sheet.rows.iter().map(|row| row.cell(venue).unwrap().value.as_str().unwrap().to_owned()).collect()
    };
    let version = client.sheets().version(plan).await.unwrap();
    let sheet = client.sheets().sort(plan, [SortCriterion::descending(scans)]).await.unwrap();
    assert_eq!(shown(&sheet), ["a", "b", "A", "c"], "the child stays below its parent");
    assert_eq!(sheet.version, Some(version + 1));
    let by_venue = client.sheets().sort(plan, [SortCriterion::ascending(venue)]).page(1, 2).await.unwrap();
    assert_eq!((shown(&by_venue), by_venue.total_row_count), (vec!["a".to_owned(), "b".to_owned()], Some(4)));
}

#[tokio::test]
async fn search_tells_a_part_from_the_whole_and_keeps_to_its_scopes() {
    let mock = MockSmartsheet::new();
    let (search, stores) = (mock.client().search(), mock.store_list_id());
    let parts = search.in_sheet(stores, "berlin").await.unwrap();
    let exact = search.in_sheet(stores, "Berlin").exact().await.unwrap();
    assert_eq!((parts.total_count, exact.total_count), (Some(2), Some(2)));
    let exact = search.in_sheet(stores, "Mall").exact().await.unwrap();
    assert!(exact.results.is_empty(), "only a part of a cell");
    assert!(parts.results.iter().all(|found| found.sheet_id() == Some(stores) && found.row_id().is_some()));

    let names = search.everywhere("e").scopes([SearchScope::FolderNames, SearchScope::WorkspaceNames]).await.unwrap();
    let kinds: Vec<_> = names.results.iter().map(|found| found.object_type.as_ref().unwrap().to_string()).collect();
    assert_eq!(kinds, ["workspace", "workspace"], "Field marketing and Operations, not Campaigns nor any sheet");

    let now = mock.backend().clock().now_utc();
    mock.backend().advance(std::time::Duration::from_secs(60));
    mock.client().folders().update(mock.folder_id(), "Field marketing plans").await.unwrap();
    let fresh = search.everywhere("field marketing").modified_since(now + TimeDelta::seconds(1)).await.unwrap();
    let fresh: Vec<_> = fresh.results.iter().map(|found| found.object_id.unwrap()).collect();
    assert_eq!(fresh, [mock.folder_id().get()], "not the workspace, which is older");
}

#[tokio::test]
async fn favorites_are_those_that_are_there_still() {
    let mock = MockSmartsheet::new();
    let (favorites, sheet) = (mock.client().favorites(), mock.template_id());
    let before = favorites.list().await.unwrap().data.len();
    assert_eq!(favorites.add([sheet]).await.unwrap().len(), 1);
    assert!(favorites.add([sheet]).await.unwrap().is_empty(), "it is one already");
    let paged = favorites.list().page_size(1).pager().collect_all().await.unwrap();
    assert_eq!(paged.len(), before + 1);
    mock.client().sheets().delete(sheet).await.unwrap();
    assert_eq!(favorites.list().await.unwrap().data.len(), before);
    assert_eq!(favorites.get(sheet).await.unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(favorites.add([SheetId::new(404)]).await.unwrap_err().kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn the_home_folder_still_answers_but_no_tracker_is_put_there() {
    let mock = MockSmartsheet::new();
    #[expect(deprecated, reason = "it still answers")]
    let (home, contents) = (Destination::Home, mock.client().home().get());
    mock.client().sheets().move_to(mock.template_id(), home).await.unwrap();
    let contents = contents.await.unwrap();
    assert_eq!(contents.sheets[0].id, mock.template_id());
    assert_eq!(contents.workspaces[0].folders[0].id, mock.folder_id());

    let request = CreateSheet::new(&campaign("summer"), Template::event_tracker(), home);
    let error = mock.create_sheet(request).await.unwrap_err();
    assert_eq!((error.kind(), error.field()), (ErrorKind::InvalidRequest, Some("destination")));
}

#[test]
fn what_the_service_was_seen_to_send_is_read() {
    let path: PathNode = serde_json::from_str(
        r#"{"folders":[{"id":1234567890123456,"name":"Project Plans","permalink":"https://app.smartsheet.com/folders/1",
            "sheets":[{"id":"4509918431602564","name":"Project Plan","createdAt":"2023-01-15T12:34:56Z",
            "modifiedAt":"2023-02-20T08:22:33Z","accessLevel":"ADMIN"}]}],"id":4509918431602564,
            "name":"Sample Workspace","accessLevel":"OWNER","mood":1}"#,
    )
    .unwrap();
    assert_eq!(path.to_path(), "/Sample Workspace/Project Plans/Project Plan");
    assert!(path.leaf().created_at.is_some() && path.leaf().id == 4_509_918_431_602_564);

    let found: SearchResult = serde_json::from_str(
        r#"{"results":[{"contextData":["a"],"favorite":true,"objectId":5678901234567890,"objectType":"dashboard",
            "text":"Sample","parentObjectFavorite":true,"parentObjectId":1,"parentObjectName":"W",
            "parentObjectType":"workspace"},{"objectId":-1,"objectType":"hologram"}],"totalCount":2}"#,
    )
    .unwrap();
    assert_eq!((found.results[0].parent_object_favorite, found.results[0].sheet_id()), (Some(true), None));
    assert!(!found.results[1].object_type.as_ref().unwrap().is_known());

    let sheet: Sheet = serde_json::from_str(
        r#"{"id":1,"name":"S","ganttConfig":{"zoom":[1, 2]},"contactReferences":null,"resourceManagementType":"NONE",
            "effectiveAttachmentOptions":["FILE"],"userPermissions":{"summaryPermissions":"READ_DELETE"},
            "projectSettings":{"lengthOfDay":7.5,"nonWorkingDays":["2026-12-25"],"workingDays":["MONDAY"]}}"#,
    )
    .unwrap();
    assert_eq!(sheet.gantt_config.as_deref(), Some(r#"{"zoom":[1, 2]}"#));
    assert_eq!(sheet.project_settings.unwrap().length_of_day.unwrap().to_string(), "7.5");
    assert!(",,1".parse::<CellFormat>().unwrap().bold == Some(true) && sheet.contact_references.is_none());
}
