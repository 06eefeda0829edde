// Makes whole records, good ones and, through `change`, ones that an organiser tampered with who can sign
// whatever they like: each stage builds on what the one before it was changed into.

import { toBase64, toHex, utf8 } from "../../src/bytes.mjs";
import { Course } from "../../src/course.mjs";
import { draw } from "../../src/draw.mjs";
import { Lines } from "../../src/lines.mjs";
import { leafHash, leafHashes, root } from "../../src/merkle.mjs";
import { keyId } from "../../src/note.mjs";
import { moveLine } from "../../src/offers.mjs";
import { readPool } from "../../src/pool.mjs";
import { deriveReceipt } from "../../src/receipt.mjs";
import { resultText } from "../../src/result.mjs";
import { readRules } from "../../src/rules.mjs";
import { commitmentTo } from "../../src/seed.mjs";
import { sha256Hex } from "../../src/sha256.mjs";
import { ed25519 } from "../../vendor/noble.mjs";
import { auditPath } from "./path.mjs";

export const NAME = "jebi.example/t";
const SECRET = new Uint8Array(32).fill(7);
export const ORGANISER_SEED = "02".repeat(32);

const algorithmAndKey = (secret) => Uint8Array.of(1, ...ed25519.getPublicKey(secret));
const idOf = (name, secret) => keyId(name, algorithmAndKey(secret));

export function signingKey(name = NAME, secret = SECRET) {
  return `${name}+${toHex(idOf(name, secret))}+${toBase64(algorithmAndKey(secret))}`;
}

export function sign(text, name = NAME, secret = SECRET) {
  const signature = Uint8Array.of(...idOf(name, secret), ...ed25519.sign(utf8(text), secret));
  return `${text}\n\u2014 ${name} ${toBase64(signature)}\n`;
}

/** Rules as an object, of two cohorts by household and eight slots; `change` may be given what to put in. */
export function makeRules(mode = "share", given = {}) {
  const slots = [];
  for (const [cohort, values] of [["s", ["1"]], ["m", ["2", "3", "4"]]]) {
    for (const [part, hour] of [["am", "00"], ["noon", "03"], ["pm", "06"], ["eve", "09"]]) {
      slots.push({ name: `${cohort}-${part}`, cohort: { household: values }, part, starts_at: `2026-12-02T${hour}:00:00Z`, seconds: 3600, capacity: 200 });
    }
  }
  const reserves = [
    { name: "island", match: { region: ["island"] }, places: 4, spill: "open" },
    { name: "open", match: {}, places: 9, spill: null },
  ];
  return {
    format: "jebi-rules-1", round: "t-2026-12", number: 1,
    goods: { unit: 10000, budget: 2345678, cap: 250000 },
    mode, reserves: mode === "lottery" ? reserves : [],
    fields: ["seats", "want", "weight", "household", "region", "wish"],
    smallest_cell: 1, parts: ["am", "noon", "pm", "eve"], slots, grace_seconds: 1800,
    times: {
      opens_at: "2026-11-20T00:00:00Z", closes_at: "2026-11-27T09:00:00Z", seals_at: "2026-11-27T10:00:00Z",
      reveals_at: "2026-11-30T00:00:00Z", pulse_at: "2026-11-30T01:00:00Z", results_at: "2026-11-30T01:10:00Z",
    },
    beacon: { kind: "none" }, commitment: commitmentTo(ORGANISER_SEED), signing_key: signingKey(), ...given,
  };
}

/** Lines of a pool of so many entries of all shapes. */
export function makeLines(count, round = "t-2026-12") {
  const lines = [];
  for (let person = 0; person < count; person++) {
    const pick = (list, step) => list[(person * step) % list.length];
    const seats = 1 + (person % 3);
    const line = `seats=${seats} want=${10000 * (1 + ((person * 7) % (25 * seats)))} weight=${1 + (person % 2)}`;
    const others = `household=${pick(["1", "2", "3", "4"], 3)} region=${pick(["island", "north"], 5)} wish=${pick(["any", "am", "eve+pm"], 1)}`;
    lines.push(`${deriveReceipt(round, new Uint8Array(32), `roster:${person}`)} ${line} ${others}`);
  }
  return lines.sort();
}

