// After the draw (SPEC §14): what follows from facts and shifts, and what is no such thing.

import assert from "node:assert/strict";
import { test } from "node:test";

import { utf8 } from "../src/bytes.mjs";
import { mineOf } from "../src/mine.mjs";
import { readOffers } from "../src/offers.mjs";
import { Refusal } from "../src/refusal.mjs";
import { sentenceOf } from "../src/strings.mjs";
import { verify } from "../src/verify.mjs";
import { makeLines, makeRecord, makeRules, sign } from "./support/make.mjs";
import { exampleRecord, specBlocks } from "./support/read.mjs";

const text = (bytes) => new TextDecoder().decode(bytes);
const OFFERS = ["2026-12-02T12:00:00Z", "2026-12-03T12:00:00Z", "2026-12-04T12:00:00Z"];
const OTHER = "5".repeat(64);

/** Rules with a day on which one catches up, of the cohort of slot s-am or m-am. */
function rulesWith(mode, given = {}) {
  const rules = makeRules(mode, given);
  const extra = (name, at, cohort) => ({ ...rules.slots[at], name, cohort: rules.slots[at].cohort, starts_at: "2026-12-05T00:00:00Z", ...cohort });
  return { ...rules, after: { catch_up: [extra("s-more", 0), extra("m-more", 4)], offers_at: OFFERS, lead_seconds: 3600 } };
}

const results = (record) => text(record.get("result.txt")).trimEnd().split("\n").map((line) => line.split(" ").slice(1));
const assigned = (record, part) => results(record).filter(([, what, slot]) => what === "assigned" && slot.endsWith(part)).map(([receipt]) => receipt);
const facts = (...said) => said.flat().sort().map((line) => `- ${line}`);
const moves = (record) => text(record.get("offers.txt")).split("\n").filter((line) => line.startsWith("+"));
const firstToFail = (record) => verify(record).checks.find(({ status }) => status === "FAIL");

/** A lottery in which one misses twice, one once, one gives back, one was not entitled, and those who waited move up. */
function course(change = (after) => after) {
  const rules = rulesWith("lottery");
  rules.after = change(rules.after);
  const drawn = makeRecord({ rules, lines: makeLines(40) });
  const all = results(drawn).filter(([, what]) => what === "assigned").map(([receipt]) => receipt);
  const waiting = results(drawn).filter(([, what]) => what === "waitlisted").map(([receipt]) => receipt);
  const [twice, once, returned, ineligible] = all;
  const after = [
    { at: OFFERS[0], facts: facts([`${twice} missed`, `${once} missed`, `${returned} returned`, `${ineligible} ineligible`, `${waiting.at(-1)} ineligible`]) },
    { at: "2026-12-05T00:30:00Z", from: "2026-12-05T00:00:00Z", seconds: 600 },
  ];
  return { rules, after, twice, once, returned, ineligible, waiting, lines: makeLines(40) };
}

test("who missed catches up, and what became free goes to those who waited", () => {
  const { rules, after, twice, once, returned, ineligible, waiting, lines } = course();
  const record = makeRecord({ rules, lines, after });
  const { checks } = verify(record);
  assert.deepEqual(checks.filter(({ status }) => status !== "PASS"), []);
  const told = moves(record).map((line) => line.split(" "));
  assert.deepEqual(told.slice(0, 2).map(([, receipt, kind]) => [receipt, kind]), [[twice, "caught_up"], [once, "caught_up"]]);
  const later = told.slice(2);
  assert.ok(later.length > 0 && later.every(([, receipt, kind]) => kind === "assigned" && waiting.includes(receipt) && receipt !== waiting.at(-1)), later.join("\n"));
  assert.ok(!told.some(([, receipt]) => [returned, ineligible].includes(receipt)));
});

