// @ts-check
import { el, part } from './dom.js';
import { icon } from './icon.js';
import { LEVEL, explained } from './words.js';

const SHOWN = 8000;
const AT_MOST = 4;

const region = part(document, 'toasts');
const polite = part(region, 'toasts-polite');
const assertive = part(region, 'toasts-assertive');
const announcer = part(region, 'announcer');

/** An open dialog makes all else inert, so the toasts are shown within it. */
export function placeToasts() {
  const home = [...document.querySelectorAll('dialog[open]')].pop() ?? document.body;
  if (region.parentElement !== home) home.append(region);
}

/**
 * Tells something, without taking the focus. Errors stay until they are dismissed.
 * @param {'success' | 'info' | 'warning' | 'error'} level @param {string} title @param {string} [more]
 */
export function toast(level, title, more) {
  placeToasts();
  const close = el('button', { type: 'button', class: 'icon', 'aria-label': 'Dismiss', 'data-action': 'dismiss' }, icon('cross'));
  const { glyph, tone, word } = LEVEL[level];
  const node = el('div', { class: 'toast', 'data-toast': level, 'data-tone': tone },
    icon(glyph),
    el('div', {}, el('p', {}, el('span', { class: 'unseen' }, `${word}: `), el('strong', {}, title)), more ? el('p', {}, more) : null),
    close);
  const home = level === 'error' ? assertive : polite;
  home.append(node);
  const all = region.querySelectorAll('[data-toast]');
  if (all.length > AT_MOST) all[0].remove();
  close.addEventListener('click', () => node.remove());
  if (level === 'error') return;
  let timer = 0;
  const hold = () => clearTimeout(timer);
  const run = () => { hold(); timer = window.setTimeout(() => node.remove(), SHOWN); };
  // Who reads it, or is about to dismiss it, is given the time.
  for (const name of ['pointerenter', 'focusin']) node.addEventListener(name, hold);
  for (const name of ['pointerleave', 'focusout']) node.addEventListener(name, run);
  run();
}

/** A failed request. @param {string} what @param {any} error */
export function toastError(what, error) {
  if (error.status !== 401) toast('error', what, explained(error));
}

const QUIET = 10_000;
let spoken = -QUIET;

/** Tells screen readers of a progress, not more often than somebody can listen to. @param {string} message */
export function announce(message) {
  if (performance.now() - spoken < QUIET) return;
  spoken = performance.now();
  placeToasts();
  announcer.textContent = message;
}
