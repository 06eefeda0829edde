// The worked round of SPEC §1: every byte that stands there.

import assert from "node:assert/strict";
import { test } from "node:test";

import { toHex, utf8 } from "../src/bytes.mjs";
import { instantText } from "../src/grammar.mjs";
import { lightCheck } from "../src/light.mjs";
import { Lines } from "../src/lines.mjs";
import { lotReader } from "../src/lot.mjs";
import { leafHash, leafHashes, pathLeads, root } from "../src/merkle.mjs";
import { mineOf } from "../src/mine.mjs";
import { checkSigned, readNote } from "../src/note.mjs";
import { deriveReceipt } from "../src/receipt.mjs";
import { commitmentTo } from "../src/seed.mjs";
import { sentenceOf } from "../src/strings.mjs";
import { sha256, sha256Hex } from "../src/sha256.mjs";
import { verify } from "../src/verify.mjs";
import { auditPath } from "./support/path.mjs";
import { exampleRecord, specBlocks } from "./support/read.mjs";

const blocks = specBlocks();
const files = exampleRecord();
const { checks, record } = verify(files);
const text = (name) => new TextDecoder().decode(files.get(name));
const numbersIn = (block) => blocks.get(block).split("\n").filter(Boolean);

test("the files are those of the page", () => {
  for (const name of files.keys()) if (blocks.has(name)) assert.equal(text(name), blocks.get(name), name);
});

test("commitment and receipts", () => {
  assert.equal(sha256Hex(blocks.get("commit-input")), record.rules.commitment);
  assert.equal(commitmentTo("02".repeat(32)), record.rules.commitment);
  assert.equal(sha256Hex(blocks.get("receipt-input")), blocks.get("receipt-digest").trim());
  for (const line of numbersIn("receipts")) {
    const [, person, salt, receipt] = /person key (\S+)\s+salt (\d\d)\S+\s+receipt (\S+)/.exec(line);
    assert.equal(deriveReceipt(record.rules.round, new Uint8Array(32).fill(Number(salt)), person), receipt);
  }
});

test("the signed receipt", () => {
  const note = readNote(utf8(blocks.get("entry-note")), "the receipt");
  checkSigned(note, record.rules.signingKey);
  assert.ok(text("pool.txt").includes(`${note.text.split("\n")[2]}\n`));
});

test("tree and path", () => {
  const leaves = [...record.pool.lines].map((line) => leafHash(utf8(line)));
  const node = (left, right) => sha256(Uint8Array.of(1), left, right);
  const pairs = [node(leaves[0], leaves[1]), node(leaves[2], leaves[3])];
  const tree = [...leaves, ...pairs, node(...pairs), node(node(...pairs), leaves[4])].map(toHex);
  assert.deepEqual(numbersIn("tree").map((line) => line.slice(12)), tree);
  assert.equal(toHex(root(leafHashes(record.pool.lines))), tree.at(-1));
  const path = auditPath(leaves, 2);
  assert.deepEqual(numbersIn("path"), path.map(toHex));
  assert.ok(pathLeads(leaves[2], 2n, 5n, path, root(record.leaves)));
});

test("draw seed, lots, jitter", () => {
  assert.equal(record.seed.drawSeed, blocks.get("draw-seed").trim());
  const told = record.pool.entries.map(({ receipt, weight }) => {
    const { key, lots, jitter } = lotReader(record.seed.drawSeed)(receipt, weight);
    return { receipt, key: toHex(key), lots: lots.map(String), jitter };
  });
  const expected = blocks.get("lots").split(/\n(?=\S)/).map((block) => {
    const numbers = [...block.matchAll(/number \d+ +(\d+)/g)].map(([, number]) => number);
    return { receipt: block.slice(0, 19), key: /key (\S+)/.exec(block)[1], lots: numbers.slice(0, -1), jitter: Number(/jitter (\d+)/.exec(block)[1]) };
  });
  assert.deepEqual(told, expected);
});

test("ranks, amounts, slots, the level", () => {
  const told = record.drawn.ranked.map(({ entry, lot, amount, slot }, at) =>
    [at + 1, entry.receipt, "lot", lot, "seats", entry.seats, "want", entry.want, "min", entry.want < record.drawn.level ? entry.want : record.drawn.level,
      "amount", amount, "wish", entry.walk.wish, "slot", slot.name].join(" "));
  assert.deepEqual(told, numbersIn("ranks").map((line) => line.replace(/ +/g, " ")));
  assert.equal(record.drawn.level, 180000n);
});

test("result and its root", () => {
  assert.equal(record.recomputed, blocks.get("result.txt"));
  assert.equal(toHex(root(leafHashes(new Lines(files.get("result.txt"), "result.txt")))), blocks.get("result-root").trim());
});

test("what one entrant is told", () => {
  const mine = mineOf(record, "qeca-dx5d-kc6h-ad31");
  const explained = blocks.get("explain");
  for (const part of [String(mine.lot), mine.key, `${mine.rank} of ${mine.count}`, `the one before it ${mine.before.at(-1).lot}`,
    `amount   ${mine.amount} won`, `slot     ${mine.slot}:`, `start    ${instantText(mine.start)}`, `notices  ${mine.jitter} s`]) {
    assert.ok(explained.includes(part), part);
  }
  assert.deepEqual(mine.before.map(({ rank }) => rank), [1n, 2n, 3n, 4n]);
  assert.equal(mineOf(record, "0000-0000-0000-0000"), null);
});

test("the inspection sample", () => {
  const order = (receipt) => sha256Hex(`jebi-sample-1\n${record.seed.drawSeed}\n${receipt}\n`);
  const receipts = record.pool.entries.map(({ receipt }) => receipt).sort((left, right) => (order(left) < order(right) ? -1 : 1));
  assert.deepEqual(receipts.slice(0, 3), numbersIn("sample"));
});

test("the report", () => {
  const lines = checks.map((check, at) => `${String(at + 1).padStart(2, "0")} ${check.name.padEnd(18)} ${check.status}  ${sentenceOf("en", check)}`);
  const expected = numbersIn("report").slice(0, -1);
  assert.deepEqual(lines, expected);
});

test("the light check of the paths on the page", () => {
  const [, receipt] = / ([0-9a-z]{4}(?:-[0-9a-z]{4}){3}) /.exec(blocks.get("paths"));
  const light = lightCheck(new Map(files).set("paths", utf8(blocks.get("paths"))), receipt);
  assert.deepEqual(light.checks.filter(({ status }) => status !== "PASS"), []);
  const { before: _, ...expected } = mineOf(record, receipt);
  assert.deepEqual(light.mine, expected);
});
