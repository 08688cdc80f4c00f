"""What the SDK makes of a service that fails, as told to over the control API."""
import json
import urllib.parse
import urllib.request

import smartsheet
from smartsheet import models
from smartsheet.exceptions import HttpError, SmartsheetException
from smartsheet.smartsheet import AbstractUserCalcBackoff

from counted import call, refused, value


class Backoff(AbstractUserCalcBackoff):
    """Waits for next to nothing, three times at most."""

    def __init__(self):
        self.codes = []

    def calc_backoff(self, previous_attempts, total_elapsed_time, error_result):
        self.codes.append(error_result.error_code)
        return 0.005 if previous_attempts < 3 else -1


def control(base, method, rule=None):
    url = urllib.parse.urljoin(base, "/__mock/smartsheet/faults")
    request = urllib.request.Request(url, method=method, headers={"Content-Type": "application/json"},
                                     data=json.dumps(rule).encode() if rule else None)
    urllib.request.urlopen(request, timeout=20).close()


def everything(base, stores, columns):
    backoff = Backoff()
    client = smartsheet.Smartsheet(access_token="mock-key", api_base=base, max_retry_time=backoff)
    client.errors_as_exceptions()
    control(base, "POST", {"operation": "sheets.get", "times": 2, "throttle": True})
    assert call(client.Sheets.get_sheet, stores.id).total_row_count == 6
    assert backoff.codes == [4003, 4003], "it has waited twice"

    control(base, "POST", {"operation": "sheets.get", "always": True, "throttle": True})
    refused(4003, client.Sheets.get_sheet, stores.id)
    control(base, "DELETE")

    # The answer is lost, the row is there: what the SDK cannot tell, the sheet can.
    new = models.Row({"toBottom": True, "cells": [{"columnId": columns["Store"].id, "value": "Lost and found"}]})
    control(base, "POST", {"operation": "rows.add", "times": 1, "reset_after": True})
    try:
        call(client.Sheets.add_rows, stores.id, [new])
        raise AssertionError("the lost answer was read")
    except (HttpError, SmartsheetException):
        pass
    found = [row for row in call(client.Sheets.get_sheet, stores.id).rows if value(row, columns["Store"]) == "Lost and found"]
    assert len(found) == 1, found
    call(client.Sheets.delete_rows, stores.id, [found[0].id])

    stranger = smartsheet.Smartsheet(access_token="wrong", api_base=base)
    stranger.errors_as_exceptions()
    refused(1002, stranger.Users.get_current_user)
