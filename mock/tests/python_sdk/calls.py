#!/usr/bin/env python3
"""Smartsheet's own Python SDK against the fake, over HTTP: what it asks must be understood, and what it is answered must
read as if it came from the real service.

    cargo run -p connectors-mock -- serve --port 8091 &
    python3 -m venv venv && venv/bin/pip install -r mock/tests/python_sdk/requirements.txt
    venv/bin/python mock/tests/python_sdk/calls.py http://127.0.0.1:8091/smartsheet/2.0
"""
import http.server
import json
import logging
import queue
import sys
import threading

import smartsheet
from smartsheet import models
from smartsheet.exceptions import ApiError

CALLS = 0


def call(function, *args, **kwargs):
    """Counts the calls that reach the fake."""
    global CALLS
    CALLS += 1
    return function(*args, **kwargs)


def refused(code, function, *args, **kwargs):
    """The call must be refused with this code of Smartsheet's."""
    try:
        call(function, *args, **kwargs)
    except ApiError as error:
        got = error.error.result.error_code
        assert got == code, f"{function.__name__}: {got} in place of {code}: {error.error.result.message}"
        return error.error.result
    raise AssertionError(f"{function.__name__} was not refused")


def value(row, column):
    return row.get_column(column.id).value


def sheets(client):
    me = call(client.Users.get_current_user)
    assert me.email == "mona.mock@example.com" and me.account.name, me

    listed = call(client.Sheets.list_sheets, include_all=True)
    assert listed.total_count == len(listed.data) >= 2 and listed.total_pages == 1, listed
    stores = next(sheet for sheet in listed.data if sheet.name == "Store list")
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


def places(client, stores):
    workspaces = call(client.Workspaces.list_workspaces)
    workspace = next(held for held in workspaces.data if held.name == "Field marketing")
    plan = models.Sheet({"name": "Plan", "columns": [
        {"title": "Task", "type": "TEXT_NUMBER", "primary": True},
        {"title": "State", "type": "PICKLIST", "options": ["open", "done"]},
    ]})
    created = call(client.Workspaces.create_sheet_in_workspace, workspace.id, plan).result
    assert created.name == "Plan" and list(created.columns[1].options) == ["open", "done"], created
    destination = models.ContainerDestination(
        {"destinationType": "workspace", "destinationId": workspace.id, "newName": "Stores again"})
    copy = call(client.Sheets.copy_sheet, stores.id, destination, include=["data"]).result
    assert len(call(client.Sheets.get_sheet, copy.id).rows) == 6
    children = call(client.Workspaces.get_workspace_children, workspace.id)
    names = {child["name"] for child in children.data}
    assert {"Campaigns", "Plan", "Stores again"} <= names, names
    for sheet in (created, copy):
        call(client.Sheets.delete_sheet, sheet.id)
    refused(1006, client.Sheets.get_sheet, copy.id)


def people(client, stores):
    users = call(client.Users.list_users)
    me = next(user for user in users.data if user.email == "mona.mock@example.com")
    assert users.total_count == len(users.data) and me.admin and me.status == "ACTIVE", users
    crew = models.Group({"name": "Crew", "description": "On site", "members": [{"email": me.email}]})
    group = call(client.Groups.create_group, crew).result
    assert group.members[0].email == me.email, group
    renamed = call(client.Groups.update_group, group.id, models.Group({"name": "Field crew"})).result
    assert renamed.name == "Field crew", renamed
    assert "Field crew" in [held.name for held in call(client.Groups.list_groups).data]
    call(client.Groups.delete_group, group.id)
    refused(1106, client.Groups.get_group, group.id)
    sheet = call(client.Sheets.get_sheet, stores.id)
    request = models.MultiRowEmail({
        "sendTo": [{"email": "jane@example.com"}], "subject": "Please check", "message": "Is it right?",
        "rowIds": [sheet.rows[0].id], "columnIds": [sheet.columns[0].id], "includeAttachments": False,
    })
    asked = call(client.Sheets.create_update_request, stores.id, models.UpdateRequest(request.to_dict())).result
    assert asked.subject == "Please check" and list(asked.row_ids) == [sheet.rows[0].id], asked
    call(client.Sheets.delete_update_request, stores.id, asked.id)
    assert call(client.Sheets.list_automation_rules, stores.id).page_number == 1


class Receiver(http.server.BaseHTTPRequestHandler):
    came = queue.Queue()

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        challenge = self.headers.get("Smartsheet-Hook-Challenge")
        self.send_response(200)
        if challenge:
            self.send_header("Smartsheet-Hook-Response", challenge)
        self.send_header("Content-Length", "0")
        self.end_headers()
        self.came.put((challenge, self.headers.get("Smartsheet-Hmac-SHA256"), body))

    def log_message(self, *_):
        pass


def webhooks(client, stores, columns):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    new = models.Webhook({
        "name": "Stores", "callbackUrl": f"http://127.0.0.1:{server.server_port}/", "scope": "sheet",
        "scopeObjectId": stores.id, "events": ["*.*"], "version": 1,
    })
    created = call(client.Webhooks.create_webhook, new).result
    assert created.status == "NEW_NOT_VERIFIED" and not created.enabled and created.shared_secret, created
    enabled = call(client.Webhooks.update_webhook, created.id, models.Webhook({"enabled": True})).result
    assert enabled.enabled and enabled.status == "ENABLED", enabled
    challenge, _, body = Receiver.came.get(timeout=20)
    assert challenge == body["challenge"] and body["webhookId"] == created.id, body
    client.with_change_agent("python")
    new = models.Row({"toTop": True, "cells": [{"columnId": columns["Store"].id, "value": "Hooked"}]})
    row = call(client.Sheets.add_rows, stores.id, [new]).result[0]
    _, signature, body = Receiver.came.get(timeout=20)
    event = next(event for event in body["events"] if event["objectType"] == "row")
    assert len(signature) == 64 and event["id"] == row.id and event["changeAgent"] == "python", body
    assert call(client.Webhooks.get_webhook, created.id).stats.last_successful_callback is not None
    listed = call(client.Webhooks.list_webhooks)
    assert [hook.id for hook in listed.data] == [created.id] and listed.total_count == -1, listed
    fresh = call(client.Webhooks.reset_shared_secret, created.id).result
    assert fresh.shared_secret != created.shared_secret
    call(client.Webhooks.delete_webhook, created.id)
    call(client.Sheets.delete_rows, stores.id, [row.id])
    refused(1006, client.Webhooks.get_webhook, created.id)


def main():
    base = sys.argv[1]
    # What is refused on purpose is no news.
    logging.disable(logging.CRITICAL)
    client = smartsheet.Smartsheet(access_token="mock-key", api_base=base)
    client.errors_as_exceptions()
    stores, columns = sheets(client)
    rows(client, stores, columns)
    columns_of(client, stores)
    places(client, stores)
    people(client, stores)
    webhooks(client, stores, columns)
    stranger = smartsheet.Smartsheet(access_token="wrong", api_base=base)
    stranger.errors_as_exceptions()
    refused(1002, stranger.Users.get_current_user)
    assert CALLS >= 25, CALLS
    print(f"{CALLS} calls of smartsheet-python-sdk {smartsheet.__version__}, all as expected")


main()
