"""What is made of sheets: reports, dashboards, searches, references between sheets, the log of events."""
import pathlib

from smartsheet import models

from counted import call, named, refused


def reports(client, stores, scratch):
    rs = client.Reports
    listed = call(rs.list_reports, include_all=True)
    powered = named("Stores with power", listed.data)
    report = call(rs.get_report, powered.id, page_size=3, include=["sourceSheets", "objectValue"])
    assert len(report.rows) == 3 and report.total_row_count == 4, report
    assert report.rows[0].sheet_id == stores.id and report.source_sheets[0].id == stores.id, report
    assert len(call(rs.get_report, powered.id, page_size=3, page=2).rows) == 1
    call(rs.get_report_as_csv, powered.id, scratch, "report.csv")
    text = pathlib.Path(scratch, "report.csv").read_text()
    assert len(text.splitlines()) == 5 and "Alexa" in text, text
    call(rs.get_report_as_excel, powered.id, scratch, "report.xlsx")
    assert pathlib.Path(scratch, "report.xlsx").read_bytes()[:2] == b"PK"
    path = call(rs.get_report_path, powered.id).to_dict()
    assert path["name"] == "Operations" and "Stores with power" in str(path), path
    assert call(rs.get_publish_status, powered.id).read_only_full_enabled is False
    shown = models.ReportPublish({"readOnlyFullEnabled": True, "readOnlyFullAccessibleBy": "ALL"})
    shown = call(rs.set_publish_status, powered.id, shown).result
    assert shown.read_only_full_enabled and shown.read_only_full_url.startswith("https://"), shown
    mail = models.SheetEmail({"sendTo": [{"email": "jane@example.com"}], "subject": "Stores", "format": "EXCEL"})
    assert call(rs.send_report, powered.id, mail).message == "SUCCESS"

    assert [scope.asset_id for scope in call(rs.list_report_scope, powered.id).data] == [stores.id]
    columns = call(rs.list_report_columns, powered.id).data
    assert "City" in [column.title for column in columns], columns
    city = next(column for column in columns if column.title == "City")
    assert call(rs.get_report_column, powered.id, city.virtual_id).title == "City"
    wider = models.UpdateReportColumnRequest({"width": 222})
    call(rs.update_report_column, powered.id, city.virtual_id, wider)
    assert call(rs.get_report_column, powered.id, city.virtual_id).width == 222
    definition = call(rs.get_report_definition, powered.id)
    assert definition.filters.criteria[0].column.title == "Power on site", definition

    workspace = named("Operations", call(client.Workspaces.list_workspaces).data)
    wanted = models.CreateReportRequest({
        "name": "Cities", "destination": {"destinationType": "workspace", "destinationId": workspace.id},
        "scope": [{"assetType": "sheet", "assetId": stores.id}],
        "columns": [{"title": "City", "type": "PICKLIST"}, {"title": "Primary", "type": "TEXT_NUMBER", "primary": True}],
    })
    made = call(rs.create_report, wanted).result
    assert call(rs.get_report, made.id).total_row_count == 6
    more = call(rs.add_report_columns, made.id, [models.ReportColumn({"title": "Teams", "type": "MULTI_PICKLIST", "index": 2})])
    assert more.message == "SUCCESS", more
    teams = next(column for column in call(rs.list_report_columns, made.id).data if column.title == "Teams")
    call(rs.delete_report_column, made.id, teams.virtual_id)
    refused(1006, rs.get_report_column, made.id, teams.virtual_id)
    whole = models.ReportScopeInclusion({"assetType": "workspace", "assetId": workspace.id})
    call(rs.add_report_scope, made.id, [whole])
    assert len(call(rs.list_report_scope, made.id).data) == 2
    call(rs.remove_report_scope, made.id, [whole])
    only = models.ReportDefinition({"filters": {"operator": "AND", "criteria": [
        {"column": {"title": "City", "type": "PICKLIST"}, "operator": "EQUAL", "values": ["Berlin"]}]}})
    call(rs.update_report_definition, made.id, only)
    assert call(rs.get_report, made.id).total_row_count == 2
    call(rs.delete_report, made.id)
    refused(1006, rs.get_report, made.id)


