/* Numbers and times for people. */

const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

export const count = (value) => value === undefined || value === null ? '–' : grouped.format(value);

export const decimals = (value, digits) => value === undefined || value === null ? '–' : value.toFixed(digits);

/** A duration given in microseconds. */
export function micros(us) {
  if (us === undefined || us === null) return '–';
  if (us < 1000) return Math.round(us) + ' µs';
  if (us < 10000) return (us / 1000).toFixed(1) + ' ms';
  if (us < 1e6) return Math.round(us / 1000) + ' ms';
  return (us / 1e6).toFixed(1) + ' s';
}

/** A share from 0 to 1. */
export function percent(share) {
  if (share === undefined || share === null) return '–';
  const value = Math.abs(share) < 1e-9 ? 0 : share * 100;
  if (value === 0 || value === 100) return value + ' %';
  if (value > 99.9 && value < 100) return '> 99.9 %';
  if (value < 0.1) return '< 0.1 %';
  return (value < 10 ? value.toFixed(1) : Math.round(value)) + ' %';
}

/** A percentage as it was configured. */
export const share = (value) => value === undefined || value === null ? '–' : Number(value) + ' %';

export function rate(perSecond) {
  if (perSecond === undefined || perSecond === null) return '–';
  if (perSecond === 0) return '0';
  return perSecond < 10 ? perSecond.toFixed(1) : grouped.format(perSecond);
}

export function ago(time, now = Date.now()) {
  const seconds = Math.max(0, Math.round((now - Date.parse(time)) / 1000));
  if (seconds < 5) return 'now';
  if (seconds < 90) return seconds + ' s ago';
  if (seconds < 5400) return Math.round(seconds / 60) + ' min ago';
  if (seconds < 129600) return Math.round(seconds / 3600) + ' h ago';
  return Math.round(seconds / 86400) + ' d ago';
}

export function until(time, now = Date.now()) {
  const seconds = Math.round((Date.parse(time) - now) / 1000);
  if (seconds <= 0) return 'as soon as everything judged has passed';
  if (seconds < 90) return 'in ' + seconds + ' s at the earliest';
  if (seconds < 5400) return 'in ' + Math.round(seconds / 60) + ' min at the earliest';
  return 'in ' + (seconds / 3600).toFixed(1) + ' h at the earliest';
}

export const clock = (time) => new Date(time).toLocaleTimeString('en-GB');

export const moment = (time) => {
  const date = new Date(time);
  const today = new Date().toDateString() === date.toDateString();
  return (today ? '' : date.toLocaleDateString('en-CA') + ' ') + date.toLocaleTimeString('en-GB');
};

/** A value of the config in few characters. */
export function value(json) {
  if (json === undefined || json === null) return 'nothing';
  return typeof json === 'string' ? json : JSON.stringify(json);
}

export const plural = (n, one, many = one + 's') => count(n) + ' ' + (n === 1 ? one : many);
