// manifest.txt (SPEC §11), and the names of a record's files.

import { hex32 } from "./grammar.mjs";
import { Lines } from "./lines.mjs";
import { need, Refusal, TooLarge } from "./refusal.mjs";

export const FILES = [
  "rules.json", "pool.txt", "seal.txt", "seed-input.txt", "pulse.json", "result.txt", "batches.txt", "journal.txt",
  "checkpoint.txt", "manifest.txt",
];

/** What grows after the draw, and is in no manifest. All of them or none. */
export const AFTER_FILES = ["offers.txt", "after-journal.txt", "after-checkpoint.txt"];

const FILE_NAME = /^[a-z0-9_-][a-z0-9._-]{0,63}$/;
const MOST_LINES = 1000;
const LONGEST_LINE = 64 + 2 + 64;
export const LARGEST_MANIFEST = MOST_LINES * (LONGEST_LINE + 1);
const LARGEST_RECORD = 512 * 1024 * 1024;
const LARGEST_FILE = 256 * 1024 * 1024;

/** Refuses, before anything is read, what would fill the memory of a phone. Sizes are by name. */
export function checkSizes(sizes) {
  let total = 0;
  for (const [name, size] of sizes) {
    total += size;
    if (size > LARGEST_FILE) throw new TooLarge(`${name} is larger than 256 MiB`);
  }
  if (total > LARGEST_RECORD) throw new TooLarge("the record is larger than 512 MiB");
}

/** A Map from name to digest, of every file that is listed. */
export function readManifest(bytes) {
  const lines = new Lines(bytes, "manifest.txt", { most: MOST_LINES, longest: LONGEST_LINE });
  const listed = new Map();
  let before = "";
  for (const line of lines) {
    const name = line.slice(66);
    need(line.slice(64, 66) === "  " && FILE_NAME.test(name), `manifest.txt, line ${listed.size + 1}: malformed`);
    need(name !== "manifest.txt" && name > before, `manifest.txt, line ${listed.size + 1}: not sorted, or a name that cannot be there`);
    listed.set(name, hex32(line.slice(0, 64), `the digest of ${name}`));
    before = name;
  }
  return listed;
}

/** The names of all files that a verification looks at: the record's own, and what its manifest lists. */
export function namesToRead(manifest) {
  const own = [...FILES, ...AFTER_FILES];
  if (!manifest || manifest.length > LARGEST_MANIFEST) return own;
  try {
    return [...new Set([...own, ...readManifest(manifest).keys()])];
  } catch (error) {
    // That it is malformed is for the check to say.
    if (error instanceof Refusal) return own;
    throw error;
  }
}
