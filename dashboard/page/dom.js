// @ts-check
// Small helpers. Text always goes in as text: nothing that a provider says is ever read as HTML.

/** @param {string} tag @param {Record<string, any>} [attributes] @param {(Node | string | null | undefined)[]} children */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  set(node, attributes);
  for (const child of children) {
    if (child !== null && child !== undefined && child !== '') node.append(child);
  }
  return node;
}

/** @param {Element} node @param {Record<string, any>} attributes `null` and `false` take one away */
export function set(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) node.removeAttribute(name);
    else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value === true ? '' : String(value));
  }
}

/** @param {string} tag @param {Record<string, any>} attributes @param {(Node | string)[]} children */
export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS('http://www.w3.org/2000/svg', tag);
  set(node, attributes);
  node.append(...children);
  return node;
}

/** Writes only what is new, so that a selection or a screen reader's place stays. @param {Element} node @param {any} value */
export function text(node, value) {
  const wanted = String(value ?? '');
  if (node.textContent !== wanted) node.textContent = wanted;
}

/** @param {Element | Document} root @param {string} name @returns {HTMLElement} */
export function part(root, name) {
  const found = root.querySelector(`[data-part="${name}"]`);
  if (!found) throw new Error(`the page has no part ${name}`);
  return /** @type {HTMLElement} */ (found);
}

/** @param {Element | Document} root @param {string} name @returns {HTMLButtonElement} */
export function action(root, name) {
  const found = root.querySelector(`[data-action="${name}"]`);
  if (!found) throw new Error(`the page has no action ${name}`);
  return /** @type {HTMLButtonElement} */ (found);
}

/** @param {string} id @returns {HTMLElement} */
export function template(id) {
  const found = /** @type {HTMLTemplateElement} */ (document.getElementById(id));
  return /** @type {HTMLElement} */ (found.content.firstElementChild?.cloneNode(true));
}

/**
 * Makes the children of `parent` those of `items`. A node that is there already stays, with its focus and what is open in it.
 * @template T
 * @param {Element} parent @param {T[]} items @param {(item: T) => string | number} key
 * @param {(item: T) => HTMLElement} make @param {(node: HTMLElement, item: T) => void} [update]
 */
export function keyed(parent, items, key, make, update) {
  const wanted = new Set(items.map((item) => String(key(item))));
  const there = new Map();
  for (const node of /** @type {HTMLElement[]} */ ([...parent.children])) {
    if (wanted.has(node.dataset.key ?? '')) there.set(node.dataset.key, node);
    else node.remove();
  }
  let place = parent.firstElementChild;
  for (const item of items) {
    const id = String(key(item));
    const node = there.get(id) ?? make(item);
    node.dataset.key = id;
    update?.(node, item);
    if (place && node === place) place = place.nextElementSibling;
    else parent.insertBefore(node, place);
  }
}

/**
 * Does the work of a button once at a time. The button keeps its focus meanwhile, which `disabled` would take away.
 * @param {HTMLButtonElement} button @param {() => Promise<void>} work @param {(error: any) => void} failed
 */
export function onPress(button, work, failed) {
  button.addEventListener('click', async () => {
    if (button.getAttribute('aria-disabled') === 'true' || button.getAttribute('aria-busy') === 'true') return;
    button.setAttribute('aria-busy', 'true');
    try {
      await work();
    } catch (error) {
      failed(error);
    } finally {
      button.removeAttribute('aria-busy');
    }
  });
}
