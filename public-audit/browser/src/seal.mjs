// seal.txt (SPEC §6): what is fixed before anybody can know the pulse.

import { hex32, instant, number, slug, words } from "./grammar.mjs";
import { readNote } from "./note.mjs";
import { need } from "./refusal.mjs";

const FIRST = "jebi-seal-1";
const REHEARSAL = `${FIRST} rehearsal: the organiser could have known the result`;
const MOST_ENTRIES = 2n ** 32n - 2n;

export function readSeal(bytes) {
  const note = readNote(bytes, "seal.txt");
  const lines = note.text.split("\n");
  need(lines.length === 10 && lines[9] === "", "seal.txt has not nine lines");
  const one = (line, first) => words(lines[line], first, 1)[0];
  const seal = {
    note,
    round: slug(one(1, "round"), "round"),
    version: number(one(2, "version"), "version", 1n),
    rulesDigest: hex32(one(3, "rules"), "rules"),
    entries: number(one(4, "entries"), "entries", 0n, MOST_ENTRIES),
    poolDigest: hex32(one(5, "pool"), "pool"),
    root: hex32(one(6, "root"), "root"),
    sealedAt: instant(one(7, "sealed_at"), "sealed_at"),
    pulse: readPulse(lines[8]),
  };
  need(lines[0] === (seal.pulse.kind === "none" ? REHEARSAL : FIRST), "the first line is not that of a seal with this pulse");
  return seal;
}

function readPulse(line) {
  const [label, kind, ...rest] = line.split(" ");
  need(label === "pulse", "the last line is not the pulse");
  if (kind === "none" && rest.length === 0) return { kind };
  if (kind === "declared" && rest.length === 1) return { kind, at: instant(rest[0], "pulse") };
  need(kind === "drand" && rest.length === 3, "the pulse is of no known kind");
  return { kind, chainHash: hex32(rest[0], "pulse"), round: number(rest[1], "pulse", 1n), at: instant(rest[2], "pulse") };
}

/** That the seal announces the pulse of the rules. */
export function checkPulseToCome({ pulse }, { beacon, times }) {
  need(pulse.kind === beacon.kind, `the pulse to come is ${pulse.kind} in the seal and ${beacon.kind} in the rules`);
  if (pulse.kind !== "none") need(pulse.at === times.pulse_at, "the pulse to come is at another instant");
  if (pulse.kind === "drand") {
    need(pulse.chainHash === beacon.chainHash && pulse.round === beacon.round, "the pulse to come is of another chain or round");
  }
}
