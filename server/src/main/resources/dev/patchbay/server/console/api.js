/* The operator's API. What it refuses becomes a Problem, with the same words as on the command line. */

import { enter, token } from './token.js';

export class Problem extends Error {
  constructor(status, body) {
    super(body.detail || body.title || 'The gateway answered ' + status);
    this.status = status;
    this.code = body.code;
    this.fields = body.errors || [];
    this.requestId = body.request_id;
  }
}

/** The gateway cannot be reached at all. */
export class Unreachable extends Error {
  constructor() {
    super('The gateway does not answer.');
  }
}

/** Sends a request, and once more when a token was asked for and entered. */
async function send(path, options, millis) {
  for (;;) {
    const known = token();
    let answer;
    try {
      answer = await fetch('/admin/v1/' + path, {
        cache: 'no-store',
        signal: millis && AbortSignal.timeout(millis),
        ...options,
        headers: known ? { ...options?.headers, authorization: 'Bearer ' + known } : options?.headers,
      });
    } catch {
      throw new Unreachable();
    }
    if (answer.status !== 401 || !(await enter(known))) return answer;
  }
}

async function ask(path, options) {
  const answer = await send(path, options, 20000);
  const text = await answer.text();
  let body = {};
  try {
    body = JSON.parse(text);
  } catch { /* not from the gateway's hand */ }
  if (!answer.ok) throw new Problem(answer.status, body);
  return body;
}

export const get = (path) => ask(path);

export const post = (path, body) => ask(path, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/** Puts values into a path: `path\`rollout/${task}\``. */
export const path = (texts, ...values) => texts.reduce((sum, text, i) => sum + encodeURIComponent(values[i - 1]) + text);

/** Sends one call to a task as a caller does, and gives what came back, whatever it was. */
export async function call(task, version, tenant, text) {
  const headers = { 'content-type': 'application/json' };
  if (tenant) headers['inference-tenant'] = tenant;
  const where = 'try/' + encodeURIComponent(task) + (version ? '/versions/' + encodeURIComponent(version) : '');
  const from = performance.now();
  const answer = await send(where, { method: 'POST', headers, body: text });
  const body = await answer.text();
  return {
    status: answer.status,
    took: performance.now() - from,
    body,
    version: answer.headers.get('inference-version'),
    route: answer.headers.get('inference-route'),
    request: answer.headers.get('inference-request-id'),
  };
}
