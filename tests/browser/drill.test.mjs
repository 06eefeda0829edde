// The report of a drill, as a clerk opens it from a folder: in both languages, and for whoever cannot see its charts.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";

import { accessible, assertQuiet, launch, look, visitor } from "./support/look.mjs";

const PHONE = { locale: "ko-KR", viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const DESK = { locale: "en-GB", viewport: { width: 1280, height: 900 } };

/** What is read, in the language that is chosen. */
const SEEN = [
  [PHONE, "to-ko", "언어", "모의훈련 보고: ", ["세 가지 규칙", "다섯 고비", "실제 접속에서 센 것", "일으킨 장애"], /^선착순\(모두 한 시각\): 첫 4시간$/],
  [DESK, "to-en", "Language", "Drill report: ", ["The three rules", "The five spikes", "Counted over sockets", "Trouble that was made"],
    /^First come, first served \(one moment for all\): its first 4 h$/],
];

let browser, scratch, report;

before(async () => {
  browser = await launch();
  scratch = mkdtempSync(join(tmpdir(), "jebi-drill-"));
  report = join(scratch, "report");
  // As few as there can be of each kind; whether the round holds is not asked here.
  const options = ["drill", "tongyeong", "--scale", "0.003", "--sample", "10000", "--report", report];
  const drill = spawn(process.env.JEBI_TEST_BINARY, options, { cwd: scratch, stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  drill.stderr.on("data", (data) => { said += data; });
  const [code] = await once(drill, "close");
  assert.ok(existsSync(join(report, "index.html")), `${code}: ${said}`);
});

after(async () => {
  await browser?.close();
  rmSync(scratch, { recursive: true });
});

test("in one language at a time, every chart and table by its name", async () => {
  for (const [options, choice, group, title, tables, chart] of SEEN) {
    const context = await visitor(browser, { url: "null" }, options);
    const page = await context.newPage();
    page.markup = readFileSync(join(report, "index.html"), "utf8");
    await page.goto(pathToFileURL(join(report, "index.html")).href);
    await page.locator(`label[for=${choice}]`).click();
    await page.getByRole("group", { name: group, exact: true }).waitFor();
    assert.ok((await page.locator("h1").innerText()).startsWith(title));
    for (const name of tables) assert.equal(await page.getByRole("region", { name, exact: true }).count(), 1, name);
    assert.equal(await page.getByRole("img", { name: chart }).count(), 1);
    // Nothing of the other language is read out.
    const other = choice === "to-ko" ? ".en" : ".ko";
    const both = await page.locator(other).evaluateAll((all) => all.filter((one) => one.checkVisibility()).map((one) => one.outerHTML));
    assert.deepEqual(both, []);
    // No word of a chart is cut off at its edge.
    const cut = await page.locator("svg text").evaluateAll((all) => all.filter((one) => one.checkVisibility() && (() => {
      const [word, chart] = [one, one.ownerSVGElement].map((each) => each.getBoundingClientRect());
      return word.left < chart.left || word.right > chart.right || word.top < chart.top || word.bottom > chart.bottom;
    })()).map((one) => one.textContent));
    assert.deepEqual(cut, []);
    const details = page.locator("details");
    assert.equal(await details.count(), 3);
    for (const one of await details.all()) {
      await one.locator("summary").click();
      assert.equal(await one.locator("tbody tr").count(), 24);
    }
    await look(page);
    await accessible(page);
    assertQuiet(context);
    await context.close();
  }
});

test("with keys alone: the language, and a table that is wider than the screen", async () => {
  const context = await visitor(browser, { url: "null" }, { ...PHONE, viewport: { width: 320, height: 640 } });
  const page = await context.newPage();
  await page.goto(pathToFileURL(join(report, "index.html")).href);
  await page.keyboard.press("Tab");
  await page.keyboard.press("ArrowRight");
  assert.ok((await page.locator("h1").innerText()).startsWith("Drill report: "));
  await page.getByRole("region", { name: "The three rules" }).focus();
  assert.equal(await page.evaluate(() => document.activeElement.tagName), "SECTION");
  await context.close();
});