test("the worked round of SPEC §14: its files, and its report", () => {
  const { checks } = verify(exampleRecord("example-after/"));
  assert.deepEqual(checks.filter(({ status }) => status !== "PASS"), []);
  const lines = checks.map((check, at) => `${at + 1} ${check.name.padEnd(18)} ${check.status}  ${sentenceOf("en", check)}`);
  assert.equal(lines.slice(-3).map((line) => `${line}\n`).join(""), specBlocks().get("after report"));
});

test("what a receipt is told of it", () => {
  const { record } = verify(exampleRecord("example-after/"));
  const now = (receipt) => mineOf(record, receipt).now;
  assert.deepEqual(now("nvxz-ct6c-0xcn-f4dt"), { ended: true });
  assert.deepEqual(now("hcqs-23jq-dybt-0x1s"), { ended: true });
  assert.deepEqual(now("5gfz-sfy7-q8s7-evkx"), { slot: "last", start: Date.parse("2027-01-09T06:00:00Z") / 1000, amount: 50_000n });
  assert.deepEqual(now("6pzf-aaec-n2bb-gejp"), { slot: "last", start: Date.parse("2027-01-09T06:00:00Z") / 1000, amount: 50_000n });
  // It had begun when the power was cut: held longer, and its time is what it was. And one who waits still.
  assert.equal(now("ktcp-zjr2-7pz1-1tks"), undefined);
  assert.equal(now("52n6-488a-7w2m-1vft"), undefined);
});

test("a second miss lapses, and so does a first for which there is no slot", () => {
  const kinds = ({ rules, lines }, ...after) => moves(makeRecord({ rules, lines, after })).map((line) => line.split(" ").slice(1, 3));
  const missed = (number, who) => ({ at: OFFERS[number], facts: facts([`${who} missed`]) });
  // It catches up on the 5th, after all offers: nothing can be said of it any more.
  const rest = [{ at: OFFERS[1], facts: [] }, { at: OFFERS[2], facts: [] }];
  const once = course();
  assert.deepEqual(kinds(once, missed(0, once.twice), ...rest), [[once.twice, "caught_up"]]);
  const soon = course((after) => ({ ...after, catch_up: after.catch_up.map((slot) => ({ ...slot, starts_at: "2026-12-02T13:00:00Z" })) }));
  assert.deepEqual(kinds(soon, missed(0, soon.twice), missed(1, soon.twice)).slice(0, 2), [[soon.twice, "caught_up"], [soon.twice, "lapsed"]]);
  const never = course((after) => ({ ...after, catch_up: [] }));
  assert.deepEqual(kinds(never, missed(0, never.twice))[0], [never.twice, "lapsed"]);
});

test("a shift moves starts and holds, and what is still held is not missed", () => {
  const { rules, lines, twice } = course();
  const shift = { at: "2026-12-02T11:00:00Z", from: "2026-12-02T00:00:00Z", seconds: 86_400 };
  const missed = { at: OFFERS[0], facts: facts([`${twice} missed`]) };
  assert.throws(() => makeRecord({ rules, lines, after: [shift, missed] }), /is still held/);
  const record = makeRecord({ rules, lines, after: [shift, { at: OFFERS[0], facts: [] }, { ...missed, at: OFFERS[1] }] });
  assert.match(moves(record).join(), /caught_up s?m?-more 2026-12-06T00:/);
  assert.equal(firstToFail(record), undefined);
  // Without times for offers there are shifts all the same.
  const plain = makeRecord({ after: [shift] });
  assert.equal(firstToFail(plain), undefined);
});

test("an extension moves nobody's start, and who is held by it is not missed", () => {
  const { rules, lines, twice } = course();
  const longer = { at: "2026-12-02T11:00:00Z", from: "2026-12-02T00:00:00Z", until: "2026-12-02T11:00:00Z", seconds: 86_400 };
  const missed = { at: OFFERS[0], facts: facts([`${twice} missed`]) };
  assert.throws(() => makeRecord({ rules, lines, after: [longer, missed] }), /is still held/);
  const record = makeRecord({ rules, lines, after: [longer, { at: OFFERS[0], facts: [] }, { ...missed, at: OFFERS[1] }] });
  assert.equal(firstToFail(record), undefined);
  const back = { afterEvents: (events) => events.map((event) => event.replace("until=2026-12-02T11", "until=2026-12-01T11")) };
  assert.equal(firstToFail(makeRecord({ rules, lines, after: [longer], change: back }))?.name, "after-form");
});

