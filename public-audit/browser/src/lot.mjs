// Lots and ranks (SPEC §7).

import { utf8 } from "./bytes.mjs";
import { keystream } from "./chacha20.mjs";
import { Sha256 } from "./sha256.mjs";

/** A function from receipt and weight to `{ key, lots, lot, jitter }`. What all keys begin with is hashed once. */
export function lotReader(drawSeed) {
  const begun = new Sha256().update(utf8(`jebi-lot-1\n${drawSeed}\n`));
  return (receipt, weight) => {
    const key = begun.clone().update(utf8(`${receipt}\n`)).digest();
    const lots = keystream(key, weight + 1);
    const jitter = Number(lots.pop() % 60n);
    return { key, lots, lot: lots.reduce((least, lot) => (lot < least ? lot : least)), jitter };
  };
}

/** The entries by lot, then receipt, each with its `lot`. */
export function rank(entries, drawSeed, progress = () => {}) {
  const lotOf = lotReader(drawSeed);
  const ranked = entries.map((entry, at) => {
    progress(at, entries.length);
    return { entry, lot: lotOf(entry.receipt, entry.weight).lot, amount: 0n, reserve: null, slot: null, before: 0 };
  });
  const first = (left, right) => left < right ? -1 : 1;
  return ranked.sort((left, right) =>
    left.lot === right.lot ? first(left.entry.receipt, right.entry.receipt) : first(left.lot, right.lot));
}
