// An organiser tampers, signs again, and lists the new digests: the check that is first to catch it, by name.

import assert from "node:assert/strict";
import { test } from "node:test";

import { utf8 } from "../src/bytes.mjs";
import { holds } from "../src/report.mjs";
import { sentenceOf } from "../src/strings.mjs";
import { verify } from "../src/verify.mjs";
import { makeManifest, makeRecord, makeRules, sign, signingKey } from "./support/make.mjs";
import { readJson } from "./support/read.mjs";

const OTHER = "5".repeat(64);
const text = (bytes) => new TextDecoder().decode(bytes);

/** Changes one text into another, and complains if it is not there. */
const swap = (from, to) => (whole) => {
  const changed = whole.replace(from, to);
  assert.notEqual(changed, whole, `${from} is not there`);
  return changed;
};
const line = (number, change) => (whole) => {
  const lines = whole.split("\n");
  lines[number] = change(lines[number]);
  return lines.join("\n");
};
const event = (kind, change) => (events) => events.map((one) => (one.includes(` ${kind} `) ? change(one) : one));
const without = (kind) => (events) => events.filter((one) => !one.includes(` ${kind} `));
const later = (kind, at) => event(kind, (one) => at + one.slice(20));
const file = (name, change) => (files) => {
  const changed = change(text(files.get(name)));
  files.set(name, utf8(changed));
  return files.set("manifest.txt", utf8(makeManifest(files)));
};
const drop = (name) => (files) => {
  files.delete(name);
  return files.set("manifest.txt", utf8(makeManifest(files)));
};

/** Nothing is published after these draws. */
const amiss = ({ status, sentence }) => status !== "PASS" && sentence[0] !== "nothing-after";

