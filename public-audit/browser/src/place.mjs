// When (SPEC §9): a slot for each who is taken.

import { cohortFinder, cohortsOf } from "./matching.mjs";

const MOST_SEATS = 100;

/** Gives each place of the ranking that has an amount its `slot`, and how many seats were placed `before`. */
export function placeAll(ranked, rules) {
  fill(ranked.filter((place) => place.amount > 0n), cohortFinder(cohortsOf(rules)));
}

/** The same for those of `taken`, in rank order. Returns whom a slot was found for. */
export function fill(taken, cohortOf) {
  const seats = new Map();
  for (const { entry } of taken) {
    const cohort = cohortOf(entry);
    seats.set(cohort, (seats.get(cohort) ?? 0) + entry.seats);
  }
  // Of cohorts from which nobody comes there are none: rules may name thousands.
  const rooms = new Map([...seats].filter(([cohort]) => cohort).map(([cohort, all]) => [cohort, new Rooms(cohort.slots, all)]));
  return taken.filter((place) => {
    const found = rooms.get(cohortOf(place.entry))?.find(place.entry);
    if (!found) return false;
    place.slot = found;
    place.before = found.filled;
    found.filled += place.entry.seats;
    return true;
  });
}

/** The slots of one cohort, while they fill. */
class Rooms {
  #byPart = new Map();

  constructor(slots, demand) {
    const targets = targetsOf(slots.map((slot) => slot.capacity), demand);
    slots.forEach((slot, at) => {
      if (!this.#byPart.has(slot.part)) this.#byPart.set(slot.part, { slots: [], skip: new Map() });
      this.#byPart.get(slot.part).slots.push({ ...slot, target: targets[at], filled: 0 });
    });
  }

  find({ walk, seats }) {
    for (const limit of ["target", "capacity"]) {
      for (const name of walk.parts) {
        const found = this.#byPart.has(name) && firstWithRoom(this.#byPart.get(name), seats, limit);
        if (found) return found;
      }
    }
    return null;
  }
}

/** A slot without room for so many seats never has it again: the search goes on where it last ended. */
function firstWithRoom({ slots, skip }, seats, limit) {
  const key = limit === "target" ? seats : MOST_SEATS + seats;
  let at = skip.get(key) ?? 0;
  while (at < slots.length && slots[at].filled + seats > slots[at][limit]) at++;
  skip.set(key, at);
  return slots[at];
}

/** The level targets: the demand in proportion to the capacities, the largest remainders rounded up. */
export function targetsOf(capacities, demand) {
  const all = capacities.reduce((sum, capacity) => sum + capacity, 0);
  const seated = Math.min(all, demand);
  if (seated === 0) return capacities.map(() => 0);
  const shares = capacities.map((capacity, at) => {
    const product = BigInt(capacity) * BigInt(seated);
    return { at, target: Number(product / BigInt(all)), rest: product % BigInt(all) };
  });
  const missing = seated - shares.reduce((sum, { target }) => sum + target, 0);
  const largest = [...shares].sort((left, right) => (left.rest === right.rest ? left.at - right.at : left.rest > right.rest ? -1 : 1));
  for (const one of largest.slice(0, missing)) one.target++;
  return shares.map(({ target }) => target);
}
