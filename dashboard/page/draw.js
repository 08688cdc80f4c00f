// @ts-check
import { svg } from './dom.js';

/**
 * @typedef {{ label: string, value: number, said: string, short?: string, lane?: string, failed?: boolean }} Point
 * @typedef {{ x: number, y: number, mark: Element }} Place where a point is drawn
 * @typedef {{ height: (points: Point[]) => number, draw: (on: Element, width: number, points: Point[]) => Place[] }} Drawing
 */

const HEIGHT = 210;
const TOP = 12;
const BOTTOM = 26;
const RIGHT = 14;
/** The width of a letter of an axis, roughly; the labels are given more room than they need. */
const LETTER = 7;

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** The step between the lines of an axis: 1, 2 or 5 of a power of ten. @param {number} most */
function stepTo(most) {
  const rough = Math.max(most, 1) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough) ?? 10 * power;
  return Math.max(step, 1);
}

const write = (/** @type {string} */ words, /** @type {number} */ x, /** @type {number} */ y, /** @type {string} */ anchor, name = 'axis') =>
  svg('text', { x, y, 'text-anchor': anchor, class: name }, words);

/** The axes. @param {Element} on @param {number} width @param {Point[]} points */
function frame(on, width, points) {
  const most = Math.max(...points.map(({ value }) => value));
  const step = stepTo(most);
  const top = Math.max(Math.ceil(most / step), 1) * step;
  const left = LETTER * compact.format(top).length + 12;
  const [high, low] = [TOP, HEIGHT - BOTTOM];
  const y = (/** @type {number} */ value) => low - ((low - high) * value) / top;
  for (let value = 0; value <= top; value += step) {
    on.append(svg('line', { x1: left, x2: width - RIGHT, y1: y(value), y2: y(value), class: value ? 'grid' : 'ground' }));
    on.append(write(compact.format(value), left - 7, y(value) + 4, 'end'));
  }
  const slot = (width - left - RIGHT) / points.length;
  const x = (/** @type {number} */ n) => left + slot * (n + 0.5);
  const longest = Math.max(...points.map(({ label }) => label.length)) * LETTER + 12;
  const each = Math.max(Math.ceil(longest / slot), 1);
  points.forEach(({ label }, n) => {
    if (n % each === 0) on.append(write(label, Math.min(x(n), width - (label.length * LETTER) / 2), HEIGHT - 7, 'middle'));
  });
  return { x, y, slot, low };
}

/** @type {Drawing} */
export const bars = {
  height: () => HEIGHT,
  draw(on, width, points) {
    const { x, y, slot, low } = frame(on, width, points);
    const thick = Math.max(Math.min(slot * 0.72, 28), 1.5);
    return points.map(({ value }, n) => {
      const tall = low - y(value);
      const round = Math.min(thick / 2, 3, tall);
      const [from, to] = [x(n) - thick / 2, x(n) + thick / 2];
      const path = `M${from} ${low}V${low - tall + round}q0 ${-round} ${round} ${-round}H${to - round}q${round} 0 ${round} ${round}V${low}z`;
      const mark = svg('path', { d: path, class: 'bar' });
      on.append(mark);
      return { x: x(n), y: y(value), mark };
    });
  },
};

/** @type {Drawing} */
export const area = {
  height: () => HEIGHT,
  draw(on, width, points) {
    const { x, y, low } = frame(on, width, points);
    const line = points.map(({ value }, n) => `${n ? 'L' : 'M'}${x(n).toFixed(1)} ${y(value).toFixed(1)}`).join('');
    on.append(svg('path', { d: `${line}L${x(points.length - 1)} ${low}L${x(0)} ${low}z`, class: 'area' }));
    on.append(svg('path', { d: line, class: 'line' }));
    return points.map(({ value }, n) => {
      const mark = svg('circle', { cx: x(n), cy: y(value), r: points.length === 1 ? 4 : 3, class: 'dot' });
      on.append(mark);
      return { x: x(n), y: y(value), mark };
    });
  },
};

const LANE = 52;
/** Room for how long the last one of a lane took. */
const LAST = 64;

/** A row for each lane, all on one scale: who is who is read, not guessed from a colour. @type {Drawing} */
export const lanes = {
  height: (points) => new Set(points.map(({ lane }) => lane)).size * LANE + 8,
  draw(on, width, points) {
    const names = [...new Set(points.map(({ lane }) => lane ?? ''))];
    const most = Math.max(...points.map(({ value }) => value), 1);
    const left = Math.max(...names.map((name) => name.length)) * LETTER + 16;
    const longest = Math.max(...names.map((name) => points.filter(({ lane }) => lane === name).length));
    const slot = Math.min((width - left - LAST) / longest, 40);
    const thick = Math.max(Math.min(slot * 0.7, 22), 2);
    const seen = new Map();
    names.forEach((name, row) => {
      const low = (row + 1) * LANE;
      on.append(write(name, 0, low - 4, 'start', 'axis lane'));
      on.append(svg('line', { x1: left, x2: width - LAST, y1: low, y2: low, class: 'ground' }));
      const last = points.filter(({ lane }) => lane === name).pop();
      on.append(write(last?.short ?? '', width, low - 4, 'end'));
    });
    return points.map(({ value, lane = '', failed }) => {
      const n = seen.get(lane) ?? 0;
      seen.set(lane, n + 1);
      const [low, x] = [(names.indexOf(lane) + 1) * LANE, left + slot * (n + 0.5)];
      const tall = Math.max(((LANE - 20) * value) / most, 2);
      const mark = svg('rect', { x: x - thick / 2, y: low - tall, width: thick, height: tall, rx: 2, class: failed ? 'bar bad' : 'bar' });
      on.append(mark);
      if (failed) on.append(write('×', x, low - tall - 3, 'middle', 'axis cross'));
      return { x, y: low - tall, mark };
    });
  },
};
