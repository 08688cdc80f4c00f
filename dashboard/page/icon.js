// @ts-check
import { svg } from './dom.js';

const PATHS = {
  check: 'M5 12.5l4.5 4.5L19 7.5',
  warn: 'M12 8v5m0 3.5v.01M10.6 4.2L2.9 17.6A1.6 1.6 0 0 0 4.3 20h15.4a1.6 1.6 0 0 0 1.4-2.4L13.4 4.2a1.6 1.6 0 0 0-2.8 0z',
  cross: 'M6.5 6.5l11 11m0-11l-11 11',
  info: 'M12 11v6m0-9.5v.01M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0z',
  ask: 'M9 9.2a3 3 0 1 1 4.4 2.6c-.9.5-1.4 1-1.4 2.2m0 3v.01M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0z',
  plug: 'M9 3v5m6-5v5M6 8h12v3a6 6 0 0 1-12 0zm6 9v4',
  sync: 'M20 5v5h-5M4 19v-5h5M5.5 9.5A7 7 0 0 1 18.6 8L20 10M18.500 14.500A7 7 0 0 1 5.400 16L4 14',
  clock: 'M12 7v5l3 2M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0z',
  stop: 'M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0zM8.500 12h7',
  plus: 'M12 5v14M5 12h14',
  pen: 'M4 20l1-4L16 5l3 3L8 19z',
  same: 'M5 9.500h14M5 14.500h14',
};

/** A small picture next to words that say the same. @param {keyof typeof PATHS} name */
export function icon(name) {
  const path = svg('path', { d: PATHS[name] });
  return svg('svg', { viewBox: '0 0 24 24', class: 'glyph', 'aria-hidden': 'true', focusable: 'false' }, path);
}
