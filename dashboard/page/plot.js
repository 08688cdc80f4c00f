// @ts-check
import { el, keyed, svg, text } from './dom.js';

/** @typedef {import('./draw.js').Point} Point */

/** A chart: drawn for the eye, and as a table. Its values can be pointed at, tapped, and read with the arrow keys. */
export class Plot {
  /** @param {{ id: string, title: string, about: string, empty: string, head: string[], drawing: import('./draw.js').Drawing }} of */
  constructor(of) {
    this.of = of;
    /** @type {Point[]} */
    this.points = [];
    /** @type {import('./draw.js').Place[]} */
    this.places = [];
    this.at = -1;
    this.tip = el('p', { class: 'tip', 'aria-live': 'polite', hidden: true });
    this.canvas = el('div', { class: 'canvas' });
    this.area = el('div', { class: 'plot', tabindex: '0', role: 'group', 'aria-label': `${of.title}: the arrow keys read the values` }, this.canvas, this.tip);
    this.empty = el('p', { class: 'empty' }, of.empty);
    this.rows = el('tbody');
    this.table = el('details', {}, el('summary', {}, 'As a table'),
      el('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': `${of.title} as a table` },
        el('table', {}, el('caption', { class: 'unseen' }, of.title),
          el('thead', {}, el('tr', {}, ...of.head.map((head) => el('th', { scope: 'col' }, head)))), this.rows)));
    this.node = el('figure', { class: 'chart panel', 'data-chart': of.id },
      el('figcaption', {}, el('h3', {}, of.title), el('p', { class: 'help' }, of.about)), this.area, this.empty, this.table);
    this.area.addEventListener('pointermove', (event) => this.point(event));
    this.area.addEventListener('pointerdown', (event) => this.point(event));
    this.area.addEventListener('pointerleave', () => this.mark(-1));
    this.area.addEventListener('focus', () => { if (this.at < 0 && this.area.matches(':focus-visible')) this.mark(this.points.length - 1); });
    this.area.addEventListener('blur', () => this.mark(-1));
    this.area.addEventListener('keydown', (event) => this.key(event));
    new ResizeObserver(() => this.draw()).observe(this.area);
  }

  /** @param {Point[]} points @param {(string | number)[][]} rows */
  show(points, rows) {
    this.points = points;
    const none = points.length === 0;
    this.empty.hidden = !none;
    this.area.hidden = none;
    this.table.hidden = none;
    const numbered = rows.map((row, key) => ({ row, key }));
    keyed(this.rows, numbered, ({ key }) => key, ({ row }) =>
      el('tr', {}, ...row.map((_, n) => (n ? el('td') : el('th', { scope: 'row' })))),
    (line, { row }) => row.forEach((value, n) => text(line.children[n], value)));
    this.draw();
  }

  draw() {
    // In pixels, so that the letters keep their size at any width.
    const width = Math.floor(this.canvas.clientWidth);
    if (!this.points.length || width < 50) return;
    const { id, title, drawing } = this.of;
    const height = drawing.height(this.points);
    const most = this.points.reduce((a, b) => (b.value > a.value ? b : a));
    const told = `${this.points.length} values; the highest: ${most.said}. The table below has all of them.`;
    const image = svg('svg', { viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', 'aria-labelledby': `${id}-title ${id}-desc` },
      svg('title', { id: `${id}-title` }, title), svg('desc', { id: `${id}-desc` }, told));
    this.places = drawing.draw(image, width, this.points);
    this.canvas.replaceChildren(image);
    this.mark(Math.min(this.at, this.points.length - 1));
  }

  /** @param {PointerEvent} event */
  point(event) {
    const box = this.canvas.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    const lanes = this.points.some(({ lane }) => lane);
    const far = this.places.map((place) => Math.abs(place.x - x) + (lanes ? 3 * Math.abs(place.y - y) : 0));
    this.mark(far.indexOf(Math.min(...far)));
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const last = this.points.length - 1;
    /** @type {Record<string, number>} */
    const to = { ArrowRight: this.at + 1, ArrowLeft: this.at < 0 ? last : this.at - 1, Home: 0, End: last };
    if (!(event.key in to)) return;
    event.preventDefault();
    this.mark(Math.max(0, Math.min(to[event.key], last)));
  }

  /** Shows the value of a point. @param {number} n */
  mark(n) {
    this.at = n;
    this.canvas.querySelector('.on')?.classList.remove('on');
    this.tip.hidden = n < 0;
    const place = this.places[n];
    if (!place) return;
    place.mark.classList.add('on');
    text(this.tip, this.points[n].said);
    // It stays within the chart.
    const half = this.tip.offsetWidth / 2;
    const x = Math.max(half, Math.min(place.x, this.canvas.clientWidth - half));
    this.tip.style.transform = `translate(${x - half}px, ${Math.max(place.y - this.tip.offsetHeight - 8, 0)}px)`;
  }
}
