// A data channel between two ends in this page, which can reach each other through the relay alone.

import { connected, selectedPair } from "./peer.js";

const patienceMilliseconds = 15_000;
/** Pings: how many, and how far apart. */
const pings = 120;
const pingMilliseconds = 20;
/** What the stream is cut into, and how much of it may wait in the browser. */
const pieceBytes = 16_384;
const waitingBytes = 1 << 20;
const sampleMilliseconds = 100;

const pause = milliseconds => new Promise(done => setTimeout(done, milliseconds));
const message = target => new Promise(done => target.addEventListener("message", done, { once: true }));

/** Measures; gives `{roundTrips, sent, received, throughputs, path}` in milliseconds, messages, and bits per second. */
export async function measure(iceServer, seconds, signal, tell) {
  const configuration = { iceServers: [iceServer], iceTransportPolicy: "relay" };
  const [near, far] = [new RTCPeerConnection(configuration), new RTCPeerConnection(configuration)];
  try {
    tell("Connecting …");
    const quick = near.createDataChannel("pings", { ordered: false, maxRetransmits: 0 });
    const steady = near.createDataChannel("stream");
    echo(far);
    await Promise.all([join(near, far), opened(quick, signal), opened(steady, signal), connected(near, patienceMilliseconds, signal)]);
    tell("Measuring round trips and loss …");
    const trips = await ping(quick, signal);
    tell("Measuring throughput …");
    const throughputs = await stream(steady, seconds, signal);
    return { ...trips, throughputs, path: selectedPair(await near.getStats()) };
  } finally {
    near.close();
    far.close();
  }
}

async function join(near, far) {
  near.onicecandidate = ({ candidate }) => candidate && far.addIceCandidate(candidate);
  far.onicecandidate = ({ candidate }) => candidate && near.addIceCandidate(candidate);
  await near.setLocalDescription();
  await far.setRemoteDescription(near.localDescription);
  await far.setLocalDescription();
  await near.setRemoteDescription(far.localDescription);
}

function opened(channel, signal) {
  return new Promise((done, fail) => {
    channel.addEventListener("open", done, { once: true });
    setTimeout(() => fail(new Error("The data channel did not open.")), patienceMilliseconds);
    signal.addEventListener("abort", () => fail(signal.reason));
  });
}

/** The far end: pings go back as they are; of the stream it tells how many bytes have come. */
function echo(connection) {
  connection.ondatachannel = ({ channel }) => {
    if (channel.label === "pings") {
      channel.onmessage = ({ data }) => channel.send(data);
      return;
    }
    channel.binaryType = "arraybuffer";
    let bytes = 0;
    channel.onmessage = ({ data }) => {
      if (typeof data === "string") channel.send(String(bytes));
      else bytes += data.byteLength;
    };
  };
}

async function ping(channel, signal) {
  const [sentAt, roundTrips] = [[], []];
  channel.onmessage = ({ data }) => roundTrips.push(performance.now() - sentAt[Number(data)]);
  for (let number = 0; number < pings && !signal.aborted; number += 1) {
    sentAt[number] = performance.now();
    channel.send(String(number));
    await pause(pingMilliseconds);
  }
  // The last ones are still under way.
  for (let turn = 0; turn < 50 && roundTrips.length < sentAt.length; turn += 1) await pause(pingMilliseconds);
  if (roundTrips.length === 0) throw new Error("Nothing came back.");
  return { roundTrips, sent: sentAt.length, received: roundTrips.length };
}

/** Sends as much as goes, and asks the far end ten times a second how much has come. */
async function stream(channel, seconds, signal) {
  const piece = new Uint8Array(pieceBytes);
  const throughputs = [];
  let [isOver, before, bytesBefore] = [false, performance.now(), 0];
  channel.bufferedAmountLowThreshold = waitingBytes / 2;
  const pump = () => {
    while (!isOver && channel.readyState === "open" && channel.bufferedAmount < waitingBytes) channel.send(piece);
  };
  channel.onbufferedamountlow = pump;
  pump();
  const end = before + 1000 * seconds;
  while (performance.now() < end && !signal.aborted) {
    await pause(sampleMilliseconds);
    const answer = message(channel);
    channel.send("how many?");
    const bytes = Number((await answer).data);
    const now = performance.now();
    throughputs.push(8000 * (bytes - bytesBefore) / (now - before));
    [before, bytesBefore] = [now, bytes];
  }
  isOver = true;
  return throughputs;
}
