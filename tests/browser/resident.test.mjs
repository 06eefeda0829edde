// One resident with a phone and one at a desk, from the offer to their own minute.

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { accessible, assertQuiet, keepMarkup, launch, look, visitor } from "./support/look.mjs";
import { Site, eventually } from "./support/site.mjs";

const SLUG = "tongyeong-2026-12";
const ROUND = `
slug = "${SLUG}"
title_ko = "통영사랑상품권"
title_en = "Tongyeong Love voucher"
price_percent = 90
mode = "share"
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
  browser = await launch();
});

afterEach(async () => {
  await browser?.close();
  await site?.stop();
});

/** Presses the button of the page's form and waits for the page after it. */
async function send(page) {
  await Promise.all([page.waitForNavigation(), page.locator("#form button[type=submit]").click()]);
}

/** From the offer to the receipt, looking at each page on the way. */
async function enter(page, address, see) {
  await page.goto(site.url);
  await see();
  await page.locator(`a[href="/rounds/${SLUG}"]`).first().click();
  await see();
  await page.locator(`a[href^="/rounds/${SLUG}/enter"]`).first().click();
  await see();
  await page.locator("#email").fill(address);
  await page.locator("#consent").check();
  await send(page);
  await see();
  await page.locator("#code").fill(await code(address));
  await send(page);
  await see();
  const want = page.locator("#want");
  if ((await want.evaluate((field) => field.tagName)) === "SELECT") await want.selectOption({ index: 3 });
  else await want.check();
  await page.locator("#wish_1").selectOption("pm");
  await send(page);
  await see();
  await send(page);
  await see();
  return (await page.locator(".receipt").innerText()).trim();
}

/** The code that was mailed last. */
async function code(address, { after: last } = {}) {
  const digits = (mail) => mail.body.match(/\b\d{3} ?\d{3,5}\b/)?.[0];
  const mail = await site.letter(address, (mail) => digits(mail) && digits(mail) !== last);
  return digits(mail);
}

/** Comes back until the page of one's own entry says when. */
async function results(page, minute) {
  // A pool must be sealed before its pulse is out, so the clock stops at the sealing on its way.
  await site.travel("2026-12-01 10:30");
  await eventually("the seal", () => fetch(`${site.url}/rounds/${SLUG}/record/seal.txt`).then((answer) => answer.ok));
  await site.travel("2026-12-01 10:40");
  const main = page.locator("main");
  await eventually("the minute on the page", async () => {
    await page.goto(`${site.url}/rounds/${SLUG}/my`);
    return minute.test(await main.innerText());
  }).catch(async (error) => {
    throw new Error(`${error.message}\n${await main.innerText()}\n${site.log}`);
  });
}

test("a phone in Korean without JavaScript: enters, keeps the receipt, is told a minute", async () => {
  const context = await visitor(browser, site, { ...PHONE, javaScriptEnabled: false });
  const page = await context.newPage();
  keepMarkup(page);
  const see = () => look(page);
  const address = "younghee@example.com";

  const receipt = await enter(page, address, see);
  assert.match(receipt, /^[0-9a-z]{4}(-[0-9a-z]{4}){3}$/);
  assert.equal(await page.locator("html").getAttribute("lang"), "ko");
  const letter = await site.letter(address, (mail) => mail.body.includes(receipt));
  assert.match(letter.subject, /[가-힣]/);
  assert.deepEqual(letter.defects, []);

  const minute = /12월 2일\D*(오전|오후) \d{1,2}:\d\d/;
  await results(page, minute);
  await see();
  assert.ok((await page.locator("main").innerText()).includes(receipt));

  await site.travel("2026-12-01 11:45");
  const told = await site.letter(address, (mail) => minute.test(mail.body));
  assert.ok(told.body.includes(receipt), told.body);
  assertQuiet(context);
  await context.close();
});

test("a desk in English with scripts: every page is accessible, also those of mistakes", async () => {
  const context = await visitor(browser, site, DESK);
  const page = await context.newPage();
  keepMarkup(page);
  const see = async () => {
    await look(page);
    await accessible(page);
  };
  const address = "john@example.com";

  await page.goto(`${site.url}/rounds/${SLUG}/enter`);
  await send(page);
  await see();
  assert.equal(await page.locator("[aria-invalid=true]").count() > 0, true);

  const receipt = await enter(page, address, see);
  assert.equal(await page.locator("html").getAttribute("lang"), "en");
  for (const path of [`/rounds/${SLUG}/my`, `/rounds/${SLUG}/withdraw`, `/rounds/${SLUG}/details`, "/status"]) {
    await page.goto(site.url + path);
    await see();
  }
  await page.goto(`${site.url}/nowhere`);
  await see();

  await results(page, /2 December\D*\d{1,2}:\d\d/);
  await see();
  await page.goto(`${site.url}/rounds/${SLUG}/record`);
  await see();
  assert.ok((await page.locator("main").innerText()).includes("pool"));
  await page.goto(`${site.url}/rounds/${SLUG}/my/why`);
  await see();
  assert.ok((await page.locator("main").innerText()).includes(receipt));
  // The pages of mistakes answer with their status, and the browser says so. From here on it has nothing to say.
  context.seen.errors = context.seen.errors.filter((said) => !/\b(404|422)\b/.test(said));
  // The verifier, on the real site: one entry without the pool, then everything.
  await page.goto(`${site.url}/rounds/${SLUG}/verify#${receipt}`);
  await page.locator("#light button").click();
  await page.getByText("1st of 1").first().waitFor();
  await page.locator("#fetch").click();
  await page.getByText("The record matches").first().waitFor();
  assert.equal(await page.locator("#list [data-status=FAIL]").count(), 0);
  // Nothing happened after this draw, so its three checks have nothing to look at.
  assert.equal(await page.locator("#list [data-status=SKIP]").count(), 3);
  await see();
  const pool = await context.request.get(`${site.url}/rounds/${SLUG}/record/pool.txt`);
  assert.ok((await pool.text()).includes(receipt));
  assertQuiet(context);
  await context.close();
});

test("a form sent from elsewhere is refused", async () => {
  const context = await visitor(browser, site, DESK);
  const page = await context.newPage();
  await page.goto(`${site.url}/rounds/${SLUG}/enter`);
  const forged = await context.request.post(`${site.url}/rounds/${SLUG}/enter`, {
    form: { csrf: await page.locator("input[name=csrf]").inputValue(), purpose: "enter", email: "a@example.com", consent: "yes" },
    headers: { origin: "https://elsewhere.example", "sec-fetch-site": "cross-site" },
    maxRedirects: 0,
  });
  assert.equal(forged.status(), 403);
  await context.close();
});
