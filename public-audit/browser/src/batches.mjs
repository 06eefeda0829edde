// batches.txt: the changes of the pool-to-be as leaf hashes, while a round is open.

import { toHex } from "./bytes.mjs";
import { hex32, number } from "./grammar.mjs";
import { Lines } from "./lines.mjs";
import { need } from "./refusal.mjs";
import { Sha256 } from "./sha256.mjs";

const LONGEST_LINE = 66;
const MOST_CHANGES = 1_000_000;
const LF = Uint8Array.of(10);

/** `[{ number, added, removed, changes, digest }]`, hashes as hex. */
export function readBatches(bytes) {
  const lines = new Lines(bytes, "batches.txt", { longest: LONGEST_LINE });
  const batches = [];
  let batch = null;
  const end = () => {
    if (batch) batches.push(finished(batch));
  };
  for (let line = 0; line < lines.count; line++) {
    const text = lines.text(line);
    if (text.startsWith("batch ")) {
      end();
      batch = { number: number(text.slice(6), "a batch's number", 1n), added: [], removed: [], hash: new Sha256() };
    } else {
      need(batch, "batches.txt does not begin with a batch");
      readChange(batch, text);
    }
    batch.hash.update(lines.bytes(line)).update(LF);
  }
  end();
  return batches;
}

function readChange(batch, text) {
  const where = `batches.txt, batch ${batch.number}`;
  need(text.startsWith("+ ") || text.startsWith("- "), `${where}: neither + nor -`);
  need(text[0] === "-" || batch.removed.length === 0, `${where}: a + after a -`);
  const group = text[0] === "+" ? batch.added : batch.removed;
  const hash = hex32(text.slice(2), `${where}: a change`);
  need(group.length === 0 || group.at(-1) < hash, `${where}: not sorted`);
  group.push(hash);
}

function finished({ number, added, removed, hash }) {
  const changes = added.length + removed.length;
  const once = new Set(added);
  need(changes > 0, `batches.txt, batch ${number}: empty`);
  need(changes <= MOST_CHANGES, `batches.txt, batch ${number}: more than ${MOST_CHANGES} changes`);
  need(!removed.some((one) => once.has(one)), `batches.txt, batch ${number}: a hash twice`);
  return { number, added, removed, changes: BigInt(changes), digest: toHex(hash.digest()) };
}

/** That each batch has its number and is the one its event names, and that all together are the pool. */
export function checkFold(batches, entered, leafHashes) {
  need(batches.length === entered.length, `${batches.length} batches, and ${entered.length} events of batches`);
  const pool = new Set();
  batches.forEach((batch, at) => {
    const event = entered[at];
    need(batch.number === BigInt(at + 1), `batch ${batch.number} is where batch ${at + 1} should be`);
    const named = event.batch === batch.number && event.digest === batch.digest && event.changes === batch.changes;
    need(named, `batch ${batch.number} is not the one that its event names`);
    for (const hash of batch.added) need(pool.size < pool.add(hash).size, `batch ${batch.number} adds what is there`);
    for (const hash of batch.removed) need(pool.delete(hash), `batch ${batch.number} takes away what is not there`);
  });
  const count = leafHashes.length / 32;
  need(pool.size === count, `the batches leave ${pool.size} entries, the pool has ${count}`);
  for (let at = 0; at < count; at++) {
    const hash = toHex(leafHashes.subarray(32 * at, 32 * at + 32));
    need(pool.has(hash), `line ${at + 1} of the pool is in no batch`);
  }
}
