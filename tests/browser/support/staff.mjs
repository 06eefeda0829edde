// How staff sign in, and what two of them do together.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";

import { accessible, keepMarkup, look, visitor } from "./look.mjs";

export const PASSWORD = "correct horse battery";
export const PHONE = { locale: "ko-KR", viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
export const DESK = { locale: "ko-KR", viewport: { width: 1280, height: 900 } };

/** What an authenticator app shows (RFC 6238) by the clock of `site`. */
export function digits(site, secret) {
  const bits = [...secret.replaceAll(" ", "")].map((c) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor((Date.now() / 1000 + site.seconds) / 30)));
  const mac = createHmac("sha1", key).update(counter).digest();
  const at = mac[19] & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

/** Presses a button or a link that leads on. */
export async function press(page, button) {
  await Promise.all([page.waitForNavigation(), button.click()]);
}

/** Sends the form that goes to this address. */
export const submit = (page, action) => press(page, page.locator(`form[action="${action}"] button[type=submit]`).first());

/** Somebody who signs in for the first time; `see` looks at each page on the way. */
export async function member(browser, site, name, options) {
  const context = await visitor(browser, site, options);
  const page = await context.newPage();
  keepMarkup(page);
  const scripts = options.javaScriptEnabled !== false;
  const see = async () => {
    await look(page);
    if (scripts) await accessible(page);
  };
  await page.goto(`${site.url}/console`);
  await see();
  await page.locator("#name").fill(name);
  await page.locator("#password").fill(PASSWORD);
  await submit(page, "/console/sign-in");
  await see();
  const secret = (await page.locator(".receipt code").innerText()).trim();
  await page.locator("#code").fill(digits(site, secret));
  await submit(page, "/console/enrol");
  await see();
  const codes = await page.locator(".recovery li").allInnerTexts();
  assert.equal(codes.length, 10);
  await submit(page, "/console/codes");
  await see();
  return { name, context, page, see, secret, codes };
}

/** A night has passed, and they are not signed in any more. */
export async function signIn(site, who) {
  await who.page.goto(`${site.url}/console`);
  await who.page.locator("#name").fill(who.name);
  await who.page.locator("#password").fill(PASSWORD);
  await who.page.locator("#code").fill(digits(site, who.secret));
  await submit(who.page, "/console/sign-in");
  assert.equal(new URL(who.page.url()).pathname, "/console");
}

/** What is noted is put forward by one and approved by the other. */
export async function decide(site, kim, lee) {
  await kim.see();
  const path = new URL(kim.page.url()).pathname;
  assert.match(path, /^\/console\/proposals\/\d+$/);
  await submit(kim.page, `${path}/put-forward`);
  await kim.see();
  assert.equal(await kim.page.locator(`form[action="${path}/approve"]`).count(), 0, "one alone");
  await lee.page.goto(`${site.url}/console`);
  await lee.see();
  await press(lee.page, lee.page.locator(`a[href="${path}"]`));
  await lee.see();
  // The session alone does not approve; it takes a code, which is said at its field.
  await submit(lee.page, `${path}/approve`);
  await lee.see();
  assert.match(await lee.page.locator('.errors a[href="#code"]').innerText(), /[가-힣].*[.요오다]$/);
  await lee.page.locator("#code").fill(lee.codes.pop());
  await submit(lee.page, `${path}/approve`);
  await lee.see();
  assert.match(await lee.page.locator("main").innerText(), /실행됨/);
}

/** A resident enters by mail; `wish` is the number of the amount in the list. */
export async function enter(browser, site, slug, address, wish = 3) {
  const context = await visitor(browser, site, DESK);
  const page = await context.newPage();
  const send = () => press(page, page.locator("#form button[type=submit]"));
  await page.goto(`${site.url}/rounds/${slug}/enter`);
  await page.locator("#email").fill(address);
  await page.locator("#consent").check();
  await send();
  const mail = await site.letter(address, (mail) => /\b\d{6}\b/.test(mail.body));
  await page.locator("#code").fill(mail.body.match(/\b\d{6}\b/)[0]);
  await send();
  await page.locator("#want").selectOption({ index: wish });
  await send();
  await send();
  await context.close();
}
