/* What differs between two parts of a config, value by value. Entries of lists that have a name are told apart by it. */
import { h } from './dom.js';
import { value } from './format.js';

function flatten(node, prefix, into) {
  if (Array.isArray(node) && node.length && node.every((entry) => entry && typeof entry === 'object' && !Array.isArray(entry))) {
    node.forEach((entry, i) => {
      const name = entry.name || entry.version || i;
      for (const [key, inner] of Object.entries(entry)) flatten(inner, prefix + '[' + name + '].' + key, into);
    });
  } else if (node && typeof node === 'object' && !Array.isArray(node) && Object.keys(node).length) {
    for (const [key, inner] of Object.entries(node)) flatten(inner, prefix ? prefix + '.' + key : key, into);
  } else if (node !== undefined && node !== null) {
    into.set(prefix, node);
  }
  return into;
}

/** Lists `{path, before, after}` in the order of the paths. */
export function between(before, after, prefix = '') {
  const old = flatten(before, prefix, new Map());
  const now = flatten(after, prefix, new Map());
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter((path) => JSON.stringify(old.get(path)) !== JSON.stringify(now.get(path)))
    .sort()
    .map((path) => ({ path, before: old.get(path), after: now.get(path) }));
}

/** What was decided about an experiment while it ran stands beside the rules; it is told as a part of them. */
function decided(change) {
  const found = change.path.match(/^overrides\.([^.]+)\.(.+)\.(\w+)$/);
  if (!found) return change;
  const [, task, experiment, key] = found;
  const words = (value) => key === 'rollout' && value !== undefined ? value / 1000 + ' %' : value || undefined;
  const [before, after] = [words(change.before), words(change.after)];
  return before === after || !['rollout', 'halted', 'paused'].includes(key) ? undefined
    : { path: `inference.${task}.experiments[${experiment}].decided.${key}`, before, after };
}

/** The changes of a revision, as the API lists them, value by value. */
export const ofRevision = (changes) => changes.flatMap((change) => between(change.before, change.after, change.path)).map(decided).filter(Boolean);

/** The tasks that changes are about. */
export const tasksOf = (changes) => [...new Set(ofRevision(changes)
  .map(({ path }) => path.match(/^inference\.([^.[]+)/)?.[1])
  .filter(Boolean))];

/** Draws changes as a table; what is gone and what is new are told by sign and word, not by colour alone. */
export function table(changes, { from = 'before', to = 'after', most = 60, caption = 'Changes' } = {}) {
  if (!changes.length) return h('p', { class: 'quiet' }, 'Nothing differs.');
  return [
    h('div', { class: 'scroll' }, h('table', { class: 'diff' },
      h('caption', { class: 'hidden' }, caption),
      h('thead', {}, h('tr', {}, ...['key', from, to].map((name) => h('th', { scope: 'col' }, name)))),
      h('tbody', {}, changes.slice(0, most).map(({ path, before, after }) => h('tr', {},
        h('th', { scope: 'row' }, h('code', {}, path.replace(/^inference\./, ''))),
        h('td', { class: 'old' }, before === undefined ? h('span', { class: 'quiet' }, 'not set') : ['− ', value(before)]),
        h('td', { class: 'new' }, after === undefined ? h('span', { class: 'quiet' }, 'removed') : ['+ ', value(after)])))))),
    changes.length > most && h('p', { class: 'quiet' }, `and ${changes.length - most} more`),
  ];
}
