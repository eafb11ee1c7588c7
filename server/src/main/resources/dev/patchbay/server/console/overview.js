/* All tasks: who answers them, how much, how fast; what needs somebody; what happened last. */
import { h } from './dom.js';
import { get } from './api.js';
import { count, micros, moment, percent, plural, rate } from './format.js';
import { sparkline } from './charts.js';
import { tasksOf } from './diff.js';
import { events, head, note, pages, panel, split, state, table, taskLink } from './parts.js';
import { rollBackButton } from './rollback.js';

const ROWS = 50;

/** Calls a second since the page was asked last, and the latest of them for each task. */
function rates(ctx, data, at) {
  const before = ctx.kept.before;
  const now = { at, calls: data.traffic.calls, tasks: new Map(data.rows.map((row) => [row.task, row.traffic.calls])) };
  ctx.kept.before = now;
  ctx.kept.lines ||= new Map();
  if (!before || at - before.at < 500) return;
  const seconds = (at - before.at) / 1000;
  const push = (name, calls, known) => {
    if (known === undefined) return;
    const line = ctx.kept.lines.get(name) || [];
    line.push(Math.max(0, (calls - known) / seconds));
    if (line.length > 40) line.shift();
    ctx.kept.lines.set(name, line);
  };
  push('', now.calls, before.calls);
  for (const [name, calls] of now.tasks) push(name, calls, before.tasks.get(name));
}

const recent = (line) => line && line.length ? line.slice(-5).reduce((sum, value) => sum + value, 0) / Math.min(5, line.length) : undefined;

function attention(data, ctx) {
  const found = [];
  for (const problem of data.status.problems) {
    found.push(note('bad', h('strong', {}, 'The config file is refused'), ': ', problem.message, problem.line ? ` (line ${problem.line})` : '', '. What was in force goes on.'));
  }
  for (const row of data.urgent) {
    for (const experiment of row.experiments) {
      const link = h('a', { href: '#/rollout/' + encodeURIComponent(row.task) }, 'Look at the evidence');
      if (experiment.state === 'halted') {
        found.push(note('bad', h('strong', {}, `${row.task}: ${experiment.name} is halted`), `, ${experiment.version} gets no calls. ${experiment.words}. `, link));
      } else if (experiment.verdict === 'hold' || experiment.verdict === 'fail') {
        found.push(note('warn', h('strong', {}, `${row.task}: ${experiment.name}`), ` needs a person: ${experiment.words}. `, link));
      }
    }
    if (!row.default_ready) {
      found.push(note('bad', h('strong', {}, row.task), row.default_version ? `: its default ${row.default_version} is not ready. ` : ' has no default version: calls must name one. ', taskLink(row.task)));
    }
  }
  for (const module of data.troubled) {
    found.push(note('warn', h('strong', {}, `${module.task || module.source} ${module.version || ''} ${module.state}`), ': ', module.cause, ' ',
      h('a', { href: '#/modules?filter=' + encodeURIComponent(module.task || module.source) }, 'See the module')));
  }
  if (data.leaks.leaked) found.push(note('warn', plural(data.leaks.leaked, 'retired version'), ' still in memory. ', h('a', { href: '#/modules' }, 'See what holds them')));
  if (!found.length) return note('ok', 'Nothing needs you: every default is ready, no experiment is held, no version failed.');
  const most = ctx.kept.all ? found.length : 4;
  return [found.slice(0, most), found.length > most && h('p', {}, h('button', { type: 'button', on: { click: () => { ctx.kept.all = true; ctx.draw(); } } }, `Show ${found.length - most} more`))];
}

const tile = (title, value, more) => h('div', { class: 'tile' }, h('dt', {}, title), h('dd', {}, value, more && h('small', {}, more)));

function slowest(row) {
  const known = row.versions.filter((version) => version.p99_us !== undefined);
  return known.length ? known.reduce((a, b) => (a.p99_us >= b.p99_us ? a : b)) : undefined;
}

function what(row) {
  const parts = row.experiments.map((experiment) => h('a', { href: '#/rollout/' + encodeURIComponent(row.task), title: experiment.words },
    state(experiment.state === 'running' ? experiment.verdict : experiment.state, `${experiment.version} ${experiment.percent} %`)));
  if (row.shadows) parts.push(h('a', { href: '#/shadow/' + encodeURIComponent(row.task) }, plural(row.shadows, 'shadow')));
  const failed = row.versions.filter((version) => version.cause);
  for (const version of failed) parts.push(h('span', { title: version.cause }, state(version.state === 'ready' ? 'open' : version.state, `${version.version} ${version.state === 'ready' ? 'circuit open' : version.state}`)));
  return h('span', { class: 'several' }, parts);
}

