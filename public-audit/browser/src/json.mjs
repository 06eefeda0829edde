// A JSON reader (RFC 8259) for rules: whole numbers only, and no key twice, which JSON.parse would let pass.

import { need, Refusal } from "./refusal.mjs";

const DEEPEST = 16;
const ESCAPES = { '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

/** Objects become Maps, since their keys come from strangers; numbers become BigInts. */
export function parseJson(text) {
  return new Reader(text).whole();
}

class Reader {
  #text;
  #at = 0;

  constructor(text) {
    this.#text = text;
  }

  whole() {
    const found = this.#value(0);
    this.#space();
    if (this.#at < this.#text.length) this.#refuse("something after the end");
    return found;
  }

  #refuse(what) {
    throw new Refusal(`JSON, character ${this.#at + 1}: ${what}`);
  }

  #space() {
    while (" \t\n\r".includes(this.#text[this.#at] ?? "x")) this.#at++;
  }

  #next(character) {
    this.#space();
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #expect(character) {
    if (!this.#next(character)) this.#refuse(`"${character}" is missing`);
  }

  #value(depth) {
    if (depth > DEEPEST) this.#refuse("too deep");
    this.#space();
    const first = this.#text[this.#at];
    if (first === "{") return this.#object(depth);
    if (first === "[") return this.#array(depth);
    if (first === '"') return this.#string();
    for (const [word, meaning] of [["true", true], ["false", false], ["null", null]]) {
      if (this.#text.startsWith(word, this.#at)) {
        this.#at += word.length;
        return meaning;
      }
    }
    return this.#number();
  }

  #object(depth) {
    const found = new Map();
    this.#at++;
    if (this.#next("}")) return found;
    do {
      this.#space();
      if (this.#text[this.#at] !== '"') this.#refuse("a key is missing");
      const key = this.#string();
      if (found.has(key)) this.#refuse("a key is there twice");
      this.#expect(":");
      found.set(key, this.#value(depth + 1));
    } while (this.#next(","));
    this.#expect("}");
    return found;
  }

  #array(depth) {
    const found = [];
    this.#at++;
    if (this.#next("]")) return found;
    do found.push(this.#value(depth + 1));
    while (this.#next(","));
    this.#expect("]");
    return found;
  }

  #number() {
    const digits = /(?:0|[1-9][0-9]{0,15})(?![0-9.eE])/y;
    digits.lastIndex = this.#at;
    const found = digits.exec(this.#text);
    if (!found) this.#refuse("not a whole number of at most 16 digits, nor any other value");
    this.#at = digits.lastIndex;
    return BigInt(found[0]);
  }

  #string() {
    let found = "";
    for (this.#at++; this.#text[this.#at] !== '"'; this.#at++) {
      const character = this.#text[this.#at];
      if (character === undefined || character < " ") this.#refuse("a string that does not end");
      found += character === "\\" ? this.#escape() : character;
    }
    this.#at++;
    if (/\p{Surrogate}/u.test(found)) this.#refuse("half a surrogate pair");
    return found;
  }

  #escape() {
    const letter = this.#text[++this.#at];
    if (letter === "u") {
      const digits = this.#text.slice(this.#at + 1, this.#at + 5);
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) this.#refuse("not an escape");
      this.#at += 4;
      return String.fromCharCode(parseInt(digits, 16));
    }
    if (!Object.hasOwn(ESCAPES, letter ?? "")) this.#refuse("not an escape");
    return ESCAPES[letter];
  }
}

/** The values of an object that has exactly these keys, and perhaps some of the optional ones. */
export function object(found, what, keys, optional = []) {
  need(found instanceof Map, `${what} is not an object`);
  for (const key of found.keys()) need(keys.includes(key) || optional.includes(key), `${what} has a key that is not known`);
  for (const key of keys) need(found.has(key), `${what} lacks ${key}`);
  return Object.fromEntries(found);
}

export function array(found, what, least, most) {
  need(Array.isArray(found), `${what} is not an array`);
  need(found.length >= least && found.length <= most, `${what} has ${found.length} elements, not ${least} to ${most}`);
  return found;
}

export function string(found, what) {
  need(typeof found === "string", `${what} is not a string`);
  return found;
}

export function whole(found, what, least, most) {
  need(typeof found === "bigint", `${what} is not a number`);
  need(found >= least && found <= most, `${what} is ${found}, not ${least} to ${most}`);
  return found;
}

/** That no two elements are equal. */
export function different(found, what) {
  need(new Set(found).size === found.length, `${what} has something twice`);
  return found;
}
