/* One task on one screen: what changed, who is affected, is it safe, undo it. */
import { h } from './dom.js';
import { get, path } from './api.js';
import { ago, count, decimals, micros, moment, percent, share, value } from './format.js';
import { ofRevision, tasksOf } from './diff.js';
import { interval } from './charts.js';
import { empty, events, head, note, panel, someTask, split, state, table, taskPicker } from './parts.js';
import { rollBack, rollBackButton } from './rollback.js';

const STAGES = ['decode', 'queue', 'preprocess', 'model', 'postprocess', 'encode'];

function rules(data) {
  const { route } = data;
  if (!route) return [];
  const link = h('a', { href: '#/routing/' + encodeURIComponent(data.task) }, 'explain');
  const list = [{ kind: 'pin', who: 'callers that ask for a version', plain: 'that version' }];
  if (route.flag) list.push({ kind: 'flag', who: ['the flag ', route.flag.key, ' decides by ', route.flag.unit || 'the tenant'], plain: 'what it says', name: '' });
  const tenant = (experiment) => experiment.tenants.length && experiment.rollout === undefined && !Object.keys(experiment.match).length;
  for (const experiment of route.experiments.filter(tenant)) {
    list.push({ kind: 'tenant', who: ['tenant ', experiment.tenants.join(', ')], gets: experiment.version, name: experiment.name });
  }
  for (const experiment of route.experiments.filter((each) => !tenant(each))) {
    const rollout = data.rollouts.find((each) => each.experiment === experiment.name);
    const match = Object.entries(experiment.match).map(([name, values]) => `${name} is ${values.join(' or ')}`);
    list.push({
      kind: 'experiment',
      who: [experiment.rollout === undefined ? 'everybody' : `${share(rollout ? rollout.percent : experiment.rollout)} of ${experiment.unit || 'callers'}`, match.length ? ', where ' + match.join(' and ') : '', experiment.tenants.length ? ', of tenant ' + experiment.tenants.join(', ') : '',
        rollout && rollout.actual_percent !== null ? h('small', {}, `really ${decimals(rollout.actual_percent, 1)} % of those seen`) : ''],
      gets: experiment.version,
      name: experiment.name,
      sign: rollout && state(rollout.state === 'running' ? rollout.verdict : rollout.state, rollout.state === 'running' ? rollout.verdict : rollout.state),
    });
  }
  list.push({ kind: 'default', who: 'all others', gets: route.default_version || 'an error: no default', name: '' });
  for (const shadow of route.shadows) list.push({ kind: 'shadow', who: `a copy of ${share(shadow.sample)} of the calls, answer only compared`, gets: shadow.version, name: '' });
  return [h('ol', { class: 'ladder' }, list.map((rule) => h('li', { class: rule.kind },
    h('span', { class: 'kind' }, rule.kind), h('span', { class: 'who' }, rule.who, rule.name && h('small', {}, rule.name)), rule.plain ? h('span', { class: 'quiet' }, rule.plain) : h('b', { class: 'version' }, rule.gets), rule.sign))), h('p', { class: 'quiet' }, 'The first rule that fits decides. ', link, ' it for a tenant and a unit.')];
}

function safe(data) {
  const words = [];
  for (const rollout of data.rollouts) {
    const tone = { pass: 'ok', inconclusive: 'info', hold: 'warn', fail: 'bad' }[rollout.verdict];
    words.push(note(rollout.state === 'halted' ? 'bad' : tone, h('strong', {}, `${rollout.version} at ${share(rollout.percent)}`), rollout.state === 'running' ? ': ' : ` (${rollout.state}): `, rollout.words, '. ',
      h('a', { href: '#/rollout/' + encodeURIComponent(data.task) }, 'Evidence')));
  }
  for (const answer of data.usage.answers) words.push(note('warn', answer.says + '.'));
  for (const module of data.modules.filter((each) => !['ready', 'gone'].includes(each.state))) {
    words.push(note('warn', h('strong', {}, `${module.version} ${module.state}`), module.cause ? ': ' + module.cause : ''));
  }
  const failing = data.usage.versions.filter((version) => version.minute && version.minute.failed);
  for (const version of failing) words.push(note('warn', `${version.version} failed ${version.minute.failed} of ${version.minute.calls} calls in the last minute: ${Object.keys(version.minute.errors).join(', ')}.`));
  return words.length ? words : note('ok', 'No version got slower, none fails, nothing is on trial.');
}

