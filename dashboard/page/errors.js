// @ts-check
import * as api from './api.js';
import { dialog } from './dialog.js';
import { action, el, keyed, onPress, part, text } from './dom.js';
import { icon } from './icon.js';
import { moment } from './time.js';
import { toastError } from './toast.js';
import { sentence } from './words.js';

const MORE = 20;

/** The dialog with the errors of an integration: those on its card, and older ones when they are asked for. */
export class Errors {
  constructor() {
    this.dialog = dialog('errors', () => { this.id = null; });
    this.more = action(this.dialog.node, 'more');
    /** @type {string | null} */
    this.id = null;
    /** @type {any[]} */
    this.shown = [];
    onPress(this.more, () => this.older(), (error) => toastError('No older errors', error));
  }

  /** @param {any} card */
  open(card) {
    this.id = card.id;
    this.shown = [];
    text(part(this.dialog.node, 'title'), `Errors of ${card.name}`);
    this.more.hidden = card.errors.length < 10;
    this.show(card);
    this.dialog.open();
  }

  /** What a card says now. @param {any} card */
  show(card) {
    if (this.id !== card.id) return;
    const known = new Set(this.shown.map(({ id }) => id));
    this.shown = [...card.errors.filter((/** @type {any} */ { id }) => !known.has(id)), ...this.shown];
    this.render();
  }

  async older() {
    const { id } = this;
    if (!id) return;
    const found = await api.errors(id, { before: this.shown[this.shown.length - 1]?.id, limit: MORE });
    if (this.id !== id) return;
    this.shown.push(...found);
    this.more.hidden = found.length < MORE;
    this.render();
  }

  render() {
    part(this.dialog.node, 'empty').hidden = this.shown.length > 0;
    keyed(part(this.dialog.node, 'list'), this.shown, ({ id }) => id, failure);
  }
}

/** @param {any} error */
function failure(error) {
  const facts = [
    ['Operation', error.operation],
    ['Concerns', error.entity],
    ['Kind', error.kind],
    ['HTTP status', error.status],
    ['Request id', error.requestId],
    ['Trying again', error.retryable ? 'may help' : 'does not help by itself'],
  ].filter(([, value]) => value !== null && value !== undefined && value !== '');
  const list = el('dl', {}, ...facts.map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, String(value)))));
  return el('li', { 'data-failure': error.id },
    el('p', { class: 'head' }, el('span', { class: 'tone bad' }, icon('cross'), el('strong', {}, sentence(error.message))), moment(error.at)),
    error.hint && !error.message.includes(error.hint) ? el('p', { class: 'hint' }, sentence(error.hint)) : null,
    error.maybeApplied
      ? el('p', { class: 'tone fair' }, icon('warn'), el('span', {}, 'It may have been carried out all the same: look there before it is tried again.'))
      : null,
    list);
}
