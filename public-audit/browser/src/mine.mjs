// What a verified record says about one receipt.

import { toHex } from "./bytes.mjs";
import { startOf } from "./draw.mjs";
import { lotReader } from "./lot.mjs";

const SMALLEST = 3;

/** Where the entry is by now, if that is another place than the draw gave it. */
function now(later, drawn) {
  const ended = later?.state === "ended";
  const moved = later?.state === "placed" && (!drawn.slot || later.slot.name !== drawn.slot.name || later.start !== startOf(drawn));
  if (!ended && !moved) return {};
  return { now: ended ? { ended } : { slot: later.slot.name, start: later.start, amount: later.amount } };
}

/** Null if the receipt is not in the pool. `before` are the smallest lots of all that were smaller, and the last one. */
export function mineOf({ drawn, seed, course }, receipt) {
  const at = drawn.ranked.findIndex(({ entry }) => entry.receipt === receipt);
  if (at < 0) return null;
  const place = drawn.ranked[at];
  const { key, lots, lot, jitter } = lotReader(seed.drawSeed)(receipt, place.entry.weight);
  const ranks = drawn.ranked.slice(0, at).map((_, index) => index);
  const shown = [...ranks.slice(0, SMALLEST), ...ranks.slice(SMALLEST).slice(-1)];
  return {
    receipt, key: toHex(key), lots, lot, jitter,
    rank: BigInt(at + 1),
    count: BigInt(drawn.ranked.length),
    ...(place.slot ? { slot: place.slot.name, start: startOf(place), amount: place.amount } : {}),
    ...now(course?.place(receipt), place),
    before: shown.map((index) => ({ rank: BigInt(index + 1), lot: drawn.ranked[index].lot })),
  };
}
