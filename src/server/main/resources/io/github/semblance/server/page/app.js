// The page: what is asked, and what happens on keys and clicks.
import { indexes, search, documentOf, reportAddress, setToken } from './api.js';
import { el, byId, count } from './elements.js';
import { column, summary } from './hits.js';

const PAUSE = 160; // ms after a key, so that a word typed fast is one question
const READING = 350; // ms on a page, before its sentences are looked at
const PER_PAGE = 10;
const LEAST_CONFIDENCE = 0.3;
const MOST_FACETS = 6;
const VIEWS = ['hybrid', 'bm25', 'semantic', 'side', 'compare'];
const NAMES = { hybrid: 'Words and meaning', bm25: 'Words', semantic: 'Meaning' };

const state = {
  served: [],
  index: undefined,
  q: '',
  view: 'hybrid',
  filters: [],
  from: 0,
  like: null,
  anyway: false,
  settings: [
    { mode: 'hybrid', semantic_weight: null, feedback: false },
    { mode: 'hybrid', semantic_weight: 0.8, feedback: false },
  ],
};
let asked = new AbortController();
let waiting = 0;

// ---- what is asked

function requests() {
  const index = state.index;
  const shared = {
    index: index.name,
    top: PER_PAGE,
    from: state.from,
    text: 'snippet',
    explain: true,
    filter: state.filters,
    facet: index.fields.slice(0, MOST_FACETS),
  };
  if (state.like) return [{ heading: null, request: { ...shared, like: state.like.id } }];
  const words = (mode, more = {}) => ({
    q: state.q,
    mode,
    ...shared,
    ...(index.confidence && mode !== 'bm25' && !state.anyway && state.view !== 'compare' ? { min_confidence: LEAST_CONFIDENCE } : {}),
    ...more,
  });
  if (state.view === 'side') {
    return ['bm25', 'semantic'].map(mode => ({ heading: NAMES[mode], request: words(mode) }));
  }
  if (state.view === 'compare') {
    return state.settings.map((setting, i) => {
      const more = {};
      if (setting.mode === 'hybrid') {
        if (setting.semantic_weight !== null) more.semantic_weight = setting.semantic_weight;
        if (setting.feedback) more.feedback = true;
      }
      return { heading: 'AB'[i] + ' · ' + describe(setting), request: words(setting.mode, more) };
    });
  }
  return [{ heading: null, request: words(state.view) }];
}

function describe(setting) {
  if (setting.mode !== 'hybrid') return NAMES[setting.mode];
  const weight = setting.semantic_weight ?? state.index.semantic_weight;
  return `meaning weighs ${weight.toFixed(2)}${setting.feedback ? ', feedback' : ''}`;
}

async function run() {
  clearTimeout(waiting);
  asked.abort();
  asked = new AbortController();
  const { signal } = asked;
  remember();
  const empty = !state.q.trim() && !state.like;
  document.body.classList.toggle('empty', empty);
  byId('settings').hidden = state.view !== 'compare' || Boolean(state.like);
  if (empty || !state.index) {
    for (const id of ['result', 'pages', 'problem', 'like']) byId(id).hidden = true;
    say('');
    return;
  }
  const all = requests();
  document.body.setAttribute('aria-busy', 'true');
  try {
    const answers = await Promise.all(all.map(({ request }) => search(request, signal)));
    show(all, answers);
    waiting = setTimeout(() => lookCloser(all, signal), READING);
  } catch (failure) {
    if (failure.name !== 'AbortError') fail(failure);
  } finally {
    if (!signal.aborted) document.body.removeAttribute('aria-busy');
  }
}

/** Asks once more, now for the sentences closest in meaning, which take time to find. */
async function lookCloser(all, signal) {
  const closer = all.map(one =>
    one.request.like !== undefined || one.request.mode === 'bm25' ? one : { ...one, request: { ...one.request, highlight: true } });
  if (closer.every((one, i) => one === all[i])) return;
  try {
    const answers = await Promise.all(closer.map(({ request }) => search(request, signal)));
    const active = document.activeElement?.closest('.hit')?.dataset.id;
    const open = [...document.querySelectorAll('.why[aria-expanded=true]')].map(button => button.closest('.hit').dataset.id);
    show(closer, answers, true);
    for (const hit of document.querySelectorAll('.hit')) {
      if (open.includes(hit.dataset.id)) hit.querySelector('.why')?.click();
      if (active !== undefined && hit.dataset.id === active) hit.focus({ preventScroll: true });
    }
  } catch {
    // What is shown stays.
  }
}

