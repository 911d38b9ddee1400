// What the pages ask of the server.

const storage = "culvert-admin-token";

export const token = {
  get: () => sessionStorage.getItem(storage),
  set: value => sessionStorage.setItem(storage, value),
};

/** An answer that is none. */
export class Problem extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

async function send(method, path, body, signal) {
  const headers = {};
  if (token.get()) headers.Authorization = `Bearer ${token.get()}`;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let response;
  try {
    response = await fetch(path, { method, headers, signal, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(0, "The server does not answer.");
  }
  if (response.ok) return response;
  const answer = await response.json().catch(() => ({}));
  if (response.status === 401) dispatchEvent(new Event("refused"));
  // A reload that fails says in its own way why.
  const text = answer.error?.message ?? answer.problems?.join("; ") ?? response.statusText;
  throw new Problem(response.status, text.slice(0, 1).toUpperCase() + text.slice(1));
}

/** One call; gives the body of the answer. */
export async function ask(method, path, body, signal) {
  const response = await send(method, path, body, signal);
  return response.status === 204 ? undefined : response.json();
}

export const get = (path, signal) => ask("GET", path, undefined, signal);

/** A path with parameters; those that are empty are left out. */
export function withQuery(path, parameters) {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value));
  return query.size ? `${path}?${query}` : path;
}

/** Server-sent events as `{name, data}`. EventSource cannot send the token, so this reads the stream itself. */
export async function* events(path, signal) {
  const response = await send("GET", path, undefined, signal);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (true) {
    const { value, done } = await reader.read();
    if (done) return;
    text += value;
    const blocks = text.split("\n\n");
    text = blocks.pop();
    for (const block of blocks) {
      const fields = Object.fromEntries(block.split("\n").map(line => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]));
      if (fields.event) yield { name: fields.event, data: JSON.parse(fields.data) };
    }
  }
}

/** Like `events`, and again when the stream breaks, until the signal ends it. `onBreak` is told why it broke. */
export async function* lastingEvents(path, signal, onBreak) {
  while (!signal.aborted) {
    try {
      yield* events(path, signal);
      throw new Problem(0, "The server does not answer.");
    } catch (problem) {
      if (signal.aborted) return;
      onBreak(problem);
      if (problem.status === 401) return;
      await new Promise(done => setTimeout(done, 1000));
    }
  }
}
