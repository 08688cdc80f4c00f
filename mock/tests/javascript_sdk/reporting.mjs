// What is made of sheets: reports, dashboards, searches, references between sheets, the log of events.
import assert from 'node:assert/strict';
import { call, named, refused } from './counted.mjs';

export async function reports(client, stores) {
  const powered = named('Stores with power', (await call(client, 'reports.listReports', { queryParameters: { includeAll: true } })).data);
  const reportId = powered.id;
  const report = await call(client, 'reports.getReport', { reportId, queryParameters: { pageSize: 3, include: 'sourceSheets' } });
  assert.deepEqual([report.rows.length, report.totalRowCount, report.sourceSheets[0].id], [3, 4, stores.id]);
  const last = await call(client, 'reports.getReport', { reportId, queryParameters: { pageSize: 3, page: 2 } });
  assert.equal(last.rows.length, 1);
  assert.equal((await call(client, 'reports.getReportAsCSV', { reportId })).trim().split('\n').length, 5);
  assert.ok((await call(client, 'reports.getReportAsExcel', { reportId, encoding: 'binary' })).startsWith('PK'));
  assert.equal((await call(client, 'reports.getReportPath', { reportId })).name, 'Operations');
  assert.equal((await call(client, 'reports.getReportPublishStatus', { reportId })).readOnlyFullEnabled, false);
  const shown = { readOnlyFullEnabled: true, readOnlyFullAccessibleBy: 'ALL' };
  assert.ok((await call(client, 'reports.setReportPublishStatus', { reportId, body: shown })).result.readOnlyFullUrl);
  const mail = { sendTo: [{ email: 'jane@example.com' }], subject: 'Stores', format: 'EXCEL' };
  assert.equal((await call(client, 'reports.sendReportViaEmail', { reportId, body: mail })).message, 'SUCCESS');

  const workspace = named('Operations', (await call(client, 'workspaces.listWorkspaces')).data);
  const body = {
    name: 'Cities', destination: { destinationType: 'workspace', destinationId: workspace.id },
    scope: [{ assetType: 'sheet', assetId: stores.id }],
    columns: [{ title: 'City', type: 'PICKLIST' }, { title: 'Primary', type: 'TEXT_NUMBER', primary: true }],
  };
  const made = { reportId: (await call(client, 'reports.createReport', { body })).result.id };
  assert.equal((await call(client, 'reports.getReport', made)).totalRowCount, 6);
  await call(client, 'reports.addReportColumns', { ...made, body: [{ title: 'Teams', type: 'MULTI_PICKLIST', index: 2 }] });
  const columns = (await call(client, 'reports.listReportColumns', made)).data;
  const columnVirtualId = columns.find((column) => column.title === 'Teams').virtualId;
  await call(client, 'reports.updateReportColumn', { ...made, columnVirtualId, body: { width: 222 } });
  assert.equal((await call(client, 'reports.getReportColumn', { ...made, columnVirtualId })).width, 222);
  await call(client, 'reports.deleteReportColumn', { ...made, columnVirtualId });
  await refused(1006, client, 'reports.getReportColumn', { ...made, columnVirtualId });
  const whole = [{ assetType: 'workspace', assetId: workspace.id }];
  await call(client, 'reports.addReportScope', { ...made, body: whole });
  assert.equal((await call(client, 'reports.listReportScope', made)).data.length, 2);
  await call(client, 'reports.removeReportScope', { ...made, body: whole });
  const berlin = { column: { title: 'City', type: 'PICKLIST' }, operator: 'EQUAL', values: ['Berlin'] };
  await call(client, 'reports.updateReportDefinition', { ...made, body: { filters: { operator: 'AND', criteria: [berlin] } } });
  const definition = await call(client, 'reports.getReportDefinition', made);
  assert.deepEqual(definition.filters.criteria[0].values, ['Berlin']);
  assert.equal((await call(client, 'reports.getReport', made)).totalRowCount, 2);
  await call(client, 'reports.deleteReport', made);
  await refused(1006, client, 'reports.getReport', made);
}

