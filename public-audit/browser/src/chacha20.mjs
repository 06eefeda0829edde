// The ChaCha20 keystream (RFC 8439 §2.3) with a zero nonce, as little-endian numbers of 64 bits.

const CONSTANTS = [0x61707865, 0x3320646e, 0x79622d32, 0x6b206574];

/** The first `count` numbers of the stream of a key of 32 bytes. */
export function keystream(key, count) {
  const view = new DataView(key.buffer, key.byteOffset, 32);
  const start = new Int32Array(16);
  start.set(CONSTANTS);
  for (let i = 0; i < 8; i++) start[4 + i] = view.getInt32(4 * i, true);
  const numbers = [];
  for (; numbers.length < count; start[12]++) {
    const words = block(start);
    for (let i = 0; i < 16 && numbers.length < count; i += 2) {
      numbers.push((BigInt(words[i + 1]) << 32n) | BigInt(words[i]));
    }
  }
  return numbers;
}

function block(start) {
  const s = start.slice();
  for (let round = 0; round < 10; round++) {
    quarter(s, 0, 4, 8, 12);
    quarter(s, 1, 5, 9, 13);
    quarter(s, 2, 6, 10, 14);
    quarter(s, 3, 7, 11, 15);
    quarter(s, 0, 5, 10, 15);
    quarter(s, 1, 6, 11, 12);
    quarter(s, 2, 7, 8, 13);
    quarter(s, 3, 4, 9, 14);
  }
  const words = new Uint32Array(16);
  for (let i = 0; i < 16; i++) words[i] = s[i] + start[i];
  return words;
}

function quarter(s, a, b, c, d) {
  let x;
  s[a] += s[b]; x = s[d] ^ s[a]; s[d] = (x << 16) | (x >>> 16);
  s[c] += s[d]; x = s[b] ^ s[c]; s[b] = (x << 12) | (x >>> 20);
  s[a] += s[b]; x = s[d] ^ s[a]; s[d] = (x << 8) | (x >>> 24);
  s[c] += s[d]; x = s[b] ^ s[c]; s[b] = (x << 7) | (x >>> 25);
}
