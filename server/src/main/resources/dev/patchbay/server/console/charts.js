/* Drawings. Each says in words what it shows, for those who do not see it. */
import { h, s } from './dom.js';

const round = (value) => Math.round(value * 10) / 10;

/** A small line without axes. */
export function sparkline(values, words) {
  const width = 88;
  const height = 20;
  const most = Math.max(...values, 1e-9);
  const points = values.map((value, i) => `${round((i * width) / Math.max(1, values.length - 1))},${round(height - 1 - (value / most) * (height - 3))}`);
  return s('svg', { class: 'spark', viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', 'aria-label': words },
    values.length > 1 && s('polyline', { points: points.join(' ') }));
}

function ticks(low, high, log) {
  if (log) {
    const all = [];
    for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) all.push(10 ** power);
    const fitting = all.filter((value) => value >= low * 0.999 && value <= high * 1.001);
    const step = Math.ceil(fitting.length / 5);
    return fitting.filter((_, i) => i % step === 0);
  }
  const raw = (high - low) / 4 || 1;
  const unit = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * unit).find((candidate) => candidate >= raw);
  const all = [];
  for (let value = Math.ceil(low / step) * step; value <= high + step / 1e6; value += step) all.push(value);
  return all;
}

/**
 * Lines over time.
 *
 * `series`: `{name, tone, values}`, with a value (or null) for each of `times` (milliseconds); `limit`: `{value, name}`,
 * a line that is not to be crossed; `marks`: `{time, name}`, moments; `show(value)` writes a value.
 */
export function lines({ times, series, limit, marks = [], show, log = false, width, height = 190, words, least, most }) {
  const left = 58;
  const right = 12;
  const top = 22;
  const bottom = 24;
  const values = series.flatMap(({ values: own }) => own).filter((value) => value !== null && Number.isFinite(value));
  const bounds = limit ? [...values, limit.value] : values;
  let low = Math.min(...bounds, ...(least === undefined ? [] : [least]));
  let high = Math.max(...bounds, ...(most === undefined ? [] : [most]));
  if (log) {
    low = Math.max(low, 1e-3) / 1.5;
    high *= 1.5;
  } else if (high === low) {
    high = low + 1;
  } else {
    high += (high - low) * 0.08;
  }
  const begin = times[0];
  const end = Math.max(times[times.length - 1], begin + 1000);
  const x = (time) => round(left + ((time - begin) / (end - begin)) * (width - left - right));
  const scaled = (value) => log ? Math.log(Math.max(value, low)) : value;
  const y = (value) => round(height - bottom - ((scaled(value) - scaled(low)) / (scaled(high) - scaled(low))) * (height - top - bottom));
  const path = (own) => {
    let drawn = '';
    own.forEach((value, i) => {
      if (value === null || !Number.isFinite(value)) return;
      drawn += (drawn && own[i - 1] !== null ? 'L' : 'M') + x(times[i]) + ' ' + y(value);
    });
    return drawn;
  };
  const label = (time) => new Date(time).toLocaleTimeString('en-GB', end - begin > 3 * 3600e3 ? { hour: '2-digit', minute: '2-digit' } : {});
  const between = width > 520 ? [0, 0.5, 1] : [0, 1];
  return h('figure', { class: 'chart' },
    h('figcaption', {}, series.map(({ name, tone }) => h('span', {}, h('i', { class: 'dot ' + tone, 'aria-hidden': 'true' }), name)),
      limit && h('span', {}, h('i', { class: 'dash', 'aria-hidden': 'true' }), limit.name)),
    s('svg', { viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', 'aria-label': words },
      ticks(low, high, log).map((value) => [
        s('line', { class: 'grid', x1: left, x2: width - right, y1: y(value), y2: y(value) }),
        s('text', { x: left - 8, y: y(value) + 4, class: 'end' }, show(value)),
      ]),
      between.map((share) => s('text', { x: left + share * (width - left - right), y: height - 6, class: ['', 'mid', 'end'][share * 2] }, label(begin + share * (end - begin)))),
      marks.map(({ time, name }) => [
        s('line', { class: 'mark', x1: x(time), x2: x(time), y1: top - 4, y2: height - bottom }),
        s('text', { x: x(time) + (x(time) > width - 80 ? -4 : 4), y: top - 8, class: x(time) > width - 80 ? 'end' : '' }, name),
      ]),
      limit && s('line', { class: 'limit', x1: left, x2: width - right, y1: y(limit.value), y2: y(limit.value) }),
      series.map(({ tone, values: own }) => s('path', { class: 'line ' + tone, d: path(own) }))));
}

/** A value with its interval on a common scale, with an optional limit. */
export function interval({ low, high, value, from, to, limit, words }) {
  const width = 160;
  const x = (at) => round(4 + ((Math.min(Math.max(at, from), to) - from) / (to - from || 1)) * (width - 8));
  return s('svg', { class: 'interval', viewBox: `0 0 ${width} 16`, width, height: 16, role: 'img', 'aria-label': words },
    s('line', { class: 'grid', x1: 4, x2: width - 4, y1: 8, y2: 8 }),
    limit !== undefined && limit !== null && s('line', { class: 'limit', x1: x(limit), x2: x(limit), y1: 1, y2: 15 }),
    s('line', { class: 'range', x1: x(low), x2: x(high), y1: 8, y2: 8 }),
    s('circle', { cx: x(value), cy: 8, r: 3.5 }));
}

/** Counts as bars beside their names; a table, so that it is read as one. */
export function bars(counts, { caption, what = 'count', none = 'None.' }) {
  const entries = Object.entries(counts);
  const most = Math.max(...entries.map(([, value]) => value), 1);
  if (!entries.length) return h('p', { class: 'empty' }, none);
  return h('div', { class: 'scroll' }, h('table', { class: 'bars' },
    h('caption', { class: 'hidden' }, caption),
    h('thead', { class: 'hidden' }, h('tr', {}, h('th', { scope: 'col' }, 'name'), h('th', { scope: 'col' }, what), h('td', {}))),
    h('tbody', {}, entries.map(([name, value]) => h('tr', {},
      h('th', { scope: 'row' }, name),
      h('td', { class: 'num' }, value.toLocaleString('en')),
      h('td', { class: 'wide', 'aria-hidden': 'true' }, value > 0 && h('span', { class: 'fill series0', style: { width: (100 * value) / most + '%' } })))))));
}
