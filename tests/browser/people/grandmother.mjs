// The grandmother with an old phone: easy Korean, letters of any size, no scripts, codes by text. She mistypes, loses
// her receipt twice, finds it again, and misses her time without harm.

import assert from "node:assert/strict";

import { korean } from "../support/site.mjs";
import { press } from "../support/staff.mjs";

export async function* grandmother(who) {
  const { page } = who;
  await who.open("/");
  if (who.korean) {
    await press(page, page.locator("nav.languages a[lang=ko-simple]"));
    await who.see();
    assert.equal(await page.locator("html").getAttribute("lang"), "ko-simple");
  }
  await who.follow(`/rounds/${who.slug}`);
  await who.follow(who.at("/enter"));

  // The number too short, and nothing agreed to: both are said at once, and what she typed is still there.
  await page.locator("input[name=channel][value=sms]").check();
  assert.equal(await page.locator("#phone").isVisible(), true, "the field for her number is hidden");
  await page.locator("#phone").fill("010-12");
  await who.send();
  assert.deepEqual(await who.wrong(), ["phone", "consent"]);
  assert.equal(await page.locator("#phone").inputValue(), "010-12");
  await page.locator("#phone").fill(who.contact);
  await page.locator("#consent").check();
  await who.send();
  await page.locator("#code").fill("000000");
  await who.send();
  assert.deepEqual(await who.wrong(), ["code"]);
  // As somebody types it who reads it aloud.
  const code = await who.code();
  await page.locator("#code").fill(`${code.slice(0, 3)} ${code.slice(3)}`);
  await who.send();
  assert.equal(who.path(), who.at("/details"));
  await page.locator("#wish_1").selectOption("am");
  await who.send();
  await who.send();
  assert.equal(who.path(), who.at("/my"));
  const receipt = await who.receipt();
  assert.match(receipt, /^[0-9a-z]{4}(-[0-9a-z]{4}){3}$/);
  await who.site.text(who.contact, (text) => text.includes(receipt));

  // Another day another phone: nothing in it knows her, and the receipt is lost.
  yield korean("2026-12-02 11:00").getTime();
  await who.context.clearCookies();
  await who.open(`/rounds/${who.slug}`);
  await who.follow(who.at("/my"));
  assert.equal(who.path(), who.at("/enter"));
  assert.equal(await page.locator("#consent").count(), 0, "looking at one's entry needs no consent");
  await who.confirm();
  assert.equal(await who.receipt(), receipt);

  // Sealed. Is she in it? She types what stands in her text, mistypes it, and needs no code for that.
  yield korean("2026-12-03 18:05").getTime();
  await who.open(who.at("/pool"));
  await page.locator("#receipt").fill(receipt.slice(0, -2));
  await who.send();
  assert.deepEqual(await who.wrong(), ["receipt"]);
  await page.locator("#receipt").fill(receipt.slice(0, -1) + (receipt.endsWith("7") ? "8" : "7"));
  await who.send();
  assert.equal(await page.locator(".warning code").innerText(), receipt);
  await page.locator("#receipt").fill(receipt.toUpperCase().replaceAll("-", " "));
  await who.send();
  assert.ok((await page.locator(".facts").innerText()).includes(`${receipt} seats=1`));

  // Told in her own minute of the morning, by text, without a link.
  const told = yield* who.told((text) => /12월 ?7일|7 December/.test(text));
  assert.ok(!/https?:|www\./.test(told), told);
  await who.mine();
  assert.equal(await who.word(), "not_yet");
  const minute = await who.minute();
  await who.follow(who.at("/my/why"));
  assert.ok((await who.text()).includes(receipt));

  yield minute + 20_000;
  await who.mine();
  assert.equal(await who.word(), "your_turn");
  assert.equal(await page.locator("svg[role=img]").isVisible(), true, "the pass as a code");

  // She did not buy. Her amount is kept, and there is a second time.
  yield korean("2026-12-08 18:30").getTime();
  await who.mine();
  assert.equal(await who.receipt(), receipt);
  assert.notEqual(await who.word(), "your_turn");
  yield korean("2026-12-09 10:30").getTime();
  await who.mine();
  assert.equal(await who.word(), "not_yet");
  yield (await who.minute()) + 1_000;
  await who.mine();
  assert.equal(await who.word(), "your_turn");
  // And after that one, too, the page says what holds.
  yield korean("2026-12-12 12:00").getTime();
  await who.mine();
  assert.equal(await who.word(), "ended");
}
