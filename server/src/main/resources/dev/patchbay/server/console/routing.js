/* Which version answers whom, and why: the decision that the gateway itself would make, step by step. */
import { h } from './dom.js';
import { get, path, post } from './api.js';
import { decimals, share } from './format.js';
import { empty, failure, head, panel, someTask, state, table, taskPicker } from './parts.js';

const KINDS = { pin: 'The caller asks for a version', flag: 'The flag', tenant: 'The tenant has a version of its own', experiment: 'Experiment', default: 'The default' };
const OUTCOMES = {
  chosen: 'decides',
  not_asked: 'the caller asked for none',
  other_tenant: 'it is for other tenants',
  no_match: 'does not fit',
  no_unit: 'the call does not have the unit',
  outside: 'the unit is outside the share',
  not_ready: 'the version is not ready, so the next rule is looked at',
  no_value: 'the flag names no version',
  error: 'the flag’s provider failed',
  timeout: 'the flag’s provider took too long',
  busy: 'too many questions wait for the flag’s provider',
  resting: 'the flag’s provider took too long again and again and is left alone for a second',
};

/** The attributes that the task's rules look at. */
const attributes = (route) => [...new Set((route?.experiments || []).flatMap((experiment) => [experiment.unit, ...Object.keys(experiment.match)])
  .concat((route?.shadows || []).map(({ unit }) => unit), route?.flag?.unit).filter((name) => name && name !== 'request'))];

async function explain(ctx, task, names) {
  const { query } = ctx;
  const body = { task, attributes: {} };
  if (query.get('tenant')) body.tenant = query.get('tenant');
  if (query.get('version')) body.version = query.get('version');
  if (query.get('revision')) body.revision = Number(query.get('revision'));
  for (const name of names) if (query.get('a.' + name)) body.attributes[name] = query.get('a.' + name);
  return post('explain', body);
}

/** Where a unit falls, beside the share of the experiment. */
const line = (step) => step.bucket === null || step.bucket === undefined ? '' : h('span', { class: 'bucket', role: 'img', 'aria-label': `the unit is at ${decimals(step.bucket, 3)} %, the share goes from ${decimals(step.from, 3)} % to ${decimals(step.until, 3)} %` },
  h('span', { class: 'range', style: { left: step.from + '%', width: step.until - step.from + '%' } }), h('span', { class: 'at', style: { left: step.bucket + '%' } }));

function result(explained) {
  if (explained instanceof Error) return failure(explained);
  return [
    h('p', { class: 'verdict', role: 'status' }, explained.version
      ? ['Gets ', h('b', { class: 'version' }, explained.version), ' by reason ', h('code', {}, explained.reason), explained.rule ? [' of rule ', h('code', {}, explained.rule)] : '', explained.shadows.length ? `, and a copy may go to shadow ${explained.shadows.join(', ')}` : '', '.']
      : state('failed', explained.failure)),
    h('ol', { class: 'steps' }, explained.steps.map((step) => h('li', { class: step.outcome === 'chosen' ? 'chosen' : 'passed' },
      h('div', {}, h('b', {}, KINDS[step.kind]), step.rule && [' ', h('code', {}, step.rule)], step.version && [' → ', h('b', { class: 'version' }, step.version)]),
      h('div', {}, step.outcome === 'chosen' ? state('chosen', OUTCOMES.chosen) : h('span', { class: 'quiet' }, OUTCOMES[step.outcome] || step.outcome)),
      step.detail && h('small', {}, step.detail),
      line(step),
      step.bucket !== null && step.bucket !== undefined && h('small', {}, `The unit falls on ${decimals(step.bucket, 3)} %, the share is ${decimals(step.from, 3)} to ${decimals(step.until, 3)} %, hashed with “${step.salt}”.`)))),
    h('p', { class: 'quiet' }, `By revision ${explained.revision}. The gateway decides calls by the same function.`),
  ];
}

export default {
  title: 'Routing',
  every: 5000,

  async load(ctx) {
    const task = await someTask(ctx);
    if (!task) return {};
    if (!ctx.task) ctx.settle(task);
    const revision = ctx.query.get('revision');
    const routes = await get(path`routes?task=${task}` + (revision ? '&revision=' + encodeURIComponent(revision) : ''));
    const names = attributes(routes.tasks[0]);
    const explained = await explain(ctx, task, names).catch((error) => error);
    return { task, route: routes.tasks[0], revision: routes.revision, names, explained };
  },

  view(data, ctx) {
    if (!data.task) return [head('Routing'), empty('There are no tasks yet.')];
    const { query } = ctx;
    const field = (name, label, hint) => h('label', {}, label, h('input', { name, value: query.get(name) || '', placeholder: hint, autocomplete: 'off', spellcheck: 'false', on: { input: (event) => ctx.set({ [name]: event.target.value.trim() }) } }));
    const route = data.route;
    return [
      head('Routing', { about: ['Who gets which version of ', h('b', {}, data.task), ', and why'], actions: [taskPicker(ctx)] }),
      h('div', { class: 'columns' },
        panel('Who is calling', {}, h('form', { class: 'stack', on: { submit: (event) => { event.preventDefault(); ctx.refresh(); } } },
          field('tenant', 'Tenant', 'none'),
          data.names.map((name) => field('a.' + name, name, 'no value')),
          field('version', 'Version or alias asked for', 'none'),
          field('revision', 'As of revision', String(data.revision)),
          !data.names.length && h('p', { class: 'quiet' }, 'No rule of this task looks at an attribute of the request.'))),
        panel('The decision', {}, result(data.explained))),
      panel('Rules', {}, route ? table({
        caption: 'Rules from top to bottom',
        rows: [...(route.flag ? [{ name: route.flag.key, flag: route.flag.unit || 'the tenant', tenants: [], match: {} }] : []), ...route.experiments, { name: 'default_version', version: route.default_version, tenants: [], match: {} }],
        key: (row) => row.name,
        columns: [
          { title: 'Rule', cell: (row) => h('code', {}, row.name) },
          { title: 'Version', cell: (row) => row.flag ? 'what the flag says' : h('b', { class: 'version' }, row.version || 'none') },
          { title: 'Tenants', cell: (row) => row.tenants.join(', ') || 'all' },
          { title: 'Where', cell: (row) => Object.entries(row.match).map(([name, values]) => `${name} is ${values.join(' or ')}`).join(', ') || '–' },
          { title: 'Share', cell: (row) => row.flag ? 'by ' + row.flag : row.rollout === undefined ? '–' : `${share(row.rollout)} of ${row.unit}` },
          { title: 'Layer', cell: (row) => row.layer || '–' },
          { title: 'Ready', cell: (row) => row.flag ? '–' : state(route.ready.includes(route.aliases[row.version] || row.version) ? 'ready' : 'failed', route.ready.includes(route.aliases[row.version] || row.version) ? 'ready' : 'not ready') },
        ],
      }) : empty('The config does not name this task: callers must name a version.'),
      route && Object.keys(route.aliases).length ? h('p', {}, 'Aliases: ', Object.entries(route.aliases).map(([name, version]) => `${name} is ${version}`).join(', ')) : ''),
    ];
  },
};
