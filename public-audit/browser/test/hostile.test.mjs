// What strangers may write: every reader refuses it in a sentence, and soon.

import assert from "node:assert/strict";
import { test } from "node:test";

import { readBatches } from "../src/batches.mjs";
import { fromBase64, toBase64, toHex, utf8 } from "../src/bytes.mjs";
import { readCheckpoint } from "../src/checkpoint.mjs";
import { readEvent, readJournalLine, readPath } from "../src/events.mjs";
import { instant, number } from "../src/grammar.mjs";
import { parseJson } from "../src/json.mjs";
import { Lines } from "../src/lines.mjs";
import { checkSizes, readManifest } from "../src/manifest.mjs";
import { checkSigned, keyId, readNote, verifierKey } from "../src/note.mjs";
import { readPool } from "../src/pool.mjs";
import { readPulse } from "../src/pulse.mjs";
import { Refusal, TooLarge } from "../src/refusal.mjs";
import { readResultLine } from "../src/result.mjs";
import { readRules } from "../src/rules.mjs";
import { readSeal } from "../src/seal.mjs";
import { readSeedInput } from "../src/seed.mjs";
import { verify } from "../src/verify.mjs";
import { makeLines, makeRecord, makeRules, sign, signingKey } from "./support/make.mjs";
import { exampleRecord, readJson } from "./support/read.mjs";

const refused = (work, what) => assert.throws(work, Refusal, what);
const rulesWith = (given) => utf8(JSON.stringify({ ...makeRules(), ...given }));

test("JSON: what JSON.parse lets pass, and what nobody should", () => {
  for (const text of [
    '{"a":1,"a":1}', '{"a":1,"\\u0061":2}', "-1", "-0", "01", "1.0", "1e3", "1E0", "12345678901234567", "NaN", "Infinity", "'a'",
    "[1,]", '{"a":1,}', "{a:1}", '{"a"}', "[", "", " ", "1 2", '"\u0001"', '"\n"', '"', '"\\', '"\\x"', '"\\u12', '"\\u12g4"', '"\\ud800"',
    "// no\n1", "nul", "\ufeff1", "\u00a01", '{"constructor"', "[".repeat(100_000), '{"a":'.repeat(100_000),
  ]) refused(() => parseJson(text), JSON.stringify(text.slice(0, 40)));
});

test("JSON: what is right", () => {
  assert.deepEqual(parseJson(' {"a" : [ 1 , true,false, null ,"\\"\\\\\\/\\b\\f\\n\\r\\t\\ud83c\\udfb2\\u00e9" ]}\r\n\t'),
    new Map([["a", [1n, true, false, null, '"\\/\b\f\n\r\t\u{1f3b2}é']]]));
  assert.equal(parseJson("9999999999999999"), 9_999_999_999_999_999n);
  assert.equal(parseJson("9007199254740993"), 9_007_199_254_740_993n);
  const strange = parseJson('{"__proto__":{"polluted":1},"constructor":2}');
  assert.equal({}.polluted, undefined);
  assert.equal(strange.get("constructor"), 2n);
});

