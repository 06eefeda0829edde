// offers.txt (SPEC §14): a block for each offer, of what was said and of what followed.

import { toHex } from "./bytes.mjs";
import { isFact } from "./course.mjs";
import { excerpt, instant, instantText, number, receipt, value } from "./grammar.mjs";
import { Lines } from "./lines.mjs";
import { need, Refusal } from "./refusal.mjs";
import { Sha256 } from "./sha256.mjs";

const LONGEST_LINE = 256;
const MOST_CHANGES = 20_000_000;
/** As many as rules can have times for. */
const MOST_OFFERS = 1000;
const LF = Uint8Array.of(10);
const PLACED = ["caught_up", "assigned"];

/** `[{ number, facts, moves, changes, digest }]`; moves are their lines, `changes` is a BigInt. */
export function readOffers(bytes) {
  const lines = new Lines(bytes, "offers.txt", { longest: LONGEST_LINE });
  const offers = [];
  for (let line = 0; line < lines.count; line++) {
    try {
      const text = lines.text(line);
      if (text.startsWith("offer ")) need(offers.length < MOST_OFFERS, `more than ${MOST_OFFERS} offers`);
      if (text.startsWith("offer ")) offers.push({ number: number(text.slice(6), "its number", 1n), facts: [], moves: [], hash: new Sha256() });
      else readLine(offers.at(-1), text);
    } catch (error) {
      if (error instanceof Refusal) error.message = `offers.txt, line ${line + 1}: ${error.message}`;
      throw error;
    }
    offers.at(-1).hash.update(lines.bytes(line)).update(LF);
  }
  return offers.map(({ hash, ...offer }) => ({
    ...offer,
    changes: BigInt(offer.facts.length + offer.moves.length),
    digest: toHex(hash.digest()),
  }));
}

function readLine(offer, text) {
  need(offer, "no offer before it");
  need(offer.facts.length + offer.moves.length < MOST_CHANGES, `more than ${MOST_CHANGES} changes`);
  if (text.startsWith("- ")) readFact(offer, text);
  else readMove(offer, text);
}

function readFact({ facts, moves }, text) {
  const [, who, kind, ...more] = text.split(" ");
  need(moves.length === 0, "a fact after a move");
  need(isFact(kind ?? "") && more.length === 0, () => `not a fact: ${excerpt(text)}`);
  need(facts.length === 0 || facts.at(-1).receipt < receipt(who, "the second word"), "not after the receipt before it");
  facts.push({ receipt: receipt(who, "the second word"), kind });
}

function readMove({ moves }, text) {
  const words = text.split(" ");
  const [sign, who, kind, slot, start, amount] = words;
  need(sign === "+" && words.length === 6, () => `neither a fact nor a move: ${excerpt(text)}`);
  receipt(who, "the second word");
  if (PLACED.includes(kind)) {
    value(slot, "the slot");
    instant(start, "the start");
    number(amount, "the amount");
  } else need(words.slice(2).join(" ") === "lapsed - - -", () => `not a move: ${excerpt(text)}`);
  moves.push(text);
}

/** The line of a move that was computed. */
export function moveLine({ receipt, kind, slot, start, amount }) {
  return kind === "lapsed" ? `+ ${receipt} lapsed - - -` : `+ ${receipt} ${kind} ${slot} ${instantText(start)} ${amount}`;
}
