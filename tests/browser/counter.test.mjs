// The clerk at the dong office helps a man without a phone: entered, told, and on a day without network.

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { accessible, assertQuiet, keepMarkup, launch, look, visitor } from "./support/look.mjs";
import { Site, eventually } from "./support/site.mjs";
import { digits, press } from "./support/staff.mjs";

const SLUG = "tongyeong-2026-12";
const COUNTER = `/console/counter/${SLUG}`;
const PASSWORD = "correct horse battery";
const ROUND = `
slug = "${SLUG}"
title_ko = "통영사랑상품권 12월"
title_en = "Tongyeong Love voucher, December"
price_percent = 90
mode = "everyone"
grace_hours = 24
spread_hours = 1
beacon = "none"
[goods]
unit = 10000
budget = 1250000000
cap = 250000
[times]
opens = "2026-12-01 09:00"
closes = "2026-12-01 10:30"
seals = "2026-12-01 10:30"
reveals = "2026-12-01 10:30"
pulse = "2026-12-01 10:31"
results = "2026-12-01 10:31"
[joint]
most = 2
[helped]
minors = 1
adults = 1
[[opening]]
first_day = "2026-12-02"
days = 1
parts = [{ name = "am", from = "09:00" }, { name = "pm", from = "13:00" }]
until = "18:00"
slot_minutes = 30
slot_capacity = 10
`;