/** The pulse of rules without a beacon, or with quicknet's. */
const NO_PULSE = { file: '{"kind":"none"}\n', value: "0".repeat(64), seal: "none" };

/**
 * A record as a Map from name to bytes. `change` has functions by stage, each from the good text, object or
 * list to the one that is used: rules, rulesJson, pool, seal, sealNote, pulse, seed, result, batches, events,
 * journal, checkpoint, files; and offers, afterEvents, afterJournal, afterCheckpoint. `after` is what happens
 * after the draw: a list of `{ at, facts }`, facts as lines of offers.txt, `{ at, from, seconds }`,
 * and `{ at, from, until, seconds }`.
 */
export function makeRecord({ rules = makeRules(), lines = makeLines(12), pulse = NO_PULSE, after = null, change = {} } = {}) {
  const via = (stage, good) => (change[stage] ? change[stage](good) : good);
  const files = new Map();
  const put = (name, text) => files.set(name, typeof text === "string" ? utf8(text) : text).get(name);

  const announced = via("rules", rules);
  const rulesJson = put("rules.json", via("rulesJson", `${JSON.stringify(announced, null, 2)}\n`));
  const pool = put("pool.txt", via("pool", lines.map((line) => `${line}\n`).join("")));
  const leaves = leavesOf(pool);
  const facts = {
    round: announced.round, rulesDigest: sha256Hex(rulesJson), root: toHex(root(leaves)), entries: leaves.length / 32,
    poolDigest: sha256Hex(pool), sealedAt: announced.times.seals_at,
  };
  const sealText = via("seal", makeSealText(facts, pulse));
  const seal = put("seal.txt", via("sealNote", sign(sealText)));
  put("pulse.json", via("pulse", pulse.file));
  const seedText = `jebi-seed-1\n${facts.round}\n${facts.rulesDigest}\n${facts.root}\n${ORGANISER_SEED}\n-\n${pulse.value}\n`;
  const seed = put("seed-input.txt", via("seed", seedText));
  const result = put("result.txt", via("result", drawAgain(rulesJson, pool, sha256Hex(seed))));
  const log = putJournal({ via, put, announced, facts, pulse, leaves, seal, seed, result });
  files.set("manifest.txt", utf8(makeManifest(files)));
  if (after) putAfter({ via, put, log, after, round: facts.round, rulesJson, pool, drawSeed: sha256Hex(seed) });
  return change.files ? change.files(files) : files;
}

export function makeManifest(files) {
  const names = [...files.keys()].filter((name) => name !== "manifest.txt").sort();
  return names.map((name) => `${sha256Hex(files.get(name))}  ${name}\n`).join("");
}

function makeSealText({ round, rulesDigest, entries, poolDigest, root, sealedAt }, pulse) {
  const rehearsal = pulse.seal === "none" ? " rehearsal: the organiser could have known the result" : "";
  return `jebi-seal-1${rehearsal}\nround ${round}\nversion 1\nrules ${rulesDigest}\nentries ${entries}\npool ${poolDigest}\n` +
    `root ${root}\nsealed_at ${sealedAt}\npulse ${pulse.seal}\n`;
}

/** Of what was tampered with there may be no draw, nor leaves. */
function drawAgain(rulesJson, pool, drawSeed) {
  try {
    const rules = readRules(rulesJson);
    return resultText(draw(rules, readPool(pool, rules).entries, drawSeed).ranked);
  } catch {
    return "";
  }
}

function leavesOf(bytes) {
  try {
    return leafHashes(new Lines(bytes, "a file"));
  } catch {
    return new Uint8Array();
  }
}

