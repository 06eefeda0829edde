// A page that waits for one's own second: it goes on by itself, never early, whatever the phone's clock says; asks
// politely meanwhile; and where it cannot, a link does the same. The clock is the test's, the browser is real.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";

import { launch } from "./support/look.mjs";

const SCRIPT = await readFile(new URL("../../templates/static/moment.js", import.meta.url), "utf8");
const BEGINS = Date.UTC(2026, 11, 2, 1, 20);
let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

/** A server with a clock of its own, `skew` milliseconds ahead of the browser's. */
async function waiting({ startsIn, skew = 0, ...options }) {
  const context = await browser.newContext(options);
  const server = { time: BEGINS, startsAt: BEGINS + startsIn, version: "0.0", down: false, asked: [], shown: [] };
  const page = (main) => `<!DOCTYPE html><html lang="ko"><title>t</title><main id="main">${main}</main>`;
  const answers = {
    "/my": () => {
      if (server.time >= server.startsAt) return page('<h1>지금</h1><code id="pass">eyJ</code>');
      const data = `data-starts-at="${server.startsAt}" data-now="${server.time}" data-version="${server.version}"`;
      return page(`<h1>아직</h1><p id="moment" ${data} data-poll="/moment"><span hidden class="alive">기다리면 됩니다.</span>
        <a href="/my">다시 보기</a></p><script src="/moment.js" defer></script>`);
    },
    "/gate/wait": () => page('<p hidden class="alive">x</p><a id="again" href="/gate">다시</a><script src="/moment.js" defer></script>'),
    "/gate": () => page("<h1>판매처</h1>"),
  };
  await context.route("**/*", (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname === "/moment.js") return route.fulfill({ body: SCRIPT, contentType: "text/javascript" });
    if (pathname === "/moment") server.asked.push(server.time);
    if (pathname === "/my") server.shown.push(server.time);
    if (server.down) return route.fulfill({ status: 503, body: "" });
    if (pathname === "/moment") return route.fulfill({ json: { now: server.time, version: server.version } });
    return answers[pathname]
      ? route.fulfill({ body: answers[pathname](), contentType: "text/html; charset=utf-8" })
      : route.fulfill({ status: 404, body: "" });
  });
  const tab = await context.newPage();
  // It goes on until it stands, and a busy machine takes its time: a clock cannot be stopped at a moment that is over.
  await tab.clock.install({ time: BEGINS - skew - 60_000 });
  await tab.clock.pauseAt(BEGINS - skew);
  await tab.goto("http://jebi.test/my");
  /** Both clocks go on, a quarter of a second at a time, and what was asked is answered. */
  const pass = async (seconds) => {
    for (let step = 0; step < seconds * 4; step++) {
      server.time += 250;
      await tab.clock.runFor(250);
      await tab.evaluate(() => undefined);
    }
  };
  return { tab, server, pass, close: () => context.close() };
}

const isThere = (tab) => tab.locator("#pass").count();

for (const skew of [0, 420_000, -420_000]) {
  test(`goes on at its second, with a clock ${skew / 1000} s behind`, async () => {
    const { tab, server, pass, close } = await waiting({ startsIn: 190_000, skew });
    assert.equal(await tab.locator(".alive").isVisible(), true);
    await pass(188);
    assert.equal(await isThere(tab), 0);
    assert.equal(server.shown.length, 1, "nobody reloads before");
    const gaps = server.asked.map((at, n) => at - (server.asked[n - 1] ?? BEGINS));
    assert.ok(gaps.length >= 2 && gaps.every((gap) => gap >= 20_000 && gap <= 61_000), `${gaps}`);
    await pass(4);
    assert.equal(await isThere(tab), 1);
    assert.ok(server.shown[1] >= server.startsAt && server.shown[1] <= server.startsAt + 1_500, `${server.shown}`);
    const asked = server.asked.length + server.shown.length;
    await pass(120);
    assert.equal(server.asked.length + server.shown.length, asked, "what is there is not asked for again");
    await close();
  });
}

test("shows another time when something is moved", async () => {
  const { tab, server, pass, close } = await waiting({ startsIn: 300_000 });
  Object.assign(server, { version: "1.0", startsAt: BEGINS + 900_000 });
  await pass(65);
  assert.equal(await tab.locator("#moment").getAttribute("data-starts-at"), String(server.startsAt));
  await pass(300);
  assert.equal(await isThere(tab), 0);
  await close();
});

test("keeps asking politely while nobody answers, and goes on when somebody does", async () => {
  const { tab, server, pass, close } = await waiting({ startsIn: 30_000 });
  server.down = true;
  await pass(180);
  assert.ok(server.asked.length + server.shown.length <= 11, `${server.asked} ${server.shown}`);
  assert.equal(await tab.getByRole("link").getAttribute("href"), "/my");
  server.down = false;
  await pass(70);
  assert.equal(await isThere(tab), 1);
  await close();
});

test("comes back to the gate at another moment than others", async () => {
  const { tab, pass, close } = await waiting({ startsIn: 0 });
  await tab.goto("http://jebi.test/gate/wait");
  await pass(3);
  assert.equal(new URL(tab.url()).pathname, "/gate/wait");
  await Promise.all([tab.waitForURL("**/gate"), tab.clock.runFor(10_000).catch(() => {})]);
  await close();
});

test("without a script a link does the same, and nothing else is promised", async () => {
  const { tab, close } = await waiting({ startsIn: 60_000, javaScriptEnabled: false });
  assert.equal(await tab.locator(".alive").isVisible(), false);
  assert.equal(await tab.getByRole("link", { name: "다시 보기" }).isVisible(), true);
  await close();
});
