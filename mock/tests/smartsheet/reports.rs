//! Reports and dashboards.

use connectors_core::ErrorKind;
use connectors_mock::{Fault, MockSmartsheet};
use connectors_smartsheet::{
    AggregationType, CellInput, ColumnType, ErrorCode, FilterOperator, FilterValue, NewReport, NewReportColumn,
    PublishAudience, ReportAggregation, ReportColumnRef, ReportColumnUpdate, ReportCriterion, ReportDefinitionUpdate,
    ReportFilter, ReportGrouping, ReportId, ReportInclude, ReportPublishUpdate, ReportScope, ReportSorting, SheetId,
    SightPublishUpdate, SmartsheetErrorExt, SortingDirection, WidgetContents,
};
use futures_util::TryStreamExt;
use http::Method;

fn columns() -> [NewReportColumn; 3] {
    [
        NewReportColumn::sheet_name("Sheet"),
        NewReportColumn::primary("Name"),
        NewReportColumn::new("City", ColumnType::Picklist),
    ]
}

fn city() -> ReportColumnRef {
    ReportColumnRef::new("City", ColumnType::Picklist)
}

async fn report(mock: &MockSmartsheet, sheets: impl IntoIterator<Item = SheetId>) -> ReportId {
    let new = NewReport::new("Where we are", mock.workspace_id(), columns(), sheets);
    mock.client().reports().create(new).await.unwrap().id
}

/// What the report's column of this title shows, row by row.
async fn shown(mock: &MockSmartsheet, report: ReportId, title: &str) -> Vec<String> {
    let read = mock.client().reports().get(report).await.unwrap();
    let text = |row| read.cell(row, title).map(ToString::to_string).unwrap_or_default();
    read.rows.iter().map(text).collect()
}

#[tokio::test]
async fn a_report_gathers_rows_of_its_sheets_and_says_where_they_are_from() {
    let mock = MockSmartsheet::new();
    let (events, stores) = (mock.template_id(), mock.store_list_id());
    mock.fake().add_row(events, &[("Event ID", CellInput::from("e-1"))]);
    let report = report(&mock, [events, stores]).await;
    let reports = mock.client().reports();
    let read = reports.get(report).include([ReportInclude::Scope, ReportInclude::SourceSheets]).await.unwrap();
    assert_eq!((read.rows.len(), read.total_row_count), (7, Some(7)));
    assert_eq!((read.rows[0].sheet_id, read.rows[1].sheet_id), (Some(events), Some(stores)));
    assert_eq!(read.cell(&read.rows[0], "Name").unwrap().to_string(), "e-1");
    assert_eq!(read.cell(&read.rows[1], "Sheet").unwrap().to_string(), "Store list");
    assert!(read.cell(&read.rows[0], "City").is_none(), "the sheet has no such picklist");
    assert_eq!((read.source_sheets.len(), read.scope.unwrap().sheets.len()), (2, 2));

    mock.fake().set_cell(stores, read.rows[1].id, "Store", "Alexa II");
    assert_eq!(shown(&mock, report, "Name").await[1], "Alexa II", "it is read anew each time");
    mock.fake().delete_sheet(stores);
    assert_eq!(shown(&mock, report, "Name").await, ["e-1"]);
}

#[tokio::test]
async fn all_rows_are_read_page_by_page_and_no_page_twice() {
    let mock = MockSmartsheet::new();
    let report = report(&mock, [mock.store_list_id()]).await;
    let get = || mock.client().reports().get(report);
    for (size, requests) in [(2, 3), (4, 2), (6, 1), (10_000, 1)] {
        let before = mock.backend().count("reports.get");
        let rows = get().page_size(size).rows().try_collect::<Vec<_>>().await.unwrap();
        assert_eq!((rows.len(), mock.backend().count("reports.get") - before), (6, requests), "{size} at a time");
    }
    assert_eq!(get().rows().collect_all().await.unwrap().len(), 6);
    assert_eq!(get().page(3).page_size(2).rows().collect_all().await.unwrap().len(), 2, "from the third on");
    assert_eq!(get().page(9).page_size(4).await.unwrap().rows.len(), 2, "past the end, the last one comes again");
    for wrong in [0, 10_001] {
        let error = get().page_size(wrong).rows().try_collect::<Vec<_>>().await.unwrap_err();
        assert_eq!((error.field(), error.code()), (Some("pageSize"), Some("1229")));
    }
    let theirs = get().page_size(10_001).skip_validation().await.unwrap_err();
    assert_eq!(theirs.smartsheet_code(), Some(ErrorCode::PARAMETER_OUT_OF_RANGE));
    mock.backend().script("reports.get", [Fault::Status(503)]);
    assert_eq!(get().await.unwrap().rows.len(), 6);
}

