// The corners of the draw: amounts beyond 2⁵³, ties, and trees of every shape.

import assert from "node:assert/strict";
import { test } from "node:test";

import { giveAmounts } from "../src/amounts.mjs";
import { startOf } from "../src/draw.mjs";
import { leafHash, pathLeads, root } from "../src/merkle.mjs";
import { targetsOf } from "../src/place.mjs";
import { resultLine } from "../src/result.mjs";
import { utf8 } from "../src/bytes.mjs";
import { auditPath, recursiveRoot } from "./support/path.mjs";

const cell = { values: new Map() };
const ranked = (...wants) => wants.map((want) => ({ entry: { want, seats: 1, cell }, amount: 0n }));
const amounts = (places) => places.map(({ amount }) => amount);

test("share: the level, and what is left by rank", () => {
  const places = ranked(250000n, 50000n, 250000n, 250000n, 100000n);
  const goods = { unit: 10000n, budget: 700000n };
  assert.equal(giveAmounts(places, { mode: "share", goods }).level, 180000n);
  assert.deepEqual(amounts(places), [190000n, 50000n, 180000n, 180000n, 100000n]);
});

test("share: less than a unit for each, all of it, and nobody", () => {
  const few = ranked(20n, 20n, 20n);
  assert.equal(giveAmounts(few, { mode: "share", goods: { unit: 10n, budget: 29n } }).level, 0n);
  assert.deepEqual(amounts(few), [10n, 10n, 0n]);
  const all = ranked(20n, 30n);
  assert.equal(giveAmounts(all, { mode: "share", goods: { unit: 10n, budget: 1000n } }).level, 30n);
  assert.deepEqual(amounts(all), [20n, 30n]);
  assert.equal(giveAmounts([], { mode: "share", goods: { unit: 10n, budget: 1000n } }).level, 0n);
});

test("share: sums beyond 2^64 are exact", () => {
  const most = 10n ** 17n;
  const places = ranked(...Array(1000).fill(most));
  assert.equal(giveAmounts(places, { mode: "share", goods: { unit: 1n, budget: 10n ** 15n } }).level, 10n ** 12n);
  const uneven = ranked(most, most, most);
  giveAmounts(uneven, { mode: "share", goods: { unit: 1n, budget: 9_007_199_254_740_995n } });
  assert.deepEqual(amounts(uneven), [3_002_399_751_580_332n, 3_002_399_751_580_332n, 3_002_399_751_580_331n]);
});

test("lottery: budget, places, and what spills", () => {
  const reserve = (name, places, spill = null) => ({ name, match: new Map(), places, spill });
  const run = (budget, reserves, places) => {
    giveAmounts(places, { mode: "lottery", goods: { budget }, reserves });
    return amounts(places);
  };
  assert.deepEqual(run(50n, [reserve("a", 9n)], ranked(40n, 20n, 10n)), [40n, 0n, 10n]);
  assert.deepEqual(run(99n, [reserve("a", 2n)], ranked(10n, 10n, 10n)), [10n, 10n, 0n]);
  const none = { ...reserve("a", 2n, "b"), match: new Map([["x", new Set(["1"])]]) };
  assert.deepEqual(run(99n, [none, reserve("b", 1n)], ranked(10n, 10n, 10n)), [10n, 10n, 10n]);
});

test("targets: in proportion, remainders to the largest, then to the earliest", () => {
  assert.deepEqual(targetsOf([4, 4], 6), [3, 3]);
  assert.deepEqual(targetsOf([1, 1, 1], 2), [1, 1, 0]);
  assert.deepEqual(targetsOf([10, 20, 30], 7), [1, 2, 4]);
  assert.deepEqual(targetsOf([5, 5], 99), [5, 5]);
  assert.deepEqual(targetsOf([0, 0], 3), [0, 0]);
  assert.deepEqual(targetsOf(Array(3).fill(1e9), 2_000_000_001), [666666667, 666666667, 666666667]);
});

test("the start is whole-number division of a product near 2^53", () => {
  assert.equal(startOf({ slot: { startsAt: 0, seconds: 2_678_400, filled: 1e9 }, before: 999_999_999 }), 2_678_399);
  assert.equal(startOf({ slot: { startsAt: 0, seconds: 3600, filled: 7 }, before: 3 }), 1542);
});

test("a start beyond the year 9999 is the last instant there is", () => {
  const place = { entry: { receipt: "r" }, slot: { name: "s", startsAt: 253_402_300_799, seconds: 2, filled: 2 }, before: 1, amount: 1n };
  assert.equal(resultLine(place, 1), "1 r assigned s 9999-12-31T23:59:59Z 1");
});

test("trees of every small size: root as the RFC's recursion, every path leads, none leads elsewhere", () => {
  for (let count = 1; count <= 40; count++) {
    const hashes = Array.from({ length: count }, (_, at) => leafHash(utf8(`leaf ${at}`)));
    const top = root(Uint8Array.from(hashes.flatMap((hash) => [...hash])));
    assert.deepEqual(top, recursiveRoot(hashes));
    for (let at = 0; at < count; at++) {
      const path = auditPath(hashes, at);
      const leads = (given) => pathLeads(...Object.values({ leaf: hashes[at], index: BigInt(at), count: BigInt(count), path, top, ...given }));
      assert.ok(leads({}));
      assert.ok(!leads({ index: BigInt(at + 1) }));
      assert.ok(!leads({ index: BigInt(at) + 2n ** 53n }));
      assert.ok(!leads({ leaf: hashes[(at + 1) % count], index: BigInt(at) }) || count === 1);
      assert.ok(!leads({ path: [...path, top] }));
      if (path.length > 0) assert.ok(!leads({ path: path.slice(1) }));
    }
  }
});
