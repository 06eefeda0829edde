// Runs named checks in order and keeps what came out. A check whose needs have failed is skipped.

import { plain } from "./grammar.mjs";
import { Refusal } from "./refusal.mjs";

/**
 * A step is `{ name, files, needs, run }`. `run(record)` returns `[sentence, values]`: which of the check's
 * sentences in strings.mjs applies, and what to fill in; or it throws a Refusal with what is wrong, in English.
 * What it finds out on the way it keeps in `record` for the steps after it.
 */
export function runSteps(steps, record, tell = () => {}) {
  const passed = new Set();
  const checks = [];
  for (const step of steps) {
    const check = { name: step.name, ...outcome(step, record, passed) };
    if (check.status === "PASS") passed.add(step.name);
    checks.push(check);
    tell(check);
  }
  return checks;
}

function outcome({ name, files = [], needs = [], run, skip }, record, passed) {
  const reason = skip?.(record);
  if (reason) return { status: "SKIP", sentence: [reason, {}] };
  const missing = [...files.filter((file) => !record.files.has(file)), ...needs.filter((need) => !passed.has(need))];
  if (missing.length > 0) return { status: "SKIP", sentence: ["skipped", { missing: missing.join(", ") }] };
  try {
    const [sentence, values = {}] = run(record);
    return { status: "PASS", sentence: [`${name}.${sentence}`, values] };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { status: "FAIL", sentence: [`${name}.fail`, {}], detail: plain(error.message) };
  }
}

/** The verdict: nothing failed, and nothing was skipped for want of something. */
export const holds = (checks) => checks.every(({ status, sentence }) => status === "PASS" || (status === "SKIP" && sentence[0] !== "skipped"));
