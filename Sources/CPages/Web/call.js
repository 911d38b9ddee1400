// A call between two who have the room's link.

import { attempt, h, notify } from "./dom.js";
import { bitRate, count, milliseconds } from "./format.js";
import { pathText, selectedPair } from "./peer.js";
import { camera, drawn } from "./picture.js";
import { Room } from "./room.js";

const refreshMilliseconds = 1000;
const rejoinMilliseconds = 1500;

export async function start(main, argument, signal) {
  await new Call(main, argument, signal).run();
}

class Call {
  #connection = null;
  #iceServers = [];
  #before = null;
  #leaving = new AbortController();

  constructor(main, roomName, pageSignal) {
    const signal = AbortSignal.any([pageSignal, this.#leaving.signal]);
    Object.assign(this, { main, signal, room: new Room(roomName), picture: drawn(signal) });
    this.#send(this.picture);
    this.#part("picture").onclick = () => attempt(() => this.#change(async () => this.picture, "picture"));
    this.#part("camera").onclick = () => attempt(() => this.#change(camera, "camera"));
    this.#part("relay-only").onchange = () => this.room.say({ again: true }).then(() => this.#offer(), problem => notify(problem.message, true));
    this.#part("leave").onclick = () => this.#leave();
    const timer = setInterval(() => this.#show(), refreshMilliseconds);
    signal.addEventListener("abort", () => {
      clearInterval(timer);
      this.#hangUp();
      this.#stopCamera();
    });
  }

  #part(id) { return this.main.querySelector(`#${id}`); }

  #leave() {
    this.#leaving.abort();
    this.#tell("You have left.");
    this.#part("leave").textContent = "Come in again";
    this.#part("leave").onclick = () => location.reload();
    for (const id of ["picture", "camera", "relay-only"]) this.#part(id).disabled = true;
  }

  #tell(text, style = "") {
    this.#part("room-state").replaceChildren(h("i", { class: `dot ${style}` }), text);
  }

  // The room

  /** Stays in the room, and comes back when the way to the server breaks. */
  async run() {
    while (!this.signal.aborted) {
      try {
        await this.room.listen(this.signal, (name, data) => this.#hear(name, data));
      } catch (problem) {
        if (this.signal.aborted) return;
        this.#tell(problem.message, "alarm");
        if (problem.status === 404) return this.#hangUp();
      }
      await new Promise(done => setTimeout(done, rejoinMilliseconds));
    }
  }

  async #hear(name, data) {
    switch (name) {
    case "joined":
      this.#iceServers = data.iceServers;
      if (data.others > 0) return this.#offer();
      return this.#tell("Nobody else is here yet. Send them the address of this page.");
    case "arrived": return this.#tell("Somebody comes in …", "copper");
    case "message": return this.#obey(data);
    case "left":
      this.#hangUp();
      return this.#tell("The other one has gone.");
    }
  }

  async #obey({ description, candidate, again }) {
    if (again) return this.#hangUp();
    if (candidate) return this.#connection?.addIceCandidate(candidate);
    if (description.type === "offer") this.#connect();
    await this.#connection?.setRemoteDescription(description);
    if (description.type !== "offer") return;
    for (const transceiver of this.#connection.getTransceivers()) transceiver.direction = "sendrecv";
    await this.#describe();
  }

  // The connection. Who comes second offers, so offers never cross.

  async #offer() {
    this.#connect();
    // Both kinds from the beginning: a camera can then take the place of the picture without a word to the other end.
    for (const kind of ["audio", "video"]) {
      if (!this.#track(kind)) this.#connection.addTransceiver(kind);
    }
    await this.#describe();
  }

  async #describe() {
    await this.#connection.setLocalDescription();
    await this.room.say({ description: this.#connection.localDescription });
  }

  #track(kind) { return this.stream.getTracks().find(track => track.kind === kind); }

  #connect() {
    this.#hangUp();
    this.#tell("Connecting …", "copper");
    const policy = this.#part("relay-only").checked ? "relay" : "all";
    const connection = new RTCPeerConnection({ iceServers: this.#iceServers, iceTransportPolicy: policy });
    this.#connection = connection;
    for (const track of this.stream.getTracks()) connection.addTrack(track, this.stream);
    const theirs = new MediaStream();
    connection.ontrack = ({ track }) => {
      theirs.addTrack(track);
      this.#part("theirs").srcObject = theirs;
    };
    connection.onicecandidate = ({ candidate }) => {
      if (candidate) this.room.say({ candidate }).catch(() => {});
    };
    connection.onconnectionstatechange = () => this.#follow(connection);
  }

  #follow(connection) {
    if (connection !== this.#connection) return;
    const states = {
      connected: ["Connected", "good"], disconnected: ["The way is broken, looking for it again …", "copper"],
      failed: ["No way to the other end was found.", "alarm"],
    };
    if (states[connection.connectionState]) this.#tell(...states[connection.connectionState]);
  }

  #hangUp() {
    this.#connection?.close();
    this.#connection = null;
    this.#before = null;
    this.#part("theirs").srcObject = null;
    this.#part("figures").hidden = true;
    this.#part("path").replaceChildren();
  }

  // What is sent

  async #change(source, name) {
    const stream = await source();
    this.#stopCamera();
    this.#send(stream);
    for (const id of ["picture", "camera"]) this.#part(id).setAttribute("aria-pressed", String(id === name));
    for (const { sender, receiver } of this.#connection?.getTransceivers() ?? []) {
      await sender.replaceTrack(this.#track(receiver.track.kind) ?? null);
    }
  }

  #send(stream) {
    this.stream = stream;
    this.#part("ours").srcObject = stream;
  }

  #stopCamera() {
    if (this.stream !== this.picture) this.stream.getTracks().forEach(track => track.stop());
  }

  // What is seen of it

  async #show() {
    const connection = this.#connection;
    if (connection?.connectionState !== "connected") return;
    const stats = await connection.getStats();
    if (connection !== this.#connection) return;
    const pair = selectedPair(stats);
    const video = [...stats.values()].find(each => each.type === "inbound-rtp" && each.kind === "video");
    this.#part("path").replaceChildren(...pathText(pair));
    if (!pair || !video) return;
    const figure = (id, number, unit = "") => this.#part(id).replaceChildren(number, h("small", {}, unit));
    const seconds = this.#before ? (video.timestamp - this.#before.timestamp) / 1000 : 0;
    if (seconds > 0) figure("received", ...bitRate(8 * (video.bytesReceived - this.#before.bytesReceived) / seconds));
    if (pair.roundTrip !== undefined) figure("round-trip", milliseconds(1000 * pair.roundTrip), "ms");
    if (video.frameWidth) figure("size", `${video.frameWidth} × ${video.frameHeight}`, `${count(video.framesPerSecond ?? 0)}/s`);
    figure("frames", count(video.framesDecoded ?? 0), video.packetsLost ? `${video.packetsLost} packets lost` : "");
    this.#part("figures").hidden = false;
    this.#before = video;
  }
}