const PHONE = { locale: "ko-KR", viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const DESK = { locale: "en-GB", viewport: { width: 1280, height: 900 } };

let site, browser;

beforeEach(async () => {
  site = await Site.start("2026-12-01 10:00", ROUND);
  for (const name of ["park", "choi"]) {
    await site.jebi(["clerk", "add", name, "--role", "counter"], `${PASSWORD}\n`);
  }
  browser = await launch();
});

afterEach(async () => {
  await browser?.close();
  await site?.stop();
});

const submit = (page, action) => press(page, page.locator(`form[action="${action}"] button[type=submit]`).last());

/** A clerk at a counter who signs in for the first time. */
async function clerk(name, options) {
  const context = await visitor(browser, site, options);
  const page = await context.newPage();
  keepMarkup(page);
  await page.goto(`${site.url}/console`);
  await page.locator("#name").fill(name);
  await page.locator("#password").fill(PASSWORD);
  await submit(page, "/console/sign-in");
  const secret = (await page.locator(".receipt code").innerText()).trim();
  await page.locator("#code").fill(digits(site, secret));
  await submit(page, "/console/enrol");
  await submit(page, "/console/codes");
  const see = async () => {
    await look(page);
    await accessible(page);
  };
  return { name, context, page, see, secret };
}

async function fill(page, fields) {
  for (const [field, value] of Object.entries(fields)) await page.locator(`#${field}`).fill(value);
  await page.locator("#id_seen").check();
  await page.locator("#consent").check();
}

/** The whole visit, in the language of the clerk's browser. */
async function visit({ page, see }, who) {
  await page.goto(`${site.url}/console`);
  await press(page, page.locator('a[href="/console/counter"]').first());
  await see();
  await press(page, page.locator(`a[href="${COUNTER}"]`));
  await see();
  await submit(page, COUNTER);
  await see();
  assert.equal(await page.locator(".errors a").count(), 4);
  await fill(page, who);
  await submit(page, COUNTER);
  await see();
  await submit(page, `${COUNTER}/entry`);
  await see();
  return (await page.locator(".receipt code").innerText()).trim();
}

test("the clerk at the dong office helps a man without a phone", async () => {
  const park = await clerk("park", PHONE);
  const choi = await clerk("choi", DESK);
  const receipt = await visit(park, { name: "김하늘", born: "1948-03-01" });
  assert.match(receipt, /^[0-9a-z]{4}(-[0-9a-z]{4}){3}$/);

  // His grandchild comes into the same entry.
  await park.page.locator("#name").fill("김바다");
  await park.page.locator("#born").fill("2015-03-01");
  await submit(park.page, `${COUNTER}/people`);
  await park.see();
  await park.page.locator("#evidence").check();
  await park.page.locator("#name").fill("김바다");
  await submit(park.page, `${COUNTER}/people`);
  await park.see();
  assert.match(await park.page.locator(".slip").innerText(), /2명/);

  // Printed: the slip and nothing else.
  await park.page.emulateMedia({ media: "print" });
  assert.equal(await park.page.locator("header.site").isVisible(), false);
  assert.equal(await park.page.locator(".screen").last().isVisible(), false);
  assert.equal(await park.page.locator(".slip .qr").isVisible(), true);
  await park.page.emulateMedia({ media: "screen" });

  await visit(choi, { name: "Anna Kim", born: "1950-05-05" });
  await choi.page.goto(`${site.url}${COUNTER}/paper`);
  await choi.see();
  await fill(choi.page, { paper: "dong-012", name: "Boram Lee", born: "1951-06-06" });
  await submit(choi.page, `${COUNTER}/paper`);
  await choi.see();
  assert.match(await choi.page.locator("main").innerText(), /Form dong-012 is entered/);
  assert.equal(await choi.page.locator("#name").inputValue(), "");

  // Drawn; he asks when his turn is, and leaves with his own time.
  await site.travel("2026-12-01 10:30");
  await eventually("the seal", () => fetch(`${site.url}/rounds/${SLUG}/record/seal.txt`).then((answer) => answer.ok));
  await site.travel("2026-12-01 10:40");
  const time = /12월 2일\(수\)\D*(오전|오후) \d{1,2}:\d\d/;
  for (const who of [park, choi]) {
    await who.page.goto(`${site.url}/console`);
    if (!new URL(who.page.url()).pathname.endsWith("/sign-in")) continue;
    await who.page.locator("#name").fill(who.name);
    await who.page.locator("#password").fill(PASSWORD);
    await who.page.locator("#code").fill(digits(site, who.secret));
    await submit(who.page, "/console/sign-in");
  }
  await eventually("his time", async () => {
    await park.page.goto(`${site.url}${COUNTER}/find`);
    await park.page.locator("#born").fill("1948-03-01");
    await submit(park.page, `${COUNTER}/find`);
    return time.test(await park.page.locator("main").innerText());
  });
  await park.see();
  const found = await park.page.locator("main").innerText();
  assert.ok(found.includes("김○늘") && !found.includes("김하늘"), found);
  await submit(park.page, `${COUNTER}/slip`);
  await park.see();
  assert.match(await park.page.locator(".slip").innerText(), time);

  // Tomorrow the network will be down.
  await eventually("the results", async () => {
    await choi.page.goto(`${site.url}${COUNTER}/sheets`);
    return (await choi.page.locator("#day").count()) === 1;
  });
  await choi.see();
  await choi.page.locator("#day").selectOption("2026-12-02");
  await choi.page.locator("#reason").fill("the line is dug up");
  await submit(choi.page, `${COUNTER}/sheets`);
  await choi.see();
  assert.equal(await choi.page.locator("tbody tr").count(), 3);
  const sheet = new URL(choi.page.url()).pathname;
  await choi.page.goto(`${site.url}${sheet}/back`);
  await choi.see();
  await site.travel("2026-12-02 17:59");
  for (const [name, { page, secret }] of [["choi", choi], ["park", park]]) {
    await page.goto(`${site.url}/console`);
    await page.locator("#name").fill(name);
    await page.locator("#password").fill(PASSWORD);
    await page.locator("#code").fill(digits(site, secret));
    await submit(page, "/console/sign-in");
  }
  await choi.page.goto(`${site.url}${sheet}/back`);
  await choi.page.locator("fieldset", { hasText: receipt }).locator("input[type=checkbox]").check();
  await submit(choi.page, `${sheet}/back`);
  await choi.see();
  assert.equal(new URL(choi.page.url()).pathname, `${sheet}/ticked`);
  await choi.page.reload();
  assert.match(await choi.page.locator("main").innerText(), /Nothing is entered yet/);
  // Another has the same paper before them, and confirms.
  await park.page.goto(`${site.url}${sheet}/ticked`);
  await park.see();
  await submit(park.page, `${sheet}/ticked`);
  await park.see();
  assert.match(await park.page.locator("main").innerText(), /새로 입력 1건, 이미 있던 것 0건, 넣지 못한 것 0건/);
  // Read again it says the same, and nothing is sent again.
  await park.page.reload();
  assert.match(await park.page.locator("main").innerText(), /새로 입력 1건, 이미 있던 것 0건, 넣지 못한 것 0건/);

  for (const { context } of [park, choi]) {
    context.seen.errors = context.seen.errors.filter((said) => !/\b(404|422)\b/.test(said));
    assertQuiet(context);
    await context.close();
  }
});
