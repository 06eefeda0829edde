// The signed receipt (SPEC §6): what one entrant was promised, held against a record that was verified.

import { toHex, utf8 } from "./bytes.mjs";
import { instant, slug } from "./grammar.mjs";
import { leafHash } from "./merkle.mjs";
import { checkSigned, readNote } from "./note.mjs";
import { need, Refusal } from "./refusal.mjs";

/** The checks that must have passed before a record can say anything about a receipt. It need not match as a whole. */
const NEEDS = ["rules-form", "pool-form", "journal-form", "checkpoint", "journal-paths"];

export const canCheckNotes = (checks) =>
  NEEDS.every((name) => checks.some((check) => check.name === name && check.status === "PASS"));

/** As it was pasted: with the line ends of another system, or without its last one. */
const pasted = (text) => `${text.replace(/\r\n?/g, "\n").trim()}\n`;

/** `{ note, round, line, enteredAt, loggedBy }` of a signed receipt. Nothing is verified yet. */
export function readEntryNote(text) {
  const note = readNote(utf8(pasted(text)), "the receipt");
  const [first, round, line, enteredAt, loggedBy, ...rest] = note.text.split("\n");
  need(first === "jebi-entry-1", "the receipt is of another format");
  need(rest.length === 1 && rest[0] === "", "the receipt has not five lines");
  return {
    note, line,
    round: slug(round, "the round"),
    enteredAt: instant(enteredAt, "the instant of entry"),
    loggedBy: instant(loggedBy, "the instant of logging"),
  };
}

/**
 * What a record says about a receipt, `{ verdict, facts, detail }`: the verdict is `holds`, `removed` (logged, and taken
 * away later), `fault`, or that it says nothing: `unread`, `unsigned`, `other-round`. Each fact is `[key, values]`.
 */
export function checkEntryNote(record, text) {
  const { rules } = record;
  let found;
  try {
    found = readEntryNote(text);
  } catch (error) {
    return refusal("unread", error);
  }
  try {
    checkSigned(found.note, rules.signingKey);
  } catch (error) {
    return refusal("unsigned", error);
  }
  const signed = ["note-signed", { name: rules.signingKey.name }];
  if (found.round !== rules.round) return { verdict: "other-round", facts: [signed] };
  const history = historyOf(record, toHex(leafHash(utf8(found.line))));
  const pool = inPool(record.pool.lines, found.line, history);
  const logged = inTime(history, found.loggedBy);
  return { verdict: verdictOf(pool[0], logged[0]), facts: [signed, pool, logged] };
}

function refusal(verdict, error) {
  if (!(error instanceof Refusal)) throw error;
  return { verdict, facts: [], detail: error.message };
}

function verdictOf(pool, logged) {
  if (logged !== "note-logged" || pool === "note-not-in-pool") return "fault";
  return pool === "note-in-pool" ? "holds" : "removed";
}

/** When a leaf hash was added and taken away: in the batches that are those of the journal's events. */
function historyOf({ journal, batches, rules }, leaf) {
  const events = journal.map(({ event }) => event).filter(({ kind, round }) => kind === "entered" && round === rules.round);
  return events.flatMap(({ batch: number, digest, at }) => {
    const batch = batches.find((one) => one.number === number && one.digest === digest);
    if (batch?.added.includes(leaf)) return [{ added: true, batch: number, at }];
    if (batch?.removed.includes(leaf)) return [{ added: false, batch: number, at }];
    return [];
  });
}

function inPool(lines, line, history) {
  for (let at = 0; at < lines.count; at++) if (lines.text(at) === line) return ["note-in-pool", { line: at + 1 }];
  const last = history.at(-1);
  return last && !last.added ? ["note-taken", { batch: last.batch, at: last.at }] : ["note-not-in-pool", {}];
}

function inTime(history, by) {
  const first = history.find(({ added }) => added);
  if (!first) return ["note-not-logged", { by }];
  return [first.at <= by ? "note-logged" : "note-late", { batch: first.batch, at: first.at, by }];
}