test("rules: each bound, and one beyond it", () => {
  const goods = (given) => ({ goods: { ...makeRules().goods, ...given } });
  const slots = (given) => ({ slots: [{ ...makeRules().slots[0], ...given }] });
  const reserve = { name: "a", match: {}, places: 1, spill: null };
  const good = {
    "the largest number": { number: 2 ** 32 - 1 }, "the largest amounts": goods({ budget: 1e15, cap: 99_999_999_990_000 }),
    "a slot of no room": slots({ capacity: 0 }), "the longest slot": slots({ seconds: 2678400 }), "no fields": { fields: [], ...slots({ cohort: {} }) },
    "a source of all that is printable": { beacon: { kind: "declared", source: "\\u0020 ~ \\u007e" } },
  };
  for (const [what, given] of Object.entries(good)) {
    assert.ok(readRules(utf8(JSON.stringify({ ...makeRules(), ...given }).replaceAll("\\\\u", "\\u"))), what);
  }
  const everyone = (given) => ({ mode: "everyone", fields: ["seats", "weight", "household", "region", "wish"], ...given });
  const fund = { name: "a", match: { region: ["island"] }, per_seat: 1, budget: 1 };
  const funds = (...all) => everyone({ funds: all.map((one) => ({ ...fund, ...one })) });
  const weighting = (given) => ({ weighting: { per_miss: 2, most: 7, rounds: 3, ...given } });
  const extra = { ...makeRules().slots[0], name: "c", starts_at: "2026-12-02T00:00:00Z" };
  const after = (given) => ({ after: { catch_up: [extra], offers_at: ["2026-11-30T01:10:01Z"], lead_seconds: 0, ...given } });
  Object.assign(good, {
    "a fund": funds({}), "the largest funds": funds({ per_seat: 99_999_999_999_999, budget: 1e15 }), "a hundred funds": funds(...Array.from({ length: 100 }, (_, at) => ({ name: `f${at}` }))),
    "a weighting": weighting({}), "after": after({}), "nobody catches up": after({ catch_up: [] }), "a week": after({ lead_seconds: 604800 }),
    "all of them": { ...funds({}), ...weighting({}), ...after({}) },
  });
  for (const [what, given] of Object.entries(good)) assert.ok(readRules(utf8(JSON.stringify({ ...makeRules(), ...given }).replaceAll("\\\\u", "\\u"))), what);
  const wrong = {
    "funds of a share": { ...funds({}), mode: "share" }, "funds and a want": { ...funds({}), fields: makeRules().fields }, "no funds": everyone({ funds: [] }), "101 funds": funds(...Array.from({ length: 101 }, (_, at) => ({ name: `f${at}` }))),
    "a fund twice": funds({}, {}), "a fund that pays nothing": funds({ per_seat: 0 }), "a fund of nothing": funds({ budget: 0 }), "10^14 a seat": funds({ per_seat: 1e14 }),
    "10^14 a seat together": funds({ per_seat: 99_999_999_999_999 }, { name: "b" }), "a fund with more": funds({ more: 1 }), "a fund over what is no field": funds({ match: { x: ["1"] } }), "null funds": everyone({ funds: null }),
    "a weighting of nothing": weighting({ per_miss: 0 }), "more than the rounds give": weighting({ most: 8 }), "1001 rounds": weighting({ rounds: 1001 }), "a weighting with more": weighting({ more: 1 }), "a null weighting": { weighting: null },
    "a weighting and no weight": { fields: ["household", "region"], ...weighting({}) }, "null after": { after: null }, "no time for offers": after({ offers_at: [] }),
    "an offer with the results": after({ offers_at: ["2026-11-30T01:10:00Z"] }), "offers at once": after({ offers_at: ["2026-12-02T00:00:00Z", "2026-12-02T00:00:00Z"] }), "more than a week": after({ lead_seconds: 604801 }),
    "a name of another slot": after({ catch_up: [{ ...extra, name: "s-am" }] }), "a name twice": after({ catch_up: [extra, extra] }), "a cohort of its own": after({ catch_up: [{ ...extra, cohort: { household: ["1", "2"] } }] }),
    "catching up before all slots": after({ catch_up: [{ ...extra, starts_at: "2026-12-01T23:59:59Z" }] }), "catching up in no part": after({ catch_up: [{ ...extra, part: "night" }] }), "after with more": after({ more: 1 }),
    "a number of 2^32": { number: 2 ** 32 }, "number 0": { number: 0 }, "a budget above 10^15": goods({ budget: 1e15 + 1 }), "no unit": goods({ unit: 0 }),
    "an unknown mode": { mode: "auction" }, "a slug in capitals": { round: "T" }, "a slug of 65": { round: "t".repeat(65) }, "an empty slug": { round: "" },
    "17 fields": { fields: Array.from({ length: 17 }, (_, at) => `f${at}`) }, "a field twice": { fields: ["a", "a"] }, "a field with a digit first": { fields: ["1"] },
    "a part called any": { parts: ["am", "noon", "pm", "eve", "any"] }, "no parts": { parts: [] }, "no slots": { slots: [] },
    "a slot in no part": slots({ part: "night" }), "a slot of no time": slots({ seconds: 0 }), "a slot of more than a month": slots({ seconds: 2678401 }),
    "a capacity above 10^9": slots({ capacity: 1e9 + 1 }), "a match over seats": slots({ cohort: { seats: ["1"] } }), "a match over what is no field": slots({ cohort: { x: ["1"] } }),
    "a match with nothing": slots({ cohort: { household: [] } }), "a match not sorted": slots({ cohort: { household: ["2", "1"] } }),
    "a match twice": slots({ cohort: { household: ["1", "1"] } }), "a match with a space": slots({ cohort: { household: ["a b"] } }),
    "an instant that is none": slots({ starts_at: "2026-02-30T00:00:00Z" }), "a slot before the results": slots({ starts_at: "2026-11-30T01:09:59Z" }),
    "a lottery without reserves": { mode: "lottery" }, "a spill backwards": { mode: "lottery", reserves: [{ ...reserve, spill: "a" }] },
    "an unknown beacon": { beacon: { kind: "dice" } }, "a beacon with more": { beacon: { kind: "none", more: 1 } }, "a cap of 10^14": goods({ cap: 1e14 }), "a source in Korean": { beacon: { kind: "declared", source: "\\uBCF5\\uAD8C" } },
    "a source with DEL": { beacon: { kind: "declared", source: "a\\u007f" } }, "a source of 1001": { beacon: { kind: "declared", source: "x".repeat(1001) } }, "an empty source": { beacon: { kind: "declared", source: "" } },
    "a source over lines": { beacon: { kind: "declared", source: "a\nb" } }, "hex in capitals": { commitment: "A".repeat(64) }, "another format": { format: "jebi-rules-2" },
    "a key without a name": { signing_key: signingKey().replace(/^[^+]+/, "") }, "a key that is a number": { signing_key: 1 }, "null": { goods: null }, "an array": { goods: [] },
  };
  for (const [what, given] of Object.entries(wrong)) refused(() => readRules(utf8(JSON.stringify({ ...makeRules(), ...given }).replaceAll("\\\\u", "\\u"))), what);
  refused(() => readRules(utf8("\ufeff" + JSON.stringify(makeRules()))), "a byte order mark");
  refused(() => readRules(utf8(JSON.stringify(makeRules()).replace("share", "sh\u00e4re"))), "not ASCII");
  refused(() => readRules(new Uint8Array(4 * 1024 * 1024 + 1).fill(32)), "larger than 4 MiB");
  refused(() => readRules(utf8("[]")), "no object");
});

