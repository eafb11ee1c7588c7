'use strict';

const element = (name, text, attributes = {}) => {
  const node = document.createElement(name);
  if (text !== undefined) node.textContent = text;
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
};

/* Makes a request that fits a schema, so that the form begins with something that can be sent. */
const example = (schema, root, depth = 0) => {
  if (schema.$ref) {
    const target = schema.$ref === '#' ? root : root.$defs[schema.$ref.replace('#/$defs/', '')];
    return depth > 6 ? null : example(target, root, depth + 1);
  }
  if (schema.default !== undefined) return schema.default;
  if (schema.enum) return schema.enum[0];
  switch (schema.type) {
    case 'object': {
      const object = {};
      for (const name of schema.required || []) {
        if (schema.properties && schema.properties[name]) object[name] = example(schema.properties[name], root, depth + 1);
      }
      return object;
    }
    case 'array': return Array.from({ length: Math.min(schema.minItems || 0, 1000) }, () => example(schema.items || {}, root, depth + 1));
    case 'integer':
    case 'number': {
      const least = schema.minimum ?? (schema.exclusiveMinimum !== undefined ? schema.exclusiveMinimum + 1 : undefined);
      return least === undefined || least < -1e6 ? 0 : least;
    }
    case 'boolean': return false;
    case 'string':
      return { 'date-time': '2026-03-02T18:30:00Z', date: '2026-03-02', duration: 'PT30S', uuid: '00000000-0000-4000-8000-000000000000' }[schema.format] || 'text';
    default: return null;
  }
};

const typeOf = (schema) => {
  if (schema.$ref) return schema.$ref.replace('#/$defs/', '');
  if (schema.enum) return schema.enum.map((v) => JSON.stringify(v)).join(' | ');
  if (schema.type === 'array') return 'list of ' + typeOf(schema.items || {});
  return [schema.type, schema.format].filter(Boolean).join(', ');
};

const limitsOf = (schema) => ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'minLength', 'maxLength', 'minItems', 'maxItems', 'pattern', 'default']
  .filter((key) => schema[key] !== undefined && Math.abs(Number(schema[key])) !== 2147483647 && Number(schema[key]) !== -2147483648)
  .map((key) => key + ' ' + schema[key]).join(', ');

const fieldTable = (schema, title) => {
  const table = element('table');
  const head = element('thead');
  const row = element('tr');
  for (const name of [title, 'type', 'limits', '']) row.append(element('th', name, { scope: 'col' }));
  head.append(row);
  const body = element('tbody');
  const add = (prefix, object) => {
    for (const [name, property] of Object.entries(object.properties || {})) {
      const line = element('tr');
      const cell = element('th', undefined, { scope: 'row' });
      cell.append(element('code', prefix + name));
      line.append(cell, element('td', typeOf(property)), element('td', limitsOf(property)),
        element('td', [(object.required || []).includes(name) ? '' : 'optional', property.description].filter(Boolean).join(' · ')));
      body.append(line);
    }
  };
  add('', schema);
  for (const [name, definition] of Object.entries(schema.$defs || {})) add(name + '.', definition);
  table.append(head, body);
  return table;
};

const tryForm = (task) => {
  const form = element('form');
  const id = 'body-' + task.task;
  const area = element('textarea', JSON.stringify(example(task.request_schema, task.request_schema), null, 2), { id, spellcheck: 'false' });
  const output = element('pre', '', { 'aria-live': 'polite', hidden: '' });
  form.append(element('label', 'Request', { for: id }), area, element('button', 'Send', { type: 'submit' }), output);
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    output.hidden = false;
    output.textContent = 'Asking…';
    const answer = await fetch('/v1/inference/' + task.task, { method: 'POST', headers: { 'content-type': 'application/json' }, body: area.value });
    const text = await answer.text();
    let shown = text;
    try { shown = JSON.stringify(JSON.parse(text), null, 2); } catch (e) { /* shown as it came */ }
    const facts = ['inference-version', 'inference-route', 'inference-request-id'].map((name) => [name, answer.headers.get(name)]).filter(([, value]) => value);
    output.textContent = answer.status + '\n' + facts.map(([name, value]) => name + ': ' + value).join('\n') + '\n\n' + shown;
  });
  return form;
};

const section = (task) => {
  const box = element('section');
  box.append(element('h2', task.task));
  if (task.description) box.append(element('p', task.description));
  const facts = element('p', 'POST /v1/inference/' + task.task + ' · owner ' + task.owner + ' · default ' + (task.default_version || 'none') + ' · ');
  facts.append(element('span', task.health === 'up' ? '✔ up' : '✖ down', { class: 'state ' + task.health }));
  box.append(facts, element('p', 'Versions: ' + task.versions.map((v) => v.version + ' ' + v.state).join(', ')));
  if (task.request_schema) {
    const details = element('details');
    details.append(element('summary', 'Fields and a form to try it'), fieldTable(task.request_schema, 'request'), fieldTable(task.response_schema, 'answer'), tryForm(task));
    box.append(details);
  }
  return box;
};

const show = async () => {
  const main = document.getElementById('tasks');
  const list = await (await fetch('/v1/tasks')).json();
  const tasks = await Promise.all(list.tasks.map(async (t) => (await fetch('/v1/tasks/' + t.task)).json()));
  main.replaceChildren(...(tasks.length ? tasks.map(section) : [element('p', 'There are no tasks yet. Put a module into the modules folder.')]));
};

show().catch((error) => document.getElementById('tasks').replaceChildren(element('p', 'The catalogue cannot be read: ' + error.message)));
