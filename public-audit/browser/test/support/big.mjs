// Writes a large record, to see how long a verification takes: node big.mjs DIR ENTRIES

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { makeLines, makeRecord, makeRules } from "./make.mjs";

/** Of rules with room for all, so that the share level has to be found and no check fails. */
export function bigRecord(count) {
  const { goods, slots } = makeRules();
  const rules = makeRules("share", {
    goods: { ...goods, budget: count * 150_000 },
    slots: slots.map((slot) => ({ ...slot, capacity: count })),
  });
  return makeRecord({ rules, lines: makeLines(count) });
}

export function writeRecord(files, dir) {
  mkdirSync(dir, { recursive: true });
  for (const [name, bytes] of files) writeFileSync(join(dir, name), bytes);
}

if (process.argv[1] === fileURLToPath(import.meta.url) && process.argv.length === 4) {
  writeRecord(bigRecord(Number(process.argv[3])), process.argv[2]);
}
