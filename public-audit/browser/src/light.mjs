// The light check of one entry, without the pool (SPEC §12).

import { toHex, utf8, fromHex } from "./bytes.mjs";
import { inTree, readCheckpoint } from "./checkpoint.mjs";
import { EntryReader } from "./entry.mjs";
import { LONGEST_EVENT, LONGEST_PATH, readJournalLine, readPath } from "./events.mjs";
import { excerpt, instantText, number, slug } from "./grammar.mjs";
import { Lines } from "./lines.mjs";
import { lotReader } from "./lot.mjs";
import { leafHash, pathLeads } from "./merkle.mjs";
import { need } from "./refusal.mjs";
import { runSteps } from "./report.mjs";
import { readResultLine } from "./result.mjs";
import { chanceOf } from "./rules-check.mjs";
import { seedSteps } from "./steps/draw.mjs";
import { checkCheckpoint } from "./steps/journal.mjs";
import { sealSteps } from "./steps/seal.mjs";

export const LIGHT_FILES = ["rules.json", "seal.txt", "seed-input.txt", "checkpoint.txt"];
const LONGEST_LINE = 64 + LONGEST_PATH * 65 + LONGEST_EVENT;

/** `{ round, pool, result, journal }`; the last two are missing before the draw is published. */
function readPaths(bytes) {
  const [first, round, pool, result, journal, ...more] = new Lines(bytes, "the proof", { most: 5, longest: LONGEST_LINE });
  need(first === "jebi-paths-1" && pool !== undefined && more.length === 0, "the proof is of another format");
  need((result === undefined) === (journal === undefined), "the proof has four lines");
  const found = { round: slug(round, "the round"), pool: readPlace(pool, "pool") };
  if (result === undefined) return found;
  need(journal.startsWith("journal "), "the last line is not of the journal");
  return { ...found, result: readPlace(result, "result"), journal: readJournalLine(journal.slice("journal ".length)) };
}

/** A line, and where in which tree it is. */
function readPlace(text, label) {
  const [, index, count, path, line] = new RegExp(`^${label} ([^ ]+) ([^ ]+) ([^ ]+) (.+)$`).exec(text) ?? [];
  need(line, () => `not a line of ${label}: ${excerpt(text)}`);
  return { index: number(index, "an index"), count: number(count, "a count"), path: readPath(path), line };
}

function checkPlace({ index, count, path, line }, entries, root) {
  need(count === entries, `of ${count} lines, where ${entries} entries were sealed`);
  need(pathLeads(leafHash(utf8(line)), index, count, path, fromHex(root)), "the path does not lead to the root");
}

const afterDraw = ({ paths }) => (paths && !paths.result ? "not-drawn" : null);

const STEPS = [
  {
    name: "paths-form",
    files: ["paths"],
    run(record) {
      record.paths = readPaths(record.files.get("paths"));
      return ["pass", { receipt: record.receipt }];
    },
  },
  ...sealSteps,
  {
    name: "my-line",
    needs: ["paths-form", "rules-form", "seal-form"],
    run(record) {
      const { paths, rules, seal, receipt } = record;
      need(paths.round === rules.round, "the proof is of another round");
      const entry = new EntryReader(rules).read(paths.pool.line);
      need(entry.receipt === receipt, "the proof is of another receipt");
      checkPlace(paths.pool, seal.entries, seal.root);
      record.entry = entry;
      return ["pass", { line: paths.pool.index + 1n, count: seal.entries }];
    },
  },
  ...[
    ...seedSteps,
    {
      name: "checkpoint-form",
      files: ["checkpoint.txt"],
      run(record) {
        record.checkpoint = readCheckpoint(record.files.get("checkpoint.txt"));
        return ["pass", { size: record.checkpoint.size }];
      },
    },
    {
      name: "checkpoint",
      needs: ["rules-form", "checkpoint-form"],
      run: ({ rules, checkpoint }) => checkCheckpoint(rules, checkpoint),
    },
    {
      name: "my-event",
      needs: ["paths-form", "rules-form", "seed-form", "checkpoint-form"],
      run({ paths: { journal }, rules, seed, checkpoint }) {
        need(journal.event.kind === "drawn" && journal.event.round === rules.round, "not the draw of this round");
        need(journal.event.seed === seed.drawSeed, "the draw was made from another seed");
        need(journal.event.at >= rules.times.pulse_at, "drawn before the pulse");
        need(inTree(journal, checkpoint), "the path does not lead to the root");
        return ["pass", { at: instantText(journal.event.at) }];
      },
    },
    {
      name: "my-result",
      needs: ["my-line", "my-event"],
      run(record) {
        const { result, journal } = record.paths;
        const rank = result.index + 1n;
        record.place = { rank, ...readResultLine(result.line, rank) };
        need(record.place.receipt === record.receipt, "the result is of another receipt");
        checkPlace(result, record.seal.entries, journal.event.root);
        return ["pass", { rank }];
      },
    },
  ].map((step) => ({ ...step, skip: afterDraw })),
];

/**
 * Checks `files`, a Map with LIGHT_FILES and `paths`, for a receipt. Returns `{ checks, mine, chance }`; `mine` is
 * there if the draw is published and nothing failed, `chance` if the rules could be read.
 */
export function lightCheck(files, receipt, tell = {}) {
  const record = { files, receipt };
  const checks = runSteps(STEPS, record, tell.check);
  const mine = checks.every(({ status }) => status === "PASS") ? mineOf(record) : null;
  return { checks, mine, chance: record.rules && chanceOf(record.rules) };
}

function mineOf({ entry, place, seal, seed }) {
  const { key, lots, lot, jitter } = lotReader(seed.drawSeed)(entry.receipt, entry.weight);
  return { ...place, count: seal.entries, key: toHex(key), lots, lot, jitter };
}
