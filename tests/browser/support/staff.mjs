// How staff sign in.

import { createHmac } from "node:crypto";

/** What an authenticator app shows (RFC 6238) by the clock of `site`. */
export function digits(site, secret) {
  const bits = [...secret.replaceAll(" ", "")].map((c) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor((Date.now() / 1000 + site.seconds) / 30)));
  const mac = createHmac("sha1", key).update(counter).digest();
  const at = mac[19] & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

/** Presses a button or a link that leads on. */
export async function press(page, button) {
  await Promise.all([page.waitForNavigation(), button.click()]);
}
