// What happens after a draw (SPEC §14): who catches up, and to whom is offered what became free.

import { amountForEverybody, walkReserves } from "./amounts.mjs";
import { partOf } from "./draw.mjs";
import { later } from "./grammar.mjs";
import { cohortFinder, cohortsOf, sameCohort } from "./matching.mjs";
import { fill } from "./place.mjs";
import { need } from "./refusal.mjs";

/** What may be said about an entry, and in which states. */
const FACTS = { missed: ["placed"], returned: ["placed"], ineligible: ["placed", "waitlisted"] };

export const isFact = (kind) => Object.hasOwn(FACTS, kind);

export class Course {
  #rules;
  #level;
  /** All slots by name, each with the seats that are placed in it now. They are moved by shifts. */
  #slots = new Map();
  /** In rank order: `{ entry, state, slot, start, until, amount, reserve, caughtUp }`. */
  #ranked;
  #byReceipt;
  #cohorts;
  #cohortOf;
  /** The places of each reserve that nobody has. */
  #places;
  #offers = 0;

  constructor(rules, { ranked, level, places }) {
    this.#rules = rules;
    this.#level = level;
    this.#places = places ? [...places] : [];
    this.#cohorts = cohortsOf(rules);
    this.#cohortOf = cohortFinder(this.#cohorts);
    const cohorts = new Map(this.#cohorts.map((cohort) => [sameCohort(cohort.match), cohort]));
    const add = (slot, extra) => this.#slots.set(slot.name, { ...slot, of: cohorts.get(sameCohort(slot.cohort)), seats: 0, extra });
    rules.slots.forEach((slot) => add(slot, false));
    rules.after?.catchUp.forEach((slot) => add(slot, true));
    this.#ranked = ranked.map((place) => this.#afterDraw(place));
    this.#byReceipt = new Map(this.#ranked.map((place) => [place.entry.receipt, place]));
  }

  #afterDraw({ entry, slot, before, amount, reserve }) {
    const place = { entry, state: "waitlisted", slot: null, start: 0, until: 0, amount: 0n, reserve: null, caughtUp: false };
    if (slot) this.#settle(place, slot.name, before, slot.filled, amount, reserve);
    else if (reserve !== null) this.#places[reserve] += BigInt(entry.seats);
    return place;
  }

  /** Into a slot, of which `before` of `all` seats that are filled now come first. */
  #settle(place, name, before, all, amount, reserve) {
    const slot = this.#slots.get(name);
    const start = later(slot.startsAt, partOf(slot.seconds, before, all));
    slot.seats += place.entry.seats;
    Object.assign(place, { state: "placed", slot, start, until: later(start, this.#rules.graceSeconds), amount, reserve });
  }

  /** Out of its slot; amount and reserve stay until it has another. */
  #leave(place) {
    place.slot.seats -= place.entry.seats;
    place.slot = null;
  }

  #end(place) {
    if (place.slot) this.#leave(place);
    if (place.reserve !== null) this.#places[place.reserve] += BigInt(place.entry.seats);
    Object.assign(place, { state: "ended", amount: 0n, reserve: null });
  }

  /** Everybody, in rank order. */
  get places() {
    return this.#ranked;
  }

  /** What is known of an entry now. */
  place(receipt) {
    return this.#byReceipt.get(receipt);
  }

