// rules.json (SPEC §5): its form, key by key. What the keys must say about each other is in rules-check.mjs.

import { asciiText } from "./bytes.mjs";
import { hex32, instant, name, slug, value } from "./grammar.mjs";
import { array, different, object, parseJson, string, whole } from "./json.mjs";
import { readMatch } from "./matching.mjs";
import { OPTIONAL, readOptional } from "./rules-optional.mjs";
import { verifierKey } from "./note.mjs";
import { need } from "./refusal.mjs";
import { checkRules } from "./rules-check.mjs";

const LARGEST_FILE = 4 * 1024 * 1024;
const BELOW_2_32 = 2n ** 32n - 1n;
export const MOST_WON = 10n ** 15n;
// A hundred seats of it have sixteen digits, as many as a number has.
const MOST_CAP = 10n ** 14n - 1n;
const MOST_DRAND = 10n ** 16n - 1n;
const LONGEST_PERIOD = 10n ** 9n;
const KEYS = [
  "format", "round", "number", "goods", "mode", "reserves", "fields", "smallest_cell", "parts", "slots",
  "grace_seconds", "times", "beacon", "commitment", "signing_key",
];
const TIMES = ["opens_at", "closes_at", "seals_at", "reveals_at", "pulse_at", "results_at"];

export function readRules(bytes) {
  need(bytes.length <= LARGEST_FILE, "rules.json is larger than 4 MiB");
  need(bytes.every((byte) => byte < 0x80), "rules.json is not ASCII");
  const found = object(parseJson(asciiText(bytes)), "rules.json", KEYS, OPTIONAL);
  need(found.format === "jebi-rules-1", "rules.json is of another format");
  need(["share", "everyone", "lottery"].includes(found.mode), "mode is not known");
  const rules = {
    round: slug(string(found.round, "round"), "round"),
    number: whole(found.number, "number", 1n, BELOW_2_32),
    goods: readGoods(found.goods),
    mode: found.mode,
    fields: names(found.fields, "fields", 0, 16),
    smallestCell: Number(whole(found.smallest_cell, "smallest_cell", 1n, BELOW_2_32)),
    parts: names(found.parts, "parts", 1, 16),
    graceSeconds: Number(whole(found.grace_seconds, "grace_seconds", 0n, BELOW_2_32)),
    times: readTimes(found.times),
    beacon: readBeacon(found.beacon),
    commitment: hex32(string(found.commitment, "commitment"), "commitment"),
    signingKey: verifierKey(string(found.signing_key, "signing_key")),
  };
  rules.reserves = array(found.reserves, "reserves", 0, 1000).map((reserve) => readReserve(reserve, rules));
  rules.slots = array(found.slots, "slots", 1, 10_000).map((slot) => readSlot(slot, rules));
  readOptional(found, rules);
  checkRules(rules);
  return rules;
}

function names(found, what, least, most) {
  return different(array(found, what, least, most).map((one) => name(string(one, what), what)), what);
}

function readGoods(found) {
  const { unit, budget, cap } = object(found, "goods", ["unit", "budget", "cap"]);
  const won = (amount, what, most = MOST_WON) => whole(amount, what, 1n, most);
  return { unit: won(unit, "unit"), budget: won(budget, "budget"), cap: won(cap, "cap", MOST_CAP) };
}

function readTimes(found) {
  const times = object(found, "times", TIMES);
  return Object.fromEntries(TIMES.map((key) => [key, instant(string(times[key], key), key)]));
}

function readReserve(found, rules) {
  const reserve = object(found, "a reserve", ["name", "match", "places", "spill"]);
  return {
    name: value(string(reserve.name, "a reserve's name"), "a reserve's name"),
    match: readMatch(reserve.match, rules.fields),
    places: whole(reserve.places, "places", 0n, MOST_WON),
    spill: reserve.spill === null ? null : string(reserve.spill, "spill"),
  };
}

export function readSlot(found, rules) {
  const slot = object(found, "a slot", ["name", "cohort", "part", "starts_at", "seconds", "capacity"]);
  return {
    name: value(string(slot.name, "a slot's name"), "a slot's name"),
    cohort: readMatch(slot.cohort, rules.fields),
    part: string(slot.part, "a slot's part"),
    startsAt: instant(string(slot.starts_at, "starts_at"), "starts_at"),
    seconds: Number(whole(slot.seconds, "seconds", 1n, 2_678_400n)),
    capacity: Number(whole(slot.capacity, "capacity", 0n, 10n ** 9n)),
  };
}

function readBeacon(found) {
  need(found instanceof Map, "beacon is not an object");
  if (found.get("kind") === "none") {
    object(found, "beacon", ["kind"]);
    return { kind: "none" };
  }
  if (found.get("kind") === "declared") {
    const { source } = object(found, "beacon", ["kind", "source"]);
    need(/^[ -~]{1,1000}$/.test(string(source, "source")), "source is not 1 to 1,000 printable characters of ASCII");
    return { kind: "declared", source };
  }
  const keys = ["kind", "chain_hash", "public_key", "genesis_time", "period", "round"];
  const drand = object(found, "beacon", keys);
  need(drand.kind === "drand", "beacon is of a kind that is not known");
  need(/^[0-9a-f]{192}$/.test(string(drand.public_key, "public_key")), "public_key is not 192 characters of hex");
  return {
    kind: "drand",
    chainHash: hex32(string(drand.chain_hash, "chain_hash"), "chain_hash"),
    publicKey: drand.public_key,
    genesisTime: whole(drand.genesis_time, "genesis_time", 0n, MOST_DRAND),
    period: whole(drand.period, "period", 1n, LONGEST_PERIOD),
    round: whole(drand.round, "round", 1n, MOST_DRAND),
  };
}
