/* The frame: which page is shown, when it is read again, and whether the gateway answers. */
import { h, morphChildren } from './dom.js';
import { get, Unreachable } from './api.js';
import { askAgain, isAsking } from './token.js';
import { clock, plural } from './format.js';
import { failure, keep, note } from './parts.js';
import overview from './overview.js';
import task from './task.js';
import routing from './routing.js';
import rollout from './rollout.js';
import shadow from './shadow.js';
import modules from './modules.js';
import playground from './playground.js';
import history from './history.js';

const PAGES = { overview, task, routing, rollout, shadow, modules, playground, history };
const OF_TASKS = ['task', 'routing', 'rollout', 'shadow', 'playground'];
const main = document.getElementById('main');
const pulse = document.getElementById('pulse');
const said = document.getElementById('said');

let shown;
let timer;
let quiet;

function address() {
  const [place, query] = location.hash.replace(/^#\/?/, '').split('?');
  const [page, name] = place.split('/').map(decodeURIComponent);
  return { page: PAGES[page] ? page : 'overview', known: !page || !!PAGES[page], task: name || undefined, query: new URLSearchParams(query) };
}

const href = (page, name, query) => '#/' + page + (name ? '/' + encodeURIComponent(name) : '') + (query && [...query].length ? '?' + query : '');

function say(words) {
  said.textContent = words;
  said.classList.add('shown');
  clearTimeout(quiet);
  quiet = setTimeout(() => said.classList.remove('shown'), 8000);
}

/** What a page is given: where it is, what it keeps while it is shown, and how it moves on. */
function context({ page, task: name, query }) {
  const ctx = {
    page,
    task: name,
    query,
    kept: {},
    say,
    get width() {
      return Math.max(230, Math.min(main.clientWidth - (main.clientWidth > 600 ? 78 : 52), 1360));
    },
    go: (to, other, changes) => {
      location.hash = href(to, other, new URLSearchParams(changes));
    },
    set: (changes) => {
      for (const [key, value] of Object.entries(changes)) {
        if (value === undefined || value === '') query.delete(key);
        else query.set(key, value);
      }
      window.history.replaceState(null, '', href(ctx.page, ctx.task, query));
      read(ctx);
    },
    settle: (other) => {
      ctx.task = other;
      window.history.replaceState(null, '', href(ctx.page, other, query));
      links();
    },
    draw: () => draw(ctx),
    refresh: () => read(ctx),
  };
  return ctx;
}

function links() {
  const name = shown?.task || keep('task');
  morphChildren(document.getElementById('pages'), [h('ul', {}, Object.entries(PAGES).map(([key, { title }]) => h('li', {},
    h('a', { href: key === 'overview' ? '#/' : href(key, OF_TASKS.includes(key) ? name : undefined), 'aria-current': shown?.page === key ? 'page' : undefined }, title))))]);
  document.querySelector('#pages [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}

function draw(ctx) {
  if (ctx !== shown) return;
  const content = [];
  if (ctx.error) {
    content.push(ctx.data === undefined
      ? failure(ctx.error, () => {
        askAgain();
        read(ctx);
      })
      : note('bad', h('strong', {}, ctx.error instanceof Unreachable ? 'The gateway does not answer.' : ctx.error.message),
        h('p', {}, `What you see is from ${clock(ctx.at)}. It is asked again every few seconds.`)));
  }
  if (ctx.data !== undefined) content.push(...[PAGES[ctx.page].view(ctx.data, ctx)].flat(9).filter(Boolean));
  else if (ctx.error) content.push(h('h1', { class: 'hidden', id: 'title', tabindex: '-1' }, PAGES[ctx.page].title));
  else content.push(h('h1', { id: 'title', tabindex: '-1' }, PAGES[ctx.page].title), h('div', { class: 'skeleton', role: 'status' }, h('span', { class: 'hidden' }, 'Reading …')));
  main.classList.toggle('stale', !!ctx.error && ctx.data !== undefined);
  morphChildren(main, content);
}

async function read(ctx) {
  clearTimeout(timer);
  ctx.turn = (ctx.turn || 0) + 1;
  const turn = ctx.turn;
  const from = performance.now();
  try {
    const data = await PAGES[ctx.page].load(ctx);
    if (ctx !== shown || turn !== ctx.turn) return;
    ctx.data = data;
    ctx.at = Date.now();
    ctx.error = undefined;
  } catch (error) {
    if (ctx !== shown || turn !== ctx.turn) return;
    ctx.error = error;
  }
  try {
    draw(ctx);
  } catch (bug) {
    main.replaceChildren(failure(bug));
    throw bug;
  }
  if (!ctx.entered && (ctx.data !== undefined || ctx.error)) {
    ctx.entered = true;
    if (ctx.moved) document.getElementById('title')?.focus({ preventScroll: true });
  }
  clearTimeout(timer);
  // a gateway with very many tasks is asked less often: looking takes a tenth of its time at most
  timer = setTimeout(() => !document.hidden && read(ctx), Math.max(PAGES[ctx.page].every, 10 * (performance.now() - from)));
}

function show() {
  const place = address();
  const moved = !!shown;
  if (place.task) keep('task', place.task);
  shown = context(place);
  shown.moved = moved;
  document.title = [place.task, PAGES[place.page].title, 'Patchbay'].filter(Boolean).join(' · ');
  main.dataset.page = place.page;
  main.replaceChildren();
  links();
  draw(shown);
  window.scrollTo(0, 0);
  read(shown);
}

async function beat() {
  try {
    const status = await get('status');
    const parts = [h('span', { class: 'live' }, h('span', { 'aria-hidden': 'true' }, '● '), 'connected'), h('a', { href: '#/history' }, 'revision ' + status.revision)];
    if (status.problems.length) parts.push(h('a', { class: 'bad', href: '#/history' }, 'the config file is refused'));
    else if (status.waiting_for.length) parts.push(h('a', { class: 'warn', href: '#/history' }, 'a saved config waits'));
    if (status.differs_from_file.length) parts.push(h('a', { class: 'warn', href: '#/history' }, plural(status.differs_from_file.length, 'task differs', 'tasks differ') + ' from the file'));
    morphChildren(pulse, parts);
    pulse.className = '';
  } catch (error) {
    morphChildren(pulse, [h('span', { class: 'bad' }, h('span', { 'aria-hidden': 'true' }, '○ '), error instanceof Unreachable ? 'disconnected' : error.message)]);
    pulse.className = 'lost';
  }
}

const theme = document.getElementById('theme');
theme.value = document.documentElement.dataset.theme;
theme.onchange = () => {
  document.documentElement.dataset.theme = theme.value;
  keep('theme', theme.value);
};
document.getElementById('skip').onclick = (event) => {
  event.preventDefault();
  main.focus();
};
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) {
    beat();
    read(shown);
  }
});
document.addEventListener('keydown', (event) => {
  const typing = event.target.closest('input, textarea, select, dialog, [contenteditable]');
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  PAGES[shown.page].keys?.[event.key]?.(shown);
});
window.addEventListener('hashchange', show);
window.addEventListener('resize', () => draw(shown));
setInterval(() => !document.hidden && !isAsking() && beat(), 3000);
beat();
show();
