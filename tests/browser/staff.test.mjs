// A clerk at a desk and an approver with a phone take a round from a draft to its day, and let time stand still.

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { accessible, assertQuiet, keepMarkup, launch, look, visitor } from "./support/look.mjs";
import { Site, eventually } from "./support/site.mjs";
import { DESK, PASSWORD, PHONE, decide, enter, member, press, signIn, submit } from "./support/staff.mjs";

const SLUG = "tongyeong-2026-12";
const DRAFT = `slug = "${SLUG}"
title_ko = "통영사랑상품권 12월"
title_en = "Tongyeong Love voucher, December"
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
results = "2026-12-01 11:00"
[[opening]]
first_day = "2026-12-02"
days = 1
parts = [{ name = "am", from = "09:00" }, { name = "pm", from = "13:00" }]
until = "18:00"
slot_minutes = 30
slot_capacity = 10
`;

let site, browser;

beforeEach(async () => {
  site = await Site.start("2026-11-30 10:00");
  for (const [name, role] of [["kim", "clerk"], ["lee", "approver"], ["choi", "auditor"]]) {
    await site.jebi(["clerk", "add", name, "--role", role], `${PASSWORD}\n`);
  }
  browser = await launch();
});

afterEach(async () => {
  await browser?.close();
  await site?.stop();
});

