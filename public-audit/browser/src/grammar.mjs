// The words of SPEC §2. Each reader returns what the text means or refuses it; a word that is missing is
// the empty one, lest a pattern takes it for "undefined".

import { need } from "./refusal.mjs";

const NUMBER = /^(?:0|[1-9][0-9]{0,15})$/;
const HEX32 = /^[0-9a-f]{64}$/;
const SLUG = /^[a-z0-9-]{1,64}$/;
const NAME = /^[a-z][a-z0-9_]{0,31}$/;
const VALUE = /^[a-z0-9._+-]{1,64}$/;
const RECEIPT = /^[0-9a-hjkmnp-tv-z]{4}(?:-[0-9a-hjkmnp-tv-z]{4}){3}$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

const word = (pattern, kind) => (text = "", what) => {
  need(pattern.test(text), () => `${what} is not ${kind}: ${excerpt(text)}`);
  return text;
};

export const hex32 = word(HEX32, "64 characters of hex");
export const slug = word(SLUG, "a slug");
export const name = word(NAME, "a name");
export const value = word(VALUE, "a value");
export const receipt = word(RECEIPT, "a receipt");

export const isReceipt = (text) => RECEIPT.test(text);

/** A number between two bounds. Sixteen digits do not fit a float, so it is a BigInt. */
export function number(text = "", what, least = 0n, most = 10n ** 16n - 1n) {
  need(NUMBER.test(text), () => `${what} is not a number: ${excerpt(text)}`);
  const found = BigInt(text);
  need(found >= least && found <= most, () => `${what} is ${found}, not ${least} to ${most}`);
  return found;
}

/** The same where the bounds are far below 2⁵³. */
export const smallNumber = (text, what, least, most) => Number(number(text, what, BigInt(least), BigInt(most)));

/** Seconds since 1970. */
export function instant(text = "", what) {
  const seconds = INSTANT.test(text) ? Date.parse(text) / 1000 : NaN;
  // Date turns the 30th of February into the 2nd of March; written again, it is another text.
  need(seconds >= 0 && instantText(seconds) === text, () => `${what} is not an instant: ${excerpt(text)}`);
  return seconds;
}

/** The last instant there is, 9999-12-31T23:59:59Z. */
export const LAST_INSTANT = 253_402_300_799;

/** So many seconds later, and never later than the last instant. */
export const later = (at, seconds) => Math.min(at + seconds, LAST_INSTANT);

export const instantText = (seconds) => new Date(seconds * 1000).toISOString().replace(".000Z", "Z");

/** Text without what a terminal obeys, and what is not seen or turns a line around: each such character as its number. */
export const plain = (text) => text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (one) => `\\u{${one.codePointAt(0).toString(16)}}`);

/** What a hostile file may put into our own sentences. */
export function excerpt(text) {
  const plain = text.replace(/[^\x20-\x7e]/g, "?");
  return JSON.stringify(plain.length > 60 ? `${plain.slice(0, 57)}...` : plain);
}

/** The words of a line that begins with `first` and has `count` more. */
export function words(line, first, count) {
  const found = line.split(" ");
  need(found[0] === first && found.length === count + 1, () => `not a line of ${first}: ${excerpt(line)}`);
  return found.slice(1);
}

/** -1, 0 or 1 by bytes. For ASCII, which is all that is sorted here, that is what JavaScript does. */
export const compare = (left, right) => (left < right ? -1 : left > right ? 1 : 0);
