// Signed notes (SPEC §6, C2SP signed-note) with Ed25519.

import { ed25519 } from "../vendor/noble.mjs";
import { equal, fromBase64, fromHex, toHex, utf8, utf8Text } from "./bytes.mjs";
import { excerpt } from "./grammar.mjs";
import { need } from "./refusal.mjs";
import { sha256 } from "./sha256.mjs";

const LARGEST_NOTE = 64 * 1024;
const ALGORITHM = 1;
const LONGEST_NAME = 255;
// No space of any alphabet, no control character, no plus.
const isKeyName = (name) => /^[^\p{White_Space}\p{Cc}+]+$/u.test(name) && utf8(name).length <= LONGEST_NAME;

/** `{ name, id, publicKey }` of a verifier key. */
export function verifierKey(text) {
  const found = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/su.exec(text);
  need(found && isKeyName(found[1]), "signing_key is not a verifier key");
  const [, name, id, encoded] = found;
  const bytes = fromBase64(encoded, "signing_key");
  need(bytes.length === 33 && bytes[0] === ALGORITHM, "signing_key is not of Ed25519");
  need(equal(keyId(name, bytes), fromHex(id)), "signing_key has another key's number");
  need(point(bytes.subarray(1)), "signing_key is not a point of the curve in its only spelling, or one of small order");
  return { name, id: fromHex(id), publicKey: bytes.subarray(1) };
}

export const keyId = (name, algorithmAndKey) => sha256(name, Uint8Array.of(10), algorithmAndKey).subarray(0, 4);

/** `{ text, signatures: [{ name, id, signature }] }` of a note. Nothing is verified yet. */
export function readNote(bytes, what) {
  need(bytes.length <= LARGEST_NOTE, `${what} is larger than 64 KiB`);
  const whole = utf8Text(bytes, what);
  need(!/(?!\n)\p{Cc}/u.test(whole), `${what} has a control character`);
  const split = whole.lastIndexOf("\n\n");
  need(split >= 0 && whole.endsWith("\n"), `${what} is not a signed note`);
  const lines = whole.slice(split + 2, -1).split("\n");
  need(lines.length <= 64, `${what} has more than 64 signatures`);
  return { text: whole.slice(0, split + 1), signatures: lines.map((line) => readSignature(line, what)) };
}

function readSignature(line, what) {
  const words = line.split(" ");
  need(words.length === 3 && words[0] === "\u2014" && isKeyName(words[1]), () => `${what} has a malformed signature: ${excerpt(line)}`);
  const bytes = fromBase64(words[2], `a signature of ${what}`);
  need(bytes.length > 4, `${what} has an empty signature`);
  return { name: words[1], id: bytes.subarray(0, 4), signature: bytes.subarray(4) };
}

/** That the key signed the note; signatures by other keys are passed over. */
export function checkSigned(note, key) {
  const ours = note.signatures.filter(({ name, id }) => name === key.name && equal(id, key.id));
  need(ours.length > 0, `not signed by ${key.name}`);
  for (const { signature } of ours) {
    need(verifies(signature, utf8(note.text), key.publicKey), `a signature by ${key.name} is wrong`);
  }
}

/** The point of these 32 bytes; null if there is none, if there is another spelling of it, or if its order is small. */
function point(bytes) {
  try {
    const found = ed25519.Point.fromBytes(bytes);
    return found.isSmallOrder() ? null : found;
  } catch {
    return null;
  }
}

/**
 * RFC 8032 §5.1.7 without the cofactor: R is the encoding of [S]B - [k]A. The library's own verification
 * multiplies by the cofactor, and so takes some signatures that this one does not.
 */
function verifies(signature, message, publicKey) {
  const { n: order, hash } = ed25519.CURVE;
  if (signature.length !== 64) return false;
  const encoded = signature.subarray(0, 32);
  const key = point(publicKey), scalar = littleEndian(signature.subarray(32));
  if (!key || !point(encoded) || scalar >= order) return false;
  const challenge = littleEndian(hash(Uint8Array.of(...encoded, ...publicKey, ...message))) % order;
  const expected = ed25519.Point.BASE.multiplyUnsafe(scalar).subtract(key.multiplyUnsafe(challenge));
  return equal(expected.toBytes(), encoded);
}

const littleEndian = (bytes) => BigInt(`0x${toHex(bytes.toReversed())}`);
