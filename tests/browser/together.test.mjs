// A mother with a phone who enters with a child and lets a neighbour join: every page of it, in three languages.

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { accessible, assertQuiet, keepMarkup, launch, look, visitor } from "./support/look.mjs";
import { Site } from "./support/site.mjs";

const SLUG = "gyeonggi-2026-12";
const ROUND = `
slug = "${SLUG}"
title_ko = "재난기본소득"
title_en = "Disaster basic income"
price_percent = 0
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
closes = "2026-12-01 18:00"
seals = "2026-12-01 18:00"
reveals = "2026-12-01 18:00"
pulse = "2026-12-01 18:01"
results = "2026-12-01 18:01"
[[opening]]
for = { birth_parity = ["even"] }
first_day = "2026-12-02"
days = 3
parts = [{ name = "am", from = "09:00" }, { name = "pm", from = "13:00" }]
until = "18:00"
slot_minutes = 30
slot_capacity = 10
[[opening]]
for = { birth_parity = ["odd"] }
first_day = "2026-12-07"
days = 3
parts = [{ name = "am", from = "09:00" }]
until = "12:00"
slot_minutes = 30
slot_capacity = 10
[[field]]
name = "birth_parity"
[[field]]
name = "region"
label_ko = "사는 곳"
label_en = "Where you live"
values = [{ name = "suwon", ko = "수원시", en = "Suwon" }, { name = "yongin", ko = "용인시", en = "Yongin" }]
[[fund]]
name = "province"
per_seat = 100000
budget = 1000000000
label_ko = "경기도"
label_en = "Gyeonggi Province"
[[fund]]
name = "city"
match = { region = ["suwon"] }
per_seat = 50000
budget = 1000000000
[weighting]
per_miss = 1
most = 3
rounds = 6
[joint]
most = 3
[helped]
minors = 4
adults = 1
`;

const PHONE = { locale: "ko-KR", viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const DESK = { locale: "en-GB", viewport: { width: 1280, height: 900 } };

let site, browser;

beforeEach(async () => {
  site = await Site.start("2026-12-01 10:00", ROUND);
  browser = await launch();
});

afterEach(async () => {
  await browser?.close();
  await site?.stop();
});

async function send(page, form = "#form") {
  await Promise.all([page.waitForNavigation(), page.locator(`${form} button[type=submit]`).first().click()]);
}

async function confirm(page, address) {
  await page.locator("#email").fill(address);
  await page.locator("#consent").check();
  await send(page);
  const digits = (mail) => mail.body.match(/\b\d{3} ?\d{3,5}\b/)?.[0];
  const mail = await site.letter(address, digits);
  await page.locator("#code").fill(digits(mail));
  await send(page);
}

test("a child and a neighbour come with one entry, and every page of it can be used by everybody", async () => {
  const context = await visitor(browser, site, PHONE);
  const page = await context.newPage();
  keepMarkup(page);
  const see = async () => {
    await look(page);
    await accessible(page);
  };
  await page.goto(`${site.url}/rounds/${SLUG}`);
  await page.locator("details summary").first().click();
  await see();
  await page.locator(`a[href^="/rounds/${SLUG}/enter"]`).first().click();
  await see();
  await confirm(page, "mother@example.com");
  assert.equal(new URL(page.url()).pathname, `/rounds/${SLUG}/about`);
  await see();
  await send(page);
  assert.equal(await page.locator("[aria-invalid=true], fieldset.wrong").count() > 0, true);
  await see();
  await page.locator("#birth_year").fill("1987");
  await page.locator("#field_region").check();
  await send(page);
  // Her own days, and nobody else's.
  assert.match(await page.locator("main").innerText(), /12월 7일/);
  assert.equal(await page.locator("option[value=pm]").count(), 0);
  await see();
  await page.locator("#remember").check();
  await send(page);
  await see();
  await send(page);
  await see();
  const receipt = (await page.locator(".receipt").innerText()).trim();
  await page.locator(`a[href="/rounds/${SLUG}/people"]`).click();
  await see();
  await send(page, "form:has(input[value=open])");
  const code = (await page.locator("b.code").innerText()).trim();
  assert.match(code, /^[0-9a-z]{4}-[0-9a-z]{4}$/);
  await page.locator("#name").fill("김하늘");
  await page.locator("#born").fill("2015-03-01");
  await send(page);
  await see();
  await send(page);
  await see();
  for (const lang of ["en", "ko-simple"]) {
    await page.goto(`${site.url}/rounds/${SLUG}/people?lang=${lang}`);
    await see();
  }

  const other = await visitor(browser, site, DESK);
  const desk = await other.newPage();
  keepMarkup(desk);
  await desk.goto(`${site.url}/rounds/${SLUG}`);
  await look(desk);
  await desk.locator(`a[href="/rounds/${SLUG}/join"]`).click();
  await confirm(desk, "neighbour@example.com");
  // The city's money is for those who live there: asked before joining.
  assert.equal(new URL(desk.url()).pathname, `/rounds/${SLUG}/about`);
  await look(desk);
  await desk.locator("#birth_year").fill("1988");
  await desk.locator("#field_region").check();
  await send(desk);
  assert.equal(new URL(desk.url()).pathname, `/rounds/${SLUG}/join`);
  await desk.locator("#code").fill("0000-0000");
  await send(desk);
  await look(desk);
  await accessible(desk);
  await desk.locator("#code").fill(code.toUpperCase());
  await send(desk);
  assert.equal((await desk.locator(".receipt").innerText()).trim(), receipt);
  await look(desk);
  await accessible(desk);
  await desk.locator(`a[href="/rounds/${SLUG}/withdraw"]`).click();
  await look(desk);
  await accessible(desk);
  for (const seen of [context.seen, other.seen]) seen.errors = seen.errors.filter((said) => !/\b422\b/.test(said));
  assertQuiet(context);
  assertQuiet(other);
  await context.close();
  await other.close();
});
