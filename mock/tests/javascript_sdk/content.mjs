// What hangs on sheets and rows: files, links, discussions, images, summary fields.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { call, named, refused } from './counted.mjs';

// The smallest PNG there is: one pixel.
const PIXEL = Buffer.from(
  '89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002000001e221bc33'
  + '0000000049454e44ae426082', 'hex');

export async function attachments(client, stores, scratch) {
  const sheetId = stores.id;
  const before = await call(client, 'sheets.listAttachments', { sheetId, queryParameters: { includeAll: true } });
  assert.ok(before.data.some((held) => held.name === 'Brand guide' && held.attachmentType === 'LINK'));
  const rowId = (await call(client, 'sheets.getSheet', { sheetId, queryParameters: { pageSize: 1 } })).rows[0].id;
  const ofRow = await call(client, 'sheets.getRowAttachments', { sheetId, rowId });
  assert.ok(ofRow.data.every((held) => held.parentType === 'ROW' && held.parentId === rowId));

  // Each a file of its own: the SDK reads on for a while after it has the answer.
  const file = (text) => {
    const at = path.join(fs.mkdtempSync(path.join(scratch, 'file-')), 'notes.txt');
    fs.writeFileSync(at, text);
    return { sheetId, fileName: 'notes.txt', path: at };
  };
  const put = (await call(client, 'sheets.addFileAttachment', file('first words'))).result;
  assert.deepEqual([put.name, put.mimeType, put.attachmentType], ['notes.txt', 'text/plain', 'FILE']);
  const attachmentId = (await call(client, 'sheets.attachNewVersion', { ...file('second words'), attachmentId: put.id })).result.id;
  const versions = await call(client, 'sheets.listAttachmentVersions', { sheetId, attachmentId });
  assert.deepEqual(new Set(versions.data.map((held) => held.id)), new Set([put.id, attachmentId]));
  const read = await call(client, 'sheets.getAttachment', { sheetId, attachmentId });
  assert.ok(read.urlExpiresInMillis > 0);
  assert.equal(await (await fetch(read.url)).text(), 'second words');
  await call(client, 'sheets.deleteAllAttachmentVersions', { sheetId, attachmentId });
  await refused(1006, client, 'sheets.getAttachment', { sheetId, attachmentId });

  const link = { attachmentType: 'LINK', name: 'Map', url: 'https://example.com/map' };
  const hung = [
    (await call(client, 'sheets.addUrlAttachment', { sheetId, body: link })).result,
    (await call(client, 'sheets.addRowUrlAttachment', { sheetId, rowId, body: link })).result,
    (await call(client, 'sheets.addRowFileAttachment', { ...file('of a row'), rowId })).result,
  ];
  assert.equal(hung[0].url, link.url);
  const paged = await call(client, 'sheets.listAttachments', { sheetId, queryParameters: { pageSize: 2, page: 1 } });
  assert.deepEqual([paged.data.length, paged.totalCount], [2, before.totalCount + 3]);
  for (const { id } of hung) {
    assert.equal((await call(client, 'sheets.deleteAttachment', { sheetId, attachmentId: id })).message, 'SUCCESS');
  }
  await refused(1006, client, 'sheets.getAttachment', { sheetId, attachmentId: hung[2].id });
}

