// The light check: four files and the paths of one receipt.

import assert from "node:assert/strict";
import { test } from "node:test";

import { utf8 } from "../src/bytes.mjs";
import { lightCheck, LIGHT_FILES } from "../src/light.mjs";
import { Lines } from "../src/lines.mjs";
import { leafHash } from "../src/merkle.mjs";
import { mineOf } from "../src/mine.mjs";
import { holds } from "../src/report.mjs";
import { verify } from "../src/verify.mjs";
import { makeRecord, pathText, sign } from "./support/make.mjs";
import { auditPath } from "./support/path.mjs";

const whole = makeRecord();
const { record } = verify(whole);
const RECEIPT = record.pool.entries[4].receipt;

/** What a site answers for the paths of a receipt. */
function pathsOf(receipt, drawn = true) {
  const place = (label, name) => {
    const lines = [...new Lines(whole.get(name), name)];
    const index = lines.findIndex((line) => line.includes(receipt));
    const path = auditPath(lines.map((line) => leafHash(utf8(line))), index);
    return `${label} ${index} ${lines.length} ${pathText(path)} ${lines[index]}\n`;
  };
  const journal = [...new Lines(whole.get("journal.txt"), "journal.txt")].at(-1);
  return `jebi-paths-1\nt-2026-12\n${place("pool", "pool.txt")}${drawn ? `${place("result", "result.txt")}journal ${journal}\n` : ""}`;
}

function filesWith(paths, given = {}) {
  const files = new Map(LIGHT_FILES.map((name) => [name, whole.get(name)]));
  for (const [name, bytes] of Object.entries(given)) bytes ? files.set(name, bytes) : files.delete(name);
  return files.set("paths", utf8(paths));
}

const text = (name) => new TextDecoder().decode(whole.get(name));
const firstToFail = (paths, given) => lightCheck(filesWith(paths, given), RECEIPT).checks.find(({ status }) => status === "FAIL")?.name;
const swap = (from, to) => {
  const changed = pathsOf(RECEIPT).replace(from, to);
  assert.notEqual(changed, pathsOf(RECEIPT));
  return changed;
};

test("it tells of each receipt what the whole verification tells", () => {
  for (const { receipt } of record.pool.entries) {
    const { checks, mine } = lightCheck(filesWith(pathsOf(receipt)), receipt);
    assert.deepEqual(checks.filter(({ status }) => status !== "PASS"), []);
    const { before: _, ...expected } = mineOf(record, receipt);
    assert.deepEqual(mine, expected);
  }
});

test("before the draw it shows that the entry is in the sealed pool, and no more", () => {
  const files = filesWith(pathsOf(RECEIPT, false), { "seed-input.txt": null, "checkpoint.txt": null });
  const { checks, mine } = lightCheck(files, RECEIPT);
  assert.equal(checks.find(({ name }) => name === "my-line").status, "PASS");
  assert.deepEqual(checks.filter(({ status }) => status === "SKIP").map(({ sentence }) => sentence[0]), Array(7).fill("not-drawn"));
  assert.ok(holds(checks));
  assert.equal(mine, null);
});

test("what is missing is never a positive verdict", () => {
  for (const name of LIGHT_FILES) assert.ok(!holds(lightCheck(filesWith(pathsOf(RECEIPT), { [name]: null }), RECEIPT).checks), name);
});

const OTHER = record.pool.entries[5].receipt;
const CASES = [
  ["paths-form", "nothing", ""],
  ["paths-form", "another format", swap("jebi-paths-1", "jebi-paths-2")],
  ["paths-form", "a line too many", `${pathsOf(RECEIPT)}more\n`],
  ["paths-form", "the result without the journal", pathsOf(RECEIPT).split("\n").slice(0, 4).join("\n") + "\n"],
  ["paths-form", "an index beyond 16 digits", swap(/pool \d+/, "pool 99999999999999999")],
  ["my-line", "another round", swap("t-2026-12", "t-2026-11")],
  ["my-line", "another's line, with its own path", pathsOf(OTHER)],
  ["my-line", "another want", swap(/want=\d+/, "want=20000")],
  ["my-line", "another index", swap(/pool \d+/, "pool 5")],
  ["my-line", "another count", swap(/pool (\d+) 12/, "pool $1 13")],
  ["my-line", "a hash too few", swap(/(pool \d+ 12) [0-9a-f]+,/, "$1 ")],
  ["my-event", "an event that is not the draw", swap(/journal .*/, `journal ${[...new Lines(whole.get("journal.txt"), "it")][0]}`)],
  ["my-event", "another seed", swap(/ seed=[0-9a-f]+/, ` seed=${"5".repeat(64)}`)],
  ["my-event", "another root than logged", swap(/ root=[0-9a-f]+/, ` root=${"5".repeat(64)}`)],
  ["my-result", "another amount", swap(/(result.*) \d+\n/, "$1 70000\n")],
  ["my-result", "another rank", swap(/result (\d+) 12/, (_, index) => `result ${(Number(index) + 1) % 12} 12`)],
  ["my-result", "another's result", pathsOf(RECEIPT).replace(/result .*/, /result .*/.exec(pathsOf(OTHER))[0])],
];

for (const [check, what, paths] of CASES) {
  test(`${check}: ${what}`, () => assert.equal(firstToFail(paths), check));
}

test("files that were tampered with", () => {
  const checkpoint = (change) => ({ "checkpoint.txt": utf8(change(text("checkpoint.txt"))) });
  const paths = pathsOf(RECEIPT);
  assert.equal(firstToFail(paths, { "seed-input.txt": utf8(text("seed-input.txt").replace("\n-\n", "\n6\n")) }), "my-event");
  assert.equal(firstToFail(paths, { "rules.json": utf8(text("rules.json").replace("1800", "1801")) }), "seal-rules");
  assert.equal(firstToFail(paths, { "seal.txt": utf8(text("seal.txt").replace("entries 12", "entries 11")) }), "seal-signature");
  assert.equal(firstToFail(paths, checkpoint((note) => note.replace("\n16\n", "\n17\n"))), "checkpoint");
  assert.equal(firstToFail(paths, checkpoint((note) => sign(`${note.split("\n\n")[0]}\n`.replace("\n16\n", "\n17\n")))), "my-event");
  assert.equal(firstToFail(paths, checkpoint(() => "")), "checkpoint-form");
});
