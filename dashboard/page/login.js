// @ts-check
import { login } from './api.js';
import { part, set, text } from './dom.js';

const section = /** @type {HTMLElement} */ (document.getElementById('login'));
const form = /** @type {HTMLFormElement} */ (part(section, 'login'));
const field = /** @type {HTMLInputElement} */ (document.getElementById('token'));
const problem = /** @type {HTMLElement} */ (document.getElementById('token-error'));

/** Asks for the token until it is right. @returns {Promise<any>} the session */
export function askForLogin() {
  section.hidden = false;
  field.focus();
  return new Promise((resolve) => {
    form.onsubmit = async (event) => {
      event.preventDefault();
      if (form.getAttribute('aria-busy') === 'true') return;
      set(form, { 'aria-busy': 'true' });
      try {
        const session = await login(field.value);
        // It is not left in the page for whoever comes next.
        form.reset();
        text(problem, '');
        set(field, { 'aria-invalid': null });
        section.hidden = true;
        resolve(session);
      } catch (/** @type {any} */ error) {
        const wait = error.retryAfter ? ` Try again in ${error.retryAfter} s.` : '';
        text(problem, error.status === 401 ? 'This is not the token.' : `${error.message}.${wait}`);
        set(field, { 'aria-invalid': 'true' });
        field.select();
      } finally {
        set(form, { 'aria-busy': null });
      }
    };
  });
}