def dashboards(client):
    ss = client.Sights
    listed = call(ss.list_sights)
    board = call(ss.get_sight, listed.data[0].id)
    kinds = [str(widget.type) for widget in board.widgets]
    assert board.name == listed.data[0].name and {"TITLE", "METRIC", "CHART"} <= set(kinds), kinds
    workspace = named("Field marketing", call(client.Workspaces.list_workspaces).data)
    into = models.ContainerDestination(
        {"destinationType": "workspace", "destinationId": workspace.id, "newName": "Copied board"})
    copy = call(ss.copy_sight, board.id, into).result
    assert copy.name == "Copied board", copy
    assert call(ss.get_sight_path, copy.id).to_dict()["name"] == "Field marketing"
    assert call(ss.update_sight, copy.id, models.Sight({"name": "Renamed"})).result.name == "Renamed"
    operations = named("Operations", call(client.Workspaces.list_workspaces).data)
    into = models.ContainerDestination({"destinationType": "workspace", "destinationId": operations.id})
    assert call(ss.move_sight, copy.id, into).result.id == copy.id
    assert call(ss.get_publish_status, copy.id).read_only_full_enabled is False
    shown = call(ss.set_publish_status, copy.id, models.SightPublish({"readOnlyFullEnabled": True})).result
    assert shown.read_only_full_enabled and shown.read_only_full_url, shown
    call(ss.delete_sight, copy.id)
    refused(1006, ss.get_sight, copy.id)


def searches(client, stores):
    found = call(client.Search.search, "Europa-Galerie")
    assert found.total_count == 1 and found.results[0].parent_object_id == stores.id, found
    assert str(found.results[0].object_type) == "row", found
    inside = call(client.Search.search_sheet, stores.id, "Galerie")
    assert inside.total_count == 2, inside
    titles = call(client.Search.search, "Store list", scopes=["sheetNames"])
    assert stores.id in [one.object_id for one in titles.results], titles
    assert call(client.Search.search, "nowhere to be found").total_count == 0


def references(client, stores, columns):
    template = named("Event tracker template", call(client.Sheets.list_sheets, include_all=True).data)
    wanted = models.CrossSheetReference({
        "name": "All cities", "sourceSheetId": stores.id,
        "startColumnId": columns["City"].id, "endColumnId": columns["City"].id,
    })
    made = call(client.Sheets.create_cross_sheet_reference, template.id, wanted).result
    assert made.name == "All cities" and made.source_sheet_id == stores.id, made
    read = call(client.Sheets.get_cross_sheet_reference, template.id, made.id)
    assert str(read.status) == "OK" and read.start_column_id == columns["City"].id, read
    listed = call(client.Sheets.list_cross_sheet_references, template.id, include_all=True)
    assert [held.id for held in listed.data] == [made.id], listed


def log(client):
    first = call(client.Events.list_events, since="2020-01-01T00:00:00Z", max_count=2)
    assert len(first.data) == 2 and first.more_available, first
    assert first.data[0].event_id and first.data[0].event_timestamp, first
    then = call(client.Events.list_events, stream_position=first.next_stream_position, max_count=2)
    assert then.data[0].event_id not in {event.event_id for event in first.data}, then
    info = call(client.Server.server_info)
    assert info.formats.font_family and info.supported_locales, info


def raw(client, stores):
    read = call(client.Passthrough.get, f"/sheets/{stores.id}/version").data
    assert "version" in str(read), read
    made = call(client.Passthrough.post, "/workspaces", {"name": "Raw"}).data
    path = f"/workspaces/{made['result']['id']}"
    changed = call(client.Passthrough.put, path, {"name": "Rawer"}).data
    assert changed["result"]["name"] == "Rawer", changed
    assert call(client.Passthrough.delete, path).data["message"] == "SUCCESS"


def everything(client, stores, columns, scratch):
    reports(client, stores, scratch)
    dashboards(client)
    searches(client, stores)
    references(client, stores, columns)
    log(client)
    raw(client, stores)
