// How hits look.
import { el, marked, count } from './elements.js';

const BEFORE = 140;
const AFTER = 260;
const SHOWN_FIELDS = 6;

/** One column of hits. `ranks` are those of another column, to show what moved. */
export function column(answer, { heading, from, onRead, onLike, ranks }) {
  const list = el('ol', { class: 'hits', start: from + 1 });
  for (const hit of answer.hits) list.append(card(hit, heading ? 'h3' : 'h2', onRead, onLike, ranks));
  return el(
    'section',
    { class: 'column', 'aria-label': heading ?? 'Hits' },
    heading ? el('h2', {}, heading, el('small', {}, summary(answer))) : null,
    answer.hits.length ? list : el('p', { class: 'quiet' }, answer.empty_filter ? 'No document passes the filter.' : 'No hits.'),
  );
}

/** How much was found, and how fast. */
export function summary(answer) {
  const what = answer.mode === 'bm25' ? 'hits' : 'candidates';
  return (
    (answer.total_relation === 'gte' ? 'more than ' : '') +
    `${count(answer.total)} ${what} in ${Math.max(1, Math.round(answer.took_ms))} ms`
  );
}

function card(hit, level, onRead, onLike, ranks) {
  const title = hit.fields.title?.trim() || hit.id;
  const where = hit.passage?.place ?? hit.place;
  const place = where ? [...where.headings, ...(where.page ? ['page ' + where.page] : [])].join(' › ') : '';
  const why = hit.explanation ? explanation(hit) : null;
  return el(
    'li',
    { class: 'hit', tabindex: '-1', 'data-id': hit.id },
    el(
      'div',
      { class: 'head' },
      el('span', { class: 'rank' }, String(hit.rank)),
      el(level, { class: 'name' }, el('button', { type: 'button', class: 'title', onclick: () => onRead(hit) }, title)),
      ranks ? moved(hit, ranks) : null,
    ),
    place ? el('p', { class: 'place' }, place) : null,
    el('p', { class: 'text' }, ...shownText(hit)),
    el(
      'div',
      { class: 'foot' },
      bars(hit),
      ...chips(hit),
      el('span', { class: 'actions' },
        why ? el('button', { type: 'button', class: 'plain why', 'aria-expanded': 'false', onclick: event => toggle(event, why) }, 'Why?') : null,
        el('button', { type: 'button', class: 'plain more', onclick: () => onLike(hit, title) }, 'More like this'),
      ),
    ),
    why,
  );
}

/** The sentence closest in meaning amid its passage, or the words that match. */
function shownText(hit) {
  const sentence = hit.passage?.highlight;
  if (sentence && hit.passage.text) {
    const offset = hit.passage.start;
    const start = sentence.start - offset;
    const end = sentence.end - offset;
    const before = hit.passage.text.slice(0, start);
    const after = hit.passage.text.slice(end);
    const words = sentence.words.map(word => ({ start: word.start - sentence.start, end: word.end - sentence.start }));
    return [
      before.length > BEFORE ? '… ' + before.slice(-BEFORE).replace(/^\S*\s/, '') : before,
      el('span', { class: 'closest', title: 'closest in meaning' }, ...marked(sentence.text, words)),
      after.length > AFTER ? after.slice(0, AFTER).replace(/\s\S*$/, '') + ' …' : after,
    ];
  }
  const snippet = hit.snippet ?? { text: '', highlights: [] };
  return marked(snippet.text, snippet.highlights);
}

/** What words and meaning add to the score, or the score alone. */
function bars(hit) {
  if (!hit.shares) {
    const leg = hit.lexical ?? hit.semantic;
    return el('span', { class: 'score' }, (hit.lexical ? 'BM25 ' : 'cosine ') + (leg ? leg.score : hit.score).toFixed(hit.lexical ? 2 : 3));
  }
  const { lexical, semantic } = hit.shares;
  const part = (kind, share) => {
    const piece = el('span', { class: kind });
    piece.style.width = (Math.max(0, Math.min(1, share)) * 100).toFixed(1) + '%';
    return piece;
  };
  const text = `words ${lexical.toFixed(2)}, meaning ${semantic.toFixed(2)}`;
  return el(
    'span',
    { class: 'shares' },
    el('span', { class: 'track', role: 'img', 'aria-label': `score ${hit.score.toFixed(2)}: ${text}` }, part('words', lexical), part('meaning', semantic)),
    el('span', { class: 'score', 'aria-hidden': 'true' }, hit.score.toFixed(2)),
  );
}

function chips(hit) {
  return Object.entries(hit.fields)
    .filter(([name]) => name !== 'title' && name !== 'text')
    .slice(0, SHOWN_FIELDS)
    .map(([name, value]) => el('span', { class: 'chip', title: name }, [value].flat().join(', ').slice(0, 80)));
}

function explanation(hit) {
  const place = (name, leg) => (leg ? `${name} #${leg.rank} (${leg.score.toFixed(3)})` : `${name}: not found`);
  const shares = hit.shares
    ? el('p', {},
        el('span', { class: 'key words' }), `words ${hit.shares.lexical.toFixed(3)}, ${place('BM25', hit.lexical)}`,
        el('br'),
        el('span', { class: 'key meaning' }), `meaning ${hit.shares.semantic.toFixed(3)}, ${place('cosine', hit.semantic)}`)
    : null;
  return el('div', { class: 'explanation', hidden: true }, shares, el('pre', { tabindex: '0', 'aria-label': 'Explanation of the score' }, hit.explanation));
}

function toggle(event, why) {
  why.hidden = !why.hidden;
  event.currentTarget.setAttribute('aria-expanded', String(!why.hidden));
}

function moved(hit, ranks) {
  const before = ranks.get(hit.id);
  if (before === undefined) return el('span', { class: 'moved new' }, 'only here');
  const steps = before - hit.rank;
  if (steps === 0) return el('span', { class: 'moved' }, 'same place');
  return el('span', { class: 'moved ' + (steps > 0 ? 'up' : 'down') }, `${steps > 0 ? '↑' : '↓'} ${Math.abs(steps)}`);
}
