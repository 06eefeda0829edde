// The language of the page, and how it writes numbers and instants.

import { LANGUAGES, say } from "../strings.mjs";

const OWN_NAMES = { ko: "한국어", en: "English" };
const ORDINALS = { one: "st", two: "nd", few: "rd", other: "th" };

export class Words {
  language = navigator.languages.some((tag) => tag.startsWith("ko")) ? "ko" : "en";

  get other() {
    return LANGUAGES.find((language) => language !== this.language);
  }

  say(key, values) {
    return say(this.language, key, values);
  }

  number(value) {
    return new Intl.NumberFormat(this.language).format(value);
  }

  /** English needs its ordinal endings; Korean says them in the sentence. */
  rank(value) {
    if (this.language === "ko") return this.number(value);
    const rule = new Intl.PluralRules("en", { type: "ordinal" }).select(Number(value % 1000n));
    return `${this.number(value)}${ORDINALS[rule]}`;
  }

  /** Day and minute in Korea, wherever one reads it. */
  minute(seconds) {
    const form = { timeZone: "Asia/Seoul", month: "long", day: "numeric", weekday: "short", hour: "numeric", minute: "2-digit" };
    return new Intl.DateTimeFormat(this.language === "ko" ? "ko-KR" : "en-GB", form).format(seconds * 1000);
  }

  /** Writes every text that never changes, and the button to the other language. */
  write(button) {
    document.documentElement.lang = this.language;
    document.title = this.say("title");
    for (const place of document.querySelectorAll("[data-say]")) place.textContent = this.say(place.dataset.say);
    button.textContent = OWN_NAMES[this.other];
    button.lang = this.other;
  }
}
