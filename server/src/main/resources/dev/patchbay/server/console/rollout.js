/* Experiments while they run: the evidence over time, in words and drawn, and what a person may decide. */
import { h } from './dom.js';
import { get, path, post } from './api.js';
import { clock, count, decimals, micros, moment, percent, share, until, plural } from './format.js';
import { lines } from './charts.js';
import { decide, empty, events, head, note, panel, state, table, taskLink } from './parts.js';
import { rollBackButton } from './rollback.js';

const ACTIONS = {
  promote: { title: 'Promote', word: 'Promote…', does: (r) => `${r.version} goes from ${share(r.percent)} to the share below. Raising the share moves nobody out.`, done: (r, now) => `${r.version} has ${share(now.percent)} now.` },
  pause: { title: 'Pause', word: 'Pause…', does: (r) => `${r.version} keeps ${share(r.percent)} and takes no further step by itself. It is still judged.`, done: (r) => `${r.experiment} is paused at ${share(r.percent)}.` },
  resume: { title: 'Resume', word: 'Resume…', does: (r) => `${r.version} takes its next steps by itself again.`, done: (r) => `${r.experiment} goes on.` },
  abort: { title: 'Take away', word: 'Take its calls away…', danger: true, does: (r) => `${r.version} gets no more calls, at once; ${r.control || 'the next rule'} answers instead. A saved file does not bring it back until somebody acknowledges.`, done: (r) => `${r.version} gets no more calls.` },
  acknowledge: { title: 'Acknowledge', word: 'Acknowledge…', does: (r) => `What the file says about ${r.experiment} holds again, with no evidence and from its first step on.`, done: (r) => `What the file says about ${r.experiment} holds again.` },
};

function act(ctx, rollout, name) {
  const action = ACTIONS[name];
  const next = rollout.next_percent;
  decide({
    title: `${action.title}: ${rollout.task}, ${rollout.experiment}`,
    body: h('p', {}, action.does(rollout)),
    extra: name === 'promote' && h('label', {}, 'Share in percent', h('input', { name: 'to', type: 'number', min: '0', max: '100', step: '0.001', required: true, value: next ?? 100 })),
    action: action.title,
    danger: action.danger,
    perform: async ({ reason, author, fields }) => {
      const body = { experiment: rollout.experiment, reason, author };
      if (name === 'promote') body.to = Number(fields.to.value);
      const now = await post(path`rollout/${rollout.task}/` + name, body);
      return action.done(rollout, now);
    },
  }).then((words) => {
    ctx.say(words);
    ctx.refresh();
  });
}

function buttons(ctx, rollout) {
  const names = rollout.state === 'halted' ? ['acknowledge'] : ['promote', rollout.state === 'paused' ? 'resume' : 'pause', 'abort'];
  return h('div', { class: 'actions' }, names.filter((name) => name !== 'promote' || rollout.state !== 'complete').map((name) => h('button', {
    type: 'button', key: name, class: ACTIONS[name].danger ? 'danger' : name === 'promote' || name === 'acknowledge' ? 'primary' : '', on: { click: () => act(ctx, rollout, name) },
  }, ACTIONS[name].word)), rollBackButton(ctx, rollout.task));
}

/** Experiments that need somebody come first, then those with most calls. */
const CONCERN = { halted: 0, fail: 0, hold: 1, paused: 2 };
const concern = (rollout) => Math.min(CONCERN[rollout.state] ?? 3, CONCERN[rollout.verdict] ?? 3);
const byConcern = (a, b) => concern(a) - concern(b) || b.canary.calls - a.canary.calls;

const METRICS = { errors: 'failures', latency: 'time in the module', refusals: 'refused requests', sample_ratio: 'split of units' };

