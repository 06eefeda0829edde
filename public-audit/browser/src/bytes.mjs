// Bytes and the three ways to write them.

import { need } from "./refusal.mjs";

const encoder = new TextEncoder();

export const utf8 = (text) => encoder.encode(text);

/** Text of bytes that are known to be ASCII. In pieces: a call takes only so many arguments. */
export function asciiText(bytes) {
  if (bytes.length <= 4096) return String.fromCharCode.apply(null, bytes);
  const pieces = [];
  for (let at = 0; at < bytes.length; at += 4096) pieces.push(asciiText(bytes.subarray(at, at + 4096)));
  return pieces.join("");
}

/** Text of bytes that must be UTF-8. A byte order mark is kept, so that the grammar refuses it. */
export function utf8Text(bytes, what) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    need(false, `${what} is not UTF-8`);
  }
}

const PAIRS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

export function toHex(bytes) {
  let text = "";
  for (const byte of bytes) text += PAIRS[byte];
  return text;
}

/** Bytes of hex that the grammar has let through. */
export function fromHex(text) {
  const bytes = new Uint8Array(text.length / 2);
  for (let at = 0; at < bytes.length; at++) bytes[at] = parseInt(text.slice(2 * at, 2 * at + 2), 16);
  return bytes;
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

export function toBase64(bytes) {
  return btoa(asciiText(bytes));
}

/** The standard alphabet with padding; bits that are not used are zero, so that there is one spelling. */
export function fromBase64(text, what) {
  need(BASE64.test(text), `${what} is not base64`);
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  need(toBase64(bytes) === text, `${what} has base64 with bits left over`);
  return bytes;
}

export function equal(left, right) {
  return left.length === right.length && left.every((byte, at) => byte === right[at]);
}
