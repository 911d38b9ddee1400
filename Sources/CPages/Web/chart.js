// Charts drawn by hand. All of them show the same stretch of time, the newest on the right.

import { svg } from "./dom.js";
import { bitRate, clock } from "./format.js";

/** How many values a chart remembers, a second each. */
const span = 120;

/** A line through values, scaled into a box; and the area between it and `base`. */
function shape(values, { width, y, base, count = span }) {
  const step = width / (count - 1);
  const points = values.map((value, index) => `${(width - (values.length - 1 - index) * step).toFixed(1)},${y(value).toFixed(1)}`);
  if (points.length === 0) return { line: "", area: "" };
  const first = points[0].split(",")[0];
  return { line: `M${points.join("L")}`, area: `M${first},${base}L${points.join("L")}L${width},${base}Z` };
}

/** A round number at or above another: 1, 2 or 5 times a power of ten. */
function roundUp(number) {
  const power = 10 ** Math.floor(Math.log10(number));
  return [1, 2, 5, 10].map(each => each * power).find(each => each >= number);
}

/** A small line without axes. */
export class Sparkline {
  #values = [];

  constructor(element, style = "") {
    this.area = svg("path", { class: `area ${style}` });
    this.line = svg("path", { class: `line ${style}` });
    element.setAttribute("viewBox", "0 0 100 26");
    element.setAttribute("preserveAspectRatio", "none");
    element.setAttribute("aria-hidden", "true");
    element.replaceChildren(this.area, this.line);
  }

  push(value) {
    this.#values = [...this.#values, value].slice(-span);
    this.#draw(this.#values, span);
  }

  /** Shows these values from edge to edge. */
  show(values) {
    this.#draw(values, Math.max(2, values.length));
  }

  #draw(values, count) {
    const top = Math.max(...values, 1e-9);
    const { line, area } = shape(values, { width: 100, base: 26, count, y: value => 25 - 23 * value / top });
    this.line.setAttribute("d", line);
    this.area.setAttribute("d", area);
  }
}

/** Two flows from one bed: what is sent rises above it, what is received falls below it. */
export class FlowChart {
  #points = [];
  #cursor = null;

  constructor(element, signal) {
    this.element = element;
    const redraw = new ResizeObserver(() => this.#draw());
    redraw.observe(element);
    signal.addEventListener("abort", () => redraw.disconnect());
    element.addEventListener("pointermove", event => { this.#cursor = event.offsetX; this.#draw(); });
    element.addEventListener("pointerleave", () => { this.#cursor = null; this.#draw(); });
  }

  /** Adds `{at, sent, received}`: seconds since 1970, and bits per second. */
  push(point) {
    this.#points = [...this.#points, point].slice(-span);
    this.#draw();
  }

  #draw() {
    const { clientWidth: width, clientHeight: height } = this.element;
    if (!width) return;
    const [top, bottom] = [8, height - 20];
    const largest = part => Math.max(...this.#points.map(point => point[part]), 0);
    // Both halves keep one scale, so that they can be compared: each is one or two steps high, as its flow needs.
    const step = roundUp(Math.max(largest("sent"), largest("received"), 1000)) / 2;
    const [up, down] = ["sent", "received"].map(part => Math.max(1, Math.ceil(largest(part) / step)));
    const scale = (bottom - top) / (up + down) / step;
    const bed = Math.round(top + up * step * scale);
    const parts = [
      ...this.#grid(width, bed, up, step, -scale), ...this.#grid(width, bed, down, step, scale),
      svg("line", { class: "bed", x1: 0, x2: width, y1: bed, y2: bed }),
      ...this.#flow("sent", "", width, bed, value => bed - value * scale),
      ...this.#flow("received", "copper", width, bed, value => bed + value * scale),
      ...this.#times(width, height),
      ...this.#marked(width, top, bottom),
    ];
    this.element.replaceChildren(...parts);
  }

  #flow(part, style, width, bed, y) {
    const { line, area } = shape(this.#points.map(point => point[part]), { width, base: bed, y });
    return [svg("path", { class: `area ${style}`, d: area }), svg("path", { class: `line ${style}`, d: line })];
  }

  #grid(width, bed, count, step, scale) {
    return Array.from({ length: count }, (_, index) => step * (index + 1)).flatMap(value => {
      const y = Math.round(bed + value * scale) + 0.5;
      return [
        svg("line", { class: "grid", x1: 0, x2: width, y1: y, y2: y }),
        svg("text", { x: 0, y: y + (scale < 0 ? 14 : -5) }, bitRate(value).join(" ")),
      ];
    });
  }

  #times(width, height) {
    return [[0, "2 min ago", "start"], [width / 2, "1 min ago", "middle"], [width, "now", "end"]]
      .map(([x, text, anchor]) => svg("text", { x, y: height - 2, "text-anchor": anchor }, text));
  }

  #marked(width, top, bottom) {
    if (this.#cursor === null) return [];
    const index = this.#points.length - 1 - Math.round((width - this.#cursor) / (width / (span - 1)));
    const point = this.#points[index];
    if (!point) return [];
    const x = width - (this.#points.length - 1 - index) * width / (span - 1);
    const text = `${clock(point.at)}   ↑ ${bitRate(point.sent).join(" ")}   ↓ ${bitRate(point.received).join(" ")}`;
    const anchor = x > width / 2 ? "end" : "start";
    return [
      svg("line", { class: "cursor", x1: x, x2: x, y1: top, y2: bottom }),
      svg("text", { x: x + (anchor === "end" ? -8 : 8), y: top + 8, "text-anchor": anchor }, text),
    ];
  }
}
