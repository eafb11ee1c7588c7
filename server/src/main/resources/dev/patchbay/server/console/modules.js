/* Every artifact: its state and why, its owner, what it cost at its start, what it left behind. */
import { h } from './dom.js';
import { get, post } from './api.js';
import { count, micros, moment } from './format.js';
import { empty, failure, head, note, pages, panel, state, table, taskLink } from './parts.js';

const ROWS = 50;

function details(module) {
  const facts = [
    ['source', module.source],
    ['sha-256', module.digest && h('code', {}, module.digest.replace('sha256:', ''))],
    ['in this state since', moment(module.since)],
    ['lane', module.lane],
    ['risk', module.risk],
    ['named by', module.routed_by.join(', ') || 'no rule'],
    ['warm-up', module.baseline ? `p50 ${micros(module.baseline.p50_us)}, p95 ${micros(module.baseline.p95_us)} over ${count(module.baseline.calls)} calls` : 'no baseline'],
    ['calls inside, waiting, given up', module.in_flight === undefined ? '' : `${count(module.in_flight)}, ${count(module.waiting)}, ${count(module.abandoned)}`],
    ['class loader', module.loader],
    ['done for it at teardown', module.freed.join('; ')],
  ].filter(([, text]) => text);
  return [
    module.cause && note('bad', h('strong', {}, module.stage ? 'Failed in ' + module.stage : module.state), ': ', module.cause),
    h('dl', { class: 'facts' }, facts.map(([name, text]) => [h('dt', {}, name), h('dd', {}, text)])),
    module.warnings.length > 0 && [h('h3', {}, 'Habits of its code'), h('ul', { class: 'plain' }, module.warnings.map((warning) => h('li', {}, state('warn', warning.habit), ' ', warning.message, h('small', {}, [warning.library, warning.place].filter(Boolean).join(' · ')))))],
  ];
}

function leaks(data, ctx) {
  const { survivors } = data.leaks;
  if (!survivors.length) return empty('No retired version is left in memory.');
  const held = new Map((ctx.kept.explained?.survivors || []).map((survivor) => [survivor.instance, survivor.holders]));
  return [
    table({
      caption: 'Retired versions that are still in memory',
      rows: survivors,
      key: (row) => row.instance,
      columns: [
        { title: 'Instance', cell: (row) => h('code', {}, row.instance) },
        { title: 'Class loader', cell: (row) => state(row.loader === 'leaked' ? 'leaked' : 'retired', row.loader) },
        { title: 'Retired', cell: (row) => moment(row.retired_at) },
        { title: 'Collections survived', num: true, cell: (row) => count(row.survived_collections) },
        { title: 'Threads', cell: (row) => row.threads.join(', ') || 'none' },
        { title: 'Held by', cell: (row) => held.has(row.instance) ? h('ul', { class: 'plain' }, held.get(row.instance).map((holder) => h('li', {}, holder.held_by, h('small', {}, holder.remedy)))) : h('span', { class: 'quiet' }, 'not looked at') },
      ],
    }),
    ctx.kept.explaining instanceof Error && failure(ctx.kept.explaining),
    h('p', {}, h('button', {
      type: 'button',
      disabled: ctx.kept.explaining === true,
      on: {
        click: async () => {
          ctx.kept.explaining = true;
          ctx.draw();
          try {
            ctx.kept.explained = await post('leaks/explain', {});
            ctx.kept.explaining = false;
          } catch (error) {
            ctx.kept.explaining = error;
          }
          ctx.draw();
        },
      },
    }, ctx.kept.explaining === true ? 'Looking …' : 'Find out what holds them'), h('small', {}, ' Looks at the heap, which stops the gateway for a moment.')),
  ];
}

export default {
  title: 'Modules',
  every: 4000,

  async load() {
    const [{ modules }, leaked] = await Promise.all([get('modules'), get('leaks')]);
    return { modules, leaks: leaked };
  },

  view(data, ctx) {
    const { query } = ctx;
    const wanted = (query.get('filter') || '').toLowerCase();
    const only = query.get('state') || '';
    const offset = Number(query.get('offset') || 0);
    const states = [...new Set(data.modules.map((module) => module.state))].sort();
    const matching = data.modules
      .filter((module) => [module.task, module.version, module.owner, module.source].join(' ').toLowerCase().includes(wanted))
      .filter((module) => !only || module.state === only);
    const shown = matching.slice(offset, offset + ROWS);
    const open = query.get('open');
    const name = (module) => module.source;
    const chosen = data.modules.find((module) => name(module) === open);
    return [
      head('Modules', { about: 'What was found in the modules folder, and what became of it' }),
      panel('Artifacts', {},
        h('form', { class: 'filters', role: 'search', on: { submit: (event) => event.preventDefault() } },
          h('label', {}, 'Filter ', h('input', { type: 'search', name: 'filter', value: query.get('filter') || '', placeholder: 'task, version, owner, file', on: { input: (event) => ctx.set({ filter: event.target.value, offset: '' }) } })),
          h('label', {}, 'State ', h('select', { name: 'state', on: { change: (event) => ctx.set({ state: event.target.value, offset: '' }) } }, h('option', { value: '' }, 'all'), states.map((label) => h('option', { value: label, selected: label === only }, label))))),
        table({
          caption: 'Artifacts',
          rows: shown,
          key: (module) => module.source + module.state,
          none: data.modules.length ? 'No module fits. Clear the filter to see all.' : ['The modules folder is empty. Make a module: ', h('code', {}, 'patchbay new my_task')],
          columns: [
            { title: 'Module', cell: (module) => [module.task ? taskLink(module.task) : module.source, ' ', h('b', { class: 'version' }, module.version || ''), h('small', {}, module.source)] },
            { title: 'State and cause', cell: (module) => [state(module.state), module.circuit === 'open' && [' ', state('open', 'circuit open')], module.removed_from_folder && module.state === 'ready' && h('small', { class: 'cause' }, 'removed from the folder; serves until no rule names it, and not after a restart'), module.cause && h('small', { class: 'cause' }, module.stage ? 'in ' + module.stage + ': ' : '', module.cause)] },
            { title: 'Owner', cell: (module) => module.owner || '–' },
            { title: 'Named by', cell: (module) => module.routed_by.join(', ') || '–' },
            { title: 'Warm-up p95', num: true, cell: (module) => micros(module.baseline?.p95_us) },
            { title: 'Inside', num: true, cell: (module) => count(module.in_flight) },
            { title: 'Loader', cell: (module) => module.loader === 'leaked' ? state('leaked') : module.loader },
            { title: 'Warnings', num: true, cell: (module) => count(module.warnings.length) },
            { label: 'Details', cell: (module) => h('button', { type: 'button', 'aria-expanded': String(name(module) === open), 'aria-label': `Details of ${module.source}`, on: { click: () => ctx.set({ open: name(module) === open ? '' : name(module) }) } }, name(module) === open ? 'Close' : 'Details') },
          ],
        }),
        pages(matching.length, shown.length, offset, ROWS, (to) => ctx.set({ offset: to || '' }), 'artifact')),
      chosen && panel(`Details of ${chosen.task || chosen.source} ${chosen.version || ''}`, {}, details(chosen)),
      panel('Left in memory', {}, leaks(data, ctx)),
    ];
  },
};
