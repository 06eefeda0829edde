// A text file as lines. Large files stay one block of bytes; a line is looked at when it is asked for.

import { asciiText } from "./bytes.mjs";
import { need } from "./refusal.mjs";

const LF = 10;

export class Lines {
  #bytes;
  #starts;

  /** Printable ASCII, each line ended by one LF; at most `most` lines of at most `longest` bytes. */
  constructor(bytes, what, { most = Infinity, longest = Infinity } = {}) {
    let count = 0;
    for (let at = 0, start = 0; at < bytes.length; at++) {
      const byte = bytes[at];
      if (byte === LF) {
        need(at - start <= longest, () => `${what}, line ${count + 1}: longer than ${longest} bytes`);
        start = at + 1;
        count++;
      } else {
        need(byte >= 0x20 && byte <= 0x7e, () => `${what}, line ${count + 1}: not printable ASCII`);
      }
    }
    need(bytes.length === 0 || bytes[bytes.length - 1] === LF, `${what}: its last line has no end`);
    need(count <= most, `${what}: more than ${most} lines`);
    this.#bytes = bytes;
    this.#starts = new Uint32Array(count + 1);
    for (let at = 0, line = 1; line <= count; at++) if (bytes[at] === LF) this.#starts[line++] = at + 1;
  }

  get count() {
    return this.#starts.length - 1;
  }

  /** The line without its LF. */
  bytes(line) {
    return this.#bytes.subarray(this.#starts[line], this.#starts[line + 1] - 1);
  }

  text(line) {
    return asciiText(this.bytes(line));
  }

  *[Symbol.iterator]() {
    for (let line = 0; line < this.count; line++) yield this.text(line);
  }
}