test("without any of the files nothing is missing", () => {
  const { checks } = verify(makeRecord());
  assert.deepEqual(checks.slice(-3).map(({ name, status, sentence }) => [name, status, sentence[0]]),
    ["after-form", "after-events", "offers-recomputed"].map((name) => [name, "SKIP", "nothing-after"]));
});

const swap = (from, to) => (whole) => {
  const changed = whole.replace(from, to);
  assert.notEqual(changed, whole, `${from} is not there`);
  return changed;
};
const drop = (name) => (files) => (files.delete(name), files);
const first = (change) => ([event, ...more]) => [change(event), ...more];
const anew = (change) => (note) => sign(change(`${note.split("\n\n")[0]}\n`));

const CASES = [
  ["after-form", "no offers", { files: drop("offers.txt") }],
  ["after-form", "no checkpoint", { files: drop("after-checkpoint.txt") }],
  ["after-form", "only the checkpoint", { files: (files) => drop("offers.txt")(drop("after-journal.txt")(files)) }],
  ["after-form", "facts not sorted", { block: swap(/(- .*\n)(- .*\n)/, "$2$1") }],
  ["after-form", "a fact twice", { block: swap(/- .*\n/, "$&$&") }],
  ["after-form", "a fact after a move", { block: swap(/(- .*\n)(\+ .*\n)/, "$2$1") }],
  ["after-form", "a fact of no kind", { block: swap("missed", "asleep") }],
  ["after-form", "a move of no kind", { block: swap("caught_up", "moved_up") }],
  ["after-form", "offer 0", { block: swap("offer 1", "offer 0") }],
  ["after-form", "indices do not ascend", { afterJournal: swap(/(.*\n)(.*\n)/, "$2$1") }],
  ["after-form", "an event of no kind", { afterEvents: first(swap("offered", "given")) }],
  ["after-form", "a shift of no time", { afterEvents: (events) => events.map((event) => event.replace("seconds=600", "seconds=0")) }],
  ["after-form", "a shift of more than a month", { afterEvents: (events) => events.map((event) => event.replace("seconds=600", "seconds=2678401")) }],
  ["after-events", "another key signed it", { afterCheckpoint: (note) => sign(`${note.split("\n\n")[0]}\n`, "jebi.example/t", new Uint8Array(32).fill(8)) }],
  ["after-events", "of another log", { afterCheckpoint: anew(swap("jebi.example/t", "jebi.example/u")) }],
  ["after-events", "a shorter log", { afterCheckpoint: anew(swap(/\n\d+\n/, "\n2\n")) }],
  ["after-events", "an event written anew", { afterJournal: swap("12:00:00Z offered", "12:00:01Z offered") }],
  ["after-events", "of another round", { afterEvents: first(swap("t-2026-12", "t-2026-11")) }],
  ["after-events", "before its time", { afterEvents: first(swap("12:00:00Z", "11:59:59Z")) }],
  ["after-events", "before the draw", { afterEvents: (events) => [events[1].replace(/^.{20}/, "2026-11-30T01:09:59Z"), events[0]] }],
  ["after-events", "back in time", { afterEvents: (events) => [events[0], events[1].replace(/^.{20}/, "2026-12-02T11:00:00Z")] }],
  ["after-events", "offer 2 without offer 1", { afterEvents: first(swap("offer=1", "offer=2")) }],
  ["after-events", "another block", { afterEvents: first(swap(/digest=.*/, `digest=${OTHER}`)) }],
  ["after-events", "another number of changes", { afterEvents: first((event) => event.replace(/changes=\d+/, "changes=1")) }],
  ["after-events", "an event that is neither", { afterEvents: (events) => [...events, "2026-12-06T00:00:00Z erased t-2026-12 people=40"] }],
  ["after-events", "a block without an event", { afterEvents: (events) => events.slice(1) }],
  ["offers-recomputed", "a move too few", { block: swap(/\+ .*\n$/, "") }],
  ["offers-recomputed", "a move too many", { block: (block) => `${block}${/\+ .*\n$/.exec(block)[0]}` }],
  ["offers-recomputed", "two exchanged", { block: swap(/(\+ )(\S+)( caught_up.*\n\+ )(\S+)/, "$1$4$3$2") }],
  ["offers-recomputed", "a minute later", { block: swap(/(caught_up \S+ .*:)00:00Z/, "$101:00Z") }],
  ["offers-recomputed", "a fact about somebody else", { block: swap(/- \S+/, "- 0000-0000-0000-0000") }],
  ["offers-recomputed", "a miss of one who waits", { block: swap(/(- \S+) ineligible/g, "$1 missed") }],
];

