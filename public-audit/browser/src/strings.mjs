// Every text, in English and in Korean. What stands in braces is filled in.
// The English sentences of checks that pass are those of `jebi-audit`.

import { plain } from "./grammar.mjs";
import { CHECKS } from "./strings-checks.mjs";
import { PAGE } from "./strings-page.mjs";

export const LANGUAGES = ["ko", "en"];

/** The text of this key in a language. */
export function say(language, key, values = {}) {
  const [korean, english] = PAGE[key] ?? CHECKS[key];
  const text = language === "ko" ? korean : english;
  return text.replace(/\{([a-z]+)\}/g, (_, name) => plain(String(values[name])));
}

/** What one check has to say for itself. */
export const sentenceOf = (language, { sentence: [key, values] }) => say(language, key, values);