/** What the number of a finding means. */
function evidence(finding) {
  if (finding.metric === 'errors' || finding.metric === 'refusals') {
    const enough = finding.metric === 'errors' ? 'enough to take it away' : 'enough to ask a person';
    return `evidence of more ${METRICS[finding.metric]}: ${number(finding.value)}; ${number(finding.limit)} is ${enough}`;
  }
  if (finding.metric === 'sample_ratio') return `p ${decimals(finding.value, 3)}; below ${finding.limit} somebody must look`;
  const range = finding.low !== null && finding.high !== null ? ` (${decimals(finding.low, 2)} to ${decimals(finding.high, 2)})` : '';
  if (finding.metric === 'latency') return `${decimals(finding.value, 2)} × the control${range}${finding.limit ? `; ${finding.limit} × is the limit` : ''}`;
  return `difference ${decimals(finding.value, 3)}${range}`;
}

function number(value) {
  if (value === null || value === undefined) return '–';
  if (value >= 1e5) return value.toExponential(1).replace('.0e', 'e').replace('+', '');
  if (value >= 100) return count(value);
  if (value < 0.001) return '< 0.001';
  return String(Number(value.toFixed(value >= 1 ? 1 : 3)));
}

function sides(rollout) {
  const rows = [['canary', rollout.version, rollout.canary], ['control', rollout.control, rollout.control_side]];
  return table({
    caption: 'The canary beside its control, since the evidence began',
    rows,
    key: ([name]) => name,
    columns: [
      { title: 'Side', cell: ([name]) => name },
      { title: 'Version', cell: ([, version]) => h('b', { class: 'version' }, version || 'none') },
      { title: 'Calls', num: true, cell: ([, , side]) => count(side.calls) },
      { title: 'Failed', num: true, cell: ([, , side]) => count(side.errors) },
      { title: 'Share failed (95 %)', num: true, cell: ([, , side]) => side.calls ? `${percent(side.error_rate)} (${percent(Math.max(0, side.error_rate_low))} to ${percent(side.error_rate_high)})` : '–' },
      { title: 'Refused', num: true, cell: ([, , side]) => count(side.refused) },
      { title: 'Typical time in the module', num: true, cell: ([, , side]) => micros(side.typical_us) },
    ],
  });
}

function marks(points) {
  const found = [];
  points.forEach((point, i) => {
    if (i && Number(point.percent) !== Number(points[i - 1].percent)) found.push({ time: Date.parse(point.time), name: share(point.percent) });
  });
  return found;
}

