// A month: from the clone of the last round to the archive, by a clerk and an approver, at a desk and with a phone.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";

import { assertQuiet, launch } from "./support/look.mjs";
import { Site, eventually } from "./support/site.mjs";
import { DESK, PHONE, decide, enter, member, press, signIn, submit } from "./support/staff.mjs";

const SLUG = "tongyeong-2026-12";
const LAST = `slug = "tongyeong-2026-11"
title_ko = "통영사랑상품권 11월"
title_en = "Tongyeong Love voucher, November"
price_percent = 90
mode = "share"
grace_hours = 12 # agreed with the sellers
spread_hours = 1
beacon = "none"
[goods]
unit = 10000
budget = 1000000
cap = 250000
[times]
opens = "2026-11-03 09:00"
closes = "2026-11-03 10:30"
seals = "2026-11-03 10:30"
reveals = "2026-11-03 10:30"
pulse = "2026-11-03 10:31"
results = "2026-11-03 11:00"
[[opening]]
first_day = "2026-11-04"
days = 1
parts = [{ name = "am", from = "09:00" }, { name = "pm", from = "13:00" }]
until = "18:00"
slot_minutes = 60
slot_capacity = 10
[[opening]]
catch_up = true
first_day = "2026-11-06"
days = 1
parts = [{ name = "am", from = "09:00" }]
until = "18:00"
slot_minutes = 60
slot_capacity = 10
[after]
offers = ["2026-11-05 10:00"]
lead_minutes = 60
[expect]
entrants = 40
[[dependency]]
name = "bank"
per_minute = 12
uses = { purchase = 1 }
`;

let site, browser;

beforeEach(async () => {
  site = await Site.start("2026-11-02 10:00", LAST);
  browser = await launch();
});

afterEach(async () => {
  await browser?.close();
  await site?.stop();
});

