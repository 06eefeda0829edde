// pool.txt (SPEC §3): all entries, sorted by receipt, none twice.

import { EntryReader } from "./entry.mjs";
import { Lines } from "./lines.mjs";
import { need, Refusal } from "./refusal.mjs";
import { cohortFinder, cohortsOf } from "./matching.mjs";

const MOST_LINES = 2 ** 32 - 2;
const LONGEST_LINE = 2048;

export function readPool(bytes, rules, progress = () => {}) {
  const lines = new Lines(bytes, "pool.txt", { most: MOST_LINES, longest: LONGEST_LINE });
  const reader = new EntryReader(rules);
  const entries = [];
  for (let line = 0; line < lines.count; line++) {
    entries.push(readLine(reader, lines, line, entries.at(-1)));
    progress(line, lines.count);
  }
  return { lines, entries, cells: [...reader.cells.values()] };
}

function readLine(reader, lines, line, before) {
  try {
    const entry = reader.read(lines.text(line));
    need(!before || before.receipt < entry.receipt, "not after the receipt before it");
    return entry;
  } catch (error) {
    if (error instanceof Refusal) error.message = `pool.txt, line ${line + 1}: ${error.message}`;
    throw error;
  }
}

/** If there is more than one cell, each has at least as many entries as the rules say. */
export function checkCells({ cells }, rules) {
  const smallest = cells.reduce((least, cell) => Math.min(least, cell.count), Infinity);
  need(cells.length < 2 || smallest >= rules.smallestCell, `a cell has ${smallest} entries, fewer than ${rules.smallestCell}`);
  return { cells: cells.length, smallest };
}

/** In share and everyone each entry is in a cohort, and each cohort can seat its entries (SPEC §5). */
export function checkCapacity({ entries }, rules) {
  const cohorts = cohortsOf(rules);
  const cohortOf = cohortFinder(cohorts);
  const seats = new Map();
  for (const entry of entries) {
    const cohort = cohortOf(entry);
    need(cohort, () => `${entry.receipt} is in no cohort`);
    seats.set(cohort, (seats.get(cohort) ?? 0) + entry.seats);
  }
  for (const [cohort, taken] of seats) {
    const capacity = cohort.slots.reduce((sum, slot) => sum + slot.capacity, 0);
    need(taken <= capacity, () => `the cohort of slot ${cohort.slots[0].name} seats ${capacity}, not ${taken}`);
  }
}
