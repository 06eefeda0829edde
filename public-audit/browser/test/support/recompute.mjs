// What each record of a folder of records comes to, a line of JSON each: node recompute.mjs DIR
// One process for all of them, since the curves take their time only once.

import { readdirSync } from "node:fs";
import { join } from "node:path";

import { readFolder } from "../../src/folder.mjs";
import { instantText } from "../../src/grammar.mjs";
import { verify } from "../../src/verify.mjs";

const where = ({ entry, state, slot, start, until, amount }) =>
  `${entry.receipt} ${state === "placed" ? `${slot.name} ${instantText(start)} ${instantText(until)} ${amount}` : state}\n`;

for (const name of readdirSync(process.argv[2]).sort()) {
  const { checks, record } = verify(await readFolder(join(process.argv[2], name)));
  const told = checks.map((check) => `${check.name} ${check.status}`);
  const failed = checks.filter(({ status }) => status === "FAIL").map(({ name, detail }) => `${name}: ${detail}`);
  const places = record.course?.places.map(where).join("");
  console.log(JSON.stringify({ name, checks: told, failed, result: record.recomputed, offers: record.recomputedOffers, places }));
}
