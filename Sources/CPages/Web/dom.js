// Elements, questions and notices.

/** Makes an element. Attributes that begin with `on` are listeners; null and false are left out. */
export function h(name, attributes, ...children) {
  const element = document.createElement(name);
  dress(element, attributes ?? {});
  element.append(...children.flat().filter(child => child !== null && child !== undefined));
  return element;
}

/** Makes an element of SVG. */
export function svg(name, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  dress(element, attributes ?? {});
  element.append(...children);
  return element;
}

function dress(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
}

/** A row of a table; each cell is `[label, content, class]`, the label being what a narrow screen shows before it. */
export function row(cells, attributes) {
  return h("tr", attributes, cells.map(([label, content, style]) =>
    h("td", { "data-label": label, class: style }, ...[content ?? ""].flat())));
}

/** Fills the body of a table, and says so where there is nothing. */
export function fill(table, rows, emptyText) {
  table.tBodies[0].replaceChildren(...rows);
  table.parentElement.querySelector(":scope > .empty")?.remove();
  table.tHead.hidden = rows.length === 0;
  if (rows.length === 0) table.after(h("p", { class: "empty" }, emptyText));
}

/** What the fields of a form say, without those that are empty. */
export function values(form) {
  return Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== ""));
}

let noticeTimer;

/** Tells something for a few seconds. */
export function notify(text, isProblem = false) {
  const notice = document.getElementById("notice");
  notice.textContent = text;
  notice.classList.toggle("alarm", isProblem);
  notice.hidden = false;
  clearTimeout(noticeTimer);
  noticeTimer = setTimeout(() => { notice.hidden = true; }, isProblem ? 8000 : 4000);
}

/** Does something that may fail, and tells how it went. Returns what it gives, or undefined. */
export async function attempt(work, done) {
  try {
    const result = await work();
    if (done) notify(typeof done === "function" ? done(result) : done);
    return result;
  } catch (problem) {
    // Who left the page, or is asked for the token, need not be told.
    if (problem.name !== "AbortError" && problem.status !== 401) notify(problem.message, true);
  }
}

/** Lets a form do something instead of being sent; its buttons rest meanwhile. */
export function onSubmit(form, work) {
  form.addEventListener("submit", async event => {
    event.preventDefault();
    const buttons = [...form.querySelectorAll("button")];
    buttons.forEach(button => { button.disabled = true; });
    await attempt(() => work(values(form)));
    buttons.forEach(button => { button.disabled = false; });
  });
}

/** Asks before something is done that cannot be taken back. */
export function confirm(title, text, verb) {
  const dialog = document.getElementById("question");
  dialog.querySelector("h2").textContent = title;
  dialog.querySelector("p").textContent = text;
  dialog.querySelector("[value=yes]").textContent = verb;
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise(answer => {
    dialog.addEventListener("close", () => answer(dialog.returnValue === "yes"), { once: true });
  });
}

/** A text to be copied, with the button for it. */
export function copyable(text) {
  const code = h("pre", { tabindex: "0" }, text);
  const button = h("button", { type: "button", onclick: copy }, "Copy");
  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    } catch {
      // Without HTTPS a browser has no clipboard for pages: the text is marked, so that a key press copies it.
      getSelection().selectAllChildren(code);
      button.textContent = "Marked";
    }
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  }
  return h("div", { class: "copyable" }, button, code);
}
