/* Going back: what would change is shown before it is done. */
import { h } from './dom.js';
import { get, path, post } from './api.js';
import { between, table, tasksOf } from './diff.js';
import { moment } from './format.js';
import { decide } from './parts.js';

const section = (revision, task) => revision.content?.inference?.[task];

/** The revisions whose rules of the task are not those in force, the newest first. */
async function targets(task) {
  const { active, revisions } = await get('revisions');
  const number = (n) => revisions.find(({ revision }) => revision === n);
  const now = await get(path`revisions/${active}`);
  const before = revisions.filter((revision) => tasksOf(revision.changes).includes(task)).map(({ revision }) => number(revision - 1)).filter(Boolean);
  const found = [];
  for (const summary of before.slice(0, 12)) {
    const full = await get(path`revisions/${summary.revision}`);
    const rules = section(full, task);
    if (rules && between(section(now, task), rules).length) found.push({ summary, rules });
  }
  return { active, now: section(now, task), found };
}

const name = ({ summary, rules }) => `revision ${summary.revision}: ${rules.default_version || 'no'} default · ${moment(summary.time)}, ${summary.author}: ${summary.reason}`;

/** Asks for a reason and puts older rules of a task in force; `to` is a revision, or left out for those before. */
export async function rollBack(ctx, task, to) {
  let known;
  try {
    known = await targets(task);
  } catch (error) {
    ctx.say(error.message);
    return;
  }
  if (to !== undefined && !known.found.some(({ summary }) => summary.revision === to)) {
    const full = await get(path`revisions/${to}`);
    const rules = section(full, task);
    if (rules && between(known.now, rules).length) known.found.push({ summary: full, rules });
  }
  if (!known.found.length) {
    ctx.say(`Task ${task} was never routed otherwise: there is nothing to go back to.`);
    return;
  }
  let chosen = known.found.find(({ summary }) => summary.revision === to) || known.found[0];
  const preview = h('div', { class: 'preview' });
  const draw = () => preview.replaceChildren(
    ...[table(between(known.now, chosen.rules), { from: 'now', to: 'then', caption: 'What the rollback changes' })].flat(9).filter(Boolean),
    h('p', { class: 'quiet' }, 'Every request that starts after this goes by it; calls inside end where they began. The file is not touched: the history will say that they differ.'));
  draw();
  const words = await decide({
    title: `Roll back ${task}`,
    body: [
      h('label', {}, 'Back to', h('select', {
        name: 'target',
        on: {
          change: (event) => {
            chosen = known.found[event.target.selectedIndex];
            draw();
          },
        },
      }, known.found.map((target) => h('option', { selected: target === chosen }, name(target))))),
      preview,
    ],
    action: 'Roll back now',
    danger: true,
    perform: async ({ reason, author }) => {
      const done = await post('rollback', { task, to_revision: chosen.summary.revision, expected_revision: known.active, reason, author });
      return `${task} is back to revision ${done.content_of}: ${done.default_version || 'no'} is the default. Revision ${done.revision} is in force.`;
    },
  });
  ctx.say(words);
  ctx.refresh();
}

/** The button, in two sizes. */
export const rollBackButton = (ctx, task, { big = false, to } = {}) => h('button', {
  type: 'button',
  class: big ? 'danger big' : 'danger',
  'aria-keyshortcuts': big && 'r',
  'aria-label': big ? undefined : `Roll back ${task}`,
  on: { click: () => rollBack(ctx, task, to) },
}, 'Roll back…');
