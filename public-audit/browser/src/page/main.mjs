// One script, two places: the page, and the worker that it makes from its own text. So one hash in the
// policy covers all that ever runs, and the page does not stop while the worker computes.

import { startPage } from "./page.mjs";
import { startWorker } from "./worker.mjs";

if (typeof document === "undefined") startWorker(self);
else startPage(document.currentScript.textContent);