function affected(data) {
  const byTenant = new Map();
  for (const version of data.usage.versions) {
    for (const tenant of version.tenants || []) {
      const entry = byTenant.get(tenant.tenant) || { tenant: tenant.tenant, calls: 0, failed: 0, versions: {} };
      entry.calls += tenant.hour.calls;
      entry.failed += tenant.hour.failed;
      entry.versions[version.version] = { calls: tenant.hour.calls, p95: tenant.hour.total.p95_us };
      byTenant.set(tenant.tenant, entry);
    }
  }
  const rows = [...byTenant.values()].filter(({ calls }) => calls).sort((a, b) => b.calls - a.calls).slice(0, 10);
  const names = data.usage.versions.map(({ version }) => version);
  return table({
    caption: 'Tenants, by calls in the last hour',
    rows,
    key: (row) => row.tenant,
    none: 'No call named a tenant in the last hour.',
    columns: [
      { title: 'Tenant', cell: (row) => row.tenant },
      { title: 'Answered by', cell: (row) => split(names.map((name, i) => ({ name, value: row.versions[name]?.calls || 0, series: i }))) },
      { title: 'Calls', num: true, cell: (row) => count(row.calls) },
      { title: 'Failed', num: true, cell: (row) => percent(row.failed / row.calls) },
      { title: 'p95', num: true, cell: (row) => micros(Math.max(...Object.values(row.versions).map(({ p95 }) => p95))) },
    ],
  });
}

function stages(window) {
  const parts = STAGES.map((name, i) => ({ name, value: window?.stages?.[name]?.p50_us || 0, series: i })).filter(({ value: us }) => us);
  const sum = parts.reduce((all, { value: us }) => all + us, 0);
  if (!sum) return '–';
  return h('span', { class: 'split tall', title: parts.map(({ name, value: us }) => `${name} ${micros(us)}`).join(' · ') },
    h('span', { class: 'bar', 'aria-hidden': 'true' }, parts.map(({ value: us, series }) => h('span', { class: 'fill series' + series, style: { 'flex-grow': us / sum } }))),
    h('span', { class: 'words' }, parts.map(({ name, value: us, series }) => h('span', {}, h('i', { class: 'dot series' + series, 'aria-hidden': 'true' }), `${name} ${micros(us)}`))));
}

/** Versions as columns, what is known of them as rows. */
function sideBySide(data) {
  const versions = data.modules.filter((module) => module.version && module.state !== 'gone');
  if (!versions.length) return empty('No version is loaded. Put one into the modules folder.');
  const usage = (module) => data.usage.versions.find((each) => each.version === module.version) || {};
  const outcomes = [...new Set(data.outcomes.map(({ name }) => name))];
  const quantile = (name) => (module) => micros(usage(module).hour?.total.count ? usage(module).hour.total[name] : null);
  const rows = [
    ['state', (module) => [state(module.state), module.circuit === 'open' && state('open', 'circuit open')]],
    ['gets calls by', (module) => module.routed_by.join(', ') || h('span', { class: 'quiet' }, 'no rule')],
    ['calls, last minute', (module) => count(usage(module).minute?.calls ?? 0), true],
    ['calls, last hour', (module) => count(usage(module).hour?.calls ?? 0), true],
    ['failed, last hour', (module) => (usage(module).hour?.calls ? percent(usage(module).hour.failed / usage(module).hour.calls) : '–'), true],
    ['p50, last hour', quantile('p50_us'), true],
    ['p95, last hour', quantile('p95_us'), true],
    ['p99, last hour', quantile('p99_us'), true],
    ['p95 of the warm-up', (module) => micros(module.baseline?.p95_us), true],
    ['where time goes, p50', (module) => stages(usage(module).hour)],
    ...outcomes.map((name) => ['outcome ' + name, (module) => {
      const one = data.outcomes.find((each) => each.version === module.version && each.name === name);
      if (!one || one.mean === null || one.mean === undefined) return '–';
      const all = data.outcomes.filter((each) => each.name === name && each.low !== undefined);
      return [decimals(one.mean, 3), one.low !== undefined && [' ', interval({ low: one.low, high: one.high, value: one.mean, from: Math.min(...all.map(({ low }) => low)), to: Math.max(...all.map(({ high }) => high)), words: `between ${decimals(one.low, 3)} and ${decimals(one.high, 3)} with 95 % confidence` })], h('small', {}, `${count(one.count)} told`)];
    }, true]),
    ['inside, waiting', (module) => `${count(module.in_flight)}, ${count(module.waiting)}`, true],
    ['processor time, since loaded', (module) => (module.cpu_seconds === undefined ? h('span', { class: 'quiet' }, 'not known') : `${decimals(module.cpu_seconds, 1)} s`), true],
    ['memory asked for, since loaded', (module) => (module.allocated_bytes === undefined ? h('span', { class: 'quiet' }, 'not known') : `${count(Math.round(module.allocated_bytes / 1e6))} MB`), true],
    ['last call', (module) => (usage(module).last_used ? ago(usage(module).last_used) : 'never')],
    ['may it be retired?', (module) => usage(module).retire || '–'],
    ['ready since', (module) => moment(module.since)],
  ];
  return h('div', { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': 'Versions side by side' }, h('table', { class: 'beside' },
    h('caption', { class: 'hidden' }, 'Versions side by side'),
    h('thead', {}, h('tr', {}, h('td', {}), versions.map((module) => h('th', { scope: 'col', key: module.version, class: 'num' }, h('b', { class: 'version' }, module.version), usage(module).is_default && h('small', {}, 'default'))))),
    h('tbody', {}, rows.map(([name, cell, num]) => h('tr', {}, h('th', { scope: 'row' }, name), versions.map((module) => h('td', { class: num ? 'num' : 'right' }, cell(module))))))));
}