export async function dashboards(client) {
  const [board] = (await call(client, 'sights.listSights')).data;
  const read = await call(client, 'sights.getSight', { sightId: board.id });
  assert.ok(read.name === board.name && read.widgets.some((widget) => widget.type === 'METRIC'));
  const spaces = (await call(client, 'workspaces.listWorkspaces')).data;
  const into = (name, newName) => ({ destinationType: 'workspace', destinationId: named(name, spaces).id, newName });
  const copy = { sightId: (await call(client, 'sights.copySight', { sightId: board.id, body: into('Field marketing', 'Copy') })).result.id };
  assert.equal((await call(client, 'sights.getSightPath', copy)).name, 'Field marketing');
  assert.equal((await call(client, 'sights.updateSight', { ...copy, body: { name: 'Renamed' } })).result.name, 'Renamed');
  await call(client, 'sights.moveSight', { ...copy, body: into('Operations') });
  assert.equal((await call(client, 'sights.getSightPath', copy)).name, 'Operations');
  assert.equal((await call(client, 'sights.getSightPublishStatus', copy)).readOnlyFullEnabled, false);
  const shown = await call(client, 'sights.setSightPublishStatus', { ...copy, body: { readOnlyFullEnabled: true } });
  assert.ok(shown.result.readOnlyFullUrl);
  await call(client, 'sights.deleteSight', copy);
  await refused(1006, client, 'sights.getSight', copy);
}

export async function searches(client, stores) {
  const found = await call(client, 'search.searchAll', { queryParameters: { query: 'Europa-Galerie' } });
  assert.deepEqual([found.totalCount, found.results[0].objectType, found.results[0].parentObjectId], [1, 'row', stores.id]);
  const inside = await call(client, 'search.searchSheet', { sheetId: stores.id, queryParameters: { query: 'Galerie' } });
  assert.equal(inside.totalCount, 2);
  const nothing = await call(client, 'search.searchAll', { queryParameters: { query: 'nowhere to be found' } });
  assert.deepEqual([nothing.totalCount, nothing.results], [0, []]);
}

export async function references(client, stores, columns) {
  const listed = await call(client, 'sheets.listSheets', { queryParameters: { includeAll: true } });
  const sheetId = named('Event tracker template', listed.data).id;
  const body = { name: 'All cities', sourceSheetId: stores.id, startColumnId: columns.City.id, endColumnId: columns.City.id };
  const made = (await call(client, 'sheets.createCrossSheetReference', { sheetId, body })).result;
  const read = await call(client, 'sheets.getCrossSheetReference', { sheetId, crossSheetReferenceId: made.id });
  assert.deepEqual([read.status, read.sourceSheetId], ['OK', stores.id]);
  const held = await call(client, 'sheets.listCrossSheetReferences', { sheetId });
  assert.deepEqual(held.data.map((reference) => reference.id), [made.id]);
}

export async function log(client) {
  const first = await call(client, 'events.getEvents', { queryParameters: { since: '2020-01-01T00:00:00Z', maxCount: 2 } });
  assert.ok(first.data.length === 2 && first.moreAvailable && first.data[0].eventId);
  const then = await call(client, 'events.getEvents', { queryParameters: { streamPosition: first.nextStreamPosition, maxCount: 2 } });
  assert.ok(!first.data.some((event) => event.eventId === then.data[0].eventId));
  const info = await call(client, 'server.getInfo');
  assert.ok(info.formats.fontFamily.length > 0 && info.supportedLocales.length > 0);
  const me = await call(client, 'request.get', { url: 'users/me' });
  assert.equal(me.email, 'mona.mock@example.com');
}

export async function everything(client, stores, columns) {
  await reports(client, stores);
  await dashboards(client);
  await searches(client, stores);
  await references(client, stores, columns);
  await log(client);
}
