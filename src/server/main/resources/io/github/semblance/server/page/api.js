// The server's interface, as /api/openapi.json describes it.

let token = sessionStorage.getItem('token') ?? '';
const fragment = new URLSearchParams(location.hash.slice(1)).get('token');
if (fragment) {
  setToken(fragment);
  history.replaceState(null, '', location.pathname + location.search);
}

/** Keeps what the server wants to see, until the tab closes. */
export function setToken(value) {
  token = value;
  sessionStorage.setItem('token', value);
}

/** An answer that is no answer, with the server's reason. */
export class Refused extends Error {
  constructor(status, reason) {
    super(reason);
    this.status = status;
  }
}

async function ask(path, options = {}) {
  const headers = { ...options.headers };
  if (token) headers.Authorization = 'Bearer ' + token;
  let response;
  try {
    response = await fetch(path, { ...options, headers });
  } catch (failure) {
    if (failure.name === 'AbortError') throw failure;
    throw new Refused(0, 'The server does not answer. Is it still running?');
  }
  const body = await response.json().catch(() => ({ error: 'The server sent no JSON.' }));
  if (!response.ok) throw new Refused(response.status, body.error);
  return body;
}

/** What is served. */
export const indexes = () => ask('/api/indexes');

/** Answers a search; `like` in place of `q` asks for similar documents. */
export function search(request, signal) {
  const { like, ...rest } = request;
  if (like === undefined) {
    return ask('/api/search', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(rest),
      signal,
    });
  }
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(rest)) {
    for (const one of [value].flat()) parameters.append(name, one);
  }
  return ask('/api/similar/' + encodeURIComponent(like) + '?' + parameters, { signal });
}

/** Reads a document. */
export const documentOf = (id, index) =>
  ask('/api/documents/' + encodeURIComponent(id) + '?' + new URLSearchParams({ index }));

/** Where the evaluation's report is; a frame cannot send a header. */
export const reportAddress = () => '/report' + (token ? '?' + new URLSearchParams({ token }) : '');
