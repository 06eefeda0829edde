// The named checks of the specification over a whole record, in their order.

import { checkSizes } from "./manifest.mjs";
import { runSteps } from "./report.mjs";
import { afterSteps } from "./steps/after.mjs";
import { drawSteps, seedSteps } from "./steps/draw.mjs";
import { fileSteps } from "./steps/files.mjs";
import { journalSteps } from "./steps/journal.mjs";
import { poolSteps } from "./steps/pool.mjs";
import { sealSteps } from "./steps/seal.mjs";

const STEPS = [...fileSteps, ...sealSteps, ...poolSteps, ...seedSteps, ...drawSteps, ...journalSteps, ...afterSteps];

export const CHECK_NAMES = STEPS.map((step) => step.name);

/** How much of all work the long loops are, for a bar that moves evenly: where each begins, and how long it is. */
const LOOPS = { pool: [0.02, 0.2], tree: [0.22, 0.18], draw: [0.4, 0.5] };
const TELL_EVERY = 2048;

/**
 * Verifies `files`, a Map from name to bytes. Returns `{ checks, record }`: the outcomes, and what was found
 * out on the way. `tell.check` hears of each outcome at once, `tell.progress` of the part done, 0 to 1.
 */
export function verify(files, tell = {}) {
  checkSizes([...files].map(([name, bytes]) => [name, bytes.length]));
  const record = { files, progress: (loop) => progress(loop, tell) };
  return { checks: runSteps(STEPS, record, tell.check), record };
}

function progress(loop, tell) {
  const [begin, length] = LOOPS[loop];
  return (done, all) => {
    if (done % TELL_EVERY === 0) tell.progress?.(begin + (length * done) / all);
  };
}
