// The clerk at the dong office, and the man without a phone: entered in a minute, told on paper; on another day he
// comes for nothing, and leaves with his time.

import assert from "node:assert/strict";

import { korean } from "../support/site.mjs";
import { digits, press } from "../support/staff.mjs";

export const PASSWORD = "correct horse battery";

export async function* dongOffice(who) {
  const { page, site } = who;
  const counter = `/console/counter/${who.slug}`;
  const submit = async (action) => {
    await press(page, page.locator(`form[action="${action}"] button[type=submit]`).last());
    await who.see();
  };
  const signIn = async () => {
    await who.open("/console");
    if (!who.path().endsWith("/sign-in")) return;
    await page.locator("#name").fill(who.clerk);
    await page.locator("#password").fill(PASSWORD);
    if (who.secret) await page.locator("#code").fill(digits(site, who.secret));
    await submit("/console/sign-in");
  };
  yield korean("2026-12-01 14:00").getTime();
  await signIn();
  who.secret = (await page.locator(".receipt code").innerText()).trim();
  await page.locator("#code").fill(digits(site, who.secret));
  await submit("/console/enrol");
  await submit("/console/codes");

  // Everything that is missing is said at once; what was read on his card is typed once.
  await who.open("/console/counter");
  await who.follow(counter);
  const begun = Date.now();
  await submit(counter);
  assert.deepEqual(await who.wrong(), ["name", "born", "id_seen", "consent"]);
  const { name, born, helper } = who.visitor;
  await page.locator("#name").fill(name);
  await page.locator("#born").fill(born);
  await page.locator("#id_seen").check();
  await page.locator("#consent").check();
  if (helper) {
    await page.locator("details:has(#helper_name) summary").click();
    await page.locator("#helper_name").fill(helper);
    await submit(counter);
    assert.deepEqual(await who.wrong(), ["relation"]);
    await page.locator("#relation").selectOption("child");
    await page.locator("#helper_born").fill("1975-05-05");
    await page.locator("#evidence").check();
  }
  await submit(counter);
  assert.equal(who.path(), `${counter}/check`);
  await submit(`${counter}/entry`);
  assert.ok(Date.now() - begun < 60_000, "the pages alone take a minute");
  const receipt = await who.receipt();
  assert.equal(await page.locator(".slip .qr").isVisible(), true);
  await who.open(`${counter}/paper`);

  // A wrong day: nothing to buy, nothing lost. He leaves with his own time on paper.
  yield korean("2026-12-05 10:00").getTime();
  await signIn();
  await who.open(`${counter}/find`);
  await page.locator("#born").fill(born);
  await submit(`${counter}/find`);
  const found = await who.text();
  assert.match(found, who.korean ? /12월 7일\(월\)/ : /Mon 7 December/);
  assert.ok(!found.includes(name), found);
  await submit(`${counter}/slip`);
  assert.equal(await who.receipt(), receipt);
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.locator("header.site").isVisible(), false);
  assert.equal(await page.locator(".slip").isVisible(), true);
  await page.emulateMedia({ media: "screen" });

  // He will not buy, and then he will: given back and kept at the counter, with his papers.
  await submit(`${counter}/undo`);
  assert.deepEqual(await who.wrong(), ["id_seen"]);
  for (const next of ["keep", "return"]) {
    await page.locator("#id_seen").check();
    await submit(`${counter}/undo`);
    assert.equal(await page.locator("#undo input[name=act]").inputValue(), next);
  }
}
