// @ts-check
import { action } from './dom.js';
import { icon } from './icon.js';
import { placeToasts } from './toast.js';

/** A dialog of the page. It closes by Escape, its button and a press outside, and gives the focus back. @param {string} id */
export function dialog(id, closed = () => {}) {
  const node = /** @type {HTMLDialogElement} */ (document.getElementById(id));
  const close = action(node, 'close');
  close.append(icon('cross'));
  close.addEventListener('click', () => node.close());
  // The press must begin outside, too: a selection that ends there is none.
  node.addEventListener('pointerdown', (event) => { if (event.target === node) node.close(); });
  /** @type {HTMLElement | null} */
  let opener = null;
  node.addEventListener('close', () => {
    placeToasts();
    closed();
    // The browser does the same, unless what opened it was hidden for a while.
    if (opener?.isConnected) opener.focus();
  });
  return {
    node,
    open() {
      opener = /** @type {HTMLElement | null} */ (document.activeElement);
      if (!node.open) node.showModal();
      placeToasts();
    },
  };
}
