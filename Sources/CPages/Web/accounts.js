// Users, shared secrets, and user names that are refused.

import { ask, get, withQuery } from "./api.js";
import { attempt, confirm, copyable, fill, h, notify, onSubmit, row } from "./dom.js";
import { count, date } from "./format.js";

/** How long a secret that has been followed by another stays good. */
const overlapSeconds = 86_400;

export async function start(main, signal) {
  const lists = [new Users(main, signal), new Secrets(main, signal), new Revocations(main, signal)];
  await Promise.all(lists.map(list => list.load()));
}

const sources = { configuration: "configuration file", memory: "memory, until the server ends", database: "user database" };
const act = (name, label, work, style = "plain") =>
  h("button", { class: style, "aria-label": label, onclick: () => attempt(work) }, name);
const ended = number => (number === 0 ? "" : number === 1 ? " One session has ended." : ` ${count(number)} sessions have ended.`);

class Users {
  constructor(main, signal) {
    Object.assign(this, { main, signal });
    const form = main.querySelector("#add-user");
    onSubmit(form, async user => {
      await ask("POST", "/api/v1/users", user);
      form.reset();
      notify(`${user.name} can log in.`);
      await this.load();
    });
    const dialog = main.querySelector("#password");
    onSubmit(dialog.querySelector("form"), wish => this.#changePassword(wish));
    dialog.querySelector("[type=button]").onclick = () => dialog.close();
    dialog.onclose = () => dialog.querySelector("form").reset();
  }

  async load() {
    const { users } = await get("/api/v1/users", this.signal);
    fill(this.main.querySelector("#users"), users.map(user => this.#row(user)), "No users.");
  }

  #row(user) {
    const acts = user.source === "configuration" ? [] : [
      act("Password", `New password for ${user.name}`, () => this.#askPassword(user)),
      act("Delete", `Delete user ${user.name}`, () => this.#delete(user), "plain danger"),
    ];
    return row([
      ["Name", user.name], ["Realm", user.realm], ["Kept in", sources[user.source]], ["", acts, "acts"],
    ]);
  }

  #askPassword(user) {
    this.chosen = user;
    const dialog = this.main.querySelector("#password");
    dialog.querySelector("h2").textContent = `A password for ${user.name}`;
    dialog.showModal();
  }

  async #changePassword(wish) {
    const { name, realm } = this.chosen;
    await ask("PUT", withQuery(`/api/v1/users/${encodeURIComponent(name)}`, { realm }), wish);
    this.main.querySelector("#password").close();
    notify(`${name} has a new password.`);
  }

  async #delete({ name, realm }) {
    if (!await confirm(`Delete ${name}?`, "The user's sessions end at once.", "Delete")) return;
    const answer = await ask("DELETE", withQuery(`/api/v1/users/${encodeURIComponent(name)}`, { realm }));
    notify(`${name} is deleted.${ended(answer.ended)}`);
    await this.load();
  }
}

class Secrets {
  constructor(main, signal) {
    Object.assign(this, { main, signal });
    const form = main.querySelector("#add-secret");
    onSubmit(form, async secret => {
      this.#tell(await ask("POST", "/api/v1/secrets", secret));
      form.reset();
      await this.load();
    });
  }

  async load() {
    const { secrets } = await get("/api/v1/secrets", this.signal);
    fill(this.main.querySelector("#secrets"), secrets.map(secret => this.#row(secret)), "No secrets.");
  }

  #row(secret) {
    const { id, realm, source, expiresAt } = secret;
    const acts = [];
    if (source === "memory" && !expiresAt) acts.push(act("Rotate", `Rotate secret ${id}`, () => this.#rotate(id)));
    if (source !== "configuration") acts.push(act("Delete", `Delete secret ${id}`, () => this.#delete(id), "plain danger"));
    return row([
      ["Secret", id, "mono"], ["Realm", realm], ["Kept in", sources[source]],
      ["Good", expiresAt ? `until ${date(expiresAt)}` : "for good"], ["", acts, "acts"],
    ]);
  }

  /** The only time that the value is seen. */
  #tell({ value }) {
    this.main.querySelector("#new-secret").replaceChildren(
      h("p", {}, "The new secret. It is not shown again."), copyable(value));
  }

  async #rotate(id) {
    const text = "A random secret takes its place. This one stays good for a day, so that nobody is locked out meanwhile.";
    if (!await confirm("Rotate this secret?", text, "Rotate")) return;
    this.#tell(await ask("POST", `/api/v1/secrets/${id}/rotate`, { overlapSeconds }));
    await this.load();
  }

  async #delete(id) {
    if (!await confirm("Delete this secret?", "Its credentials open no new session. Sessions that are open go on.", "Delete")) return;
    await ask("DELETE", `/api/v1/secrets/${id}`);
    notify("The secret is deleted.");
    await this.load();
  }
}

class Revocations {
  constructor(main, signal) {
    Object.assign(this, { main, signal });
    const form = main.querySelector("#revoke");
    onSubmit(form, async ({ user }) => {
      if (!await confirm(`Revoke ${user}?`, "Sessions of this user name end at once, and it opens no new one.", "Revoke")) return;
      const answer = await ask("POST", "/api/v1/revocations", { user });
      form.reset();
      notify(`${user} is refused.${ended(answer.ended)}`);
      await this.load();
    });
  }

  async load() {
    const { revocations } = await get("/api/v1/revocations", this.signal);
    fill(this.main.querySelector("#revocations"), revocations.map(({ user, untilAt }) => row([
      ["User name", user], ["Until", untilAt ? date(untilAt) : "taken back"],
      ["", act("Take back", `Take the revocation of ${user} back`, () => this.#delete(user)), "acts"],
    ])), "Nobody is revoked.");
  }

  async #delete(user) {
    await ask("DELETE", `/api/v1/revocations/${encodeURIComponent(user)}`);
    notify(`${user} is as good as before.`);
    await this.load();
  }
}
