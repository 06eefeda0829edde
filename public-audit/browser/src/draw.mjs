// The draw: from rules, entries and draw seed to the ranking with amounts, slots and starts (SPEC §7 to §10).

import { giveAmounts } from "./amounts.mjs";
import { later } from "./grammar.mjs";
import { rank } from "./lot.mjs";
import { placeAll } from "./place.mjs";

/** `{ ranked, level, places }`. A place of the ranking without a slot is waitlisted. */
export function draw(rules, entries, drawSeed, progress) {
  const ranked = rank(entries, drawSeed, progress);
  const given = giveAmounts(ranked, rules);
  placeAll(ranked, rules);
  return { ranked, ...given };
}

/** Seconds since 1970 at which a place of the ranking starts: in proportion to the seats before it. */
export const startOf = ({ slot, before }) => later(slot.startsAt, partOf(slot.seconds, before, slot.filled));

/** ⌊seconds × before / all⌋. The product is below 2⁵³, its quotient as a float could be rounded up. */
export function partOf(seconds, before, all) {
  const product = seconds * before;
  return (product - (product % all)) / all;
}
