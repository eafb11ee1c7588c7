/* What pages are made of. */
import { h } from './dom.js';
import { get, Problem, Unreachable } from './api.js';
import { plural } from './format.js';

const STATES = {
  ready: ['✔', 'ok'], running: ['▶', 'ok'], complete: ['✔', 'ok'], pass: ['✔', 'ok'], chosen: ['✔', 'ok'], answered: ['✔', 'ok'], live: ['✔', 'ok'],
  discovered: ['◌', 'wait'], loading: ['◌', 'wait'], warming: ['◌', 'wait'], draining: ['◌', 'wait'], paused: ['‖', 'wait'], inconclusive: ['◌', 'wait'], retired: ['◌', 'wait'],
  hold: ['▲', 'warn'], warn: ['▲', 'warn'], leaked: ['▲', 'warn'], open: ['▲', 'warn'],
  failed: ['✖', 'bad'], quarantined: ['✖', 'bad'], unreachable: ['✖', 'bad'], halted: ['■', 'bad'], fail: ['✖', 'bad'], error: ['✖', 'bad'],
};

/** A state as sign, word and colour. */
export function state(label, word = label) {
  const [sign, tone] = STATES[label] || ['·', 'wait'];
  return h('span', { class: 'state ' + tone }, h('span', { 'aria-hidden': 'true' }, sign + ' '), word);
}

/** A note that is to be seen. */
export const note = (tone, ...content) => h('div', { class: 'note ' + tone }, h('span', { class: 'sign', 'aria-hidden': 'true' }, { ok: '✔', warn: '▲', bad: '✖', info: 'i' }[tone]), h('div', {}, ...content));

export const panel = (title, props, ...content) => {
  const id = 'panel-' + title.toLowerCase().replace(/[^a-z]+/g, '-');
  return h('section', { class: 'panel', 'aria-labelledby': id, ...props }, h('h2', { id }, title), ...content);
};

export const empty = (...words) => h('p', { class: 'empty' }, ...words);

