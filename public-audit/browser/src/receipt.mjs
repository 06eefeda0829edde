// The receipt of a person in a round (SPEC §3), for those who may open it.

import { toHex } from "./bytes.mjs";
import { sha256 } from "./sha256.mjs";

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

export function deriveReceipt(round, salt, personKey) {
  const digest = sha256(`jebi-receipt-1\n${round}\n${toHex(salt)}\n${personKey}\n`);
  let bits = BigInt(`0x${toHex(digest.subarray(0, 10))}`);
  let text = "";
  for (let i = 0; i < 16; i++, bits >>= 5n) text = ALPHABET[Number(bits & 31n)] + text;
  return text.match(/.{4}/g).join("-");
}
