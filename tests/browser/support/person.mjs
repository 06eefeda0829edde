// A resident with a browser, and what all of them do: open a page, press what is there, say who they are.

import assert from "node:assert/strict";

import { assertQuiet, keepMarkup, visitor } from "./look.mjs";
import { korean } from "./site.mjs";
import { press } from "./staff.mjs";

/** When the last result notice has left. */
export const TOLD = korean("2026-12-04 12:00");

const WIDE = { viewport: { width: 1280, height: 900 } };
const NARROW = (width) => ({ viewport: { width, height: 780 }, hasTouch: true, isMobile: true });

export class Person {
  /** `contact` is a mail address or a mobile number. */
  static async arrives({ browser, site, eyes, slug }, { name, locale, width, scripts, contact, ...options }) {
    const screen = width < 1000 ? NARROW(width) : WIDE;
    const context = await visitor(browser, site, { locale, javaScriptEnabled: scripts, ...screen, ...options });
    const page = await context.newPage();
    keepMarkup(page);
    const title = `${name} in ${locale} at ${width} px${scripts ? "" : " without scripts"}`;
    return Object.assign(new Person(), { context, page, site, eyes, slug, contact, title, scripts, used: new Set(), korean: locale.startsWith("ko") });
  }

  at = (page) => `/rounds/${this.slug}${page}`;

  /** Opens an address, and looks at what is there. */
  async open(path) {
    await this.page.goto(this.site.url + path);
    await this.see();
  }

  async see() {
    await this.eyes.see(this.page);
  }

  /** Follows a link on the page, as a thumb would. */
  async follow(path) {
    await press(this.page, this.page.locator(`main a[href="${path}"]`).first());
    await this.see();
  }

  /** Presses the button of a form. */
  async send(form = "#form") {
    await press(this.page, this.page.locator(`${form} button[type=submit]`).first());
    await this.see();
  }

  text = () => this.page.locator("main").innerText();
  path = () => new URL(this.page.url()).pathname;
  receipt = async () => (await this.page.locator("p.receipt").first().innerText()).trim();
  word = async () => (await this.page.locator("section.now").first().getAttribute("class")).split(" ").at(-1);

  /** Wrong fields, as the page names them. */
  wrong = async () => await this.page.locator(".errors a").evaluateAll((links) => links.map((link) => link.getAttribute("href").slice(1)));

  /** From the page that asks who it is to the page behind it, by a code that really comes. */
  async confirm() {
    const byText = !this.contact.includes("@");
    await this.page.locator(`input[name=channel][value=${byText ? "sms" : "email"}]`).check();
    await this.page.locator(byText ? "#phone" : "#email").fill(this.contact);
    const consent = this.page.locator("#consent");
    if (await consent.count()) await consent.check();
    await this.send();
    assert.equal(this.path(), this.at("/code"));
    await this.page.locator("#code").fill(await this.code());
    await this.send();
  }

  /** The code that came last, and was not used yet. */
  async code() {
    // Six digits, and eight while somebody guesses.
    const digits = (text) => text.match(/\b\d{6,8}\b/)?.[0];
    const fresh = (text) => digits(text) && !this.used.has(digits(text));
    const found = this.contact.includes("@")
      ? (await this.site.letter(this.contact, (mail) => fresh(mail.body))).body
      : await this.site.text(this.contact, fresh);
    this.used.add(digits(found));
    return digits(found);
  }

  /** The page of one's own entry, saying again who one is where that is too long ago. */
  async mine() {
    await this.open(this.at("/my"));
    if (this.path() !== this.at("/my")) await this.confirm();
    assert.equal(this.path(), this.at("/my"), this.title);
  }

  /** When the page says that one may buy. */
  async minute() {
    return Date.parse(await this.page.locator("dl.ticket .big time").getAttribute("datetime"));
  }

  /** What the city tells: everybody's leaves in a minute of its own, and by this one all have. */
  async *told(wanted) {
    yield TOLD.getTime();
    if (!this.contact.includes("@")) return await this.site.text(this.contact, wanted);
    const mail = await this.site.letter(this.contact, (mail) => wanted(mail.body));
    assert.deepEqual(mail.defects, []);
    return mail.body;
  }

  async leaves() {
    this.context.seen.errors = this.context.seen.errors.filter((said) => !/\b422\b/.test(said));
    assertQuiet(this.context);
    await this.context.close();
  }
}
