// What went wrong, and with what.
import assert from 'node:assert/strict';
import { Key, Mock, inBrowser } from './harness.mjs';

let mock;
inBrowser('the errors of a sync tell when, what and with which event', async (t) => {
  mock = await Mock.start(t);
  return { events: 24 };
}, async ({ page, dashboard }) => {
  await page.live();
  const card = page.card('brandscopic');
  await page.click(`${card} [data-action=settings]`);
  for (const [name, value] of Object.entries(mock.brandscopic)) await page.type(`#settings [data-field=${name}]`, value);
  await page.click('#settings [data-action=save]');
  await page.appears('[data-toast=success]');
  await page.press(Key.ESCAPE);
  await page.goes('#settings');
  await mock.fault({ operation: 'events.create', times: 2, after: 3, status: 400, json: { error: { code: 'NAME_TAKEN', message: 'there is an event of this name' } } });
  await page.click(`${card} [data-action=sync]`);
  await page.says('[data-part=toasts]', /Warning: Brandscopic: sync done in part.*22 created, 2 failed/);
  await page.says(`${card} [data-part=status]`, /degraded/i);
  await page.says(`${card} [data-action=errors]`, /2 recent errors/);
  await page.picture('degraded', card);
  await page.click(`${card} [data-action=errors]`);
  const { errors } = await dashboard.api('integrations/brandscopic');
  assert.equal(errors.length, 2);
  for (const { id, operation, entity, message, status, at } of errors) {
    const line = `[data-failure="${id}"]`;
    const text = await page.says(line, /just now|ago/);
    for (const part of ['events.create', operation, entity, String(status)]) assert.ok(text.includes(part), `${part} in ${text}`);
    assert.ok(text.toLowerCase().includes(message.replace(/\s+/g, ' ').trim().toLowerCase()), `${message} in ${text}`);
    assert.match(entity, /^FIZZ-\d\d$/);
    assert.equal(await page.attribute(`${line} time`, 'datetime'), at);
  }
  await page.accessible('the list of errors');
  await page.picture('errors', '#errors');
  await page.press(Key.ESCAPE);
  await page.goes('#errors');
  await mock.works();
  await page.click(`${card} [data-action=details]`);
  await page.says('#details', /2 failed/i);
});
