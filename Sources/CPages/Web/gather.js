// What ICE gathers.

import { addressText, words } from "./format.js";

/** How long a server may keep a browser waiting. */
const patienceMilliseconds = 15_000;

/** Gathers candidates, tells each as it comes, and gives the time it took with what went wrong. */
export async function gather(configuration, signal, tell) {
  const connection = new RTCPeerConnection(configuration);
  const problems = new Set();
  const begin = performance.now();
  const elapsed = () => performance.now() - begin;
  connection.onicecandidateerror = ({ url, errorCode, errorText }) => {
    problems.add(`${url}: ${errorCode} ${words(errorText)}`);
  };
  const complete = new Promise((done, fail) => {
    connection.onicecandidate = ({ candidate }) => {
      if (!candidate) done();
      else if (candidate.candidate) tell(description(candidate, elapsed()));
    };
    setTimeout(done, patienceMilliseconds);
    signal.addEventListener("abort", () => fail(signal.reason));
  });
  try {
    connection.createDataChannel("gathering");
    await connection.setLocalDescription();
    await complete;
    return { elapsed: elapsed(), problems: [...problems] };
  } finally {
    connection.close();
  }
}

function description({ type, address, port, protocol, tcpType, url, relayProtocol }, elapsed) {
  const through = type === "relay" && relayProtocol ? `${relayProtocol}, ${url}` : url ?? "";
  return { type, address: addressText(address, port), protocol: [protocol, tcpType].filter(Boolean).join(" "), through, elapsed };
}