#[tokio::test]
async fn filters_and_orders_are_applied_and_changed_one_by_one() {
    let mock = MockSmartsheet::new();
    let report = report(&mock, [mock.store_list_id()]).await;
    let reports = mock.client().reports();
    let area = || ReportColumnRef::new("Area (m²)", ColumnType::TextNumber);
    let is = |column, operator, value: FilterValue| ReportCriterion::new(column, operator).values([value]);
    let names = async |filter: ReportFilter| {
        reports.update_definition(report, ReportDefinitionUpdate::new().filter(filter)).await.unwrap();
        shown(&mock, report, "Name").await.join(", ")
    };
    let berlin = || is(city(), FilterOperator::Equal, "Berlin".into());
    let large = || is(area(), FilterOperator::GreaterThan, 50_000.into());
    assert_eq!(names(ReportFilter::all([berlin(), large()])).await, "Alexa, Mall of Berlin");
    assert_eq!(names(ReportFilter::any([berlin(), large()])).await, "Alexa, Mall of Berlin, Pasing Arcaden");
    let small = is(area(), FilterOperator::LessThan, 30_000.5.into());
    let nested = ReportFilter::any([small]).nested(ReportFilter::all([
        is(city(), FilterOperator::NotEqual, "Berlin".into()),
        is(ReportColumnRef::primary("Name"), FilterOperator::Contains, "plaza".into()),
    ]));
    assert_eq!(names(nested).await, "Skyline Plaza, Rhein-Galerie");
    let blank = ReportCriterion::new(ReportColumnRef::new("No such", ColumnType::Date), FilterOperator::IsBlank);
    let filled = ReportCriterion::new(city(), FilterOperator::IsNotBlank);
    assert_eq!(names(ReportFilter::all([blank, filled])).await.split(", ").count(), 6);

    let order = ReportDefinitionUpdate::new()
        .group_by([ReportGrouping::by(city(), SortingDirection::Descending)])
        .summarise([ReportAggregation::of(area(), AggregationType::Sum)])
        .sort_by([ReportSorting::by(area(), SortingDirection::Descending)]);
    let held = reports.update_definition(report, order).await.unwrap();
    assert_eq!(held.filters.as_ref().unwrap().criteria.len(), 2, "what is not set stays");
    assert_eq!(held, reports.definition(report).await.unwrap());
    let cities = shown(&mock, report, "City").await;
    assert_eq!(cities, ["Munich", "Ludwigshafen", "Hamburg", "Frankfurt", "Berlin", "Berlin"]);
    assert_eq!(shown(&mock, report, "Name").await[4..], ["Mall of Berlin", "Alexa"]);
    assert_eq!(mock.backend().journal().last().unwrap().method, Method::GET);
}

