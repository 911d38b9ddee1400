// The server as a whole: drain, reload, log.

import { ask, get } from "./api.js";
import { attempt, confirm, h, notify, onSubmit } from "./dom.js";
import { count, date } from "./format.js";

/** How often the progress of a drain is asked for. */
const refreshMilliseconds = 2000;

export async function start(main, signal) {
  const part = id => main.querySelector(`#${id}`);
  const showDrain = async () => tellDrain(part, await get("/api/v1/drain", signal));

  onSubmit(part("drain"), async ({ minutes }) => {
    const text = minutes
      ? `No new sessions. The server ends when the last one is gone, and ends those that are left after ${minutes} minutes.`
      : "No new sessions. The server ends when the last one is gone; without sessions it ends at once.";
    if (!await confirm("Drain this server?", text, "Drain")) return;
    tellDrain(part, await ask("POST", "/api/v1/drain", minutes ? { deadlineSeconds: Math.round(60 * minutes) } : {}));
  });
  part("stop-drain").onclick = () => attempt(async () => tellDrain(part, await ask("DELETE", "/api/v1/drain")), "New sessions are welcome.");
  part("reload").onclick = () => attempt(async () => tellReload(part("reload-outcome"), await ask("POST", "/api/v1/reload")));

  const level = part("log-level");
  level.onchange = () => attempt(() => ask("PUT", "/api/v1/log-level", { level: level.value }), `The log begins at ${level.value}.`);
  level.value = (await get("/api/v1/log-level", signal)).level;

  await showDrain();
  const timer = setInterval(() => attempt(showDrain), refreshMilliseconds);
  signal.addEventListener("abort", () => clearInterval(timer));
}

function tellDrain(part, { draining, sessions, sessionsAtStart, deadlineAt }) {
  const left = sessionsAtStart ? `${count(sessions)} of ${count(sessionsAtStart)} sessions are left` : `${count(sessions)} sessions are left`;
  part("drain-state").textContent = draining
    ? `${left}${deadlineAt ? `; what is left ends at ${date(deadlineAt)}` : ""}.`
    : "Takes no new sessions, and ends the server when the last one is gone.";
  part("stop-drain").hidden = !draining;
}

function tellReload(place, { changed, needsRestart }) {
  const lines = [
    changed.length ? `In force: ${changed.join(", ")}.` : "Nothing has changed.",
    needsRestart.length ? `Waits for a restart: ${needsRestart.join(", ")}.` : "",
  ].filter(Boolean);
  place.replaceChildren(h("div", { class: `verdict ${needsRestart.length ? "copper" : "good"}` }, lines.map(line => h("p", {}, line))));
  notify("The configuration is read.");
}
