// The draw: from rules, entries and draw seed to the ranking with amounts, slots and starts (SPEC §7 to §10).

import { giveAmounts } from "./amounts.mjs";
import { rank } from "./lot.mjs";
import { placeAll } from "./place.mjs";

/** `{ ranked, level }`. A place of the ranking without a slot is waitlisted. */
export function draw(rules, entries, drawSeed, progress) {
  const ranked = rank(entries, drawSeed, progress);
  const level = giveAmounts(ranked, rules);
  placeAll(ranked, rules);
  return { ranked, level };
}

/** Seconds since 1970 at which a place of the ranking starts: in proportion to the seats before it. */
export function startOf({ slot, before }) {
  const product = slot.seconds * before;
  // Whole-number division; the product is below 2⁵³, its quotient as a float could be rounded up.
  return slot.startsAt + (product - (product % slot.filled)) / slot.filled;
}
