// The mother who enters for her child: in one entry with herself, with one time for both. What she can do, the page of
// the round says before she begins.

import assert from "node:assert/strict";

import { korean } from "../support/site.mjs";

export async function* mother(who) {
  const { page } = who;
  yield korean("2026-12-01 20:00").getTime();
  await who.open(`/rounds/${who.slug}`);
  assert.match(await page.locator("#others").innerText(), who.korean ? /19세 미만/ : /under 19/);
  await who.open(who.at("/pool"));
  assert.equal(await page.locator("#receipt").count(), 0, "there is no list yet");
  await who.open(`/rounds/${who.slug}`);
  await who.follow(who.at("/enter"));
  await who.confirm();
  // She is called away in the middle, for an hour; what she answered is still there.
  await page.locator("#wish_1").selectOption("pm");
  await who.send();
  yield korean("2026-12-01 21:00").getTime();
  await who.open(who.at("/details"));
  assert.equal(await page.locator("#wish_1").inputValue(), "pm");
  await who.send();
  await who.send();
  const receipt = await who.receipt();

  await who.follow(who.at("/people"));
  await page.locator("#name").fill("김하늘");
  await page.locator("#born").fill("2015-13-01");
  await who.send();
  assert.deepEqual(await who.wrong(), ["born"]);
  assert.equal(await page.locator("#name").inputValue(), "김하늘");
  await page.locator("#born").fill(who.child);
  await who.send();
  assert.equal(await page.locator("input[name=who]").count(), 1);
  // The same child twice is one child; taken out and put in again it is there.
  await page.locator("#name").fill("김 하늘");
  await page.locator("#born").fill(who.child);
  await who.send();
  assert.equal(await page.locator("input[name=who]").count(), 1);
  await who.send("form:has(input[value=remove])");
  assert.equal(await page.locator("input[name=who]").count(), 0);
  await page.locator("#name").fill("김하늘");
  await page.locator("#born").fill(who.child);
  await who.send();
  await who.send("form:has(input[value=open])");
  assert.equal(await page.locator("b.code").isVisible(), true, "a code for the father");

  await who.follow(who.at("/my"));
  assert.equal(await who.receipt(), receipt);
  assert.match(await who.text(), who.korean ? /2명/ : /People\s+2/);

  // Five minutes before she would have to say again who she is, the page says so, and gives more time without touching
  // what she types; without scripts a window of its own does.
  await who.open(who.at("/people"));
  yield Number(await page.locator("#ends").getAttribute("data-until")) - 303_000;
  await who.open(who.at("/people"));
  await page.locator("#name").fill("김바다");
  if (who.scripts) {
    await page.locator("#ends .warning").waitFor({ timeout: 30_000 });
    await page.locator("#ends button").click();
    await page.locator("#ends .good").waitFor();
  } else {
    const [more] = await Promise.all([who.context.waitForEvent("page"), page.locator("#stay button").click()]);
    await more.waitForLoadState();
    assert.equal(new URL(more.url()).pathname, "/stay");
    await more.close();
  }
  assert.equal(await page.locator("#name").inputValue(), "김바다");
  yield korean("2026-12-01 22:40").getTime();
  await who.open(who.at("/people"));
  assert.equal(who.path(), who.at("/people"), "known for longer");

  yield* who.told((text) => text.includes("500,000") && /7 December|12월 7일/.test(text));
  await who.mine();
  assert.match(await who.text(), /₩?500,000/);
  yield (await who.minute()) + 60_000;
  await who.mine();
  assert.equal(await who.word(), "your_turn");
}
