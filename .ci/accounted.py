"""Reads the launch's JSON and fails unless every event is accounted for exactly once."""

import json
import sys

launch = json.load(sys.stdin)
ids = [event["eventId"] for event in launch["events"]]
assert ids and len(ids) == len(set(ids)) == launch["totals"]["events"], launch["totals"]
print(f"{len(ids)} events accounted for, {len(launch['failures'])} failures told")