const CASES = [
  ["files-present", "a file is missing", { files: drop("pulse.json") }],
  ["files-present", "the checkpoint is missing", { files: drop("checkpoint.txt") }],
  ["manifest", "a file was changed and its digest not", { files: (files) => files.set("result.txt", utf8("")) }],
  ["manifest", "a file is not listed", { files: (files) => files.set("manifest.txt", utf8(text(files.get("manifest.txt")).replace(/.* pool.txt\n/, ""))) }],
  ["manifest", "a listed file is not there", { files: (files) => files.set("manifest.txt", utf8(`${text(files.get("manifest.txt"))}${OTHER}  zzz\n`)) }],
  ["manifest", "names are not sorted", { files: (files) => files.set("manifest.txt", utf8(text(files.get("manifest.txt")).split("\n").slice(0, -1).reverse().join("\n") + "\n")) }],

  ["rules-form", "a key too many", { rules: (rules) => ({ ...rules, extra: 1 }) }],
  ["rules-form", "a key too few", { rules: ({ grace_seconds: _, ...rules }) => rules }],
  ["rules-form", "a key twice", { rulesJson: swap('"mode"', '"mode": "share",\n  "mode"') }],
  ["rules-form", "a fraction", { rulesJson: swap("1800", "1800.0") }],
  ["rules-form", "a cap that is no multiple of the unit", { rules: (rules) => ({ ...rules, goods: { ...rules.goods, cap: 250001 } }) }],
  ["rules-form", "times out of order", { rules: (rules) => ({ ...rules, times: { ...rules.times, reveals_at: rules.times.pulse_at } }) }],
  ["rules-form", "reserves without a lottery", { rules: (rules) => ({ ...rules, reserves: makeRules("lottery").reserves }) }],
  ["rules-form", "two slots of one name", { rules: (rules) => ({ ...rules, slots: [rules.slots[0], ...rules.slots] }) }],
  ["rules-form", "a key with another key's number", { rules: (rules) => ({ ...rules, signing_key: rules.signing_key.replace(/\+.{8}\+/, "+00000000+") }) }],

  ["seal-form", "a line too many", { seal: (seal) => `${seal}more\n` }],
  ["seal-form", "a rehearsal that does not say so", { seal: swap(/ rehearsal.*/, "") }],
  ["seal-form", "version 0", { seal: swap("version 1", "version 0") }],
  ["seal-form", "a carriage return", { sealNote: swap("version 1\n", "version 1\r\n") }],
  ["seal-signature", "another key signed", { sealNote: (note) => sign(note.split("\n\n")[0] + "\n", "jebi.example/t", new Uint8Array(32).fill(8)) }],
  ["seal-signature", "the text was changed after signing", { sealNote: swap("sealed_at 2026-11-27T10", "sealed_at 2026-11-27T11") }],
  ["seal-signature", "one signature is right, another of the same key is wrong",
    { sealNote: (note) => `${note}${sign("other\n").split("\n\n")[1]}` }],
  ["seal-rules", "another round was sealed", { seal: swap("round t-2026-12", "round t-2026-11") }],
  ["seal-rules", "other rules were sealed", { seal: swap(/rules .*/, `rules ${OTHER}`) }],
  ["seal-rules", "another pulse to come", { seal: (seal) => swap(/ rehearsal.*/, "")(seal).replace("pulse none", "pulse declared 2026-11-30T01:00:00Z") }],
  ["seal-time", "sealed before the close", { seal: swap(/sealed_at .*/, "sealed_at 2026-11-27T08:59:59Z") }],
  ["seal-time", "sealed with the pulse", { seal: swap(/sealed_at .*/, "sealed_at 2026-11-30T01:00:00Z") }],

  ["pool-form", "an entry twice", { pool: (pool) => pool.replace(/^.*\n/, "$&$&") }],
  ["pool-form", "not sorted", { pool: (pool) => pool.replace(/^(.*\n)(.*\n)/, "$2$1") }],
  ["pool-form", "more wanted than may be", { pool: line(0, (one) => one.replace(/want=\d+/, "want=9990000")) }],
  ["pool-form", "want beyond 2^53", { pool: line(0, (one) => one.replace(/want=\d+/, "want=9007199254740993")) }],
  ["pool-form", "part of a unit", { pool: line(0, (one) => one.replace(/want=\d+/, "want=10001")) }],
  ["pool-form", "a leading zero", { pool: line(0, (one) => one.replace("seats=", "seats=0")) }],
  ["pool-form", "too many lots", { pool: line(0, (one) => one.replace(/weight=\d+/, "weight=1001")) }],
  ["pool-form", "a wish for no part", { pool: line(0, (one) => one.replace(/wish=.*/, "wish=night")) }],
  ["pool-form", "a wish twice", { pool: line(0, (one) => one.replace(/wish=.*/, "wish=am+am")) }],
  ["pool-form", "fields in another order", { pool: line(0, (one) => one.replace(/(seats=\d+) (want=\d+)/, "$2 $1")) }],
  ["pool-form", "no end of the last line", { pool: (pool) => pool.slice(0, -1) }],
  ["pool-digest", "one entry fewer than sealed", { files: file("pool.txt", swap(/^.*\n/, "")) }],
  ["pool-digest", "another number of entries was sealed", { seal: swap("entries 12", "entries 11") }],
  ["pool-root", "another root was sealed", { seal: swap(/root .*/, `root ${OTHER}`) }],
  ["smallest-cell", "one who can be told", { rules: (rules) => ({ ...rules, smallest_cell: 4 }) }],
  ["capacity", "no room for all", { rules: (rules) => ({ ...rules, slots: rules.slots.map((slot) => ({ ...slot, capacity: 1 })) }) }],
  ["capacity", "an entry of no cohort", { rules: (rules) => ({ ...rules, slots: rules.slots.slice(4) }) }],

  ["seed-form", "a line too few", { seed: (seed) => seed.replace("-\n", "") }],
  ["seed-form", "dice that are no digits", { seed: swap("\n-\n", "\nsix\n") }],
  ["seed-input", "of another round", { seed: swap("t-2026-12", "t-2026-11") }],
  ["seed-input", "of other rules", { seed: line(2, () => OTHER) }],
  ["seed-input", "of another pool", { seed: line(3, () => OTHER) }],
  ["commitment", "another organiser seed", { seed: line(4, () => OTHER) }],
  ["pulse-form", "a space", { pulse: swap(":", ": ") }],
  ["pulse", "another kind", { pulse: () => '{"kind":"declared","values":"1.2./"}\n' }],
  ["pulse", "another pulse in the seed", { seed: line(6, () => OTHER) }],
  ["result-form", "out of rank order", { result: swap(/^1 /, "2 ") }],
  ["result-recomputed", "an amount of zero", { result: swap(/ \d+\n/, " 0\n") }],
  ["result-recomputed", "two exchanged their lots", { result: (result) => result.replace(/^1 (\S+)(.*\n)2 (\S+)/, "1 $3$22 $1") }],
  ["result-recomputed", "one won more", { result: swap(/\d\n/, "1\n") }],
  ["result-recomputed", "one left out", { result: (result) => result.replace(/.*\n$/, "") }],
  ["result-recomputed", "one too many", { result: (result) => `${result}13 0000-0000-0000-0000 waitlisted - - -\n` }],
  ["result-recomputed", "dice thrown again after the draw", { files: file("seed-input.txt", swap("\n-\n", "\n6\n")) }],

  ["journal-form", "an empty batch", { batches: (batches) => [...batches, "batch 3\n"] }],
  ["journal-pool", "a batch out of its number", { batches: ([one, two]) => [one, two.replace("batch 2", "batch 3")] }],
  ["journal-form", "indices do not ascend", { journal: (journal) => journal.replace(/^(.*\n)(.*\n)/, "$2$1") }],
  ["journal-form", "an event of no kind", { events: event("closed", swap("closed", "shut")) }],
  ["journal-form", "a fourth line of the checkpoint", { checkpoint: (note) => sign(`${note.split("\n\n")[0]}\nmore\n`) }],
  ["checkpoint", "another key signed it", { checkpoint: (note) => sign(`${note.split("\n\n")[0]}\n`, "jebi.example/t", new Uint8Array(32).fill(8)) }],
  ["checkpoint", "of another log", { checkpoint: (note) => sign(`${note.split("\n\n")[0]}\n`.replace("jebi.example/t", "jebi.example/u")) }],
  ["journal-paths", "an event written anew", { journal: swap("00Z closed", "01Z closed") }],
  ["journal-paths", "of another tree", { checkpoint: (note) => sign(`${note.split("\n\n")[0]}\n`.replace(/\n.{3}/g, (match) => (/\d/.test(match) ? match : "\nAAA"))) }],
  ["journal-events", "other rules were announced", { events: event("announced", swap(/rules=.*/, `rules=${OTHER}`)) }],
  ["journal-events", "announced after the opening", { events: (events) => later("entered", "2026-11-20T00:00:01Z")(later("announced", "2026-11-20T00:00:01Z")(events)) }],
  ["journal-events", "never closed", { events: without("closed") }],
  ["journal-events", "closed too early", { events: later("closed", "2026-11-27T08:59:59Z") }],
  ["journal-events", "another seal", { events: event("sealed", swap(/seal=.*/, `seal=${OTHER}`)) }],
  ["journal-events", "sealed at another time", { events: later("sealed", "2026-11-27T10:00:01Z") }],
  ["journal-events", "version 2 without version 1", { seal: swap("version 1", "version 2"), events: event("sealed", swap("version=1", "version=2")) }],
  ["journal-events", "entered after the seal", { events: (events) => events.toSpliced(5, 0, events[1].replace(/^.{20}/, "2026-11-27T10:00:00Z")) }],
  ["journal-events", "the seed was not revealed", { events: without("revealed") }],
  ["journal-events", "the seed was revealed with the pulse", { events: later("revealed", "2026-11-30T01:00:00Z") }],
  ["journal-events", "another pulse", { events: event("pulse", swap(/pulse=.*/, `pulse=${OTHER}`)) }],
  ["journal-events", "the pulse before its time", { events: later("pulse", "2026-11-30T00:59:59Z") }],
  ["journal-events", "another result", { events: event("drawn", swap(/root=.*/, `root=${OTHER}`)) }],
  ["journal-events", "voided", { events: (events) => [...events, "2026-11-30T01:10:00Z voided t-2026-12 reason=%EC%97%86%EC%9D%8C"] }],
  ["journal-events", "an event of another round", { events: event("closed", swap("t-2026-12", "t-2026-11")) }],
  ["journal-events", "back in time", { events: later("drawn", "2026-11-30T00:59:59Z") }],
  ["journal-pool", "an entry that was in no batch", { batches: ([one, two]) => [one, two.replace(/\n\+ .*/, "")] }],
  ["journal-pool", "an entry that was taken away", { batches: ([one, two]) => [one, two.replace(/- .*/, `- ${/\+ (.*)/.exec(one)[1]}`)] }],
  ["journal-pool", "an entry added twice", { batches: ([one, two]) => [one, two.replace("batch 2\n", `batch 2\n${/\+ .*\n/.exec(one)[0]}`).replace(/(\+ .*\n)+/, (group) => group.split("\n").slice(0, -1).toSorted().map((hash) => `${hash}\n`).join(""))] }],
  ["journal-pool", "another batch than the event's", { events: event("entered", swap(/digest=.*/, `digest=${OTHER}`)) }],
];

