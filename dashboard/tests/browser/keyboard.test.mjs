// Without a mouse.
import assert from 'node:assert/strict';
import { Key, inBrowser } from './harness.mjs';

const CARD = '[data-integration=smartsheet]';

/** Tabs until the button of the card has the focus. */
async function tabTo(page, action) {
  const there = (selector) => page.run('return document.activeElement?.matches(arguments[0])', selector);
  for (let tabs = 0; !(await there(`${CARD} [data-action=${action}]`)); tabs += 1) {
    assert.ok(tabs < 60, `${action} is not reached`);
    await page.press(Key.TAB);
  }
}

inBrowser('a sync is begun by keyboard, and the focus stays where it was', {}, async ({ page }) => {
  await page.live();
  await page.press(Key.TAB);
  assert.match(await page.run('return document.activeElement.textContent'), /skip/i);
  await tabTo(page, 'sync');
  const outline = await page.run('const style = getComputedStyle(document.activeElement); return [style.outlineStyle, style.outlineWidth]');
  assert.ok(outline[0] !== 'none' && parseFloat(outline[1]) >= 2, `the focus is seen: ${outline}`);
  await page.press(Key.ENTER);
  await page.appears('[data-toast=success]');
  assert.equal(await page.focused(), 'sync');
});

inBrowser('a dialog keeps the focus, and gives it back', {}, async ({ page }) => {
  await page.live();
  await tabTo(page, 'settings');
  await page.press(Key.ENTER);
  await page.appears('#settings [data-field=SMARTSHEET_ACCESS_TOKEN]');
  const within = new Set();
  for (let tabs = 0; tabs < 12; tabs += 1) {
    await page.press(Key.TAB);
    const [inside, at] = await page.run('const e = document.activeElement; return [document.getElementById("settings").contains(e) || e === document.body, e.dataset.action ?? e.dataset.field]');
    assert.ok(inside, `the focus has left the dialog: ${at}`);
    within.add(at);
  }
  for (const wanted of ['SMARTSHEET_ACCESS_TOKEN', 'close', 'test', 'save']) assert.ok(within.has(wanted), `${wanted} in ${[...within]}`);
  await page.press(Key.ESCAPE);
  await page.goes('#settings');
  assert.equal(await page.run('return document.activeElement.matches(arguments[0])', `${CARD} [data-action=settings]`), true);
});
