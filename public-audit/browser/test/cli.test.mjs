// The command, as tests of other implementations call it.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

import { signingKey } from "./support/make.mjs";

const cli = fileURLToPath(new URL("../cli.mjs", import.meta.url));
const example = fileURLToPath(new URL("../../example", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "jebi-verify-"));
after(() => rmSync(scratch, { recursive: true }));

function run(...args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], { encoding: "utf8" });
  return { status, stdout, stderr };
}

function tampered() {
  const dir = join(scratch, "tampered");
  cpSync(example, dir, { recursive: true });
  writeFileSync(join(dir, "result.txt"), readFileSync(join(dir, "result.txt"), "utf8").replace("190000", "200000"));
  return dir;
}

test("exit 0, 1 and 2", () => {
  const good = run("verify", example);
  assert.equal(good.status, 0, good.stderr);
  assert.match(good.stdout, /^01 files-present      PASS {2}.*\n[^]*\nThe record matches: this result follows from these files\.\n$/);
  const bad = run("verify", tampered());
  assert.equal(bad.status, 1);
  assert.match(bad.stdout, /^20 result-recomputed  FAIL {2}line 1 is: .* 200000; the draw gives: .* 190000$/m);
  for (const args of [[], ["verify"], ["verify", join(scratch, "none")], ["verify", example, "--what"], ["verify", example, "--json", "x"], ["look", example]]) {
    const none = run(...args);
    assert.equal(none.status, 2, args.join(" "));
    assert.equal(none.stdout, "");
    assert.match(none.stderr, /^.+\n$/);
  }
});

test("what a record says does not reach the terminal as it is", () => {
  const dir = join(scratch, "hidden");
  cpSync(example, dir, { recursive: true });
  // Turns what follows around; key names may have it.
  const rules = { ...JSON.parse(readFileSync(join(dir, "rules.json"), "utf8")), signing_key: signingKey("city\u202e") };
  writeFileSync(join(dir, "rules.json"), JSON.stringify(rules).replace("\u202e", "\\u202e"));
  const { status, stdout } = run("verify", dir);
  assert.equal(status, 1);
  assert.match(stdout, /^05 seal-signature     FAIL {2}not signed by city\\u\{202e\}$/m);
  assert.doesNotMatch(stdout, /(?!\n)\p{C}/u);
});

test("--json and --print", () => {
  const { matches, checks } = JSON.parse(run("verify", example, "--json").stdout);
  assert.equal(matches, true);
  assert.deepEqual(checks[0].name, "files-present");
  assert.equal(run("verify", example, "--print").stdout, readFileSync(join(example, "result.txt"), "utf8"));
});
