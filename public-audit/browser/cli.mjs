#!/usr/bin/env node
// The browser's verifier without a browser.
//
//   node cli.mjs verify DIR           the checks and the verdict: exit 0 nothing failed, 1 something did, 2 unreadable
//   node cli.mjs verify DIR --json    the same as JSON
//   node cli.mjs verify DIR --print   the recomputed result.txt instead

import { readFolder } from "./src/folder.mjs";
import { holds } from "./src/report.mjs";
import { say, sentenceOf } from "./src/strings.mjs";
import { verify } from "./src/verify.mjs";

const USAGE = "usage: node cli.mjs verify DIR [--json | --print]";

function reportLine({ name, status, ...check }, at) {
  const sentence = check.detail ?? sentenceOf("en", check);
  return `${String(at + 1).padStart(2, "0")} ${name.padEnd(18)} ${status}  ${sentence}\n`;
}

function json(checks) {
  const told = checks.map(({ name, status, ...check }) => ({ name, status, detail: check.detail ?? sentenceOf("en", check) }));
  return `${JSON.stringify({ matches: holds(checks), checks: told }, null, 2)}\n`;
}

/** The whole of it; returns the exit code. */
async function main([command, dir, option, ...more], out) {
  if (command !== "verify" || !dir || more.length > 0 || ![undefined, "--json", "--print"].includes(option)) {
    throw new Error(USAGE);
  }
  const { checks, record } = verify(await readFolder(dir));
  if (option === "--print" && record.recomputed !== undefined) out(record.recomputed);
  else if (option === "--json") out(json(checks));
  else out(`${checks.map(reportLine).join("")}${say("en", holds(checks) ? "verdict-holds" : "verdict-fails")}\n`);
  return holds(checks) ? 0 : 1;
}

try {
  process.exitCode = await main(process.argv.slice(2), (text) => process.stdout.write(text));
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
