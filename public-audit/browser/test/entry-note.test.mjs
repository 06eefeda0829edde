// The signed receipt against a record: what was promised, and every way in which it was not kept.

import assert from "node:assert/strict";
import { test } from "node:test";

import { toHex, utf8 } from "../src/bytes.mjs";
import { canCheckNotes, checkEntryNote } from "../src/entry-note.mjs";
import { leafHash } from "../src/merkle.mjs";
import { holds } from "../src/report.mjs";
import { say } from "../src/strings.mjs";
import { verify } from "../src/verify.mjs";
import { makeLines, makeRecord, sign } from "./support/make.mjs";
import { exampleRecord, specBlocks } from "./support/read.mjs";

const ROUND = "t-2026-12";
const LINES = makeLines(12);
const OPENS = "2026-11-20T00:00:00Z";
const LATER = "2026-11-20T01:00:00Z";
// Its hash is what stands in the batches of makeRecord for one who withdrew.
const WITHDRAWN = "7f".repeat(32);

const text = (line, { round = ROUND, by = LATER } = {}) => `jebi-entry-1\n${round}\n${line}\n${OPENS}\n${by}\n`;
const noteOf = (line, given) => sign(text(line, given));
const leaf = (line) => toHex(leafHash(utf8(line)));
const recordWith = (change = {}) => verify(makeRecord({ lines: LINES, change }));
const told = ({ record }, note) => {
  const { verdict, facts } = checkEntryNote(record, note);
  return [verdict, ...facts.map(([key]) => key.replace("note-", ""))];
};
const KEPT = ["holds", "signed", "in-pool", "logged"];
const good = recordWith();

test("the receipt of the specification keeps its promise", () => {
  const { record, checks } = verify(exampleRecord());
  assert.ok(canCheckNotes(checks));
  const { verdict, facts } = checkEntryNote(record, specBlocks().get("entry-note"));
  assert.equal(verdict, "holds");
  // 03:14:05 was promised, and the batch of the example is of the opening.
  assert.deepEqual(facts.map(([key]) => key), ["note-signed", "note-in-pool", "note-logged"]);
  assert.deepEqual(facts[1][1], { line: 1 });
  assert.equal(facts[2][1].batch, 1n);
});

test("every line of the pool, however it was pasted", () => {
  for (const line of LINES) assert.deepEqual(told(good, noteOf(line)), KEPT);
  const note = noteOf(LINES[0]);
  for (const same of [note.replaceAll("\n", "\r\n"), note.trimEnd(), `\n\n  ${note}\n\n`, `\ufeff${note}`]) assert.deepEqual(told(good, same), KEPT);
});

test("logged at the promised instant is in time, a second after it is not", () => {
  assert.deepEqual(told(good, noteOf(LINES[0], { by: OPENS })), KEPT);
  assert.deepEqual(told(good, noteOf(LINES[0], { by: "2026-11-19T23:59:59Z" })), ["fault", "signed", "in-pool", "late"]);
});

test("a line that nobody logged, nor drew: proof of a fault", () => {
  const lost = makeLines(13).find((line) => !LINES.includes(line));
  assert.deepEqual(told(good, noteOf(lost)), ["fault", "signed", "not-in-pool", "not-logged"]);
  const other = LINES[0].replace(/want=\d+/, "want=20000");
  assert.notEqual(other, LINES[0]);
  assert.deepEqual(told(good, noteOf(other)), ["fault", "signed", "not-in-pool", "not-logged"]);
});

test("logged, and dropped from the pool without a batch that says so", () => {
  const lost = "0000-0000-0000-0000 seats=1 want=10000 weight=1 household=1 region=north wish=any";
  const verified = recordWith({ batches: ([one, two]) => [one.replace(WITHDRAWN, leaf(lost)).split("\n").toSorted(inOrder).join("\n"), two.replace(/- .*\n/, "")] });
  assert.ok(!holds(verified.checks));
  assert.deepEqual(told(verified, noteOf(lost)), ["fault", "signed", "not-in-pool", "logged"]);
});

