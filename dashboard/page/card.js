// @ts-check
import * as api from './api.js';
import { action, el, keyed, onPress, part, set, template, text } from './dom.js';
import { icon } from './icon.js';
import { moment, now, showMoment, duration } from './time.js';
import { announce, toastError } from './toast.js';
import { SOURCE, STATUS, SYNC, isRunning, look, number, plural, sentence, settled, showLook, sums } from './words.js';

/** The card of an integration. What changes is written into what is there, so that focus and scroll stay. */
export class Card {
  /**
   * @param {any} card
   * @param {{settings: (id: string) => void, errors: (id: string) => void, details: (id: string) => void}} open
   */
  constructor(card, open) {
    this.card = card;
    this.node = template('card');
    set(this.node, { 'data-integration': card.id, 'aria-labelledby': `name-${card.id}` });
    part(this.node, 'name').id = `name-${card.id}`;
    text(part(this.node, 'name'), card.name);
    text(part(this.node, 'mark'), card.name.slice(0, 1));
    const press = (/** @type {string} */ name, /** @type {string} */ what, /** @type {() => Promise<any>} */ work) =>
      onPress(action(this.node, name), work, (error) => toastError(`${card.name}: ${what}`, error));
    press('sync', 'no sync begun', async () => this.begun(await api.sync(card.id)));
    press('cancel', 'not cancelled', async () => this.card.running && api.cancel(this.card.running.id));
    press('resume', 'not resumed', async () => this.card.lastSync && api.resume(this.card.lastSync.id));
    for (const name of /** @type {const} */ (['settings', 'errors', 'details'])) {
      action(this.node, name).addEventListener('click', () => open[name](card.id));
    }
    for (const name of ['sync', 'resume', 'settings', 'details', 'cancel']) {
      set(action(this.node, name), { 'aria-describedby': `name-${card.id}` });
    }
    this.show(card);
  }

  /** A sync that was asked for here. Its end may have been told before the answer to the request came. @param {any} sync */
  begun(sync) {
    const newest = Math.max(this.card.running?.id ?? 0, this.card.lastSync?.id ?? 0);
    if (sync.id > newest) this.sync(sync);
  }

  /** @param {any} sync */
  sync(sync) {
    const { card } = this;
    if (isRunning(sync)) card.running = sync;
    else {
      if (card.running?.id === sync.id) card.running = null;
      if (!card.lastSync || card.lastSync.id <= sync.id) card.lastSync = sync;
    }
    this.showSyncs();
  }

  /** @param {any} card */
  show(card) {
    this.card = card;
    const { node } = this;
    showLook(part(node, 'status'), look(STATUS, card.status));
    set(node, { 'data-status': card.status });
    text(part(node, 'source'), told(card));
    part(node, 'why').hidden = !card.reason;
    text(part(node, 'reason'), sentence(card.reason));
    text(part(node, 'hint'), sentence(card.hint));
    const figure = (/** @type {any} */ { label }) => el('div', {}, el('dt', {}, label), el('dd'));
    const write = (/** @type {Element} */ line, /** @type {any} */ { value }) => text(/** @type {Element} */ (line.lastElementChild), value);
    const counts = card.counts.map((/** @type {any} */ { label, value }) => ({ label, value: number(value) }));
    keyed(part(node, 'counts'), counts, ({ label }) => label, figure, write);
    set(part(node, 'counts'), { title: card.countedAt && `Counted ${new Date(card.countedAt).toLocaleString('en-GB')}` });
    keyed(part(node, 'traffic'), traffic(card.traffic), ({ label }) => label, figure, write);
    const errors = action(node, 'errors');
    errors.dataset.count = String(card.errors.length);
    if (card.errors.length) showLook(errors, { word: plural(card.errors.length, 'recent error'), glyph: 'warn', tone: 'bad' });
    else showLook(errors, { word: 'No recent errors', glyph: 'check', tone: 'calm' });
    const unset = card.status === 'notConfigured';
    text(action(node, 'settings'), unset ? 'Set up' : 'Settings');
    this.showQuotas();
    this.showSyncs();
  }