// ---- what is shown

function say(text) {
  byId('status').textContent = text;
}

function fail(failure) {
  if (failure.status === 401) {
    byId('locked').showModal();
    return;
  }
  const problem = byId('problem');
  problem.textContent = failure.message;
  problem.hidden = false;
  byId('result').hidden = true;
  byId('pages').hidden = true;
  say('');
}

function show(all, answers, closer = false) {
  byId('problem').hidden = true;
  const columns = byId('columns');
  const ranks = answers.length === 2 && state.view === 'compare'
    ? answers.map(answer => new Map(answer.hits.map(hit => [hit.id, hit.rank])))
    : null;
  columns.className = answers.length === 2 ? 'columns two' : 'columns';
  columns.replaceChildren(
    ...answers.map((answer, i) =>
      withheld(all[i].request, answer)
        ? nothing(all[i].heading, answer)
        : column(answer, {
            heading: all[i].heading,
            from: state.from,
            onRead: read,
            onLike: like,
            ranks: ranks ? ranks[1 - i] : undefined,
          })),
  );
  facets(answers);
  byId('result').hidden = false;
  if (!closer) say(answers.length === 1 && !withheld(all[0].request, answers[0]) ? status(answers[0]) : '');
  pages(answers);
  const likeBox = byId('like');
  likeBox.hidden = !state.like;
  if (state.like) {
    likeBox.replaceChildren(
      el('span', {}, 'More like ', el('strong', {}, state.like.title)),
      el('button', { type: 'button', class: 'plain', id: 'unlike', onclick: () => { state.like = null; state.from = 0; run(); } }, 'Back to the question'));
  }
}

const withheld = (request, answer) =>
  answer.confidence !== null && answer.confidence < (request.min_confidence ?? 0) && answer.hits.length === 0;

function nothing(heading, answer) {
  return el(
    'section',
    { class: 'column nothing', 'aria-label': heading ?? 'Hits' },
    heading ? el('h2', {}, heading) : null,
    el('p', { class: 'lead' }, 'Nothing here seems to answer this.'),
    el('p', { class: 'quiet' }, `The closest passages are far from it (confidence ${answer.confidence.toFixed(2)}).`),
    el('button', { type: 'button', onclick: () => { state.anyway = true; run(); } }, 'Show what is closest'));
}

function status(answer) {
  const sure = answer.confidence === null ? '' : ` · confidence ${answer.confidence.toFixed(2)}`;
  return summary(answer) + sure + (answer.timed_out ? ' · time was up before all was found' : '');
}

function pages(answers) {
  const most = Math.max(...answers.map(answer => answer.total));
  const shown = Math.max(...answers.map(answer => answer.hits.length));
  byId('pages').hidden = state.from === 0 && most <= PER_PAGE;
  byId('previous').disabled = state.from === 0;
  byId('next').disabled = state.from + shown >= most || shown < PER_PAGE;
  byId('page').textContent = shown ? `${count(state.from + 1)} – ${count(state.from + shown)}` : 'no more';
}

function facets(answers) {
  const box = byId('facets');
  const found = answers.map(answer => answer.facets ?? {});
  const groups = [];
  for (const field of Object.keys(found[0] ?? {})) {
    const values = (found[0][field].length ? found[0] : found[1] ?? {})[field] ?? [];
    const chosen = state.filters.filter(filter => filter.startsWith(field + ':')).map(filter => filter.slice(field.length + 1));
    const shown = [...values, ...chosen.filter(value => !values.some(one => one.value === value)).map(value => ({ value, count: 0 }))];
    if (shown.length === 0 || (shown.length === 1 && !chosen.length) || (values.length > 0 && values.every(one => one.count === 1 && !chosen.includes(one.value)))) continue;
    groups.push(
      el('fieldset', {},
        el('legend', {}, field),
        ...shown.map(({ value, count: number }) =>
          el('label', {},
            el('input', { type: 'checkbox', checked: chosen.includes(value), onchange: event => filter(field, value, event.target.checked) }),
            el('span', { class: 'value', title: value }, value),
            el('span', { class: 'number' }, count(number))))));
  }
  const wide = matchMedia('(min-width: 900px)').matches;
  box.replaceChildren(...(groups.length ? [el('details', { open: wide || state.filters.length > 0 }, el('summary', {}, 'Narrow down'), ...groups)] : []));
  byId('result').classList.toggle('bare', groups.length === 0);
}

