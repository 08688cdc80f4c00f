// On a phone, in the dark, without motion.
import assert from 'node:assert/strict';
import { Key, inBrowser } from './harness.mjs';

const CARD = '[data-integration=brandscopic]';

async function fits(page, state) {
  const [wide, room] = await page.run('return [document.documentElement.scrollWidth, innerWidth]');
  assert.ok(wide <= room, `${state} is ${wide} wide in ${room}`);
  const small = await page.run(`return [...document.querySelectorAll('button, input, summary')].filter((e) => {
    const [box, modal] = [e.getBoundingClientRect(), document.querySelector('dialog[open]')];
    return e.checkVisibility() && box.width && (!modal || modal.contains(e)) && !e.matches('[type=radio]') && (box.height < 24 || box.width < 24);
  }).map((e) => e.outerHTML.slice(0, 120))`);
  assert.deepEqual(small, [], `what is too small to be tapped: ${state}`);
}

async function everywhere(page, state) {
  await page.live();
  await page.click(`${CARD} [data-action=sync]`);
  await page.until('the figures', async () => (await page.all('[data-chart=sync-durations] tbody tr')).length === 1);
  await page.appears('[data-toast=success]');
  await fits(page, `the page ${state}`);
  await page.accessible(`the page ${state}`);
  // It stays for as long as the pointer is there, and covers what was pressed.
  await page.click('[data-action=dismiss]');
  for (const dialog of ['settings', 'errors', 'details']) {
    await page.click(`${CARD} [data-action=${dialog}]`);
    await page.appears(`#${dialog} .body`);
    await page.until('the dialog to be filled', async () => !/loading/i.test(await page.text(`#${dialog}`)));
    await fits(page, `${dialog} ${state}`);
    await page.accessible(`${dialog} ${state}`);
    await page.press(Key.ESCAPE);
    await page.goes(`#${dialog}`);
  }
}

inBrowser('it fits a phone', { phone: true }, async ({ page }) => {
  await everywhere(page, 'on a phone');
  await page.run('scrollTo(0, 0)');
  await page.picture('phone');
});

inBrowser('it can be read in the dark, on a phone too', { phone: true, media: { 'color-scheme': 'dark' } }, async ({ page }) => {
  const brightness = () => page.run('return getComputedStyle(document.body).backgroundColor.match(/[\\d.]+/g).slice(0, 3).reduce((a, b) => a + Number(b), 0)');
  await everywhere(page, 'in the dark');
  const dark = await brightness();
  await page.emulate({ 'color-scheme': 'light' });
  assert.ok(dark < 200 && (await brightness()) > 600);
});

inBrowser('nothing moves for whoever does not want it to', { media: { 'reduced-motion': 'reduce' } }, async ({ page }) => {
  await page.live();
  await page.run(`window.moved = []; const look = () => {
    window.moved.push(...document.getAnimations().filter((a) => a.playState === 'running' && a.effect.getComputedTiming().duration > 10).map((a) => a.animationName ?? a.transitionProperty));
    requestAnimationFrame(look);
  }; look();`);
  await page.click(`${CARD} [data-action=sync]`);
  await page.appears('[data-toast=success]');
  await page.click(`${CARD} [data-action=settings]`);
  await page.appears('#settings [data-field]');
  assert.deepEqual([...new Set(await page.run('return window.moved'))], []);
});