export default {
  title: 'Overview',
  every: 2000,

  async load(ctx) {
    const { query } = ctx;
    const asked = new URLSearchParams({ limit: ROWS, offset: query.get('offset') || 0, sort: query.get('sort') || 'traffic', show: query.get('show') || 'all', filter: query.get('filter') || '' });
    const revision = ctx.kept.revision;
    const [data, status, happened, leaks] = await Promise.all([get('overview?' + asked), get('status'), get('events'), get('leaks')]);
    if (revision !== status.revision) {
      const { revisions } = await get('revisions');
      ctx.kept.revisions = revisions.slice(0, 6);
      ctx.kept.changed = new Set(revisions.slice(0, -1).flatMap(({ changes }) => tasksOf(changes)));
      ctx.kept.revision = status.revision;
    }
    rates(ctx, data, performance.now());
    return { ...data, status, events: happened.events, leaks };
  },

  view(data, ctx) {
    const { query } = ctx;
    const offset = Number(query.get('offset') || 0);
    const line = ctx.kept.lines.get('');
    const versions = Object.entries(data.versions);
    return [
      head('Overview', {}),
      h('section', { 'aria-label': 'What needs somebody', class: 'attention' }, attention(data, ctx)),
      h('dl', { class: 'tiles' },
        tile('calls a second', rate(recent(line)), line && sparkline(line, `calls a second of all tasks, now ${rate(recent(line))}`)),
        tile('failed in the last minute', percent(data.traffic.minute ? data.traffic.failed / data.traffic.minute : 0), `${count(data.traffic.failed)} of ${count(data.traffic.minute)}`),
        tile('tasks', count(data.tasks), data.attention ? `${count(data.attention)} ${data.attention === 1 ? 'needs' : 'need'} somebody` : 'all well'),
        tile('versions', count(versions.reduce((sum, [, n]) => sum + n, 0)), versions.map(([name, n]) => `${count(n)} ${name}`).join(', '))),
      panel('Tasks', {},
        h('form', { class: 'filters', role: 'search', on: { submit: (event) => event.preventDefault() } },
          h('label', {}, 'Filter ', h('input', { type: 'search', name: 'filter', value: query.get('filter') || '', placeholder: 'task or owner', on: { input: (event) => ctx.set({ filter: event.target.value, offset: '' }) } })),
          h('label', {}, 'Show ', h('select', { name: 'show', on: { change: (event) => ctx.set({ show: event.target.value, offset: '' }) } },
            [['all', 'all'], ['attention', 'what needs somebody']].map(([value, name]) => h('option', { value, selected: value === (query.get('show') || 'all') }, name)))),
          h('label', {}, 'Order ', h('select', { name: 'sort', on: { change: (event) => ctx.set({ sort: event.target.value, offset: '' }) } },
            [['traffic', 'by calls'], ['failures', 'by failures'], ['task', 'by name']].map(([value, name]) => h('option', { value, selected: value === (query.get('sort') || 'traffic') }, name))))),
        table({
          caption: 'Tasks',
          rows: data.rows,
          key: (row) => row.task,
          none: data.tasks ? 'No task fits. Clear the filter to see all.' : ['There are no tasks yet. Put a module into the modules folder, or: ', h('code', {}, 'patchbay new my_task')],
          columns: [
            { title: 'Task', cell: (row) => [taskLink(row.task), h('small', {}, row.owner)] },
            { title: 'Default', cell: (row) => row.default_ready ? h('b', { class: 'version' }, row.default_version) : state('failed', row.default_version ? row.default_version + ' not ready' : 'none') },
            { title: 'Who answered in the last minute', cell: (row) => split(row.versions.map((version, i) => ({ name: version.version, value: version.minute, series: i }))) },
            { title: 'Calls/s', num: true, cell: (row) => rate(recent(ctx.kept.lines.get(row.task))) },
            { label: 'Calls over time', cell: (row) => sparkline(ctx.kept.lines.get(row.task) || [], `calls a second of ${row.task}`) },
            { title: 'Failed', num: true, cell: (row) => h('span', { class: row.traffic.failed ? 'bad' : '' }, row.traffic.minute ? percent(row.traffic.failed / row.traffic.minute) : '–') },
            { title: 'p99', num: true, cell: (row) => { const slow = slowest(row); return h('span', { title: slow && `${slow.version}, the slowest, in the last minute; its p50 is ${micros(slow.p50_us)}` }, micros(slow?.p99_us)); } },
            { title: 'Experiments and shadows', cell: what },
            { title: 'Undo', cell: (row) => ctx.kept.changed.has(row.task) || row.experiments.some(({ state: label, percent: has }) => label !== 'halted' && has > 0) ? rollBackButton(ctx, row.task) : h('span', { class: 'quiet' }, 'never changed') },
          ],
        }),
        pages(data.matching, data.rows.length, offset, ROWS, (to) => ctx.set({ offset: to || '' }), 'task')),
      h('div', { class: 'columns' },
        panel('Last changes', {}, h('ol', { class: 'events' }, (ctx.kept.revisions || []).map((revision) => h('li', { key: revision.revision },
          h('time', { datetime: revision.time, title: revision.time }, moment(revision.time)),
          h('a', { href: '#/history?revision=' + revision.revision }, 'revision ' + revision.revision),
          h('span', {}, h('b', {}, revision.author), ': ', revision.reason))))),
        panel('Events', {}, events(data.events))),
    ];
  },
};