test("two people take a round from a draft to its day, on a desk and on a phone", async () => {
  const kim = await member(browser, site, "kim", DESK);
  const lee = await member(browser, site, "lee", PHONE);
  const choi = await member(browser, site, "choi", { ...PHONE, viewport: { width: 320, height: 640 }, javaScriptEnabled: false });

  // A draft that cannot be read says which line; the right one is announced by two.
  await kim.page.goto(`${site.url}/console/drafts`);
  await kim.see();
  await submit(kim.page, "/console/drafts");
  await kim.see();
  const path = new URL(kim.page.url()).pathname;
  await kim.page.locator("details.all summary").click();
  await kim.page.locator("#text").fill(DRAFT.replace("days = 1", "days = one"));
  await submit(kim.page, path);
  await kim.see();
  assert.match(await kim.page.locator("main").innerText(), /line 22/);
  await kim.page.locator("#text").fill(DRAFT);
  await submit(kim.page, path);
  await kim.see();
  await kim.page.goto(`${site.url}${path}/notices`);
  await kim.see();
  await kim.page.goto(`${site.url}${path}/notice`);
  await kim.see();
  await kim.page.goto(`${site.url}${path}`);
  await submit(kim.page, `${path}/propose`);
  await decide(site, kim, lee);
  for (const { page, see } of [kim, lee, choi]) {
    for (const more of ["", "/notice"]) {
      await page.goto(`${site.url}/console/rounds/${SLUG}${more}`);
      await see();
    }
  }

  await site.travel("2026-12-01 10:00");
  for (const who of [kim, lee, choi]) {
    await signIn(site, who);
  }
  await enter(browser, site, SLUG, "younghee@example.com");
  // Somebody telephones: found by what they say, masked, and shown for a reason that is kept.
  await kim.page.goto(`${site.url}/console/find`);
  await kim.see();
  await eventually("the entry is found", async () => {
    await kim.page.locator("#what").fill("younghee@example.com");
    await submit(kim.page, "/console/find");
    return (await kim.page.locator("ul.rounds li").count()) === 1;
  });
  await kim.page.locator("ul.rounds summary").click();
  await kim.see();
  const line = await kim.page.locator("ul.rounds").innerText();
  assert.ok(!line.includes("younghee@example.com"), line);
  await kim.page.locator("#reason-1").fill("본인이 전화로 물음");
  await submit(kim.page, "/console/find/person");
  await kim.see();
  assert.match(await kim.page.locator("main").innerText(), /younghee@example\.com/);
  await kim.page.goto(`${site.url}/console/rounds/${SLUG}`);
  await kim.see();
  assert.match(await kim.page.locator("main").innerText(), /지금까지 [01]건/);

  // Half an hour without a request would sign them out.
  await site.travel("2026-12-01 10:20");
  for (const who of [kim, lee, choi]) await who.page.goto(`${site.url}/console`);
  await site.travel("2026-12-01 10:30");
  await eventually("the seal", () => fetch(`${site.url}/rounds/${SLUG}/record/seal.txt`).then((answer) => answer.ok));
  await site.travel("2026-12-01 10:40");
  await eventually("the draw", async () => {
    await kim.page.goto(`${site.url}/console/rounds/${SLUG}`);
    return (await kim.page.locator(`a[href="/console/rounds/${SLUG}/day"]`).count()) > 0;
  });

  // The bank does not answer: what the resident will read is shown before it is done.
  await kim.page.goto(`${site.url}/console/rounds/${SLUG}/day`);
  await kim.see();
  await press(kim.page, kim.page.locator(`a[href="/console/rounds/${SLUG}/propose/shift"]`));
  await kim.see();
  await submit(kim.page, `/console/rounds/${SLUG}/propose/shift`);
  await kim.see();
  assert.equal(await kim.page.locator("[aria-invalid=true]").count(), 1, "a reason is asked for");
  await kim.page.locator("#reason").fill("은행 점검이 길어졌습니다");
  await submit(kim.page, `/console/rounds/${SLUG}/propose/shift`);
  assert.match(await kim.page.locator(".letter").first().innerText(), /오전 9:30부터/, "the text message");
  assert.match(await kim.page.locator(".letter").nth(1).innerText(), /은행 점검이 길어졌습니다/, "the mail");
  await decide(site, kim, lee);
  await lee.page.goto(`${site.url}/rounds/${SLUG}`);
  assert.match(await lee.page.locator("main").innerText(), /은행 점검이 길어졌습니다/);

  // A result that is held is published by two as well.
  await site.meddle("UPDATE round SET held_at = drawn_at; DELETE FROM notice WHERE reason = 'result'; DELETE FROM telling WHERE reason = 'result'");
  await eventually("it is held", async () => {
    await kim.page.goto(`${site.url}/console/rounds/${SLUG}`);
    return (await kim.page.locator(`a[href$="/propose/release"]`).count()) > 0;
  });
  await kim.see();
  await press(kim.page, kim.page.locator(`a[href$="/propose/release"]`));
  await kim.see();
  await kim.page.locator("#reason").fill("영어 신청을 하나씩 살펴보았습니다");
  await submit(kim.page, `/console/rounds/${SLUG}/propose/release`);
  await decide(site, kim, lee);
  const told = await site.letter("younghee@example.com", (mail) => /12월 2일/.test(mail.body)).catch(() => null);
  assert.ok(told === null || told.defects.length === 0);

  // Drills take longer than a browser waits: three reports as `jebi drill` keeps them, one of which this round was announced on.
  const report = (id, held, halted, round) =>
    `INSERT INTO drill (id, subject, held, halted, made_at, report, page, note, round_id, over_sockets, in_process, all_met, title_ko, title_en, version)
     SELECT ${id}, '${id}', ${held}, ${halted}, now_at, '{}', '<p>drilled</p>', 'note', ${round}, 2000, 10000, true,
       '통영사랑상품권 12월', 'Tongyeong Love voucher, December', '0.1.0'
     FROM (SELECT announced_at AS now_at FROM round WHERE slug = '${SLUG}') AS this`;
  for (const one of [[1, true, false, `(SELECT id FROM round WHERE slug = '${SLUG}')`], [2, false, false, "NULL"], [3, false, true, "NULL"]]) {
    await site.meddle(report(...one));
  }
  for (const way of ["/console/access", "/console/me", "/console/proposals", "/console/drills"]) {
    await choi.page.goto(`${site.url}${way}`);
    await choi.see();
  }
  // The next month begins with this one.
  await kim.page.goto(`${site.url}/console/drafts`);
  await kim.page.locator("#from").selectOption(SLUG);
  await submit(kim.page, "/console/drafts");
  await kim.see();
  assert.match(await kim.page.locator("#text").inputValue(), /slug = "tongyeong-2027-01"/);
  const english = await visitor(browser, site, { ...DESK, locale: "en-GB" });
  await english.addCookies(await kim.context.cookies());
  const page = await english.newPage();
  keepMarkup(page);
  for (const way of ["", "/drills", `/rounds/${SLUG}`, `/rounds/${SLUG}/day`, "/proposals/1", "/proposals/2"]) {
    await page.goto(`${site.url}/console${way}`);
    await look(page);
    await accessible(page);
    assert.equal(await page.locator("html").getAttribute("lang"), "en");
  }
  for (const { context } of [kim, lee, choi]) {
    // The pages of mistakes answer with their status, and the browser says so.
    context.seen.errors = context.seen.errors.filter((said) => !/\b422\b/.test(said));
    assertQuiet(context);
    await context.close();
  }
  await english.close();
});