for (const [how, desk, phone] of [["at a desk", DESK, PHONE], ["with a phone", PHONE, DESK]]) {
  test(`a clerk ${how} and an approver run a month from its clone to the archive`, async () => {
    const kim = await member(browser, site, "kim", desk);
    const lee = await member(browser, site, "lee", phone);
    const text = async (who) => await who.page.locator("main").innerText();
    const go = async (who, path) => {
      await who.page.goto(`${site.url}${path}`);
      await who.see();
    };
    /** What is refused says at its fields what to do, in the reader's language. */
    const refused = async (who, fields) => {
      await who.see();
      for (const field of fields) {
        const said = await who.page.locator(`.errors a[href="#${field}"]`).innerText();
        assert.match(said, /[가-힣].*[.요오다]$/, field);
      }
      assert.equal(await who.page.locator(".errors a").count(), fields.length);
    };

    /** A mail, as time goes on: everybody's leaves in a minute of its own. */
    const letter = async (name, about, times) => {
      for (const at of times) {
        await site.travel(at);
        const mail = await site.letter(`${name}@example.com`, (mail) => about.test(mail.body)).catch(() => null);
        if (mail) return mail;
      }
      throw new Error(`no mail to ${name} about ${about} by ${times.at(-1)}`);
    };

    // The clone: dates, name and titles are those of the next month.
    await go(kim, "/console/drafts");
    await kim.page.locator("#from").selectOption("tongyeong-2026-11");
    await submit(kim.page, "/console/drafts");
    await kim.see();
    const draft = new URL(kim.page.url()).pathname;
    assert.match(await text(kim), /이대로 공고할 수 있습니다/);

    // Step by step; what is wrong is said at its field and not kept.
    await press(kim.page, kim.page.locator(`a[href="${draft}/steps/goods"]`));
    await kim.see();
    assert.equal(await kim.page.locator("#title_ko").inputValue(), "통영사랑상품권 12월");
    await kim.page.locator("#cap").fill("250,001");
    await submit(kim.page, `${draft}/steps/goods`);
    await refused(kim, ["cap"]);
    await kim.page.locator("#cap").fill("250,000원");
    await kim.page.locator("#budget").fill("2,000,000");
    await submit(kim.page, `${draft}/steps/goods`);

    // Who gets how much: a lottery must be explained, equal shares need not be.
    await kim.see();
    assert.match(await text(kim), /균등 배분\s+0 \(0 %\)/);
    await kim.page.locator("#mode-lottery").check();
    await submit(kim.page, `${draft}/steps/mode`);
    await refused(kim, ["because_ko", "because_en", "places"]);
    await kim.page.locator("#mode").check();
    await submit(kim.page, `${draft}/steps/mode`);

    await kim.see();
    await submit(kim.page, `${draft}/steps/dates`);
    await kim.see();
    await submit(kim.page, `${draft}/steps/groups`);
    // Back in the browser and sent again, it is what it looks like.
    await kim.page.goBack();
    await kim.page.goBack();
    await kim.page.locator("#results").fill("2026-12-01T11:00");
    await submit(kim.page, `${draft}/steps/dates`);
    await submit(kim.page, `${draft}/steps/groups`);
    await kim.see();
    await submit(kim.page, `${draft}/steps/hours-1`);
    await kim.see();
    await submit(kim.page, `${draft}/steps/hours-2`);

    // More people could come than there is room for: drawn and refused, and the smallest change has a button.
    await kim.see();
    await kim.page.locator("#at_most").fill("95");
    await press(kim.page, kim.page.locator('button[value="stay"]'));
    await kim.see();
    assert.ok((await kim.page.locator("figure.curve svg path.limit").count()) > 0, "the plan is drawn");
    assert.match(await text(kim), /이대로는 위험하여 공고할 수 없습니다|공고할 수 없습니다/);
    await go(kim, draft);
    assert.equal(await kim.page.locator(`form[action="${draft}/propose"]`).count(), 0, "it is refused");
    await submit(kim.page, `${draft}/change`);
    await kim.see();
    assert.match(await text(kim), /이대로 공고할 수 있습니다/);
    await go(kim, `${draft}/steps/dates`);
    await kim.page.locator("#opens").fill("2026-11-01T09:00");
    await submit(kim.page, `${draft}/steps/dates`);
    await refused(kim, ["opens"]);
    await go(kim, `${draft}/steps/notices`);
    await submit(kim.page, `${draft}/steps/notices`);
    await kim.see();
    assert.match(await kim.page.locator("#text").inputValue(), /# agreed with the sellers/, "a comment is kept");
    await go(kim, `${draft}/notices`);
    await go(kim, `${draft}/notice`);

    // Declined for a reason that the clerk reads; then approved.
    await go(kim, draft);
    await submit(kim.page, `${draft}/propose`);
    const first = new URL(kim.page.url()).pathname;
    await submit(kim.page, `${first}/put-forward`);
    await go(lee, first);
    await submit(lee.page, `${first}/decline`);
    await refused(lee, ["words"]);
    await lee.page.locator("#words").fill("은행에 한도를 한 번 더 물어봅시다");
    await submit(lee.page, `${first}/decline`);
    await go(kim, first);
    assert.match(await text(kim), /은행에 한도를 한 번 더 물어봅시다/);
    await go(kim, draft);
    await submit(kim.page, `${draft}/propose`);
    await decide(site, kim, lee);
    // What is announced stands: its draft has no steps and no buttons any more.
    await kim.page.goto(`${site.url}${draft}/steps/goods`);
    await kim.see();
    assert.equal(new URL(kim.page.url()).pathname, draft);
    assert.equal(await kim.page.locator("main form:not(.out)").count(), 0);
    for (const more of ["", "/notice", "/notices", "/compare"]) await go(lee, `/console/rounds/${SLUG}${more}`);

    // Opened by the clock; two people enter.
    await site.travel("2026-12-01 10:00");
    for (const who of [kim, lee]) await signIn(site, who);
    for (const name of ["younghee", "cheolsu"]) await enter(browser, site, SLUG, `${name}@example.com`);
    await eventually("both are counted", async () => {
      await kim.page.goto(`${site.url}/console/rounds/${SLUG}`);
      return /지금까지 2건/.test(await text(kim));
    });
    await kim.see();
    await go(kim, `/console/rounds/${SLUG}/compare`);
    assert.match(await text(kim), /2명이/);
    // Nothing of the day can be done yet, and the page that would says so.
    assert.equal(await kim.page.locator(`a[href$="/propose/shift"]`).count(), 0);

    // Sealed, drawn, and told.
    await site.travel("2026-12-01 10:20");
    for (const who of [kim, lee]) await who.page.goto(`${site.url}/console`);
    await site.travel("2026-12-01 10:30");
    await eventually("the seal", () => fetch(`${site.url}/rounds/${SLUG}/record/seal.txt`).then((answer) => answer.ok));
    await site.travel("2026-12-01 10:45");
    await eventually("the draw", async () => {
      await kim.page.goto(`${site.url}/console/rounds/${SLUG}`);
      return (await kim.page.locator(`a[href="/console/rounds/${SLUG}/day"]`).count()) > 0;
    });
    await kim.see();
    const told = {};
    for (const name of ["younghee", "cheolsu"]) {
      const mail = await letter(name, /12월 2일/, ["2026-12-01 11:30", "2026-12-01 12:05", "2026-12-01 12:30"]);
      told[name] = mail.body.match(/[a-z0-9]{4}(-[a-z0-9]{4}){3}/)[0];
    }
    await go(kim, `/rounds/${SLUG}`);

    // The day: an act without a reason is refused, one with a reason shows what residents will read.
    await site.travel("2026-12-02 08:40");
    for (const who of [kim, lee]) await signIn(site, who);
    await go(kim, `/console/rounds/${SLUG}/day`);
    await go(lee, `/console/rounds/${SLUG}/day`);
    await press(kim.page, kim.page.locator(`a[href="/console/rounds/${SLUG}/propose/shift"]`));
    await submit(kim.page, `/console/rounds/${SLUG}/propose/shift`);
    await refused(kim, ["reason"]);
    await kim.page.locator("#from").fill("2026-12-02T09:00");
    await kim.page.locator("#reason").fill("판매처 문을 늦게 엽니다");
    await submit(kim.page, `/console/rounds/${SLUG}/propose/shift`);
    assert.match(await kim.page.locator(".letter").first().innerText(), /오전 9:30부터/, "the text message");
    assert.match(await kim.page.locator(".letter").nth(1).innerText(), /판매처 문을 늦게 엽니다/, "the mail");
    await decide(site, kim, lee);
    await go(kim, `/console/rounds/${SLUG}/day`);
    assert.match(await text(kim), /판매처 문을 늦게 엽니다/);

    // One of them buys; the other misses the time, and what is left goes on by the clock.
    await site.travel("2026-12-03 09:30");
    await writeFile(join(site.folder, "bought.csv"), `receipt,time,amount\n${told.younghee},2026-12-02 18:20,230000\n`);
    // Looked at by one, who wants it taken in, and by another: then it is.
    for (const who of [kim, lee]) await signIn(site, who);
    await go(kim, `/console/rounds/${SLUG}/purchases`);
    await submit(kim.page, `/console/rounds/${SLUG}/purchases`);
    await refused(kim, ["list"]);
    await go(lee, `/console/rounds/${SLUG}/purchases`);
    for (const [who, said] of [[kim, /아직 넣지 않았습니다/], [kim, /다른 담당자가/], [lee, /아직 넣지 않았습니다/], [lee, /^넣었습니다\.$/m]]) {
      await who.page.locator("#list").setInputFiles(join(site.folder, "bought.csv"));
      await who.page.locator("#until").fill("2026-12-03T09:00");
      await submit(who.page, `/console/rounds/${SLUG}/purchases`);
      await who.see();
      assert.match(await text(who), said);
    }
    const again = await letter("cheolsu", /12월 4일/, ["10:01", "10:40", "11:20", "12:30"].map((at) => `2026-12-03 ${at}`));
    assert.deepEqual(again?.defects, [], "another time for who missed the first");
    for (const who of [kim, lee]) await signIn(site, who);
    await go(kim, `/console/rounds/${SLUG}`);
    await go(kim, `/console/rounds/${SLUG}/day`);

    // The end: everything can be read, nothing can be done but to take back a purchase that was found wrong, and the next
    // month begins with this one.
    await site.travel("2026-12-08 10:00");
    for (const who of [kim, lee]) await signIn(site, who);
    await eventually("the archive", async () => {
      await kim.page.goto(`${site.url}/console/rounds/${SLUG}`);
      return (await kim.page.locator(".tag.archived").count()) === 1;
    });
    await kim.see();
    const left = kim.page.locator(`a[href*="/propose/"]`);
    assert.deepEqual(await left.evaluateAll((all) => all.map((one) => one.getAttribute("href"))), [
      `/console/rounds/${SLUG}/propose/take-back`,
    ]);
    await go(lee, `/console/rounds/${SLUG}/day`);
    assert.equal(await lee.page.locator(`a[href*="/propose/"]`).count(), 0);
    await kim.page.goto(`${site.url}/console/rounds/${SLUG}/propose/shift`);
    await kim.page.locator("#from").fill("2026-12-09T09:00");
    await kim.page.locator("#reason").fill("끝난 회차입니다");
    await submit(kim.page, `/console/rounds/${SLUG}/propose/shift`);
    // A round that is over is left alone.
    await refused(kim, ["form"]);
    await go(kim, "/console/drafts");
    assert.equal(await kim.page.locator(`#from option[value="${SLUG}"]`).count(), 1);

    for (const { context } of [kim, lee]) {
      // The pages of mistakes answer with their status, and the browser says so.
      context.seen.errors = context.seen.errors.filter((said) => !/\b422\b/.test(said));
      assertQuiet(context);
      await context.close();
    }
  });
}
