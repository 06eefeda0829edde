// Every text is there in both languages, with the same things to fill in; every check has its sentences.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { CHECKS } from "../src/strings-checks.mjs";
import { PAGE } from "../src/strings-page.mjs";
import { CHECK_NAMES } from "../src/verify.mjs";

const filled = (text) => (text.match(/\{[a-z]+\}/g) ?? []).sort();

test("Korean and English fill in the same", () => {
  for (const [key, [korean, english]] of Object.entries({ ...CHECKS, ...PAGE })) {
    assert.match(korean, /[가-힣]|^\{/, key);
    assert.doesNotMatch(english, /[가-힣]/, key);
    if (key !== "verdict-failed-checks") assert.deepEqual(filled(korean), filled(english), key);
  }
});

test("no key is in both tables, and each check can pass and fail", () => {
  for (const key of Object.keys(PAGE)) assert.ok(!Object.hasOwn(CHECKS, key), key);
  for (const name of CHECK_NAMES) {
    assert.ok(Object.hasOwn(CHECKS, `${name}.fail`), name);
    assert.ok(Object.keys(CHECKS).some((key) => key.startsWith(`${name}.`) && !key.endsWith(".fail")), name);
  }
});

test("every text that the page names is there", () => {
  const html = readFileSync(new URL("../src/page/page.html", import.meta.url), "utf8");
  for (const [, key] of html.matchAll(/data-say="([^"]+)"/g)) assert.ok(Object.hasOwn(PAGE, key), key);
  const code = ["page/page", "page/view", "page/worker", "page/words", "entry-note"].map((name) => readFileSync(new URL(`../src/${name}.mjs`, import.meta.url), "utf8")).join("");
  // The verdicts on a receipt are put together.
  const made = /^(PASS|FAIL|SKIP|note-(holds|(removed|fault)(-more)?|other-round|unsigned|unread))$/;
  for (const key of Object.keys(PAGE)) assert.ok(html.includes(`"${key}"`) || code.includes(`"${key}"`) || made.test(key), `${key} is not used`);
});

test("Korean has one word per thing, and one tone", () => {
  // Words that would stand for 공개 일지, 시간대, 명부, 순번, 시드, 사전공개값, 입회, 예비, 접수번호, 제비.
  const others = /기록장|장부|(?<!프)로그|시간 칸|슬롯|목록표|신청자 명단|순위|등수|씨앗|커밋|증인|대기|영수증|접수 번호|당첨|제비뽑기/;
  for (const [key, [korean]] of Object.entries({ ...CHECKS, ...PAGE })) {
    assert.doesNotMatch(korean, others, key);
    for (const sentence of korean.match(/[^.]+\.(?= |$)/g) ?? []) assert.match(sentence, /(니다|십시오)(\([^)]+\))?\.$/, key);
    // What follows a particle that depends on the word before it.
    assert.doesNotMatch(korean, /\}(은|는|이|가|을|를|와|과|로|으로)(?![가-힣])/, key);
  }
});
