// Matches and cohorts (SPEC §5).

import { compare, value } from "./grammar.mjs";
import { array, string } from "./json.mjs";
import { need } from "./refusal.mjs";

export const KNOWN_FIELDS = ["seats", "want", "weight", "wish"];

/** A Map from field to the Set of values that match. */
export function readMatch(found, fields) {
  need(found instanceof Map, "a match is not an object");
  const match = new Map();
  for (const [field, values] of found) {
    need(fields.includes(field) && !KNOWN_FIELDS.includes(field), "a match is over a field that is none of the entry's others");
    const read = array(values, "a match", 1, 1000).map((one) => value(string(one, "a match"), "a match"));
    need(read.every((one, at) => at === 0 || compare(read[at - 1], one) < 0), "the values of a match are not sorted and different");
    match.set(field, new Set(read));
  }
  return match;
}

/** Whether for each field of the match the value is among its values. */
export function matches(values, match) {
  for (const [field, among] of match) if (!among.has(values.get(field))) return false;
  return true;
}

/** A text that is the same for matches which are equal as sets. */
export const sameCohort = (match) => JSON.stringify([...match].map(([field, among]) => [field, ...among]).sort());

/** The cohorts in the order of their first slot: `{ match, slots }`, slots by start, then as in the rules. */
export function cohortsOf({ slots }) {
  const cohorts = new Map();
  for (const slot of slots) {
    const same = sameCohort(slot.cohort);
    if (!cohorts.has(same)) cohorts.set(same, { match: slot.cohort, slots: [] });
    cohorts.get(same).slots.push(slot);
  }
  for (const cohort of cohorts.values()) cohort.slots.sort((left, right) => left.startsAt - right.startsAt);
  return [...cohorts.values()];
}

/** A function from an entry to its cohort, or undefined. Entries of a cell share one, so each cell is asked once. */
export function cohortFinder(cohorts) {
  const known = new Map();
  return ({ cell }) => {
    if (!known.has(cell)) known.set(cell, cohorts.find((cohort) => matches(cell.values, cohort.match)));
    return known.get(cell);
  };
}