for (const [check, what, change] of CASES) {
  test(`${check}: ${what}`, () => {
    const { checks } = verify(makeRecord({ change }));
    assert.equal(checks.find(({ status }) => status === "FAIL")?.name, check, JSON.stringify(checks.filter(({ status }) => status === "FAIL").map(({ name, detail }) => [name, detail])));
    assert.ok(!holds(checks));
  });
}

test("nothing fails that was not tampered with", () => {
  for (const mode of ["share", "everyone", "lottery"]) {
    const whole = verify(makeRecord({ rules: makeRules(mode) })).checks;
    assert.deepEqual(whole.filter(amiss), []);
  }
});

test("a record without its journal fails, listed or not", () => {
  const names = ["journal.txt", "batches.txt", "checkpoint.txt"];
  const without = (files) => (names.forEach((name) => files.delete(name)), files);
  const unlisted = (files) => without(files).set("manifest.txt", utf8(makeManifest(files)));
  for (const files of [without, unlisted]) {
    const { checks } = verify(makeRecord({ change: { files } }));
    assert.deepEqual(checks.slice(0, 2).map(({ status }) => status), ["FAIL", "FAIL"]);
    assert.equal(checks[0].detail, "missing: batches.txt, journal.txt, checkpoint.txt");
    assert.ok(!holds(checks));
  }
});

