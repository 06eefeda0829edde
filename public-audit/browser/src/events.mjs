// Lines of the journal: `index SP path SP event` (SPEC §12).

import { fromHex } from "./bytes.mjs";
import { excerpt, hex32, instant, number, slug, smallNumber } from "./grammar.mjs";
import { need } from "./refusal.mjs";

export const LONGEST_EVENT = 12_288;
export const LONGEST_PATH = 64;
const LONGEST_REASON = 12_000;
const MOST_CHANGES = 1_000_000n;
const LONGEST_SHIFT = 2_678_400;

const positive = (text, what) => number(text, what, 1n);
const changes = (text, what) => number(text, what, 1n, MOST_CHANGES);

/** 1 to 1,000 characters, percent-encoded in the one spelling there is. */
function reason(text, what) {
  need(text.length <= LONGEST_REASON && /^(?:[A-Za-z0-9._~-]|%[0-9A-F]{2})+$/.test(text), `${what} is not a reason`);
  const decoded = decode(text);
  need(decoded !== null && /^\P{Cc}{1,1000}$/u.test(decoded) && encode(decoded) === text, `${what} is not a reason`);
  return decoded;
}

const encode = (text) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** The fields of each kind of event, in their order. */
const KINDS = {
  announced: { number: positive, rules: hex32 },
  worded: { digest: hex32 },
  entered: { batch: positive, changes, digest: hex32 },
  closed: {},
  sealed: { version: positive, entries: number, root: hex32, seal: hex32 },
  revealed: { seed: hex32 },
  pulse: { pulse: hex32 },
  drawn: { seed: hex32, result: hex32, root: hex32 },
  offered: { offer: positive, changes: number, digest: hex32 },
  shifted: { from: instant, seconds: (text, what) => smallNumber(text, what, 1, LONGEST_SHIFT), reason },
  extended: { from: instant, until: instant, seconds: (text, what) => smallNumber(text, what, 1, LONGEST_SHIFT), reason },
  held: { reason },
  released: { reason },
  voided: { reason },
  erased: { people: number },
};

/** `{ at, kind, round, …fields }` of an event. */
export function readEvent(line) {
  need(line.length <= LONGEST_EVENT, `an event is longer than ${LONGEST_EVENT} bytes`);
  const [at, kind, round, ...given] = line.split(" ");
  need(Object.hasOwn(KINDS, kind ?? ""), () => `not an event: ${excerpt(line)}`);
  const fields = Object.entries(KINDS[kind]);
  need(given.length === fields.length, () => `not the fields of ${kind}: ${excerpt(line)}`);
  const event = { at: instant(at, "an event's instant"), kind, round: slug(round, "an event's round") };
  fields.forEach(([name, read], position) => {
    const word = given[position];
    need(word.startsWith(`${name}=`), () => `not the field ${name} of ${kind}: ${excerpt(word)}`);
    event[name] = read(word.slice(name.length + 1), name);
  });
  if (kind === "extended") need(event.from <= event.until, "an extension ends before it begins");
  return event;
}

/** The hashes of a path, nearest sibling first; none is written `-`. */
export function readPath(text) {
  if (text === "-") return [];
  const hashes = text.split(",", LONGEST_PATH + 1);
  need(hashes.length <= LONGEST_PATH, `a path has more than ${LONGEST_PATH} hashes`);
  return hashes.map((hash) => fromHex(hex32(hash, "a hash of a path")));
}

/** `{ index, path, line, event }` of a line of journal.txt. */
export function readJournalLine(text) {
  const [, index, path, line] = /^([^ ]+) ([^ ]+) (.+)$/.exec(text) ?? [];
  need(line, () => `not a line of the journal: ${excerpt(text)}`);
  return { index: number(index, "an index"), path: readPath(path), line, event: readEvent(line) };
}
