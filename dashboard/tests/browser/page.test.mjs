// What is there when the page has been opened.
import assert from 'node:assert/strict';
import { inBrowser } from './harness.mjs';

const INTEGRATIONS = ['brandscopic', 'placer', 'qrtiger', 'smartsheet'];
const CHARTS = ['footfall-by-day', 'footfall-by-hour', 'scans-by-day', 'sync-durations'];

inBrowser('four cards show the sample data, live', {}, async ({ page }) => {
  await page.live();
  assert.match(await page.driver.getTitle(), /integrations/i);
  const cards = await page.run('return [...document.querySelectorAll("[data-integration]")].map((card) => card.dataset.integration)');
  assert.deepEqual(cards.toSorted(), INTEGRATIONS);
  for (const id of INTEGRATIONS) {
    const card = page.card(id);
    assert.match(await page.text(card), /sample data/i, id);
    assert.equal(await page.attribute(`${card} [data-action=sync]`, 'aria-disabled'), null);
  }
  await page.accessible('the page at first');
});

inBrowser('without sample data nothing is configured, and nothing can be synced', { args: ['--no-sample'] }, async ({ page }) => {
  await page.live();
  for (const id of INTEGRATIONS) {
    const card = page.card(id);
    assert.match(await page.text(`${card} [data-part=status]`), /not configured/i);
    assert.equal(await page.attribute(`${card} [data-action=sync]`, 'aria-disabled'), 'true');
  }
  assert.match(await page.text('[data-part=overall]'), /not configured/i);
  await page.click(`${page.card('smartsheet')} [data-action=settings]`);
  await page.appears('#settings [data-field=SMARTSHEET_ACCESS_TOKEN]');
  await page.press('\uE00C');
  await page.goes('#settings');
  await page.accessible('the page with nothing set up');
  await page.picture('not-configured');
});

inBrowser('the charts and their tables show what the API says', { events: 3 }, async ({ page, dashboard }) => {
  await page.live();
  for (const chart of CHARTS) assert.match(await page.text(`[data-chart=${chart}]`), /none yet/i);
  await page.click('[data-action=sync-all]');
  await page.until('four syncs to be drawn', async () => (await page.all('[data-chart=sync-durations] tbody tr')).length === 4);
  const { footfallByDay, footfallByHour, scansByDay, syncs } = await dashboard.api('charts');
  const table = (chart) => page.run(`return [...document.querySelectorAll("[data-chart=" + arguments[0] + "] tbody tr")]
    .map((row) => [...row.cells].map((cell) => cell.textContent))`, chart);
  const figures = async (chart) => (await table(chart)).map(([, value]) => Number(value.replaceAll(',', '')));
  const values = (days) => days.map(({ value }) => value);
  await page.until('the charts to be those of now', async () => (await figures('scans-by-day')).length === scansByDay.length);
  assert.deepEqual(await figures('footfall-by-day'), values(footfallByDay));
  assert.deepEqual(await figures('footfall-by-hour'), footfallByHour);
  assert.deepEqual(await figures('scans-by-day'), values(scansByDay));
  assert.ok(footfallByDay.length === 28 && footfallByHour.length === 24 && values(footfallByDay).every((value) => value > 0));
  assert.deepEqual((await table('sync-durations')).map(([, id]) => Number(id)).toSorted(), syncs.map(({ id }) => id).toSorted());
  for (const chart of CHARTS.filter((chart) => chart !== 'scans-by-day' || scansByDay.length)) {
    const drawn = await page.run('return document.querySelector(arguments[0])?.getBBox().width', `[data-chart=${chart}] svg`);
    assert.ok(drawn > 100, `${chart} is drawn`);
  }
  await page.run('for (const table of document.querySelectorAll("[data-chart] details")) table.open = true');
  await page.accessible('the charts with their tables');
});

inBrowser('a script that was smuggled in does not run', { expected: [/content security policy/i] }, async ({ page, dashboard }) => {
  await page.live();
  const [ran, refused] = await page.driver.executeAsyncScript(`
    const done = arguments[0];
    let refused = 0;
    document.addEventListener('securitypolicyviolation', () => { refused += 1; });
    const add = (tag, attributes) => document.body.append(Object.assign(document.createElement(tag), attributes));
    add('script', { textContent: 'window.smuggled = true' });
    add('div', { innerHTML: '<img src="data:," onerror="window.smuggled = true"><b style="color: red" onclick="window.smuggled = true">!</b>' });
    document.body.lastElementChild.lastElementChild.click();
    fetch('http://127.0.0.2:9/').catch(() => {}).finally(() => setTimeout(() => done([Boolean(window.smuggled), refused]), 50));`);
  assert.equal(ran, false);
  assert.ok(refused >= 3, `only ${refused} were refused`);
  const { headers } = await fetch(dashboard.url);
  assert.doesNotMatch(headers.get('content-security-policy'), /unsafe|\*/);
});
