// Syncs: begun, told, cancelled, resumed, seen from another window and after a restart.
import assert from 'node:assert/strict';
import { Mock, inBrowser } from './harness.mjs';

/** What is sent to Brandscopic takes this long. */
let mock;
const slow = (latency) => async (t) => {
  mock = await Mock.start(t);
  await mock.latency(latency);
  return { env: mock.brandscopic, events: 24 };
};

inBrowser('a sync shows its progress and tells its end', slow('200ms'), async ({ page, dashboard }) => {
  await page.live();
  const card = page.card('brandscopic');
  // Everything that the card passes through, however short it is there.
  await page.run(`const [card, seen] = [document.querySelector(arguments[0]), (window.seen = { done: [], loading: false })];
    new MutationObserver(() => {
      const [bar, sync] = [card.querySelector('progress'), card.querySelector('[data-action=sync]')];
      if (bar.checkVisibility()) {
        seen.done.push(bar.value);
        seen.loading ||= sync.getAttribute('aria-disabled') === 'true' && /syncing/i.test(sync.textContent);
      }
    }).observe(card, { subtree: true, childList: true, attributes: true, characterData: true });`, card);
  await page.click(`${card} [data-action=sync]`);
  await page.says(`${card} [data-part=progress]`, /[1-9]\d* of 24/);
  await page.picture('sync-running', card);
  await page.says('[data-part=toasts]', /Success: Brandscopic: sync succeeded.*24 events: 24 created/);
  await page.accessible('the page with a toast');
  const { done, loading } = await page.run('return window.seen');
  assert.ok(loading, 'the button says that it is at work');
  assert.ok(new Set(done).size > 3 && done.every((value, n) => n === 0 || value >= done[n - 1]), `it grows: ${done}`);
  await page.goes(`${card} [data-part=progress]`);
  assert.match(await page.text(`${card} [data-part=last-sync]`), /Succeeded just now.*24 events: 24 created/);
  assert.equal(await page.attribute(`${card} [data-action=sync]`, 'aria-disabled'), null);
  assert.match(await page.text(`${card} [data-part=status]`), /^connected$/i);
  const { counts } = await dashboard.api('integrations/brandscopic');
  for (const { label, value } of counts) await page.says(`${card} [data-part=counts]`, new RegExp(`${label} ${value.toLocaleString('en')}`, 'i'));
  await page.says('section.activity', /Brandscopic sync 1 done: 24 events/i);
});

inBrowser('all are synced at once', { events: 3 }, async ({ page, dashboard }) => {
  await page.live();
  await page.click('[data-action=sync-all]');
  await page.until('four ends', async () => (await page.all('[data-toast=success]')).length === 4);
  await page.says('[data-part=overall]', /all 4 are connected/i);
  // They are counted once the sync has ended, at the pace that the provider allows.
  const cards = await page.until('the counts', async () => {
    const cards = await dashboard.api('integrations');
    return cards.every(({ counts }) => counts.length) && cards;
  });
  assert.deepEqual(cards.map(({ lastSync }) => [lastSync.state, lastSync.total]), Array(4).fill(['succeeded', 3]));
  for (const { id, counts } of cards) {
    for (const { label, value } of counts) await page.says(`${page.card(id)} [data-part=counts]`, new RegExp(`${label} ${value.toLocaleString('en')}`, 'i'));
  }
  await page.until('the charts', async () => (await page.all('[data-chart=sync-durations] tbody tr')).length === 4);
  await page.picture('page', 'html');
  await page.emulate({ 'color-scheme': 'dark' });
  await page.picture('dark', '.charts');
  await page.emulate({});
  await page.click(`${page.card('smartsheet')} [data-action=details]`);
  await page.says('#details', /3.*created/i);
  assert.equal((await page.all('#details [data-part=items] > *')).length, 3);
  await page.accessible('the details of a sync');
  await page.picture('details', '#details');
});

inBrowser('what was cancelled is resumed, and nothing is made twice', slow('400ms'), async ({ page, dashboard }) => {
  await page.live();
  const card = page.card('brandscopic');
  await page.click(`${card} [data-action=sync]`);
  await page.says(`${card} [data-part=progress]`, /[1-9]\d* of 24/);
  await page.click(`${card} [data-action=cancel]`);
  await page.says('[data-part=toasts]', /Warning: Brandscopic: sync cancelled.*not begun/);
  const { lastSync } = await dashboard.api('integrations/brandscopic');
  assert.ok(lastSync.state === 'cancelled' && lastSync.pending > 0 && lastSync.created + lastSync.pending === 24, JSON.stringify(lastSync));
  await mock.latency('0ms');
  await page.click(`${card} [data-action=resume]`);
  await page.says('[data-part=toasts]', /Success: Brandscopic: sync succeeded.*24 created/);
  await page.goes(`${card} [data-action=resume]`);
  assert.equal((await mock.control('GET', 'journal?operation=events.create')).requests.length, 24);
});

inBrowser('a second window shows the same without being reloaded', { events: 3 }, async ({ page }) => {
  await page.live();
  const other = await page.another();
  await other.live();
  await other.run('window.unloaded = false');
  await page.switch();
  await page.click(`${page.card('placer')} [data-action=sync]`);
  await other.switch();
  const card = other.card('placer');
  await other.says('[data-part=toasts]', /Success: Placer.ai: sync succeeded/);
  await other.says(`${card} [data-part=last-sync]`, /Succeeded just now/);
  await other.says('section.activity', /sync 1 done/i);
  await other.until('the chart', async () => (await other.all('[data-chart=footfall-by-day] tbody tr')).length === 28);
  assert.equal(await other.run('return window.unloaded'), false, 'it was not reloaded');
});

inBrowser('a page that was open during a restart shows the truth again', { events: 3, expected: [/net::ERR_|status of 50\d/] }, async ({ page, dashboard }) => {
  await page.live();
  await page.run('window.unloaded = false');
  const card = page.card('placer');
  await page.click(`${card} [data-action=sync]`);
  await page.says(`${card} [data-part=progress]`, /\d of 3/);
  await dashboard.stop('SIGKILL');
  await page.until('the page to notice', async () => (await page.attribute('[data-live]', 'data-live')) === 'off');
  await dashboard.start();
  await page.live();
  await page.goes(`${card} [data-part=progress]`);
  const { lastSync } = await (dashboard.session = null, dashboard.api('integrations/placer'));
  assert.equal(lastSync.state, 'interrupted');
  await page.says(`${card} [data-part=last-sync]`, /Interrupted/);
  await page.click(`${card} [data-action=resume]`);
  await page.says(`${card} [data-part=last-sync]`, /Succeeded/);
  assert.equal((await dashboard.api('integrations/placer')).lastSync.pending, 0);
  assert.equal(await page.run('return window.unloaded'), false, 'it was not reloaded');
});