function filter(field, value, on) {
  const name = field + ':' + value;
  state.filters = state.filters.filter(one => one !== name);
  if (on) state.filters.push(name);
  state.from = 0;
  run();
}

// ---- documents and dialogs

async function read(hit) {
  try {
    const found = await documentOf(hit.id, state.index.name);
    const { title, text, ...rest } = found.fields;
    byId('document-title').textContent = title || hit.id;
    byId('document-fields').replaceChildren(
      el('dt', {}, 'id'), el('dd', {}, hit.id),
      ...Object.entries(rest).flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, [value].flat().join(', '))]));
    byId('document-text').replaceChildren(...whole(text, hit));
    byId('document').showModal();
    byId('document-text').querySelector('.closest')?.scrollIntoView({ block: 'center' });
  } catch (failure) {
    fail(failure);
  }
}

function whole(text, hit) {
  const place = hit.passage?.highlight ?? (hit.passage?.text && hit.passage.end - hit.passage.start < text.length ? hit.passage : null);
  if (!place) return [text];
  return [text.slice(0, place.start), el('span', { class: 'closest' }, text.slice(place.start, place.end)), text.slice(place.end)];
}

function like(hit, title) {
  state.like = { id: hit.id, title };
  state.from = 0;
  run();
  scrollTo({ top: 0 });
}

for (const dialog of document.querySelectorAll('dialog')) {
  dialog.querySelector('.close')?.addEventListener('click', () => dialog.close());
  dialog.addEventListener('click', event => {
    if (event.target === dialog && dialog.id !== 'locked') dialog.close();
  });
}
byId('show-keys').addEventListener('click', () => byId('keys').showModal());
byId('show-report').addEventListener('click', () => {
  byId('report-frame').replaceChildren(el('iframe', { src: reportAddress(), title: 'Evaluation report', sandbox: 'allow-scripts' }));
  byId('report').showModal();
});
byId('unlock').addEventListener('submit', () => {
  setToken(byId('token').value);
  start();
});

// ---- settings

function settings() {
  byId('settings').replaceChildren(
    ...state.settings.map((setting, i) => {
      const own = state.index?.semantic_weight ?? 0.45;
      const weight = setting.semantic_weight ?? own;
      const out = el('output', {}, weight.toFixed(2));
      const change = (name, value) => {
        setting[name] = value;
        state.from = 0;
        if (name === 'mode') settings();
        run();
      };
      return el('fieldset', {},
        el('legend', {}, 'AB'[i]),
        el('label', {}, 'by ', el('select', { onchange: event => change('mode', event.target.value) },
          ...Object.entries(NAMES).map(([mode, name]) => el('option', { value: mode, selected: setting.mode === mode }, name)))),
        el('label', { class: 'range' }, 'weight of meaning ',
          el('input', { type: 'range', min: '0', max: '1', step: '0.05', value: String(weight), disabled: setting.mode !== 'hybrid',
            oninput: event => { out.textContent = Number(event.target.value).toFixed(2); },
            onchange: event => change('semantic_weight', Number(event.target.value)) }), out),
        el('label', { class: 'switch' },
          el('input', { type: 'checkbox', checked: setting.feedback, disabled: setting.mode !== 'hybrid', onchange: event => change('feedback', event.target.checked) }),
          el('span', {}, 'feedback')));
    }));
}

// ---- the question

const input = byId('q');
function question(value) {
  state.q = value;
  state.from = 0;
  state.like = null;
  state.anyway = false;
  run();
}
input.addEventListener('input', () => {
  clearTimeout(waiting);
  if (byId('typing').checked || !input.value) waiting = setTimeout(() => question(input.value), PAUSE);
});
byId('ask').addEventListener('submit', event => {
  event.preventDefault();
  question(input.value);
});
byId('views').addEventListener('change', event => view(event.target.value));

function view(name) {
  state.view = name;
  state.from = 0;
  state.like = null;
  document.querySelector(`input[name=view][value=${name}]`).checked = true;
  if (name === 'compare') settings();
  run();
}

