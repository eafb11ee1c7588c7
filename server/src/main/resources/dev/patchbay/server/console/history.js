/* Every revision of the config: who, when, why, what; and the way back to it. */
import { h } from './dom.js';
import { get, path } from './api.js';
import { count, moment, plural } from './format.js';
import { ofRevision, table as differences, tasksOf } from './diff.js';
import { empty, head, note, pages, panel, state, table, taskLink } from './parts.js';
import { rollBack } from './rollback.js';

const ROWS = 30;

const SOURCES = { start: 'start', file: 'file', rollback: 'rollback', halt: 'halt', rollout: 'rollout' };

function config(status) {
  return [
    status.problems.length > 0 && note('bad', h('strong', {}, 'The config file is refused'), `, revision ${status.revision} stays in force.`,
      h('ul', { class: 'plain' }, status.problems.map((problem) => h('li', {}, problem.line ? `line ${problem.line}: ` : '', problem.path && [h('code', {}, problem.path), ' '], problem.message)))),
    status.waiting_for.length > 0 && note('warn', h('strong', {}, 'A saved config waits'), ' for ', status.waiting_for.join(', ')),
    status.differs_from_file.length > 0 && note('warn', h('strong', {}, 'What is in force differs from the file'), ' for ', status.differs_from_file.map((task, i) => [i ? ', ' : '', taskLink(task)]), ', because somebody decided so while the gateway ran. Saving the file with other rules for the task ends that.'),
  ];
}

function one(data, ctx) {
  const { revision, active } = data;
  const changed = ofRevision(revision.changes);
  const since = ofRevision([{ path: '', before: active.content, after: revision.content }]);
  const tasks = tasksOf([{ path: 'inference', before: active.content.inference, after: revision.content.inference }]).filter((task) => revision.content.inference?.[task]);
  const isActive = revision.revision === active.revision;
  return panel(`Revision ${revision.revision}`, { key: 'revision-' + revision.revision },
    h('p', {}, h('b', {}, revision.author), `, ${moment(revision.time)}, by ${SOURCES[revision.source] || revision.source}: ${revision.reason} `, isActive && state('ready', 'in force')),
    !isActive && (tasks.length
      ? h('div', { class: 'actions' }, tasks.slice(0, 12).map((task) => h('button', { type: 'button', class: 'danger', on: { click: () => rollBack(ctx, task, revision.revision) } }, `Roll ${task} back to this…`)), tasks.length > 12 && h('span', { class: 'quiet' }, `and ${tasks.length - 12} more tasks`))
      : h('p', { class: 'quiet' }, 'The rules of every task it has are those in force.')),
    h('h3', {}, 'What it changed'),
    differences(changed, { caption: `What revision ${revision.revision} changed` }),
    !isActive && [h('h3', {}, `What differs from revision ${active.revision}, in force`), differences(since, { from: `revision ${active.revision}, in force`, to: `revision ${revision.revision}`, caption: 'Differences from what is in force' })],
    h('details', {}, h('summary', {}, 'All of its content'), h('pre', { tabindex: '0', 'aria-label': 'Content' }, JSON.stringify(revision.content, null, 2))));
}

export default {
  title: 'History',
  every: 4000,

  async load(ctx) {
    const status = await get('status');
    if (ctx.kept.known !== status.revision) {
      const { revisions } = await get('revisions');
      ctx.kept.list = revisions.map((revision) => ({ ...revision, tasks: tasksOf(revision.changes), count: ofRevision(revision.changes).length }));
      ctx.kept.known = status.revision;
      ctx.kept.opened = undefined;
    }
    const wanted = Number(ctx.query.get('revision') || status.revision);
    if (ctx.kept.opened?.revision.revision !== wanted && wanted > 0) {
      const [revision, active] = await Promise.all([get(path`revisions/${wanted}`), get(path`revisions/${status.revision}`)]);
      ctx.kept.opened = { revision, active };
    }
    return { status, list: ctx.kept.list, opened: ctx.kept.opened };
  },

  view(data, ctx) {
    const { query } = ctx;
    const wanted = (query.get('filter') || '').toLowerCase();
    const offset = Number(query.get('offset') || 0);
    const told = ({ tasks }) => tasks.slice(0, 4).join(', ') + (tasks.length > 4 ? ` and ${tasks.length - 4} more` : '');
    const matching = data.list.filter((revision) => !wanted || [revision.author, revision.reason, revision.source, ...revision.tasks].join(' ').toLowerCase().includes(wanted));
    const shown = matching.slice(offset, offset + ROWS);
    const opened = data.opened?.revision.revision;
    return [
      head('History', { about: `Every revision of the config. ${plural(data.list.length, 'revision')}, ${data.status.revision} is in force` }),
      config(data.status),
      panel('Revisions', {},
        h('form', { class: 'filters', role: 'search', on: { submit: (event) => event.preventDefault() } },
          h('label', {}, 'Filter ', h('input', { type: 'search', name: 'filter', value: query.get('filter') || '', placeholder: 'task, author, reason', on: { input: (event) => ctx.set({ filter: event.target.value, offset: '' }) } }))),
        table({
          caption: 'Revisions, the newest first',
          rows: shown,
          key: (revision) => revision.revision,
          none: 'No revision fits.',
          columns: [
            { title: 'Revision', cell: (revision) => h('a', { href: '#/history?revision=' + revision.revision, 'aria-current': revision.revision === opened ? 'true' : undefined, on: { click: (event) => { event.preventDefault(); ctx.set({ revision: revision.revision }); } } }, 'revision ' + revision.revision) },
            { title: 'When', cell: (revision) => h('time', { datetime: revision.time, title: revision.time }, moment(revision.time)) },
            { title: 'Who', cell: (revision) => revision.author },
            { title: 'How', cell: (revision) => SOURCES[revision.source] || revision.source },
            { title: 'Why', cell: (revision) => revision.reason },
            { title: 'Tasks', cell: told },
            { title: 'Changes', num: true, cell: (revision) => count(revision.count) },
          ],
        }),
        pages(matching.length, shown.length, offset, ROWS, (to) => ctx.set({ offset: to || '' }), 'revision')),
      data.opened ? one(data.opened, ctx) : empty('There is no revision yet.'),
    ];
  },
};