test("numbers and instants have one spelling", () => {
  assert.equal(number("9007199254740993", "it"), 9_007_199_254_740_993n);
  for (const text of ["", "00", "01", "+1", "-1", "1.0", "1e3", " 1", "1 ", "1\n", "0x1", "١", "99999999999999999"]) refused(() => number(text, "it"), text);
  assert.equal(instant("1970-01-01T00:00:00Z", "it"), 0);
  assert.equal(instant("9999-12-31T23:59:59Z", "it"), 253_402_300_799);
  for (const text of [
    "", "1969-12-31T23:59:59Z", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-01-01T24:00:00Z",
    "2026-01-01T23:59:60Z", "2026-01-01T00:00:00.0Z", "2026-01-01T00:00:00", "2026-01-01 00:00:00Z", "2026-01-01T00:00:00+00:00", "2026-01-01T00:00:00Z\n",
  ]) refused(() => instant(text, "it"), text);
});

test("lines: printable ASCII, each with its end", () => {
  for (const text of ["a", "a\nb", "a\r\n", "a\tb\n", "a\0b\n", "\ufeffa\n", "\u00e9\n", "\x7f\n", "a\u2028b\n"]) refused(() => new Lines(utf8(text), "it"), JSON.stringify(text));
  refused(() => new Lines(utf8("abc\n"), "it", { longest: 2 }));
  refused(() => new Lines(utf8("a\nb\n"), "it", { most: 1 }));
  assert.deepEqual([...new Lines(utf8(""), "it")], []);
  assert.deepEqual([...new Lines(utf8("\n\n"), "it")], ["", ""]);
});

test("a pool: no line of another form, none too long", () => {
  const rules = readRules(rulesWith({}));
  const [first] = makeLines(1);
  const read = (text) => readPool(utf8(text), rules);
  assert.equal(read("").entries.length, 0);
  assert.equal(read(`${first}\n`).entries.length, 1);
  for (const wrong of [`${first} `, ` ${first}`, first.replace(" ", "  "), first.replace("want=", "want=="), first.replace("region=", "regioN="), `${first} more=1`,
    first.replace(/^./, "i"), first.toUpperCase(), first.replace("-", ""), "", first.replace(/wish=\S+/, "wish="), first.replace(/wish=\S+/, "wish=am+"),
    first.replace(/wish=\S+/, "wish=any+am"), first.replace(/region=\S+/, `region=${"x".repeat(65)}`), first.replace(/region=\S+/, "region=A"), "x".repeat(2049)]) {
    refused(() => read(`${wrong}\n`), wrong);
  }
});

