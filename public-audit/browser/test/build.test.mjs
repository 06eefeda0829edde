// The committed page is what the sources make, and what its policy says is all that it can do.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { files } from "../build.mjs";

const read = (name) => readFileSync(new URL(`../${name}`, import.meta.url), "utf8");
const html = read("verify.html");

test("built again, every byte is the same", async () => {
  for (const [name, made] of Object.entries(await files())) assert.ok(made === read(name), `${name} differs: node build.mjs`);
});

test("the policy names the one script and the one style, and nothing else may run or be asked", () => {
  const meta = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(html)[1];
  const directives = new Map(meta.split("; ").map((directive) => directive.split(/ (.*)/).slice(0, 2)));
  for (const [tag, directive] of [["script", "script-src"], ["style", "style-src"]]) {
    const found = [...html.matchAll(new RegExp(`<${tag}>([^]*?)</${tag}>`, "g"))];
    assert.equal(found.length, 1);
    assert.equal(directives.get(directive), `'sha256-${createHash("sha256").update(found[0][1]).digest("base64")}'`);
  }
  assert.equal(directives.get("default-src"), "'none'");
  assert.equal(directives.get("connect-src"), "'self'");
  assert.equal(read("verify.csp"), `${meta}; frame-ancestors 'none'\n`);
  assert.doesNotMatch(html, /\son[a-z]+=|\sstyle=|<link(?! rel="icon" href="data:,")/);
});

test("the licences of what is bundled are kept, in the page and beside it", () => {
  for (const text of [html, read("vendor/noble.mjs")]) {
    assert.equal(text.match(/Permission is hereby granted, free of charge/g).length, 2);
    assert.match(text, /@noble\/curves 1\.9\.7, [^]*@noble\/hashes 1\.8\.0, /);
  }
});

test("nothing tells of the machine that built it", () => {
  for (const name of ["verify.html", "vendor/noble.mjs", "package-lock.json"]) {
    assert.doesNotMatch(read(name), /\/(tmp|work|home|root|Users)\//, name);
  }
});

test("the code asks nothing of Web Crypto, WebAssembly or eval", () => {
  const script = /<script>([^]*?)<\/script>/.exec(html)[1];
  assert.doesNotMatch(script, /WebAssembly|crypto\.subtle|\beval\(|new Function\(|importScripts|\bimport\(/);
});
