// @ts-check
import { el, text } from './dom.js';

/** The server's clock less ours: "2 min ago" is right on a machine whose clock is not. */
let ahead = 0;

/** @param {string | null} date of an answer */
export function setClock(date) {
  const server = date ? Date.parse(date) : NaN;
  const difference = server - Date.now();
  // A difference of seconds is the way of the answer, not the clock.
  ahead = Math.abs(difference) > 10_000 ? difference : 0;
}

export const now = () => Date.now() + ahead;

const exactly = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });

/** @param {string} at */
export const exact = (at) => exactly.format(new Date(at));

/** @param {string} at */
export function ago(at) {
  const seconds = Math.round((now() - Date.parse(at)) / 1000);
  if (seconds < 5) return 'just now';
  if (seconds < 60) return `${seconds - (seconds % 5)} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  if (seconds < 30 * 86_400) return `${Math.floor(seconds / 86_400)} d ago`;
  return exact(at);
}

/** A time that stays true: how long ago, with the exact one on hover and for screen readers. @param {string} [at] */
export function moment(at) {
  const node = el('time', {}, el('span', { 'data-ago': true }), el('span', { class: 'unseen' }));
  if (at) showMoment(node, at);
  return node;
}

/** @param {Element} node @param {string} at */
export function showMoment(node, at) {
  node.setAttribute('datetime', at);
  node.setAttribute('title', exact(at));
  text(/** @type {Element} */ (node.firstElementChild), ago(at));
  text(/** @type {Element} */ (node.lastElementChild), ` (${exact(at)})`);
}

/** @type {(() => void)[]} */
const followers = [];

/** Calls `follower` every few seconds. @param {() => void} follower */
export const everyFewSeconds = (follower) => followers.push(follower);

setInterval(() => {
  for (const node of document.querySelectorAll('time[datetime] > [data-ago]')) {
    text(node, ago(/** @type {string} */ (node.parentElement?.getAttribute('datetime'))));
  }
  followers.forEach((follower) => follower());
}, 5000);

/** @param {number} ms */
export function duration(ms) {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
  return `${Math.floor(ms / 3_600_000)} h ${Math.round((ms % 3_600_000) / 60_000)} min`;
}
