// result.txt (SPEC §10).

import { startOf } from "./draw.mjs";
import { instant, instantText, number, receipt, value } from "./grammar.mjs";
import { need } from "./refusal.mjs";

export function resultLine(place, rank) {
  const begin = `${rank} ${place.entry.receipt}`;
  if (!place.slot) return `${begin} waitlisted - - -`;
  return `${begin} assigned ${place.slot.name} ${instantText(startOf(place))} ${place.amount}`;
}

export const resultText = (ranked) => ranked.map((place, at) => `${resultLine(place, at + 1)}\n`).join("");

/** `{ receipt, slot, start, amount }` of the line of this rank; the last three are missing if waitlisted. */
export function readResultLine(line, rank) {
  const words = line.split(" ");
  need(words.length === 6, "not six words");
  need(words[0] === String(rank), `not rank ${rank}`);
  const found = { receipt: receipt(words[1], "the second word") };
  if (words.slice(2).join(" ") === "waitlisted - - -") return found;
  need(words[2] === "assigned", "neither assigned nor waitlisted");
  found.slot = value(words[3], "the slot");
  found.start = instant(words[4], "the start");
  found.amount = number(words[5], "the amount");
  return found;
}
