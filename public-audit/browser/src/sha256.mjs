// SHA-256 (FIPS 180-4). Our own, because Web Crypto only answers later and is missing on file: pages.

import { toHex, utf8 } from "./bytes.mjs";

/** The first 32 bits of the fractional part of `root` of each of the first `count` primes. */
function fractions(count, root) {
  const words = new Int32Array(count);
  for (let candidate = 2, found = 0; found < count; candidate++) {
    let prime = true;
    for (let factor = 2; factor * factor <= candidate; factor++) if (candidate % factor === 0) prime = false;
    if (prime) words[found++] = bits(candidate, root);
  }
  return words;
}

/** Exact: a float's root has no 32 bits to spare behind the comma of the larger primes. */
function bits(prime, root) {
  const target = BigInt(prime) << BigInt(32 * root);
  let low = 0n, high = 1n << 40n;
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (middle ** BigInt(root) <= target) low = middle;
    else high = middle;
  }
  return Number(BigInt.asIntN(32, low));
}

const START = fractions(8, 2);
const ROUND = fractions(64, 3);
const schedule = new Int32Array(64);

export class Sha256 {
  #state = START.slice();
  #block = new Uint8Array(64);
  #filled = 0;
  #length = 0;

  update(bytes) {
    this.#length += bytes.length;
    let at = 0;
    if (this.#filled > 0) {
      at = Math.min(64 - this.#filled, bytes.length);
      for (let i = 0; i < at; i++) this.#block[this.#filled + i] = bytes[i];
      this.#filled += at;
      if (this.#filled < 64) return this;
      compress(this.#state, this.#block, 0);
      this.#filled = 0;
    }
    for (; at + 64 <= bytes.length; at += 64) compress(this.#state, bytes, at);
    while (at < bytes.length) this.#block[this.#filled++] = bytes[at++];
    return this;
  }

  /** A second stream that begins with what this one has seen. */
  clone() {
    const copy = new Sha256();
    copy.#state.set(this.#state);
    copy.#block.set(this.#block);
    copy.#filled = this.#filled;
    copy.#length = this.#length;
    return copy;
  }

  /** The 32 bytes, written to `into` at `offset`. Nothing can be added afterwards. */
  digest(into = new Uint8Array(32), offset = 0) {
    const block = this.#block;
    block[this.#filled++] = 0x80;
    if (this.#filled > 56) {
      block.fill(0, this.#filled);
      compress(this.#state, block, 0);
      this.#filled = 0;
    }
    block.fill(0, this.#filled);
    const high = Math.floor(this.#length / 2 ** 29), low = (this.#length % 2 ** 29) * 8;
    for (let i = 0; i < 4; i++) {
      block[56 + i] = high >>> (24 - 8 * i);
      block[60 + i] = low >>> (24 - 8 * i);
    }
    compress(this.#state, block, 0);
    for (let i = 0; i < 32; i++) into[offset + i] = this.#state[i >> 2] >>> (24 - 8 * (i & 3));
    return into;
  }
}

function compress(state, bytes, at) {
  const w = schedule;
  for (let i = 0; i < 16; i++, at += 4) {
    w[i] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
  }
  for (let i = 16; i < 64; i++) {
    const x = w[i - 15], y = w[i - 2];
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0;
  }
  // One by one: taking a typed array apart goes through its iterator, and this runs a million times.
  let a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
  for (let i = 0; i < 64; i++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + ROUND[i] + w[i]) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + t1) | 0;
    d = c; c = b; b = a; a = (t1 + t2) | 0;
  }
  state[0] += a; state[1] += b; state[2] += c; state[3] += d;
  state[4] += e; state[5] += f; state[6] += g; state[7] += h;
}

/** The digest of parts one after another, each bytes or text. */
export function sha256(...parts) {
  const hash = new Sha256();
  for (const part of parts) hash.update(typeof part === "string" ? utf8(part) : part);
  return hash.digest();
}

export const sha256Hex = (...parts) => toHex(sha256(...parts));
