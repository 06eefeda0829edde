/** What a record says is not allowed. Anything else that is thrown is our own mistake, and no verdict. */
export class Refusal extends Error {}

/** A record of a size that this verifier does not take on. Says nothing about whether it is right. */
export class TooLarge extends Error {}

export function need(holds, sentence) {
  if (!holds) throw new Refusal(typeof sentence === "function" ? sentence() : sentence);
}
