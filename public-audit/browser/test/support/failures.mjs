// The first check that fails in each record of a folder of records, a line each: node failures.mjs DIR
// One process for all of them, since the curves take their time only once.

import { readdirSync } from "node:fs";
import { join } from "node:path";

import { readFolder } from "../../src/folder.mjs";
import { verify } from "../../src/verify.mjs";

const folder = process.argv[2];
for (const name of folder ? readdirSync(folder).sort() : []) {
  const { checks } = verify(await readFolder(join(folder, name)));
  console.log(`${name} ${checks.find(({ status }) => status === "FAIL")?.name ?? "none"}`);
}
