// The four people for whom this is made, each end to end and twice: with scripts and without, in Korean and in English,
// with a narrow screen and a wide one. One server, one calendar: whoever waits for the earliest instant goes on first.
// Every page that any of them comes to is looked at as everybody else would see it (support/eyes.mjs).

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { PASSWORD, dongOffice } from "./people/dong_office.mjs";
import { grandmother } from "./people/grandmother.mjs";
import { mother } from "./people/mother.mjs";
import { nurse } from "./people/nurse.mjs";
import { Eyes } from "./support/eyes.mjs";
import { launch } from "./support/look.mjs";
import { Person, TOLD } from "./support/person.mjs";
import { Site, eventually, korean } from "./support/site.mjs";

const SLUG = "tongyeong-2026-12";
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
closes = "2026-12-03 18:00"
seals = "2026-12-03 18:00"
reveals = "2026-12-03 18:00"
pulse = "2026-12-03 18:10"
results = "2026-12-04 10:00"
[joint]
most = 2
[helped]
minors = 2
adults = 1
[[seller]]
name = "bank"
title = "농협은행 모든 지점"
title_en = "Any branch of NH Bank"
per_minute = 60
level = 2
[[opening]]
first_day = "2026-12-07"
days = 1
parts = [{ name = "am", from = "09:00" }, { name = "pm", from = "13:00" }]
until = "18:00"
slot_minutes = 30
slot_capacity = 10
[after]
offers = ["2026-12-09 10:00"]
lead_minutes = 60
[[opening]]
catch_up = true
first_day = "2026-12-10"
days = 1
parts = [{ name = "pm", from = "13:00" }]
until = "18:00"
slot_minutes = 30
slot_capacity = 10
`;

const NARROW = { locale: "ko-KR", width: 320, scripts: false };
const PHONE = { locale: "en-GB", width: 390, scripts: true };
const DESK = { locale: "ko-KR", width: 1280, scripts: true };
const BARE = { locale: "en-GB", width: 1280, scripts: false };

const PEOPLE = [
  [grandmother, { name: "grandmother", contact: "010-2345-6701", ...NARROW }],
  [grandmother, { name: "grandmother", contact: "010-2345-6702", ...PHONE, forcedColors: "active" }],
  [nurse, { name: "nurse", contact: "nurse1@example.com", ...PHONE }],
  [nurse, { name: "nurse", contact: "nurse2@example.com", ...DESK, scripts: false }],
  [mother, { name: "mother", contact: "mother1@example.com", ...PHONE, locale: "ko-KR", scripts: false }, { child: "2015-03-01" }],
  [mother, { name: "mother", contact: "mother2@example.com", ...BARE, scripts: true }, { child: "2016-04-02" }],
  [dongOffice, { name: "dong office", contact: "", ...DESK }, { clerk: "park", visitor: { name: "김하늘", born: "1948-03-01" } }],
  [dongOffice, { name: "dong office", contact: "", ...BARE }, { clerk: "choi", visitor: { name: "Boram Lee", born: "1950-05-05", helper: "Minsu Lee" } }],
];

let site, browser, eyes;

before(async () => {
  site = await Site.start("2026-12-01 10:00", ROUND, undefined, { texts: true, sellers: ["bank"] });
  for (const name of ["park", "choi"]) await site.jebi(["clerk", "add", name, "--role", "counter"], `${PASSWORD}\n`);
  browser = await launch();
  eyes = await new Eyes(browser, site).open();
});

after(async () => {
  await browser?.close();
  await site?.stop();
});

/** What the city does: nothing but to be there when it is time. */
async function* city() {
  const there = (page) => fetch(`${site.url}/rounds/${SLUG}${page}`).then((answer) => answer.ok);
  yield korean("2026-12-03 18:00").getTime();
  await eventually("the seal", () => there("/record/seal.txt"));
  yield korean("2026-12-03 18:20").getTime();
  await eventually("the draw", () => site.log.includes('"step":"Draw"'));
  const planned = "SELECT count(*) FROM notice WHERE reason = 'result'";
  await eventually("everybody's notice is planned", async () => (await site.rows(planned))[0][0] >= 6);
  yield korean("2026-12-04 10:00").getTime();
  await eventually("the results", () => there("/record"));
  // Everybody is told at the planned pace and no faster, also when the clock leaps: so it goes in steps.
  const waiting = "SELECT count(*) FROM notice WHERE reason = 'result' AND state = 'planned' AND channel <> 'letter'";
  const leaving = "SELECT count(*) FROM notice WHERE reason = 'result' AND state = 'sending'";
  for (let at = korean("2026-12-04 10:08").getTime(), left = 6; left > 0; at += 8 * 60_000) {
    assert.ok(at < TOLD.getTime(), `${left} people were not told`);
    yield at;
    const fewer = async () => ((await site.rows(waiting))[0][0] < left ? 1 : 0);
    if (await eventually("somebody is told", fewer, 2).catch(() => false)) left = (await site.rows(waiting))[0][0];
    // Not while one is on its way: by a clock that leaps it would have been for too long.
    await eventually("what leaves has left", async () => (await site.rows(leaving))[0][0] === 0);
  }
  // The seller's list is in, and complete: only on its word has anybody missed a time.
  yield korean("2026-12-08 18:10").getTime();
  await writeFile(join(site.folder, "bank.csv"), "receipt,time,amount\n");
  await site.jebi(["bought", SLUG, "bank.csv", "--until", "2026-12-08 18:05"]);
  yield korean("2026-12-09 10:00").getTime();
  await eventually("the offer", async () => (await fetch(`${site.url}/rounds/${SLUG}/record/offers.txt`)).status === 200);
}

test("four people, with and without scripts, come to their own minute", async (t) => {
  const courses = [{ title: "the city", course: city() }];
  for (const [course, options, more] of PEOPLE) {
    const who = Object.assign(await Person.arrives({ browser, site, eyes, slug: SLUG }, options), more);
    courses.push({ title: who.title, who, course: course(who) });
  }
  for (const one of courses) one.at = korean("2026-12-01 10:00").getTime();
  for (let clock = 0; courses.length > 0; ) {
    courses.sort((one, other) => one.at - other.at);
    const [next] = courses;
    clock = Math.max(next.at, Date.now() + (site.seconds ?? 0) * 1000);
    if (clock === next.at) await site.reach(clock);
    const begun = Date.now();
    try {
      const { value, done } = await next.course.next();
      t.diagnostic(`${next.title}: ${new Date(clock).toISOString()}, ${Date.now() - begun} ms`);
      next.at = value;
      if (done) courses.shift();
      if (done) await next.who?.leaves();
    } catch (error) {
      const place = next.who ? `${next.who.page.url()}\n${await next.who.text().catch(() => "")}` : "";
      throw new Error(`${next.title}: ${error.message}\n${place}\n${site.log.slice(-2_000)}`, { cause: error });
    }
  }
  t.diagnostic(`${eyes.seen.size} pages were looked at`);
});

test("whoever passes by finds every public page in order, and recomputes the draw", async () => {
  const who = await Person.arrives({ browser, site, eyes, slug: SLUG }, { name: "somebody", contact: "", ...BARE, scripts: true });
  const pages = ["/", "/status", "/sent", `/rounds/${SLUG}`, `/rounds/${SLUG}/record`, `/rounds/${SLUG}/pool`, "/privacy", "/accessibility"];
  for (const path of [...pages, "/nowhere"]) await who.open(path);
  const { page, context } = who;
  context.seen.errors = context.seen.errors.filter((said) => !/\b404\b/.test(said));

  // The verifier, on the real site: one entry without the pool, then everything.
  const pool = await (await context.request.get(`${site.url}/rounds/${SLUG}/record/pool.txt`)).text();
  const receipt = pool.match(/^[0-9a-z]{4}(-[0-9a-z]{4}){3}/m)[0];
  await page.goto(`${site.url}/rounds/${SLUG}/verify#${receipt}`);
  await page.locator("#light button").click();
  await page.getByText(/\d+(st|nd|rd|th) of 8\b/).first().waitFor();
  await page.locator("#fetch").click();
  await page.getByText("The record matches").first().waitFor();
  assert.equal(await page.locator("#list [data-status=FAIL]").count(), 0);
  await who.leaves();

  // A form that another site sends is refused.
  const forged = await Person.arrives({ browser, site, eyes, slug: SLUG }, { name: "somebody else", contact: "", ...DESK });
  await forged.page.goto(`${site.url}/sent`);
  const refused = await forged.context.request.post(`${site.url}/sent`, {
    form: { csrf: await forged.page.locator("input[name=csrf]").inputValue(), code: "0000-0000" },
    headers: { origin: "https://elsewhere.example", "sec-fetch-site": "cross-site" },
  });
  assert.equal(refused.status(), 403);
  await forged.context.close();
  await eyes.close();
});
