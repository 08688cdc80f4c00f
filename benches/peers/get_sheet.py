"""Reads one sheet with the official Python SDK. Prints how many cells it has, and the seconds it took."""

import sys
import time

import smartsheet

client = smartsheet.Smartsheet(access_token="s3cret", api_base=sys.argv[1])
client.errors_as_exceptions(True)
started = time.perf_counter()
sheet = client.Sheets.get_sheet(500)
cells = sum(len(row.cells) for row in sheet.rows)
print(cells, round(time.perf_counter() - started, 3))
