// @ts-check
import { icon } from './icon.js';
import { el } from './dom.js';

/** @typedef {{ word: string, glyph: any, tone: string }} Look */

/** @type {Record<string, Look>} */
export const STATUS = {
  connected: { word: 'Connected', glyph: 'check', tone: 'good' },
  degraded: { word: 'Degraded', glyph: 'warn', tone: 'fair' },
  failing: { word: 'Failing', glyph: 'cross', tone: 'bad' },
  notConfigured: { word: 'Not configured', glyph: 'plug', tone: 'calm' },
  unknown: { word: 'Unknown', glyph: 'ask', tone: 'calm' },
};

/** @type {Record<string, Look>} */
export const SYNC = {
  running: { word: 'Running', glyph: 'sync', tone: 'calm' },
  cancelling: { word: 'Cancelling', glyph: 'stop', tone: 'calm' },
  succeeded: { word: 'Succeeded', glyph: 'check', tone: 'good' },
  partial: { word: 'Done in part', glyph: 'warn', tone: 'fair' },
  failed: { word: 'Failed', glyph: 'cross', tone: 'bad' },
  cancelled: { word: 'Cancelled', glyph: 'stop', tone: 'fair' },
  interrupted: { word: 'Interrupted', glyph: 'warn', tone: 'fair' },
};

/** @type {Record<string, Look>} */
export const ITEM = {
  created: { word: 'Created', glyph: 'plus', tone: 'good' },
  updated: { word: 'Changed', glyph: 'pen', tone: 'good' },
  unchanged: { word: 'Unchanged', glyph: 'same', tone: 'calm' },
  failed: { word: 'Failed', glyph: 'cross', tone: 'bad' },
  unknown: { word: 'Unknown', glyph: 'ask', tone: 'fair' },
  running: { word: 'Under way', glyph: 'sync', tone: 'calm' },
  pending: { word: 'Not begun', glyph: 'clock', tone: 'calm' },
};

/** @type {Record<string, Look>} */
export const LEVEL = {
  info: { word: 'Info', glyph: 'info', tone: 'calm' },
  success: { word: 'Success', glyph: 'check', tone: 'good' },
  warning: { word: 'Warning', glyph: 'warn', tone: 'fair' },
  error: { word: 'Error', glyph: 'cross', tone: 'bad' },
};

/** @type {Record<string, string>} */
export const SOURCE = {
  none: 'No settings',
  sample: 'Sample data',
  environment: 'From the environment',
  stored: 'Entered here',
  application: 'Set up by the application',
};

/** What a newer server says is shown as it is. @param {Record<string, Look>} looks @param {string} name @returns {Look} */
export const look = (looks, name) => looks[name] ?? { word: name, glyph: 'info', tone: 'calm' };

/** A glyph and its word, in its colour. @param {Look} looked */
export const labelled = ({ word, glyph, tone }) => el('span', { class: `tone ${tone}` }, icon(glyph), el('span', {}, word));

/** Shows a look in `node`, unless it is there. @param {HTMLElement} node @param {Look} looked */
export function showLook(node, looked) {
  if (node.dataset.look === looked.word) return;
  node.dataset.look = looked.word;
  node.dataset.tone = looked.tone;
  node.replaceChildren(icon(looked.glyph), el('span', {}, looked.word));
}

const numbers = new Intl.NumberFormat('en');
/** @param {number} value */
export const number = (value) => numbers.format(value);

/** @param {number} n @param {string} noun */
export const plural = (n, noun) => `${number(n)} ${noun}${n === 1 ? '' : 's'}`;

/** @param {any} sync */
export const isRunning = (sync) => sync.state === 'running' || sync.state === 'cancelling';

/** How many events are settled. @param {any} sync */
export const settled = (sync) => sync.total - sync.pending;

/** The sums of a sync that are not zero; they add up to its total. @param {any} sync */
export function sums(sync) {
  const named = [
    ['created', sync.created], ['changed', sync.updated], ['unchanged', sync.unchanged],
    ['failed', sync.failed], ['unknown', sync.unknown], ['not begun', sync.pending],
  ];
  const told = named.filter(([, n]) => n > 0).map(([word, n]) => `${number(n)} ${word}`);
  return `${plural(sync.total, 'event')}${told.length ? `: ${told.join(', ')}` : ''}`;
}

/** Messages of the API begin small and end without a stop. @param {string | null | undefined} message */
export function sentence(message) {
  if (!message) return '';
  return `${message[0].toUpperCase()}${message.slice(1)}`;
}

/** What is wrong and what to do about it, which some messages say already. @param {any} error */
export function explained({ message, hint }) {
  const told = !hint || message.includes(hint);
  return told ? sentence(message) : `${sentence(message)}. ${sentence(hint)}`;
}