  /** Time stood still at `from`, for so long. */
  shift(from, seconds) {
    for (const slot of this.#slots.values()) if (slot.startsAt >= from) slot.startsAt = later(slot.startsAt, seconds);
    for (const place of this.#ranked) {
      if (place.state !== "placed") continue;
      if (place.start >= from) place.start = later(place.start, seconds);
      else if (place.until <= from) continue;
      place.until = later(place.until, seconds);
    }
  }

  /** Whoever could come at some time from `from` to `until` is waited for longer; nobody starts at another time. */
  extend(from, until, seconds) {
    for (const place of this.#ranked) {
      if (place.state !== "placed" || place.start > until || place.until <= from) continue;
      place.until = later(place.until, seconds);
    }
  }

  /** The next offer: from facts `[{ receipt, kind }]` the moves `[{ receipt, kind, slot, start, amount }]`. */
  offer(facts) {
    const { offersAt = [], leadSeconds } = this.#rules.after ?? {};
    need(this.#offers < offersAt.length, `there is no time for offer ${this.#offers + 1}`);
    const at = offersAt[this.#offers++];
    const said = new Map(facts.map((fact) => [this.#subject(fact, at), fact.kind]));
    const about = this.#ranked.filter((place) => said.has(place));
    const missed = about.filter((place) => said.get(place) === "missed");
    const open = [...this.#slots.values()].filter((slot) => slot.startsAt >= later(at, leadSeconds));
    const moves = missed.filter(({ caughtUp }) => caughtUp).map((place) => lapsed(place));
    const again = missed.filter(({ caughtUp }) => !caughtUp);
    for (const place of about) if (said.get(place) !== "missed" || place.caughtUp) this.#end(place);
    moves.push(...this.#catchUp(again, open.filter((slot) => slot.extra)));
    moves.push(...this.#moveUp(this.#reached(open), open));
    return moves;
  }

  #subject({ receipt, kind }, at) {
    const place = this.#byReceipt.get(receipt);
    need(place, () => `${receipt} is not in the pool`);
    need(FACTS[kind].includes(place.state), () => `${receipt} is ${place.state}: ${kind} cannot be said of it`);
    need(kind !== "missed" || place.until <= at, () => `${receipt} is still held when it is said to be missed`);
    return place;
  }

  #catchUp(again, open) {
    for (const place of again) this.#leave(place);
    const found = this.#fill(again, open);
    return again.map((place) => {
      if (!found.has(place)) {
        this.#end(place);
        return lapsed(place);
      }
      this.#settleFilled(place, found.get(place), place.amount, place.reserve);
      place.caughtUp = true;
      return moved("caught_up", place);
    });
  }

  /** Step 3: the waitlisted whom money, places and room reach, in rank order, with an amount and a reserve. */
  #reached(open) {
    const { mode, goods, funds, reserves } = this.#rules;
    const waiting = this.#ranked.filter(({ state }) => state === "waitlisted");
    const reached = new Map();
    const room = new Room(this.#openCohorts(open));
    let money = this.#ranked.reduce((left, { amount }) => left - amount, goods.budget);
    const reach = (place, amount, reserve = null) => {
      reached.set(place, { amount, reserve });
      room.take(this.#cohortOf(place.entry), place.entry);
      money -= amount;
    };
    const fits = (place) => room.is(this.#cohortOf(place.entry), place.entry);
    if (mode === "lottery") {
      walkReserves(waiting, reserves, this.#places, {
        may: (place) => !reached.has(place) && place.entry.want <= money && fits(place),
        take: (place, reserve) => reach(place, place.entry.want, reserve),
      });
      return reached;
    }
    for (const place of waiting) {
      if (!fits(place)) continue;
      const amount = mode === "everyone" ? amountForEverybody(place.entry, funds) : this.#shareOf(place.entry);
      if (amount > 0n && (mode === "everyone" || amount <= money)) reach(place, amount);
    }
    return reached;
  }

  #shareOf({ want }) {
    const { unit } = this.#rules.goods;
    const most = this.#level > unit ? this.#level : unit;
    return want < most ? want : most;
  }

  #moveUp(reached, open) {
    const inOrder = this.#ranked.filter((place) => reached.has(place));
    const found = this.#fill(inOrder, open);
    return inOrder.flatMap((place) => {
      const { amount, reserve } = reached.get(place);
      if (!found.has(place)) {
        if (reserve !== null) this.#places[reserve] += BigInt(place.entry.seats);
        return [];
      }
      this.#settleFilled(place, found.get(place), amount, reserve);
      return [moved("assigned", place)];
    });
  }

  #settleFilled(place, { slot, before }, amount, reserve) {
    this.#settle(place, slot.name, before, slot.filled, amount, reserve);
  }

  /** A Map from those who found a slot to `{ slot, before }`. Nothing of them has changed yet. */
  #fill(places, open) {
    const cohorts = this.#openCohorts(open);
    const found = places.map((place) => ({ entry: place.entry, place, slot: null, before: 0 }));
    fill(found, (entry) => cohorts.get(this.#cohortOf(entry)));
    return new Map(found.filter(({ slot }) => slot).map((one) => [one.place, one]));
  }

  /** A Map from each cohort to itself with open slots only, by their starts as they are now, and what is left in them. */
  #openCohorts(open) {
    const cohorts = new Map(this.#cohorts.map((cohort) => [cohort, { match: cohort.match, slots: [] }]));
    for (const slot of open) cohorts.get(slot.of).slots.push({ ...slot, capacity: slot.capacity - slot.seats });
    for (const { slots } of cohorts.values()) slots.sort((one, other) => one.startsAt - other.startsAt);
    return cohorts;
  }
}

/** Whether the open slots of a cohort have room for one more, as if seats could be cut out of any of them. */
class Room {
  #left = new Map();

  constructor(cohorts) {
    for (const [cohort, { slots }] of cohorts) {
      const capacities = slots.map((slot) => slot.capacity);
      this.#left.set(cohort, { largest: Math.max(0, ...capacities), seats: capacities.reduce((sum, seats) => sum + seats, 0) });
    }
  }

  is(cohort, { seats }) {
    const left = this.#left.get(cohort);
    return left !== undefined && seats <= left.largest && seats <= left.seats;
  }

  take(cohort, { seats }) {
    this.#left.get(cohort).seats -= seats;
  }
}

const lapsed = ({ entry }) => ({ receipt: entry.receipt, kind: "lapsed" });

const moved = (kind, { entry, slot, start, amount }) => ({ receipt: entry.receipt, kind, slot: slot.name, start, amount });
