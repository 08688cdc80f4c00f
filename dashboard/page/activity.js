// @ts-check
import * as api from './api.js';
import { action, el, keyed, onPress, part } from './dom.js';
import { icon } from './icon.js';
import { moment } from './time.js';
import { toastError } from './toast.js';
import { LEVEL, look, sentence } from './words.js';

const PAGE = 30;
/** A window that is open for days does not keep everything. */
const AT_MOST = 1000;

/** What happened, the newest first. */
export class ActivityList {
  /** @param {(id: string) => string} nameOf of an integration */
  constructor(nameOf) {
    this.nameOf = nameOf;
    /** @type {any[]} */
    this.shown = [];
    this.turn = api.turns();
    this.section = /** @type {HTMLElement} */ (document.querySelector('section.activity'));
    this.more = action(this.section, 'more');
    onPress(this.more, () => this.older(), (error) => toastError('No older activity', error));
  }

  async load() {
    const wanted = this.turn();
    const found = await api.activity({ limit: PAGE });
    if (!wanted()) return;
    this.shown = found;
    this.more.hidden = this.shown.length < PAGE;
    this.render();
  }

  async older() {
    const found = await api.activity({ before: this.shown[this.shown.length - 1]?.id, limit: PAGE });
    const lowest = this.shown[this.shown.length - 1]?.id ?? Infinity;
    this.shown.push(...found.filter((/** @type {any} */ { id }) => id < lowest));
    this.more.hidden = found.length < PAGE;
    this.render();
  }

  /** @param {any} activity */
  add(activity) {
    // It was fetched already.
    if (this.shown.some(({ id }) => id === activity.id)) return;
    this.shown.unshift(activity);
    this.shown.sort((a, b) => b.id - a.id);
    if (this.shown.length > AT_MOST) {
      this.shown.length = AT_MOST;
      this.more.hidden = false;
    }
    this.render();
  }

  render() {
    part(this.section, 'activity-empty').hidden = this.shown.length > 0;
    keyed(part(this.section, 'activity'), this.shown, ({ id }) => id, (activity) => this.line(activity));
  }

  /** @param {any} activity */
  line({ id, at, integration, level, message, entity }) {
    const { word, glyph, tone } = look(LEVEL, level);
    return el('li', { 'data-activity': id, 'data-level': level },
      el('span', { class: `tone ${tone}` }, icon(glyph), el('span', { class: 'level' }, word)),
      el('p', {},
        integration ? el('strong', {}, this.nameOf(integration)) : null,
        integration ? ' ' : null,
        el('span', {}, integration ? message : sentence(message)),
        entity ? el('span', { class: 'entity' }, ` ${entity}`) : null),
      moment(at));
  }
}