test("notes: one form, and signatures that cannot be bent", () => {
  const key = verifierKey(signingKey());
  const good = sign("text\n");
  const read = (text) => checkSigned(readNote(utf8(text), "it"), key);
  read(good);
  read(sign("with\n\nan empty line\n"));
  const signature = (change) => good.replace(/ (\S+)\n$/, (_, encoded) => {
    const bytes = fromBase64(encoded, "it");
    return ` ${btoa(String.fromCharCode(...(change(bytes) ?? bytes)))}\n`;
  });
  // S + L, which a lenient verifier takes for S.
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  const bent = signature((bytes) => {
    let s = order;
    for (let at = 0; at < 32; at++) s += BigInt(bytes[36 + at]) << BigInt(8 * at);
    for (let at = 0; at < 32; at++) bytes[36 + at] = Number((s >> BigInt(8 * at)) & 255n);
  });
  for (const wrong of [
    "", "\n", "text\n", "text\n\n", good.slice(0, -1), `${good}\n`, good.replace("\u2014", "-"), good.replace("\u2014 ", "\u2014  "), good.replace("jebi.example/t", "jebi.example/u"),
    good.replace("text", "text\0"), good.replace("text", "te\txt"), good.replace("text", "te\rxt"), `\ufeff${good}`, good.replace("text", "other"),
    good.replace(/ \S+\n$/, " AAAA\n"), good.replace(/=\n$/, "\n"), good.replace(/.=\n$/, "B=\n"),
    bent, signature((bytes) => bytes.subarray(0, 67)), signature((bytes) => { bytes[4] ^= 1; }), signature((bytes) => { bytes.fill(0, 4); }),
    signature((bytes) => { bytes.fill(0, 4); bytes[4] = 1; }), good + good.split("\n\n")[1].repeat(64), `${"x".repeat(65536)}\n\n${good.split("\n\n")[1]}`,
  ]) refused(() => read(wrong), JSON.stringify(wrong.slice(0, 120)));
  const broken = utf8(good);
  broken[0] = 0xff;
  refused(() => readNote(broken, "it"));
});

test("Ed25519: exactly what SPEC §6 says, where implementations differ", () => {
  for (const { story, expected, key, note } of readJson("tests/note-vectors.json")) {
    if (expected === "key") {
      refused(() => verifierKey(key), story);
      continue;
    }
    const check = () => checkSigned(readNote(utf8(note), "it"), verifierKey(key));
    if (expected === "holds") check();
    else refused(check, story);
  }
});

test("names of keys: no space of any alphabet, no control character, at most 255 bytes", () => {
  const publicKey = fromBase64(signingKey().split("+").slice(2).join("+"), "it");
  const named = (name) => `${name}+${toHex(keyId(name, publicKey))}+${toBase64(publicKey)}`;
  assert.equal(verifierKey(named("통영")).name, "통영");
  verifierKey(named("x".repeat(255)));
  for (const wrong of ["x".repeat(256), "통".repeat(86), "a b", "a\u3000b", "a\u0085b", "a\u0001b", "a\u007fb", "a\u2028b"]) refused(() => verifierKey(named(wrong)), JSON.stringify(wrong));
});

test("events, paths, batches, checkpoints", () => {
  const at = "2026-11-20T00:00:00Z";
  assert.equal(readEvent(`${at} voided t reason=%EC%97%86%EC%9D%8C`).reason, "없음");
  for (const wrong of [
    "", at, `${at} closed`, `${at} closed t `, `${at} closed t x=1`, `${at} toString t`, `${at} revealed t seed=1`, `${at} erased t people=01`, `${at} announced t number=0 rules=${"0".repeat(64)}`,
    `${at} entered t batch=1 changes=1000001 digest=${"0".repeat(64)}`, `${at} entered t changes=1 batch=1 digest=${"0".repeat(64)}`,
    `${at} voided t reason=`, `${at} voided t reason=a b`, `${at} voided t reason=%41`, `${at} voided t reason=%ec%97%86`, `${at} voided t reason=%EC`, `${at} voided t reason=%0A`,
    `${at} voided t reason=!`, `${at} voided t reason=${"a".repeat(1001)}`, `${at} voided t reason=${"%EC%97%86".repeat(1400)}`,
  ]) refused(() => readEvent(wrong), wrong.slice(0, 80));
  assert.equal(readEvent(`${at} voided t reason=%21`).reason, "!");
  refused(() => readPath(Array(65).fill("0".repeat(64)).join(",")));
  for (const wrong of ["", "--", ",", "0".repeat(63), `${"0".repeat(64)},`]) refused(() => readPath(wrong), wrong);
  refused(() => readJournalLine("x"));
  refused(() => readJournalLine(`-1 - ${at} closed t`));
  const hash = (digit) => digit.repeat(64);
  for (const wrong of ["+ 0\n", `+ ${hash("1")}\n`, "batch 1\n", `batch 0\n+ ${hash("1")}\n`, `batch 1\n+ ${hash("2")}\n+ ${hash("1")}\n`, `batch 1\n+ ${hash("1")}\n+ ${hash("1")}\n`,
    `batch 1\n- ${hash("1")}\n+ ${hash("2")}\n`, `batch 1\n+ ${hash("1")}\n- ${hash("1")}\n`, `batch 1\n+${hash("1")}\n`, `batch 01\n+ ${hash("1")}\n`]) refused(() => readBatches(utf8(wrong)), wrong);
  const root = btoa("\0".repeat(32));
  assert.equal(readCheckpoint(utf8(sign(`o\n9007199254740993\n${root}\n`))).size, 9_007_199_254_740_993n);
  for (const wrong of [`o\n01\n${root}\n`, `o\n1\n${btoa("\0".repeat(31))}\n`, `o\n1\n${root}\nmore\n`, "o\n1\n"]) refused(() => readCheckpoint(utf8(sign(wrong))), wrong);
});

