"""Webhooks, with a receiver that listens."""
import http.server
import json
import queue
import threading

from smartsheet import models

from counted import call, refused


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


def everything(client, stores, columns):
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
