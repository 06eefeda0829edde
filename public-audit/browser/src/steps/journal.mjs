import { toHex } from "../bytes.mjs";
import { checkFold, readBatches } from "../batches.mjs";
import { inTree, readCheckpoint } from "../checkpoint.mjs";
import { LONGEST_EVENT, LONGEST_PATH, readJournalLine } from "../events.mjs";
import { checkHistory } from "../history.mjs";
import { Lines } from "../lines.mjs";
import { leafHashes, root } from "../merkle.mjs";
import { checkSigned } from "../note.mjs";
import { need } from "../refusal.mjs";
import { sha256Hex } from "../sha256.mjs";

export const LONGEST_LINE = 16 + 1 + LONGEST_PATH * 65 + LONGEST_EVENT;
const MOST_EVENTS = 1_000_000;

export const journalSteps = [
  {
    name: "journal-form",
    files: ["journal.txt", "batches.txt", "checkpoint.txt"],
    run(record) {
      const lines = new Lines(record.files.get("journal.txt"), "journal.txt", { most: MOST_EVENTS, longest: LONGEST_LINE });
      record.journal = Array.from(lines, readJournalLine);
      const ascending = record.journal.every(({ index }, at) => at === 0 || record.journal[at - 1].index < index);
      need(ascending, "the indices of journal.txt do not ascend");
      record.batches = readBatches(record.files.get("batches.txt"));
      record.checkpoint = readCheckpoint(record.files.get("checkpoint.txt"));
      const changes = record.batches.reduce((sum, batch) => sum + batch.changes, 0n);
      return ["pass", { events: record.journal.length, changes, batches: record.batches.length }];
    },
  },
  {
    name: "checkpoint",
    needs: ["rules-form", "journal-form"],
    run: ({ rules, checkpoint }) => checkCheckpoint(rules, checkpoint),
  },
  {
    name: "journal-paths",
    needs: ["journal-form"],
    run({ journal, checkpoint }) {
      for (const line of journal) need(inTree(line, checkpoint), `the event at ${line.index} is not in the tree`);
      return ["pass"];
    },
  },
  {
    name: "journal-events",
    needs: ["rules-form", "seal-form", "seed-form", "result-form", "journal-form"],
    run(record) {
      record.entered = checkHistory(record.journal, {
        ...record,
        sealDigest: sha256Hex(record.files.get("seal.txt")),
        resultDigest: sha256Hex(record.files.get("result.txt")),
        resultRoot: toHex(root(leafHashes(record.resultLines))),
      });
      return ["pass"];
    },
  },
  {
    name: "journal-pool",
    needs: ["pool-form", "journal-events"],
    run({ batches, entered, pool, leaves = leafHashes(pool.lines) }) {
      checkFold(batches, entered, leaves);
      return ["pass", { batches: batches.length }];
    },
  },
];

/** Also a step of the light check, which has no journal but its one line. */
export function checkCheckpoint(rules, checkpoint) {
  checkSigned(checkpoint.note, rules.signingKey);
  need(checkpoint.origin === rules.signingKey.name, "the checkpoint is of another log");
  return ["pass", { name: checkpoint.origin, size: checkpoint.size, root: toHex(checkpoint.root) }];
}
