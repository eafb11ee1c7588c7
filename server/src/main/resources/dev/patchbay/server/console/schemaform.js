/* A form made from a JSON Schema, as the gateway gives it for a request. What has no form of its own is JSON text. */
import { h } from './dom.js';

function resolve(schema, root) {
  let found = schema || {};
  for (let i = 0; found.$ref && i < 20; i++) {
    const target = found.$ref === '#' ? root : found.$ref.replace(/^#\//, '').split('/').reduce((node, key) => node?.[key], root);
    found = { ...target, ...Object.fromEntries(Object.entries(found).filter(([key]) => key !== '$ref')) };
  }
  return found;
}

const typeOf = (schema) => (Array.isArray(schema.type) ? schema.type.find((type) => type !== 'null') : schema.type);

const FORMATS = { 'date-time': '2026-03-02T18:30:00Z', date: '2026-03-02', duration: 'PT30S', uuid: '00000000-0000-4000-8000-000000000000', email: 'someone@example.com', uri: 'https://example.com' };

/** A value that fits a schema, as far as that can be known. */
export function example(schema, root = schema, depth = 0) {
  const own = resolve(schema, root);
  if (own.default !== undefined) return own.default;
  if (own.examples?.length) return own.examples[0];
  if (own.enum) return own.enum[0];
  if (own.const !== undefined) return own.const;
  switch (typeOf(own)) {
    case 'object': return depth > 6 ? {} : Object.fromEntries(Object.entries(own.properties || {}).filter(([name]) => (own.required || []).includes(name)).map(([name, inner]) => [name, example(inner, root, depth + 1)]));
    case 'array': return depth > 6 ? [] : Array.from({ length: Math.min(own.minItems || 1, 20) }, () => example(own.items || {}, root, depth + 1));
    case 'integer':
    case 'number': {
      const least = own.minimum ?? (own.exclusiveMinimum !== undefined ? own.exclusiveMinimum + 1 : 0);
      const value = own.maximum !== undefined && own.maximum < 10 && own.minimum === 0 && typeOf(own) === 'number' ? own.maximum / 2 : Math.max(least, own.maximum === undefined || own.maximum >= 1 ? 1 : least);
      return value;
    }
    case 'boolean': return false;
    case 'string': return FORMATS[own.format] || 'text'.padEnd(own.minLength || 0, '.').slice(0, own.maxLength ?? 100);
    default: return null;
  }
}

let last = 0;

/** What a field may hold, in words. */
function limits(schema) {
  const words = [];
  if (schema.description) words.push(schema.description);
  if (schema.format) words.push(schema.format);
  const bound = (key, word) => schema[key] !== undefined && Math.abs(schema[key]) < 2147483647 && words.push(word + ' ' + schema[key]);
  bound('minimum', 'from');
  bound('exclusiveMinimum', 'above');
  bound('maximum', 'to');
  bound('exclusiveMaximum', 'below');
  bound('minLength', 'at least');
  bound('maxLength', 'at most');
  return words.join(', ');
}

/**
 * Makes a field. It gives `{node, read}`; `read()` gives the value now, or undefined if it is left out, and throws what
 * is wrong.
 */
function field(name, schema, root, value, required, depth) {
  const own = resolve(schema, root);
  const id = 'field-' + ++last;
  const hint = limits(own);
  const title = [name, !required && h('small', {}, ' optional')];
  const labelled = (input, read) => ({ node: h('div', { class: 'field' }, h('label', { for: id }, title), input, hint && h('small', { id: id + '-hint' }, hint)), read });
  const common = { id, 'aria-describedby': hint ? id + '-hint' : undefined, spellcheck: 'false', autocomplete: 'off' };
  const type = typeOf(own);
  if (own.enum) {
    const input = h('select', common, !required && h('option', { value: '' }, 'not given'), own.enum.map((each, i) => h('option', { value: i + 1, selected: each === value }, String(each))));
    return labelled(input, () => (input.value ? own.enum[input.value - 1] : undefined));
  }
  if (type === 'boolean') {
    const input = h('select', common, !required && h('option', { value: '' }, 'not given'), ['false', 'true'].map((word) => h('option', { value: word, selected: String(value) === word }, word)));
    return labelled(input, () => (input.value ? input.value === 'true' : undefined));
  }
  if (type === 'integer' || type === 'number') {
    const input = h('input', { ...common, inputmode: 'decimal', value: value ?? '' });
    return labelled(input, () => {
      if (input.value.trim() === '') return undefined;
      const number = Number(input.value);
      return Number.isNaN(number) ? input.value : number;
    });
  }
  if (type === 'string') {
    const long = (own.maxLength === undefined || own.maxLength > 200) && !own.format && String(value ?? '').length > 60;
    const input = h(long ? 'textarea' : 'input', long ? { ...common, rows: 3 } : { ...common, value: value ?? '' });
    if (long) input.value = value ?? '';
    return labelled(input, () => (input.value === '' && !required ? undefined : input.value));
  }
  if (type === 'object' && own.properties && depth < 5) {
    const inner = object(own, root, value, depth + 1);
    return { node: h('fieldset', {}, h('legend', {}, title), hint && h('small', {}, hint), inner.node), read: () => { const read = inner.read(); return !required && !Object.keys(read).length ? undefined : read; } };
  }
  if (type === 'array' && own.items && typeOf(resolve(own.items, root)) !== 'array' && depth < 5) return list(name, own, root, value, required, depth, title, hint);
  const input = h('textarea', { ...common, rows: 4 });
  input.value = value === undefined ? '' : JSON.stringify(value, null, 1);
  return labelled(input, () => (input.value.trim() ? JSON.parse(input.value) : undefined));
}

function list(name, own, root, value, required, depth, title, hint) {
  const entries = [];
  const inside = h('div', { class: 'entries' });
  const draw = () => inside.replaceChildren(...entries.map((entry, i) => h('div', { class: 'entry' }, entry.node, h('button', {
    type: 'button', 'aria-label': `Remove ${name} ${i + 1}`, on: { click: () => { entries.splice(i, 1); draw(); } },
  }, 'Remove'))));
  const add = (one) => entries.push(field(`${name} ${entries.length + 1}`, own.items, root, one, true, depth + 1));
  const given = Array.isArray(value) ? value : [];
  // a long list is text: a form of hundreds of fields helps nobody
  if (given.length > 8) {
    const id = 'field-' + ++last;
    const input = h('textarea', { id, rows: 8, spellcheck: 'false' });
    input.value = JSON.stringify(given, null, 1);
    return { node: h('div', { class: 'field' }, h('label', { for: id }, title), input, hint && h('small', {}, hint)), read: () => JSON.parse(input.value) };
  }
  given.forEach(add);
  draw();
  return {
    node: h('fieldset', {}, h('legend', {}, title), hint && h('small', {}, hint), inside, h('p', {}, h('button', { type: 'button', on: { click: () => { add(example(own.items, root)); draw(); } } }, `Add to ${name}`))),
    read: () => (entries.length || required ? entries.map((entry) => entry.read()) : undefined),
  };
}

function object(schema, root, value, depth) {
  const required = schema.required || [];
  const fields = Object.entries(schema.properties || {}).map(([name, inner]) => [name, field(name, inner, root, value?.[name], required.includes(name), depth)]);
  return {
    node: h('div', { class: 'fields' }, fields.map(([, { node }]) => node)),
    read: () => Object.fromEntries(fields.map(([name, { read }]) => [name, read()]).filter(([, read]) => read !== undefined)),
  };
}

/** Makes a form's fields for a schema, filled with a value. */
export const form = (schema, value) => object(resolve(schema, schema), schema, value, 0);
