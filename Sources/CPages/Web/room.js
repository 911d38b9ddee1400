// Signalling: what is heard comes as server-sent events, what is said goes by POST.

import { ask, events } from "./api.js";

export class Room {
  #path;
  #member = "";
  /** What is said goes one after the other: a candidate must not overtake its description. */
  #said = Promise.resolve();

  constructor(name) {
    this.#path = `/api/v1/rooms/${encodeURIComponent(name)}`;
  }

  /** Goes in, and stays until the signal or the server ends it. Tells `joined`, `arrived`, `message` and `left`. */
  async listen(signal, hear) {
    for await (const { name, data } of events(`${this.#path}/events`, signal)) {
      if (name === "joined") this.#member = data.member;
      await hear(name, name === "message" ? JSON.parse(data.data) : data);
    }
  }

  say(message) {
    const body = { member: this.#member, data: JSON.stringify(message) };
    this.#said = this.#said.catch(() => {}).then(() => ask("POST", `${this.#path}/messages`, body));
    return this.#said;
  }
}
