// The dashboard, a fake of the services and a browser: what the tests drive, and what they leave nothing of behind.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { Builder, By, Key, logging } from 'selenium-webdriver';
import { Options } from 'selenium-webdriver/chrome.js';
import { smaller } from './picture.mjs';

export { Key };
const axe = createRequire(import.meta.url)('axe-core').source;
const { BROWSER, BROWSER_DRIVER, DASHBOARD, MOCK, SCREENSHOTS } = process.env;

/** The longest that anything is waited for. */
const PATIENCE = 20_000;
/** The places of a small campaign: what a provider allows in a second is waited for here, too. */
const PLACES = {
  'Harbor Point Market': 'venue:bde56365ad9c89fecd52e72c', 'Union Green Plaza': 'venue:f3b45ec618610ee6daf8c1c7', 'Bryant Terrace': 'venue:2b8e1629feada34403c34341',
};
const PHONE = { width: 360, height: 780, deviceScaleFactor: 1, mobile: true };

/** Waits until `look` finds something, and returns it. */
export async function until(what, look, patience = PATIENCE) {
  const end = Date.now() + patience;
  let last;
  for (;;) {
    try {
      last = await look();
      if (last) return last;
    } catch (error) {
      // What is looked at may be replaced meanwhile.
      if (!/stale|no such element|intercepted|not interactable|fetch failed/i.test(`${error.name} ${error.message}`)) throw error;
      last = error.message;
    }
    if (Date.now() > end) assert.fail(`waited in vain for ${what}; last: ${JSON.stringify(last)}`);
    await pause(40);
  }
}

