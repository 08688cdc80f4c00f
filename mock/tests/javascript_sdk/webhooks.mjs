// Webhooks, with a receiver that listens.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import { call, refused } from './counted.mjs';

class Receiver {
  came = [];
  waiting = [];

  async listen() {
    this.server = http.createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => { body += chunk; });
      request.on('end', () => {
        const challenge = request.headers['smartsheet-hook-challenge'];
        response.writeHead(200, challenge ? { 'Smartsheet-Hook-Response': challenge } : {});
        response.end();
        const got = { challenge, signature: request.headers['smartsheet-hmac-sha256'], text: body, body: JSON.parse(body) };
        const next = this.waiting.shift();
        next ? next(got) : this.came.push(got);
      });
    }).listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return `http://127.0.0.1:${this.server.address().port}/`;
  }

  next() {
    if (this.came.length > 0) {
      return this.came.shift();
    }
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error('no callback came')), 20_000);
      this.waiting.push((got) => { clearTimeout(late); resolve(got); });
    });
  }
}

export async function everything(client, stores, columns) {
  const receiver = new Receiver();
  const callbackUrl = await receiver.listen();
  const body = { name: 'Stores', callbackUrl, scope: 'sheet', scopeObjectId: stores.id, events: ['*.*'], version: 1 };
  const created = (await call(client, 'webhooks.createWebhook', { body })).result;
  const webhookId = created.id;
  assert.deepEqual([created.status, created.enabled], ['NEW_NOT_VERIFIED', false]);
  const enabled = (await call(client, 'webhooks.updateWebhook', { webhookId, body: { enabled: true } })).result;
  assert.deepEqual([enabled.status, enabled.enabled], ['ENABLED', true]);
  const verified = await receiver.next();
  assert.ok(verified.challenge === verified.body.challenge && verified.body.webhookId === webhookId);

  const row = { toTop: true, cells: [{ columnId: columns.Store.id, value: 'Hooked' }] };
  const added = await call(client, 'sheets.addRow', { sheetId: stores.id, body: [row], changeAgent: 'node' });
  const rowId = added.result[0].id;
  const told = await receiver.next();
  const event = told.body.events.find((one) => one.objectType === 'row');
  assert.deepEqual([event.id, event.eventType, event.changeAgent], [rowId, 'created', 'node']);
  assert.equal(told.signature, createHmac('sha256', created.sharedSecret).update(told.text).digest('hex'));
  assert.ok((await call(client, 'webhooks.getWebhook', { webhookId })).stats.lastSuccessfulCallback);
  const listed = await call(client, 'webhooks.listWebhooks');
  assert.deepEqual([listed.data.map((hook) => hook.id), listed.totalCount], [[webhookId], -1]);
  const fresh = (await call(client, 'webhooks.resetSharedSecret', { webhookId })).result;
  assert.notEqual(fresh.sharedSecret, created.sharedSecret);
  await call(client, 'webhooks.deleteWebhook', { webhookId });
  await refused(1006, client, 'webhooks.getWebhook', { webhookId });
  await call(client, 'sheets.deleteRow', { sheetId: stores.id, rowId });
  receiver.server.closeAllConnections();
  receiver.server.close();
}
