// Where sheets are kept: workspaces, folders, copies, imports, favourites, shares.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { call, named, refused } from './counted.mjs';

const plan = (name) => ({
  name,
  columns: [
    { title: 'Task', type: 'TEXT_NUMBER', primary: true },
    { title: 'State', type: 'PICKLIST', options: ['open', 'done'] },
  ],
});
const into = (destinationType, destinationId, newName) => ({ destinationType, destinationId, newName });
const names = (children) => new Set(children.data.map((child) => child.name));

export async function folders(client, stores) {
  const create = await call(client, 'workspaces.createWorkspace', { body: { name: 'Autumn' } });
  const workspaceId = create.result.id;
  assert.deepEqual([create.result.name, create.result.accessLevel], ['Autumn', 'OWNER']);
  const renamed = await call(client, 'workspaces.updateWorkspace', { workspaceId, body: { name: 'Winter' } });
  assert.equal(renamed.result.name, 'Winter');
  assert.equal((await call(client, 'workspaces.getWorkspaceMetadata', { workspaceId })).name, 'Winter');
  const top = (await call(client, 'workspaces.createFolder', { workspaceId, body: { name: 'Cities' } })).result;
  const inner = (await call(client, 'folders.createChildFolder', { folderId: top.id, body: { name: 'Berlin' } })).result;
  const sheet = (await call(client, 'sheets.createSheetInFolder', { folderId: inner.id, body: plan('Crew') })).result;
  assert.deepEqual(sheet.columns[1].options, ['open', 'done']);
  const stocked = (await call(client, 'sheets.createSheetFromExisting', {
    workspaceId, body: { name: 'Crew of stores', fromId: stores.id }, queryParameters: { include: 'data' },
  })).result;
  assert.equal((await call(client, 'sheets.getSheet', { sheetId: stocked.id })).totalRowCount, 6);
  const copy = (await call(client, 'sheets.copySheet', {
    sheetId: stores.id, body: into('folder', inner.id, 'Stores again'), queryParameters: { include: 'data' },
  })).result;
  assert.deepEqual(names(await call(client, 'folders.getFolderChildren', { folderId: inner.id })), new Set(['Crew', 'Stores again']));
  const only = await call(client, 'workspaces.getWorkspaceChildren', { workspaceId, queryParameters: { childrenResourceTypes: 'folders' } });
  assert.deepEqual(names(only), new Set(['Cities']));
  assert.equal((await call(client, 'folders.updateFolder', { folderId: inner.id, body: { name: 'Potsdam' } })).result.name, 'Potsdam');
  assert.equal((await call(client, 'folders.getFolderMetadata', { folderId: inner.id })).name, 'Potsdam');
  assert.equal((await call(client, 'folders.getFolderPath', { folderId: inner.id })).name, 'Winter');
  assert.equal((await call(client, 'sheets.getSheetPath', { sheetId: copy.id })).id, workspaceId);

  const leipzig = (await call(client, 'folders.copyFolder', {
    folderId: inner.id, body: into('folder', top.id, 'Leipzig'), queryParameters: { include: 'data' },
  })).result;
  await call(client, 'folders.moveFolder', { folderId: leipzig.id, body: into('workspace', workspaceId) });
  assert.deepEqual(names(await call(client, 'folders.getFolderChildren', { folderId: top.id })), new Set(['Potsdam']));
  const moved = await call(client, 'sheets.moveSheet', { sheetId: sheet.id, body: into('folder', leipzig.id) });
  assert.equal(moved.result.id, sheet.id);
  const twin = (await call(client, 'workspaces.copyWorkspace', { workspaceId, body: { newName: 'Twin' } })).result;
  const inTwin = await call(client, 'workspaces.getWorkspaceChildren', { workspaceId: twin.id });
  assert.deepEqual(names(inTwin), new Set(['Cities', 'Leipzig', 'Crew of stores']));
  await call(client, 'folders.deleteFolder', { folderId: leipzig.id });
  await refused(1006, client, 'sheets.getSheet', { sheetId: sheet.id });
  for (const id of [twin.id, workspaceId]) {
    await call(client, 'workspaces.deleteWorkspace', { workspaceId: id });
  }
  await refused(1006, client, 'workspaces.getWorkspaceMetadata', { workspaceId });
}