function drawings(rollout, width) {
  const points = rollout.history;
  if (points.length < 2) return empty('There is nothing to draw yet: evidence is written down every few seconds while calls come.');
  const times = points.map(({ time }) => Date.parse(time));
  const errors = rollout.findings.find(({ metric }) => metric === 'errors');
  const latency = rollout.findings.find(({ metric }) => metric === 'latency');
  const last = points[points.length - 1];
  const half = width > 800 ? Math.floor((width - 24) / 2) : width;
  const rate = (failed, calls) => points.map((point) => (point[calls] ? (100 * point[failed]) / point[calls] : null));
  return [
    lines({
      times, width, log: true, least: 0.1, show: number, marks: marks(points),
      limit: errors?.limit && { value: errors.limit, name: `${number(errors.limit)}: enough to take it away` },
      series: [{ name: `evidence that ${rollout.version} fails more often`, tone: 'tone0', values: points.map((point) => point.error_evidence) }],
      words: `Evidence that ${rollout.version} fails more often than the control: ${number(last.error_evidence)} now, ${number(errors?.limit)} would take it away.`,
    }),
    errors && h('p', { class: 'quiet explain' }, `The number tells how much better “it fails more often” explains what was seen than “it fails as often” does; 1 is no evidence either way. However often one looks, at most 1 of ${number(errors.limit)} healthy canaries ever reaches the line.`),
    h('div', { class: 'charts' },
      lines({
        times, width: half, height: 160, least: 0, most: 1, show: (value) => decimals(value, value < 10 ? 1 : 0) + ' %',
        series: [{ name: `canary ${rollout.version}`, tone: 'tone0', values: rate('canary_errors', 'canary_calls') }, { name: `control ${rollout.control || ''}`, tone: 'tone1', values: rate('control_errors', 'control_calls') }],
        words: `Share of failed calls: ${percent(rollout.canary.error_rate)} of the canary, ${percent(rollout.control_side.error_rate)} of the control.`,
      }),
      lines({
        times, width: half, height: 160, least: 0.5, most: 1.5, show: (value) => decimals(value, 1) + ' ×',
        limit: latency?.limit ? { value: latency.limit, name: `${latency.limit} ×: the limit` } : undefined,
        series: [{ name: 'time in the module against the control', tone: 'tone0', values: points.map((point) => (point.canary_calls ? point.latency_ratio : null)) }],
        words: `Time in the module: ${decimals(last.latency_ratio, 2)} times the control's.`,
      })),
    h('details', {}, h('summary', {}, 'The same as numbers'), table({
      caption: 'Evidence over time',
      rows: points.filter((_, i) => i % Math.ceil(points.length / 30) === 0 || i === points.length - 1).reverse(),
      key: (point) => point.time,
      columns: [
        { title: 'Time', cell: (point) => clock(point.time) },
        { title: 'Share', num: true, cell: (point) => share(point.percent) },
        { title: 'Canary failed', num: true, cell: (point) => `${count(point.canary_errors)} of ${count(point.canary_calls)}` },
        { title: 'Control failed', num: true, cell: (point) => `${count(point.control_errors)} of ${count(point.control_calls)}` },
        { title: 'Evidence', num: true, cell: (point) => number(point.error_evidence) },
        { title: 'Time ratio', num: true, cell: (point) => decimals(point.latency_ratio, 2) },
        { title: 'Verdict', cell: (point) => state(point.verdict) },
      ],
    })),
  ];
}

function steps(rollout) {
  if (!rollout.steps.length) return '';
  const now = Number(rollout.percent);
  return h('ol', { class: 'stairs', 'aria-label': 'Steps' }, rollout.steps.map((step) => {
    const where = rollout.state === 'halted' ? 'never' : Number(step) < now ? 'done' : Number(step) === now ? 'now' : 'next';
    return h('li', { class: where, 'aria-current': where === 'now' ? 'step' : undefined }, share(step), h('small', {}, { done: '✔ done', now: '▶ now', next: 'to come', never: 'halted' }[where]));
  }));
}

function one(rollout, ctx) {
  const tone = rollout.state === 'halted' ? 'bad' : { pass: 'ok', inconclusive: 'info', hold: 'warn', fail: 'bad' }[rollout.verdict];
  return panel(`${rollout.task}: ${rollout.experiment}`, { key: rollout.task + '/' + rollout.experiment },
    h('div', { class: 'line' },
      h('p', { class: 'big' }, h('b', { class: 'version' }, rollout.version), ' instead of ', h('b', { class: 'version' }, rollout.control || 'nothing'), ' for ', h('b', {}, share(rollout.percent)),
        rollout.actual_percent !== null && h('small', {}, `really ${decimals(rollout.actual_percent, 1)} % of the units seen`), ' ', state(rollout.state), ' ', state(rollout.verdict)),
      buttons(ctx, rollout)),
    note(tone, h('strong', {}, { pass: 'Safe as far as judged: ', inconclusive: 'Too early to say: ', hold: 'A person is asked: ', fail: 'Harm: ' }[rollout.verdict]), rollout.words, '.',
      h('p', { class: 'quiet' }, 'The guard ', { rollback: 'takes its calls away when it does harm', observe: 'only observes and does nothing', off: 'is off' }[rollout.guard], '.',
        rollout.next_percent !== null && rollout.state === 'running' && rollout.next_at ? ` The next step, ${share(rollout.next_percent)}, comes ${until(rollout.next_at)}.` : '')),
    rollout.decision && note('info', h('strong', {}, rollout.decision.halted ? 'Halted' : rollout.decision.paused ? 'Paused' : 'Decided'), ` by ${rollout.decision.author}, ${moment(rollout.decision.time)}: ${rollout.decision.reason}`),
    steps(rollout),
    rollout.history ? drawings(rollout, ctx.width) : '',
    h('h3', {}, 'What is judged'),
    table({
      caption: 'Findings',
      rows: rollout.findings,
      key: (finding) => finding.metric,
      columns: [
        { title: 'Metric', cell: (finding) => METRICS[finding.metric] || finding.metric },
        { title: 'Verdict', cell: (finding) => finding.judged ? state(finding.verdict) : h('span', { class: 'quiet' }, 'told, not judged') },
        { title: 'In words', cell: (finding) => finding.words },
        { title: 'Evidence', cell: evidence },
      ],
    }),
    h('h3', {}, 'Side by side'),
    sides(rollout));
}

