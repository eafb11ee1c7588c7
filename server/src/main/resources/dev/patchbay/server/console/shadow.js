/* Versions that are asked for comparison only: how often they agree, where they differ, whom it would concern. */
import { h } from './dom.js';
import { get, path } from './api.js';
import { count, decimals, percent, plural } from './format.js';
import { bars, interval } from './charts.js';
import { empty, head, panel, table, taskLink } from './parts.js';

function summary(report) {
  return h('dl', { class: 'tiles' },
    h('div', { class: 'tile' }, h('dt', {}, 'agree'), h('dd', {}, percent(report.agreement), report.compared > 0 && [h('small', {}, `${percent(report.agreement_low)} to ${percent(report.agreement_high)}`),
      interval({ low: report.agreement_low, high: report.agreement_high, value: report.agreement, from: 0, to: 1, words: `between ${percent(report.agreement_low)} and ${percent(report.agreement_high)} with 95 % confidence` })])),
    h('div', { class: 'tile' }, h('dt', {}, 'compared'), h('dd', {}, count(report.compared), h('small', {}, `${count(report.compared - report.agreed)} differ`))),
    h('div', { class: 'tile' }, h('dt', {}, 'the shadow failed'), h('dd', {}, count(report.failed), h('small', {}, Object.entries(report.errors).map(([code, n]) => `${code} ${count(n)}`).join(', ') || 'never'))),
    h('div', { class: 'tile' }, h('dt', {}, 'time in the module'), h('dd', {}, report.slower === null ? '–' : `${decimals(report.slower, 2)} ×`, h('small', {}, 'that of the answer, typically'))),
    h('div', { class: 'tile' }, h('dt', {}, 'not asked'), h('dd', {}, count(report.dropped), h('small', {}, 'dropped, all places were taken'))));
}

function pair(found) {
  return h('details', { key: found.request_id },
    h('summary', {}, h('code', {}, found.request_id), ' ', found.tenant ? `tenant ${found.tenant}` : 'no tenant', `, served by ${found.served_by}: `, plural(found.differences.length, 'difference'), ' at ', found.differences.slice(0, 3).map(({ path: where }) => where).join(', ')),
    h('div', { class: 'scroll' }, h('table', { class: 'diff' },
      h('caption', { class: 'hidden' }, 'Differences of ' + found.request_id),
      h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'path'), h('th', { scope: 'col' }, `served by ${found.served_by}`), h('th', { scope: 'col' }, 'shadow'))),
      h('tbody', {}, found.differences.map((difference) => h('tr', {}, h('th', { scope: 'row' }, h('code', {}, difference.path)), h('td', {}, difference.served), h('td', {}, difference.shadow)))))));
}

function one(report, ctx) {
  const all = ctx.kept['all ' + report.version];
  return panel(`${report.task}: shadow ${report.version}`, { key: report.task + '/' + report.version },
    summary(report),
    h('div', { class: 'columns three' },
      h('div', {}, h('h3', {}, 'Where answers differ'), bars(report.fields, { caption: 'Answers that differ, by field', what: 'answers', none: 'Nowhere.' })),
      h('div', {}, h('h3', {}, 'How far numbers are apart'), bars(report.distances, { caption: 'Numbers, by how far they are apart', what: 'numbers', none: 'No numbers were compared.' })),
      h('div', {}, h('h3', {}, 'Who would get another answer'), bars(report.affected_tenants, { caption: 'Tenants that would get another answer', what: 'answers', none: 'No caller with a tenant.' }))),
    report.pairs && [h('h3', {}, 'The first pairs that differ'),
      report.pairs.length ? [report.pairs.slice(0, all ? 50 : 8).map(pair), report.pairs.length > 8 && !all && h('p', {}, h('button', { type: 'button', on: { click: () => { ctx.kept['all ' + report.version] = true; ctx.draw(); } } }, `Show all ${report.pairs.length}`))] : empty('None differ.')]);
}

export default {
  title: 'Shadow',
  every: 3000,

  async load(ctx) {
    let { shadows } = await get(ctx.task ? path`shadow/${ctx.task}` : 'shadow');
    if (!ctx.task && shadows.length && shadows.length <= 2) {
      const tasks = [...new Set(shadows.map(({ task }) => task))];
      shadows = (await Promise.all(tasks.map((task) => get(path`shadow/${task}`)))).flatMap((answer) => answer.shadows);
    }
    return { shadows };
  },

  view(data, ctx) {
    const detailed = data.shadows.filter(({ pairs }) => pairs);
    return [
      head('Shadow', { about: ctx.task ? ['Shadows of ', taskLink(ctx.task), ' · ', h('a', { href: '#/shadow' }, 'all shadows')] : 'Versions that are asked after the caller got its answer, and compared with it' }),
      !data.shadows.length && empty(ctx.task ? `No shadow of ${ctx.task} was asked. ` : 'No shadow was asked. ', 'Start one in patchbay.yaml: ', h('code', {}, 'shadow: [{version: "2.0.0", sample: 5}]')),
      detailed.map((report) => one(report, ctx)),
      !detailed.length && data.shadows.length > 0 && panel('Shadows', {}, table({
        caption: 'Shadows',
        rows: data.shadows.slice(0, 200),
        key: (report) => report.task + '/' + report.version,
        columns: [
          { title: 'Task', cell: (report) => h('a', { href: '#/shadow/' + encodeURIComponent(report.task) }, report.task) },
          { title: 'Version', cell: (report) => h('b', { class: 'version' }, report.version) },
          { title: 'Agree', num: true, cell: (report) => percent(report.agreement) },
          { title: 'Compared', num: true, cell: (report) => count(report.compared) },
          { title: 'Failed', num: true, cell: (report) => count(report.failed) },
          { title: 'Dropped', num: true, cell: (report) => count(report.dropped) },
        ],
      })),
    ];
  },
};
