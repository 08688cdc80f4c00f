// Who may come in.
import assert from 'node:assert/strict';
import { Key, inBrowser } from './harness.mjs';

const TOKEN = 'a token of the browser tests';
const FIELD = '#login [data-field=token]';
const env = { CONNECTORS_DASHBOARD_TOKEN: TOKEN };

inBrowser('only the token lets in, and logging out ends it', { env, expected: [/status of 401/] }, async ({ page, dashboard }) => {
  await page.appears(FIELD);
  assert.equal((await page.all('[data-integration]')).length, 0);
  assert.equal((await fetch(new URL('api/integrations', dashboard.url))).status, 401);
  await page.accessible('the login');
  await page.picture('login');
  await page.type(FIELD, `not the token${Key.ENTER}`);
  await page.says('#login', /not the token/i);
  await page.accessible('a refused login');
  await page.type(FIELD, TOKEN + Key.ENTER);
  await page.live();
  await page.goes('#login');
  const held = await page.run('return document.documentElement.outerHTML + [...document.querySelectorAll("input")].map((input) => input.value) + document.cookie + location + JSON.stringify([localStorage, sessionStorage])');
  assert.ok(!held.includes(TOKEN), 'the page keeps the token');
  await page.driver.navigate().refresh();
  await page.live();
  const other = await page.another();
  await other.live();
  await other.click('[data-action=logout]');
  await other.appears(FIELD);
  await page.switch();
  await page.driver.navigate().refresh();
  await page.appears(FIELD);
  assert.equal(await page.shown('[data-integration]'), false);
});

inBrowser('who guesses is told to wait', { env, expected: [/status of 4(01|29)/] }, async ({ page }) => {
  await page.appears(FIELD);
  for (let guess = 1; !/again in \d+ s/i.test(await page.text('#login')); guess += 1) {
    assert.ok(guess < 12, 'it may be guessed for ever');
    await page.run('document.getElementById("token-error").textContent = ""');
    await page.type(FIELD, `guess ${guess}${Key.ENTER}`);
    await page.says('#token-error', /./);
  }
  await page.type(FIELD, TOKEN + Key.ENTER);
  await page.says('#login', /again in \d+ s/i);
  await page.accessible('a login that has to wait');
});
