// @ts-check
import * as api from './api.js';
import { dialog } from './dialog.js';
import { action, el, onPress, part, set, text } from './dom.js';
import { icon } from './icon.js';
import { duration, moment, now } from './time.js';
import { toast } from './toast.js';
import { explained, sentence } from './words.js';

/** @type {Record<string, string>} */
const SOURCES = {
  none: 'Nothing is set yet.',
  sample: 'It shows sample data until a key is entered here.',
  environment: 'These settings come from the environment. What is saved here takes their place; the secrets must be entered again.',
  stored: 'These settings were entered here and are kept encrypted.',
  application: 'The application sets this integration up. It can be tested here, and changed there.',
};

/** The dialog with the settings of an integration. */
export class SettingsDialog {
  constructor() {
    this.dialog = dialog('settings', () => this.forget());
    const { node } = this.dialog;
    this.form = /** @type {HTMLFormElement} */ (part(node, 'settings'));
    this.fields = part(node, 'fields');
    this.problem = part(node, 'form-error');
    this.result = part(node, 'test-result');
    this.confirm = part(node, 'confirm');
    /** @type {any} */
    this.card = null;
    /** @type {any} */
    this.settings = null;
    const failed = (/** @type {any} */ error) => this.showProblem(error);
    // Saved by the button or by Enter in a field.
    const save = action(node, 'save');
    save.type = 'button';
    onPress(save, () => this.save(), failed);
    this.form.addEventListener('submit', (event) => event.preventDefault());
    this.form.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && event.target instanceof HTMLInputElement) save.click();
    });
    onPress(action(node, 'test'), () => this.test(), failed);
    action(node, 'remove').addEventListener('click', () => {
      this.confirm.hidden = false;
      action(node, 'confirm-remove').focus();
    });
    const kept = () => {
      this.confirm.hidden = true;
      (action(node, 'remove').hidden ? action(node, 'test') : action(node, 'remove')).focus();
    };
    action(node, 'keep').addEventListener('click', kept);
    onPress(action(node, 'confirm-remove'), async () => {
      const { card } = this;
      const settings = await api.forget(card.id);
      toast('success', `${card.name}: settings removed`);
      // The dialog may be closed by now, or show another one's.
      if (this.card?.id !== card.id) return;
      this.show(settings);
      kept();
    }, failed);
  }

  /** @param {any} card */
  async open(card) {
    this.card = card;
    // Until they are there, nothing can be saved: what is not shown would be taken for emptied.
    this.settings = null;
    for (const name of ['save', 'remove']) action(this.dialog.node, name).hidden = true;
    text(part(this.dialog.node, 'title'), `Settings of ${card.name}`);
    this.fields.replaceChildren();
    this.result.replaceChildren();
    this.confirm.hidden = true;
    this.showProblem(null);
    text(part(this.dialog.node, 'source'), 'Loading…');
    this.dialog.open();
    try {
      const settings = await api.settings(card.id);
      if (this.card?.id === card.id) this.show(settings);
    } catch (error) {
      if (this.card?.id === card.id) this.showProblem(error);
    }
  }

  /** What was typed is gone with the dialog. */
  forget() {
    this.card = null;
    this.fields.replaceChildren();
  }

  /** @param {any} settings */
  show(settings) {
    this.settings = settings;
    const { node } = this.dialog;
    text(part(node, 'source'), SOURCES[settings.source] ?? '');
    action(node, 'save').hidden = !settings.editable;
    action(node, 'remove').hidden = settings.source !== 'stored';
    this.showProblem(null);
    const choice = settings.contracts.length > 1 ? this.contractChoice(settings) : [];
    this.fields.replaceChildren(...choice, ...settings.fields.map((/** @type {any} */ field) => this.field(field)));
    this.showContract();
  }

  /** @param {any} settings */
  contractChoice({ contracts, contract, editable }) {
    const chosen = contract ?? contracts[0].value;
    const radios = contracts.map((/** @type {any} */ { value, label }) => {
      const radio = el('input', { type: 'radio', name: 'contract', value, checked: value === chosen, disabled: !editable, 'data-field': 'contract' });
      radio.addEventListener('change', () => this.showContract());
      return el('label', { class: 'radio' }, radio, el('span', {}, sentence(label)));
    });
    return [el('fieldset', { 'data-field-of': 'contract', 'aria-describedby': 'error-contract' },
      el('legend', {}, 'Contract'), ...radios, el('p', { class: 'error', id: 'error-contract' }))];
  }

  get contract() {
    const chosen = /** @type {HTMLInputElement | null} */ (this.form.querySelector('input[name=contract]:checked'));
    return chosen?.value ?? this.settings.contract;
  }

  /** Only the fields of the chosen contract are shown. */
  showContract() {
    for (const { name, contract } of this.settings.fields) {
      const field = /** @type {HTMLElement} */ (this.fields.querySelector(`[data-field-of="${name}"]`));
      field.hidden = !this.applies({ contract });
    }
  }

  /** @param {any} field */
  field({ name, label, help, secret, required, default: fallback, value }) {
    const { editable, source } = this.settings;
    const kept = secret && value && source === 'stored';
    const describedBy = [`help-${name}`, secret && value && `set-${name}`, `error-${name}`].filter(Boolean).join(' ');
    const input = el('input', {
      id: `field-${name}`, name, 'data-field': name, type: secret ? 'password' : 'text', autocomplete: 'off',
      autocapitalize: 'off', spellcheck: 'false', 'aria-describedby': describedBy, 'aria-required': required && !kept ? 'true' : null,
      disabled: !editable, placeholder: kept ? 'unchanged' : fallback, value: secret ? null : value,
    });
    return el('div', { class: 'field', 'data-field-of': name },
      el('label', { for: `field-${name}` }, label, required ? null : el('span', { class: 'optional' }, ' optional')),
      input,
      el('p', { class: 'help', id: `help-${name}` }, sentence(help), fallback ? ` · ${fallback} unless set` : null),
      secret && value ? el('p', { class: 'set', id: `set-${name}` }, icon('check'), `Set: ${value}`) : null,
      el('p', { class: 'error', id: `error-${name}` }));
  }

  /** A client calls its settings by the end of our names: `api_url`. @param {string} field */
  nameOf(field) {
    const end = `_${field.toUpperCase()}`;
    const { fields } = this.settings;
    return fields.find((/** @type {any} */ { name }) => name === field || name.endsWith(end))?.name ?? field;
  }

  /** @param {string} name @returns {HTMLInputElement | null} */
  input(name) {
    return this.fields.querySelector(`input[data-field="${CSS.escape(name)}"]`);
  }

  /** @param {any} field */
  applies({ contract }) {
    return !contract || contract === this.contract;
  }

  /** What differs from what is kept. What comes from elsewhere is not kept yet, so that it is sent along. */
  change() {
    const { fields, contracts, contract, source } = this.settings;
    /** @type {{contract?: string, values: Record<string, string | null>}} */
    const change = { values: {} };
    for (const field of fields) {
      if (!this.applies(field)) continue;
      const typed = this.input(field.name)?.value.trim() ?? '';
      const before = field.secret ? '' : field.value ?? '';
      if (typed !== before || (source !== 'stored' && typed)) change.values[field.name] = typed || null;
    }
    const anew = this.contract !== contract || source !== 'stored';
    if (contracts.length > 1 && anew) change.contract = this.contract;
    return change;
  }

  /** Whether something was entered that is not saved. */
  isChanged() {
    if (!this.settings) return false;
    const { fields, contract } = this.settings;
    const differs = (/** @type {any} */ { name, secret, value }) => (this.input(name)?.value.trim() ?? '') !== (secret ? '' : value ?? '');
    return fields.some(differs) || this.contract !== contract && contract !== null;
  }

  async save() {
    this.showProblem(null);
    const change = this.change();
    if (!Object.keys(change.values).length && (this.settings.source !== 'stored' || !change.contract)) {
      this.showProblem({ message: 'nothing was changed' });
      return;
    }
    const { card, settings: { fields, source } } = this;
    const missing = fields.find((/** @type {any} */ field) => field.required && this.applies(field)
      && !this.input(field.name)?.value.trim() && !(field.secret && field.value && source === 'stored'));
    if (missing) {
      this.showProblem({ field: missing.name, message: 'this is needed' });
      return;
    }
    const settings = await api.configure(card.id, change);
    toast('success', `${card.name}: settings saved`, 'Test the connection to see whether they work.');
    if (this.card?.id === card.id) this.show(settings);
  }

  async test() {
    this.showProblem(null);
    const { card } = this;
    const unsaved = this.isChanged();
    this.result.replaceChildren(el('p', { class: 'help' }, 'Testing…'));
    let report;
    try {
      report = await api.test(card.id);
    } catch (error) {
      this.result.replaceChildren();
      throw error;
    }
    if (this.card?.id !== card.id) return;
    const tone = report.connected ? 'good' : report.status === 'throttled' ? 'fair' : 'bad';
    const line = (/** @type {any} */ value) => (value ? el('p', {}, value) : null);
    this.result.replaceChildren(el('div', { class: 'outcome', 'data-tone': tone, 'data-status': report.status },
      icon(report.connected ? 'check' : 'cross'),
      el('div', {},
        unsaved ? line('This is about the settings as they were saved last, not about what was changed since.') : null,
        el('p', {}, el('strong', {}, report.connected ? 'It works. ' : 'It does not work. '), report.explanation),
        line(report.hint && sentence(report.hint)),
        line(report.identity && `As ${report.identity}`),
        el('p', { class: 'help' }, `Took ${duration(report.elapsedMs)} · `, moment(new Date(now()).toISOString())))));
  }

  /** At the field that it is about, or above all. @param {any} error */
  showProblem(error) {
    for (const wrong of this.fields.querySelectorAll('[aria-invalid]')) wrong.removeAttribute('aria-invalid');
    for (const said of this.fields.querySelectorAll('.error')) text(said, '');
    const input = error?.field ? this.input(this.nameOf(error.field)) : null;
    const place = input && this.fields.querySelector(`#error-${CSS.escape(input.dataset.field ?? '')}`);
    const hidden = !input || Boolean(input.closest('[hidden]'));
    this.problem.hidden = !error || !hidden;
    text(this.problem, error && hidden ? explained(error) : '');
    if (!input || !place || hidden) return;
    // Which field it is need not be said beside it.
    text(place, explained({ ...error, message: error.message.split(`${error.field}: `).pop() }));
    set(input, { 'aria-invalid': 'true' });
    input.focus();
  }
}