  showSyncs() {
    const { node, card: { running, lastSync, status, name } } = this;
    const last = part(node, 'last-sync');
    const result = part(last, 'result');
    last.hidden = Boolean(running);
    action(last, 'details').hidden = !lastSync;
    if (lastSync) {
      const { word, glyph, tone } = look(SYNC, lastSync.state);
      if (result.dataset.look !== word) {
        result.dataset.look = word;
        result.replaceChildren(el('span', { class: `tone ${tone}` }, icon(glyph), el('span', {}, word)), moment());
      }
      showMoment(/** @type {Element} */ (result.lastElementChild), lastSync.endedAt ?? lastSync.startedAt);
      text(part(last, 'sums'), `${sums(lastSync)}${lastSync.message ? `. ${sentence(lastSync.message)}` : ''}`);
    } else {
      text(result, 'None yet.');
      text(part(last, 'sums'), '');
    }

    const progress = part(node, 'progress');
    if (!running && progress.contains(document.activeElement)) action(node, 'sync').focus();
    progress.hidden = !running;
    if (running) {
      const done = `${number(settled(running))} of ${number(running.total)}`;
      const cancelling = running.state === 'cancelling';
      text(part(progress, 'doing'), cancelling ? 'Cancelling: what is under way comes to its end' : 'Syncing');
      text(part(progress, 'done'), `${done} events`);
      const bar = /** @type {HTMLProgressElement} */ (progress.querySelector('progress'));
      bar.max = running.total || 1;
      bar.value = settled(running);
      set(bar, { 'aria-label': `Sync of ${name}`, 'aria-valuetext': `${done} events` });
      set(action(progress, 'cancel'), { 'aria-disabled': cancelling ? 'true' : null });
      announce(`${name}: ${done} events`);
    }
    const sync = action(node, 'sync');
    set(sync, { 'aria-disabled': running || status === 'notConfigured' ? 'true' : null, 'data-loading': Boolean(running) });
    text(part(sync, 'label'), running ? 'Syncing…' : 'Sync now');
    const resume = action(node, 'resume');
    const resumable = Boolean(lastSync?.resumable && !running);
    if (!resumable && resume === document.activeElement) sync.focus();
    resume.hidden = !resumable;
  }

  /** Also called as time passes: a quota whose span is over is whole again. */
  showQuotas() {
    const { node, card: { quotas } } = this;
    part(node, 'quotas').hidden = quotas.length === 0;
    const numbered = quotas.map((/** @type {any} */ quota, /** @type {number} */ key) => ({ ...quota, key }));
    keyed(part(node, 'meters'), numbered, ({ key }) => key, () => {
      const bar = el('div', { class: 'meter' }, el('span'));
      return el('div', { class: 'quota' }, el('p', {}, el('span'), el('span')), bar);
    }, (line, { label, used: counted, limit, at, renewsAt }) => {
      const used = renewsAt && Date.parse(renewsAt) <= now() ? 0 : counted;
      const [name, value] = /** @type {HTMLElement[]} */ ([...(line.firstElementChild?.children ?? [])]);
      text(name, sentence(label));
      text(value, limit === null ? `${number(used)} used` : `${number(used)} of ${number(limit)}`);
      const bar = /** @type {HTMLElement} */ (line.lastElementChild);
      bar.hidden = limit === null;
      if (limit === null) return;
      const share = Math.min(used / (limit || 1), 1);
      // That of a second or a minute is used up on purpose.
      const lasting = !renewsAt || Date.parse(renewsAt) - Date.parse(at) > 3_600_000;
      set(bar, {
        role: 'meter', 'aria-label': `Quota ${label}`, 'aria-valuemin': 0, 'aria-valuemax': limit,
        'aria-valuenow': Math.min(used, limit), 'aria-valuetext': value.textContent,
        'data-tone': share < 0.9 ? 'good' : lasting ? 'bad' : 'fair',
      });
      /** @type {HTMLElement} */ (bar.firstElementChild).style.width = `${share * 100}%`;
    });
  }
}

/** @param {any} card */
function told(card) {
  return [SOURCE[card.source] ?? card.source, card.contract, card.identity].filter(Boolean).join(' · ');
}

/** @param {any} traffic */
function traffic({ calls, failed, retries, throttles, waitedMs, cacheHits, cacheMisses }) {
  const looked = cacheHits + cacheMisses;
  return [
    { label: 'calls', value: failed ? `${number(calls)} (${number(failed)} failed)` : number(calls) },
    { label: 'retries', value: number(retries) },
    { label: 'throttled', value: number(throttles) },
    { label: 'cache hits', value: looked ? `${Math.round((100 * cacheHits) / looked)} %` : '–' },
    { label: 'waited', value: duration(waitedMs) },
  ];
}