#[tokio::test]
async fn what_smartsheet_would_refuse_is_refused_before() {
    let mock = MockSmartsheet::new();
    let (reports, stores) = (mock.client().reports(), mock.store_list_id());
    let new = |name: &str| NewReport::new(name, mock.folder_id(), columns(), [stores]);
    let none: [SheetId; 0] = [];
    let two = ReportCriterion::new(city(), FilterOperator::Between).values(["a"]);
    let deep = (0..4).fold(ReportFilter::all([]), |inner, _| ReportFilter::all([]).nested(inner));
    let filtered = |filter| new("x").definition(ReportDefinitionUpdate::new().filter(filter));
    let refused = [
        (new(" "), "name", None),
        (new(&"x".repeat(51)), "name", Some(ErrorCode::TOO_LONG)),
        (NewReport::new("x", mock.folder_id(), columns(), none), "scope", None),
        (NewReport::new("x", mock.folder_id(), columns(), vec![stores; 101]), "scope", None),
        (NewReport::new("x", mock.folder_id(), [], [stores]), "columns", None),
        (filtered(ReportFilter::all([])), "reportDefinition.filters", Some(ErrorCode::FILTER_EMPTY)),
        (filtered(ReportFilter::all([two])), "reportDefinition.filters.criteria[0].values", None),
    ];
    for (new, field, code) in refused {
        let error = reports.create(new).await.unwrap_err();
        assert_eq!((error.field(), error.code()), (Some(field), code.map(|code| code.to_string()).as_deref()));
    }
    let error = reports.create(filtered(deep)).await.unwrap_err();
    assert!(error.message().contains("3 levels"), "{error}");
    assert_eq!(mock.backend().count("reports.create"), 0);

    let theirs = reports.create(new(&"x".repeat(51))).skip_validation().await.unwrap_err();
    assert_eq!(theirs.smartsheet_code(), Some(ErrorCode::TOO_LONG));
    let stranger = NewReport::new("x", mock.folder_id(), columns(), [SheetId::new(404)]);
    assert_eq!(reports.create(stranger).await.unwrap_err().kind(), ErrorKind::NotFound);
    mock.backend().script("reports.create", [Fault::ResetAfter]);
    let unknown = reports.create(new("once")).await.unwrap_err();
    assert!(unknown.maybe_applied());
    assert_eq!(mock.backend().count("reports.create"), 3, "never twice");
}

#[tokio::test]
async fn columns_and_scope_of_a_report_change() {
    let mock = MockSmartsheet::new();
    let report = report(&mock, [mock.template_id()]).await;
    let reports = mock.client().reports();
    let workspace = mock.client().workspaces().list().await.unwrap().data[1].id;
    reports.add_scope(report, [workspace]).await.unwrap();
    reports.add_scope(report, [workspace]).await.unwrap();
    let scope = reports.scope(report).pager().collect_all().await.unwrap();
    assert_eq!(scope, [ReportScope::from(mock.template_id()), workspace.into()], "once is enough");
    assert_eq!(shown(&mock, report, "Name").await.len(), 6, "all sheets of the workspace");
    reports.remove_scope(report, [workspace]).await.unwrap();
    assert!(shown(&mock, report, "Name").await.is_empty());

    let new = |title: &str| NewReportColumn::new(title, ColumnType::MultiPicklist).width(90);
    let added = reports.add_columns(report, 1, [new("Teams"), new("Crews")]).await.unwrap();
    assert_eq!(added.iter().map(|column| column.index).collect::<Vec<_>>(), [1, 2]);
    mock.fake().page_cap(2);
    let all = reports.columns(report).pager().collect_all().await.unwrap();
    assert_eq!(
        all.iter().map(|column| column.title.as_str()).collect::<Vec<_>>(),
        ["Sheet", "Teams", "Crews", "Name", "City"]
    );
    assert_eq!(all[1].column_type, Some(ColumnType::MultiPicklist), "with its true type");
    let plain = reports.get(report).await.unwrap();
    assert_eq!(plain.column("Teams").unwrap().column_type, Some(ColumnType::TextNumber));
    let rich = reports.get(report).rich_values().await.unwrap();
    assert_eq!(rich.column("Teams").unwrap().column_type, Some(ColumnType::MultiPicklist));

    let last = ReportColumnUpdate::new().index(4).hidden(true).title("People");
    let moved = reports.update_column(report, added[0].virtual_id, last).await.unwrap();
    assert_eq!((moved.index, moved.hidden, moved.title.as_str()), (4, true, "People"));
    reports.delete_column(report, moved.virtual_id).await.unwrap();
    assert_eq!(reports.column(report, moved.virtual_id).await.unwrap_err().kind(), ErrorKind::NotFound);
    let nothing = reports.update_column(report, added[1].virtual_id, ReportColumnUpdate::new()).await.unwrap_err();
    assert_eq!(nothing.field(), Some("update"));
}

