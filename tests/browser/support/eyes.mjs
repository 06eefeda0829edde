// Every page that anybody in a suite comes to, looked at once as everybody else would see it: wide and narrow, large,
// in the dark, in forced colours, in the other languages; by its markup and by axe.
//
// The page is shown again, as it was sent and with its own policy, in a browser of ours that may run scripts: so a
// visitor without scripts, and the answer to a form with mistakes, are looked at like any other.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";

import { HtmlValidate } from "html-validate";

import { visitor } from "./look.mjs";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const validator = new HtmlValidate({ extends: ["html-validate:standard"] });

/** WCAG 2.2 AA, and what axe thinks good practice. */
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** How wide a page is looked at, and why. */
const WIDTHS = [[320, "an old phone"], [390, "a phone"], [640, "a desk at 200 %"], [1280, "a desk"]];

const LANGUAGES = ["ko", "en", "ko-simple"];
/** Of the same page in easy Korean only what its words can break: markup, what axe says, and whether it fits. */
const BRIEF = "ko-simple";

export class Eyes {
  constructor(browser, site) {
    Object.assign(this, { browser, site, seen: new Map(), looking: Promise.resolve(), wrong: [] });
  }

  async open() {
    this.context = await visitor(this.browser, this.site, { locale: "ko-KR", viewport: { width: 390, height: 800 } });
    // Pages forbid scripts that are not theirs; this comes from outside of them.
    await this.context.addInitScript(axe);
    this.page = await this.context.newPage();
    await this.context.route("**/*", (route) => {
      if (route.request().isNavigationRequest()) return route.fulfill(this.sent);
      return route.continue();
    });
    return this;
  }

  /** Keeps the page that somebody has before them, and the same page in the other languages, to look at meanwhile. */
  async see(page) {
    const { body, status, headers } = await page.sent;
    this.keep(page.url(), { status, headers, body });
    if (status !== 200 || page.method !== "GET") return;
    const jar = await page.context().cookies();
    const cookie = jar.filter(({ name }) => name !== "lang").map(({ name, value }) => `${name}=${value}`).join("; ");
    for (const lang of LANGUAGES.filter((lang) => !body.includes(`<html lang="${lang}"`))) {
      const url = new URL(page.url());
      url.searchParams.set("lang", lang);
      const answer = await fetch(url, { headers: { cookie, accept: "text/html" }, redirect: "manual" });
      if (answer.status !== 200) continue;
      const sent = { status: 200, headers: Object.fromEntries(answer.headers), body: await answer.text() };
      this.keep(url.href, sent, lang === BRIEF);
    }
  }

  /** One page after another, while people go on; what is wrong with any of them is told at the end. */
  keep(url, sent, brief = false) {
    const key = outline(url, sent.status, sent.body);
    if (this.seen.has(key) && (brief || !this.seen.get(key).brief)) return;
    this.seen.set(key, { url, brief });
    this.looking = this.looking.then(() => this.look(url, key, sent, brief)).catch((error) => this.wrong.push(error.message));
  }

  async look(url, key, { headers, body }, brief) {
    const where = `${key} (${url})`;
    const report = await validator.validateString(body);
    const wrong = report.results.flatMap((result) => result.messages).map((m) => `${m.line}: ${m.ruleId}: ${m.message}`);
    assert.deepEqual(wrong, [], `${where}: markup`);

    const kept = ["content-type", "content-security-policy"].filter((name) => headers[name]);
    this.sent = { status: 200, headers: Object.fromEntries(kept.map((name) => [name, headers[name]])), body };
    await this.page.emulateMedia({ forcedColors: "none", colorScheme: "light" });
    await this.page.goto(url);
    if (brief) {
      await this.page.setViewportSize({ width: 320, height: 800 });
      await this.fits(`${where}, an old phone`);
      await this.shoot(key, 320);
      return this.judge(where, { type: "tag", values: TAGS });
    }
    for (const [width, who] of WIDTHS) {
      await this.page.setViewportSize({ width, height: 800 });
      await this.fits(`${where}, ${who}`);
      if (width !== 640) await this.shoot(key, width);
    }
    await this.page.setViewportSize({ width: 390, height: 800 });
    // Letters twice as large, which browsers on phones can do without enlarging anything else.
    await this.page.evaluate(() => { document.documentElement.style.fontSize = "200%"; });
    await this.fits(`${where}, letters at 200 %`);
    await this.shoot(key, "large");
    await this.page.evaluate(() => { document.documentElement.style.fontSize = ""; });
    await this.judge(where, { type: "tag", values: TAGS });
    await this.page.emulateMedia({ colorScheme: "dark" });
    await this.judge(`${where}, in the dark`, { type: "rule", values: ["color-contrast"] });
    await this.shoot(key, "dark");
    await this.page.emulateMedia({ colorScheme: "light", forcedColors: "active" });
    await this.stands(`${where}, forced colours`);
    await this.shoot(key, "forced");
  }

  /** Nothing to the side. */
  async fits(where) {
    const [inner, scroll] = await this.page.evaluate(() => [document.documentElement.clientWidth, document.documentElement.scrollWidth]);
    assert.ok(scroll <= inner, `${where}: ${scroll} pixels wide on a screen of ${inner}`);
  }

  async judge(where, runOnly) {
    const { violations } = await this.page.evaluate((runOnly) => globalThis.axe.run(document, { resultTypes: ["violations"], runOnly }), runOnly);
    const told = violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((node) => `${node.html} ${node.failureSummary}`).join(" ")}`);
    assert.deepEqual(told, [], `${where}: axe`);
  }

  /** Where colours are the reader's own, what is pressed and filled in, and what must be noticed, has an edge. */
  async stands(where) {
    const lost = await this.page.evaluate(() => {
      const edged = (element) => {
        const style = getComputedStyle(element);
        return ["Top", "Bottom", "Left"].some((side) => style[`border${side}Style`] !== "none" && style[`border${side}Width`] !== "0px");
      };
      const all = ".button, input:not([type=hidden]):not([type=radio]):not([type=checkbox]), select, textarea, .errors, .warning, .good, .early, .now, .tag";
      return [...document.querySelectorAll(all)].filter((element) => element.checkVisibility() && !edged(element)).map((element) => element.outerHTML.slice(0, 120));
    });
    assert.deepEqual(lost, [], where);
  }

  /** For the eye, in the folder that JEBI_TEST_SHOTS names. */
  async shoot(key, how) {
    const folder = process.env.JEBI_TEST_SHOTS;
    if (!folder) return;
    const name = `${key}-${how}`.replaceAll(/[^\p{L}\d.-]+/gu, "_").slice(0, 120);
    await this.page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
  }

  async close() {
    await this.looking;
    assert.deepEqual(this.wrong, [], `of ${this.seen.size} pages`);
    assert.deepEqual(this.context.seen.elsewhere, [], "loaded from another origin");
    assert.deepEqual(this.context.seen.errors, [], "said on the console");
    await this.context.close();
  }
}

/** What tells pages apart: language, address, how it was answered, how things stand, what is said, and what is wrong. */
function outline(url, status, body) {
  const of = (pattern) => body.match(pattern)?.[1] ?? "";
  const { pathname } = new URL(url);
  const path = pathname.replaceAll(/\/[0-9a-z]{4}(-[0-9a-z]{4}){3}/g, "/RECEIPT");
  const wrong = body.split('class="error"').length - 1;
  return [of(/<html lang="([^"]+)"/), path, status, of(/<section class="now (\w+)"/), of(/<h2 id="answer"[^>]*>([^<]*)/), wrong].join(" ");
}