export default {
  title: 'Rollout',
  every: 2000,

  async load(ctx) {
    const [list, happened] = await Promise.all([get(ctx.task ? path`rollout/${ctx.task}` : 'rollout'), get('events')]);
    let { rollouts } = list;
    if (!ctx.task && rollouts.length === 1) rollouts = (await get(path`rollout/${rollouts[0].task}`)).rollouts;
    return { rollouts, events: happened.events.filter((event) => event.kind.startsWith('rollout') && (!ctx.task || event.task === ctx.task)) };
  },

  view(data, ctx) {
    const detailed = data.rollouts.filter(({ history }) => history);
    const wanted = (ctx.query.get('filter') || '').toLowerCase();
    const listed = data.rollouts.filter(({ task, experiment }) => (task + ' ' + experiment).toLowerCase().includes(wanted)).sort(byConcern);
    return [
      head('Rollout', { about: ctx.task ? ['Experiments of ', taskLink(ctx.task), ' · ', h('a', { href: '#/rollout' }, 'all experiments')] : plural(data.rollouts.length, 'experiment') + ' with a share' }),
      !data.rollouts.length && empty(ctx.task ? `Task ${ctx.task} has no experiment with a share. ` : 'No experiment has a share. ', 'Start one in patchbay.yaml: ', h('code', {}, 'experiments: [{name: canary, steps: [1, 5, 25, 100], unit: user_id, version: "2.0.0"}]')),
      detailed.map((rollout) => one(rollout, ctx)),
      !detailed.length && data.rollouts.length > 0 && panel('Experiments', {},
        h('form', { class: 'filters', role: 'search', on: { submit: (event) => event.preventDefault() } }, h('label', {}, 'Filter ', h('input', { type: 'search', name: 'filter', value: ctx.query.get('filter') || '', placeholder: 'task or experiment', on: { input: (event) => ctx.set({ filter: event.target.value }) } }))),
        table({
          caption: 'Experiments',
          rows: listed.slice(0, 100),
          key: (rollout) => rollout.task + '/' + rollout.experiment,
          columns: [
            { title: 'Experiment', cell: (rollout) => [h('a', { href: '#/rollout/' + encodeURIComponent(rollout.task) }, rollout.experiment), h('small', {}, rollout.task)] },
            { title: 'Version', cell: (rollout) => h('b', { class: 'version' }, rollout.version) },
            { title: 'Share', num: true, cell: (rollout) => share(rollout.percent) },
            { title: 'State', cell: (rollout) => state(rollout.state) },
            { title: 'Verdict', cell: (rollout) => state(rollout.verdict) },
            { title: 'In words', cell: (rollout) => rollout.words },
          ],
        }),
        listed.length > 100 && h('p', { class: 'quiet count' }, `and ${count(listed.length - 100)} more: filter to see them`)),
      panel('Events of rollouts', {}, events(data.events, { most: 12, none: 'Nothing was decided since the gateway started.' })),
    ];
  },
};
