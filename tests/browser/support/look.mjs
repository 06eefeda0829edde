// What must be true of every page, whoever looks at it and with whatever.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";

import { HtmlValidate } from "html-validate";
import { chromium } from "playwright-core";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const validator = new HtmlValidate({ extends: ["html-validate:standard"] });

/** The browser that is installed; nothing is downloaded. */
export const launch = () =>
  chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu", "--disable-quic"] });

/** A visitor whose every request and complaint is kept in `context.seen`. */
export async function visitor(browser, site, options) {
  const context = await browser.newContext({ timezoneId: "Asia/Seoul", ...options });
  context.seen = { elsewhere: [], errors: [] };
  context.on("request", (request) => {
    if (new URL(request.url()).origin !== site.url) context.seen.elsewhere.push(request.url());
  });
  context.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) context.seen.errors.push(message.text());
  });
  context.on("weberror", (error) => context.seen.errors.push(String(error.error())));
  context.on("response", (response) => {
    if (response.status() >= 400) context.seen.errors.push(`${response.status()} ${response.url()}`);
  });
  return context;
}

/** Looks at the page that is open: its markup, its width, and with axe if scripts may run. */
export async function look(page) {
  const where = new URL(page.url()).pathname;
  const report = await validator.validateString(await page.markup);
  const wrong = report.results.flatMap((result) => result.messages).map((m) => `${m.line}: ${m.ruleId}: ${m.message}`);
  assert.deepEqual(wrong, [], `${where}: markup`);

  const size = page.viewportSize();
  await page.setViewportSize({ width: 320, height: 640 });
  const [inner, scroll] = await Promise.all([width(page, "clientWidth"), width(page, "scrollWidth")]);
  assert.ok(scroll <= inner, `${where}: ${scroll} pixels wide on a screen of 320`);
  await page.setViewportSize(size);
  await shoot(page);
}

/** For the eye: each page that is looked at as a picture, in the folder that JEBI_TEST_SHOTS names. */
async function shoot(page) {
  const folder = process.env.JEBI_TEST_SHOTS;
  if (!folder) return;
  const name = `${await page.locator("html").getAttribute("lang")}${new URL(page.url()).pathname}`.replaceAll("/", "_");
  await page.screenshot({ path: join(folder, `${name}-${++shots}.png`), fullPage: true });
}
let shots = 0;

// Playwright's own evaluation works with JavaScript disabled: the page's scripts are what is off.
const width = (page, key) => page.evaluate((key) => document.documentElement[key], key);

/** Keeps the markup of each document as it was sent, not as the browser mended it. */
export function keepMarkup(page) {
  page.on("response", (response) => {
    const redirect = response.status() >= 300 && response.status() < 400;
    if (response.request().resourceType() !== "document" || redirect) return;
    page.markup = response.text();
    page.sent = page.markup.then((body) => ({ body, status: response.status(), headers: response.headers() }));
    // Whoever leaves before it has come wants to know nothing of it.
    page.sent.catch(() => {});
    page.method = response.request().method();
  });
}

/** Nothing at all that axe finds, of whatever impact. Needs a context with scripts. */
export async function accessible(page) {
  // Our policy forbids scripts in pages, also this one: axe is brought in from outside of it.
  const { violations } = await page.evaluate(`${axe}; axe.run(document, { resultTypes: ["violations"] })`);
  const told = violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((node) => node.html).join(" ")}`);
  assert.deepEqual(told, [], `${new URL(page.url()).pathname}: axe`);
}

/** Nothing from elsewhere, nothing on the console, all visit long. */
export function assertQuiet(context) {
  assert.deepEqual(context.seen.elsewhere, [], "loaded from another origin");
  assert.deepEqual(context.seen.errors, [], "said on the console");
}
