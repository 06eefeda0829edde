// The nurse on night shifts: enters and changes her wish at three in the morning, asks whether a mail is the city's,
// waits for her minute with the page open, has her pass, and gives her place back.

import assert from "node:assert/strict";

import { korean } from "../support/site.mjs";

export async function* nurse(who) {
  const { page, site } = who;
  yield korean("2026-12-02 03:00").getTime();
  await who.open(`/rounds/${who.slug}`);
  await who.follow(who.at("/enter"));
  await page.locator("input[name=channel][value=email]").check();
  assert.equal(await page.locator("#phone").isVisible(), false, "the field for the other way is in the way");
  await who.confirm();
  await page.locator("#wish_1").selectOption("am");
  await who.send();
  // She goes back with the browser's own button, and finds what she answered.
  await page.goBack();
  assert.equal(await page.locator("#wish_1").inputValue(), "am");
  await page.locator("#wish_2").selectOption("am");
  await who.send();
  assert.deepEqual(await who.wrong(), ["wish_2"]);
  await page.locator("#wish_2").selectOption({ index: 0 });
  await who.send();
  await who.send();
  const receipt = await who.receipt();
  await page.reload();
  assert.equal(await page.locator(".fresh").count(), 0, "a reload sends nothing again");

  // Another shift was drawn up meanwhile: afternoons. The receipt stays, and so does every chance.
  await who.follow(who.at("/details"));
  await page.locator("#wish_1").selectOption("pm");
  await who.send();
  await who.send();
  assert.equal(await who.receipt(), receipt);
  await who.follow(who.at("/withdraw"));
  await who.follow(who.at("/my"));

  const minute = who.korean ? /12월 7일/ : /7 December/;
  const letter = yield* who.told((text) => minute.test(text) && text.includes(receipt));
  const check = letter.match(/\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b/)[0];
  await who.open("/sent");
  await page.locator("#code").fill(check.toLowerCase());
  await who.send();
  assert.equal(await page.locator("section[aria-labelledby=answer] dl dd").count(), 3);
  assert.match(await page.locator("section[aria-labelledby=answer] dl").innerText(), who.korean ? /12월 4일/ : /4 December/);

  await who.mine();
  assert.equal(await who.word(), "not_yet");
  await who.send(`form[action="${who.at("/pool")}"]`);
  assert.ok((await page.locator(".facts").innerText()).includes(receipt));
  await who.mine();
  const begins = await who.minute();
  // The page stays open, and her minute comes; without scripts a link does the same.
  yield begins - (who.scripts ? 8_000 : 6_000);
  await who.mine();
  if ((await who.word()) === "not_yet") {
    assert.equal(await page.locator(".alive").isVisible(), who.scripts, "only who can keep it promises to go on");
    if (!who.scripts) {
      yield begins + 500;
      await page.locator("#moment a").click();
    }
  }
  await page.locator("#pass").waitFor({ state: "attached", timeout: 15_000 });
  assert.equal(await who.word(), "your_turn");
  await who.see();
  assert.match(await page.locator("#pass").textContent(), /^[\w-]+\.[\w-]+\.[\w-]+$/);

  // She will be at work after all: given back, thought better of, given back.
  for (const [form, word] of [["return", "ended"], ["keep", "your_turn"], ["return", "ended"]]) {
    const button = page.locator(`form[action="${who.at(`/my/${form}`)}"] button`);
    if (!(await button.isVisible())) await page.locator(`details:has(form[action="${who.at(`/my/${form}`)}"]) summary`).click();
    await who.send(`form[action="${who.at(`/my/${form}`)}"]`);
    assert.equal(await who.word(), word);
  }
  const cookie = async () => (await who.context.cookies()).find(({ name }) => name === "jebi")?.value;
  const known = await cookie();
  await who.send(`form[action="${who.at("/my/leave")}"]`);
  assert.ok(known && (await cookie()) !== known, "the cookie that knew her is another");
  await who.page.goto(site.url + who.at("/my"));
  assert.equal(who.path(), who.at("/enter"), "forgotten on this device");
}
