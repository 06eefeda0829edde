// Who, and how much (SPEC §8). Each function gives every place of the ranking its amount.
// Sums of amounts go beyond what a float holds; they are BigInts.

import { matches } from "./matching.mjs";

export function giveAmounts(ranked, rules) {
  if (rules.mode === "everyone") for (const place of ranked) place.amount = place.entry.want;
  if (rules.mode === "lottery") lottery(ranked, rules);
  return rules.mode === "share" ? share(ranked, rules.goods) : null;
}

const smaller = (left, right) => (left < right ? left : right);

/** Returns the level. */
function share(ranked, { unit, budget }) {
  const top = level(ranked, unit, budget);
  let left = budget;
  for (const place of ranked) {
    place.amount = smaller(place.entry.want, top);
    left -= place.amount;
  }
  for (const place of ranked) {
    if (left < unit) break;
    if (place.entry.want > place.amount) {
      place.amount += unit;
      left -= unit;
    }
  }
  return top;
}

/** The largest multiple of the unit, at most the largest want, that the budget allows for all. */
function level(ranked, unit, budget) {
  const wants = new Map();
  for (const { entry } of ranked) wants.set(entry.want, (wants.get(entry.want) ?? 0n) + 1n);
  const sum = (most) => [...wants].reduce((total, [want, count]) => total + smaller(want, most) * count, 0n);
  let fits = 0n, above = [...wants.keys()].reduce((largest, want) => (want > largest ? want : largest), 0n) / unit + 1n;
  while (above - fits > 1n) {
    const middle = (fits + above) / 2n;
    if (sum(middle * unit) <= budget) fits = middle;
    else above = middle;
  }
  return fits * unit;
}

function lottery(ranked, { reserves, goods }) {
  const places = new Map(reserves.map((reserve) => [reserve.name, reserve.places]));
  let budget = goods.budget;
  for (const reserve of reserves) {
    const cells = new Map();
    const inside = (cell) => cells.get(cell) ?? cells.set(cell, matches(cell.values, reserve.match)).get(cell);
    let left = places.get(reserve.name);
    for (const place of ranked) {
      const { seats, want, cell } = place.entry;
      if (place.amount === 0n && BigInt(seats) <= left && want <= budget && inside(cell)) {
        place.amount = want;
        left -= BigInt(seats);
        budget -= want;
      }
    }
    if (reserve.spill !== null) places.set(reserve.spill, places.get(reserve.spill) + left);
  }
}
