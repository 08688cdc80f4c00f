// Keys and addresses: entered, masked, tested.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { Key, Mock, inBrowser } from './harness.mjs';

const KEY = 'wrong-key-that-nobody-may-see-9Qx7';
const [KEY_FIELD, URL_FIELD] = ['QRTIGER_API_KEY', 'QRTIGER_API_URL'].map((name) => `#settings [data-field=${name}]`);
const CARD = '[data-integration=qrtiger]';

async function settings(page, values = {}) {
  if (!(await page.shown('#settings'))) await page.click(`${CARD} [data-action=settings]`);
  await page.appears(KEY_FIELD);
  for (const [field, value] of Object.entries(values)) await page.type(field, value);
  if (!Object.keys(values).length) return;
  await page.click('#settings [data-action=save]');
}

let mock;
const withMock = (options) => async (t) => {
  mock = await Mock.start(t);
  return options;
};

inBrowser('a key is shown as its last four characters, and nowhere else', withMock({}), async ({ page, dashboard }) => {
  await page.live();
  await settings(page);
  await page.accessible('the settings');
  await settings(page, { [URL_FIELD]: mock.qrtiger, [KEY_FIELD]: KEY });
  await page.says('#settings [data-field-of=QRTIGER_API_KEY]', /••••9Qx7/);
  assert.equal(await page.run('return document.querySelector(arguments[0]).value', KEY_FIELD), '');
  assert.equal(await page.run('return document.querySelector(arguments[0]).type', KEY_FIELD), 'password');
  await page.picture('settings', '#settings');
  const look = async (when) => {
    const held = await page.run(`return document.documentElement.outerHTML + [...document.querySelectorAll("input")].map((input) => input.value)
      + JSON.stringify([localStorage, sessionStorage]) + document.cookie + location`);
    assert.ok(!held.includes(KEY.slice(0, 12)), `the page has the key ${when}`);
    const fresh = await page.network();
    const answers = [];
    for (const { method, params } of fresh) {
      if (method === 'Network.responseReceived' && params.response.url.includes('/api/') && params.type !== 'EventSource') {
        answers.push((await page.devtools('Network.getResponseBody', { requestId: params.requestId })).body);
      }
    }
    assert.ok(answers.some((answer) => answer.includes('9Qx7') || when === 'after the test'), `the answers ${when} were read`);
    const said = fresh.filter(({ method }) => !method.startsWith('Network.requestWillBeSent'));
    assert.ok(!(answers.join('') + JSON.stringify(said)).includes(KEY.slice(0, 12)), `an answer has the key ${when}`);
  };
  await look('after saving');
  await page.click('#settings [data-action=test]');
  await page.appears('#settings .outcome');
  await look('after the test');
  await page.driver.navigate().refresh();
  await page.live();
  await settings(page);
  await page.says('#settings [data-field-of=QRTIGER_API_KEY]', /••••9Qx7/);
  await look('after a reload');
  assert.ok(!JSON.stringify([await dashboard.api('activity'), await dashboard.api('integrations')]).includes(KEY.slice(0, 12)));
  assert.ok(!dashboard.program.told().includes(KEY.slice(0, 12)), 'the log has the key');
});

inBrowser('a connection test says what is wrong, and what is right', withMock({}), async ({ page, t }) => {
  const site = createServer((_, answer) => answer.setHeader('content-type', 'text/html').end('<h1>Hello</h1>')).listen(0, '127.0.0.1');
  t.after(() => site.close());
  await once(site, 'listening');
  const at = (port) => `http://127.0.0.1:${port}`;
  await page.live();
  const explained = [];
  const tested = async (url, key, status) => {
    await settings(page, { [URL_FIELD]: url, [KEY_FIELD]: key });
    await page.says('#settings [data-part=fields]', new RegExp(`Set: ••••`));
    await page.until('the key to be saved', async () => (await page.run('return document.querySelector(arguments[0]).value', KEY_FIELD)) === '');
    await page.click('#settings [data-action=test]');
    await page.appears(`#settings .outcome[data-status=${status}]`);
    explained.push(await page.text('#settings .outcome'));
    if (status === 'wrongUrl') {
      await page.accessible('a failed connection test');
      await page.picture('test-failed', '#settings');
    }
    await page.run('document.querySelector("#settings .outcome").remove()');
  };
  await tested(mock.qrtiger, 'wrong-key', 'badKey');
  await tested(at(1), 'mock-key', 'unreachable');
  await tested(at(site.address().port), 'mock-key', 'wrongUrl');
  await page.press(Key.ESCAPE);
  await page.says(`${CARD} [data-part=status]`, /failing/i);
  await tested(mock.qrtiger, 'mock-key', 'connected');
  assert.equal(new Set(explained.map((text) => text.split('.')[1])).size, 4, explained.join('\n'));
  for (const text of explained.slice(0, 3)) assert.match(text, /^It does not work/);
  assert.match(explained[3], /^It works/);
  await page.press(Key.ESCAPE);
  await page.says(`${CARD} [data-part=status]`, /^connected/i);
});

inBrowser('another address without the key is refused at its field', withMock({ expected: [/status of 422/] }), async ({ page, dashboard }) => {
  await page.live();
  await settings(page, { [URL_FIELD]: mock.qrtiger, [KEY_FIELD]: 'mock-key' });
  await page.says('#settings [data-field-of=QRTIGER_API_KEY]', /Set: ••••/);
  await settings(page, { [URL_FIELD]: 'http://127.0.0.1:1' });
  await page.says('#settings [data-field-of=QRTIGER_API_URL]', /enter the .* again/i);
  assert.deepEqual([await page.attribute(URL_FIELD, 'aria-invalid'), await page.focused()], ['true', 'QRTIGER_API_URL']);
  await page.accessible('a refused setting');
  const { fields } = await dashboard.api('integrations/qrtiger/settings');
  assert.equal(fields.find(({ name }) => name === 'QRTIGER_API_URL').value, mock.qrtiger);
  await page.click('#settings [data-action=remove]');
  await page.click('#settings [data-action=confirm-remove]');
  await page.says(CARD, /sample data/i);
});

inBrowser('what could not be fetched cannot be saved over', withMock({ expected: [/ERR_BLOCKED_BY_CLIENT/] }), async ({ page }) => {
  await page.live();
  await settings(page, { [URL_FIELD]: mock.qrtiger, [KEY_FIELD]: KEY });
  await page.says('#settings [data-field-of=QRTIGER_API_KEY]', /Set: ••••/);
  await page.press(Key.ESCAPE);
  await page.devtools('Network.setBlockedURLs', { urls: ['*/settings'] });
  await page.click(`${CARD} [data-action=settings]`);
  await page.says('#settings [data-part=form-error]', /does not answer/i);
  assert.ok(!(await page.shown('#settings [data-action=save]')), 'what is not shown would be taken for emptied');
  await page.press(Key.ESCAPE);
  await page.devtools('Network.setBlockedURLs', { urls: [] });
  await settings(page);
  assert.equal(await page.run('return document.querySelector(arguments[0]).value', URL_FIELD), mock.qrtiger);
  assert.ok(await page.shown('#settings [data-action=save]'));
});
