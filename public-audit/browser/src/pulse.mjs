// pulse.json (SPEC §7): the public number that nobody could know when the pool was sealed.

import { hex32, number } from "./grammar.mjs";
import { drandVerifies } from "./drand.mjs";
import { Lines } from "./lines.mjs";
import { need } from "./refusal.mjs";
import { fromHex } from "./bytes.mjs";
import { sha256Hex } from "./sha256.mjs";
import { ZERO } from "./seed.mjs";

// There is one spelling of this file, so that patterns read it better than a JSON reader would.
const NONE = '{"kind":"none"}';
const DRAND = /^\{"kind":"drand","round":([0-9]{1,16}),"signature":"([0-9a-f]{96})","randomness":"([0-9a-f]{64})"\}$/;
const DECLARED = /^\{"kind":"declared","values":"([0-9./]{1,1000})"\}$/;

export function readPulse(bytes) {
  const lines = new Lines(bytes, "pulse.json", { most: 1, longest: 2048 });
  need(lines.count === 1, "pulse.json is not one line");
  const line = lines.text(0);
  if (line === NONE) return { kind: "none", value: ZERO };
  const drand = DRAND.exec(line);
  if (drand) {
    const [, round, signature, randomness] = drand;
    return { kind: "drand", round: number(round, "the round", 1n), signature, value: hex32(randomness, "the randomness") };
  }
  const declared = DECLARED.exec(line);
  need(declared, "pulse.json is of no known form");
  checkValues(declared[1]);
  return { kind: "declared", values: declared[1], value: sha256Hex(declared[1]) };
}

/** RFC 3797 §4: the numbers of a source ascend, each followed by a dot; each source ends with a slash. */
function checkValues(values) {
  need(/^(?:(?:[0-9]+\.)+\/)+$/.test(values), "the values are not in the form of RFC 3797");
  for (const source of values.split("/").slice(0, -1)) {
    const numbers = source.split(".").slice(0, -1).map((text) => number(text, "a value"));
    need(numbers.every((one, at) => at === 0 || numbers[at - 1] <= one), "the values of a source do not ascend");
  }
}

/** That the pulse is the one that the rules announced. */
export function checkPulse(pulse, { beacon }) {
  need(pulse.kind === beacon.kind, `the pulse is of kind ${pulse.kind}, not ${beacon.kind}`);
  if (pulse.kind !== "drand") return;
  need(pulse.round === beacon.round, `the pulse is of round ${pulse.round}, not ${beacon.round}`);
  need(sha256Hex(fromHex(pulse.signature)) === pulse.value, "the randomness is not the digest of the signature");
  need(drandVerifies(beacon.publicKey, pulse.round, pulse.signature), "the signature of the pulse is wrong");
}
