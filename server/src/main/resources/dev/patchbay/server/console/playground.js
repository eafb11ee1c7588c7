/* Ask a task something, as a caller does, and see who answered and why. */
import { h } from './dom.js';
import { call, get, path } from './api.js';
import { decimals } from './format.js';
import { between, table as differences } from './diff.js';
import { empty, failure, head, keep, note, panel, someTask, state, taskPicker } from './parts.js';
import { example, form } from './schemaform.js';

const quoted = (text) => "'" + text.replaceAll("'", "'\\''") + "'";

const parsed = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

function answer(one) {
  if (one instanceof Error) return failure(one);
  const json = parsed(one.body);
  const ok = one.status === 200;
  return h('div', { class: 'answer' },
    h('p', { class: 'verdict' }, state(ok ? 'answered' : 'failed', `${one.status}`), ' ', one.version && ['by ', h('b', { class: 'version' }, one.version)], ` in ${decimals(one.took, 1)} ms as the browser saw it`),
    h('dl', { class: 'facts' }, [['route', one.route], ['request id', one.request]].filter(([, text]) => text).map(([name, text]) => [h('dt', {}, name), h('dd', {}, h('code', {}, text))])),
    !ok && json?.errors?.length ? h('ul', { class: 'plain' }, json.errors.map((error) => h('li', {}, h('code', {}, error.path), ' ', error.message))) : '',
    h('pre', { tabindex: '0', 'aria-label': 'Answer' }, json === undefined ? one.body : JSON.stringify(json, null, 2)));
}

function ways(task, sent) {
  const tenant = sent.tenant ? ` --tenant ${sent.tenant}` : '';
  const pin = sent.version ? ` --version ${sent.version}` : '';
  const body = JSON.stringify(parsed(sent.text) ?? sent.text);
  return h('details', {}, h('summary', {}, 'The same on the command line'),
    h('pre', { tabindex: '0', 'aria-label': 'Commands' }, `patchbay try ${task} ${quoted(body)}${tenant}${pin}\n\ncurl localhost:8080/v1/inference/${task}${sent.version ? '/versions/' + sent.version : ''} -H 'content-type: application/json'${sent.tenant ? ` -H 'inference-tenant: ${sent.tenant}'` : ''} \\\n  -d ${quoted(body)}`),
    h('p', { class: 'quiet' }, '8080 is the gateway’s usual port.'));
}

/** The form keeps itself: what somebody types is not drawn again. */
function asking(ctx, described) {
  const schema = described.request_schema;
  const start = parsed(keep('asked.' + described.task) || '') ?? example(schema);
  let fields = form(schema, start);
  let raw = false;
  const text = h('textarea', { id: 'raw', rows: 18, spellcheck: 'false', class: 'code' });
  const wrong = h('div', { role: 'alert' });
  const body = h('div', {}, fields.node);
  const current = () => (raw ? text.value : JSON.stringify(fields.read(), null, 2));
  const toggle = h('button', {
    type: 'button',
    'aria-pressed': 'false',
    on: {
      click: () => {
        try {
          if (raw) {
            fields = form(schema, JSON.parse(text.value));
            body.replaceChildren(fields.node);
          } else {
            text.value = current();
            body.replaceChildren(h('label', { for: 'raw' }, 'Request as JSON'), text);
          }
          raw = !raw;
          wrong.replaceChildren();
          toggle.textContent = raw ? 'As a form' : 'As JSON';
        } catch (error) {
          wrong.replaceChildren(note('bad', 'This is not JSON: ' + error.message));
        }
      },
    },
  }, 'As JSON');
  const versions = described.versions.filter(({ state: label }) => label === 'ready').map(({ version }) => version);
  const choice = (name, first) => h('select', { name }, h('option', { value: '' }, first), versions.map((version) => h('option', { value: version }, version)));
  return h('form', {
    class: 'stack',
    own: true,
    key: described.task,
    on: {
      submit: async (event) => {
        event.preventDefault();
        const inputs = event.target.elements;
        let sent;
        try {
          sent = { text: current(), tenant: inputs.tenant.value.trim(), version: inputs.version.value };
        } catch (error) {
          wrong.replaceChildren(note('bad', 'A field does not hold JSON: ' + error.message));
          return;
        }
        wrong.replaceChildren();
        keep('asked.' + described.task, sent.text);
        ctx.kept.sent = { ...sent, pending: true };
        ctx.draw();
        const asked = [call(described.task, sent.version, sent.tenant, sent.text)];
        if (inputs.beside.value) asked.push(call(described.task, inputs.beside.value, sent.tenant, sent.text));
        ctx.kept.answers = await Promise.all(asked.map((one) => one.catch((error) => error)));
        ctx.kept.sent = sent;
        ctx.draw();
      },
    },
  },
  h('div', { class: 'row' },
    h('label', {}, 'Tenant', h('input', { name: 'tenant', placeholder: 'none', autocomplete: 'off' })),
    h('label', {}, 'Version', choice('version', 'as routed')),
    h('label', {}, 'Compare with', choice('beside', 'nothing'))),
  h('div', { class: 'row end' }, toggle, h('button', {
    type: 'button',
    on: {
      click: () => {
        fields = form(schema, example(schema));
        text.value = JSON.stringify(example(schema), null, 2);
        if (!raw) body.replaceChildren(fields.node);
      },
    },
  }, 'Start over')),
  body, wrong,
  h('div', { class: 'buttons' }, h('button', { type: 'submit', class: 'primary' }, 'Send')));
}

export default {
  title: 'Playground',
  every: 15000,

  async load(ctx) {
    const task = await someTask(ctx);
    if (!task) return {};
    if (!ctx.task) ctx.settle(task);
    return get(path`tasks/${task}`);
  },

  view(data, ctx) {
    if (!data.task) return [head('Playground'), empty('There are no tasks yet. Put a module into the modules folder.')];
    const { answers, sent } = ctx.kept;
    const results = answers?.filter((one) => !(one instanceof Error)).map((one) => parsed(one.body));
    return [
      head('Playground', { about: ['Ask ', h('b', {}, data.task), data.description ? ': ' + data.description : ''], actions: [taskPicker(ctx)] }),
      h('div', { class: 'columns' },
        panel('Request', {}, data.request_schema ? asking(ctx, data) : empty('No version is ready, so there is no schema to make a form from.')),
        panel('Answer', { 'aria-live': 'polite' },
          sent?.pending ? h('p', { class: 'quiet' }, 'Asking …') : !answers && empty('Nothing was asked yet. A call from here is a real call: it is counted, measured and routed like any other.'),
          !sent?.pending && answers && [
            answers.map(answer),
            results.length === 2 && results.every(Boolean) && [h('h3', {}, 'Where they differ'), differences(between(results[0], results[1]), { from: 'first', to: 'second', caption: 'Differences of the answers' })],
            ways(data.task, sent),
          ])),
    ];
  },
};