/** Runs a program until it is stopped. `says` finds in its output that it is ready. */
async function run(command, args, says, env = {}) {
  // Whoever runs the tests may have keys of the real services in the environment.
  const child = spawn(command, args, { env: { PATH: process.env.PATH, HOME: tmpdir(), TMPDIR: tmpdir(), ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise((resolve) => { child.once('exit', resolve).once('error', resolve); });
  let [out, log] = ['', ''];
  child.stdout.on('data', (data) => { out += data; });
  child.stderr.on('data', (data) => { log += data; });
  const last = () => child.kill('SIGKILL');
  process.once('exit', last);
  const stop = async (signal = 'SIGTERM') => {
    child.kill(signal);
    const late = setTimeout(last, 8_000);
    await ended;
    clearTimeout(late);
    process.removeListener('exit', last);
  };
  try {
    const ready = await until(`${command} to be ready`, () => {
      assert.equal(child.exitCode, null, `${command} has ended: ${out}${log}`);
      return says.exec(out);
    });
    return { ready: ready[1], stop, told: () => out + log };
  } catch (error) {
    await stop('SIGKILL');
    throw error;
  }
}

/** An event a day, at one of the places after the other. */
const campaign = (events) => {
  const places = Object.entries(PLACES);
  return {
    id: 'small-tour', name: 'Small Tour', client: 'Fizzwell Beverages', region: 'United States',
    venues: places.map(([name, placerId]) => (
      { id: placerId.slice(6), name, city: 'Boston', country: 'US', timeZone: 'America/New_York', placerId })),
    events: Array.from({ length: events }, (_, n) => {
      const [[name, placerId], day] = [places[n % places.length], String(n + 1).padStart(2, '0')];
      return {
        id: `FIZZ-${day}`, name: `Tasting at ${name}`, venue: placerId.slice(6), startsAt: `2026-07-${day}T11:00`, endsAt: `2026-07-${day}T17:00`,
        destination: `https://fizzwell.example/small-${n + 1}`,
      };
    }),
  };
};

/** The dashboard's own program, on a database of its own. */
class Dashboard {
  constructor(folder, { args = [], env = {}, events = 0 }) {
    Object.assign(this, { folder, args, env, events, listen: '127.0.0.1:0' });
  }

  async start() {
    const files = ['--database', join(this.folder, 'dashboard.db'), '--key-file', join(this.folder, 'dashboard.key')];
    const file = join(this.folder, 'campaign.json');
    if (this.events) {
      await writeFile(file, JSON.stringify(campaign(this.events)));
      files.push('--campaign', file);
    }
    this.program = await run(DASHBOARD, ['--listen', this.listen, ...files, ...this.args], /^(http:\/\/\S+)/m, this.env);
    this.url = new URL('/', this.program.ready).href;
    this.listen = new URL(this.url).host;
  }

  stop(signal) {
    return this.program.stop(signal);
  }

  /** Asks the API, in a session of its own. */
  async api(path, method = 'GET', body = undefined) {
    if (!this.session) {
      const answer = await fetch(new URL('api/session', this.url));
      const cookie = answer.headers.getSetCookie().map((set) => set.split(';')[0]).join('; ');
      this.session = { cookie, 'x-csrf-token': (await answer.json()).csrf ?? '' };
    }
    const headers = { ...this.session, ...(body ? { 'content-type': 'application/json' } : {}) };
    const answer = await fetch(new URL(`api/${path}`, this.url), { method, headers, body: body && JSON.stringify(body) });
    const text = await answer.text();
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
    return JSON.parse(text);
  }
}

/** The services' fakes over HTTP, for integrations that are set up with a key. What is controlled is Brandscopic's. */
export class Mock {
  static async start(t) {
    const mock = new Mock();
    mock.program = await run(MOCK, ['serve', '--port', '0', '--no-quotas'], /^(http:\/\/.*)\/qrtiger$/m);
    t.after(() => mock.program.stop());
    mock.qrtiger = `${mock.program.ready}/qrtiger`;
    mock.brandscopic = { BRANDSCOPIC_API_KEY: 'mock-key', BRANDSCOPIC_API_URL: `${mock.program.ready}/brandscopic/v1` };
    return mock;
  }

  async control(method, what, body) {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${this.program.ready}/__mock/brandscopic/${what}`, { method, headers, body: body && JSON.stringify(body) });
    const text = await answer.text();
    assert.ok(answer.ok, text);
    return text && JSON.parse(text);
  }

  fault(rule) { return this.control('POST', 'faults', rule); }
  works() { return this.control('DELETE', 'faults'); }
  latency(latency) { return this.control('PUT', 'latency', { latency }); }
}

/** The browser of a file of tests: each of them has a window of its own. */
let browser;
async function started() {
  const folder = await mkdtemp(join(tmpdir(), 'browser-'));
  const program = await run(BROWSER_DRIVER, ['--port=0'], /started successfully on port (\d+)/);
  const options = new Options().setBinaryPath(BROWSER).addArguments(
    '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-dev-shm-usage', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-breakpad', '--disable-sync', '--hide-scrollbars', '--lang=en-GB', '--window-size=1280,900', `--user-data-dir=${folder}`);
  const logs = new logging.Preferences();
  logs.setLevel(logging.Type.BROWSER, logging.Level.ALL);
  logs.setLevel(logging.Type.PERFORMANCE, logging.Level.ALL);
  options.setLoggingPrefs(logs);
  // The driver is there: nothing is looked for, or fetched.
  const driver = await new Builder().disableEnvironmentOverrides().usingServer(`http://127.0.0.1:${program.ready}`).forBrowser('chrome').setChromeOptions(options).build();
  await driver.manage().setTimeouts({ script: PATIENCE, pageLoad: PATIENCE });
  const stop = async () => {
    await driver.quit().catch(() => {});
    await program.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  return { driver, stop };
}
after(async () => (await browser)?.stop());

/** The dashboard in a window. Selectors are those of the page's `data-` attributes. */
export class Page {
  constructor(driver, dashboard) {
    Object.assign(this, { driver, dashboard, seen: [] });
  }

  /** Opens the dashboard in a new window, as it is the first time. */
  async open({ phone = false, media = {} } = {}) {
    await this.driver.switchTo().newWindow('tab');
    this.window = await this.driver.getWindowHandle();
    if (phone) await this.devtools('Emulation.setDeviceMetricsOverride', PHONE);
    await this.emulate(media);
    await this.driver.get(this.dashboard.url);
  }

  /** Another window of the same browser. */
  async another() {
    const other = new Page(this.driver, this.dashboard);
    await other.open();
    return other;
  }

  switch() { return this.driver.switchTo().window(this.window); }
  devtools(command, parameters = {}) { return this.driver.sendAndGetDevToolsCommand(command, parameters); }
  /** What people prefer, such as `{ 'color-scheme': 'dark' }`. */
  emulate(media) {
    const features = Object.entries({ 'color-scheme': 'light', 'reduced-motion': 'no-preference', ...media });
    return this.devtools('Emulation.setEmulatedMedia', { features: features.map(([name, value]) => ({ name: `prefers-${name}`, value })) });
  }

  run(script, ...values) { return this.driver.executeScript(script, ...values); }
  all(selector) { return this.driver.findElements(By.css(selector)); }
  find(selector) { return this.driver.findElement(By.css(selector)); }
  /** The text that is seen there; nothing where nothing is seen. */
  text(selector) {
    return this.run('const e = document.querySelector(arguments[0]); return e?.checkVisibility() ? e.innerText.replace(/\\s+/g, " ").trim() : ""', selector);
  }
  shown(selector) { return this.run('return [...document.querySelectorAll(arguments[0])].some((e) => e.checkVisibility())', selector); }
  attribute(selector, name) { return this.run('return document.querySelector(arguments[0])?.getAttribute(arguments[1])', selector, name); }
  until(what, look) { return until(what, look); }
  says(selector, pattern) {
    return until(`${selector} to say ${pattern}`, async () => {
      const text = await this.text(selector);
      return pattern.test(text) ? text : Promise.reject(Object.assign(new Error(`no such element text: ${text}`), { name: 'Stale' }));
    });
  }
  appears(selector) { return until(`${selector} to appear`, () => this.shown(selector)); }
  goes(selector) { return until(`${selector} to go`, async () => !(await this.shown(selector))); }
  click(selector) {
    return until(`a click on ${selector}`, async () => {
      await (await this.find(selector)).click();
      return true;
    });
  }
  async type(selector, value) {
    await this.appears(selector);
    const field = await this.find(selector);
    await field.clear();
    await field.sendKeys(value);
  }
  press(...keys) { return this.driver.actions().sendKeys(...keys).perform(); }
  /** Which button or field has the focus. */
  focused() {
    return this.run('const e = document.activeElement; return e?.dataset.action ?? e?.dataset.field ?? e?.tagName.toLowerCase()');
  }
  card(id) { return `[data-integration="${id}"]`; }
  live() { return until('live updates', async () => (await this.attribute('[data-live]', 'data-live')) === 'on' && this.shown('[data-integration]')); }
  /** Until nothing moves any more. */
  still() {
    return until('the animations to end', () => this.run('return document.getAnimations().every((a) => a.playState !== "running" || a.effect.getTiming().iterations === Infinity)'));
  }

  /** Whoever cannot see, or cannot use a mouse, finds nothing in the way. */
  async accessible(state) {
    await this.still();
    await this.run(`if (!window.axe) { ${axe} }`);
    const found = await this.driver.executeAsyncScript(`const done = arguments[0];
      axe.run(document).then(({ violations }) => done(violations.map(({ id, nodes }) => [id, ...nodes.map(({ target, failureSummary }) => target + ' ' + failureSummary)])), (e) => done([String(e)]))`);
    assert.deepEqual(found, [], `accessibility of ${state}`);
  }

  /** A picture for the documentation: of the window, of all that can be scrolled to, or of a part. */
  async picture(name, what) {
    if (!SCREENSHOTS) return;
    if (!what?.includes('toast')) await this.run('for (const close of document.querySelectorAll("[data-action=dismiss]")) close.click(); document.activeElement.blur()');
    await this.still();
    const clip = await this.run(`const box = arguments[0] && document.querySelector(arguments[0]).getBoundingClientRect();
      return box ? { x: box.x + scrollX, y: box.y + scrollY, width: box.width, height: box.height, scale: arguments[0] === 'html' ? 0.75 : 1 } : null`, what ?? null);
    const { data } = await this.devtools('Page.captureScreenshot', { format: 'png', ...(clip && { clip, captureBeyondViewport: true }) });
    await writeFile(join(SCREENSHOTS, `${name}.png`), smaller(Buffer.from(data, 'base64')));
  }

  /** What the browser told of its network since the last time, and all of it. */
  async network() {
    const entries = await this.driver.manage().logs().get(logging.Type.PERFORMANCE);
    const fresh = entries.map(({ message }) => JSON.parse(message).message);
    this.seen.push(...fresh);
    return fresh;
  }

  /** Nothing went wrong unseen: no warning in the console but those expected, and no request to another host. */
  async clean(expected = []) {
    const told = (await this.driver.manage().logs().get(logging.Type.BROWSER)).filter(({ level }) => level.value >= logging.Level.WARNING.value);
    assert.deepEqual(told.map(({ message }) => message).filter((message) => !expected.some((pattern) => pattern.test(message))), [], 'the console');
    await this.network();
    const sent = this.seen.filter(({ method }) => method === 'Network.requestWillBeSent').map(({ params }) => new URL(params.request.url));
    const foreign = sent.filter(({ protocol, host }) => /^(http|ws)/.test(protocol) && host !== new URL(this.dashboard.url).host);
    assert.ok(sent.length > 0 && foreign.length === 0, `requests to other hosts: ${foreign.join(' ')}`);
  }
}

/**
 * A test of the dashboard in the browser: on a database of its own, in a window of its own.
 * @param options or a function that makes them: `args` and `env` of the program, a campaign of so many `events` in place of the sample; `phone`, `media`; what is
 *   `expected` in the console
 */
export function inBrowser(name, options, body) {
  test(name, { timeout: 90_000 }, async (t) => {
    const { expected = [], ...made } = typeof options === 'function' ? await options(t) : options;
    const dashboard = new Dashboard(await mkdtemp(join(tmpdir(), 'dashboard-')), made);
    await dashboard.start();
    t.after(async () => {
      await dashboard.stop();
      await rm(dashboard.folder, { recursive: true, force: true });
      assert.doesNotMatch(dashboard.program.told(), /panic/);
    });
    browser ??= started();
    const page = new Page((await browser).driver, dashboard);
    const before = await page.driver.getAllWindowHandles();
    await page.open(made);
    try {
      await body({ page, dashboard, t });
      await page.clean(expected);
    } finally {
      // Cookies are those of the address, whatever the port: the next test must not find them.
      await page.devtools('Network.clearBrowserCookies').catch(() => {});
      for (const handle of await page.driver.getAllWindowHandles()) {
        if (before.includes(handle)) continue;
        await page.driver.switchTo().window(handle);
        await page.driver.close();
      }
      await page.driver.switchTo().window(before[0]);
      for (const type of [logging.Type.BROWSER, logging.Type.PERFORMANCE]) await page.driver.manage().logs().get(type);
    }
  });
}
