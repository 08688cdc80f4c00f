// @ts-check
import { setClock } from './time.js';

/** Next to this file, wherever the dashboard is nested. */
const root = new URL('api/', import.meta.url);

/** What the API answers a failed request with. */
export class ApiError extends Error {
  /** @param {number} status @param {{kind?: string, message?: string, hint?: string, field?: string}} problem */
  constructor(status, problem, retryAfter = 0) {
    super(problem.message || `the dashboard answered with ${status}`);
    this.status = status;
    this.kind = problem.kind;
    this.hint = problem.hint;
    this.field = problem.field;
    this.retryAfter = retryAfter;
  }
}

/** @type {string | null} */
let csrf = null;
let sessionEnded = () => {};

/** The server gives up earlier, so that whoever waits for longer waits for nothing. */
const PATIENCE = 90_000;

/** Tells an answer that is still wanted from one that comes after the answer to a later question. */
export function turns() {
  let [asked, answered] = [0, 0];
  return () => {
    const mine = ++asked;
    return () => {
      answered = Math.max(mine, answered);
      return mine === answered;
    };
  };
}

/** @param {() => void} handler is called when somebody has to log in */
export const onSessionEnd = (handler) => { sessionEnded = handler; };

/** @param {string} path @param {Record<string, any>} [query] */
export function url(path, query = {}) {
  const address = new URL(path, root);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null) address.searchParams.set(name, String(value));
  }
  return address;
}

/** @param {string} method @param {string} path @param {{query?: Record<string, any>, body?: any}} options */
async function send(method, path, { query, body } = {}) {
  /** @type {Record<string, string>} */
  const headers = {};
  if (method !== 'GET' && csrf) headers['x-csrf-token'] = csrf;
  if (body !== undefined) headers['content-type'] = 'application/json';
  let response, said;
  try {
    response = await fetch(url(path, query), {
      method, headers, signal: AbortSignal.timeout(PATIENCE), credentials: 'same-origin', cache: 'no-store',
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    said = await response.text();
  } catch {
    throw new ApiError(0, { message: 'the dashboard does not answer', hint: 'is it still running?' });
  }
  setClock(response.headers.get('date'));
  let answer = null;
  try {
    answer = said ? JSON.parse(said) : null;
  } catch {
    // What is not JSON comes from something in between; its status says enough.
  }
  if (response.ok) return answer;
  throw new ApiError(response.status, answer ?? {}, Number(response.headers.get('retry-after')) || 0);
}

/** @param {any} answer */
function began(answer) {
  csrf = answer.csrf;
  return answer;
}

export const session = async () => began(await send('GET', 'session'));
/** @param {string} token */
export const login = async (token) => began(await send('POST', 'login', { body: { token } }));
export const logout = () => send('POST', 'logout');

/**
 * A request that needs a session. One that has ended, or was begun anew by another window, is taken up where that needs
 * no login.
 * @param {string} method @param {string} path @param {{query?: Record<string, any>, body?: any}} [options]
 */
async function ask(method, path, options) {
  const used = csrf;
  try {
    return await send(method, path, options);
  } catch (error) {
    if (!(error instanceof ApiError) || (error.status !== 401 && error.status !== 403)) throw error;
    const { loggedIn } = await session();
    // It was refused before anything was done, so it may be sent again.
    if (loggedIn && (error.status === 401 || csrf !== used)) return send(method, path, options);
    if (!loggedIn) sessionEnded();
    throw error;
  }
}

/** @param {string} id */
const at = (id) => `integrations/${encodeURIComponent(id)}`;

/** @param {string} id */
export const settings = (id) => ask('GET', `${at(id)}/settings`);
/** @param {string} id @param {any} change */
export const configure = (id, change) => ask('PUT', `${at(id)}/settings`, { body: change });
/** @param {string} id */
export const forget = (id) => ask('DELETE', `${at(id)}/settings`);
/** @param {string} id */
export const test = (id) => ask('POST', `${at(id)}/test`);
/** @param {string} id */
export const sync = (id) => ask('POST', `${at(id)}/sync`);
export const syncAll = () => ask('POST', 'sync');
/** @param {number} id */
export const cancel = (id) => ask('POST', `syncs/${id}/cancel`);
/** @param {number} id */
export const resume = (id) => ask('POST', `syncs/${id}/resume`);
/** @param {number} id */
export const oneSync = (id) => ask('GET', `syncs/${id}`);
/** @param {number} id */
export const items = (id) => ask('GET', `syncs/${id}/items`);
/** @param {Record<string, any>} query */
export const syncs = (query) => ask('GET', 'syncs', { query });
/** @param {string} id @param {Record<string, any>} query */
export const errors = (id, query) => ask('GET', `${at(id)}/errors`, { query });
/** @param {Record<string, any>} query */
export const activity = (query) => ask('GET', 'activity', { query });
export const cards = () => ask('GET', 'integrations');
export const charts = () => ask('GET', 'charts');
