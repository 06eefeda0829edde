// Who, and how much (SPEC §8). Each function gives every place of the ranking its amount.
// Sums of amounts go beyond what a float holds; they are BigInts.

import { matches } from "./matching.mjs";

/** `{ level, places }`: the level of a share, the places that a lottery left in each reserve; else null. */
export function giveAmounts(ranked, rules) {
  if (rules.mode === "share") return { level: share(ranked, rules.goods), places: null };
  if (rules.mode === "lottery") return { level: null, places: lottery(ranked, rules) };
  for (const place of ranked) place.amount = amountForEverybody(place.entry, rules.funds);
  return { level: null, places: null };
}

/** What is wanted, or, where there are funds, what they pay. It may be nothing. */
export function amountForEverybody({ want, seats, cell }, funds) {
  if (funds.length === 0) return want;
  return funds.reduce((sum, fund) => sum + paid(fund, seats, cell), 0n);
}

const paid = ({ match, perSeat }, seats, cell) => (matches(cell.values, match) ? perSeat * BigInt(seats) : 0n);

/** What each fund is to pay: `[{ name, budget, sum }]`. */
export const claimsOn = (funds, entries) =>
  funds.map((fund) => ({ ...fund, sum: entries.reduce((sum, { seats, cell }) => sum + paid(fund, seats, cell), 0n) }));

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
  const places = reserves.map((reserve) => reserve.places);
  let budget = goods.budget;
  walkReserves(ranked, reserves, places, {
    may: (place) => place.amount === 0n && place.entry.want <= budget,
    take(place, reserve) {
      place.amount = place.entry.want;
      place.reserve = reserve;
      budget -= place.amount;
    },
  });
  return places;
}

/** The walks of a lottery, once for each reserve. `places` are those of each reserve, and are what is left then. */
export function walkReserves(ranked, reserves, places, { may, take }) {
  reserves.forEach(({ match, spill }, reserve) => {
    const cells = new Map();
    const inside = (cell) => cells.get(cell) ?? cells.set(cell, matches(cell.values, match)).get(cell);
    for (const place of ranked) {
      const seats = BigInt(place.entry.seats);
      if (seats <= places[reserve] && may(place) && inside(place.entry.cell)) {
        take(place, reserve);
        places[reserve] -= seats;
      }
    }
    if (spill === null) return;
    places[reserves.findIndex(({ name }) => name === spill)] += places[reserve];
    places[reserve] = 0n;
  });
}