test("what is right in unusual ways passes", () => {
  const rights = {
    "signatures by others beside ours": { sealNote: (note) => `${note}${sign("any\n", "witness.example", new Uint8Array(32).fill(9)).split("\n\n")[1]}` },
    "an organiser seed that was never revealed": { seed: line(4, () => "0".repeat(64)), events: without("revealed") },
    "dice": { seed: swap("\n-\n", "\n31415926\n") },
    "a second version of the seal": {
      seal: swap("version 1", "version 2"),
      events: (events) => events.flatMap((one) => (one.includes(" sealed ") ? [one.replace(/root=\S+/, `root=${OTHER}`), one.replace("version=1", "version=2")] : [one])),
    },
    "files beyond those that must be there": { files: (files) => file("note.txt", () => "note\n")(files.set("note.txt", utf8(""))) },
  };
  for (const [what, change] of Object.entries(rights)) {
    const { checks } = verify(makeRecord({ change }));
    assert.deepEqual(checks.filter(amiss), [], what);
  }
});

// quicknet's round 1,000,000, in rules of that time.
const { chain, rounds } = readJson("tests/drand-vectors.json");
const { round, signature, randomness, time } = rounds.find(({ round }) => round === 1_000_000);
const at = (seconds) => new Date((time + seconds) * 1000).toISOString().replace(".000Z", "Z");
const drandRules = {
  ...makeRules("share", { signing_key: signingKey() }),
  times: { opens_at: at(-900), closes_at: at(-600), seals_at: at(-600), reveals_at: at(-300), pulse_at: at(0), results_at: at(60) },
  beacon: { kind: "drand", chain_hash: chain.chain_hash, public_key: chain.public_key, genesis_time: chain.genesis_time, period: chain.period, round },
};
const pulseJson = (round, signature, randomness) => `${JSON.stringify({ kind: "drand", round, signature, randomness })}\n`;
const drandPulse = { file: pulseJson(round, signature, randomness), value: randomness, seal: `drand ${chain.chain_hash} ${round} ${at(0)}` };
const withBeacon = (given) => ({ ...drandRules, beacon: { ...drandRules.beacon, ...given } });
const firstToFail = (options) => verify(makeRecord(options)).checks.find(({ status }) => status === "FAIL")?.name;

