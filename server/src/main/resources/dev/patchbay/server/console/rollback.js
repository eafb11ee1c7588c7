/* Going back: what would change is shown before it is done. */
import { h } from './dom.js';
import { get, path, post } from './api.js';
import { between, table, tasksOf } from './diff.js';
import { moment, share } from './format.js';
import { decide } from './parts.js';

const section = (revision, task) => revision.content?.inference?.[task];

/**
 * What can be undone: experiments that get calls, and revisions whose rules of the task are not those in force. What
 * changed last comes first.
 */
async function undoable(task) {
  const [{ active, revisions }, { rollouts }] = await Promise.all([get('revisions'), get(path`rollout/${task}`)]);
  const now = section(await get(path`revisions/${active}`), task);
  const touching = revisions.filter((revision) => tasksOf(revision.changes).includes(task));
  const older = [];
  for (const { revision } of touching.slice(0, 12)) {
    const summary = revisions.find((each) => each.revision === revision - 1);
    if (summary) older.push(...await asChoice(task, now, summary.revision));
  }
  const running = rollouts.filter(({ state, percent }) => state !== 'halted' && percent > 0).map((rollout) => ({ rollout }));
  const decidedLast = touching.length > 0 && touching[0].changes.every((change) => change.path.startsWith('overrides'));
  return { active, now, choices: decidedLast ? [...running, ...older] : [...older, ...running] };
}

async function asChoice(task, now, number) {
  const revision = await get(path`revisions/${number}`);
  const rules = section(revision, task);
  return rules && between(now, rules).length ? [{ revision, rules }] : [];
}

const name = ({ rollout, revision, rules }) => rollout
  ? `before ${rollout.experiment}: no more calls for ${rollout.version}, which has ${share(rollout.percent)} now`
  : `revision ${revision.revision}: ${rules.default_version || 'no'} default · ${moment(revision.time)}, ${revision.author}: ${revision.reason}`;

function preview({ now }, { rollout, rules }) {
  const changes = rollout
    ? [{ path: `experiments[${rollout.experiment}].share`, before: share(rollout.percent), after: `none: ${rollout.control || 'the next rule'} answers` }]
    : between(now, rules);
  return [table(changes, { from: 'now', to: 'then', caption: 'What the rollback changes' }),
    h('p', { class: 'quiet' }, 'Every request that starts after this goes by it; calls inside end where they began. ',
      rollout ? 'A saved file does not bring the experiment back until somebody acknowledges on the page Rollout.' : 'The file is not touched: the history will say that they differ. What was decided about running experiments stays.')].flat(9).filter(Boolean);
}

async function perform(task, { active }, { rollout, revision }, who) {
  if (rollout) {
    await post(path`rollout/${task}/abort`, { experiment: rollout.experiment, ...who });
    return `${rollout.version} of ${task} gets no more calls; ${rollout.control || 'the next rule'} answers.`;
  }
  const done = await post('rollback', { task, to_revision: revision.revision, expected_revision: active, ...who });
  return `${task} is back to revision ${done.content_of}: ${done.default_version || 'no'} is the default. Revision ${done.revision} is in force.`;
}

/** Asks what to undo and why, and does it; `to` is a revision, or left out for what changed last. */
export async function rollBack(ctx, task, to) {
  let known;
  try {
    known = await undoable(task);
    if (to !== undefined && !known.choices.some(({ revision }) => revision?.revision === to)) known.choices.push(...await asChoice(task, known.now, to));
  } catch (error) {
    ctx.say(error.message);
    return;
  }
  if (!known.choices.length) {
    ctx.say(`Task ${task} was never routed otherwise: there is nothing to go back to.`);
    return;
  }
  let chosen = known.choices.find(({ revision }) => to !== undefined && revision?.revision === to) || known.choices[0];
  const shown = h('div', { class: 'preview' }, preview(known, chosen));
  const words = await decide({
    title: `Roll back ${task}`,
    body: [
      h('label', {}, 'Back to', h('select', {
        name: 'target',
        on: {
          change: (event) => {
            chosen = known.choices[event.target.selectedIndex];
            shown.replaceChildren(...preview(known, chosen));
          },
        },
      }, known.choices.map((choice) => h('option', { selected: choice === chosen }, name(choice))))),
      shown,
    ],
    action: 'Roll back now',
    danger: true,
    perform: ({ reason, author }) => perform(task, known, chosen, { reason, author }),
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
