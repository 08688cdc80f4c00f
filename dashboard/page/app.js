// @ts-check
import { ActivityList } from './activity.js';
import * as api from './api.js';
import { Card } from './card.js';
import { Charts } from './charts.js';
import { Details } from './details.js';
import { action, keyed, onPress, part, set, text } from './dom.js';
import { Errors } from './errors.js';
import { askForLogin } from './login.js';
import { SettingsDialog } from './settings.js';
import { follow } from './stream.js';
import { everyFewSeconds } from './time.js';
import { toast, toastError } from './toast.js';
import { SYNC, isRunning, look, plural, sentence, showLook, sums } from './words.js';

/** @type {Map<string, Card>} */
const cards = new Map();
const nameOf = (/** @type {string} */ id) => cards.get(id)?.card.name ?? id;
const board = /** @type {HTMLElement} */ (document.getElementById('board'));
const indicator = /** @type {HTMLElement} */ (document.querySelector('[data-live]'));
const problem = part(document, 'problem');
const activity = new ActivityList(nameOf);
const charts = new Charts(part(document, 'charts'), nameOf);
const dialogs = { settings: new SettingsDialog(), errors: new Errors(), details: new Details() };

/** The ends of syncs that were told, or were there before this window was. @type {Set<string>} */
const told = new Set();
const end = (/** @type {any} */ sync) => `${sync.id} ${sync.endedAt}`;
let stop = () => {};
const turn = api.turns();

/** @param {any} card */
function showCard(card) {
  const known = cards.get(card.id);
  if (known) known.show(card);
  else {
    const open = (/** @type {'settings' | 'errors' | 'details'} */ name) => (/** @type {string} */ id) => dialogs[name].open(cards.get(id)?.card);
    cards.set(card.id, new Card(card, { settings: open('settings'), errors: open('errors'), details: open('details') }));
  }
  dialogs.errors.show(card);
}

function showOverall() {
  const all = [...cards.values()].map(({ card }) => card);
  const those = (/** @type {string[]} */ ...statuses) => all.filter(({ status }) => statuses.includes(status));
  const [bad, fair, unset] = [those('failing'), those('degraded'), those('notConfigured')];
  const named = (/** @type {any[]} */ some) => some.map(({ name }) => name).join(', ');
  const overall = part(document, 'overall');
  if (bad.length) showLook(overall, { word: `Failing: ${named(bad)}`, glyph: 'cross', tone: 'bad' });
  else if (fair.length) showLook(overall, { word: `Degraded: ${named(fair)}`, glyph: 'warn', tone: 'fair' });
  else if (unset.length) showLook(overall, { word: `Not configured: ${named(unset)}`, glyph: 'plug', tone: 'calm' });
  else if (those('connected').length === all.length) showLook(overall, { word: `All ${all.length} are connected`, glyph: 'check', tone: 'good' });
  else showLook(overall, { word: 'Not all of them have been tested', glyph: 'ask', tone: 'calm' });
}

/** A sync that ended is told once, wherever it was begun. @param {any} sync */
function tellEnd(sync) {
  if (isRunning(sync) || told.has(end(sync))) return;
  told.add(end(sync));
  const { word, tone } = look(SYNC, sync.state);
  const level = tone === 'good' ? 'success' : tone === 'bad' ? 'error' : 'warning';
  const more = sync.message ? `${sums(sync)}. ${sentence(sync.message)}` : sums(sync);
  toast(level, `${nameOf(sync.integration)}: sync ${word.toLowerCase()}`, more);
}

async function load() {
  const [first, wanted] = [cards.size === 0, turn()];
  try {
    const all = await api.cards();
    if (!wanted()) return;
    all.forEach(showCard);
    keyed(part(document, 'cards'), all, ({ id }) => id, ({ id }) => /** @type {Card} */ (cards.get(id)).node);
    for (const { lastSync } of all) {
      // A sync that ended while we could not listen is told now.
      if (lastSync && first) told.add(end(lastSync));
      else if (lastSync) tellEnd(lastSync);
    }
    showOverall();
    await Promise.all([activity.load(), charts.load()]);
    problem.hidden = true;
  } catch (/** @type {any} */ error) {
    if (wanted()) {
      text(problem, `The figures could not be fetched: ${error.message}. It is tried again.`);
      problem.hidden = false;
    }
    throw error;
  }
}

/** @param {{type: string, data: any}} update */
function apply({ type, data }) {
  if (type === 'integration') {
    showCard(data);
    showOverall();
  } else if (type === 'sync') {
    cards.get(data.integration)?.sync(data);
    dialogs.details.update(data);
    tellEnd(data);
  } else if (type === 'activity') activity.add(data);
  else if (type === 'charts') charts.changed();
}

/** @param {boolean} on */
function showLive(on) {
  set(indicator, { 'data-live': on ? 'on' : 'off' });
  text(part(document, 'live'), on ? 'Live' : 'Reconnecting…');
}

async function start() {
  stop();
  let session = await api.session();
  text(part(document, 'version'), `connectors-dashboard ${session.version ?? ''}`);
  if (!session.loggedIn) {
    // Nothing of what was shown is left for whoever comes next.
    if (cards.size) return location.reload();
    showLook(part(document, 'overall'), { word: 'Not logged in', glyph: 'info', tone: 'calm' });
    indicator.hidden = true;
    session = await askForLogin();
    indicator.hidden = false;
  }
  board.hidden = false;
  action(document, 'sync-all').hidden = false;
  action(document, 'logout').hidden = !session.needsLogin;
  stop = follow({ load, apply, live: showLive, ended: begin });
}

let starting = false;

/** Starts, and tries again for as long as the server does not answer. */
function begin() {
  // Several requests may find at once that the session has ended.
  if (starting) return;
  starting = true;
  start().catch((error) => {
    showLook(part(document, 'overall'), { word: `${sentence(error.message)}. Trying again…`, glyph: 'warn', tone: 'fair' });
    setTimeout(begin, 3000);
  }).finally(() => { starting = false; });
}

onPress(action(document, 'sync-all'), async () => {
  const begun = await api.syncAll();
  for (const { integration, sync } of begun) {
    if (sync) cards.get(integration)?.begun(sync);
  }
  const refused = begun.filter((/** @type {any} */ { problem }) => problem);
  const why = refused.map((/** @type {any} */ { integration, problem }) => `${nameOf(integration)}: ${problem.message}`).join('. ');
  if (refused.length) toast('warning', `${plural(begun.length - refused.length, 'sync')} begun`, why);
}, (error) => toastError('No sync begun', error));

onPress(action(document, 'logout'), async () => {
  await api.logout();
  begin();
}, (error) => toastError('Not logged out', error));

api.onSessionEnd(begin);
everyFewSeconds(() => { for (const card of cards.values()) card.showQuotas(); });
begin();