test("results, manifests, pulses, seeds, seals", () => {
  const good = "1 pa6e-cngm-31jc-c23t assigned am 2026-12-02T00:00:00Z 190000";
  assert.ok(readResultLine(good, 1));
  for (const wrong of ["", good.replace("1 ", "01 "), good.replace("assigned", "waitlisted"), good.replace("190000", "-"), good.replace(" am", ""), `${good} `,
    good.replace("am", "AM"), good.replace("assigned", "lost")]) refused(() => readResultLine(wrong, 1), wrong);
  const digest = "0".repeat(64);
  for (const wrong of [`${digest} a\n`, `${digest}  .a\n`, `${digest}  a/b\n`, `${digest}  A\n`, `${digest}  manifest.txt\n`, `${digest}  b\n${digest}  a\n`, `${digest}  a\n${digest}  a\n`,
    `${digest.slice(1)}  a\n`, Array.from({ length: 1001 }, (_, at) => `${digest}  f${String(at).padStart(4, "0")}\n`).join("")]) refused(() => readManifest(utf8(wrong)), wrong.slice(0, 90));
  for (const wrong of ["", "{}\n", '{"kind":"none"}', '{"kind":"none"}\n\n', '{ "kind":"none"}\n', '{"kind":"none","kind":"none"}\n', '{"kind":"drand","round":0}\n']) refused(() => readPulse(utf8(wrong)), wrong);
  refused(() => readSeedInput(utf8("jebi-seed-1\n")));
  refused(() => readSeal(utf8(sign("jebi-seal-1\n"))));
});

test("a record of any single broken byte has no positive verdict, and never breaks the verifier", () => {
  const good = exampleRecord();
  let pick = 1;
  for (const [name, bytes] of good) {
    for (let time = 0; time < 12; time++) {
      pick = (pick * 48271) % 2147483647;
      const broken = bytes.slice();
      broken[pick % bytes.length] ^= 1 << (pick % 8);
      const { checks } = verify(new Map(good).set(name, broken));
      assert.ok(checks.some(({ status }) => status === "FAIL"), `${name}, byte ${pick % bytes.length}`);
    }
    for (const other of [new Uint8Array(), new Uint8Array(100_000), utf8("\n".repeat(100_000)), utf8("[".repeat(100_000)), utf8("x".repeat(100_000))]) {
      assert.ok(verify(new Map(good).set(name, other)).checks.some(({ status }) => status === "FAIL"), name);
    }
  }
});

test("no files at all", () => {
  const { checks } = verify(new Map());
  assert.deepEqual([...new Set(checks.map(({ status }) => status))], ["FAIL", "SKIP"]);
});

test("sizes are looked at before anything is read", () => {
  const mega = 1024 * 1024;
  checkSizes([["pool.txt", 256 * mega], ["result.txt", 256 * mega]]);
  assert.throws(() => checkSizes([["pool.txt", 256 * mega + 1]]), TooLarge);
  assert.throws(() => checkSizes([["a", 200 * mega], ["b", 200 * mega], ["c", 200 * mega]]), TooLarge);
});

test("the longest loops stay short: 10,000 slots, 1,000 lots each, wishes that never fit", () => {
  const slots = Array.from({ length: 10_000 }, (_, at) => ({ name: `s${at}`, cohort: {}, part: "am", starts_at: "2026-12-02T00:00:00Z", seconds: 3600, capacity: 1 }));
  const rules = makeRules("everyone", { slots, fields: ["seats", "weight"], parts: ["am"] });
  const lines = makeLines(1500).map((line) => `${line.slice(0, 19)} seats=${line.charCodeAt(0) % 2 ? 1 : 100} weight=1000`);
  const begun = performance.now();
  assert.equal(verify(makeRecord({ rules, lines })).checks.find(({ status }) => status === "FAIL")?.name, "capacity");
  assert.ok(performance.now() - begun < 20_000, `${performance.now() - begun} ms`);
});
