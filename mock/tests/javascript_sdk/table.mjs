// Sheets, rows, columns, cells.
import assert from 'node:assert/strict';
import { call, cell, named, refused } from './counted.mjs';

export async function sheets(client) {
  const me = await call(client, 'users.getCurrentUser');
  assert.equal(me.email, 'mona.mock@example.com');
  assert.ok(Number.isSafeInteger(me.id) && me.account.name, JSON.stringify(me));

  const listed = await call(client, 'sheets.listSheets', { queryParameters: { includeAll: true } });
  assert.ok(listed.totalCount === listed.data.length && listed.totalCount >= 2 && listed.totalPages === 1);
  const paged = await call(client, 'sheets.listSheets', { queryParameters: { pageSize: 1, page: 2 } });
  assert.deepEqual([paged.data.length, paged.pageNumber, paged.data[0].id], [1, 2, listed.data[1].id]);
  const stores = named('Store list', listed.data);
  const everything = await call(client, 'sheets.listOrganizationSheets');
  assert.ok(everything.data.some((sheet) => sheet.id === stores.id && sheet.owner === me.email));

  const sheet = await call(client, 'sheets.getSheet', { sheetId: stores.id });
  const columns = Object.fromEntries(sheet.columns.map((column) => [column.title, column]));
  assert.equal(sheet.totalRowCount, 6);
  assert.ok(columns.Store.primary && sheet.rows.every((row) => Number.isSafeInteger(row.id)));
  assert.equal(cell(sheet.rows[0], columns.Store).value, 'Alexa');
  const rich = await call(client, 'sheets.getSheet', {
    sheetId: stores.id, queryParameters: { include: 'objectValue', level: 2, pageSize: 2, page: 1 },
  });
  assert.equal(rich.rows.length, 2);
  assert.equal(rich.columns.find((column) => column.title === 'Teams').type, 'MULTI_PICKLIST');
  assert.equal(cell(rich.rows[0], columns.Manager).objectValue.objectType, 'CONTACT');
  assert.equal((await call(client, 'sheets.getSheetVersion', { sheetId: stores.id })).version, sheet.version);
  const unknown = await refused(1006, client, 'sheets.getSheet', { sheetId: 4242 });
  assert.ok(unknown.statusCode === 404 && unknown.refId, JSON.stringify(unknown));
  return [stores, columns];
}

export async function rows(client, stores, columns) {
  const sheetId = stores.id;
  const cells = (store, city) => [
    { columnId: columns.Store.id, value: store }, { columnId: columns.City.id, value: city },
  ];
  const added = await call(client, 'sheets.addRow', { sheetId, body: [{ toBottom: true, cells: cells('Alexanderplatz', 'Berlin') }] });
  assert.deepEqual([added.message, added.resultCode, added.result[0].rowNumber], ['SUCCESS', 0, 7]);
  const row = added.result[0];
  const rowId = row.id;
  const updated = await call(client, 'sheets.updateRow', { sheetId, body: [{ id: rowId, cells: cells('Alexanderplatz', 'Hamburg') }] });
  assert.equal(cell(updated.result[0], columns.City).value, 'Hamburg');
  assert.ok(updated.version > added.version);
  const read = await call(client, 'sheets.getRow', { sheetId, rowId, queryParameters: { include: 'columns' } });
  assert.equal(cell(read, columns.Store).value, 'Alexanderplatz');
  assert.equal(read.columns.length, Object.keys(columns).length);
  const history = await call(client, 'sheets.getCellHistory', { sheetId, rowId, columnId: columns.City.id });
  assert.deepEqual(history.data.map((entry) => entry.value), ['Hamburg', 'Berlin']);

  const [child] = (await call(client, 'sheets.addRows', { sheetId, body: [{ parentId: rowId, cells: cells('Gate', 'Berlin') }] })).result;
  assert.equal(child.parentId, rowId);
  const wrong = { toBottom: true, cells: [{ columnId: columns.Opened.id, value: 'soon' }] };
  const problem = await refused(1042, client, 'sheets.addRows', { sheetId, body: [wrong] });
  assert.ok(problem.statusCode === 400 && problem.detail.index === 0, JSON.stringify(problem));
  const partly = await call(client, 'sheets.addRows', {
    sheetId, body: [{ toBottom: true, cells: cells('Good', 'Munich') }, wrong], queryParameters: { allowPartialSuccess: true },
  });
  assert.deepEqual([partly.message, partly.resultCode, partly.failedItems[0].index], ['PARTIAL_SUCCESS', 3, 1]);
  assert.equal(partly.failedItems[0].error.errorCode, 1042);

  const plan = { name: 'Closed', columns: [{ title: 'Store', type: 'TEXT_NUMBER', primary: true }] };
  const workspace = named('Field marketing', (await call(client, 'workspaces.listWorkspaces')).data);
  const closed = (await call(client, 'sheets.createSheetInWorkspace', { workspaceId: workspace.id, body: plan })).result;
  const to = (id) => ({ sheetId, body: { rowIds: [id], to: { sheetId: closed.id } } });
  const copied = await call(client, 'sheets.copyRowToAnotherSheet', to(child.id));
  assert.deepEqual([copied.destinationSheetId, copied.rowMappings[0].from], [closed.id, child.id]);
  await call(client, 'sheets.moveRowToAnotherSheet', to(partly.result[0].id));
  const there = await call(client, 'sheets.getSheet', { sheetId: closed.id });
  assert.deepEqual(there.rows.map((held) => held.cells[0].value), ['Gate', 'Good']);
  await call(client, 'sheets.deleteSheet', { sheetId: closed.id });

  const deleted = await call(client, 'sheets.deleteRow', { sheetId, rowId });
  assert.deepEqual(new Set(deleted.result), new Set([rowId, child.id]), 'the child goes with its parent');
  await refused(1006, client, 'sheets.getRow', { sheetId, rowId });
  const two = (await call(client, 'sheets.addRows', { sheetId, body: ['One', 'Two'].map((name) => ({ toTop: true, cells: cells(name, 'Berlin') })) })).result;
  const gone = await call(client, 'sheets.deleteRows', { sheetId, queryParameters: { ids: two.map((held) => held.id) } });
  assert.equal(gone.result.length, 2);
}

