// Numbers, times and addresses as people read them.

const plain = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** A whole number with separators. */
export const count = number => plain.format(number).replaceAll(",", "\u202f");

/** A number with three digits and the prefix of its size, as `[number, unit]`. */
function scaled(number, unit, step = 1000) {
  const prefixes = ["", "k", "M", "G", "T"];
  let index = 0;
  while (Math.abs(number) >= step * 0.9995 && index < prefixes.length - 1) {
    number /= step;
    index += 1;
  }
  const digits = index === 0 && Number.isInteger(number) ? 0 : number < 10 ? 2 : number < 100 ? 1 : 0;
  return [number.toFixed(number === 0 ? 0 : digits), prefixes[index] + unit];
}

export const bitRate = bits => scaled(bits, "bit/s");
export const rate = number => scaled(number < 0.05 ? 0 : number, "/s");
export const bytes = number => scaled(number, "B").join(" ");

/** How long: the two largest units. */
export function duration(seconds) {
  const parts = [[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]];
  let rest = Math.max(0, Math.round(seconds));
  const words = [];
  for (const [size, unit] of parts) {
    const number = Math.floor(rest / size);
    rest -= number * size;
    if (number > 0) words.push(`${number} ${unit}`);
    if (words.length === 2) break;
  }
  return words.join(" ") || "0 s";
}

export const clock = at => new Date(at * 1000).toLocaleTimeString("en-GB");
export const date = at => new Date(at * 1000).toISOString().slice(0, 16).replace("T", " ") + " UTC";
export const milliseconds = number => (number < 10 ? number.toFixed(1) : number.toFixed(0));

/** An address with its port; browsers write IPv6 with brackets or without, and may hide an address. */
export function addressText(address, port) {
  const bare = (address ?? "hidden").replace(/^\[|\]$/g, "");
  return `${bare.includes(":") ? `[${bare}]` : bare}:${port}`;
}

/** The value in the middle, or at another part of a list. */
export function quantile(values, part = 0.5) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
}

/** `peerAddressDenied` as `peer address denied`. */
export const words = name => name.replace(/([A-Z])/g, " $1").replaceAll("_", " ").toLowerCase().trim();
