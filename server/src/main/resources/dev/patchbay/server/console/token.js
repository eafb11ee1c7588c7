/* The token of a gateway that asks for one: asked once, kept for this tab, never in an address. */
import { h } from './dom.js';

const NAME = 'patchbay.token';
let held = '';
let asking;
let declined = false;

/** The token as far as it is known. */
export function token() {
  try {
    return sessionStorage.getItem(NAME) || held;
  } catch { /* a browser that keeps nothing */ }
  return held;
}

function keep(value) {
  held = value;
  try {
    sessionStorage.setItem(NAME, value);
  } catch { /* it is kept until the page is left */ }
}

/** Whether somebody is asked right now. */
export const isAsking = () => !!asking;

/** Lets somebody who did not answer be asked again. */
export const askAgain = () => {
  declined = false;
};

/** Asks for a token because `refused` was not accepted, and tells whether there is another one now. */
export function enter(refused) {
  if (token() !== refused) return Promise.resolve(true);
  if (declined) return Promise.resolve(false);
  asking ||= new Promise((done) => {
    const field = h('input', { type: 'password', name: 'token', required: true, autocomplete: 'current-password', spellcheck: 'false' });
    const dialog = h('dialog', { 'aria-labelledby': 'token-title' },
      h('form', {
        method: 'dialog',
        on: {
          submit: (event) => {
            event.preventDefault();
            keep(field.value.trim());
            dialog.close('entered');
          },
        },
      },
      h('h2', { id: 'token-title' }, 'This gateway asks for a token'),
      refused && h('p', { role: 'alert' }, 'The token that was entered is not the one it was started with.'),
      h('p', {}, 'It is what ', h('code', {}, 'PATCHBAY_ADMIN_TOKEN'), ' was when the gateway was started. This tab keeps it until it is closed.'),
      h('label', {}, 'Token', field),
      h('div', { class: 'buttons' }, h('button', { type: 'button', on: { click: () => dialog.close() } }, 'Cancel'), h('button', { type: 'submit', class: 'primary' }, 'Continue'))));
    dialog.onclose = () => {
      dialog.remove();
      asking = undefined;
      declined = dialog.returnValue !== 'entered';
      done(!declined);
    };
    document.getElementById('dialogs').append(dialog);
    dialog.showModal();
    field.focus();
  });
  return asking;
}
