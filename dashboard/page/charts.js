// @ts-check
import * as api from './api.js';
import { area, bars, lanes } from './draw.js';
import { Plot } from './plot.js';
import { duration, exact } from './time.js';
import { SYNC, look, number, plural } from './words.js';

const dayFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
const longDay = new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });

/** @param {any[]} days @param {string} noun */
const byDay = (days, noun) => days.map(({ date, value }) => ({
  label: dayFormat.format(new Date(date)), value, said: `${longDay.format(new Date(date))}: ${plural(value, noun)}`,
}));
/** @param {any[]} days */
const dayRows = (days) => days.map(({ date, value }) => [longDay.format(new Date(date)), number(value)]);

/** @param {number} hour */
const clock = (hour) => String(hour).padStart(2, '0');

/** The figures that people would rather look at than read. */
export class Charts {
  /** @param {HTMLElement} parent @param {(id: string) => string} nameOf of an integration */
  constructor(parent, nameOf) {
    this.nameOf = nameOf;
    const visits = 'None yet. Sync Placer.ai, and the visits to the venues are drawn here.';
    this.footfallByDay = new Plot({
      id: 'footfall-by-day', title: 'Footfall by day', about: 'Visits to all venues', empty: visits, head: ['Day', 'Visits'], drawing: area,
    });
    this.footfallByHour = new Plot({
      id: 'footfall-by-hour', title: 'Footfall by hour', about: 'Visits to all venues by the hour of the day', empty: visits, head: ['Hour', 'Visits'], drawing: bars,
    });
    this.scansByDay = new Plot({
      id: 'scans-by-day', title: 'Scans by day', about: 'Scans of all codes', head: ['Day', 'Scans'], drawing: bars,
      empty: 'None yet. Sync QR TIGER, and the scans of its codes are drawn here.',
    });
    this.durations = new Plot({
      id: 'sync-durations', title: 'Sync durations', about: 'The last syncs, and how long the newest took; × marks those that did not succeed', drawing: lanes,
      empty: 'None yet. Sync an integration, and how long it took is drawn here.', head: ['Integration', 'Sync', 'Ended', 'Result', 'Took'],
    });
    this.plots = [this.footfallByDay, this.footfallByHour, this.scansByDay, this.durations];
    parent.append(...this.plots.map(({ node }) => node));
    this.timer = 0;
    this.turn = api.turns();
  }

  async load() {
    const wanted = this.turn();
    const { footfallByDay, footfallByHour, scansByDay, syncs } = await api.charts();
    if (!wanted()) return;
    this.footfallByDay.show(byDay(footfallByDay, 'visit'), dayRows(footfallByDay));
    const span = (/** @type {number} */ hour) => `${clock(hour)}:00–${clock(hour + 1)}:00`;
    this.footfallByHour.show(
      footfallByHour.map((/** @type {number} */ value, /** @type {number} */ hour) => ({ label: clock(hour), value, said: `${span(hour)}: ${plural(value, 'visit')}` })),
      footfallByHour.map((/** @type {number} */ value, /** @type {number} */ hour) => [span(hour), number(value)]));
    this.scansByDay.show(byDay(scansByDay, 'scan'), dayRows(scansByDay));
    const byName = [...syncs].sort((a, b) => this.nameOf(a.integration).localeCompare(this.nameOf(b.integration)) || a.id - b.id);
    this.durations.show(byName.map((sync) => {
      const lane = this.nameOf(sync.integration);
      const result = look(SYNC, sync.state).word.toLowerCase();
      return {
        label: '', value: sync.workedMs, lane, short: duration(sync.workedMs), failed: sync.state !== 'succeeded',
        said: `${lane}, sync ${sync.id}: ${duration(sync.workedMs)}, ${result}`,
      };
    }), byName.map((sync) => [
      this.nameOf(sync.integration), sync.id, sync.endedAt ? exact(sync.endedAt) : '–', look(SYNC, sync.state).word, duration(sync.workedMs),
    ]));
  }

  /** The figures have changed: they are fetched once for several such notes in a row. */
  changed() {
    clearTimeout(this.timer);
    // Should it fail, the stream is about to break as well, and everything is fetched anew.
    this.timer = window.setTimeout(() => this.load().catch(() => {}), 250);
  }
}
