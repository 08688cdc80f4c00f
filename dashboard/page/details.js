// @ts-check
import * as api from './api.js';
import { dialog } from './dialog.js';
import { action, el, keyed, onPress, part, set, text } from './dom.js';
import { duration, exact, moment } from './time.js';
import { toastError } from './toast.js';
import { ITEM, SYNC, isRunning, labelled, look, number, sentence, showLook, sums } from './words.js';

const PAGE = 10;
/** The events of a sync at work are fetched again at most this often. */
const PAUSE = 1000;

/** The dialog with every event of a sync, and the syncs before it. */
export class Details {
  constructor() {
    this.dialog = dialog('details', () => { this.card = null; });
    this.more = action(this.dialog.node, 'more');
    /** @type {any} */
    this.card = null;
    /** @type {any} */
    this.sync = null;
    /** @type {any[]} */
    this.items = [];
    /** @type {any[]} */
    this.history = [];
    this.filter = 'all';
    this.timer = 0;
    this.turn = api.turns();
    onPress(this.more, () => this.older(), (error) => toastError('No older syncs', error));
  }

  /** @param {any} card */
  async open(card) {
    const sync = card.running ?? card.lastSync;
    if (!sync) return;
    this.card = card;
    this.history = [sync];
    this.choose(sync);
    this.dialog.open();
    await this.load(card.id);
  }

  /** @param {string} id */
  async load(id) {
    try {
      const found = await api.syncs({ integration: id, limit: PAGE });
      if (this.card?.id !== id) return;
      this.history = found;
      this.more.hidden = found.length < PAGE;
      this.renderHistory();
    } catch (error) {
      toastError('No history', error);
    }
  }

  async older() {
    const { card } = this;
    const found = await api.syncs({ integration: card.id, before: this.history[this.history.length - 1]?.id, limit: PAGE });
    if (this.card?.id !== card.id) return;
    this.history.push(...found);
    this.more.hidden = found.length < PAGE;
    this.renderHistory();
  }

  /** A sync has come further. @param {any} sync */
  update(sync) {
    if (this.card?.id !== sync.integration) return;
    const place = this.history.findIndex(({ id }) => id === sync.id);
    if (place < 0) this.history.unshift(sync);
    else this.history[place] = sync;
    this.renderHistory();
    if (this.sync?.id !== sync.id) return;
    this.sync = sync;
    this.renderSummary();
    if (!isRunning(sync)) this.fetch();
    else if (!this.timer) this.timer = window.setTimeout(() => this.fetch(), PAUSE);
  }

  /** @param {any} sync */
  choose(sync) {
    this.sync = sync;
    this.items = [];
    this.filter = 'all';
    this.renderSummary();
    this.renderItems();
    this.renderHistory();
    this.fetch();
  }

  async fetch() {
    clearTimeout(this.timer);
    this.timer = 0;
    const [{ id }, wanted] = [this.sync, this.turn()];
    try {
      const items = await api.items(id);
      if (this.sync.id !== id || !wanted() || !this.card) return;
      this.items = items;
      this.renderItems();
    } catch (error) {
      toastError('No events', error);
    }
  }

  renderSummary() {
    const { sync, card } = this;
    text(part(this.dialog.node, 'title'), `${card.name}: sync ${sync.id}`);
    const lines = [
      { name: 'state', value: '' },
      { name: 'events', value: sums(sync) },
      { name: 'why', value: sentence(sync.message) },
      { name: 'campaign', value: `${sync.campaignName} · began ${exact(sync.startedAt)} · ${sync.endedAt ? `took ${duration(sync.workedMs)}` : 'still at work'}` },
    ].filter(({ name, value }) => value || name === 'state');
    keyed(part(this.dialog.node, 'summary'), lines, ({ name }) => name, ({ name }) => el('p', { 'data-part': `sync-${name}` }), (line, { name, value }) => {
      if (name === 'state') showLook(line, look(SYNC, sync.state));
      else text(line, value);
    });
  }

  renderItems() {
    const { items } = this;
    /** @type {Record<string, number>} */
    const counted = {};
    for (const { state } of items) counted[state] = (counted[state] ?? 0) + 1;
    if (this.filter !== 'all' && !counted[this.filter]) this.filter = 'all';
    const states = Object.keys(ITEM).filter((state) => counted[state]);
    keyed(part(this.dialog.node, 'filters'), ['all', ...states], (state) => state, (state) => {
      const button = el('button', { type: 'button', class: 'chip', 'data-filter': state });
      button.addEventListener('click', () => { this.filter = state; this.renderItems(); });
      return button;
    }, (button, state) => {
      const word = state === 'all' ? 'All' : look(ITEM, state).word;
      text(button, `${word} ${number(state === 'all' ? items.length : counted[state])}`);
      set(button, { 'aria-pressed': String(state === this.filter) });
    });
    const shown = items.filter(({ state }) => this.filter === 'all' || state === this.filter);
    keyed(part(this.dialog.node, 'items'), shown, ({ event }) => event, (item) =>
      el('li', { 'data-event': item.event },
        el('div', {}, el('p', {}, el('strong', {}, item.name || item.event), ' ', el('span', { class: 'entity' }, item.event)), el('p', { class: 'help' })),
        el('div', { class: 'side' })),
    (line, item) => {
      if (line.dataset.at === `${item.state} ${item.at}`) return;
      line.dataset.at = `${item.state} ${item.at}`;
      line.dataset.state = item.state;
      const said = [item.message && sentence(item.message), item.hint && sentence(item.hint), item.remoteId && `Id there: ${item.remoteId}`];
      text(/** @type {Element} */ (line.querySelector('.help')), said.filter(Boolean).join(' · '));
      const side = /** @type {Element} */ (line.lastElementChild);
      side.replaceChildren(labelled(look(ITEM, item.state)), item.at ? moment(item.at) : '');
    });
  }

  renderHistory() {
    keyed(part(this.dialog.node, 'history'), this.history, ({ id }) => id, ({ id }) => {
      const button = el('button', { type: 'button', 'data-sync': id });
      button.addEventListener('click', () => {
        const sync = this.history.find((one) => one.id === id);
        if (sync) this.choose(sync);
      });
      return el('li', {}, button);
    }, (line, sync) => {
      const button = /** @type {HTMLElement} */ (line.firstElementChild);
      set(button, { 'aria-current': sync.id === this.sync?.id ? 'true' : null });
      const state = `${sync.state} ${sums(sync)} ${sync.endedAt}`;
      if (button.dataset.state === state) return;
      button.dataset.state = state;
      button.replaceChildren(
        el('span', {}, `Sync ${sync.id}`), labelled(look(SYNC, sync.state)),
        el('span', { class: 'help' }, sums(sync)), moment(sync.endedAt ?? sync.startedAt));
    });
  }
}
