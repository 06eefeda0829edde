// One signature of drand's scheme bls-unchained-g1-rfc9380 (SPEC §7).

import { bls12_381 as bls } from "../vendor/noble.mjs";
import { fromHex } from "./bytes.mjs";
import { sha256 } from "./sha256.mjs";

const DST = "BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_";

/** Whether rules may name this public key, of 192 characters of hex. */
export function isDrandKey(publicKey) {
  try {
    point(bls.G2.Point, publicKey, 96);
    return true;
  } catch {
    return false;
  }
}

/** Whether e(σ, g₂) = e(H(sha256(round)), public key). Key and signature are hex, compressed. */
export function drandVerifies(publicKey, round, signature) {
  let key, sigma;
  try {
    key = point(bls.G2.Point, publicKey, 96);
    sigma = point(bls.G1.Point, signature, 48);
  } catch {
    return false;
  }
  const message = new Uint8Array(8);
  new DataView(message.buffer).setBigUint64(0, round);
  const hashed = bls.G1.hashToCurve(sha256(message), { DST });
  return bls.fields.Fp12.eql(bls.pairing(sigma, bls.G2.Point.BASE), bls.pairing(hashed, key));
}

/** A point of the right group that is not its identity, of a spelling that is the only one. */
function point(Point, hex, length) {
  if (hex.length !== 2 * length) throw new RangeError("not a compressed point");
  const found = Point.fromHex(fromHex(hex));
  found.assertValidity();
  if (found.is0() || found.toHex(true) !== hex) throw new RangeError("not a point with one spelling");
  return found;
}
