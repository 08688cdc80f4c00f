// @ts-check
import { session, url } from './api.js';

const NAMES = ['integration', 'sync', 'activity', 'charts', 'reset'];
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 20_000;

/**
 * Follows what changes. The browser's own way of connecting again gives up at an answer that is an error, so it is done here.
 * @param {{
 *   load: () => Promise<void>, apply: (update: any) => void,
 *   live: (on: boolean) => void, ended: () => void,
 * }} on `load` fetches everything, `apply` takes an update, `ended` is called when somebody has to log in
 * @returns {() => void} stops it
 */
export function follow(on) {
  /** @type {EventSource | null} */
  let source = null;
  /** @type {string | null} the last update that was applied */
  let last = null;
  /** @type {any[] | null} updates that wait until everything is fetched */
  let waiting = null;
  let pause = FIRST_PAUSE;
  let timer = 0;
  let stopped = false;

  async function load() {
    /** @type {any[]} */
    const mine = [];
    waiting = mine;
    await on.load();
    // Another load has begun: it is newer.
    if (waiting !== mine) return;
    waiting = null;
    mine.forEach(on.apply);
    on.live(true);
    pause = FIRST_PAUSE;
  }

  function connect() {
    const mine = (source = new EventSource(url('stream', { last })));
    const begin = () => load().catch(() => mine === source && again());
    mine.onopen = () => {
      if (last === null) begin();
      else {
        on.live(true);
        pause = FIRST_PAUSE;
      }
    };
    mine.onerror = () => mine === source && again();
    for (const name of NAMES) {
      mine.addEventListener(name, (event) => {
        if (mine !== source) return;
        const { data, lastEventId } = /** @type {MessageEvent} */ (event);
        if (lastEventId) last = lastEventId;
        if (name === 'reset') begin();
        else if (waiting) waiting.push(JSON.parse(data));
        else on.apply(JSON.parse(data));
      });
    }
  }

  function again() {
    source?.close();
    source = null;
    // What was fetched in part is fetched whole the next time.
    if (waiting) [waiting, last] = [null, null];
    on.live(false);
    // Windows that lost the same server do not all come back at once.
    timer = window.setTimeout(async () => {
      try {
        const { loggedIn } = await session();
        if (stopped) return;
        if (loggedIn) connect();
        else on.ended();
      } catch {
        if (!stopped) again();
      }
    }, pause * (0.75 + Math.random() / 2));
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  }

  connect();
  return () => {
    stopped = true;
    source?.close();
    source = null;
    clearTimeout(timer);
  };
}
