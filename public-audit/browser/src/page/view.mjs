// Draws what the worker has told. Everything is drawn again when the language changes.

import { sentenceOf } from "../strings.mjs";
import { element, get } from "./element.mjs";

export function drawChecks(words, checks) {
  get("checks").hidden = checks.length === 0;
  get("list").replaceChildren(...checks.map((check) => checkItem(words, check)));
}

/** One more line, without drawing those that are there. */
export function addCheck(words, check) {
  get("checks").hidden = false;
  get("list").append(checkItem(words, check));
}

function checkItem(words, check) {
  const item = element("li", { "data-status": check.status },
    element("span", { class: "status" }, words.say(check.status)),
    element("code", {}, check.name),
    element("span", { class: "sentence" }, ...withHashes(sentenceOf(words.language, check))));
  if (check.detail) item.append(element("span", { class: "detail", lang: "en" }, check.detail));
  return item;
}

/** A sentence whose hashes stand by themselves, where they can be compared. */
function withHashes(sentence) {
  return sentence.split(/([0-9a-f]{64})/).map((part, at) => (at % 2 === 1 ? element("code", { class: "hash" }, part) : part));
}

/** What a verdict must not be read without, unless chance came from quicknet. */
const WARNINGS = { none: "warning-none", drand: "warning-drand", declared: "warning-declared" };

/** The one sentence that matters, and what belongs to it. */
export function drawVerdict(words, { done, trouble, checks, seconds }) {
  const box = get("verdict");
  if (!done && !trouble) return box.replaceChildren();
  const [kind, key, more] = trouble ? troubleOf(words, trouble) : verdictOf(words, done, checks, seconds);
  box.replaceChildren(element("div", { class: `verdict ${kind}` }, element("p", { class: "sentence" }, words.say(key, trouble?.values)), ...more));
}

function troubleOf(words, { key, detail }) {
  return ["unread", key, detail ? [element("p", { class: "hint", lang: "en" }, detail)] : []];
}

function verdictOf(words, done, checks, seconds) {
  const more = [];
  const failed = checks.filter(({ status }) => status === "FAIL").map(({ name }) => name);
  if (failed.length > 0) more.push(words.say("verdict-failed-checks", { names: failed.join(", ") }));
  if (WARNINGS[done.chance]) more.push(words.say(WARNINGS[done.chance]));
  if (done.kind === "light" && done.matches) more.push(words.say("light-scope"));
  more.push(words.say("seconds", { seconds: words.number(seconds) }));
  return [done.matches ? "holds" : "fails", verdictKey(done), more.map((text) => element("p", {}, text))];
}

function verdictKey({ kind, matches, mine }) {
  if (kind === "whole") return matches ? "verdict-holds" : "verdict-fails";
  if (!matches) return "verdict-light-fails";
  return mine ? "verdict-light" : "verdict-light-sealed";
}

/** What a record says about one receipt, or that it is not there. */
export function drawMine(words, asked, into) {
  if (!asked) return into.replaceChildren();
  if (!asked.mine) return into.replaceChildren(element("p", { class: "notice" }, words.say("mine-absent")));
  into.replaceChildren(ticket(words, asked.mine));
}

function ticket(words, mine) {
  const facts = element("dl", { class: "facts" });
  const fact = (key, ...what) => facts.append(element("div", {}, element("dt", {}, words.say(key)), element("dd", {}, ...what)));
  if (mine.start !== undefined) {
    fact("mine-start", element("b", {}, words.minute(mine.start)));
    fact("mine-amount", words.say("mine-won", { amount: words.number(mine.amount) }));
    fact("mine-slot", element("code", {}, mine.slot));
  }
  if (mine.now?.start !== undefined) {
    fact("mine-now", element("b", {}, words.minute(mine.now.start)), element("span", { class: "hint" },
      words.say("mine-won", { amount: words.number(mine.now.amount) })));
  }
  fact("mine-lot", element("code", {}, String(mine.lot)), ...(mine.lots.length > 1
    ? [element("span", { class: "hint" }, words.say("mine-lots", { count: words.number(mine.lots.length) }))] : []));
  if (mine.before) fact("mine-before", ...lotsBefore(words, mine.before));
  const rank = words.say("mine-rank", { rank: words.rank(mine.rank), count: words.number(mine.count) });
  return element("div", { class: "ticket" },
    element("p", { class: "rank" }, rank),
    ...(mine.now?.ended ? [element("p", {}, words.say("mine-ended"))] : []),
    ...(mine.start === undefined && !mine.now ? [element("p", {}, words.say("mine-waitlisted"))] : []),
    facts,
    element("p", { class: "hint" }, words.say("mine-why")));
}

/** What a record says about a signed receipt. */
export function drawNoted(words, noted, into) {
  if (!noted) return into.replaceChildren();
  const { verdict, facts, detail } = noted;
  const more = ["fault", "removed"].includes(verdict) ? [element("p", { class: "hint" }, words.say(`note-${verdict}-more`))] : [];
  if (detail) more.push(element("p", { class: "hint", lang: "en" }, detail));
  into.replaceChildren(element("div", { class: `noted ${verdict}` },
    element("p", { class: "sentence" }, words.say(`note-${verdict}`)),
    element("ul", {}, ...facts.map(([key, values]) => element("li", {}, words.say(key, readable(words, values))))),
    ...more));
}

/** Instants and numbers as one writes them. */
function readable(words, { at, by, line, ...values }) {
  const found = { ...values };
  if (at !== undefined) found.at = words.minute(at);
  if (by !== undefined) found.by = words.minute(by);
  if (line !== undefined) found.line = words.number(line);
  return found;
}

function lotsBefore(words, before) {
  if (before.length === 0) return [words.say("mine-first")];
  return before.map(({ rank, lot }) => element("span", { class: "lot" },
    element("span", {}, words.say("mine-before-one", { rank: words.rank(rank) })), element("code", {}, String(lot))));
}