function putJournal({ via, put, announced, facts, pulse, leaves, seal, seed, result }) {
  const { times } = announced;
  const batches = via("batches", makeBatches(leaves));
  put("batches.txt", batches.join(""));
  const entered = batches.map((batch, at) => {
    const changes = batch.split("\n").length - 2;
    return `${times.opens_at} entered ${facts.round} batch=${at + 1} changes=${changes} digest=${sha256Hex(batch)}`;
  });
  const organiserSeed = new TextDecoder().decode(seed).split("\n")[4];
  const events = via("events", [
    `${times.opens_at} announced ${facts.round} number=${announced.number} rules=${facts.rulesDigest}`,
    ...entered,
    `${times.closes_at} closed ${facts.round}`,
    `${facts.sealedAt} sealed ${facts.round} version=1 entries=${facts.entries} root=${facts.root} seal=${sha256Hex(seal)}`,
    `${times.reveals_at} revealed ${facts.round} seed=${organiserSeed}`,
    `${times.pulse_at} pulse ${facts.round} pulse=${pulse.value}`,
    `${times.results_at} drawn ${facts.round} seed=${sha256Hex(seed)} result=${sha256Hex(result)} root=${toHex(root(leavesOf(result)))}`,
  ]);
  // Other rounds have events in the same log.
  const log = events.flatMap((event) => [event, "2026-01-01T00:00:00Z closed another-round"]);
  const hashes = log.map((line) => leafHash(utf8(line)));
  const journal = events.map((event, at) => `${2 * at} ${pathText(auditPath(hashes, 2 * at))} ${event}\n`);
  put("journal.txt", via("journal", journal.join("")));
  const tree = Uint8Array.from(hashes.flatMap((hash) => [...hash]));
  put("checkpoint.txt", via("checkpoint", sign(`${NAME}\n${hashes.length}\n${toBase64(root(tree))}\n`)));
  return log;
}

/** What follows from the facts is computed, and so are blocks, events, paths and a later checkpoint. */
function putAfter({ via, put, log, after, round, rulesJson, pool, drawSeed }) {
  const rules = readRules(rulesJson);
  const course = new Course(rules, draw(rules, readPool(pool, rules).entries, drawSeed));
  const blocks = via("offers", after.filter(({ facts }) => facts).map((_, at) => `offer ${at + 1}\n`));
  let number = 0;
  const events = after.map(({ at, facts, from, until, seconds }) => {
    if (until) {
      course.extend(Date.parse(from) / 1000, Date.parse(until) / 1000, seconds);
      return `${at} extended ${round} from=${from} until=${until} seconds=${seconds} reason=%EC%A0%95%EC%A0%84`;
    }
    if (!facts) {
      course.shift(Date.parse(from) / 1000, seconds);
      return `${at} shifted ${round} from=${from} seconds=${seconds} reason=%EC%A0%95%EC%A0%84`;
    }
    const said = facts.map((line) => line.split(" ")).map(([, receipt, kind]) => ({ receipt, kind }));
    const lines = [...facts, ...course.offer(said).map(moveLine)];
    const block = via("block", `${blocks[number]}${lines.map((line) => `${line}\n`).join("")}`);
    blocks[number] = block;
    number++;
    return `${at} offered ${round} offer=${number} changes=${block.split("\n").length - 2} digest=${sha256Hex(block)}`;
  });
  const made = via("afterEvents", events);
  const longer = [...log, ...made.flatMap((event) => [event, "2026-01-01T00:00:00Z closed another-round"])];
  const hashes = longer.map((line) => leafHash(utf8(line)));
  const journal = made.map((event, at) => {
    const index = log.length + 2 * at;
    return `${index} ${pathText(auditPath(hashes, index))} ${event}\n`;
  });
  const tree = Uint8Array.from(hashes.flatMap((hash) => [...hash]));
  put("offers.txt", blocks.join(""));
  put("after-journal.txt", via("afterJournal", journal.join("")));
  put("after-checkpoint.txt", via("afterCheckpoint", sign(`${NAME}\n${hashes.length}\n${toBase64(root(tree))}\n`)));
}

export const pathText = (path) => (path.length === 0 ? "-" : path.map(toHex).join(","));

/** Two batches: the second takes back one entry of the first which is not in the pool. */
function makeBatches(leaves) {
  const hashes = [];
  for (let at = 0; at < leaves.length; at += 32) hashes.push(toHex(leaves.subarray(at, at + 32)));
  const changed = "7f".repeat(32);
  const half = hashes.length >> 1;
  const block = (number, added, removed) =>
    `batch ${number}\n${added.toSorted().map((hash) => `+ ${hash}\n`).join("")}${removed.map((hash) => `- ${hash}\n`).join("")}`;
  return [block(1, [...hashes.slice(0, half), changed], []), block(2, hashes.slice(half), [changed])];
}
