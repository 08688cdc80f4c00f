// What the SDK makes of a service that fails, as told to over the control API.
import assert from 'node:assert/strict';
import smartsheet from 'smartsheet';
import { call, cell, refused } from './counted.mjs';

async function fault(base, rule) {
  const answer = await fetch(new URL('/__mock/smartsheet/faults', base), {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(rule),
  });
  assert.ok(answer.ok, await answer.text());
}

export async function everything(base, stores, columns) {
  const waits = [];
  const hasty = smartsheet.createClient({
    accessToken: 'mock-key', baseUrl: base,
    calcRetryBackoff: (tried, error) => { waits.push(error.errorCode); return 5; },
  });
  const sheetId = stores.id;
  await fault(base, { operation: 'sheets.get', times: 2, throttle: true });
  assert.equal((await call(hasty, 'sheets.getSheet', { sheetId })).totalRowCount, 6);
  assert.deepEqual(waits.splice(0), [4003, 4003], 'it has waited twice');

  await fault(base, { operation: 'sheets.get', always: true, throttle: true });
  const stubborn = smartsheet.createClient({ accessToken: 'mock-key', baseUrl: base, calcRetryBackoff: (tried) => (tried < 3 ? 5 : -1) });
  assert.equal((await refused(4003, stubborn, 'sheets.getSheet', { sheetId })).statusCode, 429);
  await fetch(new URL('/__mock/smartsheet/faults', base), { method: 'DELETE' });

  // The answer is lost, the row is there: what the SDK cannot tell, the sheet can.
  const body = [{ toBottom: true, cells: [{ columnId: columns.Store.id, value: 'Lost and found' }] }];
  await fault(base, { operation: 'rows.add', times: 1, reset_after: true });
  await assert.rejects(call(hasty, 'sheets.addRows', { sheetId, body }), (error) => error.statusCode === undefined);
  const sheet = await call(hasty, 'sheets.getSheet', { sheetId });
  const found = sheet.rows.filter((row) => cell(row, columns.Store)?.value === 'Lost and found');
  assert.equal(found.length, 1);
  await call(hasty, 'sheets.deleteRow', { sheetId, rowId: found[0].id });

  // Tokens of apps: none knows this one.
  const queryParameters = { client_id: 'nobody', hash: '0'.repeat(64) };
  await refused(1067, hasty, 'tokens.getAccessToken', { queryParameters: { ...queryParameters, code: 'code' } });
  await refused(1067, hasty, 'tokens.refreshAccessToken', { queryParameters: { ...queryParameters, refresh_token: 'token' } });

  const stranger = smartsheet.createClient({ accessToken: 'wrong', baseUrl: base });
  assert.equal((await refused(1002, stranger, 'users.getCurrentUser')).statusCode, 401);
}
