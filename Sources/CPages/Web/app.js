// Which page is seen, and the token.

import { get, token } from "./api.js";
import { attempt } from "./dom.js";

const views = ["overview", "sessions", "policy", "try", "call"];
const main = document.getElementById("main");
const login = document.getElementById("login");
let current = new AbortController();

/** The page that the address names: `#/sessions/0-17-1` is page and argument. */
function place() {
  const [, name = "", argument = ""] = location.hash.split("/");
  return { name: views.includes(name) ? name : "overview", argument: decodeURIComponent(argument) };
}

async function open() {
  takeToken();
  const { name, argument } = place();
  current.abort();
  const { signal } = current = new AbortController();
  for (const link of document.querySelectorAll("#nav a")) {
    if (link.dataset.view === name) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  const [view, html] = await Promise.all([
    import(`./${name}.js`), fetch(`/pages/${name}.html`).then(response => response.text()),
  ]);
  if (signal.aborted) return;
  main.innerHTML = html;
  document.title = `${main.querySelector("h1").textContent} · Culvert`;
  // A guest of a call has no token and needs none.
  document.getElementById("nav").hidden = name === "call" && !token.get();
  // A page goes on for as long as it is seen.
  attempt(() => view.start(main, argument, signal));
}

/** `#token=...`, as the log of the server's start writes the address, is kept and taken out of the address. */
function takeToken() {
  if (!location.hash.startsWith("#token=")) return;
  token.set(decodeURIComponent(location.hash.slice("#token=".length)));
  history.replaceState(null, "", "#/");
}

addEventListener("refused", () => { if (!login.open) login.showModal(); });
login.addEventListener("cancel", event => event.preventDefault());
login.querySelector("form").addEventListener("submit", async event => {
  event.preventDefault();
  const problem = login.querySelector(".problem");
  token.set(new FormData(event.target).get("token").trim());
  try {
    await get("/api/v1/server");
    login.close();
    event.target.reset();
    attempt(open);
  } catch (error) {
    problem.textContent = error.status === 401 ? "This is not the token." : error.message;
    problem.hidden = false;
  }
});

document.querySelector(".skip").addEventListener("click", event => {
  event.preventDefault();
  main.focus();
});
addEventListener("hashchange", async () => {
  await attempt(open);
  main.focus({ preventScroll: true });
});
attempt(open);
