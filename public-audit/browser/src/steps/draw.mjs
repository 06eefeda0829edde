import { equal, utf8 } from "../bytes.mjs";
import { draw } from "../draw.mjs";
import { Lines } from "../lines.mjs";
import { checkPulse, readPulse } from "../pulse.mjs";
import { need, Refusal } from "../refusal.mjs";
import { readResultLine, resultText } from "../result.mjs";
import { chanceOf } from "../rules-check.mjs";
import { commitmentTo, readSeedInput, ZERO } from "../seed.mjs";

const LONGEST_RESULT = 256;

export const seedSteps = [
  {
    name: "seed-form",
    files: ["seed-input.txt"],
    run(record) {
      record.seed = readSeedInput(record.files.get("seed-input.txt"));
      return ["pass", { seed: record.seed.drawSeed }];
    },
  },
  {
    name: "seed-input",
    needs: ["rules-form", "seed-form", "seal-form"],
    run({ rules, rulesDigest, seed, seal, poolRoot = seal.root }) {
      need(seed.round === rules.round, "the seed is of another round");
      need(seed.rulesDigest === rulesDigest, "the seed is of other rules");
      need(seed.root === poolRoot, "the seed is of another pool");
      return ["pass"];
    },
  },
  {
    name: "commitment",
    needs: ["rules-form", "seed-form"],
    run({ rules, seed }) {
      if (seed.organiserSeed === ZERO) return ["zero"];
      need(commitmentTo(seed.organiserSeed) === rules.commitment, "the organiser seed is not the one committed to");
      return ["pass"];
    },
  },
];

export const drawSteps = [
  {
    name: "pulse-form",
    files: ["pulse.json"],
    run(record) {
      record.pulse = readPulse(record.files.get("pulse.json"));
      return ["pass", { pulse: record.pulse.value }];
    },
  },
  {
    name: "pulse",
    needs: ["rules-form", "seed-form", "pulse-form"],
    run({ rules, seed, pulse }) {
      checkPulse(pulse, rules);
      need(seed.pulse === pulse.value, "the seed was made with another pulse");
      const { round, source } = rules.beacon;
      return [chanceOf(rules), { round, source, values: pulse.values }];
    },
  },
  {
    name: "result-form",
    files: ["result.txt"],
    run(record) {
      const lines = new Lines(record.files.get("result.txt"), "result.txt", { longest: LONGEST_RESULT });
      for (let line = 0; line < lines.count; line++) readLine(lines, line);
      record.resultLines = lines;
      return ["pass", { count: lines.count }];
    },
  },
  {
    name: "result-recomputed",
    needs: ["rules-form", "pool-form", "seed-form", "result-form"],
    run(record) {
      const { rules, pool, seed, resultLines } = record;
      record.drawn = draw(rules, pool.entries, seed.drawSeed, record.progress("draw"));
      record.recomputed = resultText(record.drawn.ranked);
      const same = equal(utf8(record.recomputed), record.files.get("result.txt"));
      need(same, () => difference(record.recomputed.split("\n"), resultLines));
      const assigned = record.drawn.ranked.filter((place) => place.slot).length;
      const counts = { assigned, waitlisted: record.drawn.ranked.length - assigned };
      return rules.mode === "share" ? ["share", { ...counts, level: record.drawn.level }] : ["pass", counts];
    },
  },
];

function readLine(lines, line) {
  try {
    readResultLine(lines.text(line), line + 1);
  } catch (error) {
    if (error instanceof Refusal) error.message = `result.txt, line ${line + 1}: ${error.message}`;
    throw error;
  }
}

/** The first line that is not what the draw gives. */
function difference(expected, lines) {
  const line = expected.findIndex((text, at) => (at < lines.count ? lines.text(at) : "") !== text);
  if (line < 0) return `${lines.count} lines, not ${expected.length - 1}`;
  const found = line < lines.count ? lines.text(line) : "nothing";
  return `line ${line + 1} is: ${found}; the draw gives: ${expected[line] || "nothing"}`;
}
