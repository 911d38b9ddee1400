// The server at a glance, once a second.

import { get, lastingEvents } from "./api.js";
import { FlowChart, Sparkline } from "./chart.js";
import { fill, h, row, svg } from "./dom.js";
import { bitRate, clock, count, rate, words } from "./format.js";

/** The figures at the top: a label, the style of its line, and its value as `[number, unit]`. */
const figures = {
  sessions: ["Sessions", "", value => [count(value), ""]],
  sent: ["From clients", "", bitRate],
  received: ["To clients", "copper", bitRate],
  packets: ["Packets", "", rate],
  refusals: ["Refusals", "alarm", rate],
  drops: ["Drops", "alarm", rate],
};
/** How many events are kept in view. */
const eventsShown = 12;

export async function start(main, _, signal) {
  const view = new Overview(main, signal);
  view.describe(await get("/api/v1/server", signal));
  for await (const { name, data } of lastingEvents("/api/v1/events", signal, problem => view.interrupt(problem))) {
    if (name === "statistics") view.take(data);
    else if (name !== "lost") view.tell(name, data);
  }
}

class Overview {
  #before = null;
  #values = {};

  constructor(main, signal) {
    this.main = main;
    this.flow = new FlowChart(main.querySelector("#flow"), signal);
    this.sparklines = {};
    for (const [name, [label, style]] of Object.entries(figures)) {
      const line = svg("svg");
      this.sparklines[name] = new Sparkline(line, style);
      this.#values[name] = h("div", { class: "value", id: `figure-${name}` }, "–");
      this.#part("figures").append(h("div", { class: "figure" }, h("div", { class: "label" }, label), this.#values[name], line));
    }
  }

  #part(id) { return this.main.querySelector(`#${id}`); }

  describe(server) {
    this.server = server;
    const relays = server.relaying.map(each => each.advertised).join(", ");
    this.#about(server.state, `Culvert ${server.version} · realm ${server.realm || "none"} · relays at ${relays}`);
  }

  #about(state, text) {
    const style = { running: "good", draining: "copper" }[state] ?? "alarm";
    this.#part("about").replaceChildren(h("i", { class: `dot ${style}` }), `${state}, ${text}`);
  }

  interrupt(problem) {
    this.#before = null;
    this.#part("about").replaceChildren(h("i", { class: "dot alarm" }), problem.message);
  }

  take(now) {
    const before = this.#before;
    this.#before = now;
    this.#workers(now, before);
    this.#ports(now);
    this.#errors(now, before);
    if (!before) return this.#first(now);
    const seconds = now.at - before.at;
    const per = amount => (amount(now.total) - amount(before.total)) / seconds;
    const flow = {
      sent: 8 * per(total => total.traffic.sentBytes), received: 8 * per(total => total.traffic.receivedBytes),
    };
    this.flow.push({ at: now.at, ...flow });
    this.#show({
      ...flow, sessions: now.total.sessions, packets: per(packets), refusals: per(refusals), drops: per(drops),
    });
  }

  /** The first statistics after a start or an interruption: there are no rates yet, but the server may be another. */
  async #first(now) {
    this.#show({ sessions: now.total.sessions });
    if (this.server && now.uptimeSeconds >= this.server.uptimeSeconds) this.describe(this.server);
    else this.describe(await get("/api/v1/server"));
  }

  #show(values) {
    for (const [name, value] of Object.entries(values)) {
      const [number, unit] = figures[name][2](value);
      this.#values[name].replaceChildren(number, h("small", {}, unit));
      this.sparklines[name].push(value);
    }
  }

  #workers(now, before) {
    const rows = now.workers.map((worker, index) => {
      const past = before?.workers[index];
      const seconds = past ? now.at - before.at : 1;
      const busy = past ? Math.min(1, (worker.busySeconds - past.busySeconds) / seconds) : 0;
      const bar = h("div", { class: "bar" }, h("i"));
      bar.firstChild.style.width = `${Math.round(100 * busy)}%`;
      bar.title = `${Math.round(100 * busy)} %`;
      return row([
        ["Worker", `${index}`], ["Busy", bar, "busy"], ["Sessions", count(worker.sessions), "number"],
        ["Packets", past ? rate((packets(worker) - packets(past)) / seconds).join(" ") : "–", "number"],
        ["Dropped", past ? rate((drops(worker) - drops(past)) / seconds).join(" ") : "–", "number"],
      ]);
    });
    fill(this.#part("workers"), rows, "No workers");
  }

  #ports(now) {
    fill(this.#part("ports"), now.ports.map(({ address, used, total }) => {
      const bar = h("div", { class: "bar" }, h("i"));
      bar.firstChild.style.width = `${(100 * used / Math.max(total, 1)).toFixed(2)}%`;
      return row([["Address", address, "mono"], ["Used", bar, "busy"], ["Ports", `${count(used)} of ${count(total)}`, "number"]]);
    }), "This server relays nothing.");
  }

  #errors(now, before) {
    const past = new Map(before ? errors(before) : []);
    const rows = errors(now).filter(([, number]) => number > 0).sort(([, a], [, b]) => b - a).map(([what, number]) => row([
      ["What", what], ["Count", count(number), "number"],
      ["Rate", before ? rate((number - (past.get(what) ?? 0)) / (now.at - before.at)).join(" ") : "–", "number"],
    ]));
    fill(this.#part("errors"), rows, "Nothing has been refused or dropped.");
  }

  tell(name, event) {
    const what = {
      "session.created": "Session begun", "session.refreshed": "Session refreshed", "session.moved": "Session moved",
      "session.ended": "Session ended", "authentication.failed": "Login failed",
    }[name];
    const details = [event.user || "nobody", event.client, event.transport, event.reason && words(event.reason)];
    this.#part("events").prepend(h("li", {}, h("time", {}, clock(event.at)), h("div", {},
      h("strong", { class: name === "authentication.failed" ? "problem" : null }, what), " ",
      event.session ? h("span", { class: "quiet mono" }, event.session) : "",
      h("div", { class: "quiet" }, details.filter(Boolean).join(" · ")))));
    while (this.#part("events").children.length > eventsShown) this.#part("events").lastChild.remove();
    this.#part("no-events").hidden = true;
  }
}

const sum = counts => Object.values(counts).reduce((total, each) => total + each, 0);
const packets = ({ traffic }) => traffic.sentPackets + traffic.receivedPackets;
const drops = figures => sum(figures.drops);
const refusals = figures => figures.refusals.reduce((total, each) => total + each.count, 0);

/** Everything that went wrong, as `[what, count]`. A 401 that asks for credentials is how each client begins. */
function errors({ total, socketReceiveErrors = 0 }) {
  return [
    ...total.refusals.map(({ method, code, count }) => [`${words(method)} answered with ${code}`, count]),
    ...Object.entries(total.authenticationFailures).map(([reason, count]) => [`login failed: ${words(reason)}`, count]),
    ...Object.entries(total.drops).map(([cause, count]) => [`dropped: ${words(cause)}`, count]),
    ["dropped by the kernel, on this whole machine", socketReceiveErrors],
  ];
}