test("logged, and taken away again", () => {
  const gone = "0000-0000-0000-0000 seats=1 want=10000 weight=1 household=1 region=north wish=any";
  const exchange = (batch) => batch.replace(WITHDRAWN, leaf(gone)).split("\n").toSorted(inOrder).join("\n");
  const verified = recordWith({ batches: (batches) => batches.map(exchange) });
  assert.ok(holds(verified.checks));
  assert.deepEqual(told(verified, noteOf(gone)), ["removed", "signed", "taken", "logged"]);
  assert.deepEqual(told(verified, noteOf(gone, { by: "2026-11-19T00:00:00Z" })), ["fault", "signed", "taken", "late"]);
});

test("in the pool, and in no batch that is its event's", () => {
  const forged = recordWith({ events: (events) => events.map((one) => one.replace(/(entered .* digest=).*/, `$1${"5".repeat(64)}`)) });
  assert.ok(!holds(forged.checks));
  assert.deepEqual(told(forged, noteOf(LINES[0])), ["fault", "signed", "in-pool", "not-logged"]);
});

test("what is no receipt of this round says nothing", () => {
  const note = noteOf(LINES[0]);
  assert.deepEqual(told(good, noteOf(LINES[0], { round: "t-2026-11" })), ["other-round", "signed"]);
  const stranger = sign(text(LINES[0]), "jebi.example/t", new Uint8Array(32).fill(8));
  const renamed = sign(text(LINES[0]), "jebi.example/u");
  for (const wrong of [stranger, renamed, note.replace("want=", "want=1"), note.replace("01:00:00Z", "02:00:00Z")]) assert.deepEqual(told(good, wrong), ["unsigned"], wrong);
  for (const wrong of ["", " ", "\n\n", LINES[0], text(LINES[0]), note.replace("jebi-entry-1", "jebi-entry-2"), sign(`${text(LINES[0])}more\n`), sign("jebi-entry-1\n"),
    sign(text(LINES[0]).replace(ROUND, "T")), sign(text(LINES[0]).replace(OPENS, "today")), "x".repeat(100_000), `${"\n".repeat(9)}\u2014 x AAAA`, "\0", "\ud800"]) {
    assert.deepEqual(told(good, wrong), ["unread"], wrong.slice(0, 60));
  }
});

test("a record without a signed journal is not asked", () => {
  assert.ok(canCheckNotes(good.checks));
  for (const change of [
    { checkpoint: (note) => note.replace("\n16\n", "\n17\n") }, { journal: (journal) => journal.replace("00Z closed", "01Z closed") },
    { batches: (batches) => [...batches, "batch 3\n"] }, { pool: (pool) => pool.slice(0, -1) }, { rulesJson: () => "{}" },
    { files: (files) => (files.delete("batches.txt"), files) },
  ]) assert.ok(!canCheckNotes(recordWith(change).checks));
  assert.ok(canCheckNotes(recordWith({ result: () => "" }).checks));
});

test("every verdict and every fact has its sentence, filled in", () => {
  for (const note of [noteOf(LINES[0]), noteOf(LINES[0], { by: "2026-11-19T00:00:00Z" }), noteOf(LINES[0].replace(/wish=.*/, "wish=pm")), noteOf(LINES[0], { round: "x" }), "", note8()]) {
    const { verdict, facts } = checkEntryNote(good.record, note);
    for (const language of ["ko", "en"]) {
      for (const [key, values] of [[`note-${verdict}`], ...facts]) assert.doesNotMatch(say(language, key, values), /undefined|\{/);
    }
  }
});

const note8 = () => sign(text(LINES[0]), "jebi.example/t", new Uint8Array(32).fill(8));

/** The lines of a batch as they must stand: its first, then + and -, each sorted. */
function inOrder(left, right) {
  const place = (line) => (line === "" ? 3 : line.startsWith("batch") ? 0 : line[0] === "+" ? 1 : 2);
  return place(left) - place(right) || (left < right ? -1 : 1);
}
