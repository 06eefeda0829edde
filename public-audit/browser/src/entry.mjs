// One line of the pool (SPEC §3).

import { excerpt, number, receipt, smallNumber, value } from "./grammar.mjs";
import { KNOWN_FIELDS } from "./matching.mjs";
import { need } from "./refusal.mjs";

/** Whether so many misses give this weight: how many there were, no record says. */
const followsRule = (weight, weighting) =>
  !weighting || weight === weighting.most || (weight < weighting.most && (weight - 1) % weighting.perMiss === 0);

/** Reads the lines of one pool. What many entries have in common, their wishes and cells, they share. */
export class EntryReader {
  #rules;
  #walks = new Map();
  cells = new Map();

  constructor(rules) {
    this.#rules = rules;
  }

  read(line) {
    const { fields, goods, weighting } = this.#rules;
    const words = line.split(" ");
    const entry = { receipt: receipt(words[0], "the first word"), seats: 1, want: null, weight: 1, walk: null, cell: null };
    need(words.length === fields.length + 1, `not the ${fields.length} fields of the rules`);
    const given = fields.map((field, at) => {
      const word = words[at + 1];
      need(word.startsWith(`${field}=`), () => `not the field ${field}: ${excerpt(word)}`);
      return value(word.slice(field.length + 1), field);
    });
    const known = Object.fromEntries(KNOWN_FIELDS.map((field) => [field, given[fields.indexOf(field)]]));
    if (known.seats) entry.seats = smallNumber(known.seats, "seats", 1, 100);
    if (known.weight) entry.weight = smallNumber(known.weight, "weight", 1, 1000);
    need(followsRule(entry.weight, weighting), () => `weight ${entry.weight} does not follow from the weighting`);
    const most = goods.cap * BigInt(entry.seats);
    entry.want = known.want ? number(known.want, "want", 1n, most) : most;
    need(entry.want % goods.unit === 0n, "want is not a multiple of unit");
    entry.walk = this.#walk(known.wish ?? "any");
    entry.cell = this.#cell(given);
    return entry;
  }

  /** The wished parts in the wished order, then all others in the order of the rules. */
  #walk(wish) {
    if (!this.#walks.has(wish)) {
      const { parts } = this.#rules;
      const wished = wish === "any" ? [] : wish.split("+");
      need(wished.every((part) => parts.includes(part)), () => `wish is for no part of the rules: ${excerpt(wish)}`);
      need(new Set(wished).size === wished.length, "wish names a part twice");
      this.#walks.set(wish, { wish, parts: [...wished, ...parts.filter((part) => !wished.includes(part))] });
    }
    return this.#walks.get(wish);
  }

  /** The entries whose cohort and reserve values are all equal. */
  #cell(given) {
    const others = this.#rules.fields.map((field, at) => [field, given[at]]).filter(([field]) => !KNOWN_FIELDS.includes(field));
    const key = others.map(([, word]) => word).join(" ");
    if (!this.cells.has(key)) this.cells.set(key, { values: new Map(others), count: 0 });
    const cell = this.cells.get(key);
    cell.count++;
    return cell;
  }
}