/** A table. A column has `title` (or, if it is only to be heard, `label`), `cell(row)`, and `num` if its values are numbers; the first names the row. */
export function table({ caption, columns, rows, key, none }) {
  if (!rows.length) return empty(none || 'There is nothing here.');
  return h('div', { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': caption },
    h('table', {},
      h('caption', { class: 'hidden' }, caption),
      h('thead', {}, h('tr', {}, columns.map((column) => h('th', { scope: 'col', class: column.num && 'num' }, column.title || h('span', { class: 'hidden' }, column.label))))),
      h('tbody', {}, rows.map((row) => h('tr', { key: key && key(row) }, columns.map((column, i) => {
        const content = column.cell(row);
        return i ? h('td', { class: column.num && 'num' }, content) : h('th', { scope: 'row' }, content);
      }))))));
}

/** What a request that failed says, and what to do. */
export function failure(error, retry) {
  if (error instanceof Unreachable) {
    return note('bad', h('strong', {}, 'The gateway does not answer.'), h('p', {}, 'Is it running? It is asked again every few seconds.'));
  }
  return note('bad', h('strong', {}, error.message),
    error instanceof Problem && h('p', { class: 'quiet' }, [error.code, error.status, error.requestId].filter(Boolean).join(' · ')),
    retry && h('p', {}, h('button', { type: 'button', on: { click: retry } }, 'Try again')));
}

/** Shares side by side with their names, as a bar and as words. */
export function split(parts, { words = true } = {}) {
  const sum = parts.reduce((all, part) => all + part.value, 0);
  if (!sum) return h('span', { class: 'quiet' }, 'no calls');
  const shown = parts.filter((part) => part.value > 0);
  const told = (part) => `${part.name} ${Math.round((100 * part.value) / sum)} %`;
  return h('span', { class: 'split' },
    h('span', { class: 'bar', 'aria-hidden': 'true' }, shown.map((part) => h('span', { class: 'fill series' + (part.series % 6), style: { 'flex-grow': part.value / sum } }))),
    h('span', { class: words ? 'words' : 'hidden' }, shown.map((part) => h('span', {}, h('i', { class: 'dot series' + (part.series % 6), 'aria-hidden': 'true' }), told(part)))));
}

/** A field to go to another task by its name, with those that fit. */
export function taskPicker(ctx) {
  const list = h('datalist', { id: 'task-names', own: true });
  const suggest = async (text) => {
    try {
      const { rows } = await get('overview?limit=20&filter=' + encodeURIComponent(text));
      document.getElementById('task-names')?.replaceChildren(...rows.map(({ task }) => h('option', { value: task })));
      return rows;
    } catch {
      return [];
    }
  };
  return h('form', {
    class: 'picker',
    role: 'search',
    on: {
      submit: async (event) => {
        event.preventDefault();
        const wanted = event.target.elements.task.value.trim();
        const rows = await suggest(wanted);
        const found = rows.find(({ task }) => task === wanted) || rows[0];
        if (found) ctx.go(ctx.page, found.task);
        else ctx.say(`There is no task like '${wanted}'.`);
      },
    },
  },
  h('label', {}, 'Task ', h('input', {
    name: 'task', list: 'task-names', value: ctx.task, autocomplete: 'off', spellcheck: 'false', key: 'picker-' + ctx.task,
    on: {
      focus: (event) => suggest(event.target.value === ctx.task ? '' : event.target.value),
      input: (event) => suggest(event.target.value),
      change: (event) => event.target.form.requestSubmit(),
    },
  })), list, h('button', { type: 'submit' }, 'Show'));
}

/** The head of a page: its name, what it is about, and what can be done. */
export const head = (title, { about, actions } = {}) => h('div', { class: 'head' },
  h('div', {}, h('h1', { id: 'title', tabindex: '-1' }, title), about && h('p', { class: 'about' }, about)),
  actions && h('div', { class: 'actions' }, actions));

export function keep(name, value) {
  try {
    if (value === undefined) return localStorage.getItem('patchbay.' + name);
    localStorage.setItem('patchbay.' + name, value);
  } catch { /* a browser that keeps nothing */ }
  return value;
}

/**
 * Asks for a reason and does it. `body` is what will be true then; `perform({reason, author})` does it and gives the
 * words for when it is done. A refusal is shown, and the question stays open.
 */
export function decide({ title, body, action, danger, perform, extra }) {
  const refused = h('div', { role: 'alert' });
  const button = h('button', { type: 'submit', class: danger ? 'danger' : 'primary' }, action);
  const dialog = h('dialog', { 'aria-labelledby': 'dialog-title' },
    h('form', {
      method: 'dialog',
      on: {
        submit: async (event) => {
          event.preventDefault();
          const fields = event.target.elements;
          button.disabled = true;
          refused.replaceChildren();
          keep('author', fields.author.value.trim());
          try {
            const words = await perform({ reason: fields.reason.value.trim(), author: fields.author.value.trim(), fields });
            dialog.close();
            dialog.dispatchEvent(new CustomEvent('done', { detail: words }));
          } catch (error) {
            refused.replaceChildren(failure(error));
          } finally {
            button.disabled = false;
          }
        },
      },
    },
    h('h2', { id: 'dialog-title' }, title),
    h('div', { class: 'body' }, body),
    extra,
    h('label', {}, 'Reason, for the history', h('input', { name: 'reason', required: true, maxlength: '300', autocomplete: 'off' })),
    h('label', {}, 'Your name', h('input', { name: 'author', required: true, maxlength: '100', autocomplete: 'username', value: keep('author') || '' })),
    refused,
    h('div', { class: 'buttons' }, h('button', { type: 'button', on: { click: () => dialog.close() } }, 'Cancel'), button)));
  dialog.onclose = () => dialog.remove();
  document.getElementById('dialogs').append(dialog);
  dialog.showModal();
  dialog.querySelector('input[name=reason]').focus();
  return new Promise((done) => dialog.addEventListener('done', (event) => done(event.detail)));
}

/** Events as a list, the newest first. */
export function events(list, { most = 8, none = 'Nothing happened since the gateway started.' } = {}) {
  if (!list.length) return empty(none);
  return h('ol', { class: 'events' }, list.slice(-most).reverse().map((event) => h('li', { key: event.number },
    h('time', { datetime: event.time, title: event.time }, new Date(event.time).toLocaleTimeString('en-GB')),
    state(event.level === 'info' ? 'info' : event.level, event.kind),
    h('span', {}, event.task && [h('a', { href: '#/task/' + encodeURIComponent(event.task) }, event.task), ' '], event.message))));
}

/** Rows of which only a part is drawn, with a way to the others. */
export function pages(total, shown, offset, step, go, what) {
  if (total <= shown && !offset) return h('p', { class: 'quiet count' }, plural(total, what));
  return h('p', { class: 'pages' },
    h('span', {}, `${offset + 1}–${offset + shown} of ${plural(total, what)}`),
    h('button', { type: 'button', disabled: offset === 0, on: { click: () => go(Math.max(0, offset - step)) } }, 'Previous'),
    h('button', { type: 'button', disabled: offset + shown >= total, on: { click: () => go(offset + step) } }, 'Next'));
}

/** The task a page is about: the one in the address, or the busiest. */
export async function someTask(ctx) {
  if (ctx.task) return ctx.task;
  const known = keep('task');
  const { rows } = await get('overview?limit=1&sort=traffic' + (known ? '&filter=' + encodeURIComponent(known) : ''));
  const first = rows[0] || (known ? (await get('overview?limit=1&sort=traffic')).rows[0] : undefined);
  return first && first.task;
}

export const taskLink = (task) => h('a', { href: '#/task/' + encodeURIComponent(task) }, task);
