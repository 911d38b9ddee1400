// Which peers may be reached. Accounts and the server have modules of their own.

import * as accounts from "./accounts.js";
import { get, withQuery } from "./api.js";
import { fill, h, onSubmit, row } from "./dom.js";
import { count } from "./format.js";
import * as server from "./server.js";

export async function start(main, _, signal) {
  onSubmit(main.querySelector("#check"), async question => {
    const verdict = await get(withQuery("/api/v1/policy/check", question), signal);
    main.querySelector("#verdict").replaceChildren(sentence(verdict));
  });
  await Promise.all([showRules(main, signal), accounts.start(main, signal), server.start(main, signal)]);
}

async function showRules(main, signal) {
  const { rules } = await get("/api/v1/policy", signal);
  main.querySelector("#rule-count").textContent = rules.length === 1 ? "The one rule" : `All ${count(rules.length)} rules`;
  fill(main.querySelector("#rules"), rules.map(({ action, range, origin }) => row([
    ["Verdict", h("span", { class: action === "allow" ? "tag" : "tag alarm" }, action)],
    ["Range", range, "mono"], ["Where it stands", origin],
  ])), "There are no rules: every peer may be reached.");
}

const verdicts = {
  allowed: ["good", "may be reached"],
  allowedOnRelayPorts: ["copper", "may be reached on relay ports only: it is this server itself"],
  denied: ["alarm", "may not be reached"],
};

function sentence({ peer, port, verdict, rule }) {
  const [style, text] = verdicts[verdict];
  const reason = rule ? `Because of ${rule.action} ${rule.range}: ${rule.origin}` : "No rule speaks of it.";
  return h("div", { class: `verdict ${style}` },
    h("p", {}, h("strong", {}, port === undefined ? peer : `${peer}, port ${port},`), ` ${text}.`),
    h("p", { class: "quiet" }, reason));
}