export async function columnsOf(client, stores) {
  const sheetId = stores.id;
  const listed = await call(client, 'sheets.getColumns', { sheetId, queryParameters: { includeAll: true } });
  assert.deepEqual(listed.data.map((column) => column.index), listed.data.map((_, at) => at));
  const note = { title: 'Note', type: 'TEXT_NUMBER', index: listed.data.length };
  const [added] = (await call(client, 'sheets.addColumn', { sheetId, body: [note] })).result;
  const columnId = added.id;
  const renamed = await call(client, 'sheets.updateColumn', { sheetId, columnId, body: { title: 'Remark' } });
  assert.equal(renamed.result.title, 'Remark');
  assert.equal((await call(client, 'sheets.getColumn', { sheetId, columnId })).title, 'Remark');
  assert.equal((await call(client, 'sheets.deleteColumn', { sheetId, columnId })).message, 'SUCCESS');
  await refused(1006, client, 'sheets.getColumn', { sheetId, columnId });
}

export async function arranged(client, stores, columns) {
  const sheetId = stores.id;
  const area = columns['Area (m²)'];
  const sorted = await call(client, 'sheets.sortRowsInSheet', { sheetId, body: { sortCriteria: [{ columnId: area.id, direction: 'DESCENDING' }] } });
  assert.deepEqual(sorted.rows.map((row) => cell(row, area).value), [76000, 56200, 53000, 38000, 30400.5, 29900.25]);
  const csv = await call(client, 'sheets.getSheetAsCSV', { sheetId });
  assert.ok(csv.includes('Store,City,') && csv.trim().split('\n').length === 7, csv);
  // Its getSheetAsExcel and getSheetAsPDF fail on every answer: they ask Node for an encoding called null.
  assert.equal((await call(client, 'sheets.getPublishStatus', { sheetId })).readOnlyLiteEnabled, false);
  const published = (await call(client, 'sheets.setPublishStatus', {
    sheetId, body: { readOnlyLiteEnabled: true, readOnlyFullEnabled: false, readWriteEnabled: false, icalEnabled: false },
  })).result;
  assert.ok(published.readOnlyLiteEnabled && published.readOnlyLiteUrl.startsWith('https://'));
  for (const name of ['All stores', 'Store list']) {
    assert.equal((await call(client, 'sheets.updateSheet', { sheetId, body: { name } })).result.name, name);
  }
  const mail = { sendTo: [{ email: 'jane@example.com' }], subject: 'The sheet', format: 'EXCEL' };
  assert.equal((await call(client, 'sheets.sendSheetViaEmail', { sheetId, body: mail })).message, 'SUCCESS');
  const rowIds = sorted.rows.slice(0, 2).map((row) => row.id);
  const some = { sendTo: mail.sendTo, subject: 'Two', rowIds, columnIds: [area.id] };
  assert.equal((await call(client, 'sheets.sendRows', { sheetId, body: some })).message, 'SUCCESS');
}
