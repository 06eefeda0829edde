// The verifier that is one page: opened from a stick, and from a site that has nothing but the record.

import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

import { bigRecord, writeRecord } from "../../public-audit/browser/test/support/big.mjs";
import { sign } from "../../public-audit/browser/test/support/make.mjs";
import { specBlocks } from "../../public-audit/browser/test/support/read.mjs";
import { accessible, assertQuiet, launch, look, visitor } from "./support/look.mjs";
import { serveRecord } from "./support/record.mjs";

const AUDIT = fileURLToPath(new URL("../../public-audit/", import.meta.url));
const EXAMPLE = join(AUDIT, "example");
const PAGE = join(AUDIT, "browser/verify.html");
const MARKUP = readFileSync(PAGE, "utf8");

const PHONE = { locale: "ko-KR", viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const DESK = { locale: "en-GB", viewport: { width: 1280, height: 900 }, colorScheme: "dark" };

let browser, scratch;

before(async () => {
  browser = await launch();
  scratch = mkdtempSync(join(tmpdir(), "jebi-verify-"));
});

after(async () => {
  await browser?.close();
  rmSync(scratch, { recursive: true });
});

/** A visitor of the page from a stick. What a page of no site asks for has no origin either. */
async function fromStick(options) {
  const context = await visitor(browser, { url: "null" }, options);
  const page = await context.newPage();
  page.markup = MARKUP;
  await page.goto(pathToFileURL(PAGE).href);
  return { context, page };
}

const filesOf = (dir) => readdirSync(dir).map((name) => join(dir, name));
const verdict = async (page) => {
  await page.locator(".verdict").waitFor({ timeout: 120_000 });
  return page.locator(".verdict .sentence").innerText();
};
const statuses = (page) => page.locator("#list li").evaluateAll((items) => items.map((item) => item.dataset.status));

function tampered(name, change) {
  const dir = mkdtempSync(join(scratch, "tampered-"));
  cpSync(EXAMPLE, dir, { recursive: true });
  const path = join(dir, name);
  writeFileSync(path, change(readFileSync(path, "utf8")));
  return dir;
}

test("what happened after the draw: checked, and told whom it moved", async () => {
  for (const [options, seen] of [
    [PHONE, [/추첨 뒤에 바뀐 구매 시간/, /추첨 뒤에 이 배정은 끝났습니다/]],
    [DESK, [/My time since then/, /Since the draw, this place has ended/]],
  ]) {
    const { context, page } = await fromStick(options);
    await page.locator("#some").setInputFiles(filesOf(join(AUDIT, "example-after")));
    await verdict(page);
    assert.deepEqual(await statuses(page), Array(28).fill("PASS"));
    for (const [at, receipt] of ["5gfz-sfy7-q8s7-evkx", "hcqs-23jq-dybt-0x1s"].entries()) {
      await page.locator("#receipt").fill(receipt);
      await page.locator("#ask button").click();
      await page.locator(".ticket", { hasText: seen[at] }).waitFor();
      await look(page);
      await accessible(page);
    }
    await context.close();
  }
});

test("a phone in Korea, from a stick: the example's files, one's own minute, both languages", async () => {
  const { context, page } = await fromStick(PHONE);
  await look(page);
  await accessible(page);
  assert.equal(await page.locator("html").getAttribute("lang"), "ko");
  assert.ok(await page.locator("#site").isHidden());

  await page.locator("#some").setInputFiles(filesOf(EXAMPLE));
  assert.match(await verdict(page), /^추첨 기록이 맞습니다/);
  assert.deepEqual(await statuses(page), [...Array(25).fill("PASS"), ...Array(3).fill("SKIP")]);
  assert.match(await page.locator(".verdict").innerText(), /모의훈련/);

  await page.locator("#receipt").fill("0000");
  await page.locator("#ask button").click();
  assert.equal(await page.locator("#receipt").getAttribute("aria-invalid"), "true");
  await page.locator("#receipt").fill(" QECA-dx5d-kc6h-ad31 ");
  await page.locator("#ask button").click();
  const ticket = page.locator(".ticket");
  await ticket.waitFor();
  const told = (await ticket.innerText()).replace(/\s+/g, " ");
  for (const part of ["신청 5건 가운데 순번 5", "12월 2일", "오전 9:40", "100,000원", "13708675675765310174", "1120135320069489645"]) assert.ok(told.includes(part), `${part}: ${told}`);
  await look(page);
  await accessible(page);

  await page.locator("#language").click();
  assert.match((await ticket.innerText()).replace(/\s+/g, " "), /You are 5th of 5 .*9:40/);
  assert.match(await verdict(page), /^The record matches/);
  await accessible(page);
  assertQuiet(context);
  await context.close();
});

test("a signed receipt: kept, broken, and none at all, in both languages", async () => {
  const { context, page } = await fromStick(PHONE);
  assert.ok(await page.locator("#signed").isHidden());
  await page.locator("#some").setInputFiles(filesOf(EXAMPLE));
  await verdict(page);
  const answer = page.locator("#note-answer");
  const ask = async (text, kind) => {
    await page.locator("#note-text").fill(text);
    await page.locator("#note button").click();
    await page.locator(`.noted.${kind}`).waitFor();
    return (await answer.innerText()).replace(/\s+/g, " ");
  };
  const note = specBlocks().get("entry-note");
  assert.match(await ask(note, "holds"), /^약속대로입니다\. .*jebi\.example\/tongyeong.* 명부의 1번째 줄.*묶음 1.*11월 20일.*11월 21일/);
  await look(page);
  await accessible(page);
  await page.locator("#language").click();
  assert.match((await answer.innerText()).replace(/\s+/g, " "), /^As promised: .*It is line 1 of the pool\..*Batch 1 of the journal/);

  // The example's key is no secret.
  const broken = sign(note.split("\n\n")[0].replace("want=250000", "want=240000") + "\n", "jebi.example/tongyeong");
  assert.match(await ask(broken, "fault"), /^This is proof of a fault; keep both, .*not in the pool.*No batch of the journal/);
  await accessible(page);
  await page.locator("#language").click();
  assert.match((await answer.innerText()).replace(/\s+/g, " "), /^잘못이 있었다는 증거입니다\. .*둘 다 보관/);
  await look(page);
  await accessible(page);
  assert.match(await ask(note.replace("seats=2", "seats=1"), "unsigned"), /^이 회차의 올바른 서명이 없습니다/);
  assert.match(await ask("", "unread"), /^서명된 접수증이 아닙니다/);

  // Of a record that does not match as a whole a receipt may still be asked, and nothing is left of the one before.
  await page.locator("#some").setInputFiles(filesOf(tampered("result.txt", (text) => text.replace("190000", "200000"))));
  assert.match(await verdict(page), /맞지 않습니다/);
  assert.equal(await answer.innerText(), "");
  assert.match(await ask(note, "holds"), /^약속대로입니다/);
  await page.locator("#some").setInputFiles(filesOf(tampered("checkpoint.txt", (text) => text.replace("\n9\n", "\n8\n"))));
  await page.locator("#list li").nth(23).waitFor();
  assert.ok(await page.locator("#signed").isHidden());
  assertQuiet(context);
  await context.close();
});

test("a desk, in the dark: a folder, a drop, and what is tampered with fails by name", async () => {
  const { context, page } = await fromStick(DESK);
  await page.locator("#folder").setInputFiles(EXAMPLE);
  assert.match(await verdict(page), /^The record matches/);

  const cases = { "result-recomputed": ["result.txt", (text) => text.replace("190000", "200000")], "seal-signature": ["seal.txt", (text) => text.replace("10:00:00Z", "11:00:00Z")] };
  for (const [check, [name, change]] of Object.entries(cases)) {
    await page.locator("#some").setInputFiles(filesOf(tampered(name, change)));
    assert.match(await verdict(page), /^The record does not match/);
    const failed = await page.locator("#list [data-status=FAIL] > code").allInnerTexts();
    assert.ok(failed.includes(check), failed.join());
    assert.ok((await page.locator(".verdict").innerText()).includes(check));
    assert.ok(await page.locator("#mine").isHidden());
  }
  // One that cannot be made is told, too.
  await page.locator("#some").setInputFiles(filesOf(EXAMPLE).filter((path) => !path.endsWith("result.txt")));
  assert.match(await verdict(page), /^The record does not match/);
  assert.ok(await page.locator("#list li", { hasText: "result-recomputed" }).getByText("Skipped").isVisible());
  await look(page);
  await accessible(page);

  await drop(page, EXAMPLE);
  assert.match(await verdict(page), /^The record matches/);
  await page.locator("#some").setInputFiles([PAGE]);
  assert.match(await verdict(page), /^No files of a record/);
  await accessible(page);
  assertQuiet(context);
  await context.close();
});

async function drop(page, dir) {
  const files = readdirSync(dir).map((name) => [name, readFileSync(join(dir, name), "latin1")]);
  await page.evaluate((files) => {
    const dataTransfer = new DataTransfer();
    for (const [name, text] of files) dataTransfer.items.add(new File([Uint8Array.from(text, (letter) => letter.charCodeAt(0))], name));
    document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
  }, files);
}

test("a hundred thousand entries do not freeze the page, and can be stopped", async () => {
  const dir = join(scratch, "big");
  writeRecord(bigRecord(100_000), dir);
  const { context, page } = await fromStick(PHONE);
  await page.evaluate(() => {
    window.longest = 0;
    let last = performance.now();
    setInterval(() => {
      const now = performance.now();
      window.longest = Math.max(window.longest, now - last);
      last = now;
    }, 10);
  });
  await page.locator("#some").setInputFiles(filesOf(dir));
  await page.locator("#cancel").click();
  assert.match(await verdict(page), /그만두었습니다/);

  await page.locator("#some").setInputFiles(filesOf(dir));
  const seen = [];
  while (await page.locator("#work").isVisible()) {
    seen.push(await page.locator("#progress").evaluate((bar) => bar.value));
    await page.waitForTimeout(100);
  }
  assert.match(await verdict(page), /^추첨 기록이 맞습니다/);
  assert.deepEqual(await statuses(page), [...Array(25).fill("PASS"), ...Array(3).fill("SKIP")]);
  const longest = await page.evaluate(() => window.longest);
  console.log(`100,000 entries: ${await page.locator(".verdict").innerText()} longest gap of the page: ${Math.round(longest)} ms`);
  // A page that hangs hangs for seconds; how smooth it is, is not for a test to measure.
  assert.ok(longest < 3_000, `${longest} ms`);
  assert.ok(new Set(seen).size > 5, `the bar stood at ${[...new Set(seen)]}`);
  assert.deepEqual(seen, seen.toSorted((left, right) => left - right));
  assertQuiet(context);
  await context.close();
});

test("served by a site: the whole record, and one receipt with five small files", async () => {
  const site = await serveRecord(MARKUP, readFileSync(join(AUDIT, "browser/verify.csp"), "utf8").trim());
  try {
    const context = await visitor(browser, site, PHONE);
    const page = await context.newPage();
    page.markup = MARKUP;
    await page.goto(`${site.url}/rounds/t-2026-12/verify#${site.receipt}`);
    await accessible(page);
    site.asked.length = 0;

    assert.match(await page.locator("#light").innerText(), /공개 난수와 금액, 시각.*전체 검증/);
    await page.locator("#light button").click();
    assert.match(await verdict(page), /^접수번호가 봉인한 명부에 있고/);
    assert.match(await page.locator(".rank").innerText(), /신청 40건 가운데 순번 \d+$/);
    assert.match(await page.locator(".verdict").innerText(), /공개 난수와 금액, 시각.*전체 검증/);
    await page.locator("#language").click();
    for (const place of ["#light", ".verdict"]) assert.match(await page.locator(place).innerText(), /pulse, the amounts and the times .* full verification/);
    await page.locator("#language").click();
    assert.ok(await page.locator("#signed").isHidden());
    assert.deepEqual(site.asked.toSorted(), ["checkpoint.txt", `paths/${site.receipt}`, "rules.json", "seal.txt", "seed-input.txt"]);
    await look(page);
    await accessible(page);

    await page.locator("#fetch").click();
    await page.locator("#mine #ask").waitFor();
    assert.match(await verdict(page), /^추첨 기록이 맞습니다/);
    assert.deepEqual([...new Set(await statuses(page))], ["PASS"]);
    await page.locator("#receipt").fill(site.receipt);
    await page.locator("#ask button").click();
    await page.locator(".ticket").waitFor();
    assertQuiet(context);

    // From here on the site has nothing to say, which the console tells too.
    await page.locator("#light-receipt").fill("0000-0000-0000-0000");
    await page.locator("#light button").click();
    assert.match(await verdict(page), /증명이 없습니다/);
    site.stop();
    await page.locator("#fetch").click();
    await page.getByText("받지 못했습니다").waitFor();
    assert.deepEqual(context.seen.elsewhere, []);
    await context.close();
  } finally {
    site.stop();
  }
});
