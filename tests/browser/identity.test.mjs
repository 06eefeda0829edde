// A resident and a clerk are let in by a certified identity provider, with a real browser: its redirects, its cookies,
// and ours, which do not come along from another site.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, test } from "node:test";

import { accessible, keepMarkup, launch, look, visitor } from "./support/look.mjs";
import { Site, korean } from "./support/site.mjs";
import { press } from "./support/staff.mjs";

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
closes = "2026-12-01 18:00"
seals = "2026-12-01 18:00"
reveals = "2026-12-01 18:00"
pulse = "2026-12-01 18:01"
results = "2026-12-01 18:01"
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

let site, browser, provider, issuer;

/** The certified provider beside the Rust tests, at the clock of the site. */
async function configure(url) {
  const options = {
    redirects: [`${url}/identity/back`, `${url}/console/back`],
    at: korean("2026-12-01 10:00").getTime(),
    accounts: { minji: { email: "minji@example.org", email_verified: true } },
  };
  const program = new URL("../peers/oidc/provider.mjs", import.meta.url).pathname;
  provider = spawn("node", [program, JSON.stringify(options)], { stdio: ["ignore", "pipe", "ignore"] });
  const [line] = await once(createInterface(provider.stdout), "line");
  issuer = `http://127.0.0.1:${JSON.parse(line).port}`;
  const secret = "a secret of the tests";
  return `
[identity.oidc]
issuer = "${issuer}"
client_id = "jebi"
client_secret = "${secret}"
scopes = ["email"]
claim = "email"
[identity.staff]
issuer = "${issuer}"
client_id = "jebi-console"
client_secret = "${secret}"
amr = ["mfa"]
`;
}

beforeEach(async () => {
  site = await Site.start("2026-12-01 10:00", ROUND, configure);
  browser = await launch();
});

afterEach(async () => {
  await browser?.close();
  await site?.stop();
  provider?.kill();
});

/** At the provider, and back: our page that leads there does so by itself. */
async function signIn(page, more = "") {
  await page.waitForURL(`${issuer}/interaction/**`);
  await page.setContent(`<form method="post" action="${page.url()}"><input name="login" value="minji">${more}<button>in</button></form>`);
  await page.locator("button").click();
}

for (const [name, options] of [["a phone", PHONE], ["a desk without scripts", { ...DESK, javaScriptEnabled: false }]]) {
  test(`a resident with ${name} is let in by the provider and enters`, async () => {
    const context = await visitor(browser, site, options);
    const page = await context.newPage();
    keepMarkup(page);
    const see = async () => {
      await look(page);
      if (options.javaScriptEnabled !== false) await accessible(page);
    };
    await page.goto(`${site.url}/rounds/${SLUG}/enter`);
    await see();
    // Without consent nobody leaves.
    await press(page, page.locator("button[name=door]"));
    assert.match(page.url(), /\/enter$/);
    await see();
    await page.locator("#consent").check();
    await page.locator("button[name=door]").click();
    await signIn(page);
    await page.waitForURL(`${site.url}/rounds/${SLUG}/details`);
    await see();
    await press(page, page.locator("#form button[type=submit]"));
    await press(page, page.locator("#form button[type=submit]"));
    await page.waitForURL(`${site.url}/rounds/${SLUG}/my`);
    await see();
    // Nothing of anybody in an address, and nothing from anywhere but the provider.
    const places = new Set(context.seen.elsewhere.map((url) => new URL(url).origin));
    assert.deepEqual([...places], [issuer]);
    assert.ok(context.seen.elsewhere.every((url) => !url.includes("minji")));
    // The provider has no icon, and the form without consent was to be refused; both are told by their addresses too.
    const expected = (error) => error.startsWith("Failed to load") || error.startsWith("422 ") || error.includes(issuer);
    assert.deepEqual(context.seen.errors.filter((error) => !expected(error)), []);
  });
}

test("a clerk is let in by the provider, with the role they have", async () => {
  await site.jebi(["clerk", "account", "kim", "minji"]);
  const context = await visitor(browser, site, DESK);
  const page = await context.newPage();
  keepMarkup(page);
  await page.goto(`${site.url}/console/sign-in`);
  await look(page);
  await accessible(page);
  await page.locator(`form[action="/console/account"] button`).click();
  await signIn(page, `<input name="amr" value="mfa">`);
  // The cookie of staff is `Strict`: it comes along because a page of ours leads on.
  await page.waitForURL(`${site.url}/console`);
  await look(page);
  await accessible(page);
  assert.match(await page.locator("body").innerText(), /kim/);
});
