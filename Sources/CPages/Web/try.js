// The page for developers: credentials, candidates, a measurement, a room.

import { ask, get } from "./api.js";
import { Sparkline } from "./chart.js";
import { attempt, copyable, fill, h, notify, onSubmit, row } from "./dom.js";
import { bitRate, date, milliseconds, quantile } from "./format.js";
import { gather } from "./gather.js";
import { measure } from "./measure.js";
import { pathText } from "./peer.js";

export async function start(main, _, signal) {
  const page = new TryIt(main, signal);
  await page.prepare();
}

class TryIt {
  /** What a browser takes for `iceServers`; null until there are credentials. */
  #iceServers = null;
  /** The login that the operator gave, where the server cannot make one. */
  #login = {};

  constructor(main, signal) {
    Object.assign(this, { main, signal });
    onSubmit(this.#part("mint"), ({ user, ttl }) => this.#mint(user, Number(ttl)));
    onSubmit(this.#part("own-login"), login => this.#logIn(login));
    onSubmit(this.#part("measure"), wish => this.#measure(wish));
    this.#part("add-secret").onclick = () => attempt(() => this.#addSecret());
    this.#part("gather").onclick = event => this.#rest(event.target, () => this.#gather());
    this.#part("open-room").onclick = event => this.#rest(event.target, () => this.#openRoom());
  }

  #part(id) { return this.main.querySelector(`#${id}`); }

  /** Does something while its button rests. */
  async #rest(button, work) {
    button.disabled = true;
    await attempt(work);
    button.disabled = false;
  }

  async prepare() {
    this.server = await get("/api/v1/server", this.signal);
    this.#part("measure").elements.url.append(...this.server.urls.map(url => h("option", { value: url }, url)));
    // Who asks nobody for credentials still must be told some: browsers do not go without.
    if (this.server.access === "open") this.#logIn({ username: "anybody", credential: "anything" });
    else await this.#mint("", 3600);
  }

  // Credentials

  async #mint(user, ttlSeconds) {
    try {
      const answer = await ask("POST", "/ice-servers", { ...(user && { user }), ttlSeconds }, this.signal);
      this.#part("no-secret").hidden = true;
      this.#login = {};
      this.#use(answer.iceServers, `good until ${date(answer.expiresAt)}`);
    } catch (problem) {
      if (problem.status !== 409) throw problem;
      this.#part("no-secret").hidden = false;
    }
  }

  #logIn(login) {
    this.#login = login;
    this.#use([{ urls: this.server.urls, ...login }], "good for as long as the user is");
  }

  async #addSecret() {
    await ask("POST", "/api/v1/secrets", {});
    await this.#mint("", 3600);
    notify("A secret is added, until the server ends.");
  }

  #use(iceServers, until) {
    // In the order in which people write them.
    this.#iceServers = iceServers.map(({ urls, username, credential }) => ({ urls, username, credential }));
    const code = `// ${until}\nconst connection = new RTCPeerConnection({\n  iceServers: ${indented(this.#iceServers)}\n});`;
    this.#part("snippet").replaceChildren(copyable(code));
  }

  #needed() {
    if (!this.#iceServers) throw new Error("Make credentials first.");
    return this.#iceServers;
  }

  // Candidates

  async #gather() {
    const configuration = { iceServers: this.#needed(), iceTransportPolicy: this.#part("relay-only").checked ? "relay" : "all" };
    const [table, rows] = [this.#part("candidates"), []];
    const show = emptyText => { table.hidden = false; fill(table, rows, emptyText); };
    this.#part("gather-problems").replaceChildren();
    this.#part("gathered").textContent = "";
    show("Gathering …");
    const { elapsed, problems } = await gather(configuration, this.signal, candidate => {
      rows.push(candidateRow(candidate));
      show();
    });
    show("No candidates.");
    this.#part("gathered").textContent = `Gathered in ${milliseconds(elapsed)} ms.`;
    this.#part("gather-problems").replaceChildren(...problems.map(text => h("li", { class: "problem" }, text)));
  }

  // Measurement

  async #measure({ url, seconds }) {
    const [{ username, credential }] = this.#needed();
    const state = this.#part("measure-state");
    try {
      const result = await measure({ urls: [url], username, credential }, Number(seconds), this.signal, text => { state.textContent = text; });
      state.textContent = "";
      this.#show(result);
    } catch (problem) {
      state.textContent = "";
      throw problem;
    }
  }

  #show({ roundTrips, sent, received, throughputs, path }) {
    const figure = (id, number, unit) => this.#part(id).replaceChildren(number, h("small", {}, unit));
    figure("round-trip", milliseconds(quantile(roundTrips)), "ms");
    figure("round-trip-95", milliseconds(quantile(roundTrips, 0.95)), "ms");
    figure("throughput", ...bitRate(quantile(throughputs)));
    figure("loss", (100 * (sent - received) / sent).toFixed(1), `% of ${sent}`);
    new Sparkline(this.#part("round-trips")).show(roundTrips);
    new Sparkline(this.#part("throughputs"), "copper").show(throughputs);
    this.#part("measured-path").replaceChildren(...pathText(path));
    this.#part("measured").hidden = false;
  }

  // A room

  async #openRoom() {
    const { room, expiresAt } = await ask("POST", "/api/v1/rooms", this.#login.username ? this.#login : {}, this.signal);
    const link = `${location.origin}/#/call/${room}`;
    this.#part("room").replaceChildren(copyable(link), h("p", { class: "row" },
      h("a", { class: "button", href: link, id: "go-in", target: "_blank" }, "Go in"),
      h("span", { class: "quiet" }, `Open until ${date(expiresAt)}`)));
  }
}

const indented = value => JSON.stringify(value, null, 2).replaceAll("\n", "\n  ");

function candidateRow({ type, address, protocol, through, elapsed }) {
  const names = { host: "host", srflx: "server reflexive", prflx: "peer reflexive", relay: "relay" };
  return row([
    ["Type", h("span", { class: type === "relay" ? "tag" : "tag copper", "data-type": type }, names[type] ?? type)],
    ["Address", address, "mono"], ["Protocol", protocol], ["Through", through, "mono"], ["After", `${milliseconds(elapsed)} ms`, "number"],
  ]);
}