function changes(data, ctx) {
  const list = (ctx.kept.revisions || []).filter((revision) => tasksOf(revision.changes).includes(data.task)).slice(0, 6);
  if (!list.length) return empty('Its rules never changed.');
  const prefix = 'inference.' + data.task;
  return h('ol', { class: 'events' }, list.map((revision) => {
    const own = ofRevision(revision.changes).filter(({ path: where }) => where === prefix || where.startsWith(prefix + '.') || where.startsWith(prefix + '['));
    const told = own.length > 3 ? [] : own;
    return h('li', { key: revision.revision },
      h('time', { datetime: revision.time, title: revision.time }, moment(revision.time)),
      h('a', { href: '#/history?revision=' + revision.revision }, 'revision ' + revision.revision),
      h('span', {}, h('b', {}, revision.author), ': ', revision.reason,
        h('small', {}, told.length ? told.map(({ path: where, before, after }) => h('span', { class: 'change' }, h('code', {}, where.slice(prefix.length + 1)), ` ${before === undefined ? '' : value(before) + ' '}→ ${after === undefined ? 'removed' : value(after)}`)) : `${own.length} values set`)));
  }));
}

export default {
  title: 'Task',
  every: 2500,
  keys: { r: (ctx) => ctx.task && ctx.data && rollBack(ctx, ctx.task) },

  async load(ctx) {
    const task = await someTask(ctx);
    if (!task) return {};
    if (!ctx.task) ctx.settle(task);
    if (!ctx.kept.about) {
      const { owner, description } = await get(path`tasks/${task}`);
      ctx.kept.about = { owner, description };
    }
    const [modules, routes, usage, rollouts, outcomes, happened] = await Promise.all([
      get(path`modules?task=${task}`), get(path`routes?task=${task}`), get(path`usage?task=${task}`), get(path`rollout/${task}`), get(path`outcomes?task=${task}`), get('events')]);
    if (ctx.kept.revision !== routes.revision) {
      ctx.kept.revisions = (await get('revisions')).revisions;
      ctx.kept.revision = routes.revision;
    }
    return {
      task,
      about: ctx.kept.about,
      modules: modules.modules,
      route: routes.tasks[0],
      usage,
      rollouts: rollouts.rollouts,
      outcomes: outcomes.outcomes,
      events: happened.events.filter((event) => event.task === task),
    };
  },

  view(data, ctx) {
    if (!data.task) return [head('Task'), empty('There are no tasks yet. Put a module into the modules folder.')];
    return [
      head(data.task, {
        about: [data.about.description, data.about.owner && h('small', {}, ' · owner ' + data.about.owner)],
        actions: [taskPicker(ctx), rollBackButton(ctx, data.task, { big: true })],
      }),
      data.route?.differs_from_file && note('warn', 'What is in force for this task differs from the file, because somebody decided so here or on the command line. ', h('a', { href: '#/history' }, 'See the history')),
      h('div', { class: 'four' },
        panel('What changed', {}, changes(data, ctx)),
        panel('Who is affected', {}, rules(data)),
        panel('Is it safe', {}, safe(data), events(data.events, { most: 4, none: 'No event in its name.' }))),
      panel('Versions side by side', {}, sideBySide(data)),
      panel('Tenants in the last hour', {}, affected(data)),
    ];
  },
};
