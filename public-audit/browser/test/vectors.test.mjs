// The published vectors, and the primitives against those of Node.

import assert from "node:assert/strict";
import { createCipheriv, createHash } from "node:crypto";
import { test } from "node:test";

import { fromHex, toHex, utf8 } from "../src/bytes.mjs";
import { keystream } from "../src/chacha20.mjs";
import { drandVerifies } from "../src/drand.mjs";
import { Lines } from "../src/lines.mjs";
import { lotReader, rank } from "../src/lot.mjs";
import { leafHashes, root } from "../src/merkle.mjs";
import { deriveReceipt } from "../src/receipt.mjs";
import { commitmentTo, readSeedInput } from "../src/seed.mjs";
import { Sha256, sha256Hex } from "../src/sha256.mjs";
import { readJson } from "./support/read.mjs";

const vectors = readJson("tests/vectors-public.json");
const drand = readJson("tests/drand-vectors.json");

test("SHA-256 is Node's at every length around the blocks, whole and in pieces", () => {
  for (let length = 0; length < 300; length++) {
    const bytes = Uint8Array.from({ length }, (_, at) => at * 37 + length);
    const expected = createHash("sha256").update(bytes).digest("hex");
    assert.equal(sha256Hex(bytes), expected);
    const pieces = new Sha256();
    for (let at = 0; at < length; at += 7) pieces.update(bytes.subarray(at, at + 7));
    assert.equal(toHex(pieces.clone().digest()), expected);
    assert.equal(toHex(pieces.digest()), expected);
  }
});

test("ChaCha20 is Node's over many blocks", () => {
  const key = Uint8Array.from({ length: 32 }, (_, at) => at * 11 + 200);
  const stream = createCipheriv("chacha20", key, new Uint8Array(16)).update(new Uint8Array(8 * 1001));
  assert.deepEqual(keystream(key, 1001), Array.from({ length: 1001 }, (_, at) => stream.readBigUInt64LE(8 * at)));
});

test("receipts", () => {
  for (const { round, salt, person_key, receipt } of vectors.receipts) {
    assert.equal(deriveReceipt(round, fromHex(salt), person_key), receipt);
  }
});

test("lots", () => {
  for (const { draw_seed, receipt, weight, lots, lot } of vectors.lots) {
    const read = lotReader(draw_seed)(receipt, weight);
    assert.deepEqual(read.lots.map(String), lots);
    assert.equal(String(read.lot), lot);
  }
});

test("roots", () => {
  for (const { count, pool, root: expected } of vectors.roots) {
    const lines = new Lines(utf8(pool), "pool");
    assert.equal(lines.count, count);
    assert.equal(toHex(root(leafHashes(lines))), expected);
  }
});

test("seeds and ranks", () => {
  const receipts = Array.from(new Lines(utf8(vectors.roots.at(-1).pool), "pool"), (line) => line.split(" ")[0]);
  assert.equal(vectors.seeds.length, 2);
  for (const vector of vectors.seeds) {
    const seed = readSeedInput(utf8(vector.seed_input));
    assert.equal(seed.rulesDigest, sha256Hex(vector.rules));
    assert.equal(seed.organiserSeed, vector.organiser_seed);
    assert.equal(seed.dice, vector.dice);
    assert.equal(seed.pulse, vector.pulse);
    assert.equal(commitmentTo(seed.organiserSeed), vector.commitment);
    assert.equal(seed.drawSeed, vector.draw_seed);
    const ranked = rank(receipts.map((receipt) => ({ receipt, weight: 1 })), seed.drawSeed);
    assert.deepEqual(ranked.map(({ entry }) => entry.receipt), vector.ranked);
  }
});

const key = drand.chain.public_key;
const { round, signature } = drand.rounds[10];
const verifies = (signature, at = round) => drandVerifies(key, BigInt(at), signature);

test("drand: every published round is accepted", () => {
  for (const { round, signature, randomness } of drand.rounds) {
    assert.ok(verifies(signature, round), `round ${round}`);
    assert.equal(sha256Hex(fromHex(signature)), randomness);
  }
});

const P = 0x1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaabn;
const compressed = (x, flags = 0x80) => (x | (BigInt(flags) << 376n)).toString(16).padStart(96, "0");
const flip = (at, bits) => {
  const bytes = fromHex(signature);
  bytes[at] ^= bits;
  return toHex(bytes);
};
const GENERATOR = "97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb";

const REFUSED = {
  "the empty one": "", "a byte": "b5", "32 bytes": signature.slice(0, 64), "47 bytes": signature.slice(0, 94), "49 bytes": `${signature}00`,
  "96 bytes": signature + signature, "no compression flag": flip(0, 0x80), "infinity flag": flip(0, 0x40),
  "the identity": compressed(0n, 0xc0), "the identity with a sign": compressed(0n, 0xe0), "all zero": "00".repeat(48), "all ff": "ff".repeat(48),
  "x = p - 1": compressed(P - 1n), "x = p": compressed(P), "x = p + 1": compressed(P + 1n),
  "x = 1": compressed(1n), "x = 1 with a sign": compressed(1n, 0xa0), "order 3": compressed(0n), "order 3 with a sign": compressed(0n, 0xa0),
  "the sign flipped": flip(0, 0x20), "the lowest bit flipped": flip(47, 1), "the highest bit of x flipped": flip(0, 0x10), "the generator": GENERATOR,
};

for (const [name, wrong] of Object.entries(REFUSED)) {
  test(`drand: refused is ${name}`, () => assert.equal(verifies(wrong), false));
}

test("drand: refused is the right signature for another round, or with another key", () => {
  for (const other of [0, round + 1, 2n ** 64n - 1n]) assert.equal(verifies(signature, other), false);
  const identity = `c0${"00".repeat(95)}`;
  for (const other of [identity, "00".repeat(96), key.replace(/^83/, "a3")]) assert.equal(drandVerifies(other, BigInt(round), signature), false);
  assert.equal(drandVerifies(identity, BigInt(round), compressed(0n, 0xc0)), false);
});
