// The audit path of RFC 6962 §2.1.1, by the letter of its recursion: to check what merkle.mjs does otherwise.

import { sha256 } from "../../src/sha256.mjs";

const split = (hashes) => 2 ** Math.floor(Math.log2(hashes.length - 1));

export function recursiveRoot(hashes) {
  if (hashes.length === 0) return sha256();
  if (hashes.length === 1) return hashes[0];
  const half = split(hashes);
  return sha256(Uint8Array.of(1), recursiveRoot(hashes.slice(0, half)), recursiveRoot(hashes.slice(half)));
}

/** Nearest sibling first. */
export function auditPath(hashes, index) {
  if (hashes.length < 2) return [];
  const half = split(hashes);
  return index < half
    ? [...auditPath(hashes.slice(0, half), index), recursiveRoot(hashes.slice(half))]
    : [...auditPath(hashes.slice(half), index - half), recursiveRoot(hashes.slice(0, half))];
}