byId('index').addEventListener('change', event => {
  state.index = state.served.find(one => one.name === event.target.value);
  state.filters = [];
  state.like = null;
  state.from = 0;
  state.anyway = false;
  if (state.view === 'compare') settings();
  run();
});

function turn(by) {
  const button = byId(by > 0 ? 'next' : 'previous');
  if (button.disabled || byId('pages').hidden) return;
  state.from = Math.max(0, state.from + by * PER_PAGE);
  run();
  scrollTo({ top: 0 });
}
byId('next').addEventListener('click', () => turn(1));
byId('previous').addEventListener('click', () => turn(-1));

// ---- keys

document.addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
  const typing = event.target.matches('input:not([type=radio]):not([type=checkbox]), select, textarea');
  const hits = [...document.querySelectorAll('.hit')];
  const here = hits.indexOf(document.activeElement?.closest('.hit'));
  const key = event.key;
  const go = to => {
    event.preventDefault();
    hits[Math.max(0, Math.min(hits.length - 1, to))]?.focus();
  };
  if (key === 'Escape') {
    input.focus();
    input.select();
    event.preventDefault();
  } else if (typing) {
    if (event.target === input && key === 'ArrowDown' && hits.length) go(0);
  } else if (key === '/') {
    event.preventDefault();
    input.focus();
    input.select();
  } else if (event.target.matches('input')) {
    // Arrows belong to radio buttons.
  } else if (key === 'ArrowDown' || key === 'j') {
    go(here + 1);
  } else if (key === 'ArrowUp' || key === 'k') {
    if (here === 0) input.focus();
    else go(here - 1);
  } else if (here >= 0 && key === 'Enter' && event.target === hits[here]) {
    hits[here].querySelector('.title').click();
  } else if (here >= 0 && key === 'w') {
    hits[here].querySelector('.why')?.click();
  } else if (here >= 0 && key === 'm') {
    hits[here].querySelector('.more').click();
  } else if (key === 'n') {
    turn(1);
  } else if (key === 'p') {
    turn(-1);
  } else if (key === '?') {
    byId('keys').showModal();
  } else if (VIEWS[Number(key) - 1]) {
    view(VIEWS[Number(key) - 1]);
  }
});

// ---- light and dark

const THEMES = ['auto', 'light', 'dark'];
function theme(name) {
  document.documentElement.dataset.theme = name;
  byId('theme').textContent = 'Theme: ' + name;
  localStorage.setItem('theme', name);
}
byId('theme').addEventListener('click', () =>
  theme(THEMES[(THEMES.indexOf(document.documentElement.dataset.theme) + 1) % THEMES.length]));
theme(THEMES.find(name => name === localStorage.getItem('theme')) ?? 'auto');

// ---- the address says what is asked

function remember() {
  const parameters = new URLSearchParams();
  if (state.q) parameters.set('q', state.q);
  if (state.view !== 'hybrid') parameters.set('view', state.view);
  if (state.index && state.index !== state.served[0]) parameters.set('index', state.index.name);
  for (const filter of state.filters) parameters.append('filter', filter);
  if (state.from) parameters.set('from', state.from);
  history.replaceState(null, '', location.pathname + (parameters.size ? '?' + parameters : ''));
  document.title = state.q ? state.q + ' · Semblance' : 'Semblance';
}

async function start() {
  const parameters = new URLSearchParams(location.search);
  try {
    const answer = await indexes();
    state.served = answer.indexes;
    state.index = state.served.find(one => one.name === parameters.get('index')) ?? state.served[0];
    byId('show-report').hidden = !answer.report;
    byId('index').replaceChildren(
      ...state.served.map(one =>
        el('option', { value: one.name, selected: one === state.index }, `${one.name} (${count(one.documents)})`)));
    byId('index-label').hidden = false;
  } catch (failure) {
    fail(failure);
    return;
  }
  state.q = parameters.get('q') ?? input.value;
  input.value = state.q;
  state.filters = parameters.getAll('filter');
  state.from = Number(parameters.get('from')) || 0;
  const wanted = parameters.get('view');
  if (VIEWS.includes(wanted)) {
    state.view = wanted;
    document.querySelector(`input[name=view][value=${wanted}]`).checked = true;
    if (wanted === 'compare') settings();
  }
  await run();
}
start();
