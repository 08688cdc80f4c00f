#!/usr/bin/env python3
"""Smartsheet's own Python SDK against the fake, over HTTP: what it asks must be understood, and what it is answered must
read as if it came from the real service.

    cargo run -p connectors-mock -- serve --port 8091 --no-quotas &
    python3 -m venv venv && venv/bin/pip install -r mock/tests/python_sdk/requirements.txt
    venv/bin/python mock/tests/python_sdk/calls.py http://127.0.0.1:8091/smartsheet/2.0
"""
import logging
import pathlib
import sys
import tempfile
import warnings

import smartsheet
from smartsheet import models

import content
import counted
import failing
import people
import places
import reporting
import webhooks
from counted import call, named, refused, value


def sheets(client):
    me = call(client.Users.get_current_user)
    assert me.email == "mona.mock@example.com" and me.account.name, me

    listed = call(client.Sheets.list_sheets, include_all=True)
    assert listed.total_count == len(listed.data) >= 2 and listed.total_pages == 1, listed
    stores = named("Store list", listed.data)
    paged = call(client.Sheets.list_sheets, page_size=1, page=2)
    assert len(paged.data) == 1 and paged.page_number == 2 and paged.data[0].id == listed.data[1].id, paged

    sheet = call(client.Sheets.get_sheet, stores.id)
    columns = {column.title: column for column in sheet.columns}
    assert sheet.total_row_count == len(sheet.rows) == 6 and columns["Store"].primary, sheet
    assert value(sheet.rows[0], columns["Store"]) == "Alexa"
    rich = call(client.Sheets.get_sheet, stores.id, include=["objectValue"], level=2, page_size=2, page=1)
    teams = next(column for column in rich.columns if column.title == "Teams")
    assert teams.type == "MULTI_PICKLIST" and len(rich.rows) == 2, teams
    manager = rich.rows[0].get_column(columns["Manager"].id).object_value
    assert manager.email.endswith("@example.com"), manager
    version = call(client.Sheets.get_sheet_version, stores.id).version
    assert version == sheet.version
    refused(1006, client.Sheets.get_sheet, 4242)
    return stores, columns


def rows(client, stores, columns):
    store, city, power, opened = (columns[title] for title in ("Store", "City", "Power on site", "Opened"))
    new = models.Row({"toBottom": True})
    new.cells.append({"columnId": store.id, "value": "Alexanderplatz"})
    new.cells.append({"columnId": city.id, "value": "Berlin"})
    new.cells.append({"columnId": power.id, "value": True})
    added = call(client.Sheets.add_rows, stores.id, [new])
    assert added.message == "SUCCESS" and added.result[0].row_number == 7, added
    row = added.result[0]

    change = models.Row({"id": row.id, "cells": [{"columnId": city.id, "value": "Hamburg"}]})
    updated = call(client.Sheets.update_rows, stores.id, [change])
    assert value(updated.result[0], city) == "Hamburg" and updated.version > added.version, updated
    read = call(client.Sheets.get_row, stores.id, row.id)
    assert value(read, store) == "Alexanderplatz" and value(read, power) is True, read

    history = call(client.Cells.get_cell_history, stores.id, row.id, city.id)
    assert [entry.value for entry in history.data] == ["Hamburg", "Berlin"], history

    link = models.Row({"id": row.id})
    link.cells.append({"columnId": store.id, "value": "Page", "hyperlink": {"url": "https://example.com/"}})
    linked = call(client.Sheets.update_rows, stores.id, [link]).result[0]
    assert linked.get_column(store.id).hyperlink.url == "https://example.com/", linked
    child = models.Row({"parentId": row.id, "cells": [{"columnId": store.id, "value": "Gate"}]})
    child = call(client.Sheets.add_rows, stores.id, [child]).result[0]
    assert child.parent_id == row.id, child

    wrong = models.Row({"toBottom": True, "cells": [{"columnId": opened.id, "value": "soon"}]})
    problem = refused(1042, client.Sheets.add_rows, stores.id, [wrong])
    assert problem.ref_id, problem
    good = models.Row({"toBottom": True, "cells": [{"columnId": store.id, "value": "Good"}]})
    partly = call(client.Sheets.add_rows_with_partial_success, stores.id, [good, wrong])
    assert partly.message == "PARTIAL_SUCCESS" and partly.failed_items[0].index == 1, partly
    deleted = call(client.Sheets.delete_rows, stores.id, [row.id, partly.result[0].id])
    assert child.id in deleted.to_dict()["result"], f"the child goes with its parent: {deleted}"
    refused(1006, client.Sheets.get_row, stores.id, row.id)


def columns_of(client, stores):
    listed = call(client.Sheets.get_columns, stores.id, include_all=True)
    assert [column.index for column in listed.data] == list(range(len(listed.data))), listed
    note = models.Column({"title": "Note", "type": "TEXT_NUMBER", "index": len(listed.data)})
    added = call(client.Sheets.add_columns, stores.id, [note]).result[0]
    renamed = call(client.Sheets.update_column, stores.id, added.id, models.Column({"title": "Remark"}))
    assert renamed.result.title == "Remark", renamed
    assert call(client.Sheets.get_column, stores.id, added.id).title == "Remark"
    call(client.Sheets.delete_column, stores.id, added.id)
    refused(1006, client.Sheets.get_column, stores.id, added.id)