export async function imports(client, scratch) {
  const at = path.join(scratch, 'visits.csv');
  fs.writeFileSync(at, 'Store,Visits\nAlexa,12\nSkyline Plaza,7\n');
  const workspace = named('Operations', (await call(client, 'workspaces.listWorkspaces')).data);
  const folder = (await call(client, 'workspaces.createFolder', { workspaceId: workspace.id, body: { name: 'In' } })).result;
  const queryParameters = { sheetName: 'Visits', headerRowIndex: 0, primaryColumnIndex: 0 };
  for (const [method, place] of [
    ['sheets.importCsvSheetIntoWorkspace', { workspaceId: workspace.id }],
    ['sheets.importCsvSheetIntoFolder', { folderId: folder.id }],
    ['sheets.importCsvSheet', {}],
  ]) {
    const made = (await call(client, method, { ...place, path: at, queryParameters })).result;
    const read = await call(client, 'sheets.getSheet', { sheetId: made.id });
    assert.deepEqual(read.columns.map((column) => column.title), ['Store', 'Visits']);
    assert.deepEqual(read.rows.map((row) => row.cells.map((held) => held.value)), [['Alexa', 12], ['Skyline Plaza', 7]]);
    await call(client, 'sheets.deleteSheet', { sheetId: made.id });
  }
  await call(client, 'folders.deleteFolder', { folderId: folder.id });
}

export async function home(client) {
  // It says that these are deprecated.
  const warn = console.warn;
  console.warn = () => {};
  const held = await call(client, 'home.listContents');
  assert.ok(held.workspaces.some((workspace) => workspace.name === 'Operations'));
  const folder = (await call(client, 'home.createFolder', { body: { name: 'At home' } })).result;
  console.warn = warn;
  const sheet = (await call(client, 'sheets.createSheet', { body: plan('Home plan') })).result;
  assert.equal((await call(client, 'sheets.getSheet', { sheetId: sheet.id })).name, 'Home plan');
  await call(client, 'sheets.deleteSheet', { sheetId: sheet.id });
  await call(client, 'folders.deleteFolder', { folderId: folder.id });
}

export async function favourites(client) {
  const before = await call(client, 'favorites.listFavorites', { queryParameters: { includeAll: true } });
  const listed = await call(client, 'sheets.listSheets', { queryParameters: { includeAll: true } });
  const template = named('Event tracker template', listed.data);
  await call(client, 'favorites.addSheetToFavorites', { objectId: template.id });
  const workspace = named('Field marketing', (await call(client, 'workspaces.listWorkspaces')).data);
  await call(client, 'favorites.addMultipleToFavorites', { body: [{ type: 'workspace', objectId: workspace.id }] });
  const now = await call(client, 'favorites.listFavorites', { queryParameters: { includeAll: true } });
  assert.equal(now.totalCount, before.totalCount + 2);
  await call(client, 'favorites.removeSheetFromFavorites', { favoriteId: template.id });
  await call(client, 'favorites.removeWorkspacesFromFavorites', { queryParameters: { objectIds: [workspace.id] } });
  const then = await call(client, 'favorites.listFavorites', { queryParameters: { includeAll: true } });
  assert.deepEqual(then.data, before.data);
}

export async function shares(client, stores) {
  const queryParameters = { assetType: 'sheet', assetId: stores.id };
  const made = await call(client, 'sharing.shareAsset', {
    queryParameters, body: [{ email: 'crew.lead@example.com', accessLevel: 'EDITOR' }],
  });
  const [share] = made.result;
  const shareId = share.id;
  assert.deepEqual([share.email, share.accessLevel, share.type], ['crew.lead@example.com', 'EDITOR', 'USER']);
  const listed = await call(client, 'sharing.listAssetShares', { queryParameters });
  assert.ok(listed.items.some((held) => held.id === shareId));
  await call(client, 'sharing.updateAssetShare', { shareId, queryParameters, body: { accessLevel: 'VIEWER' } });
  assert.equal((await call(client, 'sharing.getAssetShare', { shareId, queryParameters })).accessLevel, 'VIEWER');
  await call(client, 'sharing.deleteAssetShare', { shareId, queryParameters });
  await refused(1027, client, 'sharing.getAssetShare', { shareId, queryParameters });
}

export async function everything(client, stores, scratch) {
  await folders(client, stores);
  await imports(client, scratch);
  await home(client);
  await favourites(client);
  await shares(client, stores);
}
