// What a connection tells of itself.

import { h } from "./dom.js";
import { addressText } from "./format.js";

/** The pair of candidates over which a connection talks: `{local, remote, roundTrip}`, or undefined before there is one. */
export function selectedPair(stats) {
  for (const entry of stats.values()) {
    // Firefox has no transport statistics: there the pair says by itself that it is selected.
    const pair = entry.type === "transport" ? stats.get(entry.selectedCandidatePairId)
      : entry.type === "candidate-pair" && entry.selected ? entry : undefined;
    if (!pair) continue;
    const [local, remote] = [stats.get(pair.localCandidateId), stats.get(pair.remoteCandidateId)];
    if (local && remote) return { local, remote, roundTrip: pair.currentRoundTripTime };
  }
}

/** A pair in words, as elements: whether it is relayed, and over which addresses. */
export function pathText(pair) {
  if (!pair) return [];
  const { local, remote } = pair;
  // Through a relay the far end first shows as peer reflexive: its relay's address is learned from its first packet.
  const isRelayed = local.candidateType === "relay";
  return [
    h("span", { class: isRelayed ? "tag" : "tag copper", "data-relayed": String(isRelayed) }, isRelayed ? "relayed" : "direct"),
    h("span", { class: "mono" }, `${addressText(local.address, local.port)} → ${addressText(remote.address, remote.port)}`),
    h("span", { class: "quiet" }, `${local.candidateType} to ${remote.candidateType}${isRelayed ? `, to the server over ${local.relayProtocol}` : ""}`),
  ];
}

/** Rejects when a connection fails, or is not there in time. */
export function connected(connection, milliseconds, signal) {
  return new Promise((done, fail) => {
    const look = () => {
      if (connection.connectionState === "connected") done();
      if (connection.connectionState === "failed") fail(new Error("No way through the relay was found."));
    };
    connection.addEventListener("connectionstatechange", look);
    setTimeout(() => fail(new Error("No way through the relay was found in time.")), milliseconds);
    signal.addEventListener("abort", () => fail(signal.reason));
    look();
  });
}