#[tokio::test]
async fn reports_and_dashboards_are_where_they_are_put_and_published_on_demand() {
    let mock = MockSmartsheet::new();
    let (reports, dashboards) = (mock.client().reports(), mock.client().dashboards());
    let report = report(&mock, [mock.store_list_id()]).await;
    assert_eq!(reports.path(report).await.unwrap().to_path(), "/Field marketing/Where we are");
    let children = mock.client().workspaces().children(mock.workspace_id()).pager().collect_all().await.unwrap();
    assert!(children.iter().any(|child| child.id == report.get()));
    let org =
        ReportPublishUpdate::new().read_only_full_enabled(true).read_only_full_accessible_by(PublishAudience::Org);
    let published = reports.publish(report, org).await.unwrap();
    assert_eq!(published.read_only_full_accessible_by, Some(PublishAudience::Org));
    assert_eq!(reports.publish_status(report).await.unwrap(), published);
    let off = ReportPublishUpdate::new().read_only_full_enabled(false);
    assert!(reports.publish(report, off).await.unwrap().read_only_full_url.is_none());

    let first = dashboards.list().pager().collect_all().await.unwrap()[0].id;
    let copy = dashboards.copy(first, mock.workspace_id(), "Copy").await.unwrap();
    mock.fake().page_cap(1);
    assert_eq!(dashboards.list().pager().collect_all().await.unwrap().len(), 2, "by token");
    dashboards.move_to(copy.id, mock.folder_id()).await.unwrap();
    let path = dashboards.path(copy.id).await.unwrap();
    assert_eq!((path.to_path().as_str(), path.leaf().id), ("/Field marketing/Campaigns/Copy", copy.id.get()));
    assert_eq!(dashboards.update(copy.id, "  ").await.unwrap_err().field(), Some("name"));
    let renamed = dashboards.update(copy.id, "Board").await.unwrap();
    assert_eq!((renamed.name.as_str(), renamed.widgets.len()), ("Board", 6));
    let all = SightPublishUpdate::new().read_only_full_enabled(true);
    assert!(dashboards.publish(copy.id, all).await.unwrap().read_only_full_url.is_some());
    assert!(!dashboards.publish_status(first).await.unwrap().read_only_full_enabled, "the copy alone");
    dashboards.delete(copy.id).await.unwrap();
    assert_eq!(dashboards.get(copy.id).await.unwrap_err().kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn widgets_are_typed_show_what_cells_hold_and_say_when_they_cannot() {
    let mock = MockSmartsheet::new();
    let dashboards = mock.client().dashboards();
    let id = dashboards.list().await.unwrap().data[0].id;
    let metric = async || {
        let read = dashboards.get(id).rich_values().await.unwrap();
        let contents = read.widgets.into_iter().find_map(|widget| match widget.contents {
            Some(WidgetContents::Metrics(metrics)) => Some(metrics),
            _ => None,
        });
        contents.map(|metrics| metrics.cell_data[0].clone())
    };
    assert_eq!(metric().await.unwrap().object_value.as_f64(), Some(56_200.0));
    let row = mock.client().sheets().get(mock.store_list_id()).await.unwrap().rows[0].id;
    mock.fake().set_cell(mock.store_list_id(), row, "Area (m²)", 7);
    assert_eq!(metric().await.unwrap().cell.unwrap().value.as_i64(), Some(7));

    let read = dashboards.get(id).await.unwrap();
    let has = |wanted: fn(&WidgetContents) -> bool| read.widgets.iter().filter_map(|w| w.contents.as_ref()).any(wanted);
    assert!(has(|contents| matches!(contents, WidgetContents::Shortcuts(links) if links[0].hyperlink.is_some())));
    assert!(has(|contents| matches!(contents, WidgetContents::Report(report) if report.report_id.is_some())));
    assert!(has(|contents| matches!(contents, WidgetContents::WebContent(page) if page.url.starts_with("https"))));
    assert!(has(|contents| matches!(contents, WidgetContents::Other(json) if json.contains("CHART"))));

    mock.fake().delete_sheet(mock.store_list_id());
    assert!(metric().await.is_none());
    let broken = dashboards.get(id).await.unwrap().widgets.into_iter().find_map(|widget| widget.error).unwrap();
    assert_eq!(broken.error_code, Some(ErrorCode::WIDGET_SHEET_GONE));
}