export async function discussions(client, stores) {
  const sheetId = stores.id;
  const rowId = (await call(client, 'sheets.getSheet', { sheetId, queryParameters: { pageSize: 1 } })).rows[0].id;
  const ask = { comment: { text: 'Who has the key?' } };
  const begun = (await call(client, 'sheets.createRowDiscussion', { sheetId, rowId, body: ask })).result;
  assert.deepEqual([begun.title, begun.parentId, begun.parentType], ['Who has the key?', rowId, 'ROW']);
  const discussionId = begun.id;
  const answer = (await call(client, 'sheets.addDiscussionComment', { sheetId, discussionId, body: { text: 'The porter.' } })).result;
  const commentId = answer.id;
  const better = (await call(client, 'sheets.editComment', { sheetId, commentId, body: { text: 'The caretaker.' } })).result;
  assert.deepEqual([better.id, better.text], [commentId, 'The caretaker.']);
  assert.equal((await call(client, 'sheets.getComment', { sheetId, commentId })).text, 'The caretaker.');
  const read = await call(client, 'sheets.getDiscussion', { sheetId, discussionId });
  assert.deepEqual(read.comments.map((comment) => comment.text), ['Who has the key?', 'The caretaker.']);
  const link = { attachmentType: 'LINK', name: 'Map', url: 'https://example.com/map' };
  await call(client, 'sheets.addCommentUrlAttachment', { sheetId, commentId, body: link });
  const hung = await call(client, 'sheets.listDiscussionAttachments', { sheetId, discussionId });
  assert.deepEqual(hung.data.map((held) => [held.name, held.parentId]), [['Map', commentId]]);
  const ofRow = await call(client, 'sheets.getRowDiscussions', { sheetId, rowId, queryParameters: { include: 'comments' } });
  assert.equal(ofRow.data.find((held) => held.id === discussionId).comments.length, 2);
  const onSheet = (await call(client, 'sheets.createDiscussion', { sheetId, body: ask })).result;
  const all = await call(client, 'sheets.getDiscussions', { sheetId, queryParameters: { includeAll: true } });
  assert.ok([discussionId, onSheet.id].every((id) => all.data.some((held) => held.id === id)));
  await call(client, 'sheets.deleteComment', { sheetId, commentId });
  await refused(1006, client, 'sheets.getComment', { sheetId, commentId });
  for (const id of [discussionId, onSheet.id]) {
    await call(client, 'sheets.deleteDiscussion', { sheetId, discussionId: id });
  }
  await refused(1006, client, 'sheets.getDiscussion', { sheetId, discussionId });
}

export async function images(client, stores, columns, scratch) {
  const sheetId = stores.id;
  const columnId = columns.Store.id;
  const body = [{ toBottom: true, cells: [{ columnId, value: 'Pictured' }] }];
  const rowId = (await call(client, 'sheets.addRows', { sheetId, body })).result[0].id;
  const at = path.join(scratch, 'pixel.png');
  fs.writeFileSync(at, PIXEL);
  await call(client, 'sheets.addImageToCell', {
    sheetId, rowId, columnId, path: at, fileName: 'pixel.png', queryParameters: { altText: 'dot' },
  });
  const read = await call(client, 'sheets.getRow', { sheetId, rowId });
  const image = read.cells.find((held) => held.columnId === columnId).image;
  assert.equal(image.altText, 'dot');
  const urls = await call(client, 'images.listImageUrls', { body: [{ imageId: image.id }] });
  assert.ok(urls.imageUrls[0].url.startsWith('http') && urls.urlExpiresInMillis > 0);
  await call(client, 'sheets.deleteRow', { sheetId, rowId });
}

export async function summaries(client, stores) {
  const sheetId = stores.id;
  const held = await call(client, 'sheets.getSummary', { sheetId });
  assert.deepEqual(held.fields.map((field) => field.title), ['Region', 'Stores', 'Reviewed']);
  const listed = await call(client, 'sheets.getSummaryFields', { sheetId, queryParameters: { pageSize: 2, page: 1 } });
  assert.deepEqual([listed.data.length, listed.totalCount, listed.totalPages], [2, 3, 2]);
  const body = [{ title: 'Budget', type: 'TEXT_NUMBER', objectValue: 12.5 }];
  const [field] = (await call(client, 'sheets.addSummaryFields', { sheetId, body })).result;
  assert.equal(field.objectValue, 12.5);
  await refused(1129, client, 'sheets.addSummaryFields', { sheetId, body });
  const changed = (await call(client, 'sheets.updateSummaryFields', { sheetId, body: [{ id: field.id, objectValue: 'none' }] })).result;
  assert.equal(changed[0].objectValue, 'none');
  const gone = await call(client, 'sheets.deleteSummaryFields', { sheetId, queryParameters: { ids: `${field.id}` } });
  assert.deepEqual(gone.result, [field.id]);
}

export async function everything(client, stores, columns, scratch) {
  await attachments(client, stores, scratch);
  await discussions(client, stores);
  await images(client, stores, columns, scratch);
  await summaries(client, stores);
}