test("a pulse of drand: right, and tampered with", () => {
  const make = (change = {}, rules = drandRules) => firstToFail({ rules, pulse: drandPulse, change });
  assert.equal(make(), undefined);
  const other = rounds.find(({ round }) => round === 1001);
  assert.equal(make({ pulse: () => pulseJson(other.round, other.signature, other.randomness) }), "pulse");
  assert.equal(make({ pulse: () => pulseJson(round, other.signature, other.randomness) }), "pulse");
  assert.equal(make({ pulse: () => pulseJson(round, signature, OTHER) }), "pulse");
  assert.equal(make({ pulse: () => pulseJson(round, signature.toUpperCase(), randomness) }), "pulse-form");
  assert.equal(make({}, withBeacon({ round: round + 1 })), "rules-form");
  assert.equal(make({}, withBeacon({ public_key: chain.public_key.replace(/^83/, "a3") })), "rules-form");
  assert.equal(make({}, withBeacon({ chain_hash: OTHER, public_key: `c0${"0".repeat(190)}` })), "rules-form");
  assert.equal(make({}, withBeacon({ chain_hash: OTHER, public_key: "1".repeat(192) })), "rules-form");
  assert.equal(make({}, withBeacon({ chain_hash: OTHER, period: 1e9 + 1, round: 2 })), "rules-form");
  // Before the chain's first round there is none to wait for.
  assert.equal(make({}, withBeacon({ chain_hash: OTHER, genesis_time: time, round: 1 })), "seal-rules");
  assert.equal(make({}, withBeacon({ chain_hash: OTHER, genesis_time: time + 1, round: 1 })), "rules-form");
  const own = withBeacon({ chain_hash: OTHER, public_key: chain.public_key.replace(/^83/, "a3") });
  const ownPulse = { ...drandPulse, seal: `drand ${OTHER} ${round} ${at(0)}` };
  assert.equal(firstToFail({ rules: own, pulse: ownPulse }), "pulse");
  assert.equal(firstToFail({ rules: drandRules, pulse: { ...drandPulse, seal: `drand ${OTHER} ${round} ${at(0)}` } }), "seal-rules");
});

/** What the check of the pulse says, of a record with which nothing is wrong. */
function toldOfPulse(options) {
  const { checks } = verify(makeRecord(options));
  assert.equal(checks.find(({ status }) => status === "FAIL"), undefined);
  return sentenceOf("en", checks.find(({ name }) => name === "pulse"));
}

test("whose chain it was is told: who has its key knows every pulse beforehand", () => {
  assert.equal(toldOfPulse({ rules: drandRules, pulse: drandPulse }), "round 1000000 of drand's quicknet, with the right signature");
  const ownPulse = { ...drandPulse, seal: `drand ${OTHER} ${round} ${at(0)}` };
  const own = toldOfPulse({ rules: withBeacon({ chain_hash: OTHER }), pulse: ownPulse });
  assert.match(own, /^round 1000000 of a chain that is not quicknet, .*: who has its key could have known the result$/);
});

test("a declared pulse: right, and malformed", async () => {
  const { sha256Hex } = await import("../src/sha256.mjs");
  const rules = makeRules("share", { beacon: { kind: "declared", source: "the lottery of that day" } });
  const make = (values) => {
    const pulse = { file: `{"kind":"declared","values":"${values}"}\n`, value: sha256Hex(values), seal: "declared 2026-11-30T01:00:00Z" };
    return firstToFail({ rules, pulse });
  };
  assert.equal(make("9.18.26.34.41.45./2.5.8.10.12./9319./"), undefined);
  const pulse = { file: '{"kind":"declared","values":"7./"}\n', value: sha256Hex("7./"), seal: "declared 2026-11-30T01:00:00Z" };
  assert.equal(toldOfPulse({ rules, pulse }), "declared values 7./; compare them with their source: the lottery of that day");
  for (const wrong of ["", "9.18", "9.18.", "18.9./", "09.18./", "/", "1./.", "1../", "1.2./ ", `${"1.".repeat(500)}/`]) assert.equal(make(wrong), "pulse-form", wrong);
});