def arranged(client, stores, columns, scratch):
    """What a sheet shows, and in which order."""
    area, city, store = (columns[title] for title in ("Area (m²)", "City", "Store"))
    criteria = {"sortCriteria": [{"columnId": area.id, "direction": "DESCENDING"}]}
    ordered = call(client.Sheets.sort_sheet, stores.id, models.SortSpecifier(criteria))
    assert [value(row, area) for row in ordered.rows] == [76000, 56200, 53000, 38000, 30400.5, 29900.25], ordered

    filters = call(client.Sheets.list_filters, stores.id, include_all=True)
    berlin = named("Berlin", filters.data)
    assert call(client.Sheets.get_filter, stores.id, berlin.id).query.criteria[0].values[0] == "Berlin"
    shown = call(client.Sheets.get_sheet, stores.id, filter_id=berlin.id)
    seen = [value(row, city) for row in shown.rows if not row.filtered_out]
    assert seen == ["Berlin", "Berlin"], seen
    call(client.Sheets.delete_filter, stores.id, named("With power", filters.data).id)
    assert len(call(client.Sheets.list_filters, stores.id, include_all=True).data) == 1

    few = call(client.Sheets.get_sheet, stores.id, column_ids=[store.id], row_numbers=[2, 3])
    assert [value(row, store) for row in few.rows] == ["Alexa", "Pasing Arcaden"] and len(few.columns) == 1, few
    same = call(client.Sheets.get_sheet, stores.id, if_version_after=few.version)
    assert same.version == few.version and not same.rows, same
    assert call(client.Sheets.get_column_by_title, stores.id, "City").id == city.id

    for function, name, start in [
        (client.Sheets.get_sheet_as_csv, "sheet.csv", b"Store,City,"),
        (client.Sheets.get_sheet_as_excel, "sheet.xlsx", b"PK"),
        (client.Sheets.get_sheet_as_pdf, "sheet.pdf", b"%PDF"),
    ]:
        call(function, stores.id, scratch, alternate_file_name=name)
        got = pathlib.Path(scratch, name).read_bytes()
        assert got.lstrip(b"\xef\xbb\xbf").startswith(start), got[:40]

    assert call(client.Sheets.get_publish_status, stores.id).read_only_lite_enabled is False
    wanted = models.SheetPublish({"readOnlyLiteEnabled": True, "readOnlyFullEnabled": False,
                                  "readWriteEnabled": False, "icalEnabled": False})
    published = call(client.Sheets.set_publish_status, stores.id, wanted).result
    assert published.read_only_lite_enabled and published.read_only_lite_url.startswith("https://"), published

    named_else = call(client.Sheets.update_sheet, stores.id, models.Sheet({"name": "All stores"})).result
    assert named_else.name == "All stores" and named_else.id == stores.id, named_else
    call(client.Sheets.update_sheet, stores.id, models.Sheet({"name": "Store list"}))


def moved(client, stores, columns):
    """Rows that go from one sheet to another."""
    workspace = named("Field marketing", call(client.Workspaces.list_workspaces).data)
    new = models.Sheet({"name": "Closed", "columns": [
        {"title": "Store", "type": "TEXT_NUMBER", "primary": True}, {"title": "City", "type": "TEXT_NUMBER"}]})
    closed = call(client.Workspaces.create_sheet_in_workspace, workspace.id, new).result
    make = [models.Row({"toBottom": True, "cells": [{"columnId": columns["Store"].id, "value": name}]})
            for name in ("One", "Two")]
    one, two = call(client.Sheets.add_rows, stores.id, make).result
    to = lambda row: models.CopyOrMoveRowDirective({"rowIds": [row.id], "to": {"sheetId": closed.id}})
    copied = call(client.Sheets.copy_rows, stores.id, to(one))
    assert copied.destination_sheet_id == closed.id and copied.row_mappings[0].from_ == one.id, copied
    call(client.Sheets.move_rows, stores.id, to(two))
    assert [row.cells[0].value for row in call(client.Sheets.get_sheet, closed.id).rows] == ["One", "Two"]
    refused(1006, client.Sheets.get_row, stores.id, two.id)
    change = models.Row({"id": one.id, "cells": [{"columnId": columns["Store"].id, "value": "Uno"}]})
    gone = models.Row({"id": two.id, "cells": [{"columnId": columns["Store"].id, "value": "Due"}]})
    partly = call(client.Sheets.update_rows_with_partial_success, stores.id, [change, gone])
    assert partly.message == "PARTIAL_SUCCESS" and partly.failed_items[0].error.error_code == 1034, partly
    call(client.Sheets.delete_rows, stores.id, [one.id])
    call(client.Sheets.delete_rows, stores.id, [one.id, two.id], ignore_rows_not_found=True)
    call(client.Sheets.delete_sheet, closed.id)


def tokens(client):
    """Tokens of apps: none knows this one. Last of all: a revoked token is good for nothing."""
    refused(1067, client.Token.get_access_token, "nobody", "code", "0" * 64)
    refused(1067, client.Token.refresh_access_token, "nobody", "token", "0" * 64)


def main():
    base = sys.argv[1]
    # What is refused on purpose is no news.
    logging.disable(logging.CRITICAL)
    warnings.showwarning = lambda *_: None
    client = smartsheet.Smartsheet(access_token="mock-key", api_base=base)
    client.errors_as_exceptions()
    with tempfile.TemporaryDirectory() as scratch:
        stores, columns = sheets(client)
        rows(client, stores, columns)
        columns_of(client, stores)
        content.everything(client, stores, columns, scratch)
        people.everything(client, stores, scratch)
        places.everything(client, stores, scratch)
        reporting.everything(client, stores, columns, scratch)
        moved(client, stores, columns)
        arranged(client, stores, columns, scratch)
    webhooks.everything(client, stores, columns)
    failing.everything(base, stores, columns)
    tokens(client)
    methods = len(counted.METHODS)
    assert methods >= 180, methods
    print(f"{counted.CALLS} calls of {methods} methods of smartsheet-python-sdk {smartsheet.__version__}, all as expected")


main()
