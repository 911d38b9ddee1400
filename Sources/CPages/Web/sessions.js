// Sessions: found, looked at, ended.

import { ask, get, withQuery } from "./api.js";
import { attempt, confirm, fill, h, notify, onSubmit, row, values } from "./dom.js";
import { bitRate, bytes, count, duration, words } from "./format.js";

/** Sessions on a page, and how often it is read again. */
const pageSize = 50;
const refreshMilliseconds = 3000;

export async function start(main, argument, signal) {
  const view = new Sessions(main, signal);
  await view.load();
  if (argument) await view.showDetail(argument);
  const timer = setInterval(() => attempt(() => view.load()), refreshMilliseconds);
  signal.addEventListener("abort", () => clearInterval(timer));
}

class Sessions {
  #filter = {};
  /** Where this page begins: the last session of the page before. */
  #after = "";
  #page = 1;

  constructor(main, signal) {
    this.main = main;
    this.signal = signal;
    const search = this.#part("search");
    onSubmit(search, filter => {
      this.#filter = filter;
      this.#part("end-all").hidden = Object.keys(filter).length === 0;
      return this.#turnTo("", 1);
    });
    this.#part("first").onclick = () => attempt(() => this.#turnTo("", 1));
    this.#part("next").onclick = () => attempt(() => this.#turnTo(this.next, this.#page + 1));
    this.#part("end-all").onclick = () => attempt(() => this.#endAll(values(search)));
  }

  #part(id) { return this.main.querySelector(`#${id}`); }

  #turnTo(after, page) {
    [this.#after, this.#page] = [after, page];
    return this.load();
  }

  async load() {
    const answer = await get(withQuery("/api/v1/sessions", { ...this.#filter, limit: pageSize, after: this.#after }), this.signal);
    this.next = answer.next;
    const isFiltered = Object.keys(this.#filter).length > 0;
    this.#part("total").textContent = answer.total === 1 ? "1 on this server" : `${count(answer.total)} on this server`;
    fill(this.#part("sessions"), answer.sessions.map(session => this.#row(session)),
      isFiltered ? "No session fits." : "No sessions. They show here as soon as a client allocates.");
    this.#part("paging").hidden = this.#page === 1 && !answer.next;
    this.#part("first").disabled = this.#page === 1;
    this.#part("next").disabled = !answer.next;
    this.#part("page").textContent = `Page ${this.#page}`;
  }

  #row(session) {
    const open = () => attempt(() => this.showDetail(session.id));
    return row([
      ["User", h("button", { class: "plain", "aria-label": `Session ${session.id} of ${session.user || "nobody"}`, onclick: open }, session.user || "nobody")],
      ["Client", h("span", { class: "mono" }, session.client)], ["Transport", session.transport],
      ["Relayed", h("span", { class: "mono" }, session.relayed.join(" "))],
      ["Sent", bytes(session.traffic.sentBytes), "number"], ["Received", bytes(session.traffic.receivedBytes), "number"],
      ["Age", duration(session.ageSeconds), "number"],
      ["", h("button", { class: "plain danger", "aria-label": `End session ${session.id}`, onclick: () => attempt(() => this.#end(session)) }, "End"), "acts"],
    ], { "data-session": session.id });
  }

  async #end(session) {
    const question = `The client ${session.client} loses its relayed address at once. It may begin another session.`;
    if (!await confirm(`End the session of ${session.user || "nobody"}?`, question, "End it")) return;
    await ask("DELETE", `/api/v1/sessions/${session.id}`);
    this.#part("detail").close();
    notify(`Session ${session.id} is ended.`);
    await this.load();
  }

  async #endAll(filter) {
    const chosen = Object.entries(filter).map(([name, value]) => `${name} ${value}`).join(", ");
    if (!await confirm("End all these sessions?", `Every session of this server with ${chosen} ends at once.`, "End them all")) return;
    const { ended } = await ask("DELETE", withQuery("/api/v1/sessions", filter));
    notify(ended === 1 ? "1 session is ended." : `${count(ended)} sessions are ended.`);
    await this.#turnTo("", 1);
  }

  async showDetail(id) {
    const session = await get(`/api/v1/sessions/${encodeURIComponent(id)}`, this.signal);
    const dialog = this.#part("detail");
    dialog.replaceChildren(...this.#detail(session));
    if (!dialog.open) dialog.showModal();
  }

  #detail(session) {
    const { traffic } = session;
    const facts = [
      ["Client", session.client], ["Server", session.server], ["Relayed address", session.relayed.join(", ")],
      ["Transport", session.tls ? `${session.transport}, ${session.tls.version}, ${session.tls.cipher}` : session.transport],
      ["Realm", session.realm], ["Age", duration(session.ageSeconds)], ["Ends in", `${duration(session.expiresInSeconds)} unless refreshed`],
      ["From the client", `${bytes(traffic.sentBytes)} in ${count(traffic.sentPackets)} packets`],
      ["To the client", `${bytes(traffic.receivedBytes)} in ${count(traffic.receivedPackets)} packets`],
      ...(session.maxBytesPerSecond ? [["Limit", `${bitRate(8 * session.maxBytesPerSecond).join(" ")} each way`]] : []),
      ...Object.entries(session.drops).filter(([, number]) => number > 0).map(([cause, number]) => [`Dropped: ${words(cause)}`, count(number)]),
    ];
    return [
      h("h2", { id: "detail-title" }, `Session ${session.id} of ${session.user || "nobody"}`),
      h("dl", { class: "facts" }, facts.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])),
      h("h3", {}, "Peers it may reach"), peers(session),
      h("menu", {},
        h("button", { onclick: () => this.#part("detail").close() }, "Close"),
        h("button", { class: "danger", onclick: () => attempt(() => this.#end(session)) }, "End session")),
    ];
  }
}

function peers({ permissions, channels }) {
  if (permissions.length + channels.length === 0) return h("p", {}, "None yet.");
  const rows = [
    ...permissions.map(each => row([
      ["Peer", each.peer, "mono"], ["By", each.relayPortsOnly ? "permission, relay ports only" : "permission"],
      ["Ends in", duration(each.expiresInSeconds), "number"],
    ])),
    ...channels.map(each => row([
      ["Peer", each.peer, "mono"], ["By", `channel 0x${each.number.toString(16)}`], ["Ends in", duration(each.expiresInSeconds), "number"],
    ])),
  ];
  const heads = h("tr", {}, h("th", {}, "Peer"), h("th", {}, "By"), h("th", { class: "number" }, "Ends in"));
  return h("table", { class: "stack" }, h("thead", {}, heads), h("tbody", {}, rows));
}
