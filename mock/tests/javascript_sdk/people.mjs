// Users, groups, contacts, and what is asked of people.
import assert from 'node:assert/strict';
import { call, refused } from './counted.mjs';

export async function users(client) {
  const listed = await call(client, 'users.listAllUsers', { queryParameters: { includeAll: true } });
  const omar = listed.data.find((user) => user.email === 'omar.haddad@example.com');
  assert.equal((await call(client, 'users.getUser', { userId: omar.id })).email, omar.email);
  const newcomer = { email: 'newcomer@example.com', firstName: 'Nele', lastName: 'Neu', admin: false, licensedSheetCreator: true };
  const added = (await call(client, 'users.addUser', { body: newcomer })).result;
  const userId = added.id;
  assert.deepEqual([added.email, added.admin], [newcomer.email, false]);
  await call(client, 'users.updateUser', { userId, body: { admin: true, licensedSheetCreator: true } });
  assert.equal((await call(client, 'users.getUser', { userId })).admin, true);
  await call(client, 'users.addAlternateEmail', { userId, body: [{ email: 'nele@example.org' }] });
  const other = (await call(client, 'users.listAlternateEmails', { userId })).data;
  assert.deepEqual(other.map((held) => [held.email, held.confirmed]), [['nele@example.org', false]]);
  const alternateEmailId = other[0].id;
  assert.equal((await call(client, 'users.getAlternateEmail', { userId, alternateEmailId })).email, 'nele@example.org');
  await call(client, 'users.deleteAlternateEmail', { userId, alternateEmailId });
  assert.deepEqual((await call(client, 'users.listAlternateEmails', { userId })).data, []);
  await refused(1335, client, 'users.deactivateUser', { userId });
  assert.equal((await call(client, 'users.deactivateUser', { userId: omar.id })).message, 'SUCCESS');
  assert.equal((await call(client, 'users.reactivateUser', { userId: omar.id })).message, 'SUCCESS');
  assert.ok((await call(client, 'users.listUserPlans', { userId: omar.id })).data[0].planId);
  await call(client, 'users.removeUser', { userId, queryParameters: { removeFromSharing: true } });
  assert.ok(!(await call(client, 'users.listAllUsers')).data.some((user) => user.id === userId));
}

export async function groups(client) {
  const mine = 'mona.mock@example.com';
  const crew = { name: 'Crew', description: 'On site', members: [{ email: mine }] };
  const group = (await call(client, 'groups.createGroup', { body: crew })).result;
  const groupId = group.id;
  assert.equal(group.members[0].email, mine);
  assert.equal((await call(client, 'groups.updateGroup', { groupId, body: { name: 'Field crew' } })).result.name, 'Field crew');
  const [joined] = (await call(client, 'groups.addGroupMembers', { groupId, body: [{ email: 'omar.haddad@example.com' }] })).result;
  assert.ok((await call(client, 'groups.listGroups')).data.some((held) => held.name === 'Field crew'));
  assert.equal((await call(client, 'groups.getGroup', { groupId })).members.length, 2);
  await call(client, 'groups.removeGroupMember', { groupId, userId: joined.id });
  assert.deepEqual((await call(client, 'groups.getGroup', { groupId })).members.map((held) => held.email), [mine]);
  await call(client, 'groups.deleteGroup', { groupId });
  await refused(1106, client, 'groups.getGroup', { groupId });
}

export async function contacts(client) {
  const listed = await call(client, 'contacts.listContacts', { queryParameters: { includeAll: true } });
  const [contact] = listed.data;
  assert.equal((await call(client, 'contacts.getContact', { id: contact.id })).email, contact.email);
}

export async function asked(client, stores) {
  const sheetId = stores.id;
  const sheet = await call(client, 'sheets.getSheet', { sheetId });
  const body = {
    sendTo: [{ email: 'jane@example.com' }], subject: 'Please check', message: 'Is it right?',
    rowIds: [sheet.rows[0].id], columnIds: [sheet.columns[0].id], includeAttachments: false,
  };
  const schedule = { type: 'WEEKLY', startAt: '2099-01-05T09:00:00Z', repeatEvery: 1, dayDescriptors: ['MONDAY'] };
  const made = (await call(client, 'sheets.createUpdateRequest', { sheetId, body: { ...body, schedule } })).result;
  const updateRequestId = made.id;
  assert.deepEqual([made.subject, made.rowIds], ['Please check', body.rowIds]);
  assert.ok((await call(client, 'sheets.getAllUpdateRequests', { sheetId })).data.some((held) => held.id === made.id));
  assert.equal((await call(client, 'sheets.getUpdateRequest', { sheetId, updateRequestId })).message, 'Is it right?');
  const change = { subject: 'Please check again', message: 'Still?', sendTo: body.sendTo };
  const changed = await call(client, 'sheets.changeUpdateRequest', { sheetId, updateRequestId, body: change });
  assert.equal(changed.result.subject, 'Please check again');
  await call(client, 'sheets.deleteUpdateRequest', { sheetId, updateRequestId });
  await refused(1006, client, 'sheets.getUpdateRequest', { sheetId, updateRequestId });
  await call(client, 'sheets.createUpdateRequest', { sheetId, body });
  const [sent] = (await call(client, 'sheets.getAllSentUpdateRequests', { sheetId })).data;
  const sentUpdateRequestId = sent.id;
  assert.equal((await call(client, 'sheets.getSentUpdateRequest', { sheetId, sentUpdateRequestId })).status, 'PENDING');
  await call(client, 'sheets.deleteSentUpdateRequest', { sheetId, sentUpdateRequestId });

  const rules = (await call(client, 'sheets.listAutomationRules', { sheetId })).data;
  assert.deepEqual(rules.map((rule) => rule.name), ['A store was opened or closed', 'Weekly check']);
  const automationRuleId = rules[1].id;
  const rule = await call(client, 'sheets.getAutomationRule', { sheetId, automationRuleId });
  assert.equal(rule.action.type, 'UPDATE_REQUEST_ACTION');
  const off = { enabled: false, action: rule.action };
  assert.equal((await call(client, 'sheets.updateAutomationRule', { sheetId, automationRuleId, body: off })).result.enabled, false);
  await call(client, 'sheets.deleteAutomationRule', { sheetId, automationRuleId });
  await refused(1006, client, 'sheets.getAutomationRule', { sheetId, automationRuleId });
}

export async function everything(client, stores) {
  await users(client);
  await groups(client);
  await contacts(client);
  await asked(client, stores);
}
