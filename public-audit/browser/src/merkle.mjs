// RFC 6962 §2.1 and RFC 9162 §2.1.3.2: roots, and the path from one leaf to the root.

import { equal } from "./bytes.mjs";
import { Sha256 } from "./sha256.mjs";

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

export const leafHash = (line) => new Sha256().update(LEAF).update(line).digest();

/** The leaf hashes of lines, one after another in one block. */
export function leafHashes(lines, progress = () => {}) {
  const hashes = new Uint8Array(32 * lines.count);
  for (let line = 0; line < lines.count; line++) {
    new Sha256().update(LEAF).update(lines.bytes(line)).digest(hashes, 32 * line);
    progress(line, lines.count);
  }
  return hashes;
}

/**
 * The root over leaf hashes. Level by level, where a last one without a neighbour goes up as it is:
 * that splits at the largest power of two, as the RFC's recursion does.
 */
export function root(hashes) {
  let count = hashes.length / 32;
  if (count === 0) return new Sha256().digest();
  const level = hashes.slice();
  while (count > 1) {
    const pairs = count >> 1;
    for (let pair = 0; pair < pairs; pair++) {
      new Sha256().update(NODE).update(level.subarray(64 * pair, 64 * pair + 64)).digest(level, 32 * pair);
    }
    if (count % 2 === 1) level.copyWithin(32 * pairs, 32 * (count - 1), 32 * count);
    count = pairs + (count % 2);
  }
  return level.slice(0, 32);
}

/** Whether `path`, nearest sibling first, leads from the leaf at `index` of `count` to `expected`. Both are BigInts. */
export function pathLeads(leaf, index, count, path, expected) {
  if (index >= count) return false;
  let hash = leaf, at = index, last = count - 1n;
  const node = (left, right) => new Sha256().update(NODE).update(left).update(right).digest();
  for (const sibling of path) {
    if (last === 0n) return false;
    if (at % 2n === 1n || at === last) {
      hash = node(sibling, hash);
      while (at % 2n === 0n && at !== 0n) {
        at >>= 1n;
        last >>= 1n;
      }
    } else {
      hash = node(hash, sibling);
    }
    at >>= 1n;
    last >>= 1n;
  }
  return last === 0n && equal(hash, expected);
}