for (const [check, what, change] of CASES) {
  test(`${check}: ${what}`, () => {
    const { rules, lines, after } = course();
    const failed = firstToFail(makeRecord({ rules, lines, after, change }));
    assert.equal(failed?.name, check, failed?.detail);
  });
}

test("offers.txt: each in one form", () => {
  const good = "offer 1\n- 0000-0000-0000-0000 missed\n+ 0000-0000-0000-0000 caught_up a 2026-12-02T00:00:00Z 10\n+ 0000-0000-0000-0000 lapsed - - -\noffer 1\n";
  assert.deepEqual(readOffers(utf8(good)).map(({ changes }) => changes), [3n, 0n]);
  assert.deepEqual(readOffers(utf8("")), []);
  const many = (count) => utf8(Array.from({ length: count }, (_, at) => `offer ${at + 1}\n`).join(""));
  assert.equal(readOffers(many(1000)).length, 1000);
  assert.throws(() => readOffers(many(1001)), Refusal);
  for (const wrong of ["offer\n", "offer 1", "offer 01\n", "offers 1\n", "- 0000-0000-0000-0000 missed\n", "offer 1\n\n", "offer 1\n- 0000-0000-0000-0000 missed \n",
    "offer 1\n- 0000-0000-0000-0000\n", "offer 1\n-\n", "offer 1\n+ 0000-0000-0000-0000 lapsed - -\n", "offer 1\n+ 0000-0000-0000-0000 lapsed a 2026-12-02T00:00:00Z 10\n",
    "offer 1\n+ 0000-0000-0000-0000 assigned a 2026-12-02T00:00:00Z\n", "offer 1\n+ 0000-0000-0000-0000 assigned A 2026-12-02T00:00:00Z 1\n", "offer 1\n- 0000-0000-0000-0000 constructor\n",
    "offer 1\n* 0000-0000-0000-0000 lapsed - - -\n", "offer 1\n+ 000-0000-0000-0000 lapsed - - -\n"]) assert.throws(() => readOffers(utf8(wrong)), Refusal, wrong);
});

test("ten thousand cohorts and a hundred offers take seconds, not hours", () => {
  const slots = Array.from({ length: 10_000 }, (_, n) => (
    { name: `s${n}`, cohort: { household: [String(n)] }, part: "am", starts_at: "2026-12-02T00:00:00Z", seconds: 3600, capacity: 50 }));
  const at = (n) => new Date(Date.parse("2026-12-03T00:00:00Z") + 1000 * n).toISOString().replace(".000Z", "Z");
  const offers = Array.from({ length: 100 }, (_, n) => at(n));
  const rules = makeRules("share", { slots, after: { catch_up: [], offers_at: offers, lead_seconds: 0 } });
  const files = makeRecord({ rules, after: offers.map((at) => ({ at, facts: [] })) });
  assert.deepEqual(verify(files).checks.filter(({ status }) => status !== "PASS"), []);
});
